"""Which models and fields belong to tenants; holds for the models of migrations too."""

from typing import Any

TENANT_COLUMN = "tenant_id"


def is_tenant(model: Any) -> bool:
    """Tell whether the model's rows belong to a tenant: it has a field named `tenant_id`."""
    return any(field.name == TENANT_COLUMN for field in model._meta.local_fields)


def is_composite(field: Any) -> bool:
    """Tell whether a key joins two rows of one tenant, so that it can hold the tenant."""
    return bool(
        field.remote_field
        and is_tenant(field.model)
        and is_tenant(field.remote_field.model)
        and field.target_field.primary_key
    )
