"""Installs the places of a blueprint: areas, estates, buildings with entrances and homes, back streets."""

from collections.abc import Hashable
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from linli.kernel import clock
from linli.kernel.actor import Actor
from linli.kernel.blueprint import Fields, Outcome, put, record
from linli.places import selectors
from linli.places.models import Area, Building, Entrance, Estate, FacilityKind, Home
from linli.places.services import make_code

# Areas of a blueprint are taken to have held before anything that is reported in them.
FIRST_DAY = date(2020, 1, 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class AreaItem:
    """An area. parents come before children; polygon is GeoJSON in WGS-84 or ""."""

    kind: str
    code: str
    name: str
    parent_code: str = ""
    phone: str = ""
    slogan: str = ""
    initials: str = ""  # what the numbers of a community's cases begin with
    household_count: int = 0
    resident_count: int = 0
    polygon: str = ""
    bounds: tuple[float, float, float, float] | None = None  # west, south, east, north


@dataclass(frozen=True, slots=True, kw_only=True)
class EstateItem:
    """An estate of a community; within it, the name is unique."""

    community_code: str
    name: str
    kind: str
    lat: float | None = None
    lon: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BuildingItem:
    """A building with so many entrances, floors and homes on each landing; estate "" stands alone."""

    community_code: str
    estate: str = ""
    name: str
    order: int = 0
    grid_code: str = ""
    lat: float | None = None
    lon: float | None = None
    entrance_count: int = 1
    floor_count: int = 1
    homes_per_landing: int = 2

    @property
    def household_count(self) -> int:
        """How many homes the building has."""
        return self.entrance_count * self.floor_count * self.homes_per_landing


@dataclass(frozen=True, slots=True, kw_only=True)
class SpotItem:
    """A street or square of a community that gets a place code of its own."""

    community_code: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FacilityKindItem:
    """A kind of facility, with its targets (S4 4.11)."""

    code: str
    name: str
    icon: str = "map-pin"
    category_code: str = ""
    check_days: int = 0
    target_count: int = 0
    target_area_m2: int = 0
    is_premises: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacesPart:
    """The places of a blueprint."""

    areas: tuple[AreaItem, ...] = ()
    estates: tuple[EstateItem, ...] = ()
    buildings: tuple[BuildingItem, ...] = ()
    spots: tuple[SpotItem, ...] = ()
    facility_kinds: tuple[FacilityKindItem, ...] = ()


@dataclass(slots=True)
class _Ids:
    """The rows behind the codes and names of the file."""

    areas: dict[str, Area] = field(default_factory=dict)
    estates: dict[tuple[UUID, str], Estate] = field(default_factory=dict)

    def area_id(self, code: str) -> UUID | None:
        area = self.areas.get(code)
        return area.pk if area else None

    def estate_id(self, community_code: str, name: str) -> UUID | None:
        community_id = self.area_id(community_code)
        estate = self.estates.get((community_id, name)) if community_id else None
        return estate.pk if estate else None


@transaction.atomic
def install(
    part: PlacesPart,
    *,
    before: PlacesPart | None,
    installation_id: UUID,
    actor: Actor,
    now: datetime,
) -> Outcome:
    """Install the places; see `kernel.blueprint` for what happens to rows that are there already.

    Errors: NotAllowed.
    """
    actor.require("places.manage")
    outcome, ids, base = Outcome("places"), _Ids(), before or PlacesPart()
    _install_areas(part, base, ids, outcome)
    _install_estates(part, base, ids, outcome)
    _install_buildings(part, base, ids, outcome, clock.local(now).date())
    _make_codes(part, base, ids, outcome, actor=actor, now=now)
    _install_kinds(part, base, outcome)
    selectors.forget_communities()
    record(outcome, installation_id=installation_id, actor=actor, now=now)
    return outcome


def _install_areas(part: PlacesPart, base: PlacesPart, ids: _Ids, outcome: Outcome) -> None:
    """Level by level, so that a child finds its parent's id and path."""
    for kind in dict.fromkeys(item.kind for item in part.areas):
        wanted = {item.code: _area(item, ids) for item in part.areas if item.kind == kind}
        known = {item.code: _area(item, ids) for item in base.areas if item.kind == kind}
        rows = put(
            Area,
            "区域",
            wanted=wanted,
            base=known,
            key=lambda area: area.code,
            first={"kind": kind, "starts_on": FIRST_DAY},
            outcome=outcome,
        )
        ids.areas |= {str(code): area for code, area in rows.items()}


def _area(item: AreaItem, ids: _Ids) -> dict[str, Any]:
    parent = ids.areas.get(item.parent_code)
    west, south, east, north = item.bounds or (None, None, None, None)
    return {
        "code": item.code,
        "name": item.name,
        "parent_id": parent.pk if parent else None,
        "path": f"{parent.path if parent else ''}{item.code}/",
        "phone": item.phone,
        "slogan": item.slogan,
        "initials": item.initials,
        "household_count": item.household_count,
        "resident_count": item.resident_count,
        "polygon": item.polygon,
        "west": west,
        "south": south,
        "east": east,
        "north": north,
        "source_crs": "wgs84" if item.polygon else "",
    }


def _install_estates(part: PlacesPart, base: PlacesPart, ids: _Ids, outcome: Outcome) -> None:
    rows = put(
        Estate,
        "小区",
        wanted=_estates(part, ids),
        base=_estates(base, ids),
        key=lambda estate: (estate.community_id, estate.name),
        first={},
        outcome=outcome,
    )
    ids.estates = {(row.community_id, row.name): row for row in rows.values()}


def _estates(part: PlacesPart, ids: _Ids) -> dict[Hashable, Fields]:
    found: dict[Hashable, Fields] = {}
    for item in part.estates:
        community_id = ids.area_id(item.community_code)
        found[community_id, item.name] = {
            "community_id": community_id,
            "name": item.name,
            "kind": item.kind,
            "lat": item.lat,
            "lon": item.lon,
        }
    return found


def _install_buildings(
    part: PlacesPart, base: PlacesPart, ids: _Ids, outcome: Outcome, today: date
) -> None:
    is_old = set(Building.objects.values_list("id", flat=True))
    rows = put(
        Building,
        "楼栋",
        wanted=_buildings(part, ids),
        base=_buildings(base, ids),
        key=lambda one: (one.community_id, one.estate_id, one.name),
        first={},
        outcome=outcome,
    )
    # Entrances and homes come with a new building; afterwards people keep them.
    for item in part.buildings:
        row = rows[_building_key(item, ids)]
        if row.pk not in is_old:
            _furnish(row, item)


def _buildings(part: PlacesPart, ids: _Ids) -> dict[Hashable, Fields]:
    return {_building_key(item, ids): _building(item, ids) for item in part.buildings}


def _building_key(item: BuildingItem, ids: _Ids) -> tuple[UUID | None, UUID | None, str]:
    estate_id = ids.estate_id(item.community_code, item.estate)
    return ids.area_id(item.community_code), estate_id, item.name


def _building(item: BuildingItem, ids: _Ids) -> dict[str, Any]:
    return {
        "community_id": ids.area_id(item.community_code),
        "estate_id": ids.estate_id(item.community_code, item.estate),
        "grid_id": ids.area_id(item.grid_code),
        "name": item.name,
        "order": item.order,
        "lat": item.lat,
        "lon": item.lon,
        "floor_count": item.floor_count,
        "household_count": item.household_count,
    }


def _make_codes(
    part: PlacesPart, base: PlacesPart, ids: _Ids, outcome: Outcome, *, actor: Actor, now: datetime
) -> None:
    """Give each new street its code; one that people ended since is not made again."""
    for item in part.spots:
        community_id = ids.area_id(item.community_code)
        if item not in base.spots and community_id is not None:
            make_code(community_id=community_id, spot=item.name, actor=actor, now=now)
            outcome.created += 1


def _install_kinds(part: PlacesPart, base: PlacesPart, outcome: Outcome) -> None:
    put(
        FacilityKind, "设施类别", wanted=_kinds(part), base=_kinds(base), key=lambda row: row.code,
        first={}, outcome=outcome,
    )  # fmt: skip


def _kinds(part: PlacesPart) -> dict[Hashable, Fields]:
    return {
        item.code: asdict(item) | {"order": number * 10}
        for number, item in enumerate(part.facility_kinds, 1)
    }


def _furnish(building: Building, item: BuildingItem) -> None:
    entrances = [
        Entrance(building=building, name=f"{number} 单元", order=number)
        for number in range(1, item.entrance_count + 1)
    ]
    Entrance.objects.bulk_create(entrances)
    Home.objects.bulk_create(
        Home(entrance=entrance, number=f"{floor}{door:02}", floor=floor)
        for entrance in entrances
        for floor in range(1, item.floor_count + 1)
        for door in range(1, item.homes_per_landing + 1)
    )
