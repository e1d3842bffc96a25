"""What a holder gets for a month: by days, in whole fen. Pure values."""

import calendar
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

BEIJING = ZoneInfo("Asia/Shanghai")


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """A term as the calculation needs it; end excluded."""

    starts_at: datetime
    ends_at: datetime | None


def days_of(month_on: date) -> list[date]:
    """Return the days of a month."""
    count = calendar.monthrange(month_on.year, month_on.month)[1]
    return [month_on.replace(day=number) for number in range(1, count + 1)]


def next_month(month_on: date) -> date:
    """Return the first day of the month after."""
    return (month_on.replace(day=28) + timedelta(days=4)).replace(day=1)


def months_before(month_on: date, count: int) -> list[date]:
    """Return the first days of the months before one, the nearest first."""
    found = []
    for _number in range(count):
        month_on = (month_on - timedelta(days=1)).replace(day=1)
        found.append(month_on)
    return found


def days_held(terms: Iterable[Term], month_on: date, *, first_on: date, end_on: date | None) -> int:
    """Return on how many days of a month somebody held a post, while a rule was in force.

    A day counts for whoever holds the post at its end, so that a post that changes hands at noon is
    paid once. Two terms of the same person in one day count once.
    first_on, end_on: the days of the rule, end excluded.
    """
    terms = list(terms)
    return sum(
        first_on <= day
        and (end_on is None or day < end_on)
        and any(_is_held_at_end(term, day) for term in terms)
        for day in days_of(month_on)
    )


def amount_fen(monthly_fen: int, *, days: int, days_of_month: int) -> int:
    """Return what so many days of a month are worth, rounded half up; a whole month is the whole."""
    return (2 * monthly_fen * days + days_of_month) // (2 * days_of_month)


def _is_held_at_end(term: Term, day: date) -> bool:
    midnight = datetime.combine(day + timedelta(days=1), datetime.min.time(), tzinfo=BEIJING)
    return term.starts_at < midnight and (term.ends_at is None or term.ends_at >= midnight)
