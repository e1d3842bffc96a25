"""What messages tell the others: a line is down or back, something reached nobody, words."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from linli.kernel.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryFailed(Event):
    """A message did not reach its address and never will; `subject_id` is the delivery."""

    name: ClassVar[str] = "messages.delivery.failed"
    channel: str
    about_id: UUID | None = None  # the case or whatever it told of
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryRepeated(Event):
    """Somebody had a message sent again; `subject_id` is the delivery."""

    name: ClassVar[str] = "messages.delivery.repeated"
    about_id: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LineDown(Event):
    """A gateway or a robot stopped answering; `subject_id` is the outage."""

    name: ClassVar[str] = "messages.line.down"
    line: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LineBack(Event):
    """It answers again."""

    name: ClassVar[str] = "messages.line.back"
    line: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateChanged(Event):
    """Somebody changed the words of a message; `about` says which."""

    name: ClassVar[str] = "messages.template.changed"
    about: str
    is_default: bool = False  # back to the words that come with the product


@dataclass(frozen=True, slots=True, kw_only=True)
class QuietHoursChanged(Event):
    """The quiet time changed; `hours` is "21:00–08:00"."""

    name: ClassVar[str] = "messages.quiet_hours.changed"
    hours: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RobotChanged(Event):
    """A group robot was added, changed or switched off."""

    name: ClassVar[str] = "messages.robot.changed"
    organisation_id: UUID
    is_active: bool
