"""Installs the targets of a blueprint: what figures are to reach in a year, goals kept by hand."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db import transaction

from linli.indicators.models import Goal, Target
from linli.indicators.selectors import BY_CODE
from linli.kernel import clock
from linli.kernel.actor import Actor
from linli.kernel.blueprint import Fields, Outcome, put, record
from linli.places import selectors as places


@dataclass(frozen=True, slots=True, kw_only=True)
class AimItem:
    """A figure's target: a share of 1, or days. year: None for the year of the installation."""

    area_code: str
    year: int | None
    figure: str
    value: float


@dataclass(frozen=True, slots=True, kw_only=True)
class GoalItem:
    """A target that no case tells of. What is reached is written in pages, by hand."""

    area_code: str
    year: int | None
    name: str
    unit: str
    target: float


@dataclass(frozen=True, slots=True, kw_only=True)
class IndicatorsPart:
    """The targets of a blueprint."""

    aims: tuple[AimItem, ...] = ()
    goals: tuple[GoalItem, ...] = ()


class _Key(NamedTuple):
    """Where, when and what; reads as people say it."""

    area: str
    year: int
    what: str

    def __str__(self) -> str:
        return f"{self.area} {self.year} 年{self.what}"


@transaction.atomic
def install(
    part: IndicatorsPart,
    *,
    before: IndicatorsPart | None,
    installation_id: UUID,
    actor: Actor,
    now: datetime,
) -> Outcome:
    """Set the targets of the file; what leads set otherwise since stays theirs.

    The places are installed before. Errors: NotAllowed.
    """
    actor.require("indicators.configure")
    outcome, base = Outcome("indicators"), before or IndicatorsPart()
    areas = {one.code: one for one in places.areas_below("")} if part.aims or part.goals else {}
    called = {one.pk: f"{one.name}（{one.code}）" for one in areas.values()}
    year, first = clock.local(now).year, {"set_by": None, "set_at": now}
    put(
        Target, "目标", wanted=_aims(part.aims, areas, year), base=_aims(base.aims, areas, year),
        key=lambda row: _Key(called.get(row.area_id, ""), row.year, _figure(row.figure)),
        first=first, outcome=outcome,
    )  # fmt: skip
    put(
        Goal, "目标", wanted=_goals(part.goals, areas, year), base=_goals(base.goals, areas, year),
        key=lambda row: _Key(called.get(row.area_id, ""), row.year, row.name),
        first=first, outcome=outcome,
    )  # fmt: skip
    record(outcome, installation_id=installation_id, actor=actor, now=now)
    return outcome


def _figure(code: str) -> str:
    return str(BY_CODE[code].name) if code in BY_CODE else code


def _aims(items: Iterable[AimItem], areas: Mapping[str, Any], year: int) -> dict[Any, Fields]:
    return {
        _key(areas[item.area_code], item.year or year, _figure(item.figure)): {
            "area_id": areas[item.area_code].pk,
            "year": item.year or year,
            "figure": item.figure,
            "value": item.value,
        }
        for item in items
        if item.area_code in areas
    }


def _goals(items: Iterable[GoalItem], areas: Mapping[str, Any], year: int) -> dict[Any, Fields]:
    return {
        _key(areas[item.area_code], item.year or year, item.name): {
            "area_id": areas[item.area_code].pk,
            "year": item.year or year,
            "name": item.name,
            "unit": item.unit,
            "target": item.target,
        }
        for item in items
        if item.area_code in areas
    }


def _key(area: Any, year: int, what: str) -> _Key:
    return _Key(f"{area.name}（{area.code}）", year, what)
