"""Follow-up calls: made by somebody who did not handle the case; the answers stand beside the
reporter's own.
"""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from linli.cases.events import CaseCalled, CaseFollowedUp
from linli.cases.models import (
    Audience,
    CallOutcome,
    Case,
    EntryKind,
    FollowUp,
    FollowUpCall,
    FollowUpState,
)
from linli.cases.selectors import followups
from linli.cases.selectors.progress import SATISFACTION
from linli.cases.services._ground import Step
from linli.cases.services.closing import reopen
from linli.cases.states import CaseState
from linli.kernel.actor import Actor
from linli.kernel.errors import BadInput, Conflict, DomainError
from linli.people import services as people
from linli.people.selectors import ContactCard, Purpose

REMARKS_LIMIT = 500


def reveal_phone(*, followup_id: UUID, actor: Actor, now: datetime) -> ContactCard:
    """Return whom to call, and record who looked. Errors: NotFound, NotAllowed, DomainError."""
    followup = followups.get_followup(followup_id, actor)
    _check_caller(followup, actor)
    case = followup.case
    if case.reporter_id is None:
        raise DomainError(_("这件工单没有留联系方式。"))
    return people.reveal_contact(
        contact_id=case.reporter_id,
        purpose=Purpose.FOLLOW_UP,
        area_path=case.area_path,
        subject_id=case.pk,
        is_allowed=True,
        actor=actor,
        now=now,
    )


@transaction.atomic
def record_answers(
    *,
    followup_id: UUID,
    is_solved: bool | None,
    satisfaction: int | None,
    remarks: str = "",
    reopens: bool = False,
    actor: Actor,
    now: datetime,
) -> FollowUp:
    """Keep what the reporter said on the phone; the rating that they gave themselves stays theirs.

    reopens: they want it done again; the case goes one rung up, as by their own word.
    Errors: NotFound, NotAllowed, BadInput (an answer is missing), Conflict (a colleague called),
    DomainError (the caller handled the case; too late to reopen).
    Source: issue 3, step 3.
    """
    followup, step = _begin(followup_id, actor, now)
    if is_solved is None:
        raise BadInput(_("选一下：解决了，还是没有解决。"), field="is_solved")
    if satisfaction not in SATISFACTION:
        raise BadInput(_("选一个：满意、一般、不满意。"), field="satisfaction")
    if len(remarks.strip()) > REMARKS_LIMIT:
        raise BadInput(_("写得太长了，最多 %(n)s 字。") % {"n": REMARKS_LIMIT}, field="remarks")
    _note_call(followup, CallOutcome.ANSWERED, "", actor, now)
    followup.is_solved, followup.satisfaction = is_solved, satisfaction
    followup.remarks = remarks.strip()
    _end(followup, FollowUpState.ANSWERED, actor, now)
    _write(step, followup)
    if reopens:
        _reopen(step, remarks)
    return followup


@transaction.atomic
def record_attempt(
    *, followup_id: UUID, outcome: str, note: str = "", actor: Actor, now: datetime
) -> FollowUp:
    """Keep a call in vain; after as many as the tenant sets, or a wrong number, it is given up.

    Errors: as `record_answers`.
    """
    followup, step = _begin(followup_id, actor, now)
    if outcome not in CallOutcome.values or outcome == CallOutcome.ANSWERED:
        raise BadInput(_("选一下这通电话打得怎么样。"), field="outcome")
    _note_call(followup, outcome, note, actor, now)
    step.record(CaseCalled, outcome=outcome, attempt=followup.attempts)
    is_over = followup.attempts >= step.settings.followup_attempts
    if is_over or outcome in (CallOutcome.REFUSED, CallOutcome.WRONG_NUMBER):
        _end(followup, FollowUpState.UNREACHED, actor, now)
        _write(step, followup)
    else:
        followup.save(update_fields=["attempts"])
    return followup


def _begin(followup_id: UUID, actor: Actor, now: datetime) -> tuple[FollowUp, Step]:
    """Lock the case first, as whatever else happens to it does, then its follow-up."""
    case = _lock(followups.get_followup(followup_id, actor).case_id)
    followup = followups.get_followup(followup_id, actor, lock=True)
    if followup.state != FollowUpState.WAITING:
        raise Conflict(_("这件已经回访过了。"))
    _check_caller(followup, actor)
    return followup, Step.begin(case, actor, now)


def _check_caller(followup: FollowUp, actor: Actor) -> None:
    if followups.has_handled(followup.case, actor):
        raise DomainError(_("这件自己经手过，要由没有办过的人来回访。"))


def _lock(case_id: UUID) -> Case:
    rows = Case.objects.select_for_update(of=("self",)).select_related("category", "service_level")
    return rows.get(pk=case_id)


def _note_call(followup: FollowUp, outcome: str, note: str, actor: Actor, now: datetime) -> None:
    FollowUpCall.objects.create(
        followup=followup,
        outcome=outcome,
        note=note.strip()[:200],
        account_id=actor.who,
        called_at=now,
    )
    followup.attempts += 1


def _end(followup: FollowUp, state: FollowUpState, actor: Actor, now: datetime) -> None:
    followup.state, followup.ended_at, followup.ended_by = state, now, actor.who
    followup.save(
        update_fields=[
            "state", "attempts", "is_solved", "satisfaction", "remarks", "ended_at", "ended_by",
        ]
    )  # fmt: skip


def _write(step: Step, followup: FollowUp) -> None:
    is_reached = followup.state == FollowUpState.ANSWERED
    entry = step.write(EntryKind.NOTE, in_words(followup), audience=Audience.STAFF)
    step.record(
        CaseFollowedUp,
        entry=entry,
        followup_id=followup.pk,
        week_on=str(followup.week_on),
        is_reached=is_reached,
        is_solved=followup.is_solved,
        satisfaction=followup.satisfaction,
        attempts=followup.attempts,
    )


def in_words(followup: FollowUp) -> str:
    """Return a follow-up's end as the timeline says it."""
    if followup.state != FollowUpState.ANSWERED:
        return _("打了 %(n)s 次没有接通。") % {"n": followup.attempts}
    said = _("已解决") if followup.is_solved else _("没有解决")
    words = f"{said}，{SATISFACTION[followup.satisfaction or 0]}"
    return f"{words}。{followup.remarks}" if followup.remarks else f"{words}。"


def _reopen(step: Step, remarks: str) -> None:
    case = step.case
    if case.state != CaseState.CLOSED or case.closed_at is None:
        raise DomainError(_("这件已经在重办了。"))
    if step.now > case.closed_at + timedelta(days=step.settings.reopen_days):
        raise DomainError(_("办结已经很久，不能重办；问题还在的话，替反映人重新登记一件。"))
    reopen(step, remarks.strip() or _("回访时反映人说没有解决。"))
