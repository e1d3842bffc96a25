"""Where somebody stands after visits, in whatever order they come in; whom an alert is about."""

from datetime import date, timedelta
from itertools import permutations
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from linli.care.rules import Mapping, Plan, Said, affected, priority, rounds_of, standing
from linli.cases.tests.makers import DAY, HOUR, MONDAY

MINUTE = timedelta(minutes=1)
LIN, MEI, ZHOU = UUID(int=1), UUID(int=2), UUID(int=3)
TODAY = date(2026, 3, 2)
WEEKLY = Plan(every_days=7, started_on=TODAY - timedelta(days=30), has_second=True)


def said(number, outcome, after=timedelta(0), who=LIN, **facts):
    at = MONDAY + after
    day = TODAY + timedelta(days=(after + HOUR) // DAY)
    return Said(id=UUID(int=100 + number), at=at, day=day, outcome=outcome, who=who, **facts)


def test_nobody_was_there_yet():
    found = standing(WEEKLY, [])
    assert (found.turn, found.misses, found.seen_at) == ("first", 0, None)
    assert found.due_on == found.unseen_since == WEEKLY.started_on


def test_safe_is_due_again_in_a_week_and_wrong_the_next_day():
    assert standing(WEEKLY, [said(1, "safe")]).due_on == TODAY + timedelta(days=7)
    assert standing(WEEKLY, [said(1, "wrong")]).due_on == TODAY + timedelta(days=1)


def test_the_visitor_may_ask_for_a_day():
    asked = said(1, "safe", again_on=TODAY + timedelta(days=3))
    assert standing(WEEKLY, [asked]).due_on == TODAY + timedelta(days=3)


def test_twice_not_at_home_the_second_visitor_goes_today_and_then_the_desk():
    one, two = said(1, "away"), said(2, "away", DAY)
    three = said(3, "away", DAY + 10 * MINUTE, MEI, is_second=True)
    assert standing(WEEKLY, [one]).turn == "first"
    assert standing(WEEKLY, [one]).due_on == TODAY + timedelta(days=1)
    after_two = standing(WEEKLY, [one, two])
    assert (after_two.turn, after_two.due_on) == ("second", TODAY + timedelta(days=1))
    after_three = standing(WEEKLY, [one, two, three])
    assert (after_three.turn, after_three.misses) == ("desk", 3)
    assert after_three.missed_on == TODAY


def test_without_a_second_visitor_the_desk_is_next():
    alone = Plan(every_days=7, started_on=TODAY, has_second=False)
    assert standing(alone, [said(1, "away"), said(2, "away", DAY)]).turn == "desk"


def test_being_met_ends_the_search():
    found = standing(WEEKLY, [said(1, "away"), said(2, "away", DAY), said(3, "safe", 2 * DAY)])
    assert (found.turn, found.misses, found.missed_on) == ("first", 0, None)
    assert found.unseen_since == TODAY + timedelta(days=2)


def test_one_visit_written_down_by_two_counts_once_and_the_serious_word_counts():
    together = [said(1, "away"), said(2, "away", 5 * MINUTE, MEI)]
    assert standing(WEEKLY, together).misses == 1
    mixed = [said(1, "safe"), said(2, "wrong", 5 * MINUTE, MEI)]
    (one,) = rounds_of(mixed)
    assert one.outcome == "wrong"
    assert standing(WEEKLY, mixed).due_on == TODAY + timedelta(days=1)


def test_pressing_twice_counts_once_and_trying_again_counts_twice():
    assert standing(WEEKLY, [said(1, "away"), said(2, "away", MINUTE)]).misses == 1
    assert standing(WEEKLY, [said(1, "away"), said(2, "away", HOUR)]).misses == 2


EVENTS = [
    said(1, "away"),
    said(2, "away", 10 * MINUTE, MEI),
    said(3, "away", DAY),
    said(4, "away", DAY + 20 * MINUTE, MEI, is_second=True),
    said(5, "wrong", 2 * DAY, ZHOU),
]


def test_the_order_in_which_phones_hand_in_changes_nothing():
    wanted = standing(WEEKLY, EVENTS)
    assert {standing(WEEKLY, order) for order in permutations(EVENTS)} == {wanted}


# Slow is the machine, with others at work on it.
@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(
        st.tuples(
            st.integers(0, 5000), st.sampled_from(["safe", "wrong", "away"]),
            st.sampled_from([LIN, MEI]),
        ),
        max_size=8,
    ),
    st.randoms(use_true_random=False),
)  # fmt: skip
def test_any_order_of_any_visits_ends_in_the_same_standing(found, chance):
    visits = [
        said(number, outcome, minutes * MINUTE, who)
        for number, (minutes, outcome, who) in enumerate(found)
    ]
    shuffled = chance.sample(visits, len(visits))
    assert standing(WEEKLY, shuffled) == standing(WEEKLY, visits)
    assert sum(len(one.said) for one in rounds_of(shuffled)) == len(visits)


@pytest.mark.parametrize(
    ("needs", "floor", "is_meant"),
    [({"oxygen"}, 1, True), ({"meals"}, 1, False), (set(), 3, False)],
)
def test_a_power_cut_is_about_those_who_live_by_it(needs, floor, is_meant):
    power = Mapping(needs=frozenset({"oxygen", "dialysis"}))
    assert (affected(power, needs=needs, floor=floor) is not None) is is_meant


def test_a_lift_out_of_order_is_about_everybody_above_the_ground_floor():
    lift = Mapping(needs=frozenset({"mobility"}), is_upstairs=True)
    assert affected(lift, needs=(), floor=1) is None
    assert affected(lift, needs=("mobility",), floor=1) is not None
    upstairs, unknown = affected(lift, needs=(), floor=5), affected(lift, needs=(), floor=None)
    assert upstairs.is_upstairs
    assert unknown.is_upstairs
    walker = affected(lift, needs=("mobility",), floor=5)
    assert priority(walker, risk=1) < priority(upstairs, risk=9)
