"""Tables of tenants: PRIMARY KEY (id, tenant_id), foreign keys (tenant_id, x_id) → (tenant_id, id).

A key to another tenant's row is then refused by the database itself, and Citus can distribute the
table by `tenant_id` where its extension is present. The models and migrations do not know.

Order matters in `create_model`: Citus wants the primary key before a table is distributed, and
the table distributed before any other key or index is added. So what Django deferred comes last.
"""

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.db.backends.ddl_references import Columns, Statement
from django.db.backends.postgresql import schema

from linli.kernel.db.keys import TENANT_COLUMN, is_composite, is_tenant


class TenantSchemaEditor(schema.DatabaseSchemaEditor):
    """Django's editor for PostgreSQL, with the tenant in every key."""

    def __enter__(self) -> "TenantSchemaEditor":
        super().__enter__()
        if not self.collect_sql and self.connection.features.has_citus:
            # Citus otherwise opens parallel connections that do not see this transaction's tables.
            self.execute("SET LOCAL citus.multi_shard_modify_mode TO 'sequential'")
        return self

    def create_model(self, model: Any) -> None:
        """Create the table, key it by (id, tenant_id), distribute it, then let the rest follow."""
        earlier, self.deferred_sql = self.deferred_sql, []
        super().create_model(model)
        own, self.deferred_sql = self.deferred_sql, earlier
        if is_tenant(model):
            self.execute(self._create_primary_key_sql(model, model._meta.pk))
        self._distribute(model)
        one_to_ones = [f for f in model._meta.local_fields if f.one_to_one and is_composite(f)]
        own += [self._tenant_unique_sql(model, field) for field in one_to_ones]
        self.deferred_sql.extend(own)

    def add_field(self, model: Any, field: Any) -> None:
        """Add a column; its key to a row of the same tenant comes as a statement of its own."""
        inline = self.sql_create_column_inline_fk
        if field.remote_field and (is_composite(field) or self.connection.features.has_citus):
            self.sql_create_column_inline_fk = None
        try:
            super().add_field(model, field)
        finally:
            self.sql_create_column_inline_fk = inline
        if field.one_to_one and is_composite(field):
            self.deferred_sql.append(self._tenant_unique_sql(model, field))

    def _iter_column_sql(
        self, column_db_type: str, params: Any, model: Any, field: Any, *rest: Any
    ) -> Iterator[str]:
        for part in super()._iter_column_sql(column_db_type, params, model, field, *rest):
            if not is_tenant(model) or part not in ("PRIMARY KEY", "UNIQUE"):
                yield part
            elif part == "UNIQUE" and not is_composite(field):
                raise ValueError(
                    f"{model._meta.label}.{field.name}: a tenant's column is unique only with the"
                    ' tenant: use UniqueConstraint(fields=["tenant_id", …]).'
                )

    def _create_primary_key_sql(self, model: Any, field: Any) -> Statement:
        statement = super()._create_primary_key_sql(model, field)
        if is_tenant(model):
            statement.parts["columns"] = self._columns(model, field.column, TENANT_COLUMN)
        return statement

    def _create_fk_sql(self, model: Any, field: Any, suffix: str) -> Statement:
        statement = super()._create_fk_sql(model, field, suffix)
        if is_composite(field):
            target = field.target_field
            statement.parts["column"] = self._columns(model, TENANT_COLUMN, field.column)
            statement.parts["to_column"] = self._columns(target.model, TENANT_COLUMN, target.column)
        return statement

    def _tenant_unique_sql(self, model: Any, field: Any) -> Statement:
        tenant = model._meta.get_field(TENANT_COLUMN)
        return self._create_unique_sql(model, [tenant, field])

    def _constraint_names(self, model: Any, column_names: Any = None, **kinds: Any) -> list[str]:
        """Find a key by Django's single column even where it holds the tenant too."""
        names = super()._constraint_names(model, column_names, **kinds)
        wants_key = kinds.get("foreign_key") or kinds.get("unique")
        if wants_key and column_names and len(column_names) == 1 and is_tenant(model):
            meta = {constraint.name for constraint in model._meta.constraints}
            kinds["exclude"] = set(kinds.get("exclude") or ()) | meta
            names += super()._constraint_names(model, [TENANT_COLUMN, *column_names], **kinds)
        return names

    def _columns(self, model: Any, *names: str) -> Columns:
        return Columns(model._meta.db_table, list(names), self.quote_name)

    def _distribute(self, model: Any) -> None:
        if self.collect_sql or not self.connection.features.has_citus:
            return
        table = self.quote_name(model._meta.db_table)
        if is_tenant(model):
            self.execute(f"SELECT create_distributed_table('{table}', '{TENANT_COLUMN}')")
        elif apps.get_app_config(model._meta.app_label).name.startswith("linli."):
            # Django's own tables (sessions, migrations) stay on the coordinator.
            self.execute(f"SELECT create_reference_table('{table}')")
