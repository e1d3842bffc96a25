"""What happened: recorded in the transaction of the change, handed to subscribers by the worker.

A room declares frozen dataclasses in its `events.py`, records them in its services, and a higher room
subscribes in its `subscribers.py`. Events carry ids and facts, no personal data in clear.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any, ClassVar, TypeVar
from uuid import UUID

from django.db import transaction

from linli.kernel import clock
from linli.kernel.actor import Actor
from linli.kernel.models import EventRow
from linli.kernel.prepared import PreparedModels
from linli.kernel.rows import insert_all, made


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that happened to `subject_id`. Subclasses add facts and a `name`: `room.noun.verb`."""

    name: ClassVar[str]
    subject_id: UUID
    area_path: str = ""


Subscriber = Callable[[EventRow], None]
E = TypeVar("E", bound=type[Event])
_subscribers: dict[str, list[tuple[str, Subscriber]]] = {}
_BASE = {field.name for field in fields(Event)}


def record(event: Event, *, actor: Actor, at: datetime) -> EventRow:
    """Write the event beside the change it tells of; only inside that change's transaction.

    at: when it happened, aware; it is also the time the timeline shows.
    """
    (row,) = record_all([event], actor=actor, at=at)
    return row


def record_all(happened: Sequence[Event], *, actor: Actor, at: datetime) -> list[EventRow]:
    """Write many events in a few statements, as `record` writes one: for lists that come in."""
    if not transaction.get_connection().in_atomic_block:
        name = happened[0].name if happened else "An event"
        raise RuntimeError(f"{name} must be recorded in the transaction of its change.")
    recorded_at = clock.now()
    rows = [
        made(
            EventRow,
            tenant_id=actor.tenant_id,
            name=event.name,
            subject_id=event.subject_id,
            area_path=event.area_path,
            actor_kind=actor.kind,
            account_id=actor.account_id,
            data=_facts(event, actor),
            happened_at=at,
            recorded_at=recorded_at,
            # Nobody waits for an event without subscribers.
            delivered_at=None if event.name in _subscribers else at,
        )
        for event in happened
    ]
    insert_all(rows)
    return rows


def on(*kinds: type[Event]) -> Callable[[Subscriber], Subscriber]:
    """Subscribe a function to events. It runs after commit, in the worker, and may run twice:
    whatever it writes carries a key that the database keeps unique.
    """

    def subscribe(function: Subscriber) -> Subscriber:
        name = f"{function.__module__}.{function.__qualname__}"
        for kind in kinds:
            _subscribers.setdefault(kind.name, []).append((name, function))
        return function

    return subscribe


def subscribers_of(name: str) -> list[tuple[str, Subscriber]]:
    """Return the subscribers of an event name, as (dotted name, function), in order of loading."""
    return _subscribers.get(name, [])


def timeline(subject_id: UUID) -> list[EventRow]:
    """Return everything that happened to one subject, oldest first."""
    return _timeline(subject_id=subject_id)


@PreparedModels
def _timeline(_shape: None, *, subject_id: UUID) -> Any:
    return EventRow.objects.filter(subject_id=subject_id).order_by("id")


def _facts(event: Event, actor: Actor) -> dict[str, Any]:
    names = (field.name for field in fields(event))
    facts = {name: _plain(getattr(event, name)) for name in names if name not in _BASE}
    return facts if actor.client_id is None else {**facts, "client_id": str(actor.client_id)}


def _plain(value: Any) -> Any:
    if isinstance(value, UUID | datetime | date):
        return str(value)
    return value
