"""Where it is, step by step: estate, building, entrance, each a page of buttons; or a point on the map."""

import json
from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext as _

from linli.cases.forms.resident import as_uuid
from linli.kernel.errors import NotFound
from linli.places import selectors as places


def place_page(community_id: UUID, values: Any, level: str) -> dict[str, Any] | None:
    """Return what the next page of choosing a place shows; None when there is nothing left to choose.

    level: what was chosen last: "" nothing, "estate" or "building"; "map" to point at it.
    """
    if level == "map":
        return {"has_point": True, "heading": _("在地图上点一下"), "map_data": _map(community_id)}
    if level == "building":
        return _entrances(as_uuid(values.get("building")))
    if level == "estate":
        return _buildings(community_id, as_uuid(values.get("estate")))
    return _estates(community_id)


def _estates(community_id: UUID) -> dict[str, Any]:
    alone = list(places.buildings_of(community_id, is_standalone=True))
    return {
        "has_point": True,
        "heading": _("在哪里？"),
        "choices": [("estate", one.pk, one.name) for one in places.estates_of(community_id)],
        "more": [("building", one.pk, one.name) for one in alone],
        "has_map": bool(_map(community_id)),
    }


def _buildings(community_id: UUID, estate_id: UUID | None) -> dict[str, Any] | None:
    found = list(places.buildings_of(community_id, estate_id)) if estate_id else []
    if not found or estate_id is None:
        return None
    try:
        estate = places.get_estate(estate_id)
    except NotFound:
        return None
    return {
        "has_point": False,
        "heading": _("%(name)s哪一栋？") % {"name": estate.name},
        "choices": [("building", one.pk, one.name) for one in found],
        "stop": _("就在小区里，不在哪栋楼"),
    }


def _entrances(building_id: UUID | None) -> dict[str, Any] | None:
    found = list(places.entrances_of(building_id)) if building_id else []
    if not found or building_id is None:
        return None
    building = places.get_building(building_id)
    return {
        "has_point": False,
        "heading": _("%(name)s哪个单元？") % {"name": building.name},
        "choices": [("entrance", one.pk, one.name) for one in found],
        "stop": _("整栋楼，或者不清楚哪个单元"),
    }


def _map(community_id: UUID) -> dict[str, Any]:
    """Return the map to point on: grids and estates to go by, tiles only where an address is set."""
    areas = [
        {"name": one.name, "level": number % 3, "shape": json.loads(one.polygon)}
        for number, one in enumerate(places.grids_of(community_id))
        if one.polygon
    ]
    points = [
        {"lat": one.lat, "lng": one.lon, "name": one.name}
        for one in places.estates_of(community_id)
        if one.lat is not None
    ]
    if not areas and not points:
        return {}
    tiles = {"tiles": settings.TILE_URL, "datum": settings.TILE_DATUM}
    return {**tiles, "areas": areas, "points": points}
