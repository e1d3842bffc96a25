"""Calls after the end: what was drawn, who was called, what was said."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from linli.cases.events.steps import CaseEvent
from linli.kernel.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowUpsSampled(Event):
    """A week's sample was drawn by one rule. The subject is the sample; drawn again from the same
    cases it is the same, and `digest` tells whether they were the same.
    """

    name: ClassVar[str] = "cases.followups.sampled"
    week_on: str
    rule_id: UUID | None
    percent: int
    least: int
    population: int
    chosen: int
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseCalled(CaseEvent):
    """A follow-up call in vain; `outcome` is a code."""

    name: ClassVar[str] = "cases.case.called"
    outcome: str
    attempt: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFollowedUp(CaseEvent):
    """A follow-up ended: with the reporter's answers, or given up after enough calls in vain."""

    name: ClassVar[str] = "cases.case.followed_up"
    followup_id: UUID
    week_on: str
    is_reached: bool
    is_solved: bool | None = None
    satisfaction: int | None = None
    attempts: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowUpRuleChanged(Event):
    """Another share of calls was set for a category or an organisation. The subject is the rule."""

    name: ClassVar[str] = "cases.followup_rule.changed"
    what: str  # created, changed, ended
    percent: int
    least: int
