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
