"""Stations, rosters and allowances; `subject_id` is the station, the post or the rule."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from linli.kernel.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class StationChanged(Event):
    """A station was set up, changed or ended (`how`)."""

    name: ClassVar[str] = "posts.station.changed"
    how: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberSeated(Event):
    """Somebody belongs to a station from now on."""

    name: ClassVar[str] = "posts.member.seated"
    member_id: UUID
    seat: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberLeft(Event):
    """Somebody does not belong to a station any more; so many of their turns are free again."""

    name: ClassVar[str] = "posts.member.left"
    member_id: UUID
    freed_count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RosterFilled(Event):
    """The gaps of some days were filled by turns; `gap_count` stayed open."""

    name: ClassVar[str] = "posts.roster.filled"
    first_day: str
    last_day: str
    turn_count: int
    gap_count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnSet(Event):
    """Somebody was put on duty by hand, or taken off (`how`)."""

    name: ClassVar[str] = "posts.turn.set"
    how: str
    turn_of_id: UUID
    starts_at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SwapAsked(Event):
    """Somebody asks another to take a turn, or to change turns."""

    name: ClassVar[str] = "posts.swap.asked"
    swap_id: UUID
    asked_by_id: UUID
    asked_of_id: UUID
    starts_at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SwapAnswered(Event):
    """The other agreed or did not, or the asker took it back (`how`)."""

    name: ClassVar[str] = "posts.swap.answered"
    swap_id: UUID
    asked_by_id: UUID
    asked_of_id: UUID
    how: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DutiesAcknowledged(Event):
    """Somebody in the post has read its written duties as they stand."""

    name: ClassVar[str] = "posts.duties.acknowledged"


@dataclass(frozen=True, slots=True, kw_only=True)
class AllowanceRuleChanged(Event):
    """What a role or a post gets a month was set (`how`)."""

    name: ClassVar[str] = "posts.allowance_rule.changed"
    how: str
    monthly_fen: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AllowanceFrozen(Event):
    """A month of an allowance is settled: these facts do not change any more."""

    name: ClassVar[str] = "posts.allowance.frozen"
    month: str
    line_count: int
    total_fen: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarFeedChanged(Event):
    """Somebody's calendar address of a roster was `opened` or `revoked` (`how`); the subject is the
    station, or the account whose turns it shows.
    """

    name: ClassVar[str] = "posts.feed.changed"
    feed_id: UUID
    how: str
