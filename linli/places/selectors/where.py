"""Where something is, down to the grid that answers for it.

The grid of a building's list comes first, then the grid whose boundary the point lies in, then
nobody's: the community. A place chosen by hand costs two queries at most, a scanned code one.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from linli.kernel.errors import BadInput
from linli.kernel.memory import remember
from linli.places.models import Area, AreaKind, Building, Entrance, Estate, PlaceCode
from linli.places.rules import boundaries, names
from linli.places.selectors.areas import communities


@dataclass(frozen=True, slots=True, kw_only=True)
class Where:
    """A place as the rooms above need it. `area_path` is the grid's, else the community's."""

    community_id: UUID
    grid_id: UUID | None = None
    area_path: str
    estate_id: UUID | None = None
    estate_kind: str = ""
    building_id: UUID | None = None
    entrance_id: UUID | None = None
    label: str
    lat: float | None = None  # WGS-84
    lon: float | None = None
    community_name: str
    community_phone: str = ""
    code: str = ""  # the place code that was scanned
    community_code: str = ""
    initials: str = ""  # the letters that the numbers of the community's cases begin with
    grid_name: str = ""
    spot: str = ""


@dataclass(frozen=True, slots=True)
class _Parts:
    """What is known of a place; the deeper parts bring the higher ones along."""

    community: Area
    estate: Estate | None = None
    building: Building | None = None
    entrance: Entrance | None = None


def where_of_code(place_code: PlaceCode) -> Where:
    """Return where a place code hangs; `find_place_code` gives it with its place loaded."""
    parts = _Parts(
        place_code.community, place_code.estate, place_code.building, place_code.entrance
    )
    return _where(parts, None, None, spot=place_code.spot, code=place_code.code)


def where_of(
    *,
    community_id: UUID,
    estate_id: UUID | None = None,
    building_id: UUID | None = None,
    entrance_id: UUID | None = None,
    lat: float | None = None,
    lon: float | None = None,
    spot: str = "",
) -> Where:
    """Return where something is, from what somebody chose or a point on the map.

    lat, lon: WGS-84, both or neither.
    Errors: BadInput when a part is unknown, ended, or not of the community.
    """
    if (lat is None) != (lon is None) or not (
        -90 <= (lat or 0) <= 90 and -180 <= (lon or 0) <= 180
    ):
        raise BadInput(_("地图上的位置不完整，重新点一下。"), field="lat")
    if entrance_id is not None:
        parts = _parts_of_entrance(entrance_id)
    elif building_id is not None:
        parts = _parts_of_building(building_id)
    elif estate_id is not None:
        parts = _parts_of_estate(estate_id)
    else:
        parts = _parts_of_community(community_id)
    _check_same(parts, community_id, estate_id, building_id)
    return _where(parts, lat, lon, spot=names.clean_name(spot))


def grid_at(grids: Iterable[Area], lat: float, lon: float) -> Area | None:
    """Return the first of the grids whose boundary holds the point, or None."""
    return next((grid for grid in grids if boundaries.holds(grid.polygon, lat, lon)), None)


def _where(
    parts: _Parts, lat: float | None, lon: float | None, *, spot: str, code: str = ""
) -> Where:
    community, estate, building, entrance = (
        parts.community,
        parts.estate,
        parts.building,
        parts.entrance,
    )
    if lat is None:
        lat, lon = _position(building, estate)
    grid = building.grid if building else None
    if grid is None and lat is not None and lon is not None:
        grid = _grid_of_point(community, lat, lon)
    return Where(
        community_id=community.pk,
        grid_id=grid.pk if grid else None,
        area_path=grid.path if grid else community.path,
        estate_id=estate.pk if estate else None,
        estate_kind=estate.kind if estate else "",
        building_id=building.pk if building else None,
        entrance_id=entrance.pk if entrance else None,
        label=label_of(community, estate, building, entrance, spot),
        lat=lat,
        lon=lon,
        community_name=community.name,
        community_phone=community.phone,
        code=code,
        community_code=community.code,
        initials=community.initials or community.code[-4:],
        grid_name=grid.name if grid else "",
        spot=spot,
    )


def label_of(
    community: Area,
    estate: Estate | None,
    building: Building | None,
    entrance: Entrance | None,
    spot: str = "",
) -> str:
    """Return the place in words; the community only when nothing nearer is known."""
    parts = [part.name for part in (estate, building, entrance) if part is not None]
    return names.place_label(*(parts or [community.name]), spot)


def _position(
    building: Building | None, estate: Estate | None
) -> tuple[float | None, float | None]:
    for part in (building, estate):
        if part is not None and part.lat is not None:
            return part.lat, part.lon
    return None, None


def _grid_of_point(community: Area, lat: float, lon: float) -> Area | None:
    near = [
        grid
        for grid in _outlined_grids(community.path)
        if grid.south <= lat <= grid.north and grid.west <= lon <= grid.east
    ]
    return grid_at(near, lat, lon)


@remember
def _outlined_grids(path: str) -> list[Any]:
    found = Area.objects.filter(
        kind=AreaKind.GRID, ends_on=None, path__startswith=path, south__isnull=False
    )
    return list(found.exclude(polygon="").order_by("path", "id"))


@remember
def _parts_of_entrance(entrance_id: UUID) -> _Parts:
    rows = (
        Entrance.objects.filter(ended_on=None, building__ended_on=None)
        .select_related("building__community", "building__estate", "building__grid")
        .defer("building__community__polygon", "building__grid__polygon")
    )
    entrance: Entrance = _one(rows, entrance_id, "entrance")
    building = entrance.building
    return _Parts(building.community, building.estate, building, entrance)


@remember
def _parts_of_building(building_id: UUID) -> _Parts:
    rows = Building.objects.filter(ended_on=None).select_related("community", "estate", "grid")
    rows = rows.defer("community__polygon", "grid__polygon")
    building: Building = _one(rows, building_id, "building")
    return _Parts(building.community, building.estate, building)


def _parts_of_estate(estate_id: UUID) -> _Parts:
    rows = Estate.objects.filter(ended_on=None).select_related("community")
    rows = rows.defer("community__polygon")
    estate: Estate = _one(rows, estate_id, "estate")
    return _Parts(estate.community, estate)


@remember
def _parts_of_community(community_id: UUID) -> _Parts:
    return _Parts(_one(communities(), community_id, "community"))


def _one(rows: Any, row_id: UUID, field: str) -> Any:
    found = rows.filter(pk=row_id).first()
    if found is None:
        raise _not_of_community(field)
    return found


def _check_same(
    parts: _Parts, community_id: UUID, estate_id: UUID | None, building_id: UUID | None
) -> None:
    if parts.community.pk != community_id or parts.community.ends_on is not None:
        raise _not_of_community("community")
    if estate_id is not None and (parts.estate is None or parts.estate.pk != estate_id):
        raise _not_of_community("estate")
    if building_id is not None and (parts.building is None or parts.building.pk != building_id):
        raise _not_of_community("building")


def _not_of_community(field: str) -> BadInput:
    return BadInput(_("选的地方对不上了，重新选一下小区和楼栋。"), field=field)
