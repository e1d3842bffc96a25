"""What is sent by the clock: due deliveries and one-time codes; the only caller of the adapters."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from linli.kernel import jobs, runs
from linli.messages import adapters, selectors
from linli.messages.services import codes, exporting, forgetting, sending

if TYPE_CHECKING:
    from linli.kernel.models import Job

EVERY: Final = timedelta(seconds=10)
# A job ends before its claim does; what is left goes with the next one.
MOST_ROUNDS: Final = 12


@jobs.sweep("messages.due", every=EVERY)
def look_for_due(now: datetime) -> None:
    """Ask for a sender when something should have left."""
    if selectors.due_deliveries(now).exists():
        jobs.enqueue("messages.send", key=f"{now:%Y%m%d%H%M%S}", due_at=now)


@jobs.sweep("messages.forget", every=timedelta(hours=1))
def forget_old(now: datetime) -> bool:
    """Take addresses and texts out of the log when they are old; tell whether there are more."""
    return forgetting.forget_old(now=now) >= forgetting.BATCH


@jobs.task("messages.send", is_external=True)
def send(job: "Job") -> None:
    """Send what is due, as the worker sees the time."""
    now = _now(job)
    for _round in range(MOST_ROUNDS):
        parcels = sending.claim_parcels(now=now)
        if not parcels:
            break
        carry_all(parcels, now)


@jobs.task("messages.send_code", is_external=True)
def send_code(job: "Job") -> None:
    """Send a one-time code at once, at any hour; log it when it ran out before it could leave."""
    now = _now(job)
    parcel = codes.open_code(job, now=now)
    if parcel is None:
        return
    try:
        receipt = adapters.carry(
            adapters.Letter(channel="sms", address=parcel.phone, text=parcel.text, key=parcel.key)
        )
    except adapters.Refused as refusal:
        codes.note_code(job, phone=parcel.phone, refused_for=refusal.reason, now=now)
    except adapters.Unreachable as trouble:
        codes.note_code_unreachable(reason=trouble.reason, wait=trouble.wait, now=now)
        raise  # The worker tries again after its own pauses.
    else:
        codes.note_code(
            job, phone=parcel.phone, is_sent=receipt.is_sent, reference=receipt.reference, now=now
        )


@runs.work(exporting.KIND)
def export(run: runs.Running) -> None:
    """Write the log of what was sent as a file."""
    exporting.carry_export(run)


def carry_all(parcels: list[sending.Parcel], now: datetime) -> None:
    """Carry each parcel; when a line turns out to be down, the rest of it is given back."""
    down: set[str] = set()
    for parcel in parcels:
        if parcel.line in down:
            sending.release_parcel(parcel, now=now)
        elif not _carry(parcel, now):
            down.add(parcel.line)


def _carry(parcel: sending.Parcel, now: datetime) -> bool:
    """Carry one parcel and note what became of it; False when its line is down."""
    try:
        receipt = adapters.carry(_letter(parcel))
    except adapters.Refused as refusal:
        sending.note_refused(parcel, reason=refusal.reason, now=now)
    except adapters.Unreachable as trouble:
        sending.note_unreachable(
            parcel,
            reason=trouble.reason,
            is_untouched=trouble.is_untouched,
            wait=trouble.wait,
            now=now,
        )
        return False
    else:
        if receipt.is_sent:
            sending.note_sent(parcel, reference=receipt.reference, now=now)
        else:
            sending.note_recorded(parcel, now=now)
    return True


def _letter(parcel: sending.Parcel) -> adapters.Letter:
    return adapters.Letter(
        channel=parcel.channel,
        address=parcel.address,
        text=parcel.text,
        key=parcel.key,
        title=parcel.title,
        robot_kind=parcel.robot_kind,
        secret=parcel.secret,
    )


def _now(job: "Job") -> datetime:
    """Return the moment at which the worker claimed the job."""
    return job.claimed_until - jobs.CLAIM if job.claimed_until else job.due_at
