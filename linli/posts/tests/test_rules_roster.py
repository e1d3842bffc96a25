"""When a station is open, who is next, what a month is worth: no database."""

from datetime import UTC, date, datetime, time
from uuid import UUID

import pytest

from linli.kernel.workdays import Day, WorkCalendar
from linli.posts.rules import allowances, roster
from linli.posts.rules.allowances import BEIJING, Term
from linli.posts.rules.roster import Past, Shift

A, B, C = (UUID(int=number) for number in (1, 2, 3))
WEEK = [
    Shift(weekday=day, opens_at=opens, closes_at=closes)
    for day in range(5)
    for opens, closes in ((time(14), time(17)), (time(9), time(12)))
]
HOLIDAY, MAKE_UP = date(2026, 10, 1), date(2026, 10, 10)  # a Thursday, a Saturday
CALENDAR = WorkCalendar(days={HOLIDAY: Day(False, "国庆节"), MAKE_UP: Day(True)})


def opens(day, *, always=False, shifts=WEEK) -> list[time]:
    found = roster.shifts_on(day, shifts, CALENDAR, is_open_on_holidays=always)
    return [one.opens_at for one in found]


def test_a_station_follows_the_states_holidays():
    assert opens(date(2026, 9, 30)) == [time(9), time(14)]
    assert opens(HOLIDAY) == []
    assert opens(HOLIDAY, always=True) == [time(9), time(14)]
    assert opens(date(2026, 10, 17)) == []  # an ordinary Saturday
    assert opens(MAKE_UP) == [time(9), time(14)]
    weekend = [*WEEK, Shift(weekday=5, opens_at=time(10), closes_at=time(11))]
    assert opens(MAKE_UP, shifts=weekend) == [time(10)]


def test_whoever_had_fewest_turns_is_next_then_whoever_waited_longest():
    early, late = datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 3, 2, tzinfo=UTC)
    past = {A: Past(count=1, last_at=late), B: Past(count=1, last_at=early)}
    assert roster.next_in_turn([A, B], past, busy=()) == B
    assert roster.next_in_turn([A, B, C], past, busy=()) == C
    assert roster.next_in_turn([A, B, C], past, busy={B, C}) == A
    assert roster.next_in_turn([A], {}, busy={A}) is None


MARCH = date(2026, 3, 1)


def at(day, hour=0) -> datetime:
    return datetime(2026, 3, day, hour, tzinfo=BEIJING)


def held(*terms, first_on=date(2020, 1, 1), end_on=None) -> int:
    found = [Term(starts_at=since, ends_at=to) for since, to in terms]
    return allowances.days_held(found, MARCH, first_on=first_on, end_on=end_on)


def test_a_post_that_changes_hands_at_noon_is_paid_once():
    assert held((at(1), at(11, 12))) + held((at(11, 12), None)) == 31
    assert held((at(1), at(11))) == 10  # to the end of the tenth
    assert held((at(1), at(11, 12)), (at(11, 15), None)) == 31


def test_a_month_without_days_is_worth_nothing():
    assert held((datetime(2026, 4, 1, tzinfo=BEIJING), None)) == 0
    assert held() == 0
    assert allowances.amount_fen(80_000, days=0, days_of_month=31) == 0


def test_a_rule_counts_from_its_first_day_to_its_last():
    assert held((at(1), None), first_on=date(2026, 3, 10), end_on=date(2026, 3, 12)) == 2


@pytest.mark.parametrize(
    ("days", "of", "worth"), [(31, 31, 80_000), (1, 31, 2581), (15, 30, 40_000), (1, 28, 2857)]
)
def test_days_are_worth_their_part_of_the_month_in_whole_fen(days, of, worth):
    assert allowances.amount_fen(80_000, days=days, days_of_month=of) == worth


def test_months_follow_each_other_over_the_year():
    assert allowances.next_month(date(2026, 12, 1)) == date(2027, 1, 1)
    assert allowances.months_before(date(2026, 2, 1), 2) == [date(2026, 1, 1), date(2025, 12, 1)]
    assert len(allowances.days_of(date(2028, 2, 1))) == 29
