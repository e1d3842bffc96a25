"""A table of words on PostgreSQL, asked for what was entered last first, without a planner's guess.

What many rows hold is found soonest by walking those entered last, what few hold by the index of words; a
planner that guesses wrong reads a whole tenant (70 ms of 400,000 persons, seconds of a million cases). The
subqueries are such as it may not open.
"""

from typing import Any
from uuid import UUID

from django.db import connection

from linli.kernel import tenancy


class WordTable:
    """A tenant's table with `id`, `words` (tsvector, under a GIN index) and the id of whom they find."""

    def __init__(self, table: str, whom: str) -> None:
        """table, whom: names of ours, never what somebody typed."""
        self._walk = f"""
            SELECT {whom} FROM (
                SELECT id, {whom}, words FROM {table}
                WHERE tenant_id = %s ORDER BY id DESC LIMIT %s
            ) newest WHERE words @@ %s::tsquery ORDER BY id DESC LIMIT %s"""
        self._look_up = f"""
            SELECT {whom} FROM (
                SELECT id, {whom} FROM {table}
                WHERE tenant_id = %s AND words @@ %s::tsquery OFFSET 0
            ) hits ORDER BY id DESC LIMIT %s"""

    def among_newest(self, expression: str, newest: int, most: int) -> list[UUID]:
        """Return the matches among so many that were entered last, those first."""
        return _ids(self._walk, newest, expression, most)

    def by_index(self, expression: str, most: int) -> list[UUID]:
        """Return the matches, those entered last first: all of them are read, but nothing else."""
        return _ids(self._look_up, expression, most)


def _ids(sql: str, *asked: Any) -> list[UUID]:
    with connection.cursor() as cursor:
        cursor.execute(sql, [tenancy.current_tenant_id(), *asked])
        return [found for (found,) in cursor.fetchall()]
