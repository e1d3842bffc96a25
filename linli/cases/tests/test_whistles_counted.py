"""Whistles beyond the desk: counted by department, blown by plan, handed in by phones, handed over."""

from types import SimpleNamespace

import pytest

from linli.cases.models import Whistle, WhistlePlan
from linli.cases.selectors import whistle_counts, whistle_day, whistles
from linli.cases.services import (
    arbitrating,
    whistle_ending,
    whistle_handed,
    whistling,
)
from linli.cases.services.arbitrating import Answer
from linli.cases.tests.makers import DAY, HOUR, MONDAY, make_case
from linli.cases.tests.whistles import blow, make_town, part, report_in
from linli.field.services.submissions import Differs, Sent
from linli.kernel import ids, memory, tenancy, worker
from linli.kernel.errors import BadInput, Conflict
from linli.posts.models import Holding
from linli.posts.services import handover


@pytest.fixture
def world(in_home) -> SimpleNamespace:
    return make_town()


def test_departments_are_counted_raw_beside_official(world):
    whistle = blow(world, "housing", "urban", "market")
    report_in(world, whistle, "housing")
    report_in(world, whistle, "urban", at=MONDAY + 4 * DAY)  # days late
    asked = arbitrating.refuse_part(
        part_id=part(world, whistle, "market").pk, clause_id=world.clause.pk, text="不归我们。",
        actor=world.market, now=MONDAY + HOUR,
    )  # fmt: skip
    arbitrating.answer_arbitration(
        arbitration_id=asked.pk, answer=Answer(outcome="release", text="确实不归。"),
        actor=world.above, now=MONDAY + DAY,
    )  # fmt: skip
    now = MONDAY + 20 * DAY
    counts = {
        one.name: one
        for one in whistle_counts.office_counts(world.community.path, MONDAY - DAY, now, now)
    }
    housing, urban, market = (counts[name] for name in ("住建局", "城管局", "市场监管局"))
    assert (housing.report.in_time, housing.report.whole, housing.led) == (1, 1, 1)
    assert (housing.finish.in_time, housing.finish.whole) == (0, 1)
    assert (urban.report.in_time, urban.report.whole) == (0, 1)
    # Raw counts whom a ruling released; the official count does not.
    assert (market.report.whole, market.report.official_whole) == (1, 0)
    assert whistle_counts.office_counts("elsewhere/", MONDAY - DAY, now, now) == []


def test_the_window_reports_in_when_an_owner_whistles(world):
    plan = {"category": world.category, "organisation": world.offices["urban"], "is_lead": True}
    WhistlePlan.objects.create(**plan, is_automatic=True)
    memory.forget_all()
    case = make_case(world)
    with tenancy.all_tenants():
        worker.tick(MONDAY + HOUR)
    whistle = Whistle.objects.get(case=case)
    assert (whistle.blown_by, whistle.blown_at) == (None, MONDAY)
    case.refresh_from_db()
    assert case.handler_organisation_id == world.offices["urban"].pk
    report_in(world, whistle, "urban")
    # What the window can't settle: it calls the property company and goes on leading.
    whistling.call_more(
        whistle_id=whistle.pk, organisation_id=world.property_company.pk, task="门禁归你们修。",
        actor=world.urban, now=MONDAY + 2 * HOUR,
    )  # fmt: skip
    with pytest.raises(Conflict):
        whistling.call_more(
            whistle_id=whistle.pk, organisation_id=world.property_company.pk, actor=world.urban,
            now=MONDAY + 2 * HOUR,
        )  # fmt: skip
    assert [one.organisation_id for one in whistles.my_parts(world.manager)]


def test_a_phone_hands_steps_in_late_and_once(world):
    whistle = blow(world, "urban", "market")
    one = part(world, whistle, "market")
    cards = {card.key: card for card in whistle_day.cards(world.market, MONDAY + HOUR)}
    card = cards[f"cases.whistle:{one.pk}"]
    assert [choice.code for choice in card.items[0].choices] == ["report", "arrive", "finish"]

    def sent(step, at, **facts):
        return Sent(
            id=ids.new_id(), kind=card.form, subject_id=one.pk, base_version=card.version,
            answers={"step": step, "text": "南门"}, photos=(), made_at=at, actor=world.market,
            now=MONDAY + DAY, **facts,
        )  # fmt: skip

    assert whistle_handed.take_step(sent("report", MONDAY + HOUR)).subject_id == one.pk
    whistle_handed.take_step(sent("report", MONDAY + 2 * HOUR))
    assert part(world, whistle, "market").reported_at == MONDAY + HOUR  # when it happened
    with pytest.raises(BadInput, match="拍一张"):
        whistle_handed.take_step(sent("arrive", MONDAY + HOUR))
    with pytest.raises(BadInput, match="报到、到场"):
        whistle_handed.take_step(sent("", MONDAY + HOUR))
    whistle_handed.take_step(sent("finish", MONDAY + 3 * HOUR))
    whistle_ending.withdraw_whistle(
        whistle_id=whistle.pk, reason="不用了。", actor=world.desk, now=MONDAY + DAY
    )
    with pytest.raises(Differs):
        whistle_handed.take_step(sent("finish", MONDAY + 3 * HOUR))


def test_what_runs_is_left_to_whoever_comes(world):
    whistle = blow(world, "urban", "market")
    held = Holding.objects.get(account_id=world.market.account_id)
    leaving = handover.Leaving(
        post_id=held.post_id, account_id=held.account_id, role="department", is_shared=False,
        area_path=world.community.path, estate_id=None, now=MONDAY + HOUR,
    )  # fmt: skip
    lines = whistle_day.parts_left(leaving)
    assert [line.key for line in lines] == [f"cases.whistle:{part(world, whistle, 'market').pk}"]
