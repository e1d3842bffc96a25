"""What is said of a step when somebody is told: number, place, promise, reasons; plain facts."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from linli.cases.models import Audience, Case, Entry, Suspension
from linli.cases.selectors.progress import rating_ends_at
from linli.kernel import clock
from linli.kernel.models import EventRow
from linli.kernel.worktime import human_duration
from linli.messages import services as messages
from linli.posts import selectors as posts


class Desks:
    """Who sits at a desk: many steps of one minute ask the same."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, str, datetime], list[UUID]] = {}

    def of(self, duty: str, area_path: str, now: datetime) -> list[UUID]:
        """Return whoever holds a duty in a place's community, or above it where nobody does."""
        key = (duty, area_path, now.replace(second=0, microsecond=0))
        if key not in self._known:
            self._known[key] = posts.accounts_near(duty, area_path, now)
        return self._known[key]


@dataclass(slots=True)
class Step:
    """One step of one case, everything that is needed to tell of it, and what is to be told."""

    event: EventRow
    case: Case
    desks: Desks
    told: set[UUID] = field(default_factory=set)  # whoever is two things here hears it as the first
    tellings: list[messages.Telling] = field(default_factory=list)
    _facts: dict[str, str] | None = None

    @property
    def now(self) -> datetime:
        """Return the event's moment: a subscriber may run long after."""
        return self.event.happened_at

    @property
    def data(self) -> dict[str, Any]:
        """Return the facts of the event."""
        return dict(self.event.data)

    @property
    def facts(self) -> dict[str, str]:
        """Return what the messages may say, worked out once."""
        if self._facts is None:
            self._facts = facts_of(self)
        return self._facts


def facts_of(step: Step) -> dict[str, str]:
    """Return what the messages of a step may say; of a confidential matter, no words of people."""
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


def _words(step: Step) -> dict[str, str]:
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
    else:
        facts |= _until(step)
    return facts


def _until(step: Step) -> dict[str, str]:
    """Return until when the reporter may say whether it is solved, or the case stands still."""
    is_resolved = step.event.name == "cases.case.resolved"
    until = rating_ends_at(step.case) if is_resolved else step.case.suspended_until
    return {"until": _moment(until)} if until else {}
