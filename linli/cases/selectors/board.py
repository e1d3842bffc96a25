"""Cases as everybody may see them: which may be shown on the board, and their facts without names.

Who prepares them needs to see the case; what is released is decided in the room `publishing`.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from linli.cases.models import Audience, Case, EntryKind, Photo, PhotoStage
from linli.cases.selectors.access import get_case, visible_to
from linli.cases.states import CaseState
from linli.kernel import clock, events
from linli.kernel.actor import Actor
from linli.people import selectors as people

RESOLVED, DECLINED = "resolved", "declined"
_SHOWN_AS = {
    CaseState.RESOLVED: RESOLVED,
    CaseState.CLOSED: RESOLVED,
    CaseState.DECLINED: DECLINED,
}
# How far back a list of candidates looks: cases lie by the moment they came in.
LOOKED_THROUGH = 200
_LISTED = (
    "number", "title", "state", "category", "place_label", "photo_count", "is_confidential",
    "is_solved", "resolved_at", "responded_at", "clock_started_at", "tenant_id",
    "category__tenant_id", "category__name", "category__shown_on_board",
    "category__is_confidential",
)  # fmt: skip
ABOUT_100_M = 3  # decimals of a degree


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What the board may know of a case. `names` are only to be looked for in texts, never shown."""

    case_id: UUID
    community_id: UUID
    category_id: UUID
    shown_as: str  # resolved or declined
    title: str
    text: str
    outcome: str
    rule: str
    alternative: str
    review_on: date | None
    place_label: str
    lat: float | None
    lon: float | None
    reported_on: date
    finished_on: date
    before: tuple[UUID, ...]  # photos, oldest first
    after: tuple[UUID, ...]
    names: tuple[str, ...]


def shown_as(case: Case) -> str:
    """Return what the board may show a case as: resolved, declined, or "" for not at all.

    Never a confidential one, never of a category that is not public.
    Source: issue 3, 1; S5 5.11.
    """
    if case.is_confidential or case.category.is_confidential or not case.category.shown_on_board:
        return ""
    if case.state == CaseState.CLOSED and case.is_solved is False:
        return ""
    return _SHOWN_AS.get(CaseState(case.state), "")


def may_be_shown(case_id: UUID) -> bool:
    """Tell whether a case may be shown, whoever asks: for what follows by itself when it changes."""
    case = Case.objects.filter(pk=case_id).select_related("category").first()
    return case is not None and bool(shown_as(case))


def candidates(
    community_id: UUID, since: datetime, actor: Actor, *, declined_since: datetime | None = None
) -> list[Case]:
    """Return the community's cases that were resolved or declined since then and may be shown,
    newest first, as far as the actor sees them.

    declined_since: what can't be done is told for longer; as for the others when nothing is said.
    """
    start = {RESOLVED: since, DECLINED: declined_since or since}
    found: list[Case] = []
    for state in _SHOWN_AS:
        rows = Case.objects.filter(
            visible_to(actor), community_id=community_id, state=state, is_confidential=False
        )
        rows = rows.only(*_LISTED).select_related("category").order_by("-id")
        found += [
            case
            for case in rows[:LOOKED_THROUGH]
            if (kind := shown_as(case)) and _ended_at(case) >= start[kind]
        ]
    return sorted(found, key=lambda case: case.pk, reverse=True)


def _ended_at(case: Case) -> datetime:
    """Return when a case was resolved, or answered that it can't be done."""
    return case.resolved_at or case.responded_at or case.clock_started_at


def facts_for_board(case_id: UUID, actor: Actor) -> Facts | None:
    """Return what the board may know of a case that the actor sees; None when it may not be shown.

    Errors: NotFound.
    """
    case = get_case(case_id, actor)
    kind = shown_as(case)
    if not kind:
        return None
    photos = list(_photos_of(case))
    ended_at = case.resolved_at if kind == RESOLVED else case.responded_at
    return Facts(
        case_id=case.pk,
        community_id=case.community_id,
        category_id=case.category_id,
        shown_as=kind,
        title=case.title,
        text=case.text,
        outcome=_result_of(case) if kind == RESOLVED else case.decline_reason,
        rule=case.decline_rule if kind == DECLINED else "",
        alternative=case.decline_alternative if kind == DECLINED else "",
        review_on=case.decline_review_on if kind == DECLINED else None,
        place_label=_building_of(case),
        lat=_rounded(case.lat),
        lon=_rounded(case.lon),
        reported_on=clock.local(case.reported_at).date(),
        finished_on=clock.local(ended_at or case.reported_at).date(),
        before=_of_stages(photos, PhotoStage.REPORT, PhotoStage.ADDITION, PhotoStage.BEFORE),
        after=_of_stages(photos, PhotoStage.AFTER),
        names=_names_in(case),
    )


def photo_files(photo_id: UUID) -> tuple[str, str] | None:
    """Return where a photo and its small version are stored; who may see it is the caller's question."""
    photo = Photo.objects.filter(pk=photo_id).first()
    return (photo.path, photo.thumb_path) if photo else None


def _photos_of(case: Case) -> Iterable[Photo]:
    """Return what the reporter may see of the case's photos; internal ones never go out."""
    rows = case.photos.select_related("entry").order_by("id")
    return (one for one in rows if one.entry is None or one.entry.audience != Audience.STAFF)


def _of_stages(photos: list[Photo], *stages: str) -> tuple[UUID, ...]:
    return tuple(photo.pk for photo in photos if photo.stage in stages)


def _result_of(case: Case) -> str:
    rows = case.entries.filter(kind=EntryKind.RESULT, audience=Audience.REPORTER)
    result = rows.order_by("-id").first()
    return result.text if result else ""


def _building_of(case: Case) -> str:
    """Return the place down to the building: entrance and home are nobody's business."""
    parts = [one.name for one in (case.estate, case.building) if one]
    return " ".join(parts) or case.community.name


def _rounded(degrees: float | None) -> float | None:
    return None if degrees is None else round(degrees, ABOUT_100_M)


def _names_in(case: Case) -> tuple[str, ...]:
    """Return who had to do with the case, in clear, so that a text can be searched for them."""
    accounts = {row.account_id for row in events.timeline(case.pk) if row.account_id}
    found = list(people.account_names(accounts).values())
    if case.reporter_id is not None:
        found.append(people.reach_contact(case.reporter_id).name)
    return tuple(sorted({name for name in found if name}))
