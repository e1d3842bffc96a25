"""Pure rules of the room: routing and who acts, rosters, allowances."""

from linli.posts.rules.routing import (
    ANSWERS,
    LADDER,
    OFFICES,
    PostCard,
    RuleCard,
    Stay,
    acting,
    choose,
    counted,
    in_role,
    is_vacant,
    matches,
    offices_in,
    particularity,
    prefixes,
    rungs_above,
)

__all__ = [
    "ANSWERS",
    "LADDER",
    "OFFICES",
    "PostCard",
    "RuleCard",
    "Stay",
    "acting",
    "choose",
    "counted",
    "in_role",
    "is_vacant",
    "matches",
    "offices_in",
    "particularity",
    "prefixes",
    "rungs_above",
]
