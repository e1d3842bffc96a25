"""The weeks and months of the board: how they begin and end, what they are called, which comes before."""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

WEEK, MONTH = "week", "month"
# Years further away are nobody's; dates of them would overflow.
EARLIEST, LATEST = date(2000, 1, 3), date(2100, 1, 1)


@dataclass(frozen=True, slots=True)
class Period:
    """A week from Monday to Sunday, or a month. `start` names it in addresses."""

    span: str
    first_day: date
    last_day: date

    @property
    def start(self) -> str:
        """Return what addresses call it: 2026-11-16, or 2026-11."""
        return f"{self.first_day:%Y-%m}" if self.span == MONTH else self.first_day.isoformat()

    @property
    def days(self) -> int:
        """Return how many days it has."""
        return (self.last_day - self.first_day).days + 1

    def before(self) -> "Period | None":
        """Return the period before; None where the calendar of the board begins."""
        return _kept(period_of(self.span, self.first_day - timedelta(days=1)))

    def after(self) -> "Period | None":
        """Return the period after; None where the calendar of the board ends."""
        return _kept(period_of(self.span, self.last_day + timedelta(days=1)))


def period_of(span: str, day: date) -> Period:
    """Return the week or the month that a day lies in."""
    if span == MONTH:
        first = day.replace(day=1)
        return Period(MONTH, first, first.replace(day=monthrange(day.year, day.month)[1]))
    monday = day - timedelta(days=day.weekday())
    return Period(WEEK, monday, monday + timedelta(days=6))


def read(span: str, start: str) -> Period | None:
    """Return the period that an address names, or None when it names none."""
    pattern = r"\d{4}-\d{2}" if span == MONTH else r"\d{4}-\d{2}-\d{2}"
    if span not in (WEEK, MONTH) or not re.fullmatch(pattern, start, re.ASCII):
        return None
    try:
        day = date.fromisoformat(f"{start}-01" if span == MONTH else start)
    except ValueError:
        return None
    # A day beyond the calendar's end has no week of its own.
    return _kept(period_of(span, day)) if EARLIEST <= day < LATEST else None


def _kept(period: Period) -> Period | None:
    return period if period.first_day >= EARLIEST and period.last_day < LATEST else None
