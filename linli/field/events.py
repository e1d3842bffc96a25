"""What the field tells of: phones that come and go, and what was decided over what they handed in."""

from dataclasses import dataclass
from typing import ClassVar

from linli.kernel.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceKnown(Event):
    """A phone may keep the day of an account and hand in for it."""

    name: ClassVar[str] = "field.device.known"


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceEnded(Event):
    """A phone may no longer: what it still hands in is kept apart."""

    name: ClassVar[str] = "field.device.ended"


@dataclass(frozen=True, slots=True, kw_only=True)
class SubmissionCame(Event):
    """A submission came in; `state` says what became of it at first."""

    name: ClassVar[str] = "field.submission.came"
    kind: str
    state: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SubmissionsWait(Event):
    """Nobody has decided over `count` submissions of an area for `days` days; `subject_id` is the oldest."""

    name: ClassVar[str] = "field.submissions.wait"
    count: int
    days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ConflictDecided(Event):
    """A person decided field by field; `kept` of the phone's words went in."""

    name: ClassVar[str] = "field.conflict.decided"
    state: str
    kept: int


@dataclass(frozen=True, slots=True, kw_only=True)
class QuarantineTaken(Event):
    """The desk let in what a phone handed in after its post had ended."""

    name: ClassVar[str] = "field.quarantine.taken"
    state: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DiscardAsked(Event):
    """The desk wants to leave something out; somebody else has to look."""

    name: ClassVar[str] = "field.quarantine.discard_asked"


@dataclass(frozen=True, slots=True, kw_only=True)
class QuarantineDiscarded(Event):
    """A second person agreed that it is left out. It stays to be read."""

    name: ClassVar[str] = "field.quarantine.discarded"
