"""What a list for other systems knows of a case: its columns, and the names they point at."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final, NamedTuple
from uuid import UUID

from linli.cases.models import Category, Photo, PhotoStage
from linli.cases.selectors.catalogue import all_categories
from linli.cases.states import CaseState
from linli.kernel.memory import remember
from linli.kernel.models import EventRow
from linli.places import selectors as places
from linli.posts import selectors as posts

# About a hundred metres: near enough to know the street, too far to know the door.
PUBLIC_DECIMALS: Final = 3
_ENDED_BY: Final = {
    "cases.case.declined": CaseState.DECLINED,
    "cases.case.merged": CaseState.MERGED,
    "cases.case.withdrawn": CaseState.WITHDRAWN,
}


class Row(NamedTuple):
    """What a list needs of a case, in the order of the columns."""

    id: UUID
    number: str
    state: str
    category_id: UUID
    text: str
    community_id: UUID
    estate_id: UUID | None
    place_label: str
    spot: str
    lat: float | None
    lon: float | None
    handler_post_id: UUID | None
    handler_organisation_id: UUID | None
    reported_at: datetime
    resolve_due_at: datetime
    responded_at: datetime | None
    suspended_at: datetime | None
    supervised_at: datetime | None
    urged_at: datetime | None
    resolved_at: datetime | None
    rated_at: datetime | None
    closed_at: datetime | None
    decline_reason: str
    photo_count: int
    is_confidential: bool


@dataclass(frozen=True, slots=True)
class Faces:
    """The names that rows point at, and what else a page of rows shows."""

    categories: dict[UUID, Category]
    agencies: dict[UUID, str]
    estates: dict[UUID, str]
    communities: dict[UUID, str]
    photos: dict[UUID, UUID]
    ended: dict[UUID, datetime]
    released: dict[UUID, "Part"]  # by a person, for everybody


def faces_of(rows: list[Row], *, is_public: bool) -> Faces:
    """Return the names that a page of rows needs, in as few questions as can be."""
    return Faces(
        categories=all_categories(),
        agencies=_agencies(rows),
        estates=_estates(_communities_of(rows)) if is_public else {},
        communities=_community_names(),
        photos=_first_photos(rows) if not is_public else {},
        ended=_ended(rows),
        released=_released(rows) if is_public else {},
    )


def _communities_of(rows: list[Row]) -> tuple[UUID, ...]:
    # By their numbers: to hash an id is Python's own work, a thousand times.
    return tuple(sorted({row.community_id.int: row.community_id for row in rows}.values()))


def updated_at(row: Row, faces: Faces) -> datetime:
    """Return when a case was last changed: for a closed one, when it was closed."""
    ended = faces.ended.get(row.id) if faces.ended else None
    closed = ended or row.closed_at or row.resolved_at
    if closed is not None:
        return max(closed, row.rated_at or closed)
    last = row.reported_at
    for one in (row.responded_at, row.suspended_at, row.supervised_at, row.urged_at, row.rated_at):
        if one is not None and one > last:
            last = one
    return last


def public_category_ids() -> tuple[UUID, ...]:
    """Return the ids of the categories whose cases anybody may see, ended ones too."""
    return tuple(
        key
        for key, one in all_categories().items()
        if one.shown_on_board and not one.is_confidential
    )


@remember
def _estates(community_ids: tuple[UUID, ...]) -> dict[UUID, str]:
    return {estate.pk: estate.name for one in community_ids for estate in places.estates_of(one)}


@remember
def _community_names() -> dict[UUID, str]:
    return {one.pk: one.name for one in places.communities()}


def _agencies(rows: list[Row]) -> dict[UUID, str]:
    found: dict[UUID, str] = {}
    asks: tuple[tuple[str, Callable[[tuple[UUID, ...]], dict[UUID, str]]], ...] = (
        ("handler_post_id", _post_names),
        ("handler_organisation_id", _organisation_names),
    )
    for name, ask in asks:
        ids = set({one.int: one for one in (getattr(row, name) for row in rows) if one}.values())
        if ids:
            found |= ask(tuple(sorted(ids)))
    return found


@remember
def _post_names(ids: tuple[UUID, ...]) -> dict[UUID, str]:
    return posts.post_names(ids)


@remember
def _organisation_names(ids: tuple[UUID, ...]) -> dict[UUID, str]:
    return posts.organisation_names(ids)


def _first_photos(rows: list[Row]) -> dict[UUID, UUID]:
    ids = [row.id for row in rows if row.photo_count]
    if not ids:
        return {}
    found = Photo.objects.filter(case_id__in=ids, stage=PhotoStage.REPORT).order_by("-id")
    return dict(found.values_list("case_id", "id"))


def _ended(rows: list[Row]) -> dict[UUID, datetime]:
    """Return when cases ended that no column tells of: declined, merged, withdrawn."""
    ids = [row.id for row in rows if row.state in _ENDED_BY.values()]
    if not ids:
        return {}
    events = EventRow.objects.filter(subject_id__in=ids, name__in=_ENDED_BY).order_by("id")
    return dict(events.values_list("subject_id", "happened_at"))


@dataclass(frozen=True, slots=True)
class Part:
    """What a person released of a case for everybody: words without names, and perhaps a photo."""

    text: str
    photo_id: UUID | None


Released = Callable[[list[UUID]], dict[UUID, Part]]
_released_by: list[Released] = []


def register_released(ask: Released) -> None:
    """Let a higher room say what of these cases was released, by case."""
    if ask not in _released_by:
        _released_by.append(ask)


def is_released(photo_id: UUID) -> bool:
    """Tell whether a photo is one that a person released for everybody, and nobody took back."""
    case_ids = list(Photo.objects.filter(pk=photo_id).values_list("case_id", flat=True))
    parts = (part for ask in _released_by if case_ids for part in ask(case_ids).values())
    return any(part.photo_id == photo_id for part in parts)


def _released(rows: list[Row]) -> dict[UUID, Part]:
    found: dict[UUID, Part] = {}
    for ask in _released_by if rows else ():
        found |= ask([row.id for row in rows])
    return found
