"""The SQL guard: every statement of the whole suite is scoped to a tenant, or the test fails.

It refuses what a distributed PostgreSQL would refuse, and what could show one tenant's rows to
another:

- with a tenant set, every tenants' table of a statement is tied to a value by `tenant_id = …`
  conditions that always hold (joined by AND, or handed on by a join);
- inside `all_tenants()`, the tenants' tables of a statement are tied to each other, no rows locked;
- an INSERT names `tenant_id`.

Full-text tables (`*_fts`) count as tenants' tables, unless they are `MARKED`: then the tenant is
one of the words that are stored and searched. `sqlscope` does the reading; here is the hook.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

from django.apps import apps
from django.db import connections
from django.db.backends.base.operations import BaseDatabaseOperations
from django.db.backends.signals import connection_created
from django.db.migrations.executor import MigrationExecutor

from linli.kernel import tenancy
from linli.kernel.db.keys import is_tenant
from tests import sqlscope

# Full-text tables whose words hold the tenant's mark ("tenant7"), each with its reason.
MARKED = {
    "cases_fts": "FTS5 filters by words, not by columns; the mark keeps a search as fast",
    "people_fts": "the same, of people",
}

DATA = re.compile(r"\s*(?:\(\s*)*(SELECT|INSERT|UPDATE|DELETE|REPLACE|WITH)\b", re.IGNORECASE)
_is_on = True
offences: list[str] = []


class Unscoped(AssertionError):
    """A statement that is not scoped to a tenant."""


def install() -> None:
    """Watch every connection of this process, now and later, until the process ends."""
    for connection in connections.all(initialized_only=True):
        _watch(connection)
    connection_created.connect(_on_connection, dispatch_uid="sqlguard")
    # Migrations, and emptying all tables between transactional tests, work on all tenants' rows.
    for holder, name in (
        (BaseDatabaseOperations, "execute_sql_flush"),
        (MigrationExecutor, "migrate"),
    ):
        setattr(holder, name, _unguarded(getattr(holder, name)))


@contextmanager
def off() -> Iterator[None]:
    """Let everything through: for tests that look at tables from outside, never for the product."""
    global _is_on  # noqa: PLW0603 (one guard per process)
    was, _is_on = _is_on, False
    try:
        yield
    finally:
        _is_on = was


def check(sql: str, *, vendor: str, is_across: bool) -> str | None:
    """Return what is wrong with a statement, or None."""
    if not DATA.match(sql):
        return None
    return _check(sql, vendor, is_across)


def find_unmarked(sql: str, params: Any) -> str | None:
    """Return what is wrong with a statement on a marked table: no parameter holds the tenant."""
    if not DATA.match(sql) or not any(table in sql for table in MARKED):
        return None
    mark = re.compile(rf"\btenant{tenancy.current_tenant_id()}\b")
    is_marked = any(isinstance(value, str) and mark.search(value) for value in params or ())
    return None if is_marked else "Words without the tenant's mark"


@cache
def _check(sql: str, vendor: str, is_across: bool) -> str | None:
    if not any(table in sql for table in tenant_tables()) and "_fts" not in sql:
        return None
    return sqlscope.find_offence(
        sql,
        dialect="postgres" if vendor == "postgresql" else vendor,
        is_across=is_across,
        is_tenant_table=_is_guarded,
    )


def _is_guarded(table: str) -> bool:
    return table in tenant_tables() or (table.endswith("_fts") and table not in MARKED)


@cache
def tenant_tables() -> frozenset[str]:
    """Return the names of all tables whose rows belong to tenants."""
    return frozenset(m._meta.db_table for m in apps.get_models() if is_tenant(m))


def _guard(execute: Callable, sql: Any, params: Any, many: bool, context: dict[str, Any]) -> Any:
    if _is_on:
        vendor = context["connection"].vendor
        wrong = check(str(sql), vendor=vendor, is_across=tenancy.is_across())
        wrong = wrong or find_unmarked(str(sql), params)
        if wrong:
            # Kept as well as raised: a worker that survives exceptions must not hide it.
            offences.append(f"{wrong}\n  {sql}")
            raise Unscoped(offences[-1])
    return execute(sql, params, many, context)


def _watch(connection: Any) -> None:
    if _guard not in connection.execute_wrappers:
        connection.execute_wrappers.append(_guard)


def _on_connection(connection: Any, **_: Any) -> None:
    _watch(connection)


def _unguarded(function: Callable) -> Callable:
    def run(*args: Any, **kwargs: Any) -> Any:
        with off():
            return function(*args, **kwargs)

    return run
