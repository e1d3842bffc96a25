"""When a station is open on a day, and who is fairly next: pure values."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, tzinfo
from typing import Final
from uuid import UUID

from linli.kernel.workdays import WorkCalendar

# A day without the fairness of a calculator: beyond this, old turns do not count any more.
FAIR_DAYS: Final = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Shift:
    """A stretch of an ordinary week in which a station is open. weekday: 0 is Monday."""

    weekday: int
    opens_at: time
    closes_at: time
    needed: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """A stretch of one day in which so many are needed."""

    starts_at: datetime
    ends_at: datetime
    needed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """What counts when the next one is chosen: how many turns lately, and when the last one was."""

    count: int = 0
    last_at: datetime | None = None


def shifts_on(
    day: date, shifts: Sequence[Shift], calendar: WorkCalendar, *, is_open_on_holidays: bool
) -> list[Shift]:
    """Return the stretches that a station is open on a day, in order.

    On a state holiday it is closed unless it says otherwise; a weekend that is worked as a make-up
    day (调休) and has no hours of its own goes by those of Monday.
    Source: S1 1.2, S2 2.2; the State Council's yearly notice on holidays.
    """
    known = calendar.days.get(day)
    if known is not None and not known.is_workday and not is_open_on_holidays:
        return []
    own = [one for one in shifts if one.weekday == day.weekday()]
    if known is not None and known.is_workday and day.weekday() >= 5 and not own:
        own = [one for one in shifts if one.weekday == 0]
    return sorted(own, key=lambda one: one.opens_at)


def slots_on(day: date, shifts: Iterable[Shift], zone: tzinfo) -> list[Slot]:
    """Return stretches of a day as moments."""
    return [
        Slot(
            starts_at=datetime.combine(day, one.opens_at, tzinfo=zone),
            ends_at=datetime.combine(day, one.closes_at, tzinfo=zone),
            needed=one.needed,
        )
        for one in shifts
    ]


def next_in_turn(
    members: Sequence[UUID], past: Mapping[UUID, Past], *, busy: Collection[UUID]
) -> UUID | None:
    """Return who is fairly next: fewest turns lately, then longest ago, then in the order given.

    busy: those who are on duty or away at that moment already. None when nobody is left.
    """
    free = [one for one in members if one not in busy]
    return min(
        free,
        key=lambda one: (
            past.get(one, Past()).count,
            _moment(past.get(one, Past()).last_at),
            members.index(one),
        ),
        default=None,
    )


def _moment(at: datetime | None) -> float:
    return at.timestamp() if at else 0.0
