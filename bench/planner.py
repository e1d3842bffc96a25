"""Prints how well and how fast grids are planned: `python -m bench.planner`.

Made towns (黄海社区's size; 600 buildings), and real footprints when a folder with them is named
(--data, default ../shared/data): households are taken from a building's ground, copies stand beside
each other. Each town is planned in a process of its own, as the product does.
"""

import argparse
import json
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
FOOTPRINTS = "osm_buildings_wuhan.geojson"
HEAD = (
    f"{'town':<24}{'buildings':>10}{'households':>11}{'grids':>6}{'least':>7}{'middle':>7}{'most':>6}"
    f"{'within 20 %':>12}{'estates cut':>12}{'streets cut':>12}{'seconds':>9}{'MiB':>6}"
)
METRE = 1 / 111_320
# Run beside the search: what it needed at most.
RUN = (
    "import pathlib, resource, sys; from linli.places.rules import plan_match;"
    "plan_match.main(pathlib.Path(sys.argv[1]));"
    "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)"
)


def main() -> int:
    """Plan each town and print a line of it."""
    parser = argparse.ArgumentParser(prog="bench.planner")
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--quick", action="store_true", help="only the size of one old town")
    asked = parser.parse_args()
    print(HEAD, flush=True)
    _line("one old town", _town(6, 15, 8))
    if asked.quick:
        return 0
    _line("600 buildings", _town(24, 60, 15))
    footprints = asked.data / FOOTPRINTS
    if footprints.is_file():
        spots = _spots(footprints)
        _line("real footprints", spots)
        _line("real footprints, 600", _copies(spots, 600))
    return 0


def _line(name: str, sites: list[dict[str, Any]]) -> None:
    began = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        asked = {"sites": sites, "target": 300, "count": None, "region": ""}
        Path(folder, "asked.json").write_text(json.dumps(asked), encoding="utf-8")
        done = subprocess.run(
            [sys.executable, "-c", RUN, folder],
            cwd=ROOT,
            check=True,
            capture_output=True,
            text=True,
        )
        made = json.loads(Path(folder, "made.json").read_text(encoding="utf-8"))
    seconds = time.perf_counter() - began
    of_key = {one["key"]: one for one in sites}
    grids = [[of_key[made["order"][number]] for number in grid] for grid in made["grids"]]
    sizes = sorted(sum(one["households"] for one in grid) for grid in grids)
    near = sum(abs(size - 300) <= 60 for size in sizes) / len(sizes)
    print(
        f"{name:<24}{len(sites):>10}{sum(sizes):>11}{len(sizes):>6}{sizes[0]:>7}"
        f"{statistics.median(sizes):>7.0f}{sizes[-1]:>6}{near:>12.0%}{_cut(grids, 'estate'):>12}"
        f"{_cut(grids, 'street'):>12}{seconds:>9.1f}{int(done.stdout.split()[-1]) // 1024:>6}",
        flush=True,
    )


def _cut(grids: list[list[dict[str, Any]]], kind: str) -> str:
    """Return how many that would fit into one grid lie in several, of how many."""
    homes: dict[str, set[int]] = defaultdict(set)
    sizes: dict[str, int] = defaultdict(int)
    for number, grid in enumerate(grids):
        for one in grid:
            if one.get(kind):
                homes[one[kind]].add(number)
                sizes[one[kind]] += one["households"]
    fit = [name for name in homes if sizes[name] <= 300]
    return f"{sum(len(homes[name]) > 1 for name in fit)} of {len(fit)}"


def _site(key: str, east: float, north: float, households: int, **facts: str) -> dict[str, Any]:
    spot = {"lat": 34.84 + north * METRE, "lon": 119.12 + east * METRE / 0.82}
    return {"key": key, "households": households, **spot, **facts}


def _town(estates: int, lanes: int, of_estate: int) -> list[dict[str, Any]]:
    """Estates in blocks, lanes of four houses between them."""
    dice = random.Random(12)
    wide = max(3, round(estates**0.5))
    sites = []
    for estate in range(estates):
        for n in range(of_estate):
            east = (estate % wide) * 260 + (n % 4) * 45
            north = (estate // wide) * 330 + (n // 4) * 42
            sites.append(
                _site(f"e{estate}-{n}", east, north, dice.randint(28, 38), estate=f"E{estate}")
            )
    for lane in range(lanes):
        for n in range(4):
            east = (lane % wide) * 260 + n * 48
            north = (lane // wide % 5) * 30 + 180 + (lane // wide // 5) * 330
            sites.append(
                _site(f"l{lane}-{n}", east, north, dice.randint(26, 38), street=f"{lane}巷")
            )
    return sites


def _spots(path: Path) -> list[dict[str, Any]]:
    from shapely.geometry import shape

    sites = []
    for number, feature in enumerate(json.loads(path.read_text(encoding="utf-8"))["features"]):
        spot = shape(feature["geometry"]).representative_point()
        households = max(6, min(120, int(feature["properties"]["area"] / 25)))
        sites.append({"key": str(number), "households": households, "lat": spot.y, "lon": spot.x})
    return sites


def _copies(sites: list[dict[str, Any]], count: int) -> list[dict[str, Any]]:
    copies = [
        one | {"key": f"{turn}-{one['key']}", "lat": one["lat"] + 0.02 * turn}
        for turn in range(count // len(sites) + 1)
        for one in sites
    ]
    return copies[:count]


if __name__ == "__main__":
    sys.exit(main())
