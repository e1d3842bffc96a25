"""Which grid answers for many places at once, for rooms whose rows follow when grids change."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from linli.kernel.models import EventRow
from linli.places.events import AreaEnded
from linli.places.models import Area
from linli.places.selectors.areas import community_of_path
from linli.places.selectors.houses import buildings_of
from linli.places.selectors.where import where_of


@dataclass(frozen=True, slots=True)
class Ground:
    """A grid, or a community where no grid answers."""

    grid_id: UUID | None
    path: str


@dataclass(frozen=True, slots=True)
class Moved:
    """What changed in a community: buildings that went from one grid to another, grids that ended."""

    community: Area
    building_ids: set[UUID]
    ended_paths: set[str]


def moved_by(rows: Iterable[EventRow]) -> list[Moved]:
    """Return what events of buildings and of ended areas changed, a community each."""
    found: dict[UUID, Moved] = {}
    for row in rows:
        community = community_of_path(row.area_path)
        if community is None or community.path == row.area_path:
            continue  # A whole community that ends has nothing left in it.
        moved = found.setdefault(community.pk, Moved(community, set(), set()))
        if row.name == AreaEnded.name:
            moved.ended_paths.add(row.area_path)
        else:
            moved.building_ids.update(
                UUID(one) for name in ("added", "removed") for one in row.data[name]
            )
    return list(found.values())


def grounds_of(community: Area, building_ids: Collection[UUID]) -> dict[Ground, set[UUID]]:
    """Return live buildings of a community by the grid that lists them now; one query."""
    rows = buildings_of(community.pk).filter(pk__in=list(building_ids)).order_by()
    found: dict[Ground, set[UUID]] = defaultdict(set)
    for pk, grid_id, path in rows.values_list("pk", "grid_id", "grid__path"):
        found[Ground(grid_id, path or community.path)].add(pk)
    return dict(found)


def grounds_of_spots(
    community: Area, spots: Mapping[UUID, tuple[float | None, float | None]]
) -> dict[Ground, set[UUID]]:
    """Return spots without a building, by the grid whose boundary they lie in now."""
    found: dict[Ground, set[UUID]] = defaultdict(set)
    for pk, (lat, lon) in spots.items():
        if lat is None or lon is None:
            found[Ground(None, community.path)].add(pk)
            continue
        where = where_of(community_id=community.pk, lat=lat, lon=lon)
        found[Ground(where.grid_id, where.area_path)].add(pk)
    return dict(found)
