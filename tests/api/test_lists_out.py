"""Lists of several rooms leave as files through their pages: filtered, masked, safe, by their own reader."""

import pytest

from linli.cases.models import FollowUp
from linli.cases.tests.makers import make_case, make_post, make_staff
from linli.kernel import clock, runs
from linli.kernel.models import Run
from linli.people.tests.makers import sign_in
from linli.posts.models import PostDuty
from linli.publishing.tests.makers import make_article, with_board
from tests.api.world import make_world

DUTIES = ("posts.manage", "cases.follow_up", "publishing.write", "publishing.release")


@pytest.fixture
def world(in_home):
    world = make_world()
    (post_id,) = world.lead.post_ids
    for duty in DUTIES:
        PostDuty.objects.get_or_create(post_id=post_id, duty=duty)
    return with_board(world)


@pytest.fixture
def lead(world):
    return sign_in(world.lead.account_id, world.community.tenant_id)


def file_of(browser, address: str) -> str:
    asked = browser.post(address, {"file_format": "csv"})
    run = runs.carry_here(Run.objects.order_by("-id")[0], clock.now(), lambda: None)
    assert (run.state, asked["Location"]) == ("done", runs.url_of(run))
    content = b"".join(browser.get(f"{runs.url_of(run)}result/").streaming_content)
    return content.decode("utf-8-sig")


def test_calls_leave_without_what_names_people(world, lead):
    case = make_case(world, text="请打 13900000000 找王琴家")
    FollowUp.objects.create(
        case=case, community=world.community, area_path=case.area_path, week_on="2026-03-02",
        state="answered", is_solved=True, satisfaction=3, remarks="=1+1 打 13900000000",
        ended_at=clock.now(), ended_by=world.lead.account_id,
    )  # fmt: skip
    text = file_of(lead, "/desk/followups/export/?state=answered")
    assert case.number in text
    assert "13900000000" not in text
    assert ",'=1+1" in text
    assert case.number not in file_of(lead, "/desk/followups/export/?state=unreached")
    assert lead.post("/desk/followups/export/?state=x").status_code == 422


def test_posts_leave_with_their_holders_and_what_stands_empty(world, lead):
    make_post("grid_worker", world.community, (), code="empty", name="空岗")
    text = file_of(lead, f"/desk/posts/export/?area={world.community.pk}")
    assert "温如" in text
    assert next(line for line in text.splitlines() if line.startswith("空岗")).endswith("空缺")


def test_articles_leave_by_kind(world, lead):
    make_article(world, "guide")
    text = file_of(lead, "/desk/publishing/export/?kind=guide")
    assert "怎么申请高龄津贴" in text
    assert "停水" not in text


def test_nobody_else_lets_them_leave(world):
    other = sign_in(
        make_staff("吴", make_post("x", world.community, ())).account_id, world.community.tenant_id
    )
    for address in ("followups", "posts", "publishing"):
        assert other.post(f"/desk/{address}/export/").status_code == 404
    assert not Run.objects.exists()
