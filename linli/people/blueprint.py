"""Installs the register's part of a blueprint: tags, fields, forms from above, how long data is kept."""

from collections.abc import Hashable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import partial
from typing import Any, TypeVar
from uuid import UUID

from django.db import models, transaction

from linli.kernel.actor import Actor
from linli.kernel.blueprint import Fields, Outcome, put, record
from linli.people.models import FieldKind, RetentionRule, TagKind, UpperForm
from linli.people.services import retention
from linli.people.services.retention import LEAST_MONTHS, MOST_MONTHS

__all__ = [
    "LEAST_MONTHS", "MOST_MONTHS", "FieldItem", "FormItem", "PeoplePart", "RetentionItem", "TagItem",
    "install", "kept_kinds",
]  # fmt: skip

M = TypeVar("M", bound=models.Model)


@dataclass(frozen=True, slots=True, kw_only=True)
class TagItem:
    """A tag that people may be given."""

    code: str
    name: str
    hint: str = ""
    is_sensitive: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldItem:
    """A field of the one collection form."""

    code: str
    name: str
    subject: str = "person"
    value: str = "text"
    choices: tuple[str, ...] = ()
    column: str = ""
    hint: str = ""
    shelf_days: int = 0
    seconds: int = 10
    is_sensitive: bool = False
    is_required: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class FormItem:
    """A form that an office above asks for."""

    code: str
    name: str
    office: str
    subject: str = "person"
    fields: tuple[str, ...] = ()
    tag_code: str = ""
    per_year: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class RetentionItem:
    """How many months a kind of data is kept, and what happens then."""

    kind: str
    months: int
    action: str


def kept_kinds() -> dict[str, retention.Kind]:
    """Return the kinds of data that rooms name, by code and by what pages call them."""
    found = retention.kinds().values()
    return {name: kind for kind in found for name in (kind.code, str(kind.label))}


@dataclass(frozen=True, slots=True, kw_only=True)
class PeoplePart:
    """The register of a blueprint."""

    tags: tuple[TagItem, ...] = ()
    fields: tuple[FieldItem, ...] = ()
    forms: tuple[FormItem, ...] = ()
    retention: tuple[RetentionItem, ...] = ()


@transaction.atomic
def install(
    part: PeoplePart,
    *,
    before: PeoplePart | None,
    installation_id: UUID,
    actor: Actor,
    now: datetime,
) -> Outcome:
    """Install tags, fields, forms and rules of retention; see `kernel.blueprint` for rows already there."""
    outcome, base = Outcome("people"), before or PeoplePart()
    put_items = partial(_put, outcome=outcome)
    put_items(TagKind, "居民标签", part.tags, base.tags)
    put_items(FieldKind, "采集字段", part.fields, base.fields)
    put_items(UpperForm, "报表", part.forms, base.forms)
    put(
        RetentionRule,
        "保存期限",
        wanted=_kept(part),
        base=_kept(base),
        key=lambda row: row.kind,
        first={},
        outcome=outcome,
    )
    record(outcome, installation_id=installation_id, actor=actor, now=now)
    return outcome


def _put(
    model: type[M], noun: str, items: Sequence[Any], base: Sequence[Any], *, outcome: Outcome
) -> None:
    is_ordered = any(field.name == "order" for field in model._meta.fields)

    def rows(some: Sequence[Any]) -> dict[Hashable, Fields]:
        return {
            item.code: _plain(item) | ({"order": number * 10} if is_ordered else {})
            for number, item in enumerate(some, 1)
        }

    put(
        model,
        noun,
        wanted=rows(items),
        base=rows(base),
        key=lambda row: row.code,  # type: ignore[attr-defined]
        first={},
        outcome=outcome,
    )


def _kept(part: PeoplePart) -> dict[Hashable, Fields]:
    return {one.kind: asdict(one) for one in part.retention}


def _plain(item: Any) -> dict[str, Any]:
    return {
        name: list(value) if isinstance(value, tuple) else value
        for name, value in asdict(item).items()
    }
