"""What a phone hands in, perhaps hours later: taken once, in its order, by the room that knows it.

A room registers its kinds in `linli/<room>/field.py`:

    @submissions.takes("care.visit", label=_("走访"), reads="care.view")
    def take_visit(sent: submissions.Sent) -> submissions.Taken: ...

Every way in (the page's outbox, ODK clients) hands in by one service:

    receipt = submissions.hand_in(
        delivery=submissions.Delivery(id=…, kind="care.visit", subject_id=…, base_version="",
            answers={…}, photos=(("item code", upload_id), …), said_at=…, after=()),
        actor=request.actor, device=None, now=now)
    status = 201 if receipt.is_new else 202        # OtherContent is the 409
    receipt.submission.state, .words, .link        # SubmissionState: taken, conflict, refused, …

Photos have come before, in pieces (`services/uploads.py`) or at once: `uploads.keep_whole(upload_id=…,
file=…, account_id=…, now=now)`; a natural id is `uuid5(sent_id, filename)`.
"""

import json
import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.db import DatabaseError, transaction
from django.utils.translation import gettext as _

from linli.field import rules
from linli.field.errors import OtherContent, PhotosMissing
from linli.field.events import SubmissionCame
from linli.field.models import Device, Submission, SubmissionState, Upload
from linli.field.services import devices
from linli.field.services.kinds import Difference, Differs, Sent, SentPicture, Taken, taker, takes
from linli.field.services.taking import keep_apart, take
from linli.kernel import actor as actors
from linli.kernel import events, idempotency
from linli.kernel.actor import Actor
from linli.kernel.errors import BadInput
from linli.kernel.rows import insert_once

__all__ = [
    "Delivery", "Difference", "Differs", "Receipt", "Sent", "SentPicture", "Taken", "hand_in",
    "release_overdue", "taker", "takes",
]  # fmt: skip

logger = logging.getLogger(__name__)

# How long a submission waits for one that belongs before it; then it goes on alone.
HELD_FOR: Final = timedelta(hours=6)
GIVEN_UP_AFTER: Final = timedelta(days=1)
CLOCKS_DIFFER: Final = timedelta(hours=1)
MOST_ANSWERS: Final = 128 * 1024  # bytes of JSON: 20,000 characters and what is around them
MOST_PHOTOS: Final = 20
MOST_BEFORE: Final = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """A submission as it comes from outside."""

    id: UUID  # made on the phone: the same id is the same submission
    kind: str
    answers: dict[str, Any]
    said_at: datetime  # when it was made, by the phone's clock
    subject_id: UUID | None = None
    base_version: str = ""
    photos: tuple[tuple[str, UUID], ...] = ()  # (item code, upload_id)
    after: tuple[UUID, ...] = field(default=())  # ids that belong before it
    title: str = ""  # what it was called on the phone, for whoever looks at it here
    told: tuple[tuple[str, str], ...] = ()  # (label, answer) in words, for the same
    skew: timedelta = timedelta(0)  # what to add to the phone's clock
    is_of_form_client: bool = False  # forms are filled in before their client is let in anew

    def fingerprint(self) -> str:
        """Return a short text of what was sent, whatever order its answers are in."""
        said = json.dumps(self.answers, sort_keys=True, ensure_ascii=False)
        photos = [(code, str(one)) for code, one in self.photos]
        return idempotency.fingerprint(
            self.kind, self.subject_id, self.base_version, said, photos, self.said_at.isoformat()
        )


@dataclass(frozen=True, slots=True)
class Receipt:
    """A submission, and whether it came for the first time."""

    submission: Submission
    is_new: bool


@transaction.atomic
def hand_in(
    *,
    delivery: Delivery,
    actor: Actor,
    now: datetime,
    device: Device | None = None,
    why_apart: str = "",
) -> Receipt:
    """Keep what a phone handed in, once, and let the room of its kind take it in its order.

    why_apart: set when whoever made it may no longer act; then it is kept apart for the desk.
    What its room refuses is told in the receipt and no refusal here: it came in.
    Errors: OtherContent (the id came before with other content, or from somebody else), PhotosMissing,
    BadInput (too much of it), and what time mends (busy, no space), when nothing is kept.
    Source: issue 4: first time 201, exact repetition 202, same id with other content 409.
    """
    _check(delivery)
    row = _new_row(delivery, actor, device, now)
    if not insert_once(row):
        return Receipt(_earlier(delivery, actor), is_new=False)
    _claim_photos(delivery, actor, now)
    _go_on(row, actor, now, why_apart)
    event = SubmissionCame(
        subject_id=row.pk, area_path=row.area_path, kind=row.kind, state=row.state
    )
    events.record(event, actor=actor, at=now)
    if row.state != SubmissionState.HELD:
        _release_after(row, now)
    return Receipt(row, is_new=True)


def release_overdue(*, now: datetime) -> int:
    """Let go what has waited too long for something before it, and what need not wait any more: both may
    have come in the same moment, neither seeing the other. Return how many.
    """
    held = Submission.objects.filter(state=SubmissionState.HELD).order_by("held_until", "id")
    rows = list(held.values_list("pk", "held_until")[:200])
    released = 0
    for pk, until in rows:
        if _release_alone(pk, now, is_due=until <= now):
            released += 1
        elif until <= now - GIVEN_UP_AFTER:
            _give_up(pk, now)
    return released


def _check(delivery: Delivery) -> None:
    written = len(json.dumps([delivery.answers, delivery.told]))
    if written > MOST_ANSWERS or len(delivery.title) > 120:
        raise BadInput(_("这条记录写得太长了，分成几条再交。"), field="answers")
    if len(delivery.photos) > MOST_PHOTOS:
        raise BadInput(_("一条记录最多 %(n)d 张照片。") % {"n": MOST_PHOTOS}, field="photos")
    if len(delivery.after) > MOST_BEFORE:
        raise BadInput(_("前面的记录写得太多了。"), field="after")


def _new_row(delivery: Delivery, actor: Actor, device: Device | None, now: datetime) -> Submission:
    who = device.account_id if device else actor.who
    if who is None:
        raise BadInput(_("不知道是谁交的。"), field="account")
    path = device.area_path if device else devices.path_of(actor)
    return Submission(
        sent_id=delivery.id,
        device=device,
        account_id=who,
        acts_as=json.dumps(actors.as_plain(actor), ensure_ascii=False),
        area_path=path,
        kind=delivery.kind,
        called=delivery.title,
        subject_id=delivery.subject_id,
        base_version=delivery.base_version,
        answers=json.dumps(delivery.answers, ensure_ascii=False),
        told=json.dumps(delivery.told, ensure_ascii=False) if delivery.told else "",
        photos=[[code, str(one)] for code, one in delivery.photos],
        content_hash=delivery.fingerprint(),
        after=[str(one) for one in delivery.after if one != delivery.id],
        state=SubmissionState.HELD,
        made_at=_made_at(delivery, device, now),
        said_at=delivery.said_at,
        received_at=now,
        held_until=now + HELD_FOR,
    )


def _made_at(delivery: Delivery, device: Device | None, now: datetime) -> datetime:
    """Return when it was made, by our clock. A phone that stood in 1970 while it was written and was set
    right since says nothing: it can't have been before the phone was known to us.
    """
    made_at = rules.corrected(delivery.said_at, delivery.skew, now)
    since = device.created_at if device and not delivery.is_of_form_client else None
    return now if since is not None and made_at < since - CLOCKS_DIFFER else made_at


def _earlier(delivery: Delivery, actor: Actor) -> Submission:
    row = Submission.objects.get(sent_id=delivery.id)
    is_same = row.content_hash == delivery.fingerprint()
    if not is_same or row.account_id != actor.who:
        raise OtherContent(_("这条记录已经交过，内容和这次不一样。"))
    return row


def _claim_photos(delivery: Delivery, actor: Actor, now: datetime) -> None:
    """Make the photos the submission's own. Errors: PhotosMissing."""
    ids = {upload_id for _code, upload_id in delivery.photos}
    if not ids:
        return
    whole = Upload.objects.filter(
        upload_id__in=ids, account_id=actor.who, finished_at__isnull=False, used_at=None
    )
    if whole.update(used_at=now) != len(ids):
        raise PhotosMissing(_("照片还没有传完，传完再交这一条。"), field="photos")


def _go_on(row: Submission, actor: Actor, now: datetime, why_apart: str) -> None:
    if why_apart:
        keep_apart(row, why_apart, now)
    elif not _has_to_wait(row.account_id, row.after):
        take(row, actor=actor, now=now)


def _has_to_wait(account_id: UUID, after: Sequence[str]) -> bool:
    if not after:
        return False
    settled = Submission.objects.filter(account_id=account_id, sent_id__in=after)
    return settled.exclude(state=SubmissionState.HELD).count() < len(set(after))


def _release_after(row: Submission, now: datetime) -> None:
    """Let go what waited for a submission, and what waited for that, in their order."""
    just_settled = {str(row.sent_id)}
    while just_settled:
        waiting = _held_of(row.account_id)
        ready = [one for one in waiting if just_settled & set(one.after)]
        settled = [one for one in ready if _release_alone(one.pk, now, is_due=False)]
        just_settled = {str(one.sent_id) for one in settled}


def _held_of(account_id: UUID) -> Iterable[Submission]:
    rows = Submission.objects.filter(state=SubmissionState.HELD, account_id=account_id)
    return rows.only("id", "tenant_id", "sent_id", "after").order_by("said_at", "id")


def _release_alone(pk: UUID, now: datetime, *, is_due: bool) -> bool:
    """Let go what waited. A failure of its room is no failure of what came in just now, nor of what
    waits beside it: it goes on waiting, and is tried again.
    """
    try:
        return _release(pk, now, is_due=is_due)
    except DatabaseError:
        raise
    except Exception:
        logger.exception("Unable to let go a submission")
        return False


@transaction.atomic
def _give_up(pk: UUID, now: datetime) -> None:
    """Keep for the desk what its room fails over again and again."""
    for row in Submission.objects.select_for_update().filter(pk=pk, state=SubmissionState.HELD):
        keep_apart(row, _("这条记录一直收不下，先由社区看一眼。"), now)


@transaction.atomic
def _release(pk: UUID, now: datetime, *, is_due: bool) -> bool:
    held = Submission.objects.filter(pk=pk, state=SubmissionState.HELD)
    rows = held.select_related("device").select_for_update(of=("self",))
    row = next(iter(rows), None)
    if row is None or (not is_due and _has_to_wait(row.account_id, row.after)):
        return False
    maker, why_apart = devices.actor_of_waiting(row, now)
    if why_apart:
        keep_apart(row, why_apart, now)
    else:
        take(row, actor=maker, now=now)
    return True
