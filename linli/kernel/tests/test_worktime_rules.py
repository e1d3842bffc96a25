"""Promises on the working calendar: what holds for any moment, limit and pause."""

from datetime import timedelta

from hypothesis import assume, given
from hypothesis import strategies as st

from linli.kernel import worktime
from linli.kernel.clock import BEIJING
from linli.kernel.tests.test_worktime import STATE, at
from linli.kernel.worktime import Limit, Unit

FIRST, SPAN = at("2024-01-01T00:00"), timedelta(days=3 * 365)
MOMENTS = st.timedeltas(timedelta(0), SPAN).map(lambda since: FIRST + since)
PAUSES = st.timedeltas(timedelta(0), timedelta(days=40))
LIMITS = st.builds(Limit, st.integers(1, 60), st.sampled_from(Unit))


@given(MOMENTS, PAUSES, LIMITS)
def test_who_reports_later_is_never_due_earlier(start, later, limit):
    due_at = worktime.due_at(start, limit, STATE)
    assert start <= due_at <= worktime.due_at(start + later, limit, STATE)


@given(MOMENTS, st.integers(1, 30), st.integers(1, 30))
def test_n_and_m_working_days_are_n_then_m(start, n, m):
    first = worktime.add_working_days(start, n, STATE)
    together = worktime.add_working_days(start, n + m, STATE)
    assert worktime.add_working_days(first, m, STATE) == together


@given(MOMENTS, st.integers(1, 80), st.integers(1, 80))
def test_n_and_m_working_hours_are_n_then_m(start, n, m):
    first = worktime.add_working_hours(start, n, STATE)
    together = worktime.add_working_hours(start, n + m, STATE)
    assert worktime.add_working_hours(first, m, STATE) == together


@given(MOMENTS, LIMITS)
def test_a_promise_on_working_time_ends_while_somebody_works(start, limit):
    assume(limit.unit is not Unit.HOUR)
    local = worktime.due_at(start, limit, STATE).astimezone(BEIJING)
    assert STATE.is_workday(local.date())
    assert any(opens <= local.time() <= closes for opens, closes in STATE.hours.spans())


@given(MOMENTS, st.timedeltas(timedelta(minutes=1), timedelta(hours=200)))
def test_working_time_is_counted_as_it_was_added(start, amount):
    end = worktime.add_working_time(start, amount, STATE)
    assert worktime.working_time_between(start, end, STATE) == amount
    assert worktime.working_time_between(end, start, STATE) == timedelta(0)


@given(MOMENTS, st.floats(0, 1), PAUSES, PAUSES, LIMITS)
def test_a_stopped_clock_is_extended_by_what_it_stood_still(start, part, pause, more, limit):
    due_at = worktime.due_at(start, limit, STATE)
    stopped_at = start + (due_at - start) * part
    assume(stopped_at < due_at)

    def shifted(due_at, stopped_at, resumed_at):
        return worktime.shift(
            due_at, stopped_at=stopped_at, resumed_at=resumed_at, unit=limit.unit, calendar=STATE
        )

    middle, resumed_at = stopped_at + pause, stopped_at + pause + more
    once = shifted(due_at, stopped_at, resumed_at)
    assert once >= due_at
    assert once >= resumed_at  # nobody comes back to a clock that ran out while it stood still
    assert shifted(shifted(due_at, stopped_at, middle), middle, resumed_at) == once
    assert shifted(due_at, stopped_at, stopped_at) == due_at
