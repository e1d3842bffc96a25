"""How many cases the queue holds, by tab and by what presses."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet, Sum

from linli.cases.models import Case, QueueTally
from linli.cases.selectors.conditions import (
    TABS,
    Bounds,
    Question,
    Scope,
    due_bounds,
    scope_of,
    seen,
)
from linli.cases.states import CaseState
from linli.kernel.actor import Actor
from linli.kernel.prepared import Prepared


def tab_counts(actor: Actor, community_id: UUID | None = None) -> dict[str, int]:
    """Return how many cases each tab holds, from tallies; filters other than the community don't
    count.

    Confidential cases count only for those who may see them everywhere they look.
    """
    by_state = dict(_count_states(scope_of(actor), community_id=community_id))
    return {tab: _sum(by_state, states or tuple(CaseState)) for tab, states in TABS.items()}


def _build_states(scope: Scope, community_id: UUID | None = None) -> QuerySet[Any, Any]:
    rows = QueueTally.objects.all()
    if community_id:
        rows = rows.filter(community_id=community_id)
    if not scope.is_everywhere:
        rows = rows.filter(community_id__in=scope.community_ids)
    if not scope.is_confidential_everywhere:
        rows = rows.filter(Q(is_confidential=False) | Q(community_id__in=scope.confidential_ids))
    return rows.values_list("state").annotate(n=Sum("count"))


_count_states = Prepared(_build_states)


def _sum(by_state: dict[str, Any], states: Iterable[CaseState]) -> int:
    return sum(by_state.get(str(state), 0) for state in states)


def strip(actor: Actor, now: datetime, community_id: UUID | None = None) -> dict[str, int]:
    """Return how many running cases are late, due soon, due today, in arbitration.

    One statement over the index of running promises.
    """
    soon, today = due_bounds("soon", now), due_bounds("today", now)
    rows = _count_strip(
        scope_of(actor),
        now=now,
        soon=soon.due_before,
        tomorrow=today.due_before,
        community_id=community_id,
    )
    names = ("late", "soon", "today", "arbitration")
    return dict(zip(names, rows[0][1:] if rows else (0, 0, 0, 0), strict=True))


def _build_strip(
    scope: Scope,
    now: datetime,
    soon: datetime,
    tomorrow: datetime,
    community_id: UUID | None = None,
) -> QuerySet[Any, Any]:
    rows = Case.objects.filter(seen(Question(), scope), due_at__isnull=False)
    if community_id:
        rows = rows.filter(community_id=community_id)
    bounds = {"late": Bounds(None, now), "soon": Bounds(now, soon), "today": Bounds(now, tomorrow)}
    counts = {name: Count("pk", filter=one.as_condition()) for name, one in bounds.items()}
    return rows.values_list("tenant_id").annotate(
        **counts, arbitration=Count("pk", filter=Q(is_in_arbitration=True))
    )


_count_strip = Prepared(_build_strip)
