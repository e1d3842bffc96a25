"""Where people decide: conflicts field by field; what was kept apart, taken with a reason or, by two
people, left out.
"""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from linli.field.events import (
    ConflictDecided,
    DiscardAsked,
    QuarantineDiscarded,
    QuarantineTaken,
)
from linli.field.models import Submission, SubmissionState
from linli.field.selectors import handed
from linli.field.services.taking import settle, take
from linli.field.states import check_move
from linli.kernel import actor as actors
from linli.kernel import events
from linli.kernel.actor import Actor
from linli.kernel.errors import BadInput, Conflict

HERE, SENT = "here", "sent"


@transaction.atomic
def decide_conflict(
    *, submission_id: UUID, choices: Mapping[str, str], actor: Actor, now: datetime
) -> Submission:
    """Decide a conflict field by field: "sent" takes the phone's word, "here" leaves the record's.

    What was decided is handed to the room again upon the record as it was shown; one more change in
    between makes one more conflict. Whoever made it may decide, and the desk.
    Errors: NotFound, Conflict (decided already), BadInput (a field without a choice).
    Source: issue 4, what happened meanwhile is shown side by side, never overwritten in silence.
    """
    row = handed.get_conflict(submission_id, actor, lock=True)
    if row.state != SubmissionState.CONFLICT:
        raise Conflict(_("这条记录已经有人处理过了，刷新看看。"))
    names = [one["name"] for one in row.different]
    if any(choices.get(name) not in (HERE, SENT) for name in names):
        raise BadInput(_("每一项都选一边：用手机上写的，还是留现在的。"))
    kept = [name for name in names if choices[name] == SENT]
    row.decided_by = actor.account_id
    row.save(update_fields=["decided_by"])
    _carry_decided(row, set(names) - set(kept), actor, now)
    event = ConflictDecided(
        subject_id=row.pk, area_path=row.area_path, state=row.state, kept=len(kept)
    )
    events.record(event, actor=actor, at=now)
    return row


def _carry_decided(row: Submission, left_out: set[str], actor: Actor, now: datetime) -> None:
    answers = {name: said for name, said in row.said.items() if name not in left_out}
    row.answers, row.base_version = json.dumps(answers, ensure_ascii=False), row.here_version
    if not answers and not row.photos:
        settle(row, SubmissionState.TAKEN, _("留下了现在的，手机上写的没有用。"), now)
    else:
        take(row, actor=actor if row.account_id == actor.account_id else maker_of(row), now=now)


@transaction.atomic
def take_quarantined(
    *, submission_id: UUID, reason: str, actor: Actor, now: datetime
) -> Submission:
    """Let in what was kept apart, in the name of whoever made it, as they were when they made it.

    What it is about may have gone to another grid of the same desk: the desk vouches that it was theirs.
    Errors: NotAllowed, NotFound, Conflict (decided already), BadInput (no reason, or the room does not
    take it: then it stays where it is).
    Source: issue 4, a post ended while offline; grids that change meanwhile.
    """
    row = _apart(submission_id, reason, actor)
    row.decided_by, row.reason = actor.account_id, reason.strip()
    row.save(update_fields=["decided_by", "reason"])
    take(row, actor=maker_of(row), now=now)
    if row.state == SubmissionState.QUARANTINED:
        take(row, actor=_vouched(maker_of(row), actor), now=now)
    event = QuarantineTaken(subject_id=row.pk, area_path=row.area_path, state=row.state)
    events.record(event, actor=actor, at=now)
    return row


@transaction.atomic
def ask_discard(*, submission_id: UUID, reason: str, actor: Actor, now: datetime) -> Submission:
    """Ask to leave out what was kept apart; somebody else has to look and agree.

    Errors: NotAllowed, NotFound, Conflict (decided or asked already), BadInput (no reason).
    """
    row = _apart(submission_id, reason, actor)
    if row.discard_asked_by is not None:
        raise Conflict(_("已经有人提出不用，等另一个人看过再定。"))
    row.discard_asked_by, row.reason = actor.account_id, reason.strip()
    row.save(update_fields=["discard_asked_by", "reason"])
    event = DiscardAsked(subject_id=row.pk, area_path=row.area_path)
    events.record(event, actor=actor, at=now)
    return row


@transaction.atomic
def answer_discard(
    *, submission_id: UUID, is_agreed: bool, actor: Actor, now: datetime
) -> Submission:
    """Agree that something is left out, or keep it: the second look, by another person.

    It stays to be read either way. Errors: NotAllowed, NotFound, Conflict, BadInput (the same person).
    """
    row = handed.get_waiting(submission_id, actor, lock=True)
    check_move(row.state, SubmissionState.DISCARDED)
    if row.discard_asked_by is None:
        raise Conflict(_("还没有人提出不用。"))
    if row.discard_asked_by == actor.account_id:
        raise BadInput(_("要由另一个人再看一遍。"))
    handed.require_open(row)
    if not is_agreed:
        row.discard_asked_by, row.reason = None, ""
        row.save(update_fields=["discard_asked_by", "reason"])
        return row
    row.decided_by = actor.account_id
    row.save(update_fields=["decided_by"])
    settle(row, SubmissionState.DISCARDED, _("两个人看过，这条不用。"), now)
    event = QuarantineDiscarded(subject_id=row.pk, area_path=row.area_path)
    events.record(event, actor=actor, at=now)
    return row


def maker_of(row: Submission) -> Actor:
    """Return whoever made a submission, with what they might do when their phone was last in touch."""
    return actors.of_plain(json.loads(row.acts_as), row.tenant_id)


def _vouched(maker: Actor, by: Actor) -> Actor:
    """Return a maker who may do all over the desk's areas what they might do in their part of these."""
    more = {
        replace(grant, area_path=path)
        for grant in maker.grants
        for path in by.scopes(handed.DUTY)
        if grant.organisation_id is None and grant.area_path.startswith(path)
    }
    return replace(maker, grants=(*maker.grants, *sorted(more, key=str)))


def _apart(submission_id: UUID, reason: str, actor: Actor) -> Submission:
    row = handed.get_waiting(submission_id, actor, lock=True)
    if row.state != SubmissionState.QUARANTINED:
        raise Conflict(_("这条记录已经有人处理过了，刷新看看。"))
    handed.require_open(row)
    if not reason.strip():
        raise BadInput(_("写一句为什么这样定。"), field="reason")
    return row
