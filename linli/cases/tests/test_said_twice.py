"""What reporters do behind their link, done twice, too late, or after the link was replaced."""

from types import SimpleNamespace

import pytest
from django.test import Client

from linli.cases.models import Case, Entry, Extension, Photo
from linli.cases.services import closing, desk, extending, following, handling, telling
from linli.cases.tests.makers import DAY, HOUR, MONDAY, make_case, make_neighbourhood
from linli.cases.tests.test_field_report import picture
from linli.kernel import clock
from linli.kernel.actor import reporter
from linli.kernel.models import EventRow


@pytest.fixture
def world(in_home) -> SimpleNamespace:
    return make_neighbourhood()


def link(case, part="") -> str:
    return f"/c/{telling.token_of(case)}/{part}"


def count(name: str) -> int:
    return EventRow.objects.filter(name=f"cases.case.{name}").count()


def test_a_withdrawal_sent_twice_is_one_and_the_second_is_told_so(world):
    case, phone = make_case(world, at=clock.now()), Client()

    assert phone.post(link(case, "withdrawal/")).status_code == 302
    again = phone.post(link(case, "withdrawal/"))

    assert again.status_code in (409, 422)
    assert "撤回" in again.content.decode()
    assert count("withdrawn") == 1


def test_after_a_withdrawal_nothing_can_be_said_any_more_and_the_page_stays(world):
    case, phone = make_case(world, at=clock.now()), Client()
    phone.post(link(case, "withdrawal/"), {"text": "自己好了"})

    assert "您已撤回" in phone.get(link(case)).content.decode()
    assert phone.post(link(case, "urges/")).status_code == 422
    late = phone.post(link(case, "additions/"), {"text": "又坏了"})
    assert late.status_code == 422
    assert "又坏了" in late.content.decode()  # for copying: it stays on the page
    rated = phone.post(link(case, "rating/"), {"is_solved": "yes", "satisfaction": "3"})
    assert rated.status_code == 422
    assert (count("urged"), count("added"), count("closed")) == (0, 0, 0)


def test_a_withdrawal_ends_what_was_asked_and_whatever_stood_still(world):
    case = make_case(world)
    desk.assign_case(case_id=case.pk, post_id=world.grid_post.pk, actor=world.desk, now=MONDAY)
    extending.ask_extension(
        case_id=case.pk,
        reason="等配件",
        until=case.resolve_due_at + DAY,
        actor=world.lin,
        now=MONDAY,
    )

    closing.withdraw_case(
        token=telling.token_of(case), actor=reporter(case.tenant_id), now=MONDAY + HOUR
    )

    assert Extension.objects.get().state == "ended"
    assert Case.objects.get().due_at is None


def test_done_meanwhile_can_not_be_withdrawn(world):
    case = make_case(world, at=clock.now())
    handling.resolve_case(case_id=case.pk, text="好了。", actor=world.desk, now=clock.now())

    answer = Client().post(link(case, "withdrawal/"))

    assert answer.status_code in (409, 422)
    assert Case.objects.get().state == "resolved"


def test_a_rating_from_two_tabs_counts_once(world):
    case, phone = make_case(world, at=clock.now()), Client()
    handling.resolve_case(case_id=case.pk, text="好了。", actor=world.desk, now=clock.now())

    phone.post(link(case, "rating/"), {"is_solved": "yes", "satisfaction": "3"})
    second = phone.post(link(case, "rating/"), {"is_solved": "no", "satisfaction": "1"})

    assert second.status_code == 422
    assert "评价过" in second.content.decode()
    assert (Case.objects.get().satisfaction, count("reopened")) == (3, 0)


def test_an_addition_sent_twice_is_one_with_its_photos(world):
    case, phone = make_case(world, at=clock.now()), Client()
    for _time in range(2):
        phone.post(link(case, "additions/"), {"text": "更满了。", "photos": picture()})
    phone.post(link(case, "additions/"), {"text": "还在漏。"})

    assert Entry.objects.filter(kind="addition").count() == 2
    assert (Photo.objects.count(), Case.objects.get().photo_count) == (1, 1)


def test_a_replaced_link_is_worth_nothing_at_any_address_and_the_number_finds_the_new_one(world):
    case, phone = make_case(world, at=clock.now()), Client()
    old = link(case)
    found, _is_new = following.follow_case(
        case_id=case.pk, device="x", phone="", consent_version="",
        actor=reporter(case.tenant_id), now=clock.now(),
    )  # fmt: skip

    case = desk.revoke_link(case_id=case.pk, actor=world.desk, now=clock.now())

    for part in ("", "receipt/", "withdrawal/"):
        assert phone.get(old + part).status_code == 404
    for part in ("additions/", "urges/", "rating/", "withdrawal/"):
        assert phone.post(old + part, {"text": "x"}).status_code == 404
    sent = {"at": f"home-{world.community.code}", "number": case.number, "tail": "5678"}
    assert phone.post("/find/", sent).url == link(case)
    assert phone.get(link(case)).status_code == 200
    # The neighbours' links are theirs: one that went astray does not take the others with it.
    assert phone.get(f"/f/{telling.token_of_follower(found)}/").status_code == 200


def test_whoever_knows_only_the_number_does_not_withdraw(world):
    case, phone = make_case(world, at=clock.now()), Client()
    sent = {"at": f"home-{world.community.code}", "number": case.number, "tail": "0000"}

    assert phone.post("/find/", sent).status_code == 404
    assert phone.post(f"/c/home.{case.number}/withdrawal/").status_code == 404
    assert Case.objects.get().is_open
