"""What one asks and another decides: the clock stopped, the promise moved, a case left out."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from linli.cases.events.steps import CaseEvent


@dataclass(frozen=True, slots=True, kw_only=True)
class SuspensionAsked(CaseEvent):
    """A handler asks for the clock to stop."""

    name: ClassVar[str] = "cases.case.suspension_asked"


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseSuspended(CaseEvent):
    """The clock stands still until a moment, with an approved, public reason."""

    name: ClassVar[str] = "cases.case.suspended"
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SuspensionRefused(CaseEvent):
    """The clock runs on."""

    name: ClassVar[str] = "cases.case.suspension_refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseResumed(CaseEvent):
    """The clock runs again; the promise moved by the time it stood still."""

    name: ClassVar[str] = "cases.case.resumed"
    resolve_due_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtensionAsked(CaseEvent):
    """A handler asks for another day."""

    name: ClassVar[str] = "cases.case.extension_asked"
    new_due_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseExtended(CaseEvent):
    """The promise was moved, with an approved, public reason; `first_due_at` is what was promised
    at first.
    """

    name: ClassVar[str] = "cases.case.extended"
    resolve_due_at: datetime
    old_due_at: datetime
    first_due_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtensionRefused(CaseEvent):
    """The promise stays."""

    name: ClassVar[str] = "cases.case.extension_refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class ExclusionAsked(CaseEvent):
    """Somebody wants a case left out of the official rates; `reason` is a code."""

    name: ClassVar[str] = "cases.case.exclusion_asked"
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ExclusionRefused(CaseEvent):
    """It counts as before."""

    name: ClassVar[str] = "cases.case.exclusion_refused"
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseExcluded(CaseEvent):
    """A second name agreed: from now on the case counts in the raw rates only."""

    name: ClassVar[str] = "cases.case.excluded"
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseIncluded(CaseEvent):
    """An excluded case counts in the official rates again."""

    name: ClassVar[str] = "cases.case.included"
    reason: str
