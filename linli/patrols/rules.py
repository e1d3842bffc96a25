"""When a point is due again, what an answer says, how near is near; no database, no clock."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any, Final

from linli.field.selectors.items import Item, ItemKind
from linli.kernel.sentences import answered

NEAR_M: Final = 80  # a phone between tall buildings is off by as much
MOST_POINTS: Final = 200
WEEKDAYS: Final = "1234567"


def is_planned(day: date, *, weekdays: str, every_days: int, starts_on: date) -> bool:
    """Tell whether a route is walked on a day."""
    if day < starts_on:
        return False
    if weekdays:
        return str(day.isoweekday()) in weekdays
    return (day - starts_on).days % every_days == 0


def first_day(from_day: date, *, weekdays: str, every_days: int, starts_on: date) -> date:
    """Return the first planned day on or after a day."""
    day = max(from_day, starts_on)
    if weekdays:
        return next(
            found
            for found in (day + timedelta(days=n) for n in range(7))
            if str(found.isoweekday()) in weekdays
        )
    rest = (day - starts_on).days % every_days
    return day + timedelta(days=(every_days - rest) % every_days)


def next_day(seen_on: date, *, weekdays: str, every_days: int, starts_on: date) -> date:
    """Return by when a point that was seen on a day is to be seen again.

    By weekdays: the next of them. Every so many days: so many days after it was seen.
    """
    if weekdays:
        tomorrow = seen_on + timedelta(days=1)
        return first_day(tomorrow, weekdays=weekdays, every_days=every_days, starts_on=starts_on)
    return max(seen_on, starts_on) + timedelta(days=every_days)


def planned_days(
    first: date, last: date, *, weekdays: str, every_days: int, starts_on: date
) -> int:
    """Return how many planned days lie between two days, both included."""
    first = max(first, starts_on)
    if first > last:
        return 0
    if weekdays:
        weeks, rest = divmod((last - first).days + 1, 7)
        days = (first + timedelta(days=n) for n in range(rest))
        return weeks * len(weekdays) + sum(str(day.isoweekday()) in weekdays for day in days)
    start = first_day(first, weekdays="", every_days=every_days, starts_on=starts_on)
    return 0 if start > last else (last - start).days // every_days + 1


def bad_items(items: Iterable[Item], answers: Mapping[str, Any]) -> list[tuple[Item, str]]:
    """Return the items whose answers are something to act on, each with the answer in words."""
    found = []
    for item in items:
        said = answers.get(item.code)
        if item.kind == ItemKind.CHOICE:
            found += [(item, one.label) for one in item.choices if one.code == said and one.is_bad]
        elif item.kind == ItemKind.YES_NO and item.bad_if and said == item.bad_if:
            found.append((item, "有" if said == "yes" else "没有"))
    return found


def fine_answers(items: Iterable[Item]) -> dict[str, str]:
    """Return the answers that "all fine" stands for: the first good choice, the good yes or no."""
    found: dict[str, str] = {}
    for item in items:
        if item.kind == ItemKind.CHOICE:
            good = [one.code for one in item.choices if not one.is_bad]
            found |= {item.code: good[0]} if good else {}
        elif item.kind == ItemKind.YES_NO and item.bad_if:
            found[item.code] = "no" if item.bad_if == "yes" else "yes"
    return found


def sentence_of(bad: Iterable[tuple[Item, str]]) -> str:
    """Return what was found in words, when nobody wrote any: 消防通道：堵了；灯：不亮。"""
    return "；".join(answered(item.label, words) for item, words in bad) + "。"
