"""Where a point is, as a case about it says."""

from linli.patrols.models import Point
from linli.places import selectors as places
from linli.places.selectors import Where
from linli.places.selectors.facilities import get_facility, where_of_facility


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
