"""The tables as the database has them: the tenant in every key, nothing behind our back."""

from typing import Any

import pytest
from django.apps import apps
from django.db import connection

from linli.kernel.db.keys import TENANT_COLUMN, is_tenant
from tests import sqlguard

pytestmark = pytest.mark.django_db

MODELS = [m for m in apps.get_models() if m.__module__.startswith("linli.")]
TENANT_MODELS = [model for model in MODELS if is_tenant(model)]


def constraints(model: Any) -> dict[str, dict[str, Any]]:
    with connection.cursor() as cursor:
        return connection.introspection.get_constraints(cursor, model._meta.db_table)


def _holds_alone(model: Any, columns: list[str]) -> bool:
    """On SQLite the id alone is the key, and a one-to-one key to an id is as unique as the id."""
    field = next((f for f in model._meta.local_fields if [f.column] == columns), None)
    return connection.vendor == "sqlite" and bool(field and (field.primary_key or field.one_to_one))


@pytest.mark.parametrize("model", TENANT_MODELS, ids=lambda m: m._meta.label)
def test_every_unique_index_holds_the_tenant(model: Any) -> None:
    for name, found in constraints(model).items():
        columns = found["columns"]
        if (found["unique"] or found["primary_key"]) and not _holds_alone(model, columns):
            assert TENANT_COLUMN in columns, f"{name} on {columns}"


@pytest.mark.parametrize("model", TENANT_MODELS, ids=lambda m: m._meta.label)
def test_the_tenant_is_never_empty(model: Any) -> None:
    with sqlguard.off(), connection.cursor() as cursor:
        described = connection.introspection.get_table_description(cursor, model._meta.db_table)
    assert [c.null_ok for c in described if c.name == TENANT_COLUMN] == [False]


@pytest.mark.parametrize("model", MODELS, ids=lambda m: m._meta.label)
def test_keys_stay_among_tenants_rows_or_among_global_ones(model: Any) -> None:
    tenant_tables = sqlguard.tenant_tables()
    for name, found in constraints(model).items():
        if found["foreign_key"]:
            points_to_tenant = found["foreign_key"][0] in tenant_tables
            assert points_to_tenant == is_tenant(model), name


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite's keys hold the id alone")
@pytest.mark.parametrize("model", TENANT_MODELS, ids=lambda m: m._meta.label)
def test_every_key_between_tenants_rows_holds_the_tenant_on_both_sides(model: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint"
            " WHERE conrelid = %s::regclass AND contype = 'f'",
            [model._meta.db_table],
        )
        keys = dict(cursor.fetchall())
    for name, definition in keys.items():
        assert definition.startswith(f"FOREIGN KEY ({TENANT_COLUMN}, "), f"{name}: {definition}"
        assert f"({TENANT_COLUMN}, id)" in definition, f"{name}: {definition}"
    fields = [f for f in model._meta.local_fields if f.remote_field and f.db_constraint]
    assert len(keys) == len(fields)


def test_there_are_no_triggers_and_no_inheritance() -> None:
    queries = {
        "sqlite": ["SELECT name FROM sqlite_master WHERE type = 'trigger'"],
        "postgresql": [
            "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal",
            "SELECT inhrelid::regclass::text FROM pg_inherits",
        ],
    }
    with connection.cursor() as cursor:
        for query in queries[connection.vendor]:
            cursor.execute(query)
            assert cursor.fetchall() == []


def test_sqlite_has_the_options_that_we_count_on() -> None:
    if connection.vendor != "sqlite":
        pytest.skip("SQLite's own options")
    assert connection.transaction_mode == "IMMEDIATE"
    with connection.cursor() as cursor:
        assert cursor.execute("PRAGMA journal_mode").fetchone()[0] == "wal"
        assert cursor.execute("PRAGMA foreign_keys").fetchone()[0] == 1
