"""The tables of posts, one file per noun."""

from linli.posts.models.allowances import AllowanceFact, AllowanceRule, AllowanceSheet
from linli.posts.models.feeds import CalendarFeed
from linli.posts.models.handovers import (
    Belonging,
    BelongingKind,
    Handover,
    HandoverLine,
    HandoverState,
    LineState,
)
from linli.posts.models.posts import (
    Holding,
    Level,
    Organisation,
    OrganisationKind,
    Post,
    PostDuty,
    RoutingRule,
    Substitution,
)
from linli.posts.models.stations import (
    Station,
    StationMember,
    StationSeat,
    StationShift,
    SwapState,
    Turn,
    TurnSwap,
)
from linli.posts.models.wording import DutyAcknowledgement

__all__ = [
    "AllowanceFact",
    "AllowanceRule",
    "AllowanceSheet",
    "Belonging",
    "BelongingKind",
    "CalendarFeed",
    "DutyAcknowledgement",
    "Handover",
    "HandoverLine",
    "HandoverState",
    "Holding",
    "Level",
    "LineState",
    "Organisation",
    "OrganisationKind",
    "Post",
    "PostDuty",
    "RoutingRule",
    "Station",
    "StationMember",
    "StationSeat",
    "StationShift",
    "Substitution",
    "SwapState",
    "Turn",
    "TurnSwap",
]
