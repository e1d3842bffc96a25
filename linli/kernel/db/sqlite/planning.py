"""What SQLite's planner is told about our indexes: that a tenant alone chooses nothing.

Without statistics SQLite takes an index's first column to leave ten rows. Nearly all of ours begin
with `tenant_id`, which leaves all of them: `id IN (a page of ids)` then read every row of the tenant
(measured: 200 ms at 400,000 persons, 1 ms with this). Statistics gathered from the rows would be as
wrong again after the first large import, and other connections would not see them; these hold from
the first row on.
"""

from typing import Any, Final

from django.apps import AppConfig
from django.db import connections

# What SQLite itself takes for granted (sqlite3DefaultRowEst): rows of a table, of a part of it, and rows
# that are left by the first, second, third … column after the tenant's.
ROWS: Final = 1_048_576
SOME_ROWS: Final = 100_000
LEFT: Final = (10, 9, 8, 7, 6)


def teach(sender: AppConfig, using: str, **_signal: Any) -> None:
    """Write the statistics of every index that begins with the tenant, after migrations."""
    connection = connections[using]
    if connection.vendor != "sqlite":
        return
    with connection.cursor() as cursor:
        # Makes the table of statistics where there is none; what it gathered is replaced.
        cursor.execute("ANALYZE sqlite_schema")
        cursor.execute("DELETE FROM sqlite_stat1")
        cursor.executemany(
            "INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES (%s, %s, %s)", _rows(cursor)
        )
        cursor.execute("ANALYZE sqlite_schema")


def statistics(columns: list[str], *, is_unique: bool, is_partial: bool) -> str:
    """Return what stands in `sqlite_stat1.stat` for an index: rows, then rows left by each column."""
    rows = SOME_ROWS if is_partial else ROWS
    left = [rows, *(LEFT[min(at, len(LEFT) - 1)] for at in range(len(columns) - 1))]
    if is_unique:
        left[-1] = 1
    return " ".join(map(str, [rows, *left]))


def _rows(cursor: Any) -> list[tuple[str, str, str]]:
    cursor.execute(
        'SELECT m.name, l.name, l."unique", l.partial, i.name'
        " FROM sqlite_master m, pragma_index_list(m.name) l, pragma_index_info(l.name) i"
        " WHERE m.type = 'table' ORDER BY m.name, l.name, i.seqno"
    )
    found: dict[tuple[str, str, bool, bool], list[str]] = {}
    for table, index, is_unique, is_partial, column in cursor.fetchall():
        found.setdefault((table, index, bool(is_unique), bool(is_partial)), []).append(column)
    return [
        (table, index, statistics(columns, is_unique=is_unique, is_partial=is_partial))
        for (table, index, is_unique, is_partial), columns in found.items()
        if columns[0] == "tenant_id"
    ]
