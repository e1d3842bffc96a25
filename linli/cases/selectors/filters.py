"""The queue addresses that somebody keeps under names."""

from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import QuerySet
from django.http import QueryDict

from linli.cases.models import SavedFilter
from linli.kernel.actor import Actor
from linli.kernel.prepared import Prepared

# Where a page of the queue begins is no part of the question.
_KEPT = ("tab", "q", "category", "community", "grid", "source", "due", "mark", "to", "order")


class Kept(NamedTuple):
    """A saved filter: its own id, the name it was given, the queue's address without the path."""

    id: UUID
    name: str
    query: str


def saved_filters(actor: Actor) -> list[Kept]:
    """Return the actor's own saved filters, by when they were first kept."""
    if actor.who is None:
        return []
    return [Kept._make(row) for row in _find_saved(account_id=actor.who)]


def _build_saved(_shape: None, account_id: UUID) -> QuerySet[Any, Any]:
    rows = SavedFilter.objects.filter(account_id=account_id).order_by("id")
    return rows.values_list(*Kept._fields)


_find_saved = Prepared(_build_saved)


def own_query(text: str) -> str:
    """Return an address's question reduced to the queue's own fields, always in one order."""
    sent = QueryDict(text)
    kept = QueryDict(mutable=True)
    for name in _KEPT:
        if sent.get(name):
            kept[name] = sent[name]
    return kept.urlencode()
