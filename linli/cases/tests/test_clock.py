"""What the clock does to a case over weeks: up every rung, stopped and going on, looked at again."""

from datetime import timedelta
from types import SimpleNamespace

import pytest

from linli.cases.errors import IllegalMove
from linli.cases.models import Case, ServiceLevel, Suspension
from linli.cases.selectors.reading import timeline
from linli.cases.services import bulk, clocks, closing, correcting, desk, handling, merging, telling
from linli.cases.tests.makers import (
    DAY,
    HOUR,
    MONDAY,
    make_case,
    make_category,
    make_level,
    make_neighbourhood,
    make_post,
    make_staff,
)
from linli.kernel import jobs, tenancy, worker
from linli.kernel.actor import reporter
from linli.kernel.models import EventRow
from linli.messages.models import Notice
from linli.places.models import Area
from linli.posts.models import Level


@pytest.fixture
def world(in_home) -> SimpleNamespace:
    return make_neighbourhood()


def names_of(case) -> list[str]:
    rows = EventRow.objects.filter(subject_id=case.pk).order_by("id")
    return [name.removeprefix("cases.case.") for name in rows.values_list("name", flat=True)]


def in_hand(world, **facts) -> Case:
    case = make_case(world, **facts)
    desk.assign_case(case_id=case.pk, post_id=world.grid_post.pk, actor=world.desk, now=MONDAY)
    return handling.take_case(case_id=case.pk, actor=world.lin, now=MONDAY)


def suspended(world, *, until=MONDAY + 28 * DAY, **facts) -> Case:
    case = in_hand(world, **facts)
    handling.ask_suspension(
        case_id=case.pk, reason="等配件", until=until, actor=world.lin, now=MONDAY
    )
    return handling.decide_suspension(
        case_id=case.pk, is_approved=True, note="", actor=world.lead, now=MONDAY + HOUR
    )


def declined(world, *, days: int = 30) -> Case:
    sheet = desk.Decline(
        reason="要等明年的改造。",
        rule="改造计划",
        alternative="先用临时的。",
        review_on=(MONDAY + days * DAY).date(),
    )
    case = make_case(world)
    return desk.decline_case(case_id=case.pk, decline=sheet, actor=world.desk, now=MONDAY)


def test_what_stays_late_goes_up_rung_by_rung_to_the_top(world):
    above = Area.objects.get(path=world.community.path[:-13])
    make_staff("乔峻", make_post("subdistrict", above, ("cases.view",), level=Level.SUBDISTRICT))
    case, levels = make_case(world), []

    for day in (2, 4, 6, 8):
        clocks.check_due_cases(MONDAY + day * DAY)
        levels.append(Case.objects.get(pk=case.pk).level)

    assert levels == ["community", "subdistrict", "subdistrict", "subdistrict"]
    assert names_of(case) == ["reported", "late", "escalated", "escalated"]
    told = [line.title for line in timeline(Case.objects.get(pk=case.pk), for_staff=True)]
    assert told[:2] == ["上报到街道（镇）一级", "上报到社区一级"]


def test_one_case_that_breaks_holds_up_no_other(world, monkeypatch):
    bad, good = make_case(world), make_case(world)
    look = clocks.check_case

    def breaking(*, case_id, now):
        if case_id == bad.pk:
            raise RuntimeError("broken")
        return look(case_id=case_id, now=now)

    monkeypatch.setattr(clocks, "check_case", breaking)

    assert clocks.check_due_cases(MONDAY + 2 * DAY) == 1
    assert "late" in names_of(good)


def test_on_its_review_date_a_declined_case_comes_back_to_the_desk_once(world):
    case = declined(world)

    for day in (29, 30, 31):
        clocks.check_due_cases(MONDAY + day * DAY)

    assert names_of(case) == ["reported", "declined", "review_due"]
    assert Case.objects.get(pk=case.pk).state == "declined"


def test_the_desk_is_told_of_a_review(world):
    case = declined(world)
    clocks.check_due_cases(MONDAY + 31 * DAY)
    event = EventRow.objects.get(subject_id=case.pk, name="cases.case.review_due")

    telling.tell_step(event)

    told = Notice.objects.filter(event_name=event.name)
    assert {one.account_id for one in told} == {world.desk.account_id, world.lead.account_id}


def test_a_declined_case_taken_up_again_gets_a_fresh_promise(world):
    case = declined(world)

    case = desk.accept_case(case_id=case.pk, actor=world.desk, now=MONDAY + 35 * DAY)

    assert case.due_at > MONDAY + 35 * DAY
    clocks.check_due_cases(MONDAY + 35 * DAY + HOUR)
    assert "late" not in names_of(case)


def test_solved_while_the_clock_stood_still_is_solved_in_time(world):
    case = suspended(world)

    case = handling.resolve_case(
        case_id=case.pk, text="配件到了，装好了。", actor=world.lin, now=MONDAY + 21 * DAY
    )

    event = EventRow.objects.get(subject_id=case.pk, name="cases.case.resolved")
    assert event.data["is_in_time"] is True
    assert case.suspended_at is None


def test_a_case_whose_clock_stands_still_is_resumed_before_it_goes_elsewhere(world):
    case = suspended(world)

    with pytest.raises(IllegalMove):
        handling.take_case(case_id=case.pk, actor=world.lin, now=MONDAY + DAY)
    outcome = bulk.assign_many(
        case_ids=[case.pk],
        post_id=world.grid_post.pk,
        organisation_id=None,
        actor=world.desk,
        now=MONDAY + DAY,
    )

    assert (outcome.done, len(outcome.refused)) == (0, 1)
    assert Suspension.objects.filter(case=case, state="approved").exists()


def test_a_case_withdrawn_while_its_clock_stood_still_leaves_no_open_request(world):
    case = suspended(world)

    closing.withdraw_case(
        token=telling.token_of(case), actor=reporter(case.tenant_id), now=MONDAY + DAY
    )

    assert not Suspension.objects.filter(case=case, state="approved").exists()


def test_time_that_stood_still_is_not_taken_back_when_the_calendar_changes(world):
    case = suspended(world)
    case = handling.resume_case(case_id=case.pk, actor=world.lin, now=MONDAY + 21 * DAY)
    before = case.resolve_due_at

    clocks.move_deadlines(case_id=case.pk, now=MONDAY + 21 * DAY)
    case.refresh_from_db()

    assert case.resolve_due_at == before
    assert case.check_at > MONDAY + 21 * DAY + 12 * HOUR  # amber is reckoned without the stop


def test_another_category_reckons_from_when_the_clock_started_and_keeps_what_was_answered(world):
    case = suspended(world)
    handling.resume_case(case_id=case.pk, actor=world.lin, now=MONDAY + 21 * DAY)
    level = make_level("five_days", name="五个工作日", resolve_amount=5, respond_amount=8)
    other = make_category("light", "照明", service_level=level)

    corrected = correcting.correct_case(
        case_id=case.pk, category_id=other.pk, actor=world.desk, now=MONDAY + 21 * DAY
    )

    assert corrected.resolve_due_at > MONDAY + 25 * DAY
    assert corrected.respond_due_at < MONDAY + 28 * DAY


def test_what_has_ended_is_not_reopened_in_passing(world):
    case = in_hand(world)
    handling.resolve_case(case_id=case.pk, text="办好了。", actor=world.lin, now=MONDAY)
    clocks.check_due_cases(MONDAY + 20 * DAY)
    hands = {"post_id": world.grid_post.pk, "organisation_id": None}
    now = MONDAY + 21 * DAY

    assert bulk.accept_many(case_ids=[case.pk], actor=world.desk, now=now).done == 0
    assert bulk.assign_many(case_ids=[case.pk], **hands, actor=world.desk, now=now).done == 0
    with pytest.raises(IllegalMove):
        handling.return_case(case_id=case.pk, text="不归我。", actor=world.lin, now=now)
    with pytest.raises(IllegalMove):
        handling.resume_case(case_id=case.pk, actor=world.lin, now=now)
    assert Case.objects.get(pk=case.pk).state == "closed"


def test_who_withdraws_takes_nobody_elses_report_with_them(world):
    first, second = make_case(world), make_case(world, phone="10087654321")
    merging.merge_case(case_id=second.pk, into_id=first.pk, actor=world.desk, now=MONDAY)

    closing.withdraw_case(
        token=telling.token_of(first), actor=reporter(first.tenant_id), now=MONDAY
    )
    second.refresh_from_db()

    assert (second.state, second.merged_into_id) == ("accepted", None)
    assert second.due_at is not None


def test_promises_move_in_batches_until_all_have_moved(world, monkeypatch):
    monkeypatch.setattr(clocks, "BATCH", 2)
    cases = [make_case(world, at=MONDAY + n * timedelta(minutes=1)) for n in range(5)]
    ServiceLevel.objects.update(resolve_amount=9)
    jobs.enqueue("cases.move_deadlines", key="test", due_at=MONDAY + HOUR)

    with tenancy.all_tenants():
        worker.tick(MONDAY + HOUR)

    assert all("deadlines_moved" in names_of(case) for case in cases)
