"""Gives a submission to the room that takes it, and keeps what came of it."""

import json
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from linli.field.events import SubmissionsWait
from linli.field.models import Submission, SubmissionState, Upload
from linli.field.services.kinds import Differs, Sent, SentPicture, taker
from linli.field.states import check_move
from linli.kernel import actor as actors
from linli.kernel import events, pictures
from linli.kernel.actor import Actor
from linli.kernel.errors import DomainError, NotFound

# How long what was taken can still be read as it came.
KEPT_FOR: Final = timedelta(days=90)
# What nobody decides: the desk is told, and in the end it is emptied.
REMIND_AFTER: Final = timedelta(days=14)
UNDECIDED_FOR: Final = timedelta(days=180)
SETTLED: Final = ("taken", "refused", "discarded")
UNDECIDED: Final = (SubmissionState.CONFLICT, SubmissionState.QUARANTINED)
_EMPTY: Final = {"title": "", "called": "", "answers": "{}", "told": "", "reason": ""}
_TO_FORGET: Final = ("id", "tenant_id", "state", "photos", "account_id")
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
    found = list(old.only(*_TO_FORGET)[:500])
    for row in found:
        if row.state != SubmissionState.TAKEN:
            _forget_photos(row)
    rows = Submission.objects.filter(pk__in=[row.pk for row in found], forgotten_at=None)
    return rows.update(words="", forgotten_at=now, **_EMPTY)


@transaction.atomic
def remind_desk(*, now: datetime) -> int:
    """Tell the desks what has waited for them for two weeks, once each; return how many wait so long."""
    late = Submission.objects.filter(
        state__in=UNDECIDED, reminded_at=None, settled_at__lt=now - REMIND_AFTER
    )
    paths: dict[str, list[Submission]] = {}
    for row in late.only("id", "tenant_id", "area_path").order_by("settled_at", "id")[:500]:
        paths.setdefault(row.area_path, []).append(row)
    for path, rows in paths.items():
        event = SubmissionsWait(
            subject_id=rows[0].pk, area_path=path, count=len(rows), days=REMIND_AFTER.days
        )
        events.record(event, actor=actors.system(rows[0].tenant_id), at=now)
    ids = [row.pk for rows in paths.values() for row in rows]
    return Submission.objects.filter(pk__in=ids).update(reminded_at=now)


def forget_undecided(*, now: datetime) -> int:
    """Empty what nobody decided in half a year; return how many. A word stays behind, and that it came."""
    old = Submission.objects.filter(state__in=UNDECIDED, settled_at__lt=now - UNDECIDED_FOR)
    forgotten = 0
    for row in list(old.only(*_TO_FORGET)[:200]):
        check_move(row.state, SubmissionState.REFUSED)
        same = Submission.objects.filter(pk=row.pk, state=row.state)
        words = _("%(n)d 天没有人定，内容已经清掉。") % {"n": UNDECIDED_FOR.days}
        facts = {"state": SubmissionState.REFUSED, "words": words, "settled_at": now}
        # Decided in this very moment, it stays as it was decided.
        if same.update(differences="", here_version="", forgotten_at=now, **facts, **_EMPTY):
            _forget_photos(row)
            forgotten += 1
    return forgotten


def follow_area(*, ended_path: str, into_path: str) -> int:
    """Let what waits below an area that has ended wait where its places are now; return how many."""
    waiting = Submission.objects.filter(
        state__in=(*UNDECIDED, SubmissionState.HELD), area_path__startswith=ended_path
    )
    return waiting.update(area_path=into_path)


def _forget_photos(row: Submission) -> None:
    ids = [upload_id for _code, upload_id in row.photos]
    if not ids:
        return
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
