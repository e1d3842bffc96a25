"""How the house runs, for the operator: what was given up, what waits, which posts are empty."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from linli.kernel import calendar, clock, seals
from linli.kernel.actor import Actor
from linli.kernel.models import EventRow, Job, Retry
from linli.posts.selectors.labels import LABELS
from linli.posts.selectors.staffing import PostLine, vacant_posts

MOST = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Parked:
    """Work that was given up after its last try."""

    id: UUID
    what: str
    attempts: int
    error: str
    parked_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Running:
    """What the operator's page shows."""

    parked_jobs: tuple[Parked, ...]
    parked_events: tuple[Parked, ...]
    waiting_events: int
    late_jobs: int
    oldest_waiting_at: datetime | None
    sealed_at: datetime | None
    calendar_warning: str
    calendar_years: tuple[int, ...]
    vacancies: tuple[PostLine, ...]


def running(actor: Actor, now: datetime) -> Running:
    """Return how the tenant's work runs. Errors: NotAllowed."""
    actor.require("kernel.operate")
    waiting = EventRow.objects.filter(delivered_at=None)
    oldest = next(iter(waiting.order_by("id")[:1]), None)
    newest = seals.newest()
    return Running(
        parked_jobs=_parked_jobs(),
        parked_events=_parked_events(),
        waiting_events=waiting.count(),
        late_jobs=Job.objects.filter(done_at=None, parked_at=None, due_at__lt=now).count(),
        oldest_waiting_at=oldest.recorded_at if oldest else None,
        sealed_at=newest.sealed_at if newest else None,
        calendar_warning=calendar.find_year_warning(clock.local(now).date()) or "",
        calendar_years=tuple(sorted(row.year for row in calendar.years())),
        vacancies=tuple(vacant_posts("", now)),
    )


def _parked_jobs() -> tuple[Parked, ...]:
    rows = Job.objects.filter(parked_at__isnull=False, done_at=None).order_by("-parked_at", "id")
    return tuple(
        Parked(
            id=row.id,
            what=row.task,
            attempts=row.attempts,
            error=row.error,
            parked_at=row.parked_at,
        )
        for row in rows[:MOST]
        if row.parked_at
    )


def _parked_events() -> tuple[Parked, ...]:
    rows = Retry.objects.filter(parked_at__isnull=False).select_related("event")
    return tuple(
        Parked(
            id=row.id,
            what=f"{LABELS.get(row.event.name, row.event.name)} → {row.subscriber}",
            attempts=row.attempts,
            error=row.error,
            parked_at=row.parked_at,
        )
        for row in rows.order_by("-parked_at", "id")[:MOST]
        if row.parked_at
    )
