"""What happened to cases, step by step, as FixMyStreet asks for it (servicerequestupdates)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.db.models import QuerySet

from linli.cases.models import Audience, Entry, Photo
from linli.cases.selectors.open311 import Reader, visible_numbers
from linli.cases.states import CaseState
from linli.kernel.models import EventRow
from linli.kernel.prepared import Prepared

S = CaseState
# What a state is called there.
WORDS: Final = {
    S.REPORTED: "open",
    S.ACCEPTED: "investigating",
    S.ASSIGNED: "action_scheduled",
    S.IN_HAND: "in_progress",
    S.SUSPENDED: "planned",
    S.RESOLVED: "fixed",
    S.CLOSED: "closed",
    S.DECLINED: "no_further_action",
    S.MERGED: "duplicate",
    S.WITHDRAWN: "cancelled",
}
_STEPS: Final = tuple(
    f"cases.case.{step}"
    for step in (
        "accepted", "assigned", "taken", "answered", "added", "suspended", "resumed", "resolved",
        "closed", "reopened", "declined", "merged", "withdrawn",
    )
)  # fmt: skip
# An event's id is made when it is written down, a little after it happened.
_LAG: Final = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Told:
    """One step of one case."""

    update_id: UUID
    number: str
    state: str
    at: datetime
    text: str
    photo_id: UUID | None


def updates(
    *,
    start: datetime,
    end: datetime,
    numbers: Iterable[str],
    reader: Reader,
    limit: int,
    after: UUID | None = None,
) -> tuple[list[Told], UUID | None]:
    """Return the steps between two moments, oldest first, and where to go on, if there are more.

    numbers: of these cases only. The public part has no words and no photos.
    """
    asked = list(numbers)
    if asked:
        known = visible_numbers(reader, numbers=asked)
        rows = _of_cases(list(known), start, end, after, limit)
    else:
        low = max(_first_id(start), after) if after else _first_id(start)
        rows = _EVENTS(limit, low=low, high=_first_id(end + _LAG), start=start, end=end)
        rows = [row for row in rows if row[0] != after][:limit]
        known = visible_numbers(reader, ids=[row[1] for row in rows])
    found = [row for row in rows if row[1] in known]
    words, photos = ({}, {}) if reader.is_public else _words(found)
    told = [_told(row, known, words, photos) for row in found]
    return told, rows[-1][0] if len(rows) >= limit else None


def _events(
    limit: int, low: UUID, high: UUID, start: datetime, end: datetime
) -> QuerySet[EventRow, Any]:
    rows = EventRow.objects.filter(
        pk__gte=low, pk__lte=high, happened_at__gte=start, happened_at__lte=end, name__in=_STEPS
    )
    return rows.order_by("id").values_list("id", "subject_id", "data", "happened_at")[: limit + 1]


_EVENTS = Prepared(_events)


def _of_cases(
    ids: list[UUID], start: datetime, end: datetime, after: UUID | None, limit: int
) -> list[Any]:
    rows = EventRow.objects.filter(
        subject_id__in=ids, name__in=_STEPS, happened_at__gte=start, happened_at__lte=end
    )
    if after:
        rows = rows.filter(pk__gt=after)
    names = ("id", "subject_id", "data", "happened_at")
    return list(rows.order_by("id").values_list(*names)[:limit])


def _told(row: Any, known: dict[UUID, str], words: Any, photos: Any) -> Told:
    event_id, case_id, data, at = row
    entry_id = data.get("entry_id") or ""
    state = data.get("new_state") or S.REPORTED
    return Told(event_id, known[case_id], state, at, words.get(entry_id, ""), photos.get(entry_id))


def _words(rows: list[Any]) -> tuple[dict[str, str], dict[str, UUID]]:
    """Return the words and the first photo of each step that the reporter may read, by entry."""
    ids = [UUID(one) for row in rows if (one := row[2].get("entry_id"))]
    if not ids:
        return {}, {}
    entries = Entry.objects.filter(pk__in=ids, audience=Audience.REPORTER)
    words = {str(key): text for key, text in entries.values_list("id", "text")}
    shots = Photo.objects.filter(entry_id__in=[UUID(one) for one in words]).order_by("-id")
    return words, {str(entry): key for entry, key in shots.values_list("entry_id", "id")}


def _first_id(moment: datetime) -> UUID:
    """Return an id that is before every id made from that moment on."""
    return UUID(int=int(moment.timestamp() * 1000) << 80)
