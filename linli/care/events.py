"""What care tells the others: facts and ids, never a name, a need or what was found in words."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from linli.kernel.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class CareStarted(Event):
    """Somebody is looked after from now on. The subject is the profile."""

    name: ClassVar[str] = "care.profile.started"
    person_id: UUID
    every_days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CareChanged(Event):
    """The plan changed; fields names what, not to what. was: whose it was, where records were merged."""

    name: ClassVar[str] = "care.profile.changed"
    person_id: UUID
    fields: list[str]
    was: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CareEnded(Event):
    """Somebody is not looked after any more."""

    name: ClassVar[str] = "care.profile.ended"
    person_id: UUID
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CareRevealed(Event):
    """Somebody read why a person is looked after, and their name in full."""

    name: ClassVar[str] = "care.profile.revealed"
    person_id: UUID
    purpose: str


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitMade(Event):
    """Somebody knocked, visited or called. The subject is the profile."""

    name: ClassVar[str] = "care.visit.made"
    visit_id: UUID
    outcome: str
    manner: str
    is_counted: bool
    same_as: UUID | None = None
    case_id: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnPassed(Event):
    """Nobody was at home twice, or again: somebody else looks today. to: second or desk."""

    name: ClassVar[str] = "care.turn.passed"
    turn: str
    misses: int
    case_id: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FamilyNamed(Event):
    """Somebody of the family was named. The subject is the profile."""

    name: ClassVar[str] = "care.family.named"
    family_id: UUID
    may_be_told: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class FamilyWithdrawn(Event):
    """Somebody of the family is not told any more: taken off, or by their own word."""

    name: ClassVar[str] = "care.family.withdrawn"
    family_id: UUID
    by_themselves: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertStarted(Event):
    """An alert was switched on. The subject is the alert."""

    name: ClassVar[str] = "care.alert.started"
    kind: str
    people: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertBoardChanged(Event):
    """Somebody came onto the board of an alert that is on, or off it. why: a code of GoneWhy."""

    name: ClassVar[str] = "care.alert.board_changed"
    profile_id: UUID
    is_on: bool
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertEnded(Event):
    """An alert is over: by hand, or because its time was."""

    name: ClassVar[str] = "care.alert.ended"
    kind: str
    people: int
    reached: int
    by_itself: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CareExported(Event):
    """A list of who is looked after was made. The subject is the run."""

    name: ClassVar[str] = "care.list.exported"
    count: int
