"""Installs the care of a blueprint: lists of what to look for, levels, whom an alert is about."""

from collections.abc import Hashable
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from linli.care.models import AlertRule, CareLevel, CareSettings, ItemList
from linli.care.selectors import catalogue
from linli.kernel.actor import Actor
from linli.kernel.blueprint import Fields, Outcome, put, record


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemListItem:
    """What to look for; items in the shape of `field.selectors.items.as_plain`."""

    code: str
    name: str
    items: tuple[dict[str, Any], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LevelItem:
    """How often somebody is visited."""

    code: str
    name: str
    every_days: int
    risk: int = 1
    list_code: str = ""
    hint: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertItem:
    """Whom an alert is about and what is to be done."""

    kind: str
    needs: tuple[str, ...]
    is_upstairs: bool = False
    advice: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CarePart:
    """The care of a blueprint. category_code: of cases that come of it; "" leaves it to the room."""

    lists: tuple[ItemListItem, ...] = ()
    levels: tuple[LevelItem, ...] = ()
    alerts: tuple[AlertItem, ...] = ()
    category_code: str = ""


@transaction.atomic
def install(
    part: CarePart, *, before: CarePart | None, installation_id: UUID, actor: Actor, now: datetime
) -> Outcome:
    """Install lists, levels and alerts; see `kernel.blueprint` for rows that are there already.

    The cases' categories are installed before. Errors: NotAllowed.
    """
    actor.require("care.manage")
    outcome, base = Outcome("care"), before or CarePart()
    put(
        ItemList, "关怀清单", wanted=_lists(part), base=_lists(base), key=lambda row: row.code,
        first={}, outcome=outcome,
    )  # fmt: skip
    put(
        CareLevel, "关怀等级", wanted=_levels(part), base=_levels(base), key=lambda row: row.code,
        first={}, outcome=outcome,
    )  # fmt: skip
    put(
        AlertRule, "预警", wanted=_alerts(part), base=_alerts(base), key=lambda row: row.kind,
        first={}, outcome=outcome,
    )  # fmt: skip
    put(
        CareSettings, "关怀", wanted=_settings(part), base=_settings(base),
        key=lambda _row: "关怀", first={}, outcome=outcome,
    )  # fmt: skip
    record(outcome, installation_id=installation_id, actor=actor, now=now)
    catalogue.forget()
    return outcome


def _lists(part: CarePart) -> dict[Hashable, Fields]:
    return {item.code: asdict(item) | {"items": list(item.items)} for item in part.lists}


def _levels(part: CarePart) -> dict[Hashable, Fields]:
    return {
        item.code: asdict(item) | {"order": number * 10}
        for number, item in enumerate(part.levels, 1)
    }


def _alerts(part: CarePart) -> dict[Hashable, Fields]:
    return {item.kind: asdict(item) | {"needs": list(item.needs)} for item in part.alerts}


def _settings(part: CarePart) -> dict[Hashable, Fields]:
    return {"关怀": {"category_code": part.category_code}} if part.category_code else {}
