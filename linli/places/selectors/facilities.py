"""Facilities: where they are, what they suffered, which a code hangs on, how targets are met."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet, Sum
from django.utils.translation import gettext as _

from linli.kernel.errors import NotFound
from linli.places.models import Area, Facility, FacilityFault, FacilityKind, FacilityStatus
from linli.places.selectors.where import Where, where_of

_WHOLE = ("kind", "community", "grid", "estate", "building", "entrance", "place_code")
_HEAVY = ("community__polygon", "grid__polygon")
STATUSES = FacilityStatus.choices
FILTERS = ("kind", "status", "words")


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetLine:
    """How a kind's target is met in one community; `is_met` is None when there is none."""

    kind: Any
    have: int
    area_m2: int
    is_met: bool | None


def facility_kinds() -> list[FacilityKind]:
    """Return the kinds of facilities, in their order."""
    return list(FacilityKind.objects.order_by("order", "code"))


def facilities_of(
    community_id: UUID, *, kind: str = "", status: str = "", words: str = ""
) -> QuerySet[Facility]:
    """Return the live facilities of a community, by their place in words.

    kind: its code. words: part of the place or the number.
    """
    rows = Facility.objects.filter(community_id=community_id, ended_on=None)
    if kind:
        rows = rows.filter(kind__code=kind)
    if status:
        rows = rows.filter(status=status)
    if words:
        rows = rows.filter(Q(label__icontains=words) | Q(number__icontains=words))
    return rows.select_related(*_WHOLE).defer(*_HEAVY).order_by("label", "id")


def get_facility(facility_id: UUID, *, lock: bool = False) -> Facility:
    """Return one facility with its place. Errors: NotFound, also for another tenant's."""
    rows = Facility.objects.select_related(*_WHOLE).defer(*_HEAVY)
    if lock:
        rows = rows.select_for_update(of=("self",))
    try:
        return rows.get(pk=facility_id)
    except Facility.DoesNotExist:
        raise NotFound(_("没有找到这件设施。")) from None


def find_facility_of_code(place_code_id: UUID) -> Facility | None:
    """Return the live facility that a place code hangs on, or None."""
    rows = Facility.objects.filter(place_code_id=place_code_id, ended_on=None)
    return rows.select_related("kind").order_by("id").first()


def find_facilities_said(community_id: UUID, labels: Collection[str]) -> dict[str, Facility]:
    """Return the live facilities whose places in words these are, by those words.

    A report that starts at a facility's code carries exactly these words as its place.
    """
    if not labels:
        return {}
    rows = Facility.objects.filter(community_id=community_id, label__in=labels, ended_on=None)
    return {one.label: one for one in rows}


def where_of_facility(facility: Facility) -> Where:
    """Return where a facility is, in the words that its faults are found by."""
    return where_of(
        community_id=facility.community_id,
        estate_id=facility.estate_id,
        building_id=facility.building_id,
        entrance_id=facility.entrance_id,
        lat=facility.lat,
        lon=facility.lon,
        spot=facility.name,
    )


def faults_of(facility_id: UUID, *, limit: int = 50) -> list[FacilityFault]:
    """Return what was said about a facility, the newest first."""
    rows = FacilityFault.objects.filter(facility_id=facility_id)
    return list(rows.order_by("-happened_at", "-id")[:limit])


def open_faults_of(facility_id: UUID) -> list[FacilityFault]:
    """Return the faults that nobody has settled yet, the oldest first."""
    rows = FacilityFault.objects.filter(facility_id=facility_id, settled_at=None, is_counted=True)
    return list(rows.order_by("happened_at", "id")[:20])


def target_lines(community: Area) -> list[TargetLine]:
    """Return what a community has of each kind, beside the kind's target (S4 4.11)."""
    own = Facility.objects.filter(community_id=community.pk, ended_on=None)
    sums = own.order_by().values("kind_id").annotate(n=Count("id"), m2=Sum("area_m2"))
    have = {row["kind_id"]: (row["n"], row["m2"] or 0) for row in sums}
    return [_line(kind, *have.get(kind.pk, (0, 0))) for kind in facility_kinds()]


def _line(kind: FacilityKind, count: int, area_m2: int) -> TargetLine:
    has_target = kind.target_count or kind.target_area_m2
    is_met = count >= kind.target_count and area_m2 >= kind.target_area_m2
    return TargetLine(kind=kind, have=count, area_m2=area_m2, is_met=is_met if has_target else None)
