"""What kernel tests are made of: an event that means nothing, recorded and subscribed to."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import ClassVar
from uuid import UUID

from django.db import transaction

from linli.kernel import actor, events, jobs
from linli.kernel.ids import new_id
from linli.kernel.models import EventRow
from linli.kernel.tenancy import current_tenant_id

MONDAY = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)  # nine o'clock in the community


@dataclass(frozen=True, slots=True, kw_only=True)
class BellRung(events.Event):
    """Somebody rang a bell."""

    name: ClassVar[str] = "kernel.bell.rung"
    times: int = 1


def ring(at: datetime = MONDAY, *, times: int = 1, subject_id: UUID | None = None) -> EventRow:
    """Record a bell in the current tenant."""
    bell = BellRung(subject_id=subject_id or new_id(), times=times)
    with transaction.atomic():
        return events.record(bell, actor=actor.system(current_tenant_id()), at=at)


@contextmanager
def subscribed(*functions: Callable[[EventRow], None]) -> Iterator[None]:
    """Let these, and nobody else, hear bells inside the block."""
    before = events._subscribers.pop(BellRung.name, None)
    for function in functions:
        events.on(BellRung)(function)
    try:
        yield
    finally:
        events._subscribers.pop(BellRung.name, None)
        if before is not None:
            events._subscribers[BellRung.name] = before


@contextmanager
def with_task(name: str, run: Callable, **facts: bool) -> Iterator[None]:
    """Know a task inside the block. facts: is_external, is_long."""
    jobs.task(name, **facts)(run)
    try:
        yield
    finally:
        del jobs._tasks[name]


@contextmanager
def with_sweep(name: str, run: Callable[[datetime], None], every) -> Iterator[None]:
    """Know a sweep inside the block."""
    jobs.sweep(name, every=every)(run)
    try:
        yield
    finally:
        del jobs._sweeps[name]
