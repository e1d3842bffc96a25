"""Sums of the tallies for an area and a stretch of days: one short walk along one index each.

SQL and not querysets: a page asks five times, and adding up thirty columns through a queryset costs
more in building the question than in answering it.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any, Final

from django.db import connection

from linli.indicators.models import Tally, TallyState
from linli.indicators.rules import shares
from linli.indicators.rules.figures import rate_of
from linli.indicators.rules.measures import (
    ALL,
    CATEGORY,
    CODES,
    LAST_STEP,
    ORGANISATION,
    STEPS,
    TOOK,
)
from linli.indicators.rules.shares import Rate
from linli.indicators.selectors.figures import BY_CODE, RATES
from linli.kernel.tenancy import current_tenant_id

Counts = dict[str, int]
_NOTHING: Final = dict.fromkeys(CODES, 0)
_CUTS: Final = {"category": CATEGORY, "organisation": ORGANISATION}


@dataclass(frozen=True, slots=True)
class Rates:
    """The three rates of an area and a stretch of days, raw beside official."""

    response: Rate
    resolution: Rate
    satisfaction: Rate


def rates(area_path: str, first_day: date, last_day: date, *, category_code: str = "") -> Rates:
    """Return the three rates of an area, both days included.

    Source: house.md 4, three rates everywhere; raw beside official, with the number of answers.
    """
    return rates_of(counts(area_path, first_day, last_day, category_code=category_code))


def rates_of(sums: Mapping[str, int]) -> Rates:
    """Return the three rates that some sums make."""
    return Rates(*(rate_of(BY_CODE[code], sums) for code in RATES))


def counts(area_path: str, first_day: date, last_day: date, *, category_code: str = "") -> Counts:
    """Return every measure of an area, both days included, by its code (rules.measures).

    received, resolved, closed, declined, merged, withdrawn, reopened, unrated, rated, me_too … are
    those of the days; what stands open at this moment is asked with `now_counts`.
    """
    cut = CATEGORY if category_code else ALL
    rows = _ask("", "area_path = %s AND cut = %s AND day BETWEEN %s AND %s AND key = %s",
                [area_path, cut, first_day, last_day, category_code])  # fmt: skip
    return _named(rows[0])


def counts_by_day(area_path: str, first_day: date, last_day: date) -> dict[date, Counts]:
    """Return every measure for each day of an area; days on which nothing counts are not in it."""
    rows = _ask("day", "area_path = %s AND cut = %s AND day BETWEEN %s AND %s",
                [area_path, ALL, first_day, last_day])  # fmt: skip
    return {_date(row[0]): _named(row[1:]) for row in rows}


def counts_by_area(area_paths: Sequence[str], first_day: date, last_day: date) -> dict[str, Counts]:
    """Return every measure for each of some areas; those in which nothing counts are all zeros."""
    found = dict.fromkeys(area_paths, _NOTHING)
    if area_paths:
        marks = ", ".join(["%s"] * len(area_paths))
        rows = _ask(
            "area_path",
            f"area_path IN ({marks}) AND cut = %s AND day BETWEEN %s AND %s",
            [*area_paths, ALL, first_day, last_day],
        )
        found |= {row[0]: _named(row[1:]) for row in rows}
    return found


def counts_by(cut: str, area_path: str, first_day: date, last_day: date) -> dict[str, Counts]:
    """Return every measure by "category" (its code) or "organisation" (the handler's id, hex)."""
    rows = _ask("key", "area_path = %s AND cut = %s AND day BETWEEN %s AND %s",
                [area_path, _CUTS[cut], first_day, last_day])  # fmt: skip
    return {row[0]: _named(row[1:]) for row in rows}


def now_counts(area_path: str) -> Counts:
    """Return what stands open in an area at this moment: in_hand, overdue."""
    return now_by_area([area_path])[area_path]


def now_by_area(area_paths: Sequence[str]) -> dict[str, Counts]:
    """Return what stands open in each of some areas at this moment: in_hand, overdue."""
    found = {path: {"in_hand": 0, "overdue": 0} for path in area_paths}
    if not area_paths:
        return found
    marks = ", ".join(["%s"] * len(area_paths))
    sql = (
        f"SELECT area_path, sum(in_hand), sum(overdue) FROM {_TABLE} WHERE tenant_id = %s"
        f" AND area_path IN ({marks}) AND cut = '' AND key = '' AND in_hand > 0"
        f" AND edition = ({_EDITION}) GROUP BY area_path"
    )
    tenant_id = current_tenant_id()
    with connection.cursor() as cursor:
        cursor.execute(sql, [tenant_id, *area_paths, tenant_id])
        for path, in_hand, overdue in cursor.fetchall():
            found[path] = {"in_hand": in_hand, "overdue": overdue}
    return found


def median_days(area_path: str, first_day: date, last_day: date) -> float | None:
    """Return within how many days half of what was resolved was; None when nothing was."""
    sql = (
        f"SELECT key, sum(resolved) FROM {_TABLE} WHERE tenant_id = %s AND area_path = %s"
        f" AND cut = %s AND day BETWEEN %s AND %s AND edition = ({_EDITION}) GROUP BY key"
    )
    tenant_id = current_tenant_id()
    with connection.cursor() as cursor:
        cursor.execute(sql, [tenant_id, area_path, TOOK, first_day, last_day, tenant_id])
        found = dict(cursor.fetchall())
    steps = [(float(step), found.get(f"{step:05d}", 0)) for step in STEPS]
    hours = shares.median([*steps, (math.inf, found.get(LAST_STEP, 0))])
    return None if hours is None else hours / 24


_TABLE: Final = Tally._meta.db_table
# What is read: the newest complete edition. Before anything was counted there is none, and no row.
_EDITION: Final = f"SELECT s.edition FROM {TallyState._meta.db_table} s WHERE s.tenant_id = %s"


def _ask(by: str, where: str, parameters: Iterable[Any]) -> list[Sequence[Any]]:
    tenant_id = current_tenant_id()
    with connection.cursor() as cursor:
        cursor.execute(_sql(by, where), [tenant_id, *parameters, tenant_id])
        return cursor.fetchall()


@cache
def _sql(by: str, where: str) -> str:
    sums = ", ".join(f"coalesce(sum({code}), 0)" for code in CODES)
    head = f"SELECT {by + ', ' if by else ''}{sums} FROM {_TABLE}"
    tail = f" GROUP BY {by}" if by else ""
    return f"{head} WHERE tenant_id = %s AND {where} AND edition = ({_EDITION}){tail}"


def _named(row: Sequence[int]) -> Counts:
    return dict(zip(CODES, map(int, row), strict=True))


def _date(value: Any) -> date:
    return value if isinstance(value, date) else date.fromisoformat(value)
