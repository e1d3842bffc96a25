"""What the person at the other end does: take in hand, report progress, return, ask to stop the
clock, resolve.
"""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from linli.cases import selectors
from linli.cases.events import (
    CaseAnswered,
    CaseResumed,
    CaseReturned,
    CaseSuspended,
    CaseTaken,
    SuspensionAsked,
    SuspensionRefused,
)
from linli.cases.models import Audience, Case, EndReason, EntryKind, SuspensionState
from linli.cases.models import Suspension as SuspensionRow
from linli.cases.services import whistle_promises
from linli.cases.services._ground import (
    GOING_ON,
    Step,
    end_assignment,
    go_on,
    is_own,
)
from linli.cases.services._whistle import refuse_while_whistled
from linli.cases.services.desk import begin, require_hand
from linli.cases.services.photos import Photos, stores_photos
from linli.cases.services.resolving import keep_both, resolve
from linli.cases.states import CaseState
from linli.kernel.actor import Actor
from linli.kernel.errors import BadInput, Conflict, DomainError

MAX_SUSPENSION = timedelta(days=180)


def _begin(case_id: UUID, actor: Actor, now: datetime, version: int | None) -> Step:
    case = selectors.get_case(case_id, actor, lock=True)
    require_hand(case, actor)
    return Step.begin(case, actor, now, version=version)


@transaction.atomic
def take_case(*, case_id: UUID, actor: Actor, now: datetime, version: int | None = None) -> Case:
    """Take an assigned case in hand; the reporter sees who has it.

    Errors: Conflict when a colleague took it first, NotFound, NotAllowed, IllegalMove, StaleCase.
    """
    step = _begin(case_id, actor, now, version)
    case = step.case
    if case.state == CaseState.IN_HAND and case.handler_account_id != actor.account_id:
        raise Conflict(_("同事已经先接了这一件。"))
    step.move(CaseState.IN_HAND)
    step.respond()
    case.handler_account_id = actor.account_id
    case.assignments.filter(ended_at=None).update(taken_by=actor.account_id, taken_at=now)
    step.set_clock()
    step.save("handler_account")
    step.record(CaseTaken)
    return case


@stores_photos("before", "after")
@transaction.atomic
def add_progress(
    *,
    case_id: UUID,
    text: str,
    actor: Actor,
    now: datetime,
    before: Photos = (),
    after: Photos = (),
    version: int | None = None,
) -> Case:
    """Tell how it goes, in words that the reporter reads, with photos before and after.

    Errors: BadInput (neither words nor photos), NotFound, NotAllowed, StaleCase.
    """
    step = _begin(case_id, actor, now, version)
    if not text.strip() and not before and not after:
        raise BadInput(_("写几个字，或者拍一张照片。"), field="text")
    entry = step.write(EntryKind.PROGRESS, text or _("上传了现场照片。"))
    keep_both(step, before, after, entry)
    step.respond()
    step.set_clock()
    step.save("photo_count")
    step.record(CaseAnswered, entry=entry, is_progress=True)
    return step.case


@transaction.atomic
def return_case(
    *, case_id: UUID, text: str, actor: Actor, now: datetime, version: int | None = None
) -> Case:
    """Give a case back as not theirs, with the reason; arbitration decides, the clock runs on.

    Errors: BadInput (no reason), NotFound, NotAllowed, IllegalMove, StaleCase.
    Source: peers.md 10, 首接负责; beyond.md 6.
    """
    step = _begin(case_id, actor, now, version)
    case = step.case
    if not text.strip():
        raise BadInput(_("写明为什么不归这里办、应该归谁。"), field="text")
    step.only_from(CaseState.ASSIGNED, CaseState.IN_HAND)
    refuse_while_whistled(case)
    returned = {"post_id": case.handler_post_id, "organisation_id": case.handler_organisation_id}
    step.move(CaseState.ACCEPTED)
    entry = step.write(EntryKind.RETURN, text, audience=Audience.STAFF)
    end_assignment(case, reason=EndReason.RETURNED, at=now)
    case.handler_post = case.handler_organisation = case.handler_account = None
    case.handler_reason, case.is_in_arbitration = "", True
    step.set_clock()
    step.save("handler_post", "handler_organisation", "handler_account", "handler_reason")
    step.record(CaseReturned, entry=entry, **returned)
    return case


@stores_photos("before", "after")
@transaction.atomic
def resolve_case(
    *,
    case_id: UUID,
    text: str,
    actor: Actor,
    now: datetime,
    before: Photos = (),
    after: Photos = (),
    version: int | None = None,
) -> Case:
    """Say that it is done, in words and photos; the reporter is asked the two questions.

    Errors: BadInput (no words), PhotoRequired, NotFound, NotAllowed, IllegalMove, StaleCase.
    Source: S5 5.10, every matter ends with the resident's word.
    """
    step = _begin(case_id, actor, now, version)
    refuse_while_whistled(step.case)
    resolve(step, text, before, after)
    return step.case


@transaction.atomic
def ask_suspension(
    *,
    case_id: UUID,
    reason: str,
    until: datetime,
    actor: Actor,
    now: datetime,
    version: int | None = None,
) -> Case:
    """Ask for the clock to stop until a moment; somebody else decides. The clock runs until then.

    Errors: BadInput, Conflict (one was asked already), NotFound, NotAllowed, StaleCase.
    Source: house.md 4, suspension stops the clock with an approved, public reason.
    """
    step = _begin(case_id, actor, now, version)
    if not reason.strip() or actor.who is None:
        raise BadInput(_("写明为什么要停下来等，居民会看到。"), field="reason")
    if not now < until <= now + MAX_SUSPENSION:
        raise BadInput(_("选一个以后的日期，最长半年。"), field="until")
    if step.case.state not in (CaseState.ACCEPTED, CaseState.ASSIGNED, CaseState.IN_HAND):
        raise DomainError(
            _("“%(state)s”的工单不能申请挂起。") % {"state": step.case.get_state_display()}
        )
    if step.case.suspensions.filter(state__in=("asked", "approved")).exists():
        raise Conflict(_("已经申请过挂起，正在等审批。"))
    if step.case.extension_asked_at is not None:
        raise Conflict(_("延期申请还在等审批，批了再看要不要挂起。"))
    step.case.suspensions.create(
        reason=reason.strip(), until=until, asked_by=actor.who, asked_at=now
    )
    step.save()
    step.record(SuspensionAsked)
    return step.case


@transaction.atomic
def decide_suspension(
    *, case_id: UUID, is_approved: bool, note: str, actor: Actor, now: datetime
) -> Case:
    """Approve or refuse a request to stop the clock; never by whoever asked.

    Errors: NotFound, NotAllowed, DomainError (nothing asked; own request).
    """
    step = begin(case_id, "cases.approve", actor, now)
    request = _asked(step.case)
    if is_own(request.asked_by, actor):
        raise DomainError(_("自己申请的挂起要由别人审批。"))
    request.decided_by, request.decided_at, request.decision_note = (
        actor.who,
        now,
        note.strip(),
    )
    request.state = SuspensionState.APPROVED if is_approved else SuspensionState.REFUSED
    request.save(update_fields=["decided_by", "decided_at", "decision_note", "state"])
    if is_approved:
        _suspend(step, request)
    else:
        entry = step.write(EntryKind.NOTE, note, audience=Audience.STAFF)
        step.save()
        step.record(SuspensionRefused, entry=entry)
    return step.case


def _asked(case: Case) -> SuspensionRow:
    request = case.suspensions.filter(state=SuspensionState.ASKED).first()
    if request is None:
        raise DomainError(_("没有等待审批的挂起申请。"))
    return request


def _suspend(step: Step, request: SuspensionRow) -> None:
    step.move(CaseState.SUSPENDED)
    step.case.suspended_at, step.case.suspended_until = step.now, request.until
    entry = step.write(EntryKind.SUSPEND, request.reason)
    step.set_clock()
    step.save("suspended_at", "suspended_until")
    step.record(CaseSuspended, entry=entry, until=request.until)


@transaction.atomic
def resume_case(*, case_id: UUID, actor: Actor, now: datetime, version: int | None = None) -> Case:
    """Let the clock run again before its time, by whoever has the case in hand.

    Errors: NotFound, NotAllowed, IllegalMove, StaleCase.
    """
    step = _begin(case_id, actor, now, version)
    resume(step)
    return step.case


def resume(step: Step) -> None:
    """Let the clock of a suspended case run again: the promises move by the time it stood still."""
    case = step.case
    step.only_from(CaseState.SUSPENDED)
    if case.suspended_at is not None:
        whistle_promises.go_on(case_id=case.pk, stopped_at=case.suspended_at, now=step.now)
    go_on(case, step.now)
    step.move(_state_before(case))
    case.lateness = 0
    step.set_clock()
    step.save(*GOING_ON)
    step.record(CaseResumed, resolve_due_at=case.resolve_due_at)


def _state_before(case: Case) -> CaseState:
    if case.handler_account_id:
        return CaseState.IN_HAND
    has_hands = case.handler_post_id or case.handler_organisation_id
    return CaseState.ASSIGNED if has_hands else CaseState.ACCEPTED
