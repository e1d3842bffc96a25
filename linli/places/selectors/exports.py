"""What leaves as a file: houses and grids as rows, boundaries as GeoJSON."""

import json
from collections.abc import Iterator
from typing import Any, Final
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from linli.kernel import clock, geo
from linli.places.models import Building, Entrance, Home
from linli.places.selectors.areas import grids_of
from linli.places.selectors.facilities import facilities_of
from linli.places.selectors.houses import buildings_of
from linli.places.selectors.overview import grid_lines

# The same columns as the import reads, so that an export can be corrected and brought back.
HOUSE_HEADER: Final = (
    "小区", "小区类型", "楼栋", "单元", "户号", "网格", "层数", "户数", "纬度", "经度",
)  # fmt: skip
GRID_HEADER: Final = (
    "网格编号", "网格名称", "电话", "楼栋数", "户数", "人口", "启用日期", "有边界",
)  # fmt: skip

FACILITY_HEADER: Final = (
    "编号", "类别", "名称", "小区", "楼栋", "单元", "纬度", "经度", "状态", "负责单位", "电话", "面积",
    "安装日期", "备注", "上次查看", "点位码",
)  # fmt: skip


def house_rows(community_id: UUID, *, with_homes: bool = False) -> Iterator[list[Any]]:
    """Give a row per entrance (or home) of a community, buildings without entrances too.

    Shape: as HOUSE_HEADER; positions in WGS-84.
    """
    doors: dict[UUID, list[Entrance]] = {}
    live = Entrance.objects.filter(building__community_id=community_id, ended_on=None)
    for door in live.order_by("order", "name", "id"):
        doors.setdefault(door.building_id, []).append(door)
    homes: dict[UUID, list[str]] = {}
    if with_homes:
        behind = Home.objects.filter(entrance__in=live, ended_on=None).order_by("floor", "number")
        for entrance_id, number in behind.values_list("entrance_id", "number"):
            homes.setdefault(entrance_id, []).append(number)
    for building in _whole(buildings_of(community_id)):
        here: list[Entrance | None] = [*doors.get(building.pk, [])]
        for door in here or [None]:
            for number in (homes.get(door.pk) if door else None) or [""]:
                yield _house(building, door, number)


def grid_rows(community_id: UUID) -> Iterator[list[Any]]:
    """Give a row per live grid of a community. Shape: as GRID_HEADER."""
    for line in grid_lines(community_id):
        grid = line.grid
        yield [
            grid.code, grid.name, grid.phone, line.buildings, grid.household_count,
            grid.resident_count, grid.starts_on.isoformat(), _("是") if grid.polygon else _("否"),
        ]  # fmt: skip


def facility_rows(
    community_id: UUID, *, kind: str = "", status: str = "", words: str = ""
) -> Iterator[list[Any]]:
    """Give a row per live facility of a community that fits. Shape: as FACILITY_HEADER; WGS-84."""
    for one in facilities_of(community_id, kind=kind, status=status, words=words):
        yield [
            one.number, one.kind.name, one.name, *_names(one.estate, one.building, one.entrance),
            _or_blank(one.lat), _or_blank(one.lon), one.get_status_display(), one.keeper,
            one.keeper_phone, one.area_m2 or "",
            one.installed_on.isoformat() if one.installed_on else "", one.note,
            clock.local(one.checked_at).date().isoformat() if one.checked_at else "",
            one.place_code.code if one.place_code else "",
        ]  # fmt: skip


def _names(*parts: Any) -> list[str]:
    return [part.name if part else "" for part in parts]


def _or_blank(value: float | None) -> float | str:
    return "" if value is None else value


def grids_geojson(community_id: UUID, datum: geo.Datum = geo.Datum.WGS84) -> str:
    """Return the live grids with a boundary as a GeoJSON FeatureCollection, in any datum."""
    features = [
        {
            "type": "Feature",
            "properties": {"网格编号": grid.code, "网格名称": grid.name},
            "geometry": _moved(json.loads(grid.polygon), datum),
        }
        for grid in grids_of(community_id).exclude(polygon="")
    ]
    return json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False)


def _whole(buildings: QuerySet[Building]) -> QuerySet[Building]:
    return buildings.select_related("estate", "grid").defer("grid__polygon")


def _house(building: Building, door: Entrance | None, number: str) -> list[Any]:
    estate = building.estate
    return [
        estate.name if estate else "",
        estate.get_kind_display() if estate else "",
        building.name,
        door.name if door else "",
        number,
        building.grid.code if building.grid else "",
        building.floor_count or "",
        building.household_count or "",
        building.lat if building.lat is not None else "",
        building.lon if building.lon is not None else "",
    ]


def _moved(geometry: dict[str, Any], datum: geo.Datum) -> dict[str, Any]:
    def move(part: Any) -> Any:
        if part and isinstance(part[0], int | float):
            lat, lon = geo.from_wgs84(part[1], part[0], datum)
            return [round(lon, 6), round(lat, 6)]
        return [move(one) for one in part]

    return geometry | {"coordinates": move(geometry["coordinates"])}
