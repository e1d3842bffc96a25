"""Events of places, recorded so that no process answers from what it remembered before them."""

from datetime import datetime

from django.db import transaction

from linli.kernel import events
from linli.kernel.actor import Actor
from linli.places import selectors


def record(event: events.Event, *, actor: Actor, at: datetime) -> None:
    """Record an event, and drop what this process remembers of places.

    At once, for the rest of this transaction; and after it, because another thread may have
    remembered the old state in between. Other processes follow within seconds (kernel.memory).
    """
    events.record(event, actor=actor, at=at)
    selectors.forget_communities()
    transaction.on_commit(selectors.forget_communities)
