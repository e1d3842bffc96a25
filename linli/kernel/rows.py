"""Writes new rows with statements that are put together once: many rows in one, or only the unknown.

The ORM builds the same INSERT anew for every row, which costs a report more than the database takes
to write it. Fields, types and the tenant are the ORM's as ever; only its work is kept.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import cache
from typing import Any, Final, TypeVar
from uuid import UUID

from django.db import DEFAULT_DB_ALIAS, connections, models
from django.db.models.base import ModelState

from linli.kernel.prepared import kept_cursor
from linli.kernel.tenancy import current_tenant_id

Row = TypeVar("Row", bound=models.Model)

# Parameters in one statement: enough that its own cost does not count, few enough for any database.
MOST_PARAMETERS: Final = 2_000
# From so many rows on PostgreSQL is sent them by COPY.
FEWEST_COPIED: Final = 40
# Rows of statements whose plan is kept.
MOST_KEPT: Final = 2
# What such a field holds is written as it is, or in one known way, when it is of exactly that type.
_PLAIN: Final[tuple[tuple[type[models.Field], type], ...]] = (
    (models.CharField, str),
    (models.BooleanField, bool),
    (models.IntegerField, int),
    (models.FloatField, float),
    (models.UUIDField, UUID),
    (models.DateTimeField, datetime),
)
_AS_IS: Final = frozenset((str, bool, int, float))
_UNLESS_KNOWN: Final = ' ON CONFLICT DO NOTHING RETURNING "id"'


def made(model: type[Row], **values: Any) -> Row:
    """Return a new row with these columns (`person_id`, not `person`), the others as their fields say.

    What `model(**values)` does for forms and relations costs a list of people a tenth of its import.
    """
    row = model.__new__(model)
    row._state = ModelState()
    plain, asked = _defaults(model)
    row.__dict__.update(plain)
    for name, ask in asked:
        if name not in values:
            row.__dict__[name] = ask()
    row.__dict__.update(values)
    return row


def insert(row: models.Model) -> None:
    """Insert a new row. Errors: IntegrityError, as `save` would."""
    insert_all([row])


def insert_all(rows: Sequence[models.Model]) -> None:
    """Insert new rows of one table and the current tenant. Errors: IntegrityError."""
    connection = connections[DEFAULT_DB_ALIAS]
    if len(rows) >= FEWEST_COPIED and connection.vendor == "postgresql":
        _copy(rows, connection)
        return
    for some in _batches(rows):
        with _cursor(connection, len(some)) as cursor:
            cursor.execute(_statement(type(some[0]), len(some)), _values(some, connection))
        _mark(some)


def insert_unknown(rows: Sequence[Row]) -> list[Row]:
    """Insert the rows of one table whose unique keys are not there yet; return those that were new.

    A second sender waits until the first transaction has ended (PostgreSQL), or before its own
    (SQLite). Neither SELECT-then-INSERT nor an INSERT that may fail does the same in one statement.
    """
    found: list[Row] = []
    for some in _batches(rows):
        connection = connections[DEFAULT_DB_ALIAS]
        statement = _statement(type(some[0]), len(some), _UNLESS_KNOWN)
        with _cursor(connection, len(some)) as cursor:
            cursor.execute(statement, _values(some, connection))
            written = {row[0] for row in cursor.fetchall()}
        id_field = some[0]._meta.pk
        new = [row for row in some if id_field.get_db_prep_value(row.pk, connection) in written]
        _mark(new)
        found += new
    return found


def insert_once(row: models.Model) -> bool:
    """Insert the row and tell whether it was new; one with the same unique key stays as it is."""
    return bool(insert_unknown([row]))


def _copy(rows: Sequence[models.Model], connection: Any) -> None:
    """Send many rows to PostgreSQL by COPY, which reads no words of a statement."""
    columns = _columns(type(rows[0]))
    names = ", ".join(f'"{field.column}"' for field, _plain in columns)
    values, width = _values(rows, connection), len(columns)
    words = f'COPY "{rows[0]._meta.db_table}" ({names}) FROM STDIN'
    with (
        connection.cursor() as cursor,
        connection.wrap_database_errors,
        cursor.copy(words) as copy,
    ):
        for at in range(0, len(values), width):
            copy.write_row(values[at : at + width])
    _mark(rows)


def _cursor(connection: Any, count: int) -> Any:
    # What reports write again and again; a list's statement is hardly ever the same twice.
    return kept_cursor() if count <= MOST_KEPT else connection.cursor()


def _batches(rows: Sequence[Row]) -> Iterator[Sequence[Row]]:
    if rows:
        size = max(MOST_PARAMETERS // len(_columns(type(rows[0]))), 1)
        yield from (rows[at : at + size] for at in range(0, len(rows), size))


@cache
def _statement(model: type[models.Model], count: int, end: str = "") -> str:
    names = ", ".join(f'"{field.column}"' for field, _plain in _columns(model))
    marks = f"({', '.join(['%s'] * len(_columns(model)))})"
    into = f'INSERT INTO "{model._meta.db_table}" ({names}) VALUES '
    return into + ", ".join([marks] * count) + end


@cache
def _defaults(model: type[models.Model]) -> tuple[dict[str, Any], list[tuple[str, Any]]]:
    """Return the columns whose default is always the same, and those that are asked for each row."""
    plain: dict[str, Any] = {}
    asked: list[tuple[str, Any]] = []
    for field in model._meta.concrete_fields:
        if callable(field.default):
            asked.append((field.attname, field.get_default))
        else:
            plain[field.attname] = field.get_default()
    return plain, asked


@cache
def _columns(model: type[models.Model]) -> list[tuple[Any, type | None]]:
    """Return the fields of a table, each with the type that is written without asking the field."""
    return [(field, _plain_type(field)) for field in model._meta.concrete_fields]


def _plain_type(field: Any) -> type | None:
    kept = {"get_db_prep_save", "get_db_prep_value", "get_prep_value", "pre_save"}
    for kind, plain in _PLAIN:
        if isinstance(field, kind) and all(
            getattr(type(field), name) is getattr(kind, name) for name in kept
        ):
            is_set_at_saving = getattr(field, "auto_now", False) or getattr(
                field, "auto_now_add", False
            )
            return None if is_set_at_saving else plain
    is_key = isinstance(field, models.ForeignKey)
    return _plain_type(field.target_field) if is_key else None


def _values(rows: Sequence[models.Model], connection: Any) -> list[Any]:
    # The connection itself, because its proxy is looked up anew at each of some fifty columns.
    tenant_id = current_tenant_id()
    columns, values = _columns(type(rows[0])), []
    write = _Writer(connection)
    for row in rows:
        if row.tenant_id != tenant_id:  # type: ignore[attr-defined]
            raise RuntimeError("A row of another tenant can't be written here.")
        for field, plain in columns:
            if plain is None:
                value = field.get_db_prep_save(field.pre_save(row, True), connection)
            else:
                value = getattr(row, field.attname)
                if value is not None and plain not in _AS_IS:
                    value = write.known(field, value, plain)
                elif value is not None and type(value) is not plain:
                    value = field.get_db_prep_save(value, connection)
            values.append(value)
    return values


class _Writer:
    """Ids and moments as a database takes them; the rows of a list share their moments."""

    def __init__(self, connection: Any) -> None:
        self._connection = connection
        self._is_native = connection.features.has_native_uuid_field
        self._moments: dict[datetime, Any] = {}

    def known(self, field: Any, value: Any, plain: type[Any]) -> Any:
        """Return an id or a moment as it is written."""
        if type(value) is not plain:
            return field.get_db_prep_save(value, self._connection)
        if isinstance(value, UUID):
            return value if self._is_native else value.hex
        if value not in self._moments:
            self._moments[value] = field.get_db_prep_save(value, self._connection)
        return self._moments[value]


def _mark(rows: Sequence[models.Model]) -> None:
    for row in rows:
        row._state.adding, row._state.db = False, DEFAULT_DB_ALIAS
