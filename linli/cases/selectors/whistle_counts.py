"""How organisations answer whistles, counted: reported in, on site, finished in time; raw and official."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, F, Q
from django.db.models.functions import Coalesce

from linli.cases.models import PartState, WhistlePart

# What the official count leaves out: decided above not to be theirs, taken back, excluded by two people.
_LEFT_OUT = Q(state__in=(PartState.RELEASED, PartState.ENDED)) | Q(whistle__case__is_excluded=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class StepCount:
    """One step: how many were in time, of how many that were done or are due; raw and official."""

    in_time: int
    whole: int
    official_in_time: int
    official_whole: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficeCount:
    """How one organisation answered the whistles of a span of days."""

    organisation_id: UUID
    name: str
    called: int
    led: int
    report: StepCount
    arrive: StepCount
    finish: StepCount
    missing: int
    scored: int
    satisfied: int


def office_counts(
    area_path: str, start: datetime, end: datetime, now: datetime
) -> list[OfficeCount]:
    """Return how organisations answered the whistles called from `start` until before `end`.

    Raw counts every part against its first promise; the official count leaves out what was not theirs
    and holds the finish against the promise that two sides agreed on. Most called first.
    Source: issue 4, late departments are shown by the same three rates; beyond.md 5, 7.
    """
    rows = WhistlePart.objects.filter(
        called_at__gte=start, called_at__lt=end, whistle__area_path__startswith=area_path
    )
    rows = rows.annotate(first_due_at=Coalesce("first_finish_due_at", "finish_due_at"))
    grouped = rows.values("organisation_id", "organisation__name").annotate(
        called=Count("pk"),
        led=Count("pk", filter=Q(is_lead=True)),
        missing=Count("pk", filter=Q(state=PartState.MISSING)),
        scored=Count("pk", filter=Q(score__isnull=False)),
        satisfied=Count("pk", filter=Q(score=3)),
        **_step("report", "reported_at", "report_due_at", "report_due_at", now),
        **_step("arrive", "arrived_at", "arrive_due_at", "arrive_due_at", now),
        **_step("finish", "finished_at", "first_due_at", "finish_due_at", now),
    )
    ranked: Any = grouped.order_by("-called", "organisation__name")
    return [_office(row) for row in ranked]


def _step(name: str, done: str, first: str, agreed: str, now: datetime) -> dict[str, Any]:
    counted = ~_LEFT_OUT

    def whole(due: str) -> Q:
        return Q(**{f"{done}__isnull": False}) | Q(**{f"{due}__lt": now})

    return {
        f"{name}_in_time": Count("pk", filter=Q(**{f"{done}__lte": F(first)})),
        f"{name}_whole": Count("pk", filter=whole(first)),
        f"{name}_official_in_time": Count("pk", filter=Q(**{f"{done}__lte": F(agreed)}) & counted),
        f"{name}_official_whole": Count("pk", filter=whole(agreed) & counted),
    }


def _office(row: dict[str, Any]) -> OfficeCount:
    names = ("in_time", "whole", "official_in_time", "official_whole")
    steps: dict[str, Any] = {
        step: StepCount(**{name: row[f"{step}_{name}"] for name in names})
        for step in ("report", "arrive", "finish")
    }
    facts: dict[str, Any] = {
        name: row[name] for name in ("called", "led", "missing", "scored", "satisfied")
    }
    return OfficeCount(
        organisation_id=row["organisation_id"], name=row["organisation__name"], **facts, **steps
    )
