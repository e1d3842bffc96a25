"""The desk's pages of follow-up calls: the list, a call, how it was drawn, what is left out."""

from types import SimpleNamespace

import pytest
from django.urls import reverse

from linli.cases.models import Case, FollowUp, FollowUpRule
from linli.cases.services import excluding, sampling
from linli.cases.tests.makers import (
    DAY,
    DESK,
    LEAD,
    MONDAY,
    make_neighbourhood,
    make_post,
    make_staff,
)
from linli.cases.tests.test_followups import WEEK_ON, closed
from linli.people.tests.makers import sign_in


@pytest.fixture
def world(in_home) -> SimpleNamespace:
    world = make_neighbourhood()
    calls = (*DESK, "cases.follow_up")
    caller = make_post("desk", world.community, calls, name="回访岗", code="calls")
    second = make_post("lead", world.community, (*LEAD, "cases.follow_up"), code="second")
    return SimpleNamespace(
        **vars(world), caller=make_staff("程芳", caller), second=make_staff("孟洁", second)
    )


def browser(actor):
    return sign_in(actor.account_id, actor.tenant_id)


def to_call(world) -> FollowUp:
    closed(world)
    sampling.draw_week(week_on=WEEK_ON, now=MONDAY + 7 * DAY)
    return FollowUp.objects.get()


def text_of(answer) -> str:
    return answer.content.decode()


def test_a_call_from_the_list_to_the_answers_beside_the_rating(world):
    row, page = to_call(world), browser(world.caller)
    listed = text_of(page.get("/desk/followups/"))
    assert row.case.title in listed
    assert "已解决 · 满意" in listed  # what the reporter said themselves
    address = reverse("cases:followup", args=[row.pk])
    assert "10012345678" not in text_of(page.get(address))
    assert "10012345678" in text_of(page.post(f"{address}contact/"))

    refused = page.post(f"{address}answers/", {"is_solved": "0", "remarks": "第二天又满了"})
    assert refused.status_code == 422
    assert "第二天又满了" in text_of(refused)
    sent = {"is_solved": "0", "satisfaction": "2", "remarks": "第二天又满了"}
    answer = page.post(f"{address}answers/", sent, follow=True)

    assert "已记下" in text_of(answer)
    row.refresh_from_db()
    assert (row.state, row.is_solved, row.satisfaction) == ("answered", False, 2)
    assert "第二天又满了" in text_of(page.get(f"/desk/cases/{row.case_id}/"))
    assert "没有解决 · 一般" in text_of(page.get("/desk/followups/?state=answered"))


def test_a_call_in_vain_stays_on_the_list(world):
    row, page = to_call(world), browser(world.caller)

    answer = page.post(
        reverse("cases:followup_attempts", args=[row.pk]), {"outcome": "no_answer"}, follow=True
    )

    assert "打过 1 次" in text_of(answer)


def test_whoever_handled_it_sees_why_they_do_not_call(world):
    row = to_call(world)
    Case.objects.update(handler_account_id=world.caller.account_id)
    page = browser(world.caller)

    assert "自己经手过" in text_of(page.get("/desk/followups/"))
    shown = text_of(page.get(reverse("cases:followup", args=[row.pk])))
    assert "记下回访" not in shown
    refused = page.post(
        reverse("cases:followup_answers", args=[row.pk]), {"is_solved": "1", "satisfaction": "3"}
    )
    assert refused.status_code == 422


def test_who_makes_no_calls_finds_no_list(world):
    row = to_call(world)
    for who in (world.lin, world.manager, world.desk):
        page = browser(who)
        for address in (
            "/desk/followups/",
            "/desk/followups/samples/",
            reverse("cases:followup", args=[row.pk]),
        ):
            assert page.get(address).status_code == 404


def test_the_draw_is_shown_and_checked_and_a_share_is_set(world):
    row, page = to_call(world), browser(world.second)
    shown = text_of(page.get("/desk/followups/samples/"))
    assert "重抽一遍核对" in shown
    assert "一致" in text_of(page.get(f"/desk/followups/samples/?check={row.sample_id}"))

    assert page.post("/desk/followups/shares/", {"percent": "20", "least": "1"}).status_code == 422
    sent = {"category_id": str(world.category.pk), "percent": "20", "least": "1"}
    assert page.post("/desk/followups/shares/", sent).status_code == 302
    share = FollowUpRule.objects.get()
    assert share.percent == 20
    page.post(reverse("cases:followup_share_ending", args=[share.pk]))
    share.refresh_from_db()
    assert share.ended_at is not None


def test_what_is_left_out_is_listed_with_both_names(world):
    case = closed(world)
    excluding.ask_exclusion(
        case_id=case.pk, reason="false", text="照片是网上的。", actor=world.caller, now=MONDAY + DAY
    )
    excluding.decide_exclusion(
        case_id=case.pk, is_approved=True, note="", actor=world.second, now=MONDAY + 2 * DAY
    )

    shown = text_of(browser(world.caller).get("/desk/followups/exclusions/"))

    for words in (case.number, "内容不实", "程芳", "孟洁"):
        assert words in shown


def test_the_list_takes_few_queries(world, django_assert_max_num_queries):
    for number in range(6):
        closed(world, phone=f"100123456{number:02}")
    sampling.draw_week(week_on=WEEK_ON, now=MONDAY + 7 * DAY)
    page = browser(world.caller)
    page.get("/desk/followups/")

    with django_assert_max_num_queries(16):
        page.get("/desk/followups/")
