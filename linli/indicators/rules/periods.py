"""Weeks, months, quarters and years: how an address names one, what comes before, how it is drawn."""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

WEEK, MONTH, QUARTER, YEAR = "week", "month", "quarter", "year"
SPANS: Final = (WEEK, MONTH, QUARTER, YEAR)
# Before the first no community of ours was at work; years far away are typing errors.
EARLIEST, LATEST = 2000, 2099
_NAMED: Final = re.compile(r"(\d{4})(?:-(?:W(\d{2})|Q([1-4])|(\d{2})))?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Period:
    """A stretch of days with a name: a week from Monday on, a month, a quarter or a year."""

    span: str
    first_day: date
    last_day: date

    @property
    def name(self) -> str:
        """Return what addresses call it: 2026-W10, 2026-03, 2026-Q1, 2026."""
        if self.span == WEEK:
            year, week, _day = self.first_day.isocalendar()
            return f"{year}-W{week:02d}"
        if self.span == QUARTER:
            return f"{self.first_day.year}-Q{self.first_day.month // 3 + 1}"
        return f"{self.first_day:%Y-%m}" if self.span == MONTH else f"{self.first_day.year}"

    @property
    def days(self) -> int:
        """Return how many days it has."""
        return (self.last_day - self.first_day).days + 1

    def before(self) -> "Period":
        """Return the one that ends where this begins."""
        return period_of(self.span, self.first_day - timedelta(days=1))

    def after(self) -> "Period":
        """Return the one that begins where this ends."""
        return period_of(self.span, self.last_day + timedelta(days=1))

    def until(self, today: date) -> date:
        """Return its last day, or today while it lasts."""
        return max(min(self.last_day, today), self.first_day)

    def same_part_before(self, today: date) -> tuple[date, date]:
        """Return the days of the one before that stand beside what has passed of this one.

        Half a month is held against half a month: against a whole one, every month begins badly.
        """
        other = self.before()
        if self.last_day <= today:
            return other.first_day, other.last_day
        passed = self.until(today) - self.first_day
        return other.first_day, min(other.first_day + passed, other.last_day)


def period_of(span: str, day: date) -> Period:
    """Return the week, month, quarter or year that a day lies in."""
    if span == WEEK:
        first = day - timedelta(days=day.weekday())
        return Period(WEEK, first, first + timedelta(days=6))
    length = {MONTH: 1, QUARTER: 3, YEAR: 12}[span]
    month = (day.month - 1) // length * length + 1
    end = month + length - 1
    return Period(span, date(day.year, month, 1), date(day.year, end, monthrange(day.year, end)[1]))


def read_period(name: str) -> Period | None:
    """Return the period that an address names, or None when it names none."""
    found = _NAMED.fullmatch(name.strip())
    if found is None or not EARLIEST <= int(found[1]) <= LATEST:
        return None
    year, week, quarter, month = (int(part) if part else 0 for part in found.groups())
    try:
        if found[2]:
            return period_of(WEEK, date.fromisocalendar(year, week, 1))
        if found[3]:
            return period_of(QUARTER, date(year, quarter * 3, 1))
        return period_of(MONTH if found[4] else YEAR, date(year, month if found[4] else 1, 1))
    except ValueError:
        return None


def steps_of(period: Period) -> list[Period]:
    """Return the parts that a chart of the period draws: days as such are periods of one day.

    A week and a month by the day, a quarter by the week, a year by the month.
    """
    if period.span in (WEEK, MONTH):
        days = (period.first_day + timedelta(days=n) for n in range(period.days))
        return [Period("day", day, day) for day in days]
    span = WEEK if period.span == QUARTER else MONTH
    found, step = [], period_of(span, period.first_day)
    while step.first_day <= period.last_day:
        found.append(step)
        step = step.after()
    return [_inside(step, period) for step in found]


def _inside(step: Period, period: Period) -> Period:
    return Period(
        step.span, max(step.first_day, period.first_day), min(step.last_day, period.last_day)
    )
