"""Whether a plan of grids holds: nobody forgotten, each grid in one piece, none too large or small."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

# Beyond these shares of the asked size somebody should have a look.
LARGE: Final = 1.3
SMALL: Final = 0.6


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """A building of a plan. grid: the planned one, "" for none; order: as in the plan's edges."""

    key: str
    order: int
    households: int
    grid: str
    estate: str = ""
    street: str = ""
    has_place: bool = True


@dataclass(frozen=True, slots=True)
class Finding:
    """Something to look at. kind: loose, empty, apart, large, giant, small, estate, street, unknown.

    grid: the planned grid it concerns, or ""; names: keys of buildings, names of estates, streets.
    """

    kind: str
    grid: str = ""
    names: tuple[str, ...] = ()
    number: int = 0

    @property
    def stops(self) -> bool:
        """With this a plan can't take effect."""
        return self.kind in ("loose", "empty")


def check(
    spots: Sequence[Spot], grids: Iterable[str], edges: Iterable[Sequence[int]], target: int
) -> list[Finding]:
    """Return what to look at before a plan takes effect, what stops it first."""
    held: dict[str, list[Spot]] = {grid: [] for grid in grids}
    loose = tuple(spot.key for spot in spots if spot.grid not in held)
    for spot in spots:
        if spot.grid in held:
            held[spot.grid].append(spot)
    near = _near(edges)
    found = [Finding("loose", names=loose, number=len(loose))] if loose else []
    found += [Finding("empty", grid) for grid, inside in held.items() if not inside]
    for grid, inside in held.items():
        found += _of_grid(grid, inside, near, target)
    unknown = tuple(spot.key for spot in spots if not spot.households)
    found += [Finding("unknown", names=unknown, number=len(unknown))] if unknown else []
    return found + _cut(spots, target, "estate") + _cut(spots, target, "street")


def pieces(orders: Iterable[int], near: Mapping[int, set[int]]) -> list[set[int]]:
    """Return the connected pieces of a set of buildings, the largest first."""
    left, parts = set(orders), []
    while left:
        seen = reached = {min(left)}
        while reached:
            reached = {other for one in reached for other in near.get(one, ())} & left - seen
            seen = seen | reached
        parts.append(seen)
        left -= seen
    return sorted(parts, key=len, reverse=True)


def _near(edges: Iterable[Sequence[int]]) -> dict[int, set[int]]:
    near: dict[int, set[int]] = defaultdict(set)
    for one, other in edges:
        near[one].add(other)
        near[other].add(one)
    return near


def _of_grid(
    grid: str, inside: list[Spot], near: Mapping[int, set[int]], target: int
) -> list[Finding]:
    found = []
    placed = {spot.order: spot.key for spot in inside if spot.has_place}
    parts = pieces(placed, near)
    if len(parts) > 1:
        apart = tuple(placed[order] for part in parts[1:] for order in sorted(part))
        found.append(Finding("apart", grid, apart, len(parts)))
    households = sum(spot.households for spot in inside)
    if households > target * LARGE:
        kind = "giant" if len(inside) == 1 else "large"
        found.append(Finding(kind, grid, tuple(spot.key for spot in inside[:1]), households))
    elif inside and households < target * SMALL:
        found.append(Finding("small", grid, (), households))
    return found


def _cut(spots: Sequence[Spot], target: int, kind: str) -> list[Finding]:
    """Return the estates or streets that would fit into one grid and lie in several."""
    sizes: Counter[str] = Counter()
    grids: dict[str, set[str]] = defaultdict(set)
    for spot in spots:
        name = spot.estate if kind == "estate" else "" if spot.estate else spot.street
        if name:
            sizes[name] += spot.households
            grids[name].add(spot.grid)
    cut = [name for name in sizes if len(grids[name]) > 1 and sizes[name] <= target]
    return [Finding(kind, "", (name,), len(grids[name])) for name in sorted(cut)]
