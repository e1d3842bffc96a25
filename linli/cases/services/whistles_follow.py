"""What follows for whistles from other events: blown by plan, ended with the case, a lead that is gone."""

import logging
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from linli.cases.models import Case
from linli.cases.selectors import whistles as selectors
from linli.cases.services import arbitrating, whistle_clock, whistle_ending
from linli.cases.services.whistling import Call, blow_whistle
from linli.cases.states import CaseState
from linli.kernel import tenancy
from linli.kernel.actor import Actor, system
from linli.kernel.errors import DomainError
from linli.kernel.models import EventRow

logger = logging.getLogger(__name__)


def _system() -> Actor:
    return system(tenancy.current_tenant_id())


def blow_by_plan(steps: Sequence[EventRow]) -> None:
    """Whistle where the plan of the category says that it goes by itself; a second time changes nothing.

    Source: S1 1.10, 业主吹哨、窗口报到.
    """
    plans = {code: plan for code, plan in selectors.whistle_plans().items() if plan.is_automatic}
    for event in steps:
        plan = plans.get(event.data["category_code"])
        if plan is not None and plan.lead_id is not None:
            _blow(event.subject_id, plan, event.happened_at)


def _blow(case_id: UUID, plan: selectors.Plan, now: datetime) -> None:
    case = Case.objects.filter(pk=case_id).first()
    # Whatever somebody has begun already, in whatever way, stays with them.
    is_untouched = case is not None and case.state == CaseState.REPORTED
    if not is_untouched or case.is_confidential or plan.lead_id is None:
        return
    if selectors.open_whistle_of(case_id) is not None:
        return
    call = Call(
        lead_id=plan.lead_id,
        assisting=plan.assisting,
        words=_("居民上报，按预案吹哨。先联系反映人，再到现场。"),
        limit_code=plan.limit_code,
    )
    try:
        blow_whistle(case_id=case_id, call=call, actor=_system(), now=now)
    except DomainError as refusal:
        # It stays an ordinary case at the desk.
        logger.warning("No whistle by itself on %s: %s", case_id, refusal.code)


def end_with_cases(steps: Sequence[EventRow]) -> None:
    """End the whistles and questions of cases that ended."""
    ids = [event.subject_id for event in steps]
    whistle_ending.end_with_cases(ids, actor=_system(), now=steps[-1].happened_at)
    arbitrating.end_with_cases(ids, actor=_system(), now=steps[-1].happened_at)


def look_for_lost_leads(event: EventRow) -> None:
    """Tell the desk whose open whistles have lost their lead."""
    whistle_clock.tell_lost_leads(event.subject_id, actor=_system(), now=event.happened_at)
