"""What is sent to webhooks by the clock; the only caller of the adapter."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from linli.clients import adapters, selectors
from linli.clients.services import delivering
from linli.kernel import jobs

if TYPE_CHECKING:
    from uuid import UUID

    from linli.kernel.models import Job

# A job ends before its claim does; what is left goes with the next one.
MOST_ROUNDS: Final = 8


@jobs.sweep("clients.due", every=timedelta(seconds=10))
def look_for_due(now: datetime) -> None:
    """Ask for a sender when something should have left."""
    if selectors.due_deliveries(now).exists():
        jobs.enqueue("clients.deliver", key=f"{now:%Y%m%d%H%M%S}", due_at=now)


@jobs.sweep("clients.forget", every=timedelta(hours=1))
def forget_old(now: datetime) -> bool:
    """Drop old lines of the log; tell whether there may be more."""
    return delivering.forget_old(now) > 0


@jobs.task("clients.deliver", is_external=True)
def deliver(job: "Job") -> None:
    """Send what is due, as the worker sees the time."""
    now = job.claimed_until - jobs.CLAIM if job.claimed_until else job.due_at
    silent: set[UUID] = set()
    for _round in range(MOST_ROUNDS):
        parcels = delivering.claim_parcels(now)
        if not parcels:
            break
        for parcel in parcels:
            carry(parcel, silent, now)
        if silent:
            break  # Each silent address has cost its time-out; the next job goes on.


def carry(parcel: delivering.Parcel, silent: "set[UUID]", now: datetime) -> None:
    """Send one parcel, unless its address was silent a moment ago."""
    if parcel.webhook_id in silent:
        delivering.release(parcel, now)
        return
    answer = adapters.post(parcel.message)
    delivering.note(parcel, answer, now)
    if not answer.is_taken:
        silent.add(parcel.webhook_id)
