"""Areas, estates and buildings of a blueprint, laid out on the map."""

from linli.blueprints.rules import laying, tree
from linli.blueprints.rules.findings import Findings
from linli.blueprints.rules.index import Index
from linli.blueprints.rules.laying import Box
from linli.blueprints.rules.patrols import facility_kinds
from linli.blueprints.rules.records import Item
from linli.blueprints.rules.tree import House, Place
from linli.places.blueprint import AreaItem, BuildingItem, EstateItem, PlacesPart, SpotItem


def places_part(index: Index) -> PlacesPart:
    """Return the places of a file without findings."""
    houses = {
        place.code: _dealt(index, place) for place in index.places if place.kind == "community"
    }
    boxes = _boxes(index, houses)
    placed = {code: _positions(found, boxes) for code, found in houses.items()}
    return PlacesPart(
        areas=tuple(_area(place, boxes.get(place.code)) for place in index.places),
        estates=tuple(
            _estate(code, item, houses[code], placed[code])
            for code, community in _communities(index)
            for item in community["小区"]
        ),
        buildings=tuple(
            _building(code, order, house, point)
            for code in houses
            for order, (house, point) in enumerate(zip(houses[code], placed[code], strict=True), 1)
        ),
        spots=tuple(
            SpotItem(community_code=code, name=name)
            for code, community in _communities(index)
            for name in community["街巷"]
        ),
        facility_kinds=facility_kinds(index),
    )


def grid_of(index: Index) -> dict[tuple[str, str, str], str]:
    """Return the code of each building's grid by (community code, estate, building)."""
    return {
        (place.code, house.estate, house.name): house.grid
        for place in index.places
        if place.kind == "community"
        for house in _dealt(index, place)
    }


def _communities(index: Index) -> list[tuple[str, Item]]:
    return [(place.code, place.item) for place in index.places if place.kind == "community"]


def _dealt(index: Index, community: Place) -> list[House]:
    """Return the buildings of a community, each with its grid if there are grids."""
    houses = tree.houses_of(community.item)
    grids = index.grids_of(community)
    for grid in grids:
        tree.claim(grid, houses, Findings())
    for parent in [
        community,
        *(p for p in index.places if p.kind == "micro" and p.parent is community),
    ]:
        name = parent.name if parent.kind == "micro" else ""
        tree.deal(
            [grid for grid in grids if grid.parent is parent],
            [house for house in houses if house.micro == name],
        )
    return houses


def _boxes(index: Index, houses: dict[str, list[House]]) -> dict[str, Box]:
    """Return the rectangles of communities, micro-communities and grids by code."""
    boxes: dict[str, Box] = {}
    for subdistrict in [place for place in index.places if place.kind == "subdistrict"]:
        communities = [p for p in index.places if p.parent is subdistrict]
        lat, lon = subdistrict.item["中心"] or index.root["区县"]["中心"]
        for number, community in enumerate(communities):
            size = community.item["面积"]
            centre = community.item["中心"] or laying.beside(lat, lon, number, square_km=size)
            boxes[community.code] = laying.box_around(*centre, square_km=size)
            _lay_grids(index, community, boxes)
    return boxes


def _lay_grids(index: Index, community: Place, boxes: dict[str, Box]) -> None:
    micros = [
        place for place in index.places if place.kind == "micro" and place.parent is community
    ]
    grids = {
        parent.code: [p for p in index.grids_of(community) if p.parent is parent]
        for parent in (community, *micros)
    }
    weights = [len(grids[micro.code]) for micro in micros]
    for micro, box in zip(micros, laying.strips(boxes[community.code], weights), strict=True):
        boxes[micro.code] = box
    for code, below in grids.items():
        for grid, box in zip(
            below, laying.cells(boxes[code], len(below)) if below else [], strict=True
        ):
            boxes[grid.code] = box


def _positions(houses: list[House], boxes: dict[str, Box]) -> list[tuple[float, float] | None]:
    """Return where each building stands: on a lattice inside its grid; nowhere without a grid."""
    by_grid: dict[str, list[int]] = {}
    for number, house in enumerate(houses):
        by_grid.setdefault(house.grid, []).append(number)
    found: list[tuple[float, float] | None] = [None] * len(houses)
    for grid, numbers in by_grid.items():
        if grid:
            for number, point in zip(
                numbers, laying.points(boxes[grid], len(numbers)), strict=True
            ):
                found[number] = point
    return found


def _area(place: Place, box: Box | None) -> AreaItem:
    is_own = place.kind in ("district", "subdistrict", "community")
    item = place.item
    return AreaItem(
        kind=place.kind,
        code=place.code,
        name=place.name,
        parent_code=place.parent.code if place.parent else "",
        phone=item["电话"] if is_own else "",
        slogan=item["口号"] if place.kind == "community" else "",
        initials=item["编号字头"] if place.kind == "community" else "",
        household_count=item["户数"] if place.kind == "community" else 0,
        resident_count=item["人口"] if place.kind == "community" else 0,
        polygon=box.polygon() if box else "",
        bounds=(box.west, box.south, box.east, box.north) if box else None,
    )


def _estate(
    code: str, item: Item, houses: list[House], points: list[tuple[float, float] | None]
) -> EstateItem:
    name = item["名称"]
    mine = [p for house, p in zip(houses, points, strict=True) if house.estate == name and p]
    lat = round(sum(point[0] for point in mine) / len(mine), 6) if mine else None
    lon = round(sum(point[1] for point in mine) / len(mine), 6) if mine else None
    return EstateItem(community_code=code, name=name, kind=item["类型"], lat=lat, lon=lon)


def _building(
    code: str, order: int, house: House, point: tuple[float, float] | None
) -> BuildingItem:
    lat, lon = point or (None, None)
    return BuildingItem(
        community_code=code,
        estate=house.estate,
        name=house.name,
        order=house.number,
        grid_code=house.grid,
        lat=lat,
        lon=lon,
        entrance_count=house.entrances,
        floor_count=house.floors,
        homes_per_landing=house.homes,
    )
