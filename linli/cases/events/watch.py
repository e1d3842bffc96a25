"""What the clock and the rungs above do to a case: late, up the ladder, watched."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from linli.cases.events.steps import CaseEvent


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseDueSoon(CaseEvent):
    """A promise is nearly used up (amber)."""

    name: ClassVar[str] = "cases.case.due_soon"
    due_at: datetime
    is_response: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseLate(CaseEvent):
    """A promise was missed (red)."""

    name: ClassVar[str] = "cases.case.late"
    due_at: datetime
    is_response: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseEscalated(CaseEvent):
    """It went up the ladder: by the clock, by hand, or by dissatisfaction. The lower rung keeps
    watching.
    """

    name: ClassVar[str] = "cases.case.escalated"
    from_level: str
    to_level: str
    is_automatic: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseSupervised(CaseEvent):
    """A higher level watches this case (督办)."""

    name: ClassVar[str] = "cases.case.supervised"


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkRevoked(CaseEvent):
    """The secret link was replaced."""

    name: ClassVar[str] = "cases.link.revoked"


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadlinesMoved(CaseEvent):
    """The calendar or the service level changed, and with it the promise of an open case."""

    name: ClassVar[str] = "cases.case.deadlines_moved"
    respond_due_at: datetime
    resolve_due_at: datetime
