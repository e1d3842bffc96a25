"""Positions: between the three datums in use in China, distances, and onto a drawing. Pure.

What is stored is WGS-84. Maps in China show GCJ-02 (Gaode, Tencent) or BD-09 (Baidu), half a
kilometre off; what is imported from them is converted, and so is what is handed to them. The
forward formulas are the ones in public use; the ways back iterate until both agree within a
millimetre. Boundaries themselves are read and checked in places.rules.boundaries.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import asin, atan2, cos, hypot, pi, radians, sin, sqrt

EARTH_RADIUS_M = 6_371_008.8
_AXIS, _ECCENTRICITY = 6_378_245.0, 0.00669342162296594323  # Krasovsky 1940, as the formula wants
_BAIDU = pi * 3000 / 180
_EXACT = 1e-9  # degrees: a tenth of a millimetre

LatLon = tuple[float, float]
Rings = Sequence[Sequence[LatLon]]  # one polygon: rings of (lon, lat), the outer one first


class Datum(StrEnum):
    """What a position's numbers refer to."""

    WGS84 = "wgs84"  # satellites, Tianditu (nearly), everything stored
    GCJ02 = "gcj02"  # Gaode, Tencent
    BD09 = "bd09"  # Baidu


def to_wgs84(lat: float, lon: float, datum: Datum) -> LatLon:
    """Return a position of any datum in WGS-84."""
    return _TO_WGS84[Datum(datum)](lat, lon)


def from_wgs84(lat: float, lon: float, datum: Datum) -> LatLon:
    """Return a WGS-84 position in another datum, for a map that wants it."""
    return _FROM_WGS84[Datum(datum)](lat, lon)


def is_outside_china(lat: float, lon: float) -> bool:
    """Tell whether a position is where nothing is shifted."""
    return not (72.004 <= lon <= 137.8347 and 0.8293 <= lat <= 55.8271)


def wgs84_to_gcj02(lat: float, lon: float) -> LatLon:
    """Return (lat, lon) as Gaode and Tencent show it."""
    if is_outside_china(lat, lon):
        return lat, lon
    x, y = lon - 105, lat - 35
    common = (20 * sin(6 * x * pi) + 20 * sin(2 * x * pi)) * 2 / 3
    north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * sqrt(abs(x)) + common
    north += (20 * sin(y * pi) + 40 * sin(y / 3 * pi)) * 2 / 3
    north += (160 * sin(y / 12 * pi) + 320 * sin(y * pi / 30)) * 2 / 3
    east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * sqrt(abs(x)) + common
    east += (20 * sin(x * pi) + 40 * sin(x / 3 * pi)) * 2 / 3
    east += (150 * sin(x / 12 * pi) + 300 * sin(x / 30 * pi)) * 2 / 3
    angle = radians(lat)
    magic = 1 - _ECCENTRICITY * sin(angle) ** 2
    meridian = _AXIS * (1 - _ECCENTRICITY) / (magic * sqrt(magic)) * pi / 180
    parallel = _AXIS / sqrt(magic) * cos(angle) * pi / 180
    return lat + north / meridian, lon + east / parallel


def gcj02_to_wgs84(lat: float, lon: float) -> LatLon:
    """Return (lat, lon) in WGS-84 of a position as Gaode and Tencent show it."""
    return (lat, lon) if is_outside_china(lat, lon) else _inverse(wgs84_to_gcj02, lat, lon)


def gcj02_to_bd09(lat: float, lon: float) -> LatLon:
    """Return (lat, lon) as Baidu shows it."""
    if is_outside_china(lat, lon):
        return lat, lon
    length = hypot(lon, lat) + 0.00002 * sin(lat * _BAIDU)
    angle = atan2(lat, lon) + 0.000003 * cos(lon * _BAIDU)
    return length * sin(angle) + 0.006, length * cos(angle) + 0.0065


def bd09_to_gcj02(lat: float, lon: float) -> LatLon:
    """Return (lat, lon) as Gaode and Tencent show it, of a position as Baidu shows it."""
    return (lat, lon) if is_outside_china(lat, lon) else _inverse(gcj02_to_bd09, lat, lon)


def wgs84_to_bd09(lat: float, lon: float) -> LatLon:
    """Return (lat, lon) as Baidu shows it."""
    return gcj02_to_bd09(*wgs84_to_gcj02(lat, lon))


def bd09_to_wgs84(lat: float, lon: float) -> LatLon:
    """Return (lat, lon) in WGS-84 of a position as Baidu shows it."""
    return gcj02_to_wgs84(*bd09_to_gcj02(lat, lon))


def distance_m(lat: float, lon: float, other_lat: float, other_lon: float) -> float:
    """Return how far two positions are apart, in metres, on a sphere."""
    north, east = radians(other_lat - lat), radians(other_lon - lon)
    half = sin(north / 2) ** 2 + cos(radians(lat)) * cos(radians(other_lat)) * sin(east / 2) ** 2
    return 2 * EARTH_RADIUS_M * asin(min(1.0, sqrt(half)))


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle of latitude and longitude."""

    west: float
    south: float
    east: float
    north: float

    def holds(self, lat: float, lon: float) -> bool:
        """Tell whether a position lies inside or on the edge."""
        return self.south <= lat <= self.north and self.west <= lon <= self.east


def box_around(lat: float, lon: float, radius_m: float) -> Box:
    """Return a box that holds all within a radius: what an index is asked before distances."""
    north = radius_m / (EARTH_RADIUS_M * pi / 180)
    east = north / max(cos(radians(lat)), 0.01)
    return Box(lon - east, lat - north, lon + east, lat + north)


def box_of(boxes: Iterable[Box]) -> Box | None:
    """Return the box that holds them all; None of none."""
    all_of = list(boxes)
    if not all_of:
        return None
    return Box(
        min(box.west for box in all_of),
        min(box.south for box in all_of),
        max(box.east for box in all_of),
        max(box.north for box in all_of),
    )


@dataclass(frozen=True, slots=True)
class Viewport:
    """A drawing of a box, true to shape at its middle: width and height in units of the drawing."""

    box: Box
    width: float
    height: float
    margin: float

    @property
    def view_box(self) -> str:
        """Return the value of the attribute viewBox."""
        return f"0 0 {self.width:g} {self.height:g}"

    def point(self, lat: float, lon: float) -> tuple[float, float]:
        """Return where a position stands in the drawing, from its upper left corner."""
        inner_width, inner_height = self.width - 2 * self.margin, self.height - 2 * self.margin
        x = (lon - self.box.west) / (self.box.east - self.box.west) * inner_width
        y = (self.box.north - lat) / (self.box.north - self.box.south) * inner_height
        return self.margin + x, self.margin + y


def viewport(box: Box, *, width: float = 1000, margin: float = 12) -> Viewport:
    """Return a drawing of that width over a box; the height follows from its shape."""
    # A boundary without width or height (a single point) gets some ground around it.
    if box.east - box.west < _EXACT or box.north - box.south < _EXACT:
        middle = (box.south + box.north) / 2, (box.west + box.east) / 2
        box = box_of([box, box_around(*middle, 50)]) or box
    squeeze = cos(radians((box.south + box.north) / 2))
    ratio = (box.north - box.south) / ((box.east - box.west) * squeeze)
    return Viewport(box, width, round((width - 2 * margin) * ratio + 2 * margin, 1), margin)


def svg_path(polygons: Iterable[Rings], view: Viewport) -> str:
    """Return the attribute d of a path: every ring of every polygon, to a tenth of a unit.

    Shape: use fill-rule evenodd, so that inner rings are holes.
    """
    return "".join(_ring(ring, view) for polygon in polygons for ring in polygon)


def _ring(ring: Sequence[LatLon], view: Viewport) -> str:
    points: list[str] = []
    for lon, lat in ring:
        x, y = view.point(lat, lon)
        words = f"{x:.1f} {y:.1f}"
        # Points that fall together in the drawing are drawn once: boundaries come with thousands.
        if not points or points[-1] != words:
            points.append(words)
    return "M" + "L".join(points) + "Z" if points else ""


def _inverse(forward: Callable[[float, float], LatLon], lat: float, lon: float) -> LatLon:
    """Return what `forward` takes to (lat, lon): go back by the error until there is none."""
    guess_lat, guess_lon = lat, lon
    for _step in range(20):
        there_lat, there_lon = forward(guess_lat, guess_lon)
        guess_lat += lat - there_lat
        guess_lon += lon - there_lon
        if abs(lat - there_lat) < _EXACT and abs(lon - there_lon) < _EXACT:
            break
    return guess_lat, guess_lon


def _as_is(lat: float, lon: float) -> LatLon:
    return lat, lon


_TO_WGS84 = {Datum.WGS84: _as_is, Datum.GCJ02: gcj02_to_wgs84, Datum.BD09: bd09_to_wgs84}
_FROM_WGS84 = {Datum.WGS84: _as_is, Datum.GCJ02: wgs84_to_gcj02, Datum.BD09: wgs84_to_bd09}
