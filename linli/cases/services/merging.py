"""Two reports of one thing: merged by a person, never by itself; undone by a person too."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from linli.cases import selectors
from linli.cases.events import CaseCorrected, CaseFollowed, CaseMerged
from linli.cases.models import Audience, Case, EndReason, EntryKind, Follower
from linli.cases.services._ground import Step, end_assignment, lock_all
from linli.cases.services.desk import begin
from linli.cases.states import CaseState
from linli.kernel.actor import Actor
from linli.kernel.errors import BadInput, DomainError


@transaction.atomic
def merge_case(
    *, case_id: UUID, into_id: UUID, actor: Actor, now: datetime, version: int | None = None
) -> Case:
    """Make a case part of another one; its reporter and followers follow that one from now on.

    Errors: NotFound, NotAllowed, BadInput (into itself, into an ended one, across communities),
    IllegalMove, StaleCase.
    """
    lock_all([case_id, into_id])
    step = begin(case_id, "cases.dispatch", actor, now, version)
    target = selectors.get_case(into_id, actor)
    _check(step.case, target)
    step.move(CaseState.MERGED)
    step.case.merged_into = target
    end_assignment(step.case, reason=EndReason.CLOSED, at=now)
    _hand_over_followers(step.case, target, now)
    step.set_clock()
    step.save("merged_into")
    step.record(CaseMerged, into_id=target.pk)
    kept = Step.begin(target, actor, now)
    kept.write(EntryKind.ORIGINAL, f"{step.case.number}：{step.case.text}", audience=Audience.STAFF)
    kept.save("follower_count")
    kept.record(CaseFollowed)
    return step.case


def _check(case: Case, target: Case) -> None:
    if case.pk == target.pk:
        raise BadInput(_("不能并入自己。"), field="into")
    if not target.is_open:
        raise BadInput(_("要并入的工单已经结束，选一件还在办的。"), field="into")
    if target.community_id != case.community_id:
        raise BadInput(_("只能并入同一个社区的工单。"), field="into")
    if target.is_confidential != case.is_confidential:
        raise BadInput(_("保密工单不能和普通工单并在一起。"), field="into")


def _hand_over_followers(case: Case, target: Case, now: datetime) -> None:
    """Let those who still wait wait for the target; who has left is not called back."""
    still = case.followers.filter(left_at=None).select_related("contact")
    rows = [Follower(contact=row.contact, key=row.key) for row in still]
    if case.reporter is not None and case.reporter_left_at is None:
        rows.append(
            Follower(contact=case.reporter, key=case.reporter.phone_hash or f"case:{case.pk.hex}")
        )
    known = set(target.followers.values_list("key", flat=True))
    fresh = {row.key: row for row in rows if row.key not in known}
    for row in fresh.values():
        row.case, row.merged_case, row.created_at = target, case, now
    Follower.objects.bulk_create(fresh.values())
    target.follower_count += len(fresh)


@transaction.atomic
def unmerge_case(*, case_id: UUID, actor: Actor, now: datetime) -> Case:
    """Undo a merge: the case stands on its own again, as accepted, with its own clock.

    Errors: NotFound, NotAllowed, DomainError (not merged).
    """
    found = selectors.get_case(case_id, actor)
    lock_all([case_id, *([found.merged_into_id] if found.merged_into_id else [])])
    step = begin(case_id, "cases.dispatch", actor, now)
    target = step.case.merged_into
    if target is None:
        raise DomainError(_("这件工单没有并入别的工单。"))
    gone, _rows = Follower.objects.filter(case=target, merged_case=step.case).delete()
    target.follower_count = max(0, target.follower_count - gone)
    target.save(update_fields=["follower_count"])
    _stand_alone(step)
    return step.case


def let_go(target: Case, actor: Actor, now: datetime) -> None:
    """Let what was merged into a case stand on its own again: its reporter takes theirs back, and
    nobody else's is dropped with it. The target is locked.
    """
    for case in lock_all(target.merged_cases.values_list("pk", flat=True)):
        _stand_alone(Step.begin(case, actor, now))


def _stand_alone(step: Step) -> None:
    step.move(CaseState.ACCEPTED)
    step.case.merged_into = None
    step.case.handler_post = step.case.handler_organisation = step.case.handler_account = None
    step.case.handler_reason = ""
    step.set_clock()
    step.save(
        "merged_into", "handler_post", "handler_organisation", "handler_account", "handler_reason"
    )
    step.record(CaseCorrected, changed="merge")
