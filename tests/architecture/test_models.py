"""The tables' shape as the models have it: keys point down, rows know their tenant."""

from typing import Any

import pytest
from django.apps import apps
from django.db import models
from django.db.models import UniqueConstraint

from linli.kernel.db.keys import TENANT_COLUMN, is_tenant
from linli.kernel.tenancy import (
    TenantForeignKey,
    TenantManager,
    TenantModel,
    TenantOneToOneField,
)
from tests.architecture import house

MODELS = [
    m for m in apps.get_models(include_auto_created=True) if m.__module__.startswith("linli.")
]
TENANTS = [model for model in MODELS if is_tenant(model)]
# The only rows that belong to no tenant: the tenants, and who signs in before a tenant is known.
GLOBAL = {"kernel.Tenant", "people.LoginIdentity"}


def label(model: Any) -> str:
    return model._meta.label


def test_all_but_two_models_belong_to_a_tenant() -> None:
    assert {label(model) for model in MODELS if not is_tenant(model)} <= GLOBAL


@pytest.mark.parametrize("model", TENANTS, ids=label)
def test_a_tenants_model_is_made_for_it(model: Any) -> None:
    assert issubclass(model, TenantModel)
    assert isinstance(model._meta.base_manager, TenantManager), "write class Meta(TenantModel.Meta)"
    assert isinstance(model._default_manager, TenantManager)
    assert [type(f) for f in (model._meta.pk,)] == [models.UUIDField]
    assert not model._meta.ordering, "no default ordering (style.md, 6)"
    assert not model._meta.many_to_many, "write the table between as a model of its own"
    assert not model._meta.parents, "no multi-table inheritance"


@pytest.mark.parametrize("model", MODELS, ids=label)
def test_keys_point_down_and_hold_the_tenant(model: Any) -> None:
    level = house.levels()
    for field in model._meta.local_fields:
        if field.remote_field:
            target = field.remote_field.model
            assert is_tenant(target) == is_tenant(model), field
            assert not is_tenant(model) or isinstance(field, TenantForeignKey | TenantOneToOneField)
            rooms = level[model._meta.app_label], level[target._meta.app_label]
            same = model._meta.app_label == target._meta.app_label
            assert same or rooms[0] > rooms[1], f"{field} points up, or at a sibling"


@pytest.mark.parametrize("model", TENANTS, ids=label)
def test_what_is_unique_is_unique_in_its_tenant(model: Any) -> None:
    assert not [
        f for f in model._meta.local_fields if f.unique and not f.primary_key and not f.one_to_one
    ]
    assert not model._meta.unique_together
    for constraint in model._meta.constraints:
        if isinstance(constraint, UniqueConstraint):
            assert constraint.fields[:1] == (TENANT_COLUMN,), constraint.name


@pytest.mark.parametrize("model", TENANTS, ids=label)
def test_every_index_starts_with_the_tenant(model: Any) -> None:
    for index in model._meta.indexes:
        assert not index.fields or index.fields[0] == TENANT_COLUMN, index.name
    loose = [f.name for f in model._meta.local_fields if f.db_index and not f.unique]
    assert not loose, "name the query: Index(fields=['tenant_id', …])"
