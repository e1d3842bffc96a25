"""Every table of every room says which of its columns are personal, and a new column has to as well."""

from typing import Any

import pytest
from django.apps import apps
from django.db import models

from linli.kernel.secrets import EncryptedTextField

MASKS = {"name", "phone", "address", "text", "secret", "hash", "id", "date", "photo"}
SHORT = 30  # a code, a colour or a word of ours is shorter
MODELS = [model for model in apps.get_models() if model.__module__.startswith("linli.")]


def declares(model: Any) -> bool:
    """Tell whether a model names its columns itself."""
    return hasattr(model, "PERSONAL") and hasattr(model, "NOT_PERSONAL")


def free_columns(model: Any) -> list[str]:
    """Return the columns that could hold somebody's words, or lead to somebody."""
    return [field.name for field in model._meta.concrete_fields if _is_free(field)]


def _is_free(field: Any) -> bool:
    if isinstance(field, models.ForeignKey):
        return field.related_model._meta.label in ("people.Person", "people.Contact")
    if isinstance(field, models.TextField | models.JSONField):
        return True
    is_text = isinstance(field, models.CharField) and not field.choices
    return is_text and (field.max_length or SHORT) >= SHORT


def label(model: Any) -> str:
    return str(model._meta.label)


@pytest.mark.parametrize("model", [m for m in MODELS if declares(m)], ids=label)
def test_a_table_names_every_column_as_personal_or_not(model: Any) -> None:
    known = {field.name for field in model._meta.concrete_fields}
    named = set(model.PERSONAL) | {name.removesuffix("_id") for name in model.NOT_PERSONAL}
    missing = {name for name in known if name not in named | set(model.NOT_PERSONAL)}
    assert not missing, "A new column is named in PERSONAL or NOT_PERSONAL."
    assert not set(model.PERSONAL) & set(model.NOT_PERSONAL)
    assert set(model.PERSONAL.values()) <= MASKS


@pytest.mark.parametrize("model", [m for m in MODELS if not declares(m)], ids=label)
def test_an_older_table_stands_in_the_list_with_every_column_that_holds_words(model: Any) -> None:
    from tests.architecture.personal import COLUMNS

    personal, others = COLUMNS[label(model)]
    named = [*personal.split(), *others.split()]
    assert sorted(named) == sorted(free_columns(model)), (
        "Name it in tests/architecture/personal.py."
    )
    encrypted = {f.name for f in model._meta.concrete_fields if isinstance(f, EncryptedTextField)}
    assert encrypted <= set(personal.split()), "What is encrypted is personal or secret."
