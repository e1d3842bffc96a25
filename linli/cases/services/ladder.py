"""Up the ladder and from above: escalate by hand, supervise, decide whose a returned case is."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from linli.cases import selectors
from linli.cases.events import CaseEscalated, CaseSupervised
from linli.cases.models import Audience, Case, EndReason, Entry, EntryKind
from linli.cases.selectors.arbitrations import open_of_case
from linli.cases.services._ground import Step
from linli.cases.services.assigning import put_into_hands, route_upwards
from linli.cases.services.desk import begin, require_hand, words
from linli.cases.states import OPEN
from linli.kernel.actor import Actor
from linli.kernel.errors import DomainError
from linli.posts.selectors import Route


@transaction.atomic
def escalate_case(
    *, case_id: UUID, text: str, actor: Actor, now: datetime, version: int | None = None
) -> Case:
    """Send a case one rung up by hand, into the hands of the post there; the lower rung keeps
    watching.

    Errors: BadInput (no reason), DomainError at the top of the ladder, NotFound, NotAllowed,
    IllegalMove.
    Source: S2 2.9, S3 3.3, S4 4.9.
    """
    case = selectors.get_case(case_id, actor, lock=True)
    require_hand(case, actor)
    step = Step.begin(case, actor, now, version=version)
    step.only_from(*OPEN)
    entry = words(step, EntryKind.NOTE, text, Audience.STAFF)
    raise_one_rung(step, entry=entry, end_reason=EndReason.ESCALATED)
    return case


def raise_one_rung(step: Step, *, entry: Entry | None = None, end_reason: str) -> None:
    """Put a case into the hands of the rung above. Errors: DomainError at the top of the ladder."""
    route = route_upwards(step.case, step.now)
    if route is None:
        raise DomainError(_("已经在最高一级，没有可以上报的岗位。"))
    from_level, step.case.level = step.case.level, route.level
    put_into_hands(step, route, end_reason=end_reason)
    step.record(
        CaseEscalated,
        entry=entry,
        from_level=from_level,
        to_level=route.level,
        is_automatic=False,
    )


@transaction.atomic
def supervise_case(*, case_id: UUID, text: str, actor: Actor, now: datetime) -> Case:
    """Put a case under a higher level's watch (督办): handler and desk are told, the case is
    marked.

    Errors: BadInput, NotFound, NotAllowed.
    Source: issue, supervision by a higher level; glossary 督办.
    """
    step = begin(case_id, "cases.supervise", actor, now)
    entry = words(step, EntryKind.SUPERVISE, text, Audience.STAFF)
    step.case.supervised_at = now
    step.save("supervised_at")
    step.record(CaseSupervised, entry=entry)
    return step.case


@transaction.atomic
def arbitrate_case(
    *,
    case_id: UUID,
    route: Route,
    text: str,
    actor: Actor,
    now: datetime,
    version: int | None = None,
) -> Case:
    """Decide whose a returned case is, with the reason on record. Errors: BadInput, NotFound,
    NotAllowed.

    Source: beyond.md 6, 不归我办单.
    """
    step = begin(case_id, "cases.arbitrate", actor, now, version)
    if not step.case.is_in_arbitration:
        raise DomainError(_("这件工单不在裁定中。"))
    if open_of_case(case_id) is not None:
        raise DomainError(_("这件已经报上级裁定，等答复；要自己定，先撤回那一份。"))
    words(step, EntryKind.NOTE, text, Audience.STAFF)
    put_into_hands(step, route)
    return step.case
