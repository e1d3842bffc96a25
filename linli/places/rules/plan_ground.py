"""The ground of a plan of grids: where buildings stand, which are neighbours, how far each one reaches.

Neighbours are those of the Delaunay triangulation that stand near each other, so that a grid of
neighbours is one piece on the map too: its outline joins the Voronoi cells of its buildings. What
needs scipy is imported late: this runs in a process of its own (services/plan_process.py).
"""

import math
import re
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

Edge = tuple[int, int]
Point = tuple[float, float]  # metres east and north of the middle

# Across a wider gap two buildings are no neighbours, unless nothing else joins what lies behind.
NEAR: Final = 220.0
# How far a building at the edge reaches beyond its wall.
_REACH: Final = 45.0
_METRES: Final = 111_320.0  # a degree of latitude
_STREET: Final = re.compile(r"^(.{1,12}?(?:大道|大街|胡同|路|街|巷|弄|里))")


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """A building as a planner sees it. part: the micro-community it lies in now."""

    key: str
    households: int
    lat: float | None = None
    lon: float | None = None
    estate: str = ""
    street: str = ""
    grid: str = ""
    part: str = ""


@dataclass(frozen=True, slots=True)
class Ground:
    """Sites that have a position, with their neighbours; the same order everywhere."""

    sites: list[Site]
    points: list[Point]
    edges: dict[Edge, float]  # metres between two neighbours, the smaller index first


def street_of(name: str) -> str:
    """Return the street that a building's name begins with: 红旗路 of 红旗路12号楼; "" without one."""
    found = _STREET.match(name)
    return found.group(1) if found else ""


def place(sites: Sequence[Site]) -> tuple[list[Site], list[Site]]:
    """Return the sites with a position, and those that nothing places.

    One without a position of its own stands in the middle of its estate, or of its street.
    """
    middles: dict[str, Point] = {}
    for name, found in _groups(sites).items():
        known = [(one.lat, one.lon) for one in found if one.lat is not None and one.lon is not None]
        if known:
            middles[name] = (_mean(lat for lat, _ in known), _mean(lon for _, lon in known))
    placed, lost = [], []
    for one in sites:
        middle = middles.get(group_of(one))
        if one.lat is not None and one.lon is not None:
            placed.append(one)
        elif middle is not None:
            placed.append(replace(one, lat=middle[0], lon=middle[1]))
        else:
            lost.append(one)
    return placed, lost


def group_of(site: Site) -> str:
    """Return what a site should stay together with: its estate, else its street, else ""."""
    return f"estate:{site.estate}" if site.estate else site.street and f"street:{site.street}"


def lay(sites: Sequence[Site]) -> Ground:
    """Return the ground of sites that all have a position."""
    points = _spread(_metres(sites))
    lengths = _triangles(points)
    edges = _near(lengths, len(points))
    for members in _by_estate(sites).values():
        _join(edges, members, points)
    return Ground(list(sites), points, edges)


def cells(ground: Ground, region: str = "") -> list[str]:
    """Return how far each site reaches, as GeoJSON text; together they cover the ground once.

    region: GeoJSON of the community; without one the cells end a little beyond the buildings.
    """
    import numpy
    import shapely
    from scipy.spatial import Voronoi

    drawn = Voronoi(numpy.array([*ground.points, *_far(ground.points)]))
    reach = shapely.union_all([shapely.Point(one).buffer(2 * _REACH) for one in ground.points])
    inside = reach.buffer(-_REACH)
    back = _degrees(ground.sites)
    whole = shapely.from_geojson(region) if region else None
    made = []
    for number in range(len(ground.points)):
        corners = drawn.vertices[drawn.regions[drawn.point_region[number]]]
        cell = shapely.intersection(shapely.MultiPoint(corners).convex_hull, inside)
        turned = shapely.transform(cell, back)
        if whole is not None and whole.intersects(turned):
            turned = turned.intersection(whole)
        made.append(shapely.to_geojson(shapely.set_precision(turned, 1e-7)))
    return made


def _groups(sites: Sequence[Site]) -> dict[str, list[Site]]:
    found: dict[str, list[Site]] = defaultdict(list)
    for one in sites:
        if name := group_of(one):
            found[name].append(one)
    return found


def _by_estate(sites: Sequence[Site]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = defaultdict(list)
    for number, one in enumerate(sites):
        if one.estate:
            found[one.estate].append(number)
    return found


def _metres(sites: Sequence[Site]) -> list[Point]:
    lat0, lon0 = _middle(sites)
    east = _METRES * math.cos(math.radians(lat0))
    return [
        (((one.lon or 0.0) - lon0) * east, ((one.lat or 0.0) - lat0) * _METRES) for one in sites
    ]


def _degrees(sites: Sequence[Site]) -> Callable[[Any], Any]:
    lat0, lon0 = _middle(sites)
    east = _METRES * math.cos(math.radians(lat0))
    return lambda points: points / (east, _METRES) + (lon0, lat0)


def _middle(sites: Sequence[Site]) -> Point:
    return _mean(one.lat or 0.0 for one in sites), _mean(one.lon or 0.0 for one in sites)


def _mean(values: Any) -> float:
    known = list(values)
    return sum(known) / len(known)


def _spread(points: list[Point]) -> list[Point]:
    """Two buildings entered at one spot stand a few metres apart, so that each has a cell."""
    met: dict[Point, int] = defaultdict(int)
    moved = []
    for east, north in points:
        spot = (round(east, 1), round(north, 1))
        turn = met[spot]
        met[spot] += 1
        angle, far = turn * 2.399963, 2.0 * math.sqrt(turn)
        moved.append((east + far * math.cos(angle), north + far * math.sin(angle)))
    return moved


def _far(points: list[Point]) -> list[Point]:
    """Points far outside: with them no set of buildings is degenerate and every cell is bounded."""
    reach = 2_000.0 + 4 * max(max(abs(east), abs(north)) for east, north in points)
    turns = [turn * math.tau / 12 + 0.1 for turn in range(12)]
    return [(reach * math.cos(turn), reach * math.sin(turn)) for turn in turns]


def _triangles(points: list[Point]) -> dict[Edge, float]:
    import numpy
    from scipy.spatial import Delaunay

    corners = Delaunay(numpy.array([*points, *_far(points)])).simplices.tolist()
    found: dict[Edge, float] = {}
    for a, b, c in corners:
        for one, other in ((a, b), (b, c), (a, c)):
            if max(one, other) < len(points):
                found[min(one, other), max(one, other)] = math.dist(points[one], points[other])
    return found


def _near(lengths: dict[Edge, float], count: int) -> dict[Edge, float]:
    """Keep near neighbours, and of the others what holds the ground together."""
    roots = list(range(count))
    kept = {}
    for edge, metres in sorted(lengths.items(), key=lambda one: (one[1], one[0])):
        a, b = (_root(roots, one) for one in edge)
        if metres <= NEAR or a != b:
            kept[edge] = metres
        roots[a] = b
    return kept


def _join(edges: dict[Edge, float], members: list[int], points: list[Point]) -> None:
    """Make neighbours of the parts of an estate that others stand between."""
    inside = set(members)
    roots = {one: one for one in members}
    for one, other in edges:
        if one in inside and other in inside:
            roots[_root(roots, one)] = _root(roots, other)
    pairs = [
        (math.dist(points[one], points[other]), one, other)
        for one in members
        for other in members
        if one < other
    ]
    for metres, one, other in sorted(pairs) if len({_root(roots, m) for m in members}) > 1 else ():
        a, b = _root(roots, one), _root(roots, other)
        if a != b:
            edges[one, other] = metres
            roots[a] = b


def _root(roots: Any, one: int) -> int:
    while roots[one] != one:
        roots[one] = roots[roots[one]]
        one = roots[one]
    return one
