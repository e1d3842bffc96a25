"""What the community cannot decide goes up with its clause, and the answer comes back in its time."""

from types import SimpleNamespace

import pytest

from linli.cases.models import Arbitration
from linli.cases.selectors import arbitrations
from linli.cases.services import (
    arbitrating,
    closing,
    desk,
    merging,
    telling,
    whistle_clock,
)
from linli.cases.services.arbitrating import Answer
from linli.cases.tests import scenes
from linli.cases.tests.makers import DAY, HOUR, MONDAY, make_case
from linli.cases.tests.whistles import blow, make_town, part, report_in
from linli.kernel import clock, tenancy, worker
from linli.kernel.actor import reporter
from linli.kernel.errors import BadInput, Conflict, DomainError, NotFound
from linli.kernel.models import EventRow
from linli.messages.models import Notice


@pytest.fixture
def world(in_home) -> SimpleNamespace:
    return make_town()


def test_a_case_that_ended_is_in_nobodys_arbitration_any_more(world):
    def end(case, how) -> tuple[str, bool]:
        how(case)
        case.refresh_from_db()
        return case.state, case.is_in_arbitration

    now, into = clock.now(), make_case(world, at=clock.now(), phone="10087654321")
    by, no = {"actor": world.desk, "now": now}, desk.Decline(**scenes.no(world))
    assert end(
        scenes.returned(world), lambda one: desk.decline_case(case_id=one.pk, decline=no, **by)
    ) == ("declined", False)
    assert end(
        scenes.returned(world),
        lambda one: merging.merge_case(case_id=one.pk, into_id=into.pk, **by),
    ) == ("merged", False)
    said = {"actor": reporter(world.community.tenant_id), "now": now}
    assert end(
        scenes.returned(world),
        lambda one: closing.withdraw_case(token=telling.token_of(one), **said),
    ) == ("withdrawn", False)


def test_a_part_is_refused_by_a_clause_and_the_answer_comes_from_above(world):
    whistle = blow(world, "housing", "urban")
    asked = arbitrating.refuse_part(
        part_id=part(world, whistle, "urban").pk, clause_id=world.clause.pk, text="还没认定。",
        actor=world.urban, now=MONDAY + HOUR,
    )  # fmt: skip
    assert part(world, whistle, "urban").due_at is None
    assert asked.level == "subdistrict"
    with pytest.raises(DomainError):
        report_in(world, whistle, "urban")
    with pytest.raises(NotFound):  # asked from below, answered from above
        arbitrating.answer_arbitration(
            arbitration_id=asked.pk, answer=Answer(outcome="stand", text="归你。"),
            actor=world.lead, now=MONDAY + 2 * HOUR,
        )  # fmt: skip
    with pytest.raises(BadInput, match="哪个单位"):
        arbitrating.answer_arbitration(
            arbitration_id=asked.pk, answer=Answer(outcome="replace", text="换。"),
            actor=world.above, now=MONDAY + 2 * HOUR,
        )  # fmt: skip
    arbitrating.answer_arbitration(
        arbitration_id=asked.pk,
        answer=Answer(
            outcome="replace", text="摊位归市场监管。", organisation_id=world.offices["market"].pk
        ),
        actor=world.above,
        now=MONDAY + 2 * HOUR,
    )
    assert part(world, whistle, "urban").state == "released"
    assert part(world, whistle, "market").state == "called"
    assert part(world, whistle, "market").called_at == MONDAY + 2 * HOUR


def test_a_refusal_that_does_not_stand_begins_the_clock_anew(world):
    whistle = blow(world, "housing", "urban")
    asked = arbitrating.refuse_part(
        part_id=part(world, whistle, "housing").pk, clause_id=world.clause.pk, text="不归我们。",
        actor=world.housing, now=MONDAY + HOUR,
    )  # fmt: skip
    with tenancy.all_tenants():
        worker.tick(MONDAY + HOUR)
    assert Notice.objects.filter(account_id=world.above.account_id).exists()
    arbitrating.answer_arbitration(
        arbitration_id=asked.pk, answer=Answer(outcome="stand", text="条款写得很清楚。"),
        actor=world.above, now=MONDAY + 3 * DAY,
    )  # fmt: skip
    again = part(world, whistle, "housing")
    assert (again.state, again.lateness) == ("called", 0)
    assert again.report_due_at > MONDAY + 3 * DAY
    asked.refresh_from_db()
    assert not asked.answered_at <= asked.answer_due_at  # and that is shown


def test_what_the_community_cannot_decide_goes_up_and_the_sheet_counts_it(world):
    case = make_case(world)
    make_case(world, text="路灯不亮。", phone="10087654321")
    asked = arbitrating.ask_arbitration(
        case_id=case.pk, clause_id=world.clause.pk, text="是否违建，社区定不了。",
        actor=world.desk, now=MONDAY + HOUR,
    )  # fmt: skip
    case.refresh_from_db()
    assert (case.is_in_arbitration, case.state) == (True, "accepted")
    with pytest.raises(Conflict):
        arbitrating.ask_arbitration(
            case_id=case.pk, clause_id=world.clause.pk, text="再问一次。", actor=world.desk,
            now=MONDAY + HOUR,
        )  # fmt: skip
    now = MONDAY
    for _hour in range(24 * 5):
        now += HOUR
        whistle_clock.check_due(now)
    late = EventRow.objects.filter(name="cases.arbitration.late")
    assert late.count() == 1
    arbitrating.answer_arbitration(
        arbitration_id=asked.pk,
        answer=Answer(
            outcome="take", text="属违建，住建认定。", organisation_id=world.offices["housing"].pk
        ),
        actor=world.above,
        now=now,
    )
    case.refresh_from_db()
    assert case.handler_organisation_id == world.offices["housing"].pk
    assert not case.is_in_arbitration
    sheet = arbitrations.sheet_of(world.community.pk, MONDAY - DAY, MONDAY + 30 * DAY)
    assert (sheet.received, sheet.beyond, sheet.rate) == (2, 1, 0.5)
    assert [(one.clause, one.asked, one.in_time) for one in sheet.lines] == [("违法建设认定", 1, 0)]


def test_a_question_can_be_taken_back_and_ends_with_its_case(world):
    case = make_case(world)
    facts = {"clause_id": world.clause.pk, "text": "定不了。", "actor": world.desk}
    asked = arbitrating.ask_arbitration(case_id=case.pk, now=MONDAY, **facts)
    arbitrating.withdraw_arbitration(arbitration_id=asked.pk, actor=world.desk, now=MONDAY + HOUR)
    case.refresh_from_db()
    assert not case.is_in_arbitration

    arbitrating.ask_arbitration(case_id=case.pk, now=MONDAY + HOUR, **facts)
    token = telling.token_of(case)
    closing.withdraw_case(token=token, actor=reporter(case.tenant_id), now=MONDAY + 2 * HOUR)
    with tenancy.all_tenants():
        worker.tick(MONDAY + 2 * HOUR)
    assert not Arbitration.objects.filter(state="asked").exists()
