"""A whistle ends: taken back by the community, or with its case; what of its parts is open ends too."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from linli.cases.events import WhistleWithdrawn
from linli.cases.models import (
    ArbitrationState,
    Audience,
    EntryKind,
    PartState,
    Whistle,
    WhistlePart,
    WhistleState,
)
from linli.cases.selectors import whistles as selectors
from linli.cases.services import _whistle as ground
from linli.cases.services._ground import Step
from linli.cases.services.assigning import back_to_desk
from linli.kernel.actor import Actor, ActorKind
from linli.kernel.errors import BadInput


@transaction.atomic
def withdraw_whistle(*, whistle_id: UUID, reason: str, actor: Actor, now: datetime) -> Whistle:
    """Take a whistle back, with the reason; the case stays with the lead as an ordinary one.

    With a lead that was released by a ruling it does not stay: it is back at the desk.

    Errors: NotFound, NotAllowed, BadInput (no reason), DomainError (over already).
    """
    if not reason.strip():
        raise BadInput(_("写一句为什么撤哨，来的部门会看到。"), field="reason")
    step = lock_by_lead(whistle_id, actor, now, is_community=True)
    is_theirs = step.part.state != PartState.RELEASED
    end(step.whistle, WhistleState.WITHDRAWN, reason.strip(), actor, now)
    if not is_theirs:
        back_to_desk(Step.begin(step.case, actor, now))
    entry = ground.write(
        step.case, EntryKind.WHISTLE, reason.strip(), Audience.STAFF, actor=actor, now=now
    )
    ground.record(
        WhistleWithdrawn, step.whistle, actor=actor, now=now, entry=entry, is_with_case=False
    )
    return step.whistle


def end_with_cases(case_ids: Iterable[UUID], *, actor: Actor, now: datetime) -> int:
    """End the whistles of cases that ended otherwise: withdrawn by the reporter, merged, declined."""
    open_ones = Whistle.objects.filter(case_id__in=list(case_ids), state=WhistleState.OPEN)
    found = list(open_ones)
    for whistle in found:
        with transaction.atomic():
            case = ground.lock_case(whistle.case_id)
            locked = open_ones.select_for_update(of=("self",)).filter(pk=whistle.pk).first()
            if locked is None or case.is_open:
                continue
            end(locked, WhistleState.ENDED, "", actor, now)
            ground.record(WhistleWithdrawn, locked, actor=actor, now=now, is_with_case=True)
    return len(found)


def end(whistle: Whistle, state: WhistleState, words: str, actor: Actor, now: datetime) -> None:
    """End a locked whistle and whatever of its parts is open."""
    whistle.state, whistle.ended_at, whistle.ended_by = state, now, actor.who
    whistle.ending, whistle.version = words, whistle.version + 1
    whistle.save(update_fields=["state", "ended_at", "ended_by", "ending", "version"])
    whistle.parts.update(due_at=None, check_at=None)
    open_parts = whistle.parts.filter(state__in=(*ground.RUNNING, PartState.REFUSED))
    open_parts.update(state=PartState.ENDED)
    from_parts = whistle.case.arbitrations.filter(
        part_id__in=[one.pk for one in whistle.parts.all()], state=ArbitrationState.ASKED
    )
    from_parts.update(state=ArbitrationState.WITHDRAWN, due_at=None, check_at=None)


def lock_by_lead(
    whistle_id: UUID, actor: Actor, now: datetime, *, is_community: bool = False
) -> ground.PartStep:
    """Lock an open whistle by its lead part, for the community, or for the lead too."""
    selectors.get_whistle(whistle_id, actor)
    lead = WhistlePart.objects.get(whistle_id=whistle_id, is_lead=True)
    step = ground.PartStep.begin(lead.pk, actor, now)
    leads = not is_community and lead.organisation_id in actor.organisation_ids
    if not leads and actor.kind is not ActorKind.SYSTEM:
        actor.require(selectors.DUTY, step.whistle.area_path)
    return step
