"""The table of states: every move that is not in it is refused, and nobody gets stuck."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.cases.errors import IllegalMove
from linli.cases.selectors.offers import STATES
from linli.cases.states import DONE, MOVES, OPEN, CaseState, check_move
from linli.cases.views.actions import ACTIONS

states = st.sampled_from(CaseState)


@given(states, states)
def test_a_move_is_in_the_table_or_refused(old, new):
    if new in MOVES[old]:
        check_move(old, new)
        return
    with pytest.raises(IllegalMove) as refusal:
        check_move(old, new)
    assert str(old.label) in refusal.value.message
    assert str(new.label) in refusal.value.message


def test_every_state_has_its_line_and_is_open_done_or_waiting_for_the_word():
    assert set(MOVES) == set(CaseState)
    assert {*OPEN, *DONE, CaseState.RESOLVED} == set(CaseState)


def reachable(start: CaseState) -> set[CaseState]:
    seen, left = set(), [start]
    while left:
        for state in MOVES[left.pop()] - seen:
            seen.add(state)
            left.append(state)
    return seen


def test_everything_is_reached_from_a_report():
    assert reachable(CaseState.REPORTED) | {CaseState.REPORTED} == set(CaseState)


@pytest.mark.parametrize("state", OPEN)
def test_whatever_is_open_can_end_with_the_residents_word(state):
    assert {CaseState.RESOLVED, CaseState.CLOSED} <= reachable(state)


def test_what_was_withdrawn_stays_withdrawn():
    assert MOVES[CaseState.WITHDRAWN] == set()


def test_only_the_residents_word_or_silence_closes():
    assert [old for old in CaseState if CaseState.CLOSED in MOVES[old]] == [CaseState.RESOLVED]


def test_every_action_says_in_which_states_it_is_offered():
    assert set(STATES) == set(ACTIONS)
