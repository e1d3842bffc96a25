"""The promise moved to another day: asked by whoever has the case, decided by somebody else."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from linli.cases import selectors
from linli.cases.events import CaseExtended, ExtensionAsked, ExtensionRefused
from linli.cases.models import Audience, Case, EntryKind, Extension, RequestState
from linli.cases.services._ground import Step, is_own
from linli.cases.services.desk import begin, require_hand
from linli.cases.states import CaseState
from linli.kernel import clock
from linli.kernel.actor import Actor
from linli.kernel.errors import BadInput, Conflict, DomainError

_AT_WORK = (CaseState.ACCEPTED, CaseState.ASSIGNED, CaseState.IN_HAND)
REASON_LIMIT = 300


@transaction.atomic
def ask_extension(
    *,
    case_id: UUID,
    reason: str,
    until: datetime,
    actor: Actor,
    now: datetime,
    version: int | None = None,
) -> Case:
    """Ask for another day while the promise still holds; until somebody decides, it stays.

    until: the new promise, later than the present one; how far and how often is set by the case's
    service level.
    Errors: BadInput (with the field), DomainError (too late, used up), Conflict (asked already),
    NotFound, NotAllowed, IllegalMove, StaleCase.
    Source: issue 2, extension of a deadline; 12345 practice: asked before the day, once, approved.
    """
    case = selectors.get_case(case_id, actor, lock=True)
    require_hand(case, actor)
    step = Step.begin(case, actor, now, version=version)
    step.only_from(*_AT_WORK)
    if not reason.strip() or actor.who is None:
        raise BadInput(_("写明为什么要延期，居民会看到。"), field="reason")
    if len(reason.strip()) > REASON_LIMIT:
        raise BadInput(_("写得太长了，最多 %(n)s 字。") % {"n": REASON_LIMIT}, field="reason")
    _check_waiting(case)
    _check_promise(case, now)
    _check_day(case, until)
    Extension.objects.create(
        case=case,
        reason=reason.strip(),
        old_due_at=case.resolve_due_at,
        new_due_at=until,
        asked_by=actor.who,
        asked_at=now,
    )
    case.extension_asked_at = now
    step.save("extension_asked_at")
    step.record(ExtensionAsked, new_due_at=until)
    return case


def _check_waiting(case: Case) -> None:
    if case.extension_asked_at is not None:
        raise Conflict(_("已经申请过延期，正在等审批。"))
    if case.suspensions.filter(state="asked").exists():
        raise Conflict(_("挂起申请还在等审批，批了再看要不要延期。"))


def _check_promise(case: Case, now: datetime) -> None:
    level = case.service_level
    if now > case.resolve_due_at:
        raise DomainError(_("时限已经过了，不能再延期。抓紧办，并把情况告诉反映人。"))
    if level.extension_times == 0:
        raise DomainError(_("“%(name)s”的时限不能延期。") % {"name": level.name})
    used = case.extensions.filter(
        state=RequestState.APPROVED, asked_at__gte=case.clock_started_at
    ).count()
    if used >= level.extension_times:
        raise DomainError(
            _("这件已经延期 %(n)s 次，按“%(name)s”不能再延。") % {"n": used, "name": level.name}
        )


def _check_day(case: Case, until: datetime) -> None:
    first = case.first_resolve_due_at or case.resolve_due_at
    latest = first + timedelta(days=case.service_level.extension_days)
    if until <= case.resolve_due_at:
        raise BadInput(_("选一个比现在的时限更晚的日子。"), field="until")
    if until > latest and clock.local(until).date() > clock.local(latest).date():
        raise BadInput(
            _("最多延到 %(month)s 月 %(day)s 日：从最初的时限起，一共不超过 %(n)s 天。")
            % {
                "month": clock.local(latest).month,
                "day": clock.local(latest).day,
                "n": case.service_level.extension_days,
            },
            field="until",
        )


@transaction.atomic
def decide_extension(
    *, case_id: UUID, is_approved: bool, note: str, actor: Actor, now: datetime
) -> Case:
    """Agree to another day or not; never whoever asked.

    The first promise is kept beside the new one, so that the figures can show both.
    Errors: NotFound, NotAllowed, BadInput (refused without a word), DomainError (nothing asked;
    own request; its day is over).
    """
    step = begin(case_id, "cases.approve", actor, now)
    request = _asked(step.case)
    if is_own(request.asked_by, actor):
        raise DomainError(_("自己申请的延期要由别人审批。"))
    if not is_approved and not note.strip():
        raise BadInput(_("写一句为什么不同意，承办人要看。"), field="note")
    if is_approved and request.new_due_at <= now:
        raise DomainError(_("申请延到的日子已经过了，只能不同意，让承办人重新申请。"))
    state = RequestState.APPROVED if is_approved else RequestState.REFUSED
    _settle(request, state, actor, now, note.strip()[:REASON_LIMIT])
    step.case.extension_asked_at = None
    if is_approved:
        _extend(step, request)
    else:
        entry = step.write(EntryKind.NOTE, note, audience=Audience.STAFF)
        step.save("extension_asked_at")
        step.record(ExtensionRefused, entry=entry)
    return step.case


def _asked(case: Case) -> Extension:
    request = case.extensions.filter(state=RequestState.ASKED).first()
    if request is None:
        raise DomainError(_("没有等待审批的延期申请。"))
    return request


def _settle(
    request: Extension, state: RequestState, actor: Actor, now: datetime, note: str = ""
) -> None:
    request.state, request.decision_note = state, note
    request.decided_by, request.decided_at = actor.who, now
    request.save(update_fields=["state", "decision_note", "decided_by", "decided_at"])


def _extend(step: Step, request: Extension) -> None:
    case, old_due_at = step.case, step.case.resolve_due_at
    case.first_resolve_due_at = case.first_resolve_due_at or old_due_at
    case.resolve_due_at = max(request.new_due_at, old_due_at)
    case.lateness = 0
    entry = step.write(EntryKind.EXTEND, request.reason)
    step.set_clock()
    step.save("extension_asked_at", "first_resolve_due_at", "resolve_due_at")
    step.record(
        CaseExtended,
        entry=entry,
        resolve_due_at=case.resolve_due_at,
        old_due_at=old_due_at,
        first_due_at=case.first_resolve_due_at,
    )
