"""What stands in a building goes where the building goes when grids change, and rooms above hear of it."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from linli.kernel.actor import Actor
from linli.places.events import BuildingsAssigned
from linli.places.models import Area, Building, Facility
from linli.places.selectors import get_area, where_of
from linli.places.services.recording import record


def follow_buildings(building_ids: Collection[UUID], grid: Area | None) -> None:
    """Let the facilities of buildings follow them into a grid. None: they are on no list any more,
    and stand where their position says, or in the community.
    """
    things = Facility.objects.filter(building_id__in=building_ids)
    if grid is not None:
        things.update(grid=grid, area_path=grid.path)
        return
    for one in things.filter(ended_on=None, building__ended_on=None):
        where = where_of(
            community_id=one.community_id, building_id=one.building_id, lat=one.lat, lon=one.lon
        )
        things.filter(pk=one.pk).update(grid_id=where.grid_id, area_path=where.area_path)


def move_building(building: Building, was_id: UUID | None, actor: Actor, now: datetime) -> None:
    """Follow one building whose grid was corrected, from the grid it was in. It is saved already."""
    if building.grid_id == was_id:
        return
    grid, house = building.grid, (str(building.pk),)
    follow_buildings([building.pk], grid)
    if grid is not None:
        event = BuildingsAssigned(subject_id=grid.pk, area_path=grid.path, added=house, removed=())
    else:
        assert was_id is not None
        was = get_area(was_id)
        event = BuildingsAssigned(subject_id=was.pk, area_path=was.path, added=(), removed=house)
    record(event, actor=actor, at=now)
