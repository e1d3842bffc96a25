"""Where a point is, as a case about it says."""

from dataclasses import replace
from uuid import UUID

from django.utils.translation import gettext as _

from linli.kernel.actor import Actor
from linli.kernel.errors import BadInput
from linli.patrols.models import Point
from linli.patrols.selectors.access import MANAGE, WALK
from linli.places import selectors as places
from linli.places.selectors import Where
from linli.places.selectors.facilities import get_facility, where_of_facility

MOST_AREAS, MOST_MANAGED = 60, 800


def where_of_point(point: Point) -> Where:
    """Return where a point is: its facility's place, its house's, or its spot on the map.

    Errors: BadInput, when the house has ended.
    """
    if point.facility_id is not None:
        return where_of_facility(get_facility(point.facility_id))
    if point.building_id is not None:
        return places.where_of(
            community_id=point.community_id,
            building_id=point.building_id,
            entrance_id=point.entrance_id,
        )
    return places.where_of(
        community_id=point.community_id, lat=point.lat, lon=point.lon, spot=point.name
    )


def areas_to_walk(actor: Actor) -> list[tuple[str, str]]:
    """Return the grids and communities where somebody walks, as choices; grids first."""
    return _areas(actor, WALK, MOST_AREAS)


def areas_to_manage(actor: Actor) -> list[tuple[str, str]]:
    """Return the grids and communities whose patrols somebody manages, as choices; grids first."""
    return _areas(actor, MANAGE, MOST_MANAGED)


def _areas(actor: Actor, duty: str, most: int) -> list[tuple[str, str]]:
    found = [
        one
        for scope in actor.scopes(duty)
        for one in places.areas_below(scope).defer("polygon")[:most]
        if one.kind in ("community", "grid")
    ]
    found.sort(key=lambda one: (one.kind == "community", one.path))
    return list({str(one.pk): one.name for one in found}.items())


def where_of_area(area_id: UUID) -> Where:
    """Return a grid or a community as a place. Errors: NotFound, BadInput."""
    area = places.get_area(area_id)
    community = places.community_of_path(area.path)
    if community is None:
        raise BadInput(_("选一下在哪里。"), field="place")
    where = places.where_of(community_id=community.pk)
    return replace(where, area_path=area.path, label=area.name)
