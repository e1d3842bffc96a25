"""A small neighbourhood for tests: say what matters, the rest has a default. The tenant is set."""

from datetime import UTC, date, datetime

from linli.kernel.actor import Actor, ActorKind, Grant
from linli.kernel.ids import new_id
from linli.kernel.tenancy import current_tenant_id
from linli.places import selectors
from linli.places.models import (
    Area,
    AreaKind,
    Building,
    Entrance,
    Estate,
    EstateKind,
    Facility,
    FacilityKind,
    GridPlan,
    Home,
    PlaceCode,
    PlannedBuilding,
    PlannedGrid,
)
from linli.places.rules import boundaries, names
from linli.places.services import facilities

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)  # Monday, nine o'clock in the community
FIRST_DAY = date(2020, 1, 1)


def make_area(kind: AreaKind, code: str, name: str, parent: Area | None = None, **facts) -> Area:
    """Make an area of any kind below another one."""
    path = f"{parent.path if parent else ''}{code}/"
    facts.setdefault("starts_on", FIRST_DAY)
    area = Area.objects.create(kind=kind, code=code, name=name, parent=parent, path=path, **facts)
    selectors.forget_communities()
    return area


def make_community(name: str = "东城社区", code: str = "659004003002", **facts) -> Area:
    """Make a community below its district and subdistrict, which are made once."""
    district = _once(AreaKind.DISTRICT, code[:6], "本区", None)
    subdistrict = _once(AreaKind.SUBDISTRICT, code[:9], "人民路街道", district)
    facts.setdefault("phone", "100-0000-0001")
    return make_area(AreaKind.COMMUNITY, code, name, subdistrict, **facts)


def make_grid(
    community: Area, code: str = "g01", name: str = "第一网格", polygon: str = ""
) -> Area:
    """Make a grid of a community; polygon: GeoJSON in WGS-84, see `square`."""
    facts = {}
    if polygon:
        (outer, *_), *_ = boundaries.rings(polygon)
        lons, lats = [p[0] for p in outer], [p[1] for p in outer]
        facts = {
            "polygon": polygon, "source_crs": "wgs84", "west": min(lons), "east": max(lons),
            "south": min(lats), "north": max(lats),
        }  # fmt: skip
    return make_area(AreaKind.GRID, code, name, community, **facts)


def square(west: float, south: float, size: float = 0.01) -> str:
    """Return the GeoJSON of a square."""
    east, north = west + size, south + size
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return f'{{"type":"Polygon","coordinates":[{ring}]}}'


def make_estate(
    community: Area, name: str = "天山花园", kind: str = EstateKind.COMPANY, **facts
) -> Estate:
    """Make an estate."""
    return Estate.objects.create(community=community, name=name, kind=kind, **facts)


def make_building(place: Area | Estate, name: str = "3号楼", **facts) -> Building:
    """Make a building of an estate, or standing alone in a community."""
    estate = place if isinstance(place, Estate) else None
    community = place.community if isinstance(place, Estate) else place
    facts.setdefault("order", names.natural_order(name))
    return Building.objects.create(community=community, estate=estate, name=name, **facts)


def make_entrance(building: Building, name: str = "1单元", **facts) -> Entrance:
    """Make an entrance."""
    facts.setdefault("order", names.natural_order(name))
    return Entrance.objects.create(building=building, name=name, **facts)


def make_home(entrance: Entrance, number: str = "301", **facts) -> Home:
    """Make a home."""
    facts.setdefault("floor", names.floor_of(number))
    return Home.objects.create(entrance=entrance, number=number, **facts)


def make_code(place: Area | Estate | Building | Entrance, code: str = "", **facts) -> PlaceCode:
    """Make a place code that hangs at a community, an estate, a building or an entrance."""
    entrance = place if isinstance(place, Entrance) else None
    building = entrance.building if entrance else place if isinstance(place, Building) else None
    estate = building.estate if building else place if isinstance(place, Estate) else None
    community = (building or estate).community if (building or estate) else place
    parts = [part.name for part in (estate, building, entrance) if part]
    facts.setdefault("label", names.place_label(*(parts or [community.name])))
    facts.setdefault("created_at", NOW)
    return PlaceCode.objects.create(
        code=code or f"home-{new_id().hex[-8:]}",
        community=community,
        estate=estate,
        building=building,
        entrance=entrance,
        **facts,
    )


def make_facility_kind(code: str = "lamp", name: str = "路灯", **facts) -> FacilityKind:
    """Make a kind of facility once."""
    known = FacilityKind.objects.filter(code=code).order_by("id").first()
    return known or FacilityKind.objects.create(code=code, name=name, **facts)


def make_facility(place: Area | Building, name: str = "3 号路灯", **facts) -> Facility:
    """Make a facility in a community or at a building, by the service of its page."""
    kind = facts.pop("kind", None) or make_facility_kind()
    community = place.community if isinstance(place, Building) else place
    if isinstance(place, Building):
        facts |= {"building_id": place.pk}
    return facilities.create_facility(
        community_id=community.pk,
        facts=facilities.FacilityFacts(kind_id=kind.pk, name=name, **facts),
        actor=manager(),
        now=NOW,
    )


def make_grid_plan(community: Area, **facts) -> tuple[GridPlan, PlannedGrid]:
    """Make a draft of one grid that holds every building of a community."""
    facts = {"run_id": new_id(), "target": 300, "edges": [], "created_at": NOW} | facts
    plan = GridPlan.objects.create(community=community, **facts)
    grid = PlannedGrid.objects.create(plan=plan, order=1, name="新网格", parent=community)
    for order, one in enumerate(Building.objects.filter(community=community).order_by("id")):
        PlannedBuilding.objects.create(
            plan=plan, building=one, order=order, households=30, was=one.grid, target=grid
        )
    return plan, grid


def manager(*areas: Area, duty: str = "places.manage") -> Actor:
    """Return a member of staff who holds a duty over the areas, or over everything."""
    grants = tuple(Grant(duty, area.path) for area in areas) or (Grant(duty),)
    return Actor(
        tenant_id=current_tenant_id(), kind=ActorKind.STAFF, account_id=new_id(), grants=grants
    )


def _once(kind: AreaKind, code: str, name: str, parent: Area | None) -> Area:
    known = Area.objects.filter(kind=kind, code=code).order_by("id").first()
    return known or make_area(kind, code, name, parent)
