"""Into whose hands: by routing, by the desk, up the ladder. One place writes an assignment."""

from datetime import datetime
from uuid import UUID

from linli.cases.events import CaseAssigned
from linli.cases.models import Assignment, Case, DispatchMode, EndReason
from linli.cases.services._ground import Step, end_assignment
from linli.cases.services._whistle import refuse_while_whistled
from linli.cases.states import CaseState
from linli.kernel.actor import system
from linli.places.selectors import Where
from linli.posts import selectors as posts
from linli.posts.selectors import Route


def dispatch_by_itself(case: Case, *, where: Where, now: datetime) -> None:
    """Assign a new case at once where its category says so; otherwise it waits at the desk."""
    mode = case.category.dispatch_mode
    if mode == DispatchMode.DESK:
        return
    route = posts.route(category_code=case.category.code, where=where, now=now)
    if mode == DispatchMode.ROTATE:
        route = posts.rotated(route, open_counts=open_counts_of, now=now)
    if route.is_fallback:
        return  # the community's desk has it already
    put_into_hands(Step.begin(case, system(case.tenant_id), now), route, is_automatic=True)


def open_counts_of(post_ids: list[UUID]) -> dict[UUID, int]:
    """Return how many open cases each post has in hand."""
    counts = dict.fromkeys(post_ids, 0)
    rows = Case.objects.filter(handler_post_id__in=post_ids, due_at__isnull=False)
    for post_id in rows.values_list("handler_post_id", flat=True):
        counts[post_id] += 1
    return counts


def put_into_hands(
    step: Step, route: Route, *, is_automatic: bool = False, end_reason: str = EndReason.REASSIGNED
) -> None:
    """Put a case into the hands of a post or an organisation, and say why them.

    The state becomes assigned; what was in other hands before is ended with `end_reason`.
    """
    case = step.case
    refuse_while_whistled(case)
    end_assignment(case, reason=end_reason, at=step.now)
    step.move(CaseState.ASSIGNED)
    case.handler_post_id = route.post_id
    # In a post's hands it is that post's alone; in an organisation's, everybody's who acts for it.
    case.handler_organisation_id = None if route.post_id else route.organisation_id
    case.handler_account_id = None
    case.handler_reason = route.reason[:160]
    case.is_in_arbitration = False
    Assignment.objects.create(
        case=case,
        post_id=route.post_id,
        organisation_id=case.handler_organisation_id,
        reason=route.reason[:160],
        assigned_by=step.actor.account_id,
        assigned_at=step.now,
    )
    step.set_clock()
    step.save(
        "handler_post",
        "handler_organisation",
        "handler_account",
        "handler_reason",
        "level",
    )
    step.record(
        CaseAssigned,
        post_id=route.post_id,
        organisation_id=case.handler_organisation_id,
        is_automatic=is_automatic,
    )


def back_to_desk(step: Step) -> None:
    """Take a case out of hands that it does not belong to; it waits at the desk, accepted."""
    case = step.case
    step.move(CaseState.ACCEPTED)
    end_assignment(case, reason=EndReason.RETURNED, at=step.now)
    case.handler_post = case.handler_organisation = case.handler_account = None
    case.handler_reason = ""
    step.set_clock()
    step.save("handler_post", "handler_organisation", "handler_account", "handler_reason")


def route_upwards(case: Case, now: datetime) -> Route | None:
    """Return the next rung above the case's that has somebody; None at the top of the ladder."""
    return posts.rung_above(
        level=case.level, area_path=case.area_path, estate_id=case.estate_id, now=now
    )
