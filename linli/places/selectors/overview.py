"""What the desk's pages show of a community at a glance: counts, and lists with counts."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, QuerySet

from linli.places.models import Area, Entrance, Estate, Home, PlaceCode
from linli.places.rules import boundaries
from linli.places.selectors.areas import grids_of
from linli.places.selectors.houses import buildings_of, buildings_without_grid, estates_of


@dataclass(frozen=True, slots=True)
class Overview:
    """A community in figures; live places only."""

    grids: int
    estates: int
    buildings: int
    entrances: int
    homes: int
    codes: int
    buildings_without_grid: int
    grids_without_boundary: int


@dataclass(frozen=True, slots=True)
class EstateLine:
    """An estate with what it has; `estate` is None for the buildings that stand alone."""

    estate: Estate | None
    buildings: int
    entrances: int
    codes: int  # on its entrances, live


@dataclass(frozen=True, slots=True)
class GridLine:
    """A grid with the length of its list."""

    grid: Area
    buildings: int


def overview(community_id: UUID) -> Overview:
    """Return a community in figures."""
    grids = list(grids_of(community_id))
    doors = Entrance.objects.filter(building__community_id=community_id, ended_on=None)
    homes = Home.objects.filter(entrance__building__community_id=community_id, ended_on=None)
    codes = PlaceCode.objects.filter(community_id=community_id, ended_at=None)
    return Overview(
        grids=len(grids),
        estates=estates_of(community_id).count(),
        buildings=buildings_of(community_id).count(),
        entrances=doors.count(),
        homes=homes.count(),
        codes=codes.count(),
        buildings_without_grid=buildings_without_grid(community_id).count(),
        grids_without_boundary=sum(not grid.polygon for grid in grids),
    )


def estate_lines(community_id: UUID) -> list[EstateLine]:
    """Return the live estates of a community with counts, then the buildings standing alone."""
    buildings = _counts(buildings_of(community_id), "estate_id")
    doors = _counts(
        Entrance.objects.filter(building__community_id=community_id, ended_on=None),
        "building__estate_id",
    )
    codes = _counts(
        PlaceCode.objects.filter(
            community_id=community_id, ended_at=None, spot="", entrance__isnull=False
        ),
        "estate_id",
    )
    estates: list[Estate | None] = list(estates_of(community_id))
    if None in buildings:
        estates.append(None)
    return [
        EstateLine(one, buildings.get(key, 0), doors.get(key, 0), codes.get(key, 0))
        for one in estates
        for key in [one.pk if one else None]
    ]


def grid_lines(community_id: UUID) -> list[GridLine]:
    """Return the live grids of a community by number, with how many buildings are on their lists."""
    listed = _counts(buildings_of(community_id), "grid_id")
    grids = grids_of(community_id).order_by("code", "id")
    return [GridLine(grid, listed.get(grid.pk, 0)) for grid in grids]


def overlaps_of(grid: Area, community_id: UUID) -> list[tuple[Area, float]]:
    """Return the sisters that a grid's boundary overlaps, with the share of the smaller one."""
    found = [
        (sister, boundaries.overlap_share(grid.polygon, sister.polygon))
        for sister in grids_of(community_id)
        if sister.pk != grid.pk
    ]
    return [(sister, share) for sister, share in found if share > boundaries.OVERLAP_SHARE]


def _counts(rows: QuerySet, key: str) -> dict[UUID | None, int]:
    return dict(rows.order_by().values_list(key).annotate(n=Count("id")).values_list(key, "n"))
