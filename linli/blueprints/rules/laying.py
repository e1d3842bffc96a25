"""Where areas and buildings lie when nobody has measured them: a plain lattice around a centre.

Real boundaries are imported later in pages made for that; the file only makes sure that every grid
has a place on the map and every building lies in its grid.
"""

import json
import math
from typing import NamedTuple

KM_PER_DEGREE = 111.32


class Box(NamedTuple):
    """A rectangle on the map, in degrees, WGS-84."""

    west: float
    south: float
    east: float
    north: float

    def point(self, right: float, up: float) -> tuple[float, float]:
        """Return (lat, lon) of a point so far to the right and up, 0 to 1."""
        lat = self.south + (self.north - self.south) * up
        lon = self.west + (self.east - self.west) * right
        return round(lat, 6), round(lon, 6)

    def polygon(self) -> str:
        """Return the rectangle as GeoJSON."""
        ring = [
            [self.west, self.south],
            [self.east, self.south],
            [self.east, self.north],
            [self.west, self.north],
            [self.west, self.south],
        ]
        return json.dumps({"type": "Polygon", "coordinates": [ring]}, separators=(",", ":"))


def box_around(lat: float, lon: float, *, square_km: float) -> Box:
    """Return a square of that size around a point."""
    half = math.sqrt(square_km) / 2 / KM_PER_DEGREE
    wide = half / math.cos(math.radians(lat))
    return _rounded(lon - wide, lat - half, lon + wide, lat + half)


def beside(lat: float, lon: float, index: int, *, square_km: float) -> tuple[float, float]:
    """Return the centre of the n-th neighbour on a lattice that grows from a point."""
    step = (math.sqrt(square_km) + 0.15) / KM_PER_DEGREE
    row, column = divmod(index, 4)
    wide = step / math.cos(math.radians(lat))
    return round(lat - row * step, 6), round(lon + (column - 1.5) * wide, 6)


def strips(box: Box, weights: list[int]) -> list[Box]:
    """Cut a box from west to east into strips as wide as their weights."""
    total, done, found = sum(weights) or 1, 0, []
    width = box.east - box.west
    for weight in weights:
        west, east = box.west + width * done / total, box.west + width * (done + weight) / total
        found.append(_rounded(west, box.south, east, box.north))
        done += weight
    return found


def cells(box: Box, count: int) -> list[Box]:
    """Cut a box into `count` cells that cover it, row by row from the north-west."""
    columns = max(1, round(math.sqrt(count * _shape(box))))
    rows = math.ceil(count / columns)
    found: list[Box] = []
    height = (box.north - box.south) / rows
    for row in range(rows):
        in_row = count // rows + (row < count % rows)
        north = box.north - row * height
        found += strips(_rounded(box.west, north - height, box.east, north), [1] * in_row)
    return found


def points(box: Box, count: int) -> list[tuple[float, float]]:
    """Return `count` points inside a box, (lat, lon), on a lattice with a margin."""
    columns = max(1, math.ceil(math.sqrt(count)))
    rows = math.ceil(count / columns) if count else 0
    found = []
    for index in range(count):
        row, column = divmod(index, columns)
        found.append(box.point((column + 1) / (columns + 1), 1 - (row + 1) / (rows + 1)))
    return found


def _shape(box: Box) -> float:
    """Return how much wider than high a box is, on the ground."""
    lat = math.radians((box.north + box.south) / 2)
    return (box.east - box.west) * math.cos(lat) / (box.north - box.south)


def _rounded(west: float, south: float, east: float, north: float) -> Box:
    return Box(round(west, 6), round(south, 6), round(east, 6), round(north, 6))
