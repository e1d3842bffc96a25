"""Every question about whistles: who may see one, whose parts are open, what is usually called for."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from linli.cases.models import (
    Case,
    Lateness,
    PartPhoto,
    Photo,
    Unit,
    Whistle,
    WhistleLimit,
    WhistlePart,
    WhistlePlan,
    WhistleState,
)
from linli.cases.selectors.access import visible_to
from linli.kernel.actor import Actor
from linli.kernel.errors import NotFound
from linli.kernel.memory import remember
from linli.posts import selectors as posts

DUTY: Final = "cases.whistle"
MOST: Final = 100
_LOADED: Final = ("case", "case__category", "community")


@remember
def whistle_limits() -> tuple[WhistleLimit, ...]:
    """Return the limits that a whistle may name; the product's own while the blueprint names none."""
    rows = tuple(WhistleLimit.objects.order_by("order", "code"))
    return rows or (_usual(),)


def _usual() -> WhistleLimit:
    return WhistleLimit(
        code="usual", name=str(_("一般")), report_amount=4, report_unit=Unit.WORK_HOUR,
        arrive_amount=1, arrive_unit=Unit.WORK_DAY, finish_amount=5, finish_unit=Unit.WORK_DAY,
    )  # fmt: skip


def limit_by_code(code: str) -> WhistleLimit:
    """Return a limit by its code, the first one for none. Errors: NotFound."""
    for row in whistle_limits():
        if not code or row.code == code:
            return row
    raise NotFound(_("没有这种吹哨时限，重新选一个。"))


def limit_of(whistle: Whistle) -> WhistleLimit:
    """Return the limit that a whistle was blown with; the first one when that is gone."""
    known = whistle_limits()
    return next((row for row in known if row.name == whistle.limit_name), known[0])


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Who is usually called for a category."""

    lead_id: UUID | None
    assisting: tuple[UUID, ...]
    limit_code: str
    is_automatic: bool


@remember
def whistle_plans() -> dict[str, Plan]:
    """Return who is usually called, by the category's code."""
    found: dict[str, list[WhistlePlan]] = {}
    rows = WhistlePlan.objects.filter(organisation__ended_at=None)
    for row in rows.select_related("category", "limit").order_by("order", "id"):
        found.setdefault(row.category.code, []).append(row)
    return {code: _plan(lines) for code, lines in found.items()}


def _plan(lines: list[WhistlePlan]) -> Plan:
    lead = next((one for one in lines if one.is_lead), None)
    return Plan(
        lead_id=lead.organisation_id if lead else None,
        assisting=tuple(one.organisation_id for one in lines if not one.is_lead),
        limit_code=lead.limit.code if lead and lead.limit else "",
        is_automatic=lead is not None and lead.is_automatic,
    )


def organisation_choices(area_path: str) -> list[tuple[str, str]]:
    """Return the organisations that answer for a place: (id, name), those of the community first."""
    groups = posts.assignable(area_path)
    return [
        (str(one.organisation_id), one.label)
        for group in groups
        for one in group.choices
        if one.organisation_id is not None
    ]


def open_whistle_of(case_id: UUID) -> Whistle | None:
    """Return the whistle that is open on a case, or None."""
    return Whistle.objects.filter(case_id=case_id, state=WhistleState.OPEN).first()


def whistles_of(case: Case) -> list[Whistle]:
    """Return every whistle on a case, the newest first, with its parts."""
    rows = Whistle.objects.filter(case=case).order_by("-id").prefetch_related("parts__organisation")
    return list(rows)


def get_whistle(whistle_id: UUID, actor: Actor) -> Whistle:
    """Return a whistle of the actor's place, or one that calls their organisation. Errors: NotFound."""
    found = _rows().filter(_seen(actor), pk=whistle_id).first()
    if found is None:
        raise NotFound(_("没有找到这次吹哨。"))
    return found


def get_part(part_id: UUID, actor: Actor) -> WhistlePart:
    """Return one part, for its organisation and for who sees the whole whistle. Errors: NotFound."""
    rows = WhistlePart.objects.select_related("organisation", *(f"whistle__{n}" for n in _LOADED))
    found = rows.filter(pk=part_id).first()
    if found is None or not _sees(found, actor):
        raise NotFound(_("没有找到这次吹哨。"))
    return found


def _sees(part: WhistlePart, actor: Actor) -> bool:
    if part.organisation_id in actor.organisation_ids and _is_open_to(part):
        return True
    return Whistle.objects.filter(_seen(actor), pk=part.whistle_id).exists()


def _is_open_to(part: WhistlePart) -> bool:
    """Tell whether those called may see it; of a matter that became confidential, the lead alone."""
    return part.is_lead or not part.whistle.case.is_confidential


def is_mine(part: WhistlePart, actor: Actor) -> bool:
    """Tell whether the actor acts for the part's organisation."""
    return part.organisation_id in actor.organisation_ids


def sees_case(whistle: Whistle, actor: Actor) -> bool:
    """Tell whether the actor may open the case itself, with its reporter and its notes."""
    return Case.objects.filter(visible_to(actor), pk=whistle.case_id).exists()


def _rows() -> QuerySet[Whistle]:
    return Whistle.objects.select_related(*_LOADED).defer("community__polygon")


def _seen(actor: Actor) -> Q:
    """Return the condition for whistles: of the actor's places, or calling the actor's organisation."""
    where = Q(pk__in=[])
    for path in actor.scopes("cases.view"):
        where |= Q(area_path__startswith=path) if path else Q(pk__isnull=False)
    own = WhistlePart.objects.filter(organisation_id__in=actor.organisation_ids)
    leads = Q(pk__in=own.filter(is_lead=True).values("whistle_id"))
    called = Q(pk__in=own.values("whistle_id"))
    return ((where | called) & Q(case__is_confidential=False)) | leads


def whistles(actor: Actor, show: str = "") -> list[Whistle]:
    """Return the whistles that the actor may see, newest first, with their parts: MOST of them.

    show: "" those that are open, waiting what `waiting_count` counts, late, or all.
    """
    rows = _rows().filter(_seen(actor))
    if show != "all":
        rows = rows.filter(state=WhistleState.OPEN)
    if show == "waiting":
        rows = rows.filter(pk__in=_waiting(actor).values("whistle_id"))
    if show == "late":
        late = WhistlePart.objects.filter(due_at__isnull=False, lateness__gte=2)
        rows = rows.filter(pk__in=late.values("whistle_id"))
    found = rows.order_by("-id").prefetch_related("parts__organisation")[:MOST]
    return list(found)


def parts_of(whistle_id: UUID) -> list[WhistlePart]:
    """Return the parts of a whistle: the lead first, then as they were called."""
    rows = WhistlePart.objects.filter(whistle_id=whistle_id).select_related("organisation")
    return in_order(rows)


def in_order(parts: Iterable[WhistlePart]) -> list[WhistlePart]:
    """Return parts as `parts_of` does, for whoever has them already."""
    return sorted(parts, key=lambda part: (not part.is_lead, part.pk))


def my_parts(actor: Actor) -> list[WhistlePart]:
    """Return the parts that the actor's organisations still owe something for, by promise."""
    if not actor.organisation_ids:
        return []
    rows = WhistlePart.objects.filter(
        organisation_id__in=actor.organisation_ids, due_at__isnull=False
    )
    rows = rows.exclude(whistle__case__is_confidential=True, is_lead=False)
    names = ("organisation", *(f"whistle__{name}" for name in _LOADED))
    return list(rows.select_related(*names).order_by("due_at", "id")[:MOST])


def waiting_count(actor: Actor) -> int:
    """Return how many open whistles wait for the actor: something of their organisation's is owed, or
    they look after the place and a department is late. One look into the index of what is owed.
    """
    if not actor.organisation_ids and not actor.scopes(DUTY):
        return 0
    return _waiting(actor).values("whistle_id").distinct().count()


def _waiting(actor: Actor) -> QuerySet[WhistlePart]:
    where = Q(organisation_id__in=actor.organisation_ids)
    for path in actor.scopes(DUTY):
        where |= Q(lateness__gte=Lateness.LATE, whistle__area_path__startswith=path)
    rows = WhistlePart.objects.filter(where, due_at__isnull=False)
    return rows.exclude(whistle__case__is_confidential=True, is_lead=False)


def photos_of_parts(part_ids: Iterable[UUID]) -> list[PartPhoto]:
    """Return the photos of parts, oldest first."""
    rows = PartPhoto.objects.filter(part_id__in=list(part_ids)).select_related("photo")
    return list(rows.order_by("id"))


def case_of_photo(photo_id: UUID, actor: Actor) -> UUID:
    """Return the case of a photo that whoever sees its whistle may see: of a part, or of the report.

    Errors: NotFound.
    """
    rows = Photo.objects.filter(pk=photo_id, case__whistles__in=_rows().filter(_seen(actor)))
    of_part = PartPhoto.objects.filter(photo_id=photo_id).values("photo_id")
    found = rows.filter(Q(entry=None) | Q(pk__in=of_part)).values_list("case_id", flat=True).first()
    if found is None:
        raise NotFound(_("没有找到这张照片。"))
    return found


def late_since(part: WhistlePart, now: datetime) -> bool:
    """Tell whether a part's running promise has passed."""
    return part.due_at is not None and part.due_at < now
