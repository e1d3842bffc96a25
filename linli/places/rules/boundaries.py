"""Boundaries of grids: GeoJSON in, a geometry in which a point can lie; sisters that overlap.

What reckons with geometry loads it at its first call: shapely and numpy weigh twelve megabytes, and
many communities draw no boundary.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

MAX_POINTS: Final = 20_000
# About one metre: more decimals are noise of the export.
_DECIMALS: Final = 6
# A shared line drawn twice by hand overlaps a little: up to this share of the smaller, no warning.
OVERLAP_SHARE: Final = 0.01

Move = Callable[[float, float], tuple[float, float]]  # (lat, lon) to (lat, lon)


class NotABoundary(ValueError):
    """The geometry can't be a boundary; `reason` is a word for the caller to explain."""

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(reason)
        self.reason, self.detail = reason, detail


@dataclass(frozen=True, slots=True)
class Outline:
    """A checked boundary: GeoJSON geometry as text (WGS-84) and its bounds."""

    text: str
    west: float
    south: float
    east: float
    north: float


def read_outline(geometry: Any, to_wgs84: Move) -> Outline:
    """Return the checked boundary of a GeoJSON geometry, Feature or collection of one Feature.

    to_wgs84: turns a (lat, lon) of the source into WGS-84.
    Errors: NotABoundary with reason kind, empty, points, range or crossed.
    """
    from shapely import transform
    from shapely.geometry import mapping
    from shapely.validation import explain_validity

    drawn = _shape_of(_geometry_of(geometry))
    moved = transform(drawn, lambda points: [_swap(to_wgs84(lat, lon)) for lon, lat in points])
    if not moved.is_valid:
        raise NotABoundary("crossed", explain_validity(moved))
    west, south, east, north = moved.bounds
    text = json.dumps(_rounded(mapping(moved)), separators=(",", ":"))
    return Outline(text, west, south, east, north)


def holds(polygon: str, lat: float, lon: float) -> bool:
    """Tell whether a point lies in a boundary, or on its line; False for an empty one."""
    if not polygon:
        return False
    from shapely import intersects_xy

    return bool(intersects_xy(_parsed(polygon), lon, lat))


def is_sound(polygon: str) -> bool:
    """Tell whether a kept boundary can be reckoned with: it reads, and doesn't cross itself."""
    from shapely import GEOSException

    try:
        return bool(_parsed(polygon).is_valid)
    except (ValueError, TypeError, KeyError, IndexError, GEOSException):
        return False


def joined(cells: Sequence[str]) -> str:
    """Return the outline of pieces that lie side by side, as GeoJSON; "" of none."""
    from shapely import union_all
    from shapely.geometry import mapping

    drawn = [_parsed(cell) for cell in cells if cell]
    whole = union_all(drawn, grid_size=1e-7) if drawn else None
    if whole is None or whole.is_empty or whole.geom_type not in ("Polygon", "MultiPolygon"):
        return ""
    return json.dumps(_rounded(mapping(whole)), separators=(",", ":"))


def overlap_share(one: str, other: str) -> float:
    """Return which share of the smaller of two boundaries lies in the other, 0.0 to 1.0."""
    if not one or not other:
        return 0.0
    a, b = _parsed(one), _parsed(other)
    smaller = min(a.area, b.area)
    return float(a.intersection(b).area / smaller) if smaller else 0.0


def rings(polygon: str) -> list[list[list[tuple[float, float]]]]:
    """Return the polygons of a boundary, each as rings of (lon, lat), the outer one first."""
    drawn = json.loads(polygon)
    parts = drawn["coordinates"] if drawn["type"] == "MultiPolygon" else [drawn["coordinates"]]
    return [[[(point[0], point[1]) for point in ring] for ring in part] for part in parts]


@lru_cache(maxsize=512)
def _parsed(polygon: str) -> "BaseGeometry":
    from shapely import prepare
    from shapely.geometry import shape

    drawn = shape(json.loads(polygon))
    prepare(drawn)
    return drawn


def _geometry_of(data: Any) -> Any:
    if isinstance(data, dict) and data.get("type") == "FeatureCollection":
        features = data.get("features")
        if not isinstance(features, list) or len(features) != 1:
            raise NotABoundary("many")
        data = features[0]
    if isinstance(data, dict) and data.get("type") == "Feature":
        data = data.get("geometry")
    return data


def _shape_of(geometry: Any) -> "BaseGeometry":
    from shapely import get_num_coordinates
    from shapely.geometry import shape

    if not isinstance(geometry, dict) or geometry.get("type") not in ("Polygon", "MultiPolygon"):
        raise NotABoundary("kind")
    try:
        drawn = shape(geometry)
        count = int(get_num_coordinates(drawn))
    except (TypeError, ValueError, IndexError, KeyError, AttributeError) as error:
        raise NotABoundary("broken") from error
    if drawn.is_empty or drawn.area == 0:
        raise NotABoundary("empty")
    if count > MAX_POINTS:
        raise NotABoundary("points")
    west, south, east, north = drawn.bounds
    if not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):
        raise NotABoundary("range")
    return drawn


def _swap(lat_lon: tuple[float, float]) -> tuple[float, float]:
    return lat_lon[1], lat_lon[0]


def _rounded(value: Any) -> Any:
    if isinstance(value, float):
        return round(value, _DECIMALS)
    if isinstance(value, dict):
        return {key: _rounded(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [_rounded(part) for part in value]
    return value
