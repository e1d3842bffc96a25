"""What happens to a whistle and to a question that went up: ids and facts on the case's own timeline.

`subject_id` is the case. These move no count of the queue; what they do to the case itself (in other
hands, resolved) has its own event beside them.
"""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from linli.kernel.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class WhistleEvent(Event):
    """What every step of a whistle says; `organisation_id` is whose part it is, or who leads."""

    name: ClassVar[str] = ""
    community_id: UUID
    whistle_id: UUID
    part_id: UUID | None = None
    organisation_id: UUID | None = None
    entry_id: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WhistleBlown(WhistleEvent):
    """Several organisations were called to one case; `organisation_id` leads."""

    name: ClassVar[str] = "cases.whistle.blown"
    assisting: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PartCalled(WhistleEvent):
    """One more organisation was called to a whistle that is open."""

    name: ClassVar[str] = "cases.whistle.called"


@dataclass(frozen=True, slots=True, kw_only=True)
class LeadChanged(WhistleEvent):
    """Another organisation leads from now on."""

    name: ClassVar[str] = "cases.whistle.lead_changed"


@dataclass(frozen=True, slots=True, kw_only=True)
class PartReported(WhistleEvent):
    """An organisation reported in."""

    name: ClassVar[str] = "cases.whistle.reported_in"
    is_in_time: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PartArrived(WhistleEvent):
    """An organisation is on site."""

    name: ClassVar[str] = "cases.whistle.arrived"
    is_in_time: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PartFinished(WhistleEvent):
    """An organisation has finished its part."""

    name: ClassVar[str] = "cases.whistle.finished"
    is_in_time: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PartRefused(WhistleEvent):
    """An organisation says that it is not theirs, by a clause."""

    name: ClassVar[str] = "cases.whistle.refused"
    clause_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class PartExtended(WhistleEvent):
    """The community gave a part more time."""

    name: ClassVar[str] = "cases.whistle.extended"


@dataclass(frozen=True, slots=True, kw_only=True)
class PartDueSoon(WhistleEvent):
    """A part's running promise is nearly used up."""

    name: ClassVar[str] = "cases.whistle.due_soon"
    step: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PartLate(WhistleEvent):
    """A part's running promise was missed."""

    name: ClassVar[str] = "cases.whistle.late"
    step: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PartEscalated(WhistleEvent):
    """A part was late for so long that the rung above is shown it."""

    name: ClassVar[str] = "cases.whistle.escalated"
    step: str
    to_level: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LeadLost(WhistleEvent):
    """The lead organisation was ended while the whistle is open: somebody has to name another."""

    name: ClassVar[str] = "cases.whistle.lead_lost"


@dataclass(frozen=True, slots=True, kw_only=True)
class WhistleClosed(WhistleEvent):
    """The lead closed on the results of all; `missing` parts have none, with a reason."""

    name: ClassVar[str] = "cases.whistle.closed"
    missing: int


@dataclass(frozen=True, slots=True, kw_only=True)
class WhistleWithdrawn(WhistleEvent):
    """The community took the whistle back, or the case ended."""

    name: ClassVar[str] = "cases.whistle.withdrawn"
    is_with_case: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PartScored(WhistleEvent):
    """The community rated a department, or a department the whistle."""

    name: ClassVar[str] = "cases.whistle.scored"
    score: int
    is_by_department: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ArbitrationEvent(Event):
    """What every step of a question to the rung above says."""

    name: ClassVar[str] = ""
    community_id: UUID
    arbitration_id: UUID
    clause_id: UUID
    part_id: UUID | None = None
    organisation_id: UUID | None = None
    entry_id: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ArbitrationAsked(ArbitrationEvent):
    """A question went up with its clause."""

    name: ClassVar[str] = "cases.arbitration.asked"
    level: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ArbitrationAnswered(ArbitrationEvent):
    """The rung above answered."""

    name: ClassVar[str] = "cases.arbitration.answered"
    outcome: str
    is_in_time: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ArbitrationWithdrawn(ArbitrationEvent):
    """The question was taken back, or the case ended."""

    name: ClassVar[str] = "cases.arbitration.withdrawn"


@dataclass(frozen=True, slots=True, kw_only=True)
class ArbitrationLate(ArbitrationEvent):
    """The answer did not come when it was promised."""

    name: ClassVar[str] = "cases.arbitration.late"


WHISTLE_STEPS = (
    WhistleBlown, PartCalled, LeadChanged, PartReported, PartArrived, PartFinished, PartRefused,
    PartExtended, PartDueSoon, PartLate, PartEscalated, LeadLost, WhistleClosed, WhistleWithdrawn,
    PartScored,
)  # fmt: skip
ARBITRATION_STEPS = (
    ArbitrationAsked, ArbitrationAnswered, ArbitrationWithdrawn, ArbitrationLate,
)  # fmt: skip
