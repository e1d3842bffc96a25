"""The community whistles: calls a lead and assisting organisations, calls more, changes the lead."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from linli.cases.events import LeadChanged, PartCalled, WhistleBlown
from linli.cases.models import (
    Audience,
    Case,
    EntryKind,
    PartState,
    Whistle,
    WhistleLimit,
    WhistlePart,
)
from linli.cases.selectors import arbitrations
from linli.cases.selectors import whistles as selectors
from linli.cases.selectors.access import get_case
from linli.cases.services import _whistle as ground
from linli.cases.services._ground import Step
from linli.cases.services.assigning import put_into_hands
from linli.cases.services.intake import Report, enter_case
from linli.cases.services.photos import Photos
from linli.cases.services.whistle_ending import lock_by_lead
from linli.cases.states import CaseState
from linli.kernel.actor import Actor
from linli.kernel.errors import BadInput, Conflict, DomainError
from linli.posts import selectors as posts

WORDS_LIMIT = 1000
MOST_PARTS = 12
_FROM = (CaseState.REPORTED, CaseState.ACCEPTED, CaseState.ASSIGNED, CaseState.IN_HAND)


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """Whom a whistle calls: one leads, the others assist; `tasks` says to each what is theirs."""

    lead_id: UUID
    assisting: tuple[UUID, ...] = ()
    words: str
    limit_code: str = ""
    tasks: dict[UUID, str] = field(default_factory=dict)


@transaction.atomic
def blow_whistle(
    *, case_id: UUID, call: Call, actor: Actor, now: datetime, version: int | None = None
) -> Whistle:
    """Call several organisations to one case; it goes into the lead's hands, and answers the reporter.

    Errors: NotFound, NotAllowed, BadInput (nobody leads, not of this place, no words), Conflict (one
    is open already), DomainError (confidential), IllegalMove, StaleCase.
    Source: S1 1.3, 社区吹哨、部门报到; beyond.md 7.
    """
    case = get_case(case_id, actor, lock=True)
    actor.require(selectors.DUTY, case.area_path)
    return _blow(Step.begin(case, actor, now, version=version), call)


def blow_on_new(
    *, report: Report, photos: Photos = (), call: Call, actor: Actor, now: datetime
) -> Whistle:
    """Whistle about something that nobody has reported: the case is made first, once per key.

    The same key again gives the whistle that was blown then. Errors: those of enter_case and
    blow_whistle.
    """
    actor.require(selectors.DUTY, report.where.area_path)
    _check(call)
    with transaction.atomic():
        case, is_new = enter_case(report=report, photos=photos, actor=actor, now=now)
        earlier = None if is_new else selectors.open_whistle_of(case.pk)
        return earlier or blow_whistle(case_id=case.pk, call=call, actor=actor, now=now)


def _blow(step: Step, call: Call) -> Whistle:
    _check(call)
    case = step.case
    if case.is_confidential:
        raise DomainError(_("保密的工单不能吹哨，只在保密的人之间办。"))
    step.only_from(*_FROM)
    _refuse_second(case)
    limit = selectors.limit_by_code(call.limit_code)
    route = posts.chosen(
        post_id=None, organisation_id=call.lead_id, area_path=case.area_path, by=step.actor.name
    )
    step.respond()
    step.case.level = route.level
    put_into_hands(step, route)
    whistle = _row(step, call, limit)
    parts = [
        _part(whistle, one, call.tasks.get(one, ""), limit, step, is_lead=one == call.lead_id)
        for one in _called(call, case.area_path)
    ]
    entry = ground.write(
        case, EntryKind.WHISTLE, _sentence(parts), Audience.REPORTER, actor=step.actor, now=step.now
    )
    ground.record(
        WhistleBlown, whistle, actor=step.actor, now=step.now, entry=entry,
        organisation_id=call.lead_id, assisting=len(parts) - 1,
    )  # fmt: skip
    return whistle


def _check(call: Call) -> None:
    if not call.words.strip():
        raise BadInput(_("写明要各部门来办什么，来的人先看这一段。"), field="brief")
    if len(call.words.strip()) > WORDS_LIMIT:
        raise BadInput(_("写得太长了，最多 %(n)s 字。") % {"n": WORDS_LIMIT}, field="brief")
    if len(set(call.assisting)) >= MOST_PARTS:
        raise BadInput(_("一次最多叫 %(n)s 家。") % {"n": MOST_PARTS}, field="assisting")


def _refuse_second(case: Case) -> None:
    if arbitrations.open_of_case(case.pk) is not None:
        # The answer from above may put it elsewhere, which nothing may do beside a whistle.
        raise Conflict(_("这件已经报上级裁定，等答复。要现在吹哨，先撤回裁定。"))
    earlier = selectors.open_whistle_of(case.pk)
    if earlier is not None:
        raise Conflict(
            _("这件已经吹过哨，正在办。要加部门，在那张吹哨单上“再叫一家”；要重来，先撤哨。")
        )


def _row(step: Step, call: Call, limit: WhistleLimit) -> Whistle:
    case = step.case
    whistle = Whistle(
        case=case, community_id=case.community_id, area_path=case.area_path,
        words=call.words.strip(), limit_name=limit.name, blown_by=step.actor.who,
        blown_at=step.now,
    )  # fmt: skip
    try:
        with transaction.atomic():
            whistle.save(force_insert=True)
    except IntegrityError:
        # Two at once: the case's row is locked, so only a second system can come here.
        raise Conflict(_("同事刚刚为这件吹过哨，看一下那一张。")) from None
    return whistle


def _called(call: Call, area_path: str) -> Iterable[UUID]:
    """Return whom a call names, the lead first, each once. Errors: BadInput (not of this place)."""
    named = dict.fromkeys([call.lead_id, *call.assisting])
    for one in named:
        posts.chosen(post_id=None, organisation_id=one, area_path=area_path, by="")
    return named


def _part(
    whistle: Whistle,
    organisation_id: UUID,
    task: str,
    limit: WhistleLimit,
    step: Step | ground.PartStep,
    *,
    is_lead: bool,
) -> WhistlePart:
    part = WhistlePart(
        whistle=whistle, organisation_id=organisation_id, is_lead=is_lead, task=task.strip()[:300],
        called_at=step.now,
    )  # fmt: skip
    ground.promise(part, limit, step.now)
    ground.set_clock(part, step.settings, step.now)
    part.save(force_insert=True)
    return part


def _sentence(parts: list[WhistlePart]) -> str:
    names = posts.organisation_names(part.organisation_id for part in parts)
    lead = next(names[part.organisation_id] for part in parts if part.is_lead)
    others = "、".join(names[part.organisation_id] for part in parts if not part.is_lead)
    if not others:
        return _("%(lead)s到现场办。") % {"lead": lead}
    return _("%(lead)s牵头，%(others)s一起办。") % {"lead": lead, "others": others}


@transaction.atomic
def call_more(
    *, whistle_id: UUID, organisation_id: UUID, task: str = "", actor: Actor, now: datetime
) -> WhistlePart:
    """Call one more organisation to a whistle that is open; by the community or the lead.

    Errors: NotFound, NotAllowed, BadInput (not of this place), Conflict (called already), DomainError.
    Source: S1 1.10, what the window can't settle goes to the property committee.
    """
    step = lock_by_lead(whistle_id, actor, now)
    if len(selectors.parts_of(whistle_id)) >= MOST_PARTS:
        raise DomainError(_("一次最多叫 %(n)s 家。") % {"n": MOST_PARTS})
    posts.chosen(
        post_id=None, organisation_id=organisation_id, area_path=step.case.area_path, by=""
    )
    if step.whistle.parts.filter(organisation_id=organisation_id).exists():
        raise Conflict(_("这一家已经叫过了。"))
    limit = selectors.limit_of(step.whistle)
    part = _part(step.whistle, organisation_id, task, limit, step, is_lead=False)
    ground.record(
        PartCalled, step.whistle, actor=actor, now=now, part_id=part.pk,
        organisation_id=organisation_id,
    )  # fmt: skip
    return part


@transaction.atomic
def change_lead(*, whistle_id: UUID, organisation_id: UUID, actor: Actor, now: datetime) -> Whistle:
    """Let another organisation lead: the old one was ended, was released, or goes on assisting.

    Errors: NotFound, NotAllowed, BadInput (not of this place), Conflict (it leads already).
    """
    step = lock_by_lead(whistle_id, actor, now, is_community=True)
    parts = {part.organisation_id: part for part in selectors.parts_of(whistle_id)}
    old = next(part for part in parts.values() if part.is_lead)
    if old.organisation_id == organisation_id:
        raise Conflict(_("现在就是这一家牵头。"))
    if step.case.state == CaseState.SUSPENDED:
        raise DomainError(_("这件正挂起，先恢复再换牵头。"))
    route = posts.chosen(
        post_id=None, organisation_id=organisation_id, area_path=step.case.area_path, by=actor.name
    )
    old.is_lead = False
    ground.set_clock(old, step.settings, now)
    old.save(update_fields=["is_lead", "due_at", "check_at", "lateness"])
    new = parts.get(organisation_id)
    if new is None:
        limit = selectors.limit_of(step.whistle)
        _part(step.whistle, organisation_id, "", limit, step, is_lead=True)
    else:
        _promote(new, step)
    # It is the whistle itself that hands over: nobody else may while it is open.
    step.case.handler_organisation_id = None
    put_into_hands(Step.begin(step.case, actor, now), route)
    ground.record(LeadChanged, step.whistle, actor=actor, now=now, organisation_id=organisation_id)
    return step.whistle


def _promote(part: WhistlePart, step: ground.PartStep) -> None:
    """Let a part that was called already lead; one that was out of it is called anew."""
    part.is_lead = True
    if part.state in (PartState.RELEASED, PartState.MISSING, PartState.ENDED):
        part.state, part.called_at = PartState.CALLED, step.now
        part.reported_at = part.arrived_at = part.finished_at = None
        part.reported_by = part.arrived_by = part.finished_by = None
        ground.promise(part, selectors.limit_of(step.whistle), step.now)
        part.due_at = None
    # One that had finished owes the closing now.
    ground.set_clock(part, step.settings, step.now)
    part.save()
