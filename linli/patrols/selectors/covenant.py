"""The covenant's clauses, and how often somebody was spoken to about each: counts, never people."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import QuerySet, Sum

from linli.kernel.actor import Actor
from linli.patrols.models import Clause, Outcome, Persuasion
from linli.patrols.selectors.access import VIEW, below

OUTCOMES = Outcome.choices


@dataclass(frozen=True, slots=True)
class ClauseLine:
    """A clause with how often it was spoken of, by outcome."""

    clause: Any
    total: int
    by_outcome: dict[str, int] = field(default_factory=dict)

    @property
    def counts(self) -> list[int]:
        """The counts in the order of the outcomes."""
        return [self.by_outcome.get(value, 0) for value, _label in OUTCOMES]


def clauses() -> list[Clause]:
    """Return the clauses that hold, in their order."""
    return list(Clause.objects.filter(ended_on=None).order_by("order", "code"))


def clause_lines(
    actor: Actor, now: datetime, *, days: int = 30, community_id: UUID | None = None
) -> list[ClauseLine]:
    """Return how often each clause was spoken of in the last days, in the clauses' order."""
    rows = Persuasion.objects.filter(below(actor, VIEW), at__gte=now - timedelta(days=days))
    if community_id is not None:
        rows = rows.filter(community_id=community_id)
    counts: dict[UUID, dict[str, int]] = {}
    for row in rows.order_by().values("clause_id", "outcome").annotate(n=Sum("count")):
        counts.setdefault(row["clause_id"], {})[row["outcome"]] = row["n"]
    return [
        ClauseLine(one, sum(counts.get(one.pk, {}).values()), counts.get(one.pk, {}))
        for one in Clause.objects.order_by("order", "code")
        if one.ended_on is None or one.pk in counts
    ]


def own_persuasions(actor: Actor, now: datetime, *, days: int = 7) -> QuerySet[Persuasion]:
    """Return what the actor wrote down in the last days, the newest first."""
    rows = Persuasion.objects.filter(
        account_id=actor.account_id, at__gte=now - timedelta(days=days)
    )
    return rows.select_related("clause").order_by("-at")
