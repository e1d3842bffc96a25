"""Hands each event to its subscribers after the change, once, and tries again what failed.

An event and everything its subscribers write share one transaction with the mark that says
delivered: a crash in between undoes both, so nothing is lost and nothing is done twice. Two workers
keep apart by row locks (PostgreSQL) or by the single writer (SQLite), and the mark is a
compare-and-set in either case.
"""

import logging
import time
from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Final
from uuid import UUID

from django.db import DatabaseError, transaction

from linli.kernel import failures
from linli.kernel.events import Subscriber, subscribers_of
from linli.kernel.models import EventRow, Retry

logger = logging.getLogger(__name__)

# One transaction carries many events, because a commit costs more than an event does, but it ends
# early enough that nobody who writes at the same time feels it.
BATCH: Final = 50
BATCH_SECONDS: Final = 0.05


class TakenElsewhere(RuntimeError):
    """Another worker had the same row; this transaction is undone."""


class Together:
    """A subscriber that takes all events of a delivery at once, in the same transaction: what sums up
    many cases asks the database a few times for fifty events and not for each.

    Used as `@events.on(…)` over `@outbox.Together`. Should it fail, it gets them one by one.
    """

    def __init__(self, function: Callable[[list[EventRow]], None]) -> None:
        self.many = function
        wraps(function)(self)

    def __call__(self, row: EventRow) -> None:
        """Take one event: what is tried again comes alone."""
        self.many([row])


def deliver_events(now: datetime, limit: int = 500) -> int:
    """Hand the tenant's undelivered events to their subscribers, oldest first; return how many.

    A subscriber that fails leaves a Retry and stops neither the others nor the next event.
    Errors: what the database raises when it is gone; then nothing of the batch is kept.
    """
    count = 0
    while count < limit:
        ids = list(
            EventRow.objects.filter(delivered_at=None)
            .order_by("id")
            .values_list("id", flat=True)[: min(BATCH, limit - count)]
        )
        delivered = _deliver(ids, now) if ids else 0
        count += delivered
        if not delivered:
            break
    return count


def run_retries(now: datetime, limit: int = 100) -> int:
    """Try again what failed before and is due; return how many were tried."""
    due = Retry.objects.filter(parked_at=None, due_at__lte=now).order_by("due_at")
    return sum(_retry(retry_id, now) for retry_id in list(due.values_list("id", flat=True)[:limit]))


def try_again(retry_id: UUID, now: datetime) -> bool:
    """Take a subscriber out of the park, to be tried at once; False when it is not parked."""
    return (
        Retry.objects.filter(pk=retry_id, parked_at__isnull=False).update(
            parked_at=None, due_at=now, attempts=0
        )
        == 1
    )


def _deliver(ids: list[UUID], now: datetime) -> int:
    try:
        return _deliver_together(ids, now)
    except DatabaseError:
        # Something broke the transaction itself, for example a key that is checked at commit.
        # One by one, the good ones pass and the bad one shows.
        logger.warning("Unable to deliver %d events together; delivering one by one.", len(ids))
        return sum(_deliver_alone(event_id, now) for event_id in ids)


def _deliver_together(ids: list[UUID], now: datetime) -> int:
    stop_at = time.monotonic() + BATCH_SECONDS
    handed_out: list[UUID] = []
    gathered: dict[str, tuple[Together, list[EventRow]]] = {}
    with transaction.atomic():
        rows = EventRow.objects.select_for_update(skip_locked=True).filter(
            id__in=ids, delivered_at=None
        )
        for row in rows.order_by("id"):
            for name, subscriber in subscribers_of(row.name):
                if isinstance(subscriber, Together):
                    gathered.setdefault(name, (subscriber, []))[1].append(row)
                else:
                    _call(row, name, subscriber, now)
            handed_out.append(row.id)
            if time.monotonic() > stop_at:
                break
        for name, (together, several) in gathered.items():
            _call_together(several, name, together, now)
        marked = EventRow.objects.filter(id__in=handed_out, delivered_at=None)
        if handed_out and marked.update(delivered_at=now) != len(handed_out):
            raise TakenElsewhere("Another worker delivered the same events.")
    return len(handed_out)


def _deliver_alone(event_id: UUID, now: datetime) -> int:
    try:
        return _deliver_together([event_id], now)
    except DatabaseError as error:
        return _postpone(event_id, now, error)


@transaction.atomic
def _postpone(event_id: UUID, now: datetime, error: DatabaseError) -> int:
    """Give each subscriber a transaction of its own, at once, since they can't share one."""
    row = EventRow.objects.filter(pk=event_id, delivered_at=None).first()
    if row is None:
        return 0
    for name, _subscriber in subscribers_of(row.name):
        _keep(row, name, error, attempts=0, due_at=now)
    return EventRow.objects.filter(pk=event_id, delivered_at=None).update(delivered_at=now)


def _call(row: EventRow, name: str, subscriber: Subscriber, now: datetime) -> None:
    try:
        with transaction.atomic():
            subscriber(row)
    except Exception as error:
        logger.exception("Unable to hand %s to %s", row.name, name)
        _keep(row, name, error, attempts=1, due_at=failures.next_attempt_at(1, now) or now)


def _call_together(rows: list[EventRow], name: str, subscriber: Together, now: datetime) -> None:
    try:
        with transaction.atomic():
            subscriber.many(rows)
    except Exception:
        # One of them may be to blame: alone, the good ones pass and the bad one shows.
        logger.exception("Unable to hand %d events together to %s", len(rows), name)
        for row in rows:
            _call(row, name, subscriber, now)


def _keep(row: EventRow, name: str, error: Exception, *, attempts: int, due_at: datetime) -> None:
    Retry.objects.get_or_create(
        event=row,
        subscriber=name,
        defaults={"attempts": attempts, "due_at": due_at, "error": failures.shorten(error)},
    )


def _retry(retry_id: UUID, now: datetime) -> bool:
    try:
        with transaction.atomic():
            retry = _lock_due(retry_id, now)
            if retry is not None:
                _find_subscriber(retry)(retry.event)
                retry.delete()
            return retry is not None
    except Exception as error:
        logger.exception("Unable to hand an event to its subscriber again")
        return _note_failure(retry_id, now, error)


@transaction.atomic
def _note_failure(retry_id: UUID, now: datetime, error: Exception) -> bool:
    retry = _lock_due(retry_id, now)
    if retry is None:
        return False
    retry.attempts += 1
    due_at = failures.next_attempt_at(retry.attempts, now)
    if due_at is None:
        retry.parked_at = now
    else:
        retry.due_at = due_at
    retry.error = failures.shorten(error)
    retry.save(update_fields=["attempts", "due_at", "parked_at", "error"])
    return True


def _lock_due(retry_id: UUID, now: datetime) -> Retry | None:
    return (
        Retry.objects.select_for_update(skip_locked=True, of=("self",))
        .select_related("event")
        .filter(pk=retry_id, parked_at=None, due_at__lte=now)
        .first()
    )


def _find_subscriber(retry: Retry) -> Subscriber:
    """Return the function. Errors: LookupError when a release has renamed or dropped it."""
    return dict(subscribers_of(retry.event.name))[retry.subscriber]
