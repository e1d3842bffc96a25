"""Nobody else gets in: staff of another tenant, staff without the duty, nobody at all, by any address."""

from typing import Any

import pytest
from django.urls import URLPattern, reverse

from linli.cases.models import AnswerTemplate, Case, FollowUp, FollowUpRule, Photo, SavedFilter
from linli.cases.services import bulk, desk, handling, sampling
from linli.cases.tests.makers import make_case, make_neighbourhood, make_post, make_staff
from linli.cases.tests.test_followups import WEEK_ON, closed
from linli.cases.tests.test_mailboxes import OPEN, csv, prepare
from linli.cases.tests.whistles import whistle_things
from linli.cases.urls import urlpatterns
from linli.kernel import clock, tenancy
from linli.kernel.models import EventRow
from linli.people.tests.makers import sign_in
from linli.places.tests.makers import make_community
from linli.posts.models import PostDuty
from linli.posts.selectors import actor_of


@pytest.fixture
def world(in_home):
    return make_neighbourhood()


def browser(actor):
    return sign_in(actor.account_id, actor.tenant_id)


def text_of(response) -> str:
    return response.content.decode()


def in_hand(world) -> Case:
    case = desk.assign_case(
        case_id=make_case(world, at=clock.now()).pk,
        post_id=world.grid_post.pk,
        actor=world.desk,
        now=clock.now(),
    )
    return handling.take_case(case_id=case.pk, actor=world.lin, now=clock.now())


# Open to whoever has the code or the link; walked by the tests of residents' pages.
OPEN_BY = {"code", "community", "token"}


@pytest.fixture
def things(world) -> dict[str, Any]:
    """What stands behind every id that an address of this room may carry."""
    case = in_hand(world)
    handling.add_progress(case_id=case.pk, text="看过了", actor=world.lin, now=clock.now())
    photo = Photo.objects.create(
        case=case, stage="report", path="1/x.jpg", thumb_path="1/x.thumb.jpg", width=1, height=1,
        sha256="", created_at=clock.now(),
    )  # fmt: skip
    outcome = bulk.accept_many(
        case_ids=[make_case(world, at=clock.now()).pk], actor=world.desk, now=clock.now()
    )
    template = AnswerTemplate.objects.create(title="好", text="好。")
    kept = SavedFilter.objects.create(
        account_id=world.desk.account_id, name="晚的", query="due=late", created_at=clock.now()
    )
    return {
        "case_id": case.pk,
        "photo_id": photo.pk,
        "size": "thumb",
        "action": "note",
        "action_id": outcome.action_id,
        "category_id": world.category.pk,
        "level_id": world.category.service_level_id,
        "template_id": template.pk,
        "filter_id": kept.pk,
        **_calls(world),
        "mailbox_id": prepare(world, csv(OPEN)).pk,
        **_together(world),
    }


def _together(world) -> dict[str, Any]:
    (post_id,) = world.lead.post_ids
    PostDuty.objects.create(post_id=post_id, duty="cases.whistle")
    return whistle_things(world, actor_of(world.lead.account_id, clock.now()))


def _calls(world) -> dict[str, Any]:
    closed(world, phone="10011112222")
    sampling.draw_week(week_on=WEEK_ON, now=clock.now())
    share = FollowUpRule.objects.create(category=world.category, percent=20)
    return {"followup_id": FollowUp.objects.get().pk, "share_id": share.pk}


def staff_routes() -> list[URLPattern]:
    return [
        one
        for one in urlpatterns
        if not OPEN_BY & set(one.pattern.converters)
        and not getattr(one.callback, "is_public", False)  # walked by the tests of their doors
    ]


def with_ids() -> list[str]:
    return sorted(
        str(one.name)
        for one in staff_routes()
        if any(name.endswith("_id") for name in one.pattern.converters)
    )


def address_of(name: str, things: dict[str, Any]) -> str:
    found = next(one for one in urlpatterns if one.name == name)
    missing = set(found.pattern.converters) - set(things)
    assert not missing, f"Say in `things` what stands behind {missing} of {name}."
    given = {key: things[key] for key in found.pattern.converters}
    return reverse(f"cases:{name}", kwargs=given)


def outsider(tenant_id: int, role: str, duties: tuple[str, ...]):
    with tenancy.tenant(tenant_id):
        community = make_community("佳运社区", "510402009011")
        return make_staff("周", make_post(role, community, duties, code=f"away-{role}"))


EVERYTHING = (
    "cases.view", "cases.dispatch", "cases.handle", "cases.arbitrate", "cases.approve",
    "cases.supervise", "cases.enter", "cases.confidential", "cases.configure", "people.reveal",
    "cases.follow_up", "cases.whistle",
)  # fmt: skip


def closed_to(client, paths: list[str]) -> list[str]:
    """Return the addresses that let somebody in who has no business there."""
    open_doors = []
    for path in paths:
        answers = {client.get(path).status_code, client.post(path, {"text": "x"}).status_code}
        if not answers <= {404, 405} or 404 not in answers:
            open_doors.append(f"{path}: {answers}")
    return open_doors


@pytest.mark.parametrize("of", ["another tenant", "the community next door"])
def test_staff_of_elsewhere_find_nothing_by_any_address(world, things, abroad, of):
    if of == "another tenant":
        stranger = browser(outsider(abroad.pk, "lead", EVERYTHING))
    else:  # the settings are the whole district's
        own = tuple(duty for duty in EVERYTHING if duty != "cases.configure")
        stranger = browser(outsider(world.community.tenant_id, "lead", own))
    before = EventRow.objects.count()

    assert closed_to(stranger, [address_of(name, things) for name in with_ids()]) == []
    assert EventRow.objects.count() == before


def test_staff_without_the_duty_find_nothing_by_any_address(world, things):
    post = make_post("audit_admin", world.community, ("kernel.audit",))
    auditor = browser(make_staff("唐", post))

    assert closed_to(auditor, [address_of(name, things) for name in with_ids()]) == []


def test_nobody_gets_in_without_signing_in(world, things, client):
    for route in staff_routes():
        answer = client.get(address_of(str(route.name), things))
        assert answer.status_code == 302, route.name
        assert answer.url.startswith("/sign-in/"), route.name


def test_lists_of_another_tenant_show_nothing_of_ours(world, things, abroad):
    stranger = browser(outsider(abroad.pk, "lead", EVERYTHING))
    case = Case.objects.get(pk=things["case_id"])
    for name in sorted({str(one.name) for one in staff_routes()} - set(with_ids())):
        page = text_of(stranger.get(address_of(name, things), follow=True))

        assert case.number not in page, name
        assert case.title not in page, name
