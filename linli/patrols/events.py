"""What patrols tell the other rooms."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from linli.kernel.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class RouteChanged(Event):
    """A route was made, changed or ended; `what` says which."""

    name: ClassVar[str] = "patrols.route.changed"
    what: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PatrolStarted(Event):
    """Somebody set out."""

    name: ClassVar[str] = "patrols.patrol.started"
    route_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class PointChecked(Event):
    """A point was looked at, or passed over with a reason. The subject is the walk."""

    name: ClassVar[str] = "patrols.point.checked"
    point_id: UUID
    is_fine: bool
    is_skipped: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingMade(Event):
    """Something was found and is a case. The subject is the walk."""

    name: ClassVar[str] = "patrols.finding.made"
    point_id: UUID
    case_id: UUID
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PatrolSigned(Event):
    """One side of a joint walk signed."""

    name: ClassVar[str] = "patrols.patrol.signed"
    side: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PatrolFinished(Event):
    """A walk ended."""

    name: ClassVar[str] = "patrols.patrol.finished"
    state: str
    seen: int
    points: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Persuaded(Event):
    """Somebody was spoken to kindly; who it was is written nowhere."""

    name: ClassVar[str] = "patrols.persuasion.recorded"
    clause: str
    outcome: str
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundMade(Event):
    """Something is to be taken round."""

    name: ClassVar[str] = "patrols.round.made"
    stops: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundTaken(Event):
    """Doors of a round were ticked off."""

    name: ClassVar[str] = "patrols.round.taken"
    building_id: UUID | None = None  # the house, or the first of several
    stops: int
    done: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundEnded(Event):
    """A round is over: all done, or called off."""

    name: ClassVar[str] = "patrols.round.ended"
    done: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RootProposed(Event):
    """A facility breaks too often: its root-cause case is proposed to the desk."""

    name: ClassVar[str] = "patrols.root.proposed"
    facility_id: UUID
    fault_count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RootDecided(Event):
    """The desk opened the root-cause case, or said why not."""

    name: ClassVar[str] = "patrols.root.decided"
    state: str
    case_id: UUID | None = None
