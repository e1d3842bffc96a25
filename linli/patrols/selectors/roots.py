"""Proposals of root-cause cases, for the desk."""

from collections.abc import Collection
from uuid import UUID

from django.db.models import QuerySet

from linli.kernel.actor import Actor
from linli.patrols.models import Root, RootState
from linli.patrols.selectors.access import MANAGE, below


def roots_of(actor: Actor, *, is_open: bool = True) -> QuerySet[Root]:
    """Return the proposals that the actor may decide, or those decided, the newest first."""
    rows = Root.objects.filter(below(actor, MANAGE))
    states = [RootState.PROPOSED] if is_open else [RootState.OPENED, RootState.DISMISSED]
    rows = rows.filter(state__in=states).select_related("facility__kind", "community", "case")
    return rows.defer("community__polygon").order_by("-proposed_at", "-id")


def count_roots(actor: Actor) -> int:
    """Return how many proposals wait for the actor."""
    return Root.objects.filter(below(actor, MANAGE), state=RootState.PROPOSED).count()


def root_cases(case_ids: Collection[UUID]) -> set[UUID]:
    """Return those of the cases that are root-cause cases themselves, and no faults."""
    rows = Root.objects.filter(state=RootState.OPENED, case_id__in=list(case_ids))
    return {one for one in rows.values_list("case_id", flat=True) if one}
