"""The search for grids: many good pieces by METIS, the best set of them by HiGHS.

Districting as set partitioning (Garfinkel and Nemhauser 1970): METIS cuts the graph of neighbours into
connected, balanced pieces in many ways; every piece is a column with what it costs; an integer
programme picks the columns that hold each building once and cost least. Rounds of cutting two or
three neighbouring grids anew, and of handing single buildings over, bring better columns.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from linli.places.rules.plan_ground import Ground, group_of

Piece = frozenset[int]  # of units
Tell = Callable[[int, int], None]

# A grid may be so much larger than asked before an estate is cut for it.
MOST: Final = 1.25
_CUTS: Final = 60  # of the whole, at first
_ROUNDS: Final = 12
_FEW: Final = 200  # units, of which more is tried
_SECONDS: Final = 4.0  # for one integer programme
_COLUMNS: Final = 40_000
_WORTH: Final = 2_500  # columns of which the integer programme chooses


@dataclass(slots=True)
class _Land:
    """Units (an estate that fits is one, else each building) with neighbours and cohesion."""

    units: list[list[int]]
    weights: list[int]  # households
    near: list[dict[int, int]]  # neighbour: how strongly they hold together
    ground: Ground
    target: int
    groups: dict[str, int]  # estate or street: its households


def find_grids(ground: Ground, target: int, count: int | None, tell: Tell) -> list[list[int]]:
    """Return grids as lists of sites: connected, near the asked size, along estates and streets.

    target: households of a grid. count: how many grids there shall be; None: as many as fit.
    tell: hears how far the search is, and of how many steps.
    """
    if not ground.sites:
        return []
    land = _land(ground, target)
    search = _Search(land, count)
    steps = _CUTS + _ROUNDS + 1
    for turn in range(_CUTS):
        tell(turn, steps)
        search.cut_whole(turn)
    best, still = search.choose([]), 0
    if not best:  # So many can't be made without cutting estates: then as many as fit.
        search.count = None
        best = search.choose([])
    for turn in range(_ROUNDS):
        tell(_CUTS + turn, steps)
        search.cut_near(best, turn)
        before, best = best, search.choose(best)
        still = still + 1 if set(best) == set(before) else 0
        if still == (4 if len(land.units) <= _FEW else 2):
            break
    tell(steps, steps)
    grids = [sorted(site for unit in piece for site in land.units[unit]) for piece in best]
    return sorted(grids, key=lambda grid: _from_north_west(ground, grid))


class _Search:
    def __init__(self, land: _Land, count: int | None) -> None:
        self.land, self.count = land, count
        self.costs: dict[Piece, float] = {}
        self.done: set[frozenset[Piece]] = set()  # neighbours that were cut anew already
        for unit in range(len(land.units)):
            self.add([unit])
        self.add(range(len(land.units)))

    def add(self, units: Iterable[int]) -> None:
        """Take a piece as a column, once; one that is not connected, as its parts."""
        for piece in _parts(frozenset(units), self.land.near):
            if piece not in self.costs and len(self.costs) < _COLUMNS:
                self.costs[piece] = _cost(self.land, piece)

    def cut_whole(self, turn: int) -> None:
        """Cut everything into grids, each time a little differently."""
        # A building larger than a grid is one grid; it asks for no more.
        total = sum(min(one, self.land.target) for one in self.land.weights)
        wanted = self.count or max(1, round(total / self.land.target)) + (turn % 3 - 1) * (turn > 5)
        self._cut(range(len(self.land.units)), wanted, turn)

    def cut_near(self, best: Sequence[Piece], turn: int) -> None:
        """Cut grids that touch anew, by twos and threes, and hand single units over."""
        touching = _touching(best, self.land.near)
        for number, others in touching.items():
            self._hand_over(best[number])
            for other in others:
                if other > number:
                    self._cut_anew((best[number], best[other]), (2,), turn)
                    for third in (others & touching[other]) - {number, other}:
                        self._cut_anew((best[number], best[other], best[third]), (2, 3, 4), turn)

    def choose(self, before: list[Piece]) -> list[Piece]:
        """Return the cheapest set of columns that holds each unit once, or the one before."""
        import numpy
        from scipy.optimize import Bounds, LinearConstraint, linprog, milp

        pieces = list(self.costs)
        costs = numpy.array([self.costs[one] for one in pieces])
        holds, once = self._held_once(pieces)
        relaxed = linprog(costs, A_eq=holds, b_eq=once, method="highs")
        if relaxed.status != 0:
            return before
        # A column that costs more beyond its worth than a known answer leaves is in no better one.
        beyond = costs - holds.T @ relaxed.eqlin.marginals
        gap = sum(self.costs[one] for one in before) - relaxed.fun if before else math.inf
        order = numpy.argsort(beyond, kind="stable")[:_WORTH]
        kept = [at for at in order.tolist() if beyond[at] <= gap + 1e-6]
        kept += [at for at, one in enumerate(pieces) if one in set(before) and at not in set(kept)]
        found = milp(
            costs[kept], integrality=1, bounds=Bounds(0, 1),
            constraints=LinearConstraint(holds[:, kept], once, once),
            options={"time_limit": _SECONDS, "mip_rel_gap": 0.002},
        )  # fmt: skip
        if found.x is None or (before and found.fun >= sum(self.costs[one] for one in before)):
            return before
        return [pieces[at] for at, is_in in zip(kept, found.x, strict=True) if is_in > 0.5]

    def _held_once(self, pieces: list[Piece]) -> Any:
        import numpy
        from scipy.sparse import csc_array

        spots = [(unit, at) for at, piece in enumerate(pieces) for unit in piece]
        once = [1.0] * len(self.land.units)
        if self.count:
            spots += [(len(once), at) for at in range(len(pieces))]
            once.append(float(self.count))
        rows, columns = zip(*spots, strict=True)
        shape = (len(once), len(pieces))
        return csc_array((numpy.ones(len(spots)), (rows, columns)), shape=shape), once

    def _hand_over(self, piece: Piece) -> None:
        edge = {one for unit in piece for one in self.land.near[unit]} - piece
        for unit in edge:
            self.add(piece | {unit})
        for unit in piece:
            self.add(piece - {unit})
            for one in edge & set(self.land.near[unit]):
                self.add(piece - {unit} | {one})

    def _cut_anew(self, pieces: tuple[Piece, ...], parts: tuple[int, ...], turn: int) -> None:
        key = frozenset(pieces)
        is_known = key in self.done and len(self.land.units) > _FEW
        for again in range(0 if is_known else 6 - len(pieces)):
            for wanted in parts:
                self._cut(frozenset().union(*pieces), wanted, 4 * turn + again)
        self.done.add(key)

    def _cut(self, units: Iterable[int], wanted: int, turn: int) -> None:
        for part in _metis(self.land, sorted(units), wanted, turn):
            self.add(part)


def _land(ground: Ground, target: int) -> _Land:
    groups: Counter[str] = Counter()
    for site in ground.sites:
        groups[group_of(site)] += site.households
    units = _units(ground, groups, target * MOST)
    unit_of = {site: number for number, unit in enumerate(units) for site in unit}
    near: list[dict[int, int]] = [defaultdict(int) for _ in units]
    for (one, other), metres in ground.edges.items():
        a, b = unit_of[one], unit_of[other]
        if a != b:
            near[a][b] += (pull := _pull(ground, one, other, metres))
            near[b][a] += pull
    weights = [sum(ground.sites[site].households for site in unit) for unit in units]
    return _Land(units, weights, [dict(one) for one in near], ground, target, dict(groups))


def _units(ground: Ground, groups: Counter[str], most: float) -> list[list[int]]:
    units: list[list[int]] = []
    whole: dict[str, list[int]] = {}
    for number, site in enumerate(ground.sites):
        if not site.estate or groups[group_of(site)] > most:
            units.append([number])
        elif site.estate in whole:
            whole[site.estate].append(number)
        else:
            whole[site.estate] = [number]
            units.append(whole[site.estate])
    return units


def _pull(ground: Ground, one: int, other: int, metres: float) -> int:
    """How much two neighbours belong together: near, of one estate or street, of one grid today."""
    a, b = ground.sites[one], ground.sites[other]
    pull = 5 + 40 * math.exp(-metres / 60)
    if group_of(a) and group_of(a) == group_of(b):
        pull *= 8 if a.estate else 5
    if a.grid and a.grid == b.grid:
        pull *= 1.3
    if a.part != b.part:
        pull *= 0.4
    return max(1, round(pull))


def _metis(land: _Land, units: list[int], wanted: int, turn: int) -> list[list[int]]:
    import pymetis

    if wanted < 2 or len(units) <= wanted:
        return [units]
    index = {unit: number for number, unit in enumerate(units)}
    starts, ends, pulls = [0], [], []
    for unit in units:
        for other, pull in land.near[unit].items():
            if other in index:
                ends.append(index[other])
                pulls.append(pull)
        starts.append(len(ends))
    weights = [min(land.weights[unit], land.target) + 1 for unit in units]
    options = pymetis.Options(seed=turn + 1, ufactor=(30, 80, 150, 250)[turn % 4], contig=1)
    _cut, parts = pymetis.part_graph(
        wanted, pymetis.CSRAdjacency(starts, ends), vweights=weights, eweights=pulls, recursive=False,
        options=options, warn_on_copies=False,
    )  # fmt: skip
    found: dict[int, list[int]] = defaultdict(list)
    for unit, part in zip(units, parts, strict=True):
        found[part].append(unit)
    return list(found.values())


def _cost(land: _Land, piece: Piece) -> float:
    """Return what a grid costs: away from its size, through estates and streets, far flung, changed."""
    sites = [site for unit in piece for site in land.units[unit]]
    all_of = land.ground.sites
    households = sum(land.weights[unit] for unit in piece)
    off = abs(households - land.target) / land.target
    cost = 100 * off**2 + 200 * max(0.0, off - 0.2)
    inside: Counter[str] = Counter()
    for site in sites:
        inside[group_of(all_of[site])] += all_of[site].households
    for name, held in inside.items():
        if name and held < land.groups[name]:
            fits = land.groups[name] <= land.target * MOST
            cost += (8 if fits else 3) + (5 if len(inside) > 1 and name.startswith("estate") else 0)
    cost += 30 * _stray((all_of[site].part for site in sites), all_of, sites)
    cost += 8 * _stray((all_of[site].grid for site in sites), all_of, sites)
    return cost + _spread(land.ground, sites) + 1.0


def _stray(names: Iterable[str], all_of: Sequence[Any], sites: Sequence[int]) -> float:
    """Return the share of households that are not of the name which most are of."""
    held: Counter[str] = Counter()
    for name, site in zip(names, sites, strict=True):
        held[name] += all_of[site].households or 1
    return 1 - max(held.values()) / held.total()


def _spread(ground: Ground, sites: Sequence[int]) -> float:
    points = [ground.points[site] for site in sites]
    east = sum(point[0] for point in points) / len(points)
    north = sum(point[1] for point in points) / len(points)
    far = sum((point[0] - east) ** 2 + (point[1] - north) ** 2 for point in points) / len(points)
    return 5 * math.sqrt(far) / 100


def _parts(units: Piece, near: Sequence[dict[int, int]]) -> list[Piece]:
    left, parts = set(units), []
    while left:
        seen = reached = {next(iter(left))}
        while reached:
            reached = {other for one in reached for other in near[one]} & left - seen
            seen = seen | reached
        parts.append(frozenset(seen))
        left -= seen
    return parts


def _touching(best: Sequence[Piece], near: Sequence[dict[int, int]]) -> dict[int, set[int]]:
    home = {unit: number for number, piece in enumerate(best) for unit in piece}
    return {
        number: {home[other] for unit in piece for other in near[unit]} - {number}
        for number, piece in enumerate(best)
    }


def _from_north_west(ground: Ground, grid: Sequence[int]) -> tuple[int, float]:
    north = sum(ground.points[site][1] for site in grid) / len(grid)
    east = sum(ground.points[site][0] for site in grid) / len(grid)
    return -round(north / 200), east
