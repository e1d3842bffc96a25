"""Late or in time, as another city's record says it of its tickets (bench/judgement.py has the real ones)."""

from datetime import UTC, datetime, timedelta
from random import Random

import pytest

from linli.cases.rules import is_late

TAKEN_AT = datetime(2019, 1, 1, tzinfo=UTC)
DUE = datetime(2017, 3, 6, 8, 30, tzinfo=UTC)


def tickets():
    """Make rows as the city's file has them: with and without a target, closed and open."""
    random = Random(311)
    for _ in range(2000):
        opened = datetime(2017, 1, 1, tzinfo=UTC) + timedelta(
            seconds=random.randrange(300 * 86_400)
        )
        due = (
            opened + timedelta(minutes=random.randrange(1, 90_000))
            if random.random() < 0.6
            else None
        )
        closed = (
            opened + timedelta(minutes=random.randrange(120_000)) if random.random() < 0.7 else None
        )
        if due and closed and random.random() < 0.1:
            closed = due  # at the very moment
        if due is None or (closed is not None and closed <= due):
            yield due, closed, "ONTIME"
        else:
            yield due, closed, "OVERDUE"


def test_the_rule_reads_tickets_as_the_city_does():
    rows = list(tickets())
    said = [
        "OVERDUE" if is_late(due, ended_at=closed, now=TAKEN_AT) else "ONTIME"
        for due, closed, _ in rows
    ]
    assert said == [on_time for _due, _closed, on_time in rows]
    assert {(bool(due), bool(closed), on_time) for due, closed, on_time in rows} == {
        (True, True, "ONTIME"), (True, True, "OVERDUE"), (True, False, "OVERDUE"),
        (False, True, "ONTIME"), (False, False, "ONTIME"),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("ended", "now", "late"),
    [
        (timedelta(0), timedelta(days=9), False),
        (timedelta(microseconds=1), timedelta(days=9), True),
        (timedelta(days=-1), timedelta(days=-1), False),
        (None, timedelta(0), False),
        (None, timedelta(seconds=1), True),
    ],
)
def test_the_promised_moment_itself_is_in_time(ended, now, late):
    ended_at = None if ended is None else DUE + ended
    assert is_late(DUE, ended_at=ended_at, now=DUE + now) is late


def test_without_a_promise_nothing_is_late():
    assert not is_late(None, ended_at=None, now=DUE)
