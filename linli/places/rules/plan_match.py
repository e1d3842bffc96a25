"""Whose work goes on: new grids matched with today's, so that codes, posts and phones stay."""

import json
import os
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from linli.places.rules import plan_ground, plan_search
from linli.places.rules.plan_ground import Site

# A grid goes on when at least this share of today's households, or of the new one's, is the same.
_SAME = 0.3


def match(sites: Sequence[Site], grids: Sequence[Sequence[int]]) -> list[str]:
    """Return for each new grid today's grid that goes on as it, or "" for a new one.

    The most households altogether keep their grid; each of today's grids goes on once at most.
    """
    from scipy.optimize import linear_sum_assignment

    held = [_by_grid(sites, grid) for grid in grids]
    names = sorted({name for one in held for name in one})
    before: Counter[str] = Counter()
    for site in sites:
        before[site.grid] += site.households or 1
    if not names:
        return ["" for _grid in grids]
    shared = [[-float(one[name]) for name in names] for one in held]
    rows, columns = linear_sum_assignment(shared)
    found = ["" for _grid in grids]
    for row, column in zip(rows.tolist(), columns.tolist(), strict=True):
        same, name = held[row][names[column]], names[column]
        if same >= _SAME * min(before[name], held[row].total()) and same:
            found[row] = name
    return found


def propose(asked: dict[str, Any], tell: Callable[[int, int], None]) -> dict[str, Any]:
    """Return a proposal for what JSON asks: sites, target, count, region.

    Shape: order (keys of the placed sites), grids (lists of places in it), continues, edges, cells,
    lost (keys that nothing places).
    """
    sites, lost = plan_ground.place([Site(**one) for one in asked["sites"]])
    if not sites:
        return {"order": [], "grids": [], "continues": [], "edges": [], "cells": [],
                "lost": [one.key for one in lost]}  # fmt: skip
    ground = plan_ground.lay(sites)
    grids = plan_search.find_grids(ground, asked["target"], asked["count"], tell)
    return {
        "order": [one.key for one in sites],
        "grids": grids,
        "continues": match(sites, grids),
        "edges": [list(edge) for edge in ground.edges],
        "cells": plan_ground.cells(ground, asked["region"]),
        "lost": [one.key for one in lost],
    }


def main(folder: Path) -> int:
    """Propose, in a process of its own: reads asked.json, writes progress, then made.json."""
    os.nice(5)
    asked = json.loads((folder / "asked.json").read_text(encoding="utf-8"))

    def tell(done: int, total: int) -> None:
        (folder / "progress").write_text(f"{done} {total}", encoding="utf-8")

    made = propose(asked, tell)
    (folder / "made.part").write_text(json.dumps(made), encoding="utf-8")
    (folder / "made.part").rename(folder / "made.json")
    return 0


def _by_grid(sites: Sequence[Site], grid: Sequence[int]) -> Counter[str]:
    held: Counter[str] = Counter()
    for number in grid:
        if sites[number].grid:
            held[sites[number].grid] += sites[number].households or 1
    return held


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
