"""What happens to a case by the clock: amber, red, up the ladder, resumed, closed by silence.
Each once.
"""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from linli.cases import rules
from linli.cases.events import (
    CaseDueSoon,
    CaseEscalated,
    CaseLate,
    CaseReviewDue,
    DeadlinesMoved,
)
from linli.cases.models import Case, Lateness
from linli.cases.services._ground import PROMISED, Step, clock_of
from linli.cases.services.assigning import route_upwards
from linli.cases.services.closing import close_by_silence
from linli.cases.services.handling import resume
from linli.cases.services.intake import promises_of
from linli.cases.states import OPEN, CaseState
from linli.kernel import jobs, tenancy
from linli.kernel.actor import system

BATCH = 200
LOOKS = 50  # a look may tell people: half a second, while new reports wait for the worker


def check_due_cases(now: datetime, *, limit: int = LOOKS) -> int:
    """Look at the cases whose next look is due, oldest first; return how many were looked at.

    Each in its own transaction, so that one bad case stops nobody else: it is logged. Two workers do nothing
    twice: the row is locked, and its `check_at` compared, before anything happens.
    """
    due = Case.objects.filter(check_at__lte=now).order_by("check_at")
    ids = list(due.values_list("pk", flat=True)[:limit])
    return jobs.for_each(ids, lambda case_id: check_case(case_id=case_id, now=now))


@transaction.atomic
def check_case(*, case_id: UUID, now: datetime) -> bool:
    """Do what the clock asks of one case; return whether anything was due."""
    rows = Case.objects.select_for_update(of=("self",)).select_related("category", "service_level")
    case = rows.filter(pk=case_id, check_at__lte=now).first()
    if case is None:
        return False
    step = Step.begin(case, system(tenancy.current_tenant_id()), now)
    if case.state == CaseState.SUSPENDED:
        resume(step)
    elif case.state == CaseState.RESOLVED:
        close_by_silence(step)
    elif case.state in OPEN:
        _show_lateness(step)
    elif case.state == CaseState.DECLINED:
        _look_again(step)
    else:
        step.set_clock()
        step.save()
    return True


def _look_again(step: Step) -> None:
    """Bring a declined case back to the desk on its day; whether it can be done now, people decide.

    Source: beyond.md 17, a no comes with the day of its review.
    """
    step.set_clock()
    step.case.review_due_at = step.now
    step.save("review_due_at")
    step.record(CaseReviewDue)


def _show_lateness(step: Step) -> None:
    """Raise the case to the lateness of this moment; after a long stop each thing is told once."""
    case, old, from_level = step.case, step.case.lateness, step.case.level
    due_at, is_response = rules.running_due_at(clock_of(case)), case.responded_at is None
    case.lateness = rules.lateness_at(clock_of(case), step.now, percent=step.settings.amber_percent)
    step.set_clock()
    is_up_again = old == Lateness.ESCALATED  # the pause on this rung is over
    is_overdue = case.check_at is not None and case.check_at <= step.now
    if is_up_again or (case.lateness >= Lateness.LATE and is_overdue):
        _go_up(step)
    step.save("level")
    if old < Lateness.DUE_SOON == case.lateness:
        step.record(CaseDueSoon, due_at=due_at, is_response=is_response)
    if old < Lateness.LATE <= case.lateness:
        step.record(CaseLate, due_at=due_at, is_response=is_response)
    if case.level != from_level:
        step.record(CaseEscalated, from_level=from_level, to_level=case.level, is_automatic=True)


def _go_up(step: Step) -> None:
    """Show the case to the rung above, which watches from now on; the hands stay the same.

    Source: house.md 4, nobody drops out; S3 3.3, reported upward and kept under watch.
    """
    route = route_upwards(step.case, step.now)
    step.case.lateness = Lateness.ESCALATED
    step.set_clock()
    if route is None:
        step.case.check_at = None  # the top of the ladder: nobody is left to tell
    else:
        step.case.level = route.level


@transaction.atomic
def move_deadlines(*, case_id: UUID, now: datetime) -> bool:
    """Work an open case's promises out again after the calendar changed; return whether they moved.

    A promise that was already kept or missed stays what it was.
    """
    rows = Case.objects.select_for_update(of=("self",)).select_related("category", "service_level")
    case = rows.filter(pk=case_id, state__in=OPEN).exclude(state=CaseState.SUSPENDED).first()
    if case is None:
        return False
    before = [getattr(case, name) for name in PROMISED]
    _work_out_again(case, now)
    if [getattr(case, name) for name in PROMISED] == before:
        return False
    step = Step.begin(case, system(tenancy.current_tenant_id()), now)
    step.set_clock()
    step.save(*PROMISED)
    step.record(
        DeadlinesMoved, respond_due_at=case.respond_due_at, resolve_due_at=case.resolve_due_at
    )
    return True


def _work_out_again(case: Case, now: datetime) -> None:
    promise = promises_of(case.service_level, case.clock_started_at)
    if case.responded_at is None and case.respond_due_at > now:
        case.respond_due_at = promise.respond.due_at
    if case.first_resolve_due_at is not None:
        # A day that two people agreed on stays; what was promised at first may move under it.
        if case.first_resolve_due_at > now:
            case.first_resolve_due_at = promise.resolve.due_at
            case.resolve_due_at = max(case.resolve_due_at, promise.resolve.due_at)
    elif case.resolve_due_at > now:
        case.resolve_due_at = promise.resolve.due_at


def open_case_ids(level_id: UUID | None = None, *, after: UUID | None = None) -> list[UUID]:
    """Return the next BATCH open cases for a change of calendar, or of one service level, by id."""
    # The index's own condition, so that history is no part of the walk.
    rows = Case.objects.filter(due_at__isnull=False)
    if level_id is not None:
        rows = rows.filter(service_level_id=level_id)
    if after is not None:
        rows = rows.filter(pk__gt=after)
    return list(rows.order_by("pk").values_list("pk", flat=True)[:BATCH])
