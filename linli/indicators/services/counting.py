"""Keeps facts and tallies: what a case adds to the figures is taken away and added anew.

What a case adds is stored beside it (CaseFact). When the case moves, the difference between the stored
fact and the one worked out now goes into the tallies, in the transaction that also marks the event as
delivered: counted exactly once, whatever dies when. As facts are worked out from the cases themselves,
and never from what an event says, late or repeated events change nothing.
"""

from collections.abc import Iterable, Sequence
from functools import cache, lru_cache
from typing import Any, Final, NamedTuple
from uuid import UUID

from django.db import connection, transaction

from linli.cases.selectors import facts as case_facts
from linli.indicators.models import CaseFact, Tally, TallyState
from linli.indicators.rules import measures
from linli.indicators.rules.measures import CODES, DAYS, FACT, Cell, Counts
from linli.kernel.ids import new_id
from linli.kernel.tenancy import current_tenant_id

# As many cases at a time as a statement may have parameters for, with room to spare.
MOST: Final = 500
_FACTS: Final = CaseFact._meta.db_table
_TALLIES: Final = Tally._meta.db_table
_STATES: Final = TallyState._meta.db_table


@transaction.atomic
def count_cases(case_ids: Iterable[UUID]) -> int:
    """Bring facts and tallies up to date for some cases; as often as you like. Returns how many of
    them count otherwise than before.
    """
    ids = [plain(case_id) for case_id in dict.fromkeys(case_ids)]
    if not ids:
        return 0
    editions = _lock_editions()
    stretches = (ids[first : first + MOST] for first in range(0, len(ids), MOST))
    return sum(_count_some(some, editions) for some in stretches)


class Editions(NamedTuple):
    """What is counted into: the edition that is read, and the one being built, up to some case."""

    read: int
    building: int | None
    built_to: Any


def _lock_editions() -> Editions:
    """Take the turn of whoever counts. Asked with every event, so it is SQL and no queryset."""
    lock = " FOR UPDATE" if connection.vendor == "postgresql" else ""
    sql = f"SELECT edition, building, built_to FROM {_STATES} WHERE tenant_id = %s{lock}"
    with connection.cursor() as cursor:
        cursor.execute(sql, [current_tenant_id()])
        row = cursor.fetchone()
    if row is None:
        lock_state()
        return Editions(1, None, None)
    return Editions(*row)


def lock_state() -> TallyState:
    """Return the tenant's state of counting, locked: who counts and who rebuilds take turns."""
    locked = TallyState.objects.select_for_update().order_by("pk").first()
    if locked is None:
        TallyState.objects.get_or_create()
        locked = TallyState.objects.select_for_update().get()
    return locked


def _count_some(ids: list[Any], editions: Editions) -> int:
    old = {fact[0]: fact for fact in _read(ids, is_stored=True)}
    new = {fact[0]: fact for fact in _read(ids, is_stored=False)}
    moved = [key for key in old.keys() | new.keys() if old.get(key) != new.get(key)]
    if not moved:
        return 0
    built = [key for key in moved if editions.built_to and key <= editions.built_to]
    _write([new[key] for key in moved if key in new])
    for edition, keys in ((editions.read, moved), (editions.building, built)):
        if edition is not None and keys:
            sums = measures.differences(
                (old[key] for key in keys if key in old), (new[key] for key in keys if key in new)
            )
            add(measures.spread(sums), edition)
    return len(moved)


def _read(ids: list[Any], *, is_stored: bool) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            # One statement whatever the number, which the driver reads once.
            cursor.execute(_read_sql("= ANY(%s)", is_stored=is_stored), [current_tenant_id(), ids])
        else:
            marks = ", ".join(["%s"] * len(ids))
            sql = _read_sql(f"IN ({marks})", is_stored=is_stored)
            cursor.execute(sql, [current_tenant_id(), *ids])
        return [_normal(row) for row in cursor.fetchall()]


@lru_cache(maxsize=2 * MOST)
def _read_sql(among: str, *, is_stored: bool) -> str:
    if is_stored:
        return f"SELECT {', '.join(FACT)} FROM {_FACTS} WHERE {own_rows()} AND id {among}"
    return facts_of(f"c.id {among}")


def facts_of(which: str) -> str:
    """Return the query of the facts of the cases that `which` names, a condition on `c`."""
    cast = "::int" if connection.vendor == "postgresql" else ""
    return measures.fact_sql(case_facts.source(which), cast=cast)


def own_rows() -> str:
    """Return the tenant's condition for statements that find facts by their ids.

    A SQLite without statistics takes ten rows to be a tenant's, and would rather read all of them
    than look for ten ids; the sign keeps it from the indexes of the tenant.
    """
    return "+tenant_id = %s" if connection.vendor == "sqlite" else "tenant_id = %s"


_DAYS_AT: Final = tuple(FACT.index(day) for day in DAYS)
_SECRET_AT: Final = FACT.index("is_confidential")


def _normal(row: Sequence[Any]) -> tuple[Any, ...]:
    """Return a fact in the same types, whichever database and table it came from."""
    fact = list(row)
    fact[_SECRET_AT] = bool(fact[_SECRET_AT])
    for at in _DAYS_AT:
        fact[at] = None if fact[at] is None else str(fact[at])
    return tuple(fact)


def _write(facts: list[tuple[Any, ...]]) -> None:
    with connection.cursor() as cursor:
        cursor.executemany(_upsert_fact(), facts)


@cache
def _upsert_fact() -> str:
    changed = ", ".join(f"{name} = excluded.{name}" for name in FACT[2:])
    target = "id, tenant_id" if connection.vendor == "postgresql" else "id"
    return (
        f"INSERT INTO {_FACTS} ({', '.join(FACT)}) VALUES ({', '.join(['%s'] * len(FACT))})"
        f" ON CONFLICT ({target}) DO UPDATE SET {changed}"
    )


def add(cells: dict[Cell, Counts], edition: int) -> None:
    """Add to the tallies of an edition. In one order, so that two workers never wait in a ring."""
    tenant_id = current_tenant_id()
    rows = [
        (plain(new_id()), tenant_id, edition, path, cut, key, day, *cells[path, cut, key, day])
        for path, cut, key, day in sorted(cells)
    ]
    with connection.cursor() as cursor:
        cursor.executemany(_upsert_tally(), rows)


@cache
def _upsert_tally() -> str:
    names = ("id", "tenant_id", "edition", "area_path", "cut", "key", "day", *CODES)
    added = ", ".join(f"{code} = {_TALLIES}.{code} + excluded.{code}" for code in CODES)
    return (
        f"INSERT INTO {_TALLIES} ({', '.join(names)}) VALUES ({', '.join(['%s'] * len(names))})"
        " ON CONFLICT (tenant_id, area_path, cut, day, key, edition)"
        f" DO UPDATE SET {added}"
    )


def plain(value: UUID) -> Any:
    """Return an id as the database's own driver takes and gives it."""
    return value if connection.vendor == "postgresql" else value.hex
