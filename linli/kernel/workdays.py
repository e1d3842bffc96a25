"""The tenant's working calendar as a value: hours, days off, make-up workdays, limits. Pure.

A day is the working day its weekday says unless the calendar names it: a holiday (放假) or a
make-up workday (调休上班). A year that is not known counts weekends only.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from itertools import pairwise
from typing import NamedTuple

ONE_DAY = timedelta(days=1)


class Unit(StrEnum):
    """What a limit is counted in."""

    HOUR = "hour"  # round the clock
    WORK_HOUR = "work_hour"
    WORK_DAY = "work_day"
    SAME_DAY = "same_day"  # reported today, done today


class Day(NamedTuple):
    """A day that differs from its weekday, and the name of what makes it differ."""

    is_workday: bool
    name: str = ""


@dataclass(frozen=True, slots=True)
class Hours:
    """A working day, local: from opening to closing, without the lunch break if there is one."""

    opens_at: time = time(8, 30)
    lunch_starts_at: time | None = time(12)
    lunch_ends_at: time | None = time(14)
    closes_at: time = time(18)

    def __post_init__(self) -> None:
        """Errors: ValueError when the times are not in order."""
        lunch = (self.lunch_starts_at, self.lunch_ends_at)
        times = [t for t in (self.opens_at, *lunch, self.closes_at) if t is not None]
        if lunch.count(None) == 1 or any(a >= b for a, b in pairwise(times)):
            raise ValueError("Working hours must be in order, with both ends of the lunch break.")

    def spans(self) -> tuple[tuple[time, time], ...]:
        """Return the stretches of a working day in which work is done."""
        if self.lunch_starts_at is None or self.lunch_ends_at is None:
            return ((self.opens_at, self.closes_at),)
        return ((self.opens_at, self.lunch_starts_at), (self.lunch_ends_at, self.closes_at))


@dataclass(frozen=True, slots=True)
class WorkCalendar:
    """When a tenant works: its hours, and the days that differ from their weekday.

    years: those whose holidays are known; any other counts weekends only.
    """

    hours: Hours = Hours()
    days: Mapping[date, Day] = field(default_factory=dict)
    years: frozenset[int] = frozenset()

    def is_workday(self, day: date) -> bool:
        """Tell whether people work on that day."""
        known = self.days.get(day)
        return day.weekday() < 5 if known is None else known.is_workday

    def next_workday(self, day: date, count: int = 1) -> date:
        """Return the count-th working day after `day`; zero is `day` itself."""
        while count:
            day += ONE_DAY
            count -= self.is_workday(day)
        return day

    def workdays_between(self, first: date, last: date) -> int:
        """Return how many working days lie after `first`, up to and with `last`."""
        return sum(
            self.is_workday(first + timedelta(days=n)) for n in range(1, (last - first).days + 1)
        )

    def spans_from(self, moment: datetime) -> Iterator[tuple[datetime, datetime]]:
        """Yield stretches of working time from a local moment on, without end."""
        day = moment.date()
        while True:
            if self.is_workday(day):
                for starts, ends in self.hours.spans():
                    starts_at, ends_at = datetime.combine(day, starts), datetime.combine(day, ends)
                    if ends_at > moment:
                        yield max(starts_at, moment), ends_at
            day += ONE_DAY


@dataclass(frozen=True, slots=True)
class Limit:
    """How long something may take."""

    amount: int
    unit: Unit

    def __post_init__(self) -> None:
        """Errors: ValueError when the amount is out of reach or the unit unknown."""
        object.__setattr__(self, "unit", Unit(self.unit))
        if not 1 <= self.amount <= 9999:
            raise ValueError("A limit is 1 to 9999 of its unit.")
