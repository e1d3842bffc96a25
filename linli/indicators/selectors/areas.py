"""Which areas somebody may look at, what lies below them, and how they are drawn."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final
from uuid import UUID

from django.utils.translation import gettext as _

from linli.kernel import geo
from linli.kernel.actor import Actor
from linli.kernel.errors import NotFound
from linli.kernel.memory import Remembered
from linli.places import selectors as places

DUTY: Final = "cases.view"
# Boundaries change a few times a year, and reading them is the dearest part of a page.
_KEPT_SECONDS: Final = 120.0
_FEW_PARTS: Final = 5


@dataclass(frozen=True, slots=True)
class Place:
    """An area as the figures know it."""

    id: UUID
    path: str
    name: str
    kind: str
    kind_name: str


@dataclass(frozen=True, slots=True)
class Outline:
    """An area on a map: the attribute d, and where its name stands."""

    place: Place
    d: str
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Ground:
    """A drawing of areas beside each other; `width` in its own units."""

    view_box: str
    width: float
    outlines: tuple[Outline, ...]


def area_for(area_id: UUID, actor: Actor) -> Place:
    """Return an area that the actor looks after.

    Errors: NotFound, the same whether it is absent, another district's or not the actor's.
    """
    place = _all_by_id().get(area_id)
    if place is None or not actor.can(DUTY, place.path):
        raise NotFound(_("没有找到这个区域的数字，或者您的岗位看不到它。"))
    return place


def first_areas(actor: Actor) -> list[Place]:
    """Return the highest areas that the actor looks after, the widest first."""
    scopes = actor.scopes(DUTY)
    known = sorted(_all_by_id().values(), key=lambda one: one.path)
    found: list[Place] = []
    for place in known:
        is_in = any(place.path.startswith(scope) for scope in scopes)
        if is_in and not any(place.path.startswith(one.path) for one in found):
            found.append(place)
    return found


def above(place: Place, actor: Actor) -> list[Place]:
    """Return the areas above one that the actor looks after too, the highest first."""
    known = _all_by_id().values()
    found = [one for one in known if place.path.startswith(one.path) and one.path != place.path]
    return sorted((one for one in found if actor.can(DUTY, one.path)), key=lambda one: one.path)


def below(place: Place) -> list[Place]:
    """Return the areas right below one, in tree order; a level that is left out is passed over."""
    found: list[Place] = []
    for one in sorted(_all_by_id().values(), key=lambda one: one.path):
        is_in = one.path.startswith(place.path) and one.path != place.path
        if is_in and not any(one.path.startswith(before.path) for before in found):
            found.append(one)
    return found


def parts(place: Place) -> list[Place]:
    """Return what a map shows of an area: what lies right below it, or further down where that is little."""
    found = below(place)
    while found and len(found) < _FEW_PARTS:
        deeper = [part for one in found for part in below(one) or [one]]
        if deeper == found:
            break
        found = deeper
    return found


def by_path(path: str) -> Place | None:
    """Return the area of a path, or None."""
    return next((one for one in _all_by_id().values() if one.path == path), None)


def _read_all() -> dict[UUID, Place]:
    rows = places.areas_below("").defer("polygon")
    return {
        row.pk: Place(row.pk, row.path, row.name, row.kind, row.get_kind_display()) for row in rows
    }


_all_by_id: Remembered[[], dict[UUID, Place]] = Remembered(_read_all, 20.0)


def _draw(path: str) -> Ground | None:
    """Draw the parts of an area; None where no boundary is known."""
    place = by_path(path)
    bounded = [row for row in places.areas_below(path) if row.polygon and row.path != path]
    shapes = {one: _shape_of(one, bounded) for one in (parts(place) if place else [])}
    box = geo.box_of(_box(polygons) for polygons in shapes.values() if polygons)
    if box is None:
        return None
    view = geo.viewport(box, width=1000)
    outlines = tuple(_outline(one, found, view) for one, found in shapes.items() if found)
    return Ground(view.view_box, view.width, outlines)


def _shape_of(place: Place, bounded: Iterable[Any]) -> list[list[Any]]:
    """Return the polygons of an area; without a boundary of its own, of the highest ones below it."""
    found: list[list[Any]] = []
    taken: list[str] = []
    for row in bounded:  # in tree order
        is_inside = row.path.startswith(place.path)
        if is_inside and not any(row.path.startswith(one) for one in taken):
            taken.append(row.path)
            found += _rings(row.polygon)
    return found


ground_of: Remembered[[str], Ground | None] = Remembered(_draw, _KEPT_SECONDS, most=200)


def _rings(polygon: str) -> list[list[Any]]:
    """Return the polygons of a GeoJSON geometry, each a list of rings."""
    shape = json.loads(polygon)
    parts = shape["coordinates"]
    return [parts] if shape["type"] == "Polygon" else list(parts)


def _box(polygons: Iterable[list[Any]]) -> geo.Box:
    points = [point for rings in polygons for ring in rings for point in ring]
    lons, lats = [point[0] for point in points], [point[1] for point in points]
    return geo.Box(min(lons), min(lats), max(lons), max(lats))


def _outline(place: Place, polygons: list[list[Any]], view: geo.Viewport) -> Outline:
    lon, lat = max((_middle(rings[0]) for rings in polygons), key=lambda found: found[2])[:2]
    x, y = view.point(lat, lon)
    return Outline(place, geo.svg_path(polygons, view), x, y)


def _middle(ring: list[Any]) -> tuple[float, float, float]:
    """Return the middle of a ring (longitude, latitude), and how large it is."""
    lon0, lat0 = ring[0][:2]
    size = lon = lat = 0.0
    for one, other in pairwise(ring):
        x, y, x2, y2 = one[0] - lon0, one[1] - lat0, other[0] - lon0, other[1] - lat0
        part = x * y2 - x2 * y
        size, lon, lat = size + part, lon + (x + x2) * part, lat + (y + y2) * part
    if not size:
        return lon0, lat0, 0.0
    return lon0 + lon / (3 * size), lat0 + lat / (3 * size), abs(size)
