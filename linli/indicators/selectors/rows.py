"""The rows behind a number: the tallies say on which days there are any, so that only those are read.

A page of rows of a rare figure in a long year costs as little as one of a common figure in a week.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any, Final
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext as _

from linli.cases.selectors import facts as case_facts
from linli.cases.selectors.catalogue import all_categories
from linli.indicators.models import CaseFact, Tally, TallyState
from linli.indicators.rules.figures import Figure
from linli.indicators.rules.measures import DAY_OF
from linli.kernel.actor import Actor
from linli.kernel.errors import NotFound
from linli.kernel.tenancy import current_tenant_id

PAGE_SIZE: Final = 25
_FACTS: Final = CaseFact._meta.db_table
_TALLIES: Final = Tally._meta.db_table
# How many days of tallies are looked at for one page: rows lie close together or not at all.
_MOST_DAYS: Final = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Which rows: of which figure, where, when, of which category or handler.

    is_miss: of a rate, those that are in the whole and not in the part. after: where the page before
    ended.
    """

    figure: Figure
    area_path: str
    first_day: date
    last_day: date
    category: str = ""
    organisation: str = ""
    is_miss: bool = False
    after: str = ""


@dataclass(frozen=True, slots=True)
class Rows:
    """One page of rows, newest day first. `hidden`: rows of this page that the reader may not see."""

    cases: list[Any]
    hidden: int
    next_after: str


@dataclass(frozen=True, slots=True)
class _Leg:
    """Rows of one measure on its day, without those of others."""

    measure: str
    without: tuple[str, ...] = ()

    @property
    def day(self) -> str:
        return DAY_OF[self.measure]


def rows_behind(asked: Asked, actor: Actor) -> Rows:
    """Return one page of the cases that a figure counts and the actor may see.

    Errors: NotFound, for a confidential category whose cases the actor may not see: how many there
    are is confidential too.
    """
    kinds = {one.code for one in all_categories().values() if one.is_confidential}
    if asked.category in kinds and not actor.can("cases.confidential", asked.area_path):
        raise NotFound(_("没有找到这一页，或者您的岗位看不到它。"))
    found: list[tuple[str, Any]] = []
    for leg in _legs(asked.figure, is_miss=asked.is_miss):
        found += _open_now(asked) if asked.figure.is_now else _of_leg(leg, asked)
    found = sorted(set(found), reverse=True)[: PAGE_SIZE + 1]
    page = found[:PAGE_SIZE]
    ids = [_uuid(case_id) for _day, case_id in page]
    cases = case_facts.rows_of(ids, actor)
    after = f"{page[-1][0]}~{_uuid(page[-1][1]).hex}" if len(found) > PAGE_SIZE else ""
    return Rows(cases, len(ids) - len(cases), after)


def _legs(figure: Figure, *, is_miss: bool) -> list[_Leg]:
    """Return what a figure counts, measure by measure; of a rate, its whole."""
    terms = figure.whole or figure.part or ("resolved",)
    without = tuple(term[1:] for term in terms if term.startswith("-"))
    missed = figure.part if is_miss and figure.whole else ()
    return [
        _Leg(term, without + tuple(part for part in missed if DAY_OF[part] == DAY_OF[term]))
        for term in terms
        if not term.startswith("-")
    ]


def _of_leg(leg: _Leg, asked: Asked) -> list[tuple[str, Any]]:
    after_day, after_id = _after(asked)
    last = min(asked.last_day, after_day) if after_day else asked.last_day
    days = _days(leg, asked, last)
    if not days:
        return []
    marks = ", ".join(["%s"] * len(days))
    where, more = _narrowed(asked)
    parameters = [current_tenant_id(), *days, *_inside(asked.area_path), *more]
    if after_day:
        where += f" AND ({leg.day} < %s OR id < %s)"
        parameters += [after_day, _plain(after_id)]
    sql = (
        f"SELECT {leg.day}, id FROM {_FACTS} WHERE tenant_id = %s AND {leg.day} IN ({marks})"
        f" AND substr(area_path, 1, %s) = %s AND {_counted(leg)}{where}"
        f" ORDER BY {leg.day} DESC, id DESC LIMIT {PAGE_SIZE + 1}"
    )
    return _read(sql, parameters)


def _days(leg: _Leg, asked: Asked, last: date) -> list[str]:
    """Return the newest days that hold a page of rows, from the tallies."""
    cut, key = "", ""
    if asked.category or asked.organisation:
        cut = "category" if asked.category else "organisation"
        key = asked.category or asked.organisation
    tenant_id = current_tenant_id()
    parameters = [tenant_id, asked.area_path, cut, key, asked.first_day, last, tenant_id]
    found, held = [], 0
    for day, number in _read(_days_sql(leg), parameters):
        found.append(str(day))
        # The first day may have been shown in part.
        held += number if found[1:] or not asked.after else 0
        if held > PAGE_SIZE and not (asked.category and asked.organisation):
            break
    return found


@cache
def _days_sql(leg: _Leg) -> str:
    number = " - ".join([leg.measure, *leg.without])
    return (
        f"SELECT day, {number} FROM {_TALLIES} WHERE tenant_id = %s AND area_path = %s AND cut = %s"
        f" AND key = %s AND day BETWEEN %s AND %s AND edition = ("
        f"SELECT s.edition FROM {TallyState._meta.db_table} s WHERE s.tenant_id = %s)"
        f" AND {number} > 0 ORDER BY day DESC LIMIT {_MOST_DAYS}"
    )


def _open_now(asked: Asked) -> list[tuple[str, Any]]:
    """Return what stands open, newest first: few rows of all have an index of their own."""
    where, more = _narrowed(asked)
    parameters = [current_tenant_id(), *_inside(asked.area_path), *more]
    _day, after_id = _after(asked)
    if after_id is not None:
        where += " AND id < %s"
        parameters.append(_plain(after_id))
    sql = (
        f"SELECT '', id FROM {_FACTS} WHERE tenant_id = %s AND in_hand > 0"
        f" AND substr(area_path, 1, %s) = %s AND {asked.figure.part[0]} > 0{where}"
        f" ORDER BY id DESC LIMIT {PAGE_SIZE + 1}"
    )
    return _read(sql, parameters)


def _inside(area_path: str) -> list[Any]:
    return [len(area_path), area_path]


def _counted(leg: _Leg) -> str:
    return " AND ".join([f"{leg.measure} > 0", *(f"{code} = 0" for code in leg.without)])


def _narrowed(asked: Asked) -> tuple[str, list[Any]]:
    where, parameters = "", []
    for name in ("category", "organisation"):
        if getattr(asked, name):
            where += f" AND {name} = %s"
            parameters.append(getattr(asked, name))
    return where, parameters


def _after(asked: Asked) -> tuple[date | None, UUID | None]:
    """Return where the page before ended; an address that was cut off begins anew."""
    day, _sep, case_id = asked.after.partition("~")
    try:
        return (date.fromisoformat(day) if day else None), (UUID(case_id) if case_id else None)
    except ValueError:
        return None, None


def _read(sql: str, parameters: Iterable[Any]) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(sql, list(parameters))
        rows: Sequence[Any] = cursor.fetchall()
    return [(str(row[0]), row[1]) for row in rows]


def _plain(value: UUID | None) -> Any:
    return value if value is None or connection.vendor == "postgresql" else value.hex


def _uuid(value: Any) -> UUID:
    return value if isinstance(value, UUID) else UUID(value)
