"""The community whistles: several departments on one case, each with its own clock and result."""

from datetime import timedelta
from types import SimpleNamespace

import pytest

from linli.cases.models import Case, Whistle, WhistlePart
from linli.cases.selectors import whistles
from linli.cases.selectors.reading import timeline
from linli.cases.services import (
    closing,
    desk,
    handling,
    telling,
    whistle_clock,
    whistle_closing,
    whistle_ending,
    whistle_parts,
    whistling,
)
from linli.cases.services.whistle_parts import Here
from linli.cases.tests.makers import DAY, HOUR, MONDAY, make_case, make_report
from linli.cases.tests.whistles import blow, call, close, finish, make_town, part, report_in, shots
from linli.kernel import memory, tenancy, worker
from linli.kernel.actor import reporter
from linli.kernel.errors import BadInput, Conflict, DomainError, NotFound
from linli.kernel.models import EventRow
from linli.messages.models import Notice
from linli.posts.models import Organisation


@pytest.fixture
def world(in_home) -> SimpleNamespace:
    return make_town()


def test_each_department_has_its_own_clock_and_the_lead_closes_on_the_results_of_all(world):
    case = make_case(world)
    whistle = blow(world, case=case)

    case.refresh_from_db()
    assert (case.state, case.handler_organisation_id) == ("assigned", world.offices["housing"].pk)
    assert case.responded_at == MONDAY
    parts = [part(world, whistle, code) for code in ("housing", "urban", "market")]
    assert [one.state for one in parts] == ["called"] * 3
    assert parts[0].due_at == parts[0].report_due_at < parts[0].arrive_due_at

    report_in(world, whistle, "housing")
    case.refresh_from_db()
    assert case.state == "in_hand"
    whistle_parts.arrive(
        part_id=parts[1].pk, actor=world.urban, now=MONDAY + 2 * HOUR, photos=shots()
    )
    urban = part(world, whistle, "urban")
    assert (urban.reported_at, urban.arrived_at) == (MONDAY + 2 * HOUR,) * 2
    assert urban.due_at == urban.finish_due_at
    finish(world, whistle, "urban")

    with pytest.raises(BadInput, match="市场监管局还没有结果"):
        close(world, whistle)
    whistle = close(world, whistle, missing={parts[2].pk: "当天没有人值班，已报街道。"})
    case.refresh_from_db()
    assert (case.state, whistle.state) == ("resolved", "closed")
    assert part(world, whistle, "market").state == "missing"
    assert not WhistlePart.objects.filter(check_at__isnull=False).exists()

    told = [line.title for line in timeline(case, for_staff=False)]
    assert "住建局已报到" in told
    assert "城管局到了现场" in told
    line = next(one for one in timeline(case, for_staff=False) if "吹哨" in one.title)
    assert line.text == "住建局牵头，城管局、市场监管局一起办。"


def test_nobody_takes_the_case_away_beside_an_open_whistle(world):
    case = make_case(world)
    whistle = blow(world, case=case)
    with pytest.raises(Conflict, match="已经吹过哨"):
        blow(world, case=case)
    with pytest.raises(DomainError, match="吹哨"):
        desk.assign_case(case_id=case.pk, post_id=world.grid_post.pk, actor=world.desk, now=MONDAY)
    with pytest.raises(DomainError, match="吹哨"):
        handling.resolve_case(case_id=case.pk, text="好了", actor=world.housing, now=MONDAY)
    with pytest.raises(DomainError, match="吹哨"):
        handling.return_case(case_id=case.pk, text="不归", actor=world.housing, now=MONDAY)
    with pytest.raises(BadInput, match="撤哨"):
        whistle_ending.withdraw_whistle(
            whistle_id=whistle.pk, reason=" ", actor=world.desk, now=MONDAY
        )
    whistle_ending.withdraw_whistle(
        whistle_id=whistle.pk, reason="住户自己拆了。", actor=world.desk, now=MONDAY
    )
    handling.resolve_case(case_id=case.pk, text="拆了", actor=world.housing, now=MONDAY)
    assert not WhistlePart.objects.exclude(state="ended").exists()


def test_two_whistles_at_once_are_one(world, monkeypatch):
    """A second system that saw no whistle either meets the database's own word."""
    case = make_case(world)
    blow(world, case=case)
    monkeypatch.setattr(whistling.selectors, "open_whistle_of", lambda _id: None)
    Case.objects.filter(pk=case.pk).update(handler_organisation=None)
    with pytest.raises(Conflict, match="刚刚"):
        blow(world, case=case)
    assert Whistle.objects.count() == 1


def test_a_whistle_says_what_is_wrong_with_it(world):
    case = make_case(world)
    with pytest.raises(BadInput, match="来办什么"):
        blow(world, case=case, words="  ")
    with pytest.raises(NotFound):
        whistling.blow_whistle(case_id=case.pk, call=call(world), actor=world.lin, now=MONDAY)
    Case.objects.filter(pk=case.pk).update(is_confidential=True)
    with pytest.raises(NotFound):
        blow(world, case=case)
    elsewhere = Organisation.objects.create(
        kind="department", code="far", name="外区局", area=world.grid, ended_at=MONDAY
    )
    with pytest.raises(BadInput, match="不负责这里"):
        blow(world, lead_id=elsewhere.pk)


def test_each_sees_its_part_and_only_those_called(world):
    whistle = blow(world, "housing", "urban")
    assert whistles.get_part(part(world, whistle, "urban").pk, world.urban).organisation.name
    assert [one.pk for one in whistles.whistles(world.urban)] == [whistle.pk]
    assert not whistles.sees_case(whistle, world.urban)
    assert whistles.sees_case(whistle, world.housing)
    for stranger in (world.market, world.manager):
        with pytest.raises(NotFound):
            whistles.get_whistle(whistle.pk, stranger)
    Case.objects.update(is_confidential=True)  # put right since: the lead alone goes on seeing it
    with pytest.raises(NotFound):
        whistles.get_part(part(world, whistle, "urban").pk, world.urban)
    assert whistles.get_part(part(world, whistle, "housing").pk, world.housing)
    Case.objects.update(is_confidential=False)
    with pytest.raises(NotFound):  # another's part is not mine to do
        whistle_parts.report_in(
            part_id=part(world, whistle, "housing").pk, here=Here(), actor=world.urban, now=MONDAY
        )


def test_a_department_that_never_reports_in_is_reminded_shown_above_and_blocks_nobody(world):
    case = make_case(world)
    whistle = blow(world, "housing", "market", case=case)
    report_in(world, whistle, "housing")
    finish(world, whistle, "housing", at=MONDAY + 2 * HOUR)

    now = MONDAY
    while now < MONDAY + 8 * DAY:
        now += HOUR
        whistle_clock.check_due(now)
    late = part(world, whistle, "market")
    assert (late.lateness, late.was_late, late.rung, late.check_at) == (
        3,
        True,
        "subdistrict",
        None,
    )
    rows = EventRow.objects.filter(subject_id=case.pk, name__startswith="cases.whistle.")
    names = [row.name for row in rows.order_by("pk") if row.data.get("part_id") == str(late.pk)]
    assert [name.rpartition(".")[2] for name in names] == ["due_soon", "late", "escalated"]
    with tenancy.all_tenants():
        worker.tick(now)
    to_department = Notice.objects.filter(account_id=world.market.account_id)
    assert to_department.filter(event_name="cases.whistle.due_soon").count() == 1
    assert Notice.objects.filter(
        account_id=world.above.account_id, event_name="cases.whistle.escalated"
    ).exists()

    close(world, whistle, missing={late.pk: "一直没有来。"}, at=now)
    case.refresh_from_db()
    assert case.state == "resolved"


def test_a_lead_that_is_ended_is_told_and_another_leads(world):
    from linli.posts.services import end_organisation

    case = make_case(world)
    whistle = blow(world, "housing", "urban", case=case)
    Organisation.objects.filter(pk=world.offices["housing"].pk).update(ended_at=MONDAY)
    memory.forget_all()
    told = whistle_clock.tell_lost_leads(
        world.offices["housing"].pk, actor=world.desk, now=MONDAY + HOUR
    )
    assert told == 1
    assert callable(end_organisation)

    whistling.change_lead(
        whistle_id=whistle.pk, organisation_id=world.offices["urban"].pk, actor=world.desk,
        now=MONDAY + HOUR,
    )  # fmt: skip
    case.refresh_from_db()
    assert case.handler_organisation_id == world.offices["urban"].pk
    report_in(world, whistle, "urban")
    reasons = {part(world, whistle, "housing").pk: "单位已经撤销。"}
    close(world, whistle, actor=world.urban, missing=reasons)
    case.refresh_from_db()
    assert case.state == "resolved"


def test_a_whistle_ends_with_its_case_and_stands_still_with_it(world):
    case = make_case(world)
    whistle = blow(world, "housing", case=case)
    due = part(world, whistle, "housing").report_due_at
    handling.ask_suspension(
        case_id=case.pk, reason="等雨停", until=MONDAY + 3 * DAY, actor=world.desk, now=MONDAY
    )
    handling.decide_suspension(
        case_id=case.pk, is_approved=True, note="", actor=world.lead, now=MONDAY
    )
    whistle_clock.check_due(MONDAY + DAY)
    assert not part(world, whistle, "housing").was_late
    handling.resume_case(case_id=case.pk, actor=world.desk, now=MONDAY + DAY)
    with tenancy.all_tenants():
        worker.tick(MONDAY + DAY)
    assert part(world, whistle, "housing").report_due_at == due + DAY

    closing.withdraw_case(
        token=telling.token_of(case), actor=reporter(case.tenant_id), now=MONDAY + DAY
    )
    with tenancy.all_tenants():
        worker.tick(MONDAY + DAY)
    whistle.refresh_from_db()
    assert whistle.state == "ended"


def test_whistles_from_nothing_are_made_once_and_extended_and_rated(world):
    facts = {
        "report": make_report(world, source="whistle", key="w1", phone="", name=""),
        "call": call(world, "urban"),
        "actor": world.desk,
        "now": MONDAY,
    }
    whistle = whistling.blow_on_new(**facts)
    assert whistling.blow_on_new(**facts).pk == whistle.pk
    one = part(world, whistle, "urban")
    until = one.finish_due_at + timedelta(days=3)
    whistle_parts.extend_part(
        part_id=one.pk, until=until, reason="要等吊车。", actor=world.desk, now=MONDAY
    )
    one.refresh_from_db()
    assert (one.finish_due_at, one.first_finish_due_at) == (until, until - timedelta(days=3))
    with pytest.raises(DomainError, match="还在办"):
        whistle_closing.score_part(part_id=one.pk, score=3, remark="", actor=world.desk, now=MONDAY)
    report_in(world, whistle, "urban", at=MONDAY + HOUR)
    report_in(world, whistle, "urban", at=MONDAY + 2 * HOUR)  # twice changes nothing
    close(world, whistle, actor=world.urban)
    with pytest.raises(BadInput, match="为什么"):
        whistle_closing.score_part(part_id=one.pk, score=1, remark="", actor=world.desk, now=MONDAY)
    whistle_closing.score_part(part_id=one.pk, score=3, remark="", actor=world.desk, now=MONDAY)
    whistle_closing.score_whistle(
        part_id=one.pk, score=2, remark="地点没说清", actor=world.urban, now=MONDAY
    )
    one.refresh_from_db()
    assert (one.score, one.return_score, one.reported_at) == (3, 2, MONDAY + HOUR)
