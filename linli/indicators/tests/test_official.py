"""Raw beside official: what two people left out stays in the raw rates, what was said in a call counts
officially.
"""

from datetime import date

from linli.cases.models import Case, FollowUp
from linli.cases.services import excluding, sampling
from linli.cases.tests.makers import DAY, HOUR
from linli.cases.tests.test_followups import NEXT_MONDAY, answer, closed, one_to_call, world
from linli.indicators import selectors
from linli.indicators.tests.test_rebuilding import numbers, rebuild
from linli.indicators.tests.test_tallies import count

__all__ = ["world"]
FIRST, LAST = date(2026, 3, 1), date(2026, 3, 31)


def rates(world):
    count()
    return selectors.rates(world.community.path, FIRST, LAST)


def parts(share):
    return share.part, share.whole


def test_a_case_left_out_by_two_people_stays_in_the_raw_rates(world):
    case, _other = closed(world), closed(world, phone="10012345679")
    excluding.ask_exclusion(
        case_id=case.pk, reason="test", text="培训时报的。", actor=world.desk, now=NEXT_MONDAY
    )
    assert parts(rates(world).resolution.official) == (2, 2)
    excluding.decide_exclusion(
        case_id=case.pk, is_approved=True, note="", actor=world.second, now=NEXT_MONDAY + HOUR
    )
    found = rates(world)
    assert (parts(found.resolution.raw), parts(found.resolution.official)) == ((2, 2), (1, 1))
    assert (parts(found.response.raw), parts(found.response.official)) == ((2, 2), (1, 1))
    assert selectors.counts(world.community.path, FIRST, LAST)["excluded"] == 1
    excluding.include_case(
        case_id=case.pk, text="查过，是真的。", actor=world.second, now=NEXT_MONDAY + DAY
    )
    assert parts(rates(world).resolution.official) == (2, 2)


def test_what_was_said_in_a_call_is_official_beside_the_reporters_own_word(world):
    followup = one_to_call(world)
    answer(followup, world.caller, is_solved=False, satisfaction=2, remarks="第二天又满了")
    found = rates(world)
    assert (parts(found.resolution.raw), parts(found.resolution.official)) == ((1, 1), (0, 1))
    assert (parts(found.satisfaction.raw), parts(found.satisfaction.official)) == ((1, 1), (0, 1))
    before = numbers()
    rebuild()
    assert numbers() == before


def test_who_said_nothing_and_is_asked_by_phone_counts_officially_only(world):
    closed(world)
    sampling.draw_last_week(NEXT_MONDAY)
    Case.objects.update(is_solved=None, satisfaction=None, rated_at=None)
    answer(FollowUp.objects.get(), world.caller)
    found = rates(world)
    assert found.resolution.raw.rate is None
    assert parts(found.resolution.official) == (1, 1)
