"""The guard itself: what it lets through and what it refuses, on both dialects."""

import pytest
from django.db import connection

from linli.kernel import tenancy
from linli.kernel.models import EventRow, Tenant
from tests import sqlguard

E, R = '"kernel_eventrow"', '"kernel_retry"'
JOIN = f"SELECT 1 FROM {E} JOIN {R} ON ({E}.id = {R}.event_id"

SCOPED = [
    f"SELECT 1 FROM {E} WHERE {E}.tenant_id = %s",
    f"SELECT 1 FROM {E} WHERE ({E}.id = %s AND ({E}.tenant_id = %s AND {E}.name LIKE '%%x'))",
    "SELECT name FROM kernel_eventrow WHERE tenant_id = %s ORDER BY id LIMIT 5",
    f"{JOIN} AND {E}.tenant_id = {R}.tenant_id) WHERE {R}.tenant_id = %s",
    f"SELECT 1 FROM {E} LEFT OUTER JOIN {R} ON ({R}.event_id = {E}.id AND {E}.tenant_id ="
    f" {R}.tenant_id) WHERE {E}.tenant_id = %s",
    f"SELECT 1 FROM {E} WHERE {E}.tenant_id = %s AND EXISTS(SELECT 1 AS a FROM {R} U0 WHERE"
    f" (U0.event_id = {E}.id AND U0.tenant_id = ({E}.tenant_id)))",
    f"SELECT COUNT(*) FROM (SELECT 1 FROM {E} WHERE {E}.tenant_id = %s) subquery",
    f"WITH x AS (SELECT id FROM {E} WHERE tenant_id = %s) SELECT * FROM x",
    f"UPDATE {E} SET name = %s WHERE {E}.tenant_id = %s",
    f"DELETE FROM {E} WHERE {E}.tenant_id = %s",
    f"INSERT INTO {E} (id, tenant_id) VALUES (%s, %s) ON CONFLICT (id) DO NOTHING",
    "SELECT 1 FROM kernel_tenant",
    "SAVEPOINT x",
]

UNSCOPED = [
    f"SELECT 1 FROM {E}",
    f"SELECT 1 FROM {E} WHERE {E}.tenant_id = %s OR {E}.id = %s",
    f"SELECT 1 FROM {E} WHERE NOT ({E}.tenant_id = %s)",
    f"SELECT 1 FROM {E} WHERE {E}.tenant_id IN (%s, %s)",
    f"{JOIN}) WHERE {E}.tenant_id = %s",
    f"SELECT 1 FROM {E} LEFT OUTER JOIN {R} ON ({R}.event_id = {E}.id AND {E}.tenant_id = %s AND"
    f" {R}.tenant_id = {E}.tenant_id)",
    f"SELECT 1 FROM {E} WHERE {E}.tenant_id = %s AND {E}.id IN (SELECT event_id FROM {R} U0)",
    f"SELECT COUNT(*) FROM (SELECT 1 FROM {E}) subquery",
    f"SELECT 1 FROM {E} WHERE tenant_id = %s UNION SELECT 1 FROM {R}",
    f"UPDATE {E} SET name = %s WHERE {E}.id = %s",
    f"DELETE FROM {E} WHERE {E}.id IN (%s)",
    f"INSERT INTO {E} (id) VALUES (%s)",
    f"INSERT INTO {E} (id, tenant_id) SELECT id, tenant_id FROM {E}",
]


@pytest.mark.parametrize("vendor", ["sqlite", "postgresql"])
@pytest.mark.parametrize("sql", SCOPED)
def test_scoped_statements_pass(sql: str, vendor: str) -> None:
    assert sqlguard.check(sql, vendor=vendor, is_across=False) is None


def test_full_text_tables_carry_the_tenant_too() -> None:
    sql = "SELECT rowid FROM notes_fts WHERE notes_fts MATCH %s"
    assert sqlguard.check(f"{sql} AND tenant_id = %s", vendor="sqlite", is_across=False) is None
    assert sqlguard.check(sql, vendor="sqlite", is_across=False)


def test_marked_full_text_tables_carry_the_tenant_among_the_words() -> None:
    sql = "SELECT case_id FROM cases_fts WHERE cases_fts MATCH %s"
    with tenancy.tenant(7):
        assert sqlguard.check(sql, vendor="sqlite", is_across=False) is None
        assert sqlguard.find_unmarked(sql, ["水管 AND tenant7"]) is None
        assert sqlguard.find_unmarked(sql, ["水管 AND tenant71"])
        assert sqlguard.find_unmarked(sql, ["水管"])


@pytest.mark.parametrize("vendor", ["sqlite", "postgresql"])
@pytest.mark.parametrize("sql", UNSCOPED)
def test_unscoped_statements_are_refused(sql: str, vendor: str) -> None:
    assert sqlguard.check(sql, vendor=vendor, is_across=False)


def test_across_tenants_the_tables_are_tied_to_each_other() -> None:
    def check(sql: str) -> str | None:
        return sqlguard.check(sql, vendor="postgresql", is_across=True)

    assert check(f"SELECT tenant_id FROM {E}") is None
    assert check(f"{JOIN} AND {E}.tenant_id = {R}.tenant_id)") is None
    assert "not tied" in str(check(f"{JOIN})"))
    assert "locked" in str(check(f"SELECT 1 FROM {E} FOR UPDATE SKIP LOCKED"))


def test_an_unscoped_statement_fails_the_test_that_sent_it(in_home: Tenant) -> None:
    with pytest.raises(sqlguard.Unscoped), connection.cursor() as cursor:
        cursor.execute(f"SELECT 1 FROM {E}")
    assert len(sqlguard.offences) == 1
    sqlguard.offences.clear()


def test_what_the_orm_writes_passes(in_home: Tenant) -> None:
    assert not EventRow.objects.filter(retries__subscriber="x").exclude(seal__number=1).exists()
    assert not sqlguard.offences


def test_a_locked_read_across_tenants_is_refused(in_home: Tenant) -> None:
    if connection.vendor == "sqlite":
        pytest.skip("SQLite locks the whole file; Django sends no FOR UPDATE")
    with tenancy.all_tenants(), pytest.raises(sqlguard.Unscoped):
        list(EventRow.objects.select_for_update())
    sqlguard.offences.clear()
