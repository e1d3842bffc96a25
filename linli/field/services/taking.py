"""Gives a submission to the room that takes it, and keeps what came of it."""

import json
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from linli.field.models import Submission, SubmissionState, Upload
from linli.field.services.kinds import Differs, Sent, SentPicture, taker
from linli.field.states import check_move
from linli.kernel import pictures
from linli.kernel.actor import Actor
from linli.kernel.errors import DomainError, NotFound

# How long what was taken can still be read as it came.
KEPT_FOR: Final = timedelta(days=90)
SETTLED: Final = ("taken", "refused", "discarded")
# Not the sender's doing: nothing is kept, the phone tries again.
_OURS = (429, 503, 507)


def take(submission: Submission, *, actor: Actor, now: datetime) -> None:
    """Let the room of its kind take a submission, and save its new state.

    Errors: those that time mends (busy, no space); then nothing is kept.
    """
    taking = taker(submission.kind)
    if taking is None:
        keep_apart(submission, _("这类记录现在没有地方收。"), now)
        return
    try:
        # A savepoint: what a room began and then refused is undone.
        with transaction.atomic():
            came = taking(sent_of(submission, actor, now))
    except Differs as met:
        _conflict(submission, met, now)
    except NotFound as absent:
        keep_apart(submission, absent.message, now)
    except DomainError as refusal:
        if refusal.status in _OURS:
            raise
        settle(submission, SubmissionState.REFUSED, refusal.message, now)
    else:
        submission.link, submission.subject_id = came.link, came.subject_id or submission.subject_id
        settle(submission, SubmissionState.TAKEN, came.words, now)


def keep_apart(submission: Submission, words: str, now: datetime) -> None:
    """Keep a submission for the desk to look at."""
    settle(submission, SubmissionState.QUARANTINED, words, now)


def settle(submission: Submission, state: SubmissionState, words: str, now: datetime) -> None:
    """Put a submission into a state, with one sentence on why, and save it."""
    check_move(submission.state, state)
    submission.state, submission.words = state, words
    submission.settled_at, submission.held_until = now, None
    if state != SubmissionState.CONFLICT:
        submission.differences = submission.here_version = ""
    submission.save(
        update_fields=[
            "state", "words", "settled_at", "held_until", "link", "subject_id", "differences",
            "here_version", "answers", "base_version",
        ]
    )  # fmt: skip


def forget_taken(*, now: datetime) -> int:
    """Empty what was settled long ago; return how many. What was taken lives in its room, under that
    room's own rules; what was not taken lives nowhere else, its photos go with it.

    That it came, when and with which content (as a hash) stays: the same again is still the same.
    """
    old = Submission.objects.filter(
        state__in=SETTLED, forgotten_at=None, settled_at__lt=now - KEPT_FOR
    )
    found = list(old.only("id", "tenant_id", "state", "photos", "account_id")[:500])
    for row in found:
        if row.photos and row.state != SubmissionState.TAKEN:
            _forget_photos(row)
    rows = Submission.objects.filter(pk__in=[row.pk for row in found], forgotten_at=None)
    return rows.update(title="", answers="{}", told="", words="", reason="", forgotten_at=now)


def _forget_photos(row: Submission) -> None:
    ids = [upload_id for _code, upload_id in row.photos]
    uploads = list(Upload.objects.filter(upload_id__in=ids, account_id=row.account_id))
    pictures.discard(path for one in uploads for path in (one.path, one.thumb_path) if path)
    Upload.objects.filter(pk__in=[one.pk for one in uploads]).update(path="", thumb_path="")


def sent_of(submission: Submission, actor: Actor, now: datetime) -> Sent:
    """Return a submission as its room sees it."""
    return Sent(
        id=submission.sent_id,
        kind=submission.kind,
        subject_id=submission.subject_id,
        base_version=submission.base_version,
        answers=submission.said,
        photos=pictures_of(submission),
        made_at=submission.made_at,
        actor=actor,
        now=now,
    )


def pictures_of(submission: Submission) -> tuple[tuple[str, SentPicture], ...]:
    """Return the photos of a submission, each with the item that it answers, in their order."""
    ids = [upload_id for _code, upload_id in submission.photos]
    found = {str(one.upload_id): one for one in Upload.objects.filter(upload_id__in=ids)}
    return tuple((code, _picture(found[upload_id])) for code, upload_id in submission.photos)


def _picture(upload: Upload) -> SentPicture:
    return SentPicture(
        path=upload.path,
        thumb_path=upload.thumb_path,
        width=upload.width,
        height=upload.height,
        sha256=upload.picture_sha256,
    )


def _conflict(submission: Submission, met: Differs, now: datetime) -> None:
    submission.differences = json.dumps(
        [asdict(one) for one in met.differences], ensure_ascii=False
    )
    submission.here_version, submission.link = met.version, met.link
    words = _("这期间有人改过，两边不一样的地方要看一眼再定。")
    settle(submission, SubmissionState.CONFLICT, words, now)
