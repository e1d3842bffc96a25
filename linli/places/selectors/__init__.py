"""Every question about places: areas, houses, codes, and where something is."""

from linli.places.models import AreaKind, EstateKind, ImportKind
from linli.places.selectors.areas import (
    area_of_path,
    areas_at,
    areas_below,
    communities,
    communities_of,
    community_ids,
    community_of_path,
    forget_communities,
    get_area,
    get_community,
    get_community_by_id,
    grids_of,
)
from linli.places.selectors.codes import (
    codes_of,
    find_place_code,
    get_code,
    get_codes,
    tenant_of,
)
from linli.places.selectors.houses import (
    buildings_of,
    buildings_without_grid,
    entrances_of,
    estates_of,
    get_building,
    get_entrance,
    get_estate,
    homes_of,
)
from linli.places.selectors.where import Where, where_of, where_of_code

__all__ = [
    "AreaKind",
    "EstateKind",
    "ImportKind",
    "Where",
    "area_of_path",
    "areas_at",
    "areas_below",
    "buildings_of",
    "buildings_without_grid",
    "codes_of",
    "communities",
    "communities_of",
    "community_ids",
    "community_of_path",
    "entrances_of",
    "estates_of",
    "find_place_code",
    "forget_communities",
    "get_area",
    "get_building",
    "get_code",
    "get_codes",
    "get_community",
    "get_community_by_id",
    "get_entrance",
    "get_estate",
    "grids_of",
    "homes_of",
    "tenant_of",
    "where_of",
    "where_of_code",
]
