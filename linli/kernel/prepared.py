"""Statements built once: SQL is compiled at the first question of a shape, later only values change.

Building a query of the ORM costs a page more than the database takes to answer it: about a
millisecond for a filter over several tables, against a tenth for sending it. Tenant scope, field
types and the database's dialect are the ORM's as ever; only its work is kept.
"""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from uuid import UUID, SafeUUID

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Model, QuerySet
from django.db.models.base import ModelState

from linli.kernel import tenancy

MOST: Final = 500
_MANY: Final = 40  # rows from which on columns are converted as a whole
_Converters = list[tuple[int, list[Callable[..., Any]], Any]]
_Quick = list[tuple[int, Callable[[Any], Any]]]


@dataclass(frozen=True, slots=True)
class _Statement:
    """SQL with its parameters; `places` says which of them are values of which name."""

    sql: str
    params: tuple[Any, ...]
    places: tuple[tuple[int, str], ...]
    quick: _Quick  # what SQLite holds as text and Django would ask everything about, value by value
    converters: _Converters
    is_kept: bool = True  # PostgreSQL keeps the plan too

    def run(self, values: dict[str, Any]) -> list[Any]:
        params = list(self.params)
        for index, name in self.places:
            params[index] = _adapted(values[name])
        with kept_cursor() if self.is_kept else connection.cursor() as cursor:
            cursor.execute(self.sql, params)
            rows = cursor.fetchall()
        if not (self.quick or self.converters):
            return rows
        if len(rows) > _MANY:
            return self._all_converted(rows)
        return [self._converted(row) for row in rows]

    def _all_converted(self, rows: list[Any]) -> list[Any]:
        """Convert column by column: of a thousand rows, most point at the same few others."""
        columns: list[Any] = list(zip(*rows, strict=True))
        for index, quick in self.quick:
            known: dict[Any, Any] = {None: None}
            made = []
            for value in columns[index]:
                found = known.get(value, known)
                if found is known:
                    found = known[value] = quick(value)
                made.append(found)
            columns[index] = made
        for index, converters, expression in self.converters:
            for convert in converters:
                columns[index] = [convert(one, expression, connection) for one in columns[index]]
        return list(zip(*columns, strict=True))

    def _converted(self, row: Any) -> tuple[Any, ...]:
        found = list(row)
        for index, quick in self.quick:
            if found[index] is not None:
                found[index] = quick(found[index])
        for index, converters, expression in self.converters:
            for convert in converters:
                found[index] = convert(found[index], expression, connection)
        return tuple(found)


def kept_cursor() -> Any:
    """Return a cursor for a statement whose words are the same each time; PostgreSQL keeps its plan."""
    is_kept = connection.vendor == "postgresql"
    return connection.kept_cursor() if is_kept else connection.cursor()  # type: ignore[attr-defined]


_new, _set = object.__new__, object.__setattr__
_UNKNOWN_SAFETY: Final = SafeUUID.unknown


def _uuid(text: str) -> UUID:
    """Return what UUID(hex=text) returns, in a third of the time: a page makes two hundred of them."""
    made = _new(UUID)
    _set(made, "int", int(text, 16))
    _set(made, "is_safe", _UNKNOWN_SAFETY)
    return made


def _moment(text: Any) -> datetime:
    return datetime.fromisoformat(str(text)).replace(tzinfo=UTC)


# By the name of Django's converter of SQLite's values.
_QUICK: Final[dict[str, Callable[[Any], Any]]] = {
    "convert_uuidfield_value": _uuid,
    "convert_datetimefield_value": _moment,
    "convert_booleanfield_value": bool,
}


class _Unknown:
    """No statement yet; None is that of a question without answers."""


_UNKNOWN: Final = _Unknown()


class Prepared:
    """A query as a function of a shape and of values.

    `build(shape, **values)` returns a `values_list` query. The shape is everything that changes the
    SQL; a value is a UUID, a moment, a number or a text that stands in the query as it is given. A
    value of None is left out, and the query built without it.

    keeps_plan: False where the best way depends on the values, which all rows have or hardly any:
    the SQL is kept all the same, but PostgreSQL plans it anew and knows what is asked.
    """

    def __init__(
        self, build: Callable[..., QuerySet[Any, Any]], *, keeps_plan: bool = True
    ) -> None:
        self._build = build
        self._keeps_plan = keeps_plan
        self._kept: dict[Hashable, _Statement | None] = {}

    def __call__(self, shape: Hashable = None, /, **values: Any) -> list[Any]:
        """Return the rows, as sequences in the order of the query's columns."""
        given = {name: value for name, value in values.items() if value is not None}
        key = (_whose(), connection.vendor, shape, tuple(given))
        # Another thread may clear what is kept at any moment: it is asked for once.
        statement = self._kept.get(key, _UNKNOWN)
        if isinstance(statement, _Unknown):
            statement = self._prepare(shape, given)
            if len(self._kept) >= MOST:
                self._kept.clear()
            self._kept[key] = statement
        return statement.run(given) if statement else []

    def _prepare(self, shape: Hashable, values: dict[str, Any]) -> _Statement | None:
        try:
            compiler, sql, params = self._compile(shape, values)
            places = [
                (index, name) for name in values for index in self._places(shape, values, name)
            ]
        except EmptyResultSet:
            return None
        columns = [column[0] for column in compiler.select[: compiler.col_count]]
        quick: _Quick = []
        converters: _Converters = []
        for index, (found, expression) in compiler.get_converters(columns).items():
            names = [one.__name__ for one in found]
            if connection.vendor == "sqlite" and len(names) == 1 and names[0] in _QUICK:
                quick.append((index, _QUICK[names[0]]))
            else:
                converters.append((index, list(found), expression))
        return _Statement(sql, params, tuple(places), quick, converters, self._keeps_plan)

    def _compile(self, shape: Hashable, values: dict[str, Any]) -> tuple[Any, str, tuple[Any, ...]]:
        compiler = self._build(shape, **values).query.get_compiler("default")
        sql, params = compiler.as_sql()
        return compiler, sql, tuple(params)

    def _places(self, shape: Hashable, values: dict[str, Any], name: str) -> list[int]:
        """Find where a value stands: where the parameters differ when it is another.

        Errors: ValueError, when it does not stand there as it was given.
        """
        _one, sql, params = self._compile(shape, values)
        _other, other_sql, others = self._compile(shape, values | {name: _another(values[name])})
        found = [
            i for i, (one, other) in enumerate(zip(params, others, strict=True)) if one != other
        ]
        if sql != other_sql or any(params[i] != _adapted(values[name]) for i in found):
            raise ValueError(f"{name} changes the statement: make it a part of the shape.")
        return found


def _whose() -> Hashable:
    return 0 if tenancy.is_across() else tenancy.current_tenant_id()


def _adapted(value: Any) -> Any:
    if isinstance(value, UUID):
        return value if connection.features.has_native_uuid_field else value.hex
    if isinstance(value, datetime):
        return connection.ops.adapt_datetimefield_value(value)
    return value


def _another(value: Any) -> Any:
    """Return a value of the same kind that is not the same."""
    if isinstance(value, UUID):
        return UUID(int=value.int ^ (1 << 127))
    if isinstance(value, datetime):
        # Far enough for what is only derived from it, a day or an hour, to differ too.
        return value + timedelta(days=400, hours=1, microseconds=1)
    return value + "x" if isinstance(value, str) else value + 1


class PreparedModels:
    """A query of whole rows as a function of a shape and of values, like `Prepared`.

    related: foreign keys whose rows come with it, as `select_related` would bring them.
    without: columns that stay in the database until they are asked for, `related__column` for those
    of a related row: a boundary that no page shows outweighs all the rest.
    """

    def __init__(
        self,
        build: Callable[..., QuerySet[Any, Any]],
        *,
        related: tuple[str, ...] = (),
        without: tuple[str, ...] = (),
    ) -> None:
        self._related, self._without = related, frozenset(without)
        self._parts: list[_Part] = []

        def columns(shape: Hashable, **values: Any) -> QuerySet[Any, Any]:
            rows = build(shape, **values)
            if not self._parts:
                self._parts = self._parts_of(rows.model)
            return rows.values_list(*(name for part in self._parts for name in part.columns))

        self._find = Prepared(columns)

    def __call__(self, shape: Hashable = None, /, **values: Any) -> list[Any]:
        """Return the rows as models, their related rows with them."""
        return [self._made(row) for row in self._find(shape, **values)]

    def _parts_of(self, model: type[Model]) -> list["_Part"]:
        parts = [_Part.of(model, "", self._without)]
        for name in self._related:
            field = model._meta.get_field(name)
            parts.append(_Part.of(field.related_model, f"{name}__", self._without, field))
        return parts

    def _made(self, row: Sequence[Any]) -> Any:
        own, *related = self._parts
        found = own.made(row[: len(own.names)])
        start = len(own.names)
        for part in related:
            values = row[start : start + len(part.names)]
            start += len(part.names)
            # The key stands first, and no row is without one.
            other = None if values[0] is None else part.made(values)
            part.field.set_cached_value(found, other)
        return found


@dataclass(frozen=True, slots=True)
class _Part:
    """One model's columns in a row of several."""

    model: Any
    names: tuple[str, ...]
    columns: tuple[str, ...]
    field: Any

    def made(self, values: Sequence[Any]) -> Any:
        """Return the row as `Model.from_db` would, without asking each column whether it is there."""
        found = self.model.__new__(self.model)
        state = ModelState()
        state.adding, state.db = False, "default"
        found.__dict__.update(zip(self.names, values, strict=True), _state=state)
        return found

    @classmethod
    def of(cls, model: Any, prefix: str, without: frozenset[str], field: Any = None) -> "_Part":
        every = sorted(model._meta.concrete_fields, key=lambda one: not one.primary_key)
        names = tuple(one.attname for one in every if prefix + one.attname not in without)
        return cls(model, names, tuple(prefix + name for name in names), field)
