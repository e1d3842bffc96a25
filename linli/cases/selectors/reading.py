"""What a case page shows: its timeline in plain words, its photos, what is asked of staff."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from linli.cases.models import (
    AnswerTemplate,
    Audience,
    Case,
    Entry,
    Extension,
    Photo,
    Suspension,
)
from linli.cases.selectors.access import visible_to
from linli.cases.selectors.words import BY_STAFF, FOR_REPORTER, FOR_STAFF
from linli.kernel import events
from linli.kernel.actor import Actor
from linli.kernel.models import EventRow
from linli.kernel.prepared import Prepared, PreparedModels
from linli.people import selectors as people
from linli.posts import selectors as posts


@dataclass(frozen=True, slots=True)
class Line:
    """One step of a timeline: when, what in plain words, who, the words that were written,
    photos.
    """

    at: datetime
    title: str
    who: str = ""
    text: str = ""
    photos: tuple[Photo, ...] = ()
    is_internal: bool = False
    event_name: str = ""


@dataclass(slots=True)
class _Material:
    """Everything a timeline is made of, read in a few queries."""

    entries: dict[str, Entry] = field(default_factory=dict)
    photos: dict[UUID | None, list[Photo]] = field(default_factory=lambda: defaultdict(list))
    names: dict[UUID, str] = field(default_factory=dict)
    hands: dict[str, str] = field(default_factory=dict)


def timeline(case: Case, *, for_staff: bool) -> list[Line]:
    """Return a case's steps in plain words, newest first.

    for_staff: everything; otherwise only what the reporter may read.
    """
    rows = events.timeline(case.pk)
    words = FOR_STAFF if for_staff else FOR_REPORTER
    material = _material(case, rows, for_staff=for_staff)
    if not for_staff:
        rows = [row for row in rows if not _is_of_others(row)]
    lines = [_line(row, str(words[row.name]), material) for row in rows if row.name in words]
    if not for_staff:
        lines = [line for line in lines if not line.is_internal]
    return list(reversed(lines))


def _is_of_others(row: EventRow) -> bool:
    """Tell whether a step is a follower's: what they add, how they urge, that they leave."""
    return bool(row.data.get("by_follower")) or row.data.get("is_reporter") is False


def _material(case: Case, rows: list[EventRow], *, for_staff: bool) -> _Material:
    audience = None if for_staff else Audience.REPORTER.value
    entries = _entries(case_id=case.pk, audience=audience)
    material = _Material({str(entry.pk): entry for entry in entries})
    for photo in case_photos(case):
        material.photos[photo.entry_id].append(photo)
    material.names = people.account_names({_actor_id(row) for row in rows})
    material.hands = {
        **_names(posts.post_names, rows, "post_id"),
        **_names(posts.organisation_names, rows, "organisation_id"),
    }
    return material


@PreparedModels
def _entries(_shape: None, *, case_id: UUID, audience: str | None = None) -> QuerySet[Entry]:
    rows = Entry.objects.filter(case_id=case_id)
    return rows if audience is None else rows.filter(audience=audience)


def case_photos(case: Case) -> list[Photo]:
    """Return all photos of a case, oldest first; those of the report and those of later steps."""
    return _photos(case_id=case.pk)


@PreparedModels
def _photos(_shape: None, *, case_id: UUID) -> QuerySet[Photo]:
    return Photo.objects.filter(case_id=case_id).order_by("id")


def _names(
    ask: Callable[[Iterable[UUID]], dict[UUID, str]], rows: list[EventRow], fact: str
) -> dict[str, str]:
    ids = {UUID(row.data[fact]) for row in rows if row.data.get(fact)}
    return {str(key): name for key, name in ask(ids).items()} if ids else {}


def _actor_id(row: EventRow) -> UUID | None:
    """Return the account behind a step, or the key of a program."""
    key = row.data.get("client_id")
    return row.account_id or (UUID(key) if key else None)


def _line(row: EventRow, words: str, material: _Material) -> Line:
    actor_id = _actor_id(row)
    who = material.names.get(actor_id, "") if actor_id else ""
    hands = material.hands.get(row.data.get("post_id") or "") or material.hands.get(
        row.data.get("organisation_id") or "", ""
    )
    entry = material.entries.get(row.data.get("entry_id") or "")
    # The photos of the report itself hang on the first step.
    photos = material.photos[entry.pk if entry else None] if entry or _is_first(row) else []
    return Line(
        at=row.happened_at,
        title=_title(row, words)
        % {
            "who": who or _("工作人员"),
            "hands": hands or _("承办人"),
            "level": _level(row),
        },
        who=who,
        text=entry.text if entry else "",
        photos=tuple(photos),
        is_internal=bool(entry and entry.audience == Audience.STAFF),
        event_name=row.name,
    )


def _title(row: EventRow, words: str) -> str:
    """Return what a step is called; staff who report for others, or on their round, do it themselves."""
    if not _is_first(row) or row.account_id is None:
        return words
    return str(BY_STAFF.get(row.data.get("source") or "", words))


def _level(row: EventRow) -> str:
    """Return the rung that a step went up to, or nothing."""
    level = row.data.get("to_level")
    return str(posts.Level(level).label) if level in posts.Level.values else ""


def _is_first(row: EventRow) -> bool:
    return row.name == "cases.case.reported"


def find_by_number(number: str, phone_tail: str) -> Case | None:
    """Return the case with that number whose reporter's phone ends so, or None.

    Source: issue, number and phone tail find it again.
    """
    rows = Case.objects.filter(number=number.strip().upper(), reporter__phone_tail=phone_tail)
    return rows.exclude(reporter__phone_tail="").first()


def find_in_reach(number: str, actor: Actor) -> Case | None:
    """Return the case with that number if the actor may see it, or None."""
    rows = Case.objects.filter(visible_to(actor), number=number.strip().upper())
    return rows.select_related("category").first()


def asked_suspension(case: Case) -> Suspension | None:
    """Return the request to stop the clock that waits for a decision, or None."""
    return next(iter(_asked_suspension(case_id=case.pk)), None)


@PreparedModels
def _asked_suspension(_shape: None, *, case_id: UUID) -> QuerySet[Suspension]:
    return Suspension.objects.filter(case_id=case_id, state="asked").order_by("id")[:1]


def asked_extension(case: Case) -> Extension | None:
    """Return the request for another day that waits for a decision, or None."""
    if case.extension_asked_at is None:
        return None
    return case.extensions.filter(state="asked").first()


class Template(NamedTuple):
    """Words that staff reuse."""

    id: UUID
    kind: str
    title: str
    text: str


def answer_templates(case: Case) -> list[Template]:
    """Return the words that staff reuse for a case of this category, in their order."""
    return [Template._make(row) for row in _templates(category_id=case.category_id)]


@Prepared
def _templates(_shape: None, *, category_id: UUID) -> QuerySet[Any, Any]:
    rows = AnswerTemplate.objects.filter(ended_at=None)
    fitting = rows.filter(Q(category=None) | Q(category_id=category_id))
    return fitting.order_by("order", "title").values_list(*Template._fields)


def report_photos(case: Case) -> list[Photo]:
    """Return the photos that came with the report itself."""
    return [photo for photo in case_photos(case) if photo.entry_id is None]


def get_photo(photo_id: UUID) -> Photo | None:
    """Return a photo of the tenant; who may see its case is the caller's question."""
    return Photo.objects.filter(pk=photo_id).first()
