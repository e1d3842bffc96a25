"""Where an entry may be: the grids and buildings of a community, as one grouped choice."""

from dataclasses import replace
from typing import Any
from uuid import UUID

from linli.kernel.memory import remember
from linli.places import selectors as places
from linli.places.selectors import Where

Choice = tuple[str, str]


def choices(community_id: UUID) -> list[tuple[str, list[Choice]]]:
    """Return grids and buildings as groups of (value, label); values are "grid:" or "building:"."""
    return _choices(community_id)


@remember
def _choices(community_id: UUID) -> list[tuple[str, list[Choice]]]:
    grids = [(f"grid:{one.pk}", one.name) for one in places.grid_choices(community_id)]
    groups: dict[str, list[Choice]] = {"公共区域": grids} if grids else {}
    for one in places.buildings_of(community_id).select_related("estate"):
        name = one.estate.name if one.estate else "独栋楼"
        groups.setdefault(name, []).append((f"building:{one.pk}", one.name))
    return list(groups.items())


def labels(community_id: UUID) -> dict[str, str]:
    """Return building ids by what a file may call them: 利源小区3号楼, without blanks."""
    found: dict[str, str] = {}
    for group, options in choices(community_id):
        for value, label in options:
            if value.startswith("building:"):
                own = value.removeprefix("building:")
                found.setdefault(f"{group}{label}".replace(" ", ""), own)
    return found


def where_of(
    community: Any, place: str, *, lat: float | None = None, lon: float | None = None
) -> Where:
    """Return the place that a form names, or the point, or the community.

    Errors: BadInput (a place that is not of the community).
    """
    kind, _sep, value = place.partition(":")
    if kind == "building":
        return places.where_of(community_id=community.pk, building_id=UUID(value))
    where = places.where_of(community_id=community.pk, lat=lat, lon=lon)
    if kind != "grid":
        return where
    return _in_grid(where, community, UUID(value))


def _in_grid(where: Where, community: Any, grid_id: UUID) -> Where:
    grid = next((one for one in places.grid_choices(community.pk) if one.pk == grid_id), None)
    if grid is None:
        return where
    return replace(
        where, grid_id=grid.pk, area_path=grid.path, grid_name=grid.name, label=grid.name
    )
