"""The board through its API: a program writes and hands in; a person releases."""

import json

import pytest

from linli.cases.tests import makers as cases
from linli.clients.tests.makers import Program, make_key
from linli.kernel import clock
from linli.posts.models import PostDuty
from linli.posts.selectors import actor_of
from linli.publishing import services
from linli.publishing.errors import OwnWords
from linli.publishing.models import Article
from linli.publishing.tests.makers import make_article, make_board, make_resolved, release

V1 = "/api/v1"


@pytest.fixture
def world(in_home):
    made = make_board()
    (post_id,) = made.lead.post_ids
    for duty in ("clients.manage", "publishing.write"):
        PostDuty.objects.get_or_create(post_id=post_id, duty=duty)
    made.lead = actor_of(made.lead.account_id, clock.now())
    return made


@pytest.fixture
def program(world):
    return Program(make_key(world.lead, world.community, ("publishing.write", "cases.view")).text)


def send(program, method, address, **body):
    return program.generic(
        method, f"{V1}/{address}", json.dumps(body), content_type="application/json"
    )


def test_a_program_writes_and_hands_in_and_a_person_releases(world, program):
    made = send(program, "POST", "articles", kind="notice", community_id=str(world.community.pk),
                title="停水", text="八点停水，问 13812345678。")  # fmt: skip
    assert made.status_code == 201, made.content
    address = f"articles/{made.json()['id']}"
    changed = send(program, "PUT", address, title="周六停水", text="问 13812345678。", version=1)
    assert (changed.json()["version"], changed.json()["title"]) == (2, "周六停水")
    assert send(program, "PUT", address, title="迟到的", version=1).status_code == 409
    found = program.get(f"{V1}/{address}/findings").json()
    assert [(one["found"], one["kind"]) for one in found] == [("13812345678", "mobile")]
    assert send(program, "POST", f"{address}/submission").json()["state"] == "submitted"
    assert send(program, "POST", f"{address}/release").status_code == 404
    article = Article.objects.get()
    release(world, article, now=clock.now())
    (revision,) = program.get(f"{V1}/{address}/revisions").json()
    assert revision["text"] == "问 138****5678。"
    assert program.get(f"{V1}/{address}").json()["is_live"] is True
    assert send(program, "POST", f"{address}/withdrawal", reason="不用了").status_code == 404


def test_a_program_never_releases_whatever_its_duties(world):
    article = make_article(world)
    services.submit_article(article_id=article.pk, actor=world.wen, now=clock.now())
    from linli.kernel.actor import Actor, ActorKind, Grant
    from linli.kernel.ids import new_id

    robot = Actor(
        tenant_id=article.tenant_id, kind=ActorKind.CLIENT, client_id=new_id(),
        grants=(Grant(duty="publishing.release"),),
    )  # fmt: skip
    with pytest.raises(OwnWords):
        release(world, article, actor=robot)


def test_a_case_is_made_ready_once(world, program):
    case = make_resolved(world, at=clock.now() - cases.DAY)
    listed = program.get(f"{V1}/communities/{world.community.pk}/board-candidates").json()
    assert [(one["case_id"], one["shown_as"]) for one in listed] == [(str(case.pk), "resolved")]
    first = send(program, "POST", "articles/from-case", case_id=str(case.pk)).json()
    again = send(program, "POST", "articles/from-case", case_id=str(case.pk)).json()
    assert first["id"] == again["id"]
    assert first["place_label"] == "天山花园 3号楼"


def test_lists_are_turned_by_cursor_and_filtered(world, program, monkeypatch):
    from linli.publishing.selectors import desk

    monkeypatch.setattr(desk, "PAGE", 2)
    for number in range(3):
        make_article(world, title=f"指南{number}")
    page = program.get(f"{V1}/articles", {"kind": "guide"}).json()
    assert [one["title"] for one in page["items"]] == ["指南2", "指南1"]
    rest = program.get(f"{V1}/articles", {"cursor": page["next"]}).json()
    assert ([one["title"] for one in rest["items"]], rest["next"]) == (["指南0"], None)
    assert program.get(f"{V1}/articles", {"kind": "poem"}).status_code == 422
    assert program.get(f"{V1}/articles", {"cursor": "zz"}).status_code == 422


def test_a_key_without_the_duty_finds_nothing(world):
    article = make_article(world)
    reader = Program(make_key(world.lead, world.community, ("cases.view",)).text)
    for address in ("articles", f"articles/{article.pk}", f"articles/{article.pk}/revisions",
                    f"communities/{world.community.pk}/board-candidates"):  # fmt: skip
        assert reader.get(f"{V1}/{address}").status_code == 404
    assert send(reader, "POST", f"articles/{article.pk}/submission").status_code == 404
