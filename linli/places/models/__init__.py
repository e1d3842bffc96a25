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
from linli.places.models.planning import GridPlan, PlannedBuilding, PlannedGrid, PlanState

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
    "GridPlan",
    "Home",
    "ImportKind",
    "PlaceCode",
    "PlaceImport",
    "PlanState",
    "PlannedBuilding",
    "PlannedGrid",
]
