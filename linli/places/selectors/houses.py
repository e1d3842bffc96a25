"""Estates, buildings, entrances and homes: the steps by which people say where they are."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, F, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from linli.kernel.errors import NotFound
from linli.places.models import Area, Building, Entrance, Estate, Home
from linli.places.rules import names
from linli.places.selectors.areas import grids_of


def estates_of(community_id: UUID) -> QuerySet[Estate]:
    """Return the live estates of a community, by name."""
    return Estate.objects.filter(community_id=community_id, ended_on=None).order_by("name", "id")


def buildings_of(
    community_id: UUID, estate_id: UUID | None = None, *, is_standalone: bool = False
) -> QuerySet[Building]:
    """Return the live buildings of a community, or of one estate of it, 9 before 10.

    is_standalone: only the buildings that belong to no estate.
    """
    buildings = Building.objects.filter(community_id=community_id, ended_on=None)
    if estate_id is not None:
        buildings = buildings.filter(estate_id=estate_id)
    elif is_standalone:
        buildings = buildings.filter(estate=None)
    by_estate = F("estate__name").asc(nulls_last=True)
    return buildings.order_by(by_estate, "order", "name", "id")


def buildings_without_grid(community_id: UUID) -> QuerySet[Building]:
    """Return the live buildings on no grid's list: theirs goes by position, or to the community."""
    return buildings_of(community_id).filter(grid=None)


def entrances_of(building_id: UUID) -> QuerySet[Entrance]:
    """Return the live entrances of a building, in order."""
    return Entrance.objects.filter(building_id=building_id, ended_on=None).order_by(
        "order", "name", "id"
    )


def homes_of(entrance_id: UUID) -> QuerySet[Home]:
    """Return the live homes behind an entrance, by floor and number."""
    return Home.objects.filter(entrance_id=entrance_id, ended_on=None).order_by(
        "floor", "number", "id"
    )


def with_counts(buildings: QuerySet[Building]) -> QuerySet[Building]:
    """Return the buildings with `entrance_count`, the number of their live entrances, and their grid."""
    doors = Entrance.objects.filter(building=OuterRef("pk"), ended_on=None).order_by()
    count = doors.values("building").annotate(n=Count("pk")).values("n")
    counted = buildings.annotate(entrance_count=Coalesce(Subquery(count), 0))
    return counted.select_related("grid").defer("grid__polygon")


def get_estate(estate_id: UUID, *, lock: bool = False) -> Estate:
    """Return one live estate with its community. Errors: NotFound, also for another tenant's."""
    estates = Estate.objects.filter(ended_on=None).select_related("community")
    estates = estates.defer("community__polygon")
    if lock:
        estates = estates.select_for_update(of=("self",))
    try:
        return estates.get(pk=estate_id)
    except Estate.DoesNotExist:
        raise NotFound(_("没有找到这个小区。")) from None


def get_building(building_id: UUID, *, lock: bool = False) -> Building:
    """Return one live building with community, estate and grid. Errors: NotFound."""
    buildings = (
        Building.objects.filter(ended_on=None)
        .select_related("community", "estate", "grid")
        .defer("community__polygon", "grid__polygon")
    )
    if lock:
        buildings = buildings.select_for_update(of=("self",))
    try:
        return buildings.get(pk=building_id)
    except Building.DoesNotExist:
        raise NotFound(_("没有找到这栋楼。")) from None


def get_entrance(entrance_id: UUID, *, lock: bool = False) -> Entrance:
    """Return one live entrance with its building, community, estate and grid. Errors: NotFound."""
    entrances = (
        Entrance.objects.filter(ended_on=None)
        .select_related("building__community", "building__estate", "building__grid")
        .defer("building__community__polygon", "building__grid__polygon")
    )
    if lock:
        entrances = entrances.select_for_update(of=("self",))
    try:
        return entrances.get(pk=entrance_id)
    except Entrance.DoesNotExist:
        raise NotFound(_("没有找到这个单元。")) from None


@dataclass(slots=True)
class Known:
    """All live houses of a community by the keys that spellings share, for comparing a list with.

    Shape: estates by key; buildings by estate key ("" for none), then by key; entrances by building
    id, then by key; homes by entrance id.
    """

    grids: list[Area]
    estates: dict[str, Estate]
    buildings: dict[str, dict[str, Building]]
    entrances: dict[UUID, dict[str, Entrance]]
    homes: dict[UUID, set[str]]


def known_houses(community_id: UUID, *, with_homes: bool) -> Known:
    """Return all live houses of a community; homes only when the list speaks of them."""
    buildings: dict[str, dict[str, Building]] = {}
    for building in (
        buildings_of(community_id).select_related("estate", "grid").defer("grid__polygon")
    ):
        estate_key = names.same_name_key(building.estate.name) if building.estate else ""
        sisters = buildings.setdefault(estate_key, {})
        sisters[names.same_name_key(building.name)] = building
    entrances: dict[UUID, dict[str, Entrance]] = {}
    live = Entrance.objects.filter(building__community_id=community_id, ended_on=None)
    for entrance in live:
        doors = entrances.setdefault(entrance.building_id, {})
        doors[names.same_name_key(entrance.name)] = entrance
    homes: dict[UUID, set[str]] = {}
    if with_homes:
        behind = Home.objects.filter(entrance__in=live, ended_on=None)
        for entrance_id, number in behind.values_list("entrance_id", "number"):
            homes.setdefault(entrance_id, set()).add(number)
    estates = {names.same_name_key(one.name): one for one in estates_of(community_id)}
    return Known(list(grids_of(community_id)), estates, buildings, entrances, homes)
