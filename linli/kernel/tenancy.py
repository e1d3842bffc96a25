"""Whose data it is: the tenant set at the edge, bound into every query, closed when it is not set.

This is the safety net below the explicit actor, not a replacement for it (docs/adr/0001). A tenant
is a district, or one community in a small installation. Rows carry a plain `tenant_id`; a query
compiled without a tenant raises NoTenant.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, Final

from django.db import models
from django.db.models import Expression, Q
from django.db.models.sql.subqueries import DeleteQuery, UpdateQuery
from django.db.models.sql.where import WhereNode

from linli.kernel.ids import new_id


class _All:
    """The marker for a named read across tenants."""


ALL: Final = _All()
_tenant: ContextVar[int | _All | None] = ContextVar("tenant", default=None)


class NoTenant(RuntimeError):
    """A tenant's rows were asked for where no tenant was set."""


def current_tenant_id() -> int:
    """Return the tenant that is set. Errors: NoTenant."""
    tenant_id = _tenant.get()
    if tenant_id is None or isinstance(tenant_id, _All):
        raise NoTenant("No tenant is set: wrap the call in tenancy.tenant(…).")
    return tenant_id


def default_tenant_id() -> int | None:
    """Return the tenant for a new row, or None: then NOT NULL refuses the row."""
    tenant_id = _tenant.get()
    return None if isinstance(tenant_id, _All) else tenant_id


def is_across() -> bool:
    """Tell whether this is a named read across tenants."""
    return _tenant.get() is ALL


@contextmanager
def tenant(tenant_id: int) -> Iterator[None]:
    """Work for one tenant inside the block."""
    token = _tenant.set(tenant_id)
    try:
        yield
    finally:
        _tenant.reset(token)


@contextmanager
def no_tenant() -> Iterator[None]:
    """Begin without a tenant: a request inherits nobody's."""
    token = _tenant.set(None)
    try:
        yield
    finally:
        _tenant.reset(token)


@contextmanager
def all_tenants() -> Iterator[None]:
    """Read across tenants inside the block; for named reads of the kernel and operators."""
    token = _tenant.set(ALL)
    try:
        yield
    finally:
        _tenant.reset(token)


class CurrentTenant(Expression):
    """The current tenant as a parameter, bound when the SQL is compiled, not when it is built."""

    def __init__(self) -> None:
        super().__init__(output_field=models.BigIntegerField())

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, Any]:
        """Give the parameter. Errors: NoTenant."""
        return "%s", [current_tenant_id()]

    def get_group_by_cols(self) -> list[Any]:
        """Add nothing to GROUP BY."""
        return []


class TenantQuerySet(models.QuerySet):
    """Rows of the current tenant."""


class TenantManager(models.Manager.from_queryset(TenantQuerySet)):  # type: ignore[misc]
    """The only manager of tenants' rows: every query starts with the current tenant."""

    def get_queryset(self) -> Any:
        """Return the rows of the current tenant, or of all inside `all_tenants()`."""
        rows = super().get_queryset()
        return rows if is_across() else rows.filter(tenant_id=CurrentTenant())


class _TenantKey:
    """Ties both ends of a join to one tenant."""

    model: Any
    related_model: Any

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        # No index of its own: every index names its query and starts with the tenant.
        kwargs.setdefault("db_index", False)
        super().__init__(*args, **kwargs)

    def get_extra_restriction(self, alias: str | None, related_alias: str | None) -> Any:
        own = self.model._meta.get_field("tenant_id")
        where = WhereNode()
        if not alias and related_alias and not is_across():
            where.add(own.get_lookup("exact")(own.get_col(related_alias), CurrentTenant()), "AND")
            return where
        if not (alias and related_alias):
            return None
        other = self.related_model._meta.get_field("tenant_id")
        where.add(own.get_lookup("exact")(own.get_col(related_alias), other.get_col(alias)), "AND")
        return where

    def get_extra_descriptor_filter(self, instance: Any) -> dict[str, int]:
        return {"tenant_id": instance.tenant_id}


class TenantForeignKey(_TenantKey, models.ForeignKey):
    """A foreign key between two rows of one tenant."""


class TenantOneToOneField(_TenantKey, models.OneToOneField):
    """A one-to-one key between two rows of one tenant."""


class TenantModel(models.Model):
    """A row that belongs to a tenant. Concrete models write `class Meta(TenantModel.Meta)`."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    # A column and not a foreign key: see docs/adr/0001.
    tenant_id = models.BigIntegerField(default=default_tenant_id, editable=False)

    objects = TenantManager()

    class Meta:
        abstract = True
        base_manager_name = "objects"

    def validate_constraints(self, exclude: Any = None) -> None:
        """Check unique constraints with the tenant, which no form shows."""
        super().validate_constraints(exclude=set(exclude or ()) - {"tenant_id"})


def guard_writes() -> None:
    """Scope bulk updates and deletes too: Django's collector uses no manager.

    Our only patch of Django. Calling it twice changes nothing.
    """
    kinds: tuple[Any, ...] = (UpdateQuery, DeleteQuery)
    for kind in kinds:
        if not hasattr(kind, "_linli_guarded"):
            kind.get_compiler = _guarded(kind.get_compiler)
            kind._linli_guarded = True


def _guarded(get_compiler: Any) -> Any:
    def guarded(self: Any, *args: Any, **kwargs: Any) -> Any:
        if issubclass(self.model, TenantModel) and not is_across():
            self.add_q(Q(tenant_id=CurrentTenant()))
        return get_compiler(self, *args, **kwargs)

    return guarded
