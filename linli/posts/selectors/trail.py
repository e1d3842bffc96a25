"""The audit trail as the audit office reads it: what happened, who did it, in words."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from linli.kernel.actor import Actor, ActorKind
from linli.kernel.clock import BEIJING
from linli.kernel.models import EventRow
from linli.posts.selectors.labels import LABELS
from linli.posts.selectors.words import Names, fact_lines


@dataclass(frozen=True, slots=True, kw_only=True)
class TrailFilter:
    """What the audit office looks for; empty is everything. Days are local, both included."""

    name: str = ""
    account_ids: tuple[UUID, ...] | None = None  # () is nobody, so nothing
    first_day: date | None = None
    last_day: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TrailLine:
    """One thing that happened."""

    id: UUID
    name: str
    label: str
    who: str
    subject: str  # a name where this room knows one, else the id
    facts: tuple[tuple[str, str], ...]
    happened_at: datetime
    is_sealed: bool


def trail(
    actor: Actor, *, wanted: TrailFilter, before: UUID | None = None, limit: int = 50
) -> list[TrailLine]:
    """Return what happened, the newest first. before: the id of the last line of the page before.

    Errors: NotAllowed.
    """
    actor.require("kernel.audit")
    rows = _filtered(wanted).order_by("-id")
    if before is not None:
        rows = rows.filter(id__lt=before)
    found = list(rows[:limit])
    names = Names.of(found)
    return [_line(row, names) for row in found]


def event_choices() -> list[tuple[str, str]]:
    """Return (name, label) of everything that can happen, by label of its room."""
    return [(name, str(label)) for name, label in LABELS.items()]


def _filtered(wanted: TrailFilter) -> Any:
    rows = EventRow.objects.all()
    if wanted.name:
        rows = rows.filter(name=wanted.name)
    if wanted.account_ids is not None:
        rows = rows.filter(account_id__in=wanted.account_ids)
    if wanted.first_day is not None:
        rows = rows.filter(happened_at__gte=_midnight(wanted.first_day))
    if wanted.last_day is not None:
        rows = rows.filter(happened_at__lt=_midnight(wanted.last_day + timedelta(days=1)))
    return rows


def _line(row: EventRow, names: Names) -> TrailLine:
    return TrailLine(
        id=row.id,
        name=row.name,
        label=str(LABELS.get(row.name, row.name)),
        who=_who(row, names.people),
        subject=names.any(row.subject_id),
        facts=fact_lines(row.data, names),
        happened_at=row.happened_at,
        is_sealed=row.seal_id is not None,
    )


def _who(row: EventRow, names: dict[UUID, str]) -> str:
    key = row.data.get("client_id")
    actor_id = row.account_id or (UUID(key) if key else None)
    if actor_id in names:
        return names[actor_id]
    words = {
        ActorKind.SYSTEM: _("自动"),
        ActorKind.CLIENT: _("对接方"),
        ActorKind.RESIDENT: _("居民"),
        ActorKind.REPORTER: _("居民"),
        ActorKind.STAFF: _("工作人员"),
    }
    return words.get(ActorKind(row.actor_kind), "")


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, tzinfo=BEIJING)
