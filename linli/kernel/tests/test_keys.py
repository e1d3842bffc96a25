"""Later migrations keep the tenant in every key on PostgreSQL: adding, changing, removing."""

import pytest
from django.db import connection, migrations, models
from django.db.migrations.state import ProjectState

from linli.kernel.ids import new_id
from linli.kernel.tenancy import TenantForeignKey, TenantOneToOneField
from tests import sqlguard

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite's keys hold the id alone"),
]


def make_table(name: str, *fields: tuple[str, models.Field]) -> migrations.CreateModel:
    own = [
        ("id", models.UUIDField(primary_key=True, default=new_id)),
        ("tenant_id", models.BigIntegerField()),
    ]
    return migrations.CreateModel(name, fields=[*own, *fields])


def migrate(*operations: migrations.operations.base.Operation) -> None:
    """Run operations one after another, each with its own transaction, as migrations do."""
    state = ProjectState()
    for operation in operations:
        before = state.clone()
        operation.state_forwards("trial", state)
        with sqlguard.off(), connection.schema_editor() as editor:
            operation.database_forwards("trial", editor, before, state)


def keys_of(table: str) -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_get_constraintdef(oid) FROM pg_constraint"
            " WHERE conrelid = %s::regclass AND contype IN ('p', 'u', 'f')",
            [table],
        )
        return {row[0].removesuffix(" DEFERRABLE INITIALLY DEFERRED") for row in cursor}


@pytest.fixture(autouse=True)
def _clean() -> object:
    yield
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS trial_b; DROP TABLE IF EXISTS trial_a")


KEY = TenantForeignKey("trial.A", models.PROTECT, null=True)
TO_A = "FOREIGN KEY (tenant_id, {}) REFERENCES trial_a(tenant_id, id)"
PRIMARY = "PRIMARY KEY (id, tenant_id)"


def test_a_key_made_with_its_table_or_added_later_holds_the_tenant() -> None:
    later = TenantForeignKey("trial.A", models.PROTECT, null=True, related_name="+")
    migrate(
        make_table("A"),
        make_table("B", ("a", KEY.clone())),
        migrations.AddField("B", "later", later),
    )
    assert keys_of("trial_b") == {PRIMARY, TO_A.format("a_id"), TO_A.format("later_id")}


def test_a_one_to_one_key_is_unique_in_its_tenant() -> None:
    one = TenantOneToOneField("trial.A", models.PROTECT)
    two = TenantOneToOneField("trial.A", models.PROTECT, null=True, related_name="+")
    migrate(make_table("A"), make_table("B", ("one", one)), migrations.AddField("B", "two", two))
    unique = {"UNIQUE (tenant_id, one_id)", "UNIQUE (tenant_id, two_id)"}
    assert keys_of("trial_b") == {PRIMARY, *unique, TO_A.format("one_id"), TO_A.format("two_id")}


def test_a_key_is_changed_renamed_and_removed() -> None:
    table = [make_table("A"), make_table("B", ("a", KEY.clone()))]
    required = TenantForeignKey("trial.A", models.CASCADE)
    migrate(
        *table,
        migrations.AlterField("B", "a", required),
        migrations.RenameField("B", "a", "other"),
    )
    assert keys_of("trial_b") == {PRIMARY, TO_A.format("other_id")}


def test_a_removed_key_leaves_nothing_behind() -> None:
    migrate(make_table("A"), make_table("B", ("a", KEY.clone())), migrations.RemoveField("B", "a"))
    assert keys_of("trial_b") == {PRIMARY}


def test_a_key_loses_its_constraint_when_asked() -> None:
    loose = TenantForeignKey("trial.A", models.PROTECT, null=True, db_constraint=False)
    migrate(
        make_table("A"),
        make_table("B", ("a", KEY.clone())),
        migrations.AlterField("B", "a", loose),
    )
    assert keys_of("trial_b") == {PRIMARY}


def test_a_column_of_a_tenant_cannot_be_unique_alone() -> None:
    with pytest.raises(ValueError, match="unique only with the tenant"):
        migrate(make_table("A", ("code", models.CharField(max_length=9, unique=True))))
