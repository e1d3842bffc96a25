"""The tables of places: every matter has a place, every place somebody who answers for it."""

from linli.places.models.facilities import (
    Facility,
    FacilityFault,
    FacilityKind,
    FacilityStatus,
)
from linli.places.models.ground import (
    Area,
    AreaKind,
    Building,
    Entrance,
    Estate,
    EstateKind,
    Home,
    ImportKind,
    PlaceCode,
    PlaceImport,
)

__all__ = [
    "Area",
    "AreaKind",
    "Building",
    "Entrance",
    "Estate",
    "EstateKind",
    "Facility",
    "FacilityFault",
    "FacilityKind",
    "FacilityStatus",
    "Home",
    "ImportKind",
    "PlaceCode",
    "PlaceImport",
]
