"""How care is worked out: where somebody stands after visits, whom an alert is about. Pure."""

from linli.care.rules.needs import Affected, Mapping, affected, priority
from linli.care.rules.standing import (
    SAME_VISIT,
    Plan,
    Round,
    Said,
    Standing,
    rounds_of,
    standing,
)

__all__ = [
    "SAME_VISIT",
    "Affected",
    "Mapping",
    "Plan",
    "Round",
    "Said",
    "Standing",
    "affected",
    "priority",
    "rounds_of",
    "standing",
]
