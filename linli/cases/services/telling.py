"""Who is told of a step, in which facts: the reporter, the handler, the desk, the rung above."""

from collections.abc import Callable, Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from linli.cases.models import Case, Follower, Source
from linli.cases.selectors.access import FOLLOWER_LINK
from linli.cases.services.told import Desks, Step
from linli.kernel import secrets
from linli.kernel.memory import remember
from linli.kernel.models import EventRow, Tenant
from linli.messages import services as messages
from linli.posts import selectors as posts

# Who is told of which step; the words are data of the messages room.
AUDIENCES: dict[str, tuple[str, ...]] = {
    "cases.case.reported": ("desk", "reporter"),
    "cases.case.accepted": ("reporter",),
    "cases.case.corrected": ("handler",),
    "cases.case.assigned": ("handler", "reporter"),
    "cases.case.taken": ("reporter",),
    "cases.case.returned": ("desk",),
    "cases.case.answered": ("reporter",),
    "cases.case.resolved": ("reporter", "desk"),
    "cases.case.closed": ("reporter", "handler"),
    "cases.case.reopened": ("lead", "desk", "handler", "reporter"),
    "cases.case.declined": ("reporter",),
    "cases.case.review_due": ("desk",),
    "cases.case.followed": ("follower",),
    "cases.case.follower_rated": ("doubt",),
    "cases.case.merged": ("reporter", "handler"),
    "cases.case.urged": ("handler", "desk"),
    "cases.case.added": ("handler", "desk"),
    "cases.case.withdrawn": ("handler", "desk"),
    "cases.case.suspension_asked": ("lead",),
    "cases.case.suspended": ("reporter", "handler"),
    "cases.case.suspension_refused": ("handler",),
    "cases.case.resumed": ("reporter", "handler"),
    "cases.case.extension_asked": ("lead",),
    "cases.case.extended": ("reporter", "handler"),
    "cases.case.extension_refused": ("handler",),
    "cases.case.reviewed": ("reporter",),
    "cases.case.due_soon": ("handler", "desk"),
    "cases.case.late": ("handler", "desk", "lead", "reporter"),
    "cases.case.escalated": ("lead", "handler", "reporter"),
    "cases.case.supervised": ("handler", "desk"),
    "cases.case.deadlines_moved": ("reporter", "handler"),
}
# What waits for somebody who may approve.
_FOR_APPROVAL = ("cases.case.suspension_asked", "cases.case.extension_asked")
# What the people who follow with "me too" are told: how it ends.
_FOR_FOLLOWERS = ("cases.case.resolved", "cases.case.declined")


def tell_step(event: EventRow) -> None:
    """Tell everybody concerned of a step, once; the event's id is the key.

    Source: issue story 4, everybody concerned is told once.
    """
    tell_steps([event])


def tell_steps(steps: Sequence[EventRow]) -> None:
    """Tell of several steps together, in a few statements for all of them."""
    told = [event for event in steps if event.name in AUDIENCES]
    cases, desks = _load({event.subject_id for event in told}), Desks()
    tellings: list[messages.Telling] = []
    for event in told:
        if event.subject_id in cases:
            step = Step(event, cases[event.subject_id], desks)
            for audience in _audiences(step):
                _RECIPIENTS[audience](step)
            tellings += step.tellings
    messages.tell_all(tellings)


def _audiences(step: Step) -> tuple[str, ...]:
    """Return who is told; of what came in from an old mailbox by the thousand, only its handler."""
    name = step.event.name
    if step.case.source == Source.IMPORT:
        if name == "cases.case.reported":
            return ()
        if name == "cases.case.assigned" and step.data.get("is_automatic"):
            return ("handler",)
    return AUDIENCES[name]


def _load(case_ids: Collection[UUID]) -> dict[UUID, Case]:
    rows = Case.objects.select_related(
        "category", "community", "handler_post", "handler_organisation"
    )
    # Outlines are long, and no message draws a map.
    return rows.defer("community__polygon").in_bulk(case_ids) if case_ids else {}


def _tell(step: Step, audience: str, link: str, **recipients: Any) -> None:
    # A subscriber may run twice: the key tells once.
    step.tellings.append(
        messages.Telling(
            event_name=step.event.name,
            audience=audience,
            key=f"{step.event.pk}:{audience}",
            facts=step.facts,
            link=link,
            subject_id=step.case.pk,
            area_path=step.case.area_path,
            is_urgent=step.case.is_urgent and audience in ("handler", "desk"),
            now=step.now,
            **recipients,
        )
    )


def _tell_reporter(step: Step) -> None:
    if step.event.name == "cases.case.closed" and not step.data.get("is_rated"):
        return
    link = f"/c/{token_of(step.case)}/"
    if step.case.reporter_id and step.case.reporter_left_at is None:
        _tell(step, "reporter", link, contact_id=step.case.reporter_id)
    if step.event.name in _FOR_FOLLOWERS:
        rows = step.case.followers.filter(left_at=None).exclude(contact=None)
        for follower in rows.select_related("merged_case"):
            _tell(step, "reporter", _own_link(follower), contact_id=follower.contact_id)


def _own_link(follower: Follower) -> str:
    """Return the link of the case that a follower reported themselves, else the one of following.

    Nobody gets somebody else's secret: with it one rates, withdraws and reads.
    """
    own = follower.merged_case
    if own is None:
        return f"/f/{token_of_follower(follower)}/"
    is_theirs = own.reporter_id == follower.contact_id
    return f"/c/{token_of(own)}/" if is_theirs else ""


def _tell_follower(step: Step) -> None:
    """Send whoever begins to follow, and left a phone, the link that is theirs."""
    follower_id = step.data.get("follower_id")
    rows = Follower.objects.filter(pk=follower_id, left_at=None).exclude(contact=None)
    for follower in rows.select_related("merged_case"):
        _tell(step, "reporter", _own_link(follower), contact_id=follower.contact_id)


def _tell_doubt(step: Step) -> None:
    """Tell the desk when somebody who follows says that it is not solved."""
    if not step.data.get("is_solved") or step.data.get("satisfaction") == 1:
        _tell_desk(step)


def _tell_staff(step: Step, audience: str, link: str, accounts: list[UUID], **more: Any) -> None:
    fresh = [one for one in accounts if one not in step.told]
    step.told.update(fresh)
    _tell(step, audience, link, account_ids=fresh, **more)


def _tell_handler(step: Step) -> None:
    accounts = handlers_of(step.case, step.now)
    organisation_id = step.case.handler_organisation_id
    if not accounts and not organisation_id:
        return
    # Whoever has it in hand is on the way, with a phone.
    link = f"/field/cases/{step.case.pk}/"
    _tell_staff(step, "handler", link, accounts, organisation_id=organisation_id)


def _tell_desk(step: Step) -> None:
    duty = "cases.confidential" if step.case.is_confidential else "cases.dispatch"
    accounts = step.desks.of(duty, step.case.area_path, step.now)
    _tell_staff(step, "desk", _staff_link(step.case), accounts)


def _tell_lead(step: Step) -> None:
    """Tell the rung the case stands on now; of a request, those who may approve it; of a
    confidential case, those alone who may see it.
    """
    case = step.case
    if case.is_confidential:
        accounts = posts.accounts_with("cases.confidential", case.area_path, step.now)
    elif step.event.name in _FOR_APPROVAL:
        accounts = posts.accounts_with("cases.approve", case.area_path, step.now)
    else:
        rung = posts.rung_at(
            level=case.level, area_path=case.area_path, estate_id=case.estate_id, now=step.now
        )
        accounts = _holders(rung.post_id, step.now) if rung and rung.post_id else []
    _tell_staff(step, "lead", _staff_link(case), accounts)


_RECIPIENTS: dict[str, Callable[[Step], None]] = {
    "reporter": _tell_reporter,
    "handler": _tell_handler,
    "desk": _tell_desk,
    "lead": _tell_lead,
    "follower": _tell_follower,
    "doubt": _tell_doubt,
}


def handlers_of(case: Case, now: datetime) -> list[UUID]:
    """Return the accounts that have a case in hand: who took it, while they act there; else the
    post's holders or substitutes, else the organisation's people.
    """
    acting: list[UUID] = []
    if case.handler_post_id:
        acting = _holders(case.handler_post_id, now)
    elif case.handler_organisation_id:
        acting = posts.members_of(case.handler_organisation_id, now)
    taken_by = case.handler_account_id
    return [taken_by] if taken_by and (taken_by in acting or not acting) else acting


def _holders(post_id: UUID, now: datetime) -> list[UUID]:
    return list(posts.holders_of([post_id], now)[post_id])


def _staff_link(case: Case) -> str:
    return f"/desk/cases/{case.pk}/"


def token_of(case: Case) -> str:
    """Return the secret of a case's link; it stays the same until the link is replaced."""
    return secrets.case_token(_tenant_code(case.tenant_id), case.pk, case.link_version)


@remember
def _tenant_code(tenant_id: int) -> str:
    return Tenant.objects.values_list("code", flat=True).get(pk=tenant_id)


def token_of_follower(follower: Follower) -> str:
    """Return the secret of a follower's link."""
    code = _tenant_code(follower.tenant_id)
    return secrets.case_token(code, follower.pk, follower.link_version, kind=FOLLOWER_LINK)
