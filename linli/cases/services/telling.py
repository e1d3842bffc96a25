"""Who is told of a step, in which facts: the reporter, the handler, the desk, the rung above."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from linli.cases.models import Audience, Case, Entry, Follower, Suspension
from linli.kernel import clock, secrets
from linli.kernel.models import EventRow, Tenant
from linli.kernel.worktime import human_duration
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


@dataclass(frozen=True, slots=True)
class _Step:
    """One step of one case, and everything that is needed to tell of it."""

    event: EventRow
    case: Case
    now: datetime
    told: set[UUID] = field(default_factory=set)  # whoever is two things here hears it as the first

    @property
    def data(self) -> dict[str, Any]:
        return dict(self.event.data)


def tell_step(event: EventRow) -> None:
    """Tell everybody concerned of a step, once; the event's id is the key.

    Source: issue story 4, everybody concerned is told once.
    """
    if event.name not in AUDIENCES:
        return
    case = _load(event.subject_id)
    if case is None:
        return
    step = _Step(event, case, event.happened_at)
    for audience in AUDIENCES[event.name]:
        _RECIPIENTS[audience](step)


def _load(case_id: UUID) -> Case | None:
    rows = Case.objects.select_related(
        "category", "community", "handler_post", "handler_organisation"
    )
    return rows.filter(pk=case_id).first()


def _tell(step: _Step, audience: str, link: str, **recipients: Any) -> None:
    # A subscriber may run twice and long after: the key tells once, the event's moment is the
    # time told.
    messages.tell(
        event_name=step.event.name,
        audience=audience,
        key=f"{step.event.pk}:{audience}",
        facts=_facts(step),
        link=link,
        subject_id=step.case.pk,
        area_path=step.case.area_path,
        is_urgent=step.case.is_urgent and audience in ("handler", "desk"),
        now=step.now,
        **recipients,
    )


def _tell_reporter(step: _Step) -> None:
    if step.event.name == "cases.case.closed" and not step.data.get("is_rated"):
        return
    link = f"/c/{token_of(step.case)}/"
    if step.case.reporter_id:
        _tell(step, "reporter", link, contact_id=step.case.reporter_id)
    if step.event.name in _FOR_FOLLOWERS:
        followers = step.case.followers.exclude(contact=None).select_related("merged_case")
        for follower in followers:
            _tell(step, "reporter", _own_link(follower), contact_id=follower.contact_id)


def _own_link(follower: Follower) -> str:
    """Return the link of the case that a follower reported themselves, or "".

    Whoever only met the same thing gets nobody's secret: with it one rates, withdraws and reads.
    """
    own = follower.merged_case
    is_theirs = own is not None and own.reporter_id == follower.contact_id
    return f"/c/{token_of(own)}/" if own is not None and is_theirs else ""


def _tell_staff(step: _Step, audience: str, link: str, accounts: list[UUID], **more: Any) -> None:
    fresh = [one for one in accounts if one not in step.told]
    step.told.update(fresh)
    _tell(step, audience, link, account_ids=fresh, **more)


def _tell_handler(step: _Step) -> None:
    accounts = handlers_of(step.case, step.now)
    organisation_id = step.case.handler_organisation_id
    if not accounts and not organisation_id:
        return
    # Whoever has it in hand is on the way, with a phone.
    link = f"/field/cases/{step.case.pk}/"
    _tell_staff(step, "handler", link, accounts, organisation_id=organisation_id)


def _tell_desk(step: _Step) -> None:
    duty = "cases.confidential" if step.case.is_confidential else "cases.dispatch"
    accounts = posts.accounts_with(duty, step.case.area_path, step.now)
    _tell_staff(step, "desk", _staff_link(step.case), accounts)


def _tell_lead(step: _Step) -> None:
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


_RECIPIENTS: dict[str, Callable[[_Step], None]] = {
    "reporter": _tell_reporter,
    "handler": _tell_handler,
    "desk": _tell_desk,
    "lead": _tell_lead,
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
    code = Tenant.objects.values_list("code", flat=True).get(pk=case.tenant_id)
    return secrets.case_token(code, case.pk, case.link_version)


def _facts(step: _Step) -> dict[str, str]:
    case, data = step.case, step.data
    due_at = case.due_at
    facts = {
        "number": case.number,
        # A confidential matter is not spelled out in a message.
        "title": case.category.name if case.is_confidential else case.title,
        "place": "" if case.is_confidential else case.place_label,
        "category": case.category.name,
        "community": case.community.name,
        "phone": case.community.phone,
        "due": _moment(due_at) if due_at else "",
        "left": human_duration(due_at - step.now) if due_at and due_at > step.now else "",
        "handler": _hands(case),
        "level": str(posts.Level(data.get("to_level") or data.get("level") or case.level).label),
        "rating": _rating(data),
        **_decline(case),
        **_words(step),
    }
    if case.is_confidential:
        facts |= {name: _("点开查看") for name in _SPELLED_OUT if facts.get(name)}
    return {name: value for name, value in facts.items() if value}


# What people wrote; of a confidential matter it stays behind the link.
_SPELLED_OUT = ("reason", "answer", "rule", "alternative")


def _moment(moment: datetime) -> str:
    local = clock.local(moment)
    return f"{local.month} 月 {local.day} 日（周{'一二三四五六日'[local.weekday()]}）{local:%H:%M}"


def _hands(case: Case) -> str:
    hands = case.handler_post or case.handler_organisation
    return hands.name if hands else ""


def _decline(case: Case) -> dict[str, str]:
    review_on = case.decline_review_on
    return {
        "rule": case.decline_rule,
        "alternative": case.decline_alternative,
        "review_on": f"{review_on.month} 月 {review_on.day} 日" if review_on else "",
        "into_number": case.merged_into.number if case.merged_into else "",
    }


def _rating(data: dict[str, Any]) -> str:
    if data.get("is_solved") is None:
        return ""
    solved = "已解决" if data["is_solved"] else "没有解决"
    word = {1: "不满意", 2: "一般", 3: "满意"}.get(data.get("satisfaction") or 0, "")
    return f"{solved}，{word}" if word else solved


def _words(step: _Step) -> dict[str, str]:
    """Return the words of the step's entry as the fact they are: the reason, or the answer."""
    facts: dict[str, str] = {}
    entry_id = step.data.get("entry_id")
    entry = Entry.objects.filter(pk=entry_id).first() if entry_id else None
    if entry is not None:
        is_answer = step.event.name in ("cases.case.answered", "cases.case.resolved")
        if is_answer and entry.audience == Audience.REPORTER:
            facts["answer"] = entry.text
        else:
            facts["reason"] = entry.text
    if step.event.name == "cases.case.suspension_asked":
        asked = Suspension.objects.filter(case=step.case, state="asked").first()
        if asked is not None:
            facts |= {"reason": asked.reason, "until": _moment(asked.until)}
    elif step.event.name == "cases.case.extension_asked":
        extension = step.case.extensions.filter(asked_at=step.event.happened_at).first()
        if extension is not None:
            facts |= {"reason": extension.reason, "until": _moment(extension.new_due_at)}
    elif step.case.suspended_until:
        facts["until"] = _moment(step.case.suspended_until)
    return facts
