"""The tables of patrols: what is looked at on the way, what came of it, what was taken round."""

from linli.patrols.models.findings import (
    Clause,
    Finding,
    FindingKind,
    Outcome,
    Persuasion,
    Root,
    RootState,
)
from linli.patrols.models.lists import ItemList
from linli.patrols.models.patrol import Check, How, Patrol, PatrolState, Side, Signature
from linli.patrols.models.rounds import Delivery, Round, Stop
from linli.patrols.models.route import Point, Route

__all__ = [
    "Check",
    "Clause",
    "Delivery",
    "Finding",
    "FindingKind",
    "How",
    "ItemList",
    "Outcome",
    "Patrol",
    "PatrolState",
    "Persuasion",
    "Point",
    "Root",
    "RootState",
    "Round",
    "Route",
    "Side",
    "Signature",
    "Stop",
]
