"""What the room of figures tells the others: targets that were set, reports that were issued."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from linli.kernel.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetsSet(Event):
    """The targets of an area for a year are other ones; `changed` names the figures. The subject is
    the area.
    """

    name: ClassVar[str] = "indicators.targets.set"
    year: int
    changed: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GoalKept(Event):
    """A goal that is counted by hand was written, changed or dropped. The subject is the goal."""

    name: ClassVar[str] = "indicators.goal.kept"
    year: int
    what: str  # created, changed, dropped


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportIssued(Event):
    """The numbers of a period were frozen in a report; above one, `number` says it was issued again.

    The subject is the report.
    """

    name: ClassVar[str] = "indicators.report.issued"
    span: str
    first_day: date
    number: int
