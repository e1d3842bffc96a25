"""Registering asks by an index, one person as well as a list: a register holds a whole district."""

from contextlib import contextmanager

import pytest
from django.db import connection

from linli.people.errors import AlreadyRegistered
from linli.people.tests.makers import number_of
from linli.people.tests.test_import import bring, door, file_of, line, take
from linli.people.tests.test_register import register

__all__ = ["door"]


@contextmanager
def indexed(table):
    """Fail when a statement of the block reads every row of a table."""
    scans = []

    def explain(execute, sql, params, many, context):
        if sql.startswith("SELECT") and f'FROM "{table}"' in sql:
            execute(f"EXPLAIN QUERY PLAN {sql}", params, many, context)
            plan = [row[3] for row in context["cursor"].fetchall()]
            scans.extend((sql, step) for step in plan if step.startswith(f"SCAN {table}"))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(explain):
        yield
    assert scans == []


@pytest.mark.skipif(
    connection.vendor != "sqlite", reason="PostgreSQL rightly reads so small a table whole."
)
def test_whoever_is_registered_is_compared_by_indexes(cast, door):
    number = number_of("19410101", "002")
    rows = [line("梅小雨", number), line("林大山", number_of("19500101", "004"))]
    with indexed("people_person"):
        kept, _run = bring(cast, file_of(*rows))
        take(cast, kept)
        with pytest.raises(AlreadyRegistered):
            register(door.id, "梅小雨", id_number=number, actor=cast.lin)
