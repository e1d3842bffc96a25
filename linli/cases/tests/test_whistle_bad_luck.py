"""Whistles when things go otherwise: stops, other leads, silence, a calendar that comes late."""

from datetime import timedelta
from types import SimpleNamespace

import pytest

from linli.cases.models import Arbitration, WhistlePart
from linli.cases.selectors import arbitrations, hands, whistles
from linli.cases.services import (
    arbitrating,
    desk,
    handling,
    whistle_clock,
    whistle_ending,
    whistle_promises,
    whistling,
)
from linli.cases.services.arbitrating import Answer
from linli.cases.tests.makers import DAY, HOUR, MONDAY, make_case
from linli.cases.tests.whistles import blow, close, finish, make_town, part, report_in
from linli.kernel import tenancy, worker
from linli.kernel.errors import BadInput, Conflict, DomainError
from linli.messages.models import Notice
from linli.people.tests.makers import sign_in


@pytest.fixture
def world(in_home) -> SimpleNamespace:
    return make_town()


def stop(world, case, at):
    handling.ask_suspension(
        case_id=case.pk, reason="等雨停", until=at + 9 * DAY, actor=world.desk, now=at
    )
    handling.decide_suspension(case_id=case.pk, is_approved=True, note="", actor=world.lead, now=at)


def refuse(world, whistle, code, at=MONDAY + HOUR) -> Arbitration:
    return arbitrating.refuse_part(
        part_id=part(world, whistle, code).pk, clause_id=world.clause.pk, text="不归我们。",
        actor=getattr(world, code), now=at,
    )  # fmt: skip


def rule(world, asked, outcome, organisation=None, at=MONDAY + DAY):
    answer = Answer(
        outcome=outcome, text="照此办。", organisation_id=organisation and organisation.pk
    )
    return arbitrating.answer_arbitration(
        arbitration_id=asked.pk, answer=answer, actor=world.above, now=at
    )


def test_a_stop_moves_what_is_owed_and_leaves_what_was_kept_or_missed(world):
    case = make_case(world)
    whistle = blow(world, "housing", "urban", case=case)
    before = part(world, whistle, "housing")
    report_in(world, whistle, "urban", at=before.report_due_at + HOUR)  # late, and stays late
    stop(world, case, before.report_due_at + 2 * HOUR)
    # Nobody is called late in the moment between going on and whatever follows from it.
    now = before.report_due_at + 2 * HOUR + 2 * DAY
    called = whistling.call_more(
        whistle_id=whistle.pk, organisation_id=world.offices["market"].pk, actor=world.desk,
        now=now - DAY,
    )  # fmt: skip
    handling.resume_case(case_id=case.pk, actor=world.desk, now=now)
    housing, urban = part(world, whistle, "housing"), part(world, whistle, "urban")
    assert housing.report_due_at == urban.report_due_at == before.report_due_at
    assert urban.reported_at > urban.report_due_at
    assert urban.arrive_due_at >= before.arrive_due_at + 2 * DAY
    assert urban.finish_due_at >= before.finish_due_at + 2 * DAY
    late = part(world, whistle, "market")
    assert (late.report_due_at, late.clock_started_at) > (called.report_due_at, now - HOUR)


def test_a_calendar_that_comes_late_moves_parts_and_questions(world, monkeypatch):
    whistle = blow(world, "housing", "urban")
    report_in(world, whistle, "urban")
    asked = refuse(world, whistle, "urban")
    kept, open_one = part(world, whistle, "urban"), part(world, whistle, "housing")
    assert whistle_promises.work_out_again(MONDAY + HOUR) == 0
    days = whistle_promises.calendar.load()
    off = frozenset({(MONDAY + n * DAY).date() for n in (1, 2)})
    real = type(days).is_workday
    monkeypatch.setattr(
        type(days), "is_workday", lambda self, day: day not in off and real(self, day)
    )
    assert whistle_promises.work_out_again(MONDAY + HOUR) == 2
    moved = part(world, whistle, "housing")
    assert moved.finish_due_at > open_one.finish_due_at
    assert part(world, whistle, "urban").report_due_at == kept.report_due_at
    was, asked = asked.answer_due_at, Arbitration.objects.get(pk=asked.pk)
    assert asked.answer_due_at > was


def test_a_lead_that_is_done_and_silent_is_reminded_until_it_closes(world):
    whistle = blow(world, "housing", "urban")
    finish(world, whistle, "urban")
    finish(world, whistle, "housing")
    lead = part(world, whistle, "housing")
    assert (lead.state, lead.due_at) == ("done", lead.finish_due_at)
    assert [one.pk for one in whistles.my_parts(world.housing)] == [lead.pk]
    whistle_clock.check_due(lead.finish_due_at + HOUR)
    assert part(world, whistle, "housing").lateness == 2
    assert whistles.waiting_count(world.desk) == 1
    close(world, whistle, at=lead.finish_due_at + 2 * HOUR)
    assert part(world, whistle, "housing").due_at is None
    assert whistles.waiting_count(world.desk) == 0


def test_the_desk_closes_in_the_place_of_a_silent_lead_and_says_why(world):
    whistle = blow(world, "housing", "urban")
    finish(world, whistle, "urban")
    with pytest.raises(BadInput, match="住建局还没有结果"):
        close(world, whistle, actor=world.desk)
    page = sign_in(world.desk.account_id, world.desk.tenant_id)
    address = f"/desk/whistles/{whistle.pk}/"
    lead = part(world, whistle, "housing")
    assert f"missing-{lead.pk}" in page.get(address).content.decode()
    sent = {"text": "社区自己清了。", f"missing-{lead.pk}": "一直没有来人。"}
    assert page.post(f"{address}close/", sent).status_code == 302
    assert part(world, whistle, "housing").missing_reason == "一直没有来人。"


def test_another_lead_that_was_out_of_it_is_called_anew(world):
    whistle = blow(world, "housing", "urban")
    rule(world, refuse(world, whistle, "urban"), "release")
    whistling.change_lead(
        whistle_id=whistle.pk, organisation_id=world.offices["urban"].pk, actor=world.desk,
        now=MONDAY + 2 * DAY,
    )  # fmt: skip
    lead = part(world, whistle, "urban")
    assert (lead.is_lead, lead.state, lead.called_at) == (True, "called", MONDAY + 2 * DAY)
    assert lead.report_due_at > MONDAY + 2 * DAY


def test_who_led_before_hears_who_leads_now(world):
    whistle = blow(world, "housing", "urban")
    whistling.change_lead(
        whistle_id=whistle.pk, organisation_id=world.offices["urban"].pk, actor=world.desk,
        now=MONDAY + HOUR,
    )  # fmt: skip
    with tenancy.all_tenants():
        worker.tick(MONDAY + HOUR)
    told = Notice.objects.filter(event_name="cases.whistle.lead_changed")
    assert told.get(account_id=world.housing.account_id).title.startswith("牵头换了")
    assert "改由城管局牵头" in told.get(account_id=world.housing.account_id).body
    assert told.get(account_id=world.urban.account_id).title.startswith("改由你们牵头")


def test_no_lead_is_changed_while_the_case_stands_still(world):
    case = make_case(world)
    whistle = blow(world, "housing", "urban", case=case)
    stop(world, case, MONDAY)
    with pytest.raises(DomainError, match="先恢复"):
        whistling.change_lead(
            whistle_id=whistle.pk, organisation_id=world.offices["urban"].pk, actor=world.desk,
            now=MONDAY + HOUR,
        )  # fmt: skip


def test_a_whistle_taken_back_from_a_released_lead_leaves_the_case_at_the_desk(world):
    case = make_case(world)
    whistle = blow(world, "housing", "urban", case=case)
    rule(world, refuse(world, whistle, "housing"), "release")
    whistle_ending.withdraw_whistle(
        whistle_id=whistle.pk, reason="另外想办法。", actor=world.desk, now=MONDAY + 2 * DAY
    )
    case.refresh_from_db()
    assert (case.state, case.handler_organisation_id) == ("accepted", None)


def test_nobody_whistles_while_the_rung_above_is_asked(world):
    case = make_case(world)
    arbitrating.ask_arbitration(
        case_id=case.pk, clause_id=world.clause.pk, text="定不了。", actor=world.desk, now=MONDAY
    )
    with pytest.raises(Conflict, match="先撤回裁定"):
        blow(world, "housing", case=case)


def test_a_question_without_answer_goes_one_rung_up_and_is_still_answered_below(world):
    case = make_case(world)
    asked = arbitrating.ask_arbitration(
        case_id=case.pk, clause_id=world.clause.pk, text="定不了。", actor=world.desk, now=MONDAY
    )
    assert (arbitrations.waiting_count(world.above), arbitrations.waiting_count(world.lead)) == (
        1,
        0,
    )
    now = asked.answer_due_at
    while now < asked.answer_due_at + 12 * DAY:
        now += timedelta(hours=6)
        whistle_clock.check_due(now)
    asked.refresh_from_db()
    assert (asked.check_at, asked.lateness >= 2) == (None, True)
    answered = rule(world, asked, "stay", at=now)
    assert answered.answered_at > answered.answer_due_at
    assert arbitrations.waiting_count(world.above) == 0


def test_a_whistled_case_stands_once_on_a_departments_day(world):
    case = make_case(world)
    plain = make_case(world, key="plain")
    desk.assign_case(
        case_id=plain.pk, organisation_id=world.offices["housing"].pk, actor=world.desk, now=MONDAY
    )
    blown = blow(world, "housing", "urban", case=case)
    found = hands.in_hand(world.housing, MONDAY)
    assert [task.id for task in (*found.waiting, *found.mine)] == [plain.pk]
    assert hands.waiting_count(world.housing) == 1
    phone = sign_in(world.housing.account_id, world.housing.tenant_id)
    today = phone.get("/field/").content.decode()
    assert str(case.pk) not in today
    assert str(part(world, blown, "housing").pk) in today
    home = phone.get("/desk/").content.decode()
    assert "件吹哨等我们报到、到场或办结" in home
    assert whistles.waiting_count(world.housing) == 1
    WhistlePart.objects.update(lateness=2)
    listed = sign_in(world.desk.account_id, world.desk.tenant_id)
    page = listed.get("/desk/whistles/?show=waiting").content.decode()
    assert case.number in page
    assert "没有等我们的吹哨" not in page
