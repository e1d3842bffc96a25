"""What does not count in the official rates: asked with a reason, decided by a second person."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from linli.cases import selectors
from linli.cases.events import CaseExcluded, CaseIncluded, ExclusionAsked, ExclusionRefused
from linli.cases.models import (
    Audience,
    Case,
    EntryKind,
    Exclusion,
    ExclusionReason,
    RequestState,
)
from linli.cases.selectors import followups
from linli.cases.selectors.offers import COUNTED
from linli.cases.services._ground import Step, is_own
from linli.cases.services.desk import begin
from linli.kernel.actor import Actor
from linli.kernel.errors import BadInput, Conflict, DomainError

TEXT_LIMIT = 300


@transaction.atomic
def ask_exclusion(
    *,
    case_id: UUID,
    reason: str,
    text: str,
    actor: Actor,
    now: datetime,
    version: int | None = None,
) -> Case:
    """Ask for a case to be left out of the official rates; the raw rates keep it either way.

    Errors: BadInput (no reason, no words), Conflict (asked or left out already), NotFound,
    NotAllowed, IllegalMove, StaleCase.
    Source: issue 3, step 3, excluded cases carry a reason and a second name.
    """
    case = selectors.get_case(case_id, actor, lock=True)
    if not actor.can("cases.follow_up", case.area_path):
        actor.require("cases.dispatch", case.area_path)
    step = Step.begin(case, actor, now, version=version)
    step.only_from(*COUNTED)
    if reason not in ExclusionReason.values:
        raise BadInput(_("选一个理由。"), field="reason")
    if not text.strip() or actor.who is None:
        raise BadInput(_("写清楚具体情况，审批和审计都要看。"), field="text")
    if len(text.strip()) > TEXT_LIMIT:
        raise BadInput(_("写得太长了，最多 %(n)s 字。") % {"n": TEXT_LIMIT}, field="text")
    if followups.exclusion_of(case) is not None:
        raise Conflict(_("这件已经申请过或已经不计入考核。"))
    Exclusion.objects.create(
        case=case, reason=reason, text=text.strip(), asked_by=actor.who, asked_at=now
    )
    entry = step.write(EntryKind.NOTE, text, audience=Audience.STAFF)
    step.save()
    step.record(ExclusionAsked, entry=entry, reason=reason)
    return case


@transaction.atomic
def decide_exclusion(
    *, case_id: UUID, is_approved: bool, note: str, actor: Actor, now: datetime
) -> Case:
    """Put the second name under it, or not; never whoever asked or handled the case.

    Errors: NotFound, NotAllowed, BadInput (refused without a word), DomainError.
    """
    step = begin(case_id, "cases.approve", actor, now)
    request = followups.exclusion_of(step.case)
    if request is None or request.state != RequestState.ASKED:
        raise DomainError(_("没有等待审批的申请。"))
    if is_own(request.asked_by, actor):
        raise DomainError(_("自己申请的要由别人审批。"))
    if followups.has_handled(step.case, actor):
        raise DomainError(_("这件自己经手过，要由没有办过的人来审批。"))
    if not is_approved and not note.strip():
        raise BadInput(_("写一句为什么不同意。"), field="note")
    request.state = RequestState.APPROVED if is_approved else RequestState.REFUSED
    request.decided_by, request.decided_at = actor.who, now
    request.decision_note = note.strip()[:TEXT_LIMIT]
    request.save(update_fields=["state", "decided_by", "decided_at", "decision_note"])
    entry = step.write(EntryKind.NOTE, note, audience=Audience.STAFF)
    step.case.is_excluded = is_approved
    step.save("is_excluded")
    step.record(
        CaseExcluded if is_approved else ExclusionRefused, entry=entry, reason=request.reason
    )
    return step.case


@transaction.atomic
def include_case(*, case_id: UUID, text: str, actor: Actor, now: datetime) -> Case:
    """Let an excluded case count again. Errors: BadInput, NotFound, NotAllowed, DomainError."""
    step = begin(case_id, "cases.approve", actor, now)
    request = followups.exclusion_of(step.case)
    if request is None or request.state != RequestState.APPROVED:
        raise DomainError(_("这件本来就计入考核。"))
    if not text.strip():
        raise BadInput(_("写一句为什么重新计入。"), field="text")
    request.state, request.ended_by, request.ended_at = RequestState.ENDED, actor.who, now
    request.save(update_fields=["state", "ended_by", "ended_at"])
    entry = step.write(EntryKind.NOTE, text, audience=Audience.STAFF)
    step.case.is_excluded = False
    step.save("is_excluded")
    step.record(CaseIncluded, entry=entry, reason=request.reason)
    return step.case
