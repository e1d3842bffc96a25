"""Writes a row unless its unique key is there already: one statement, no savepoint, no race."""

from functools import cache

from django.db import connection, models

from linli.kernel.tenancy import current_tenant_id


def insert_once(row: models.Model) -> bool:
    """Insert the row and tell whether it was new; one with the same unique key stays as it is.

    A second sender waits until the first transaction has ended (PostgreSQL), or before its own
    (SQLite). Neither SELECT-then-INSERT nor an INSERT that may fail does the same in one statement.
    """
    if row.tenant_id != current_tenant_id():  # type: ignore[attr-defined]
        raise RuntimeError("A row of another tenant can't be written here.")
    fields = row._meta.concrete_fields
    values = [field.get_db_prep_save(field.pre_save(row, True), connection) for field in fields]
    with connection.cursor() as cursor:
        cursor.execute(_statement(type(row)), values)
        is_new = bool(cursor.rowcount == 1)
    if is_new:
        row._state.adding, row._state.db = False, connection.alias
    return is_new


@cache
def _statement(model: type[models.Model]) -> str:
    columns = [field.column for field in model._meta.concrete_fields]
    names = ", ".join(f'"{column}"' for column in columns)
    marks = ", ".join(["%s"] * len(columns))
    table = model._meta.db_table
    return f'INSERT INTO "{table}" ({names}) VALUES ({marks}) ON CONFLICT DO NOTHING'
