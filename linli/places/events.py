"""What places tells the others: areas, houses and codes that came, changed or ended; imports."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from linli.kernel.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class AreaCreated(Event):
    """An area came into being."""

    name: ClassVar[str] = "places.area.created"
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AreaChanged(Event):
    """Name, phone, figures or boundary of an area were changed; `changed` names the fields."""

    name: ClassVar[str] = "places.area.changed"
    changed: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AreaEnded(Event):
    """An area is no more; its buildings went to `moved_to_id`, or fell back to the community."""

    name: ClassVar[str] = "places.area.ended"
    moved_to_id: UUID | None = None
    building_count: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class BuildingsAssigned(Event):
    """The list of a grid's buildings was changed; `subject_id` is the grid."""

    name: ClassVar[str] = "places.area.buildings_assigned"
    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class EstateCreated(Event):
    """An estate was entered."""

    name: ClassVar[str] = "places.estate.created"


@dataclass(frozen=True, slots=True, kw_only=True)
class EstateChanged(Event):
    """An estate was corrected; `changed` names the fields."""

    name: ClassVar[str] = "places.estate.changed"
    changed: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EstateEnded(Event):
    """An estate is no more, with everything in it."""

    name: ClassVar[str] = "places.estate.ended"
    building_count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class BuildingCreated(Event):
    """A building was entered, with so many entrances."""

    name: ClassVar[str] = "places.building.created"
    entrance_count: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class BuildingChanged(Event):
    """A building, its entrances or homes were corrected; `changed` names the fields."""

    name: ClassVar[str] = "places.building.changed"
    changed: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BuildingEnded(Event):
    """A building is no more (or was entered by mistake)."""

    name: ClassVar[str] = "places.building.ended"


@dataclass(frozen=True, slots=True, kw_only=True)
class EntranceEnded(Event):
    """An entrance is no more."""

    name: ClassVar[str] = "places.entrance.ended"


@dataclass(frozen=True, slots=True, kw_only=True)
class CodesMade(Event):
    """Codes were made for a community's or an estate's entrances; `subject_id` is that place."""

    name: ClassVar[str] = "places.code.made"
    code_count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeEnded(Event):
    """A code leads nowhere any more; `replaced_by_id` is the new one on the same door."""

    name: ClassVar[str] = "places.code.ended"
    replaced_by_id: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportApplied(Event):
    """A checked list was put in place."""

    name: ClassVar[str] = "places.import.applied"
    kind: str
    created: int
    changed: int
    unchanged: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportDiscarded(Event):
    """An uploaded list was thrown away without being applied."""

    name: ClassVar[str] = "places.import.discarded"


@dataclass(frozen=True, slots=True, kw_only=True)
class FacilityCreated(Event):
    """A facility stands somewhere."""

    name: ClassVar[str] = "places.facility.created"
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FacilityChanged(Event):
    """Facts of a facility changed; `changed` names the fields."""

    name: ClassVar[str] = "places.facility.changed"
    changed: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FacilityEnded(Event):
    """A facility is no more; its history stays."""

    name: ClassVar[str] = "places.facility.ended"


@dataclass(frozen=True, slots=True, kw_only=True)
class FaultNoted(Event):
    """A case is about a facility."""

    name: ClassVar[str] = "places.facility.fault_noted"
    case_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class FacilityTroubled(Event):
    """It broke so often within the window that its cause should be looked for; told once."""

    name: ClassVar[str] = "places.facility.troubled"
    fault_count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class GridsPlanned(Event):
    """A plan of a community's grids was made; nothing has changed yet."""

    name: ClassVar[str] = "places.plan.made"
    grid_count: int
    building_count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanChanged(Event):
    """A plan was put right by hand; `to_grid` is where the buildings would go now."""

    name: ClassVar[str] = "places.plan.changed"
    to_grid: str
    buildings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanScheduled(Event):
    """A plan will take effect on a day."""

    name: ClassVar[str] = "places.plan.scheduled"
    starts_on: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanWithdrawn(Event):
    """A plan was taken back before its day."""

    name: ClassVar[str] = "places.plan.withdrawn"


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanDiscarded(Event):
    """A plan was thrown away without taking effect."""

    name: ClassVar[str] = "places.plan.discarded"


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanApplied(Event):
    """The grids of a community are those of a plan from this day on."""

    name: ClassVar[str] = "places.plan.applied"
    new: int
    kept: int
    ended: int
    moved: int
