"""Who is told of a whistle's steps: the departments called, the desk that whistled, the rung above."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from linli.cases.events import ARBITRATION_STEPS, WHISTLE_STEPS
from linli.cases.models import Arbitration, Entry, Whistle, WhistlePart, WhistleState
from linli.kernel import clock, masking
from linli.kernel.models import EventRow
from linli.messages import services as messages
from linli.posts import selectors as posts

# Who is told of which step; the words are data of the messages room. "parts" are all that are called,
# "part" the one that it is about, "others" all but that one.
AUDIENCES: dict[str, tuple[str, ...]] = {
    "cases.whistle.blown": ("parts",),
    "cases.whistle.called": ("part",),
    "cases.whistle.lead_changed": ("lead_part", "assisting"),
    "cases.whistle.finished": ("lead_part",),
    "cases.whistle.extended": ("part",),
    "cases.whistle.due_soon": ("part",),
    "cases.whistle.late": ("part", "desk"),
    "cases.whistle.escalated": ("rung", "part"),
    "cases.whistle.lead_lost": ("desk",),
    "cases.whistle.closed": ("parts", "desk"),
    "cases.whistle.withdrawn": ("parts",),
    "cases.arbitration.asked": ("rung",),
    "cases.arbitration.answered": ("desk", "part"),
    "cases.arbitration.late": ("rung", "desk"),
}
TOLD = tuple(one for one in (*WHISTLE_STEPS, *ARBITRATION_STEPS) if one.name in AUDIENCES)
_STEPS = {"report": _("报到"), "arrive": _("到场"), "finish": _("办结")}


@dataclass(frozen=True, slots=True)
class _Step:
    """One step, with everything that is needed to tell of it."""

    event: EventRow
    whistle: Whistle | None
    arbitration: Arbitration | None
    parts: tuple[WhistlePart, ...]

    @property
    def now(self) -> datetime:
        return self.event.happened_at

    @property
    def case(self) -> Any:
        found = self.whistle or self.arbitration
        assert found is not None
        return found.case

    @property
    def part(self) -> WhistlePart | None:
        part_id = self.event.data.get("part_id")
        return next((one for one in self.parts if str(one.pk) == part_id), None)


def tell_steps(steps: Sequence[EventRow]) -> None:
    """Tell of several steps together; each recipient once per step, the event's id is the key."""
    tellings: list[messages.Telling] = []
    for event in steps:
        step = _load(event)
        if step is not None:
            for audience in AUDIENCES[event.name]:
                _RECIPIENTS[audience](step, tellings)
    messages.tell_all(tellings)


def _load(event: EventRow) -> _Step | None:
    part_id, whistle_id = event.data.get("part_id"), event.data.get("whistle_id")
    question = None
    if event.data.get("arbitration_id"):
        questions = Arbitration.objects.select_related(
            "case__community", "case__category", "clause"
        )
        question = questions.filter(pk=event.data["arbitration_id"]).first()
        if question is None:
            return None
    rows = Whistle.objects.select_related("case__community", "case__category")
    if whistle_id is None and part_id is not None:
        rows = rows.filter(parts=part_id)
    whistle = (
        rows.filter(**({"pk": whistle_id} if whistle_id else {})).first()
        if whistle_id or part_id
        else None
    )
    parts = WhistlePart.objects.filter(whistle=whistle) if whistle else WhistlePart.objects.none()
    if whistle is None and question is None:
        return None
    return _Step(
        event,
        whistle,
        question,
        tuple(parts.select_related("organisation").order_by("-is_lead", "id")),
    )


def _tell(
    step: _Step, tellings: list[messages.Telling], audience: str, mark: str, link: str, **to: Any
) -> None:
    case = step.case
    tellings.append(
        messages.Telling(
            event_name=step.event.name,
            audience=audience,
            key=f"{step.event.pk}:{mark}",
            facts={name: value for name, value in _facts(step).items() if value}
            | to.pop("facts", {}),
            link=link,
            subject_id=case.pk,
            area_path=case.area_path,
            is_urgent=case.is_urgent,
            now=step.now,
            **to,
        )
    )


def _to_part(step: _Step, part: WhistlePart, tellings: list[messages.Telling]) -> None:
    facts = {"due": _moment(part.due_at)} if part.due_at else {}
    facts["handler"] = part.organisation.name
    if part.task:
        facts["reason"] = part.task
    if not part.is_lead:
        facts |= _masked(step)
    _tell(
        step,
        tellings,
        "handler",
        f"part:{part.organisation_id}",
        f"/field/whistles/{part.pk}/",
        account_ids=posts.members_of(part.organisation_id, step.now),
        organisation_id=part.organisation_id,
        facts=facts,
    )


def _parts(step: _Step, tellings: list[messages.Telling]) -> None:
    for part in step.parts:
        _to_part(step, part, tellings)


def _part(step: _Step, tellings: list[messages.Telling]) -> None:
    if step.part is not None:
        _to_part(step, step.part, tellings)


def _lead_part(step: _Step, tellings: list[messages.Telling]) -> None:
    lead = next((one for one in step.parts if one.is_lead), None)
    if lead is not None and lead != step.part:
        _to_part(step, lead, tellings)


def _assisting(step: _Step, tellings: list[messages.Telling]) -> None:
    """Tell those who owe something still, the former lead among them, who leads now."""
    for part in step.parts:
        if not part.is_lead and part.due_at is not None:
            _tell(
                step, tellings, "lead", f"assisting:{part.organisation_id}",
                f"/field/whistles/{part.pk}/",
                account_ids=posts.members_of(part.organisation_id, step.now), facts=_masked(step),
            )  # fmt: skip


def _masked(step: _Step) -> dict[str, str]:
    """Return what the report is called for those who assist: without names and numbers."""
    return {"title": masking.mask_text(_facts(step)["title"])}


def _desk(step: _Step, tellings: list[messages.Telling]) -> None:
    accounts = posts.accounts_near("cases.dispatch", step.case.area_path, step.now)
    _tell(step, tellings, "desk", "desk", _desk_link(step), account_ids=accounts)


def _rung(step: _Step, tellings: list[messages.Telling]) -> None:
    """Tell whoever answers on the rung that the step names."""
    question = step.arbitration
    post_id = question.post_id if question else None
    if post_id is None:
        rung = posts.rung_at(
            level=step.event.data.get("to_level") or "subdistrict",
            area_path=step.case.area_path,
            estate_id=step.case.estate_id,
            now=step.now,
        )
        post_id = rung.post_id if rung else None
    accounts = posts.holders_of([post_id], step.now)[post_id] if post_id else []
    _tell(step, tellings, "lead", "rung", _desk_link(step), account_ids=accounts)


_RECIPIENTS: dict[str, Callable[[_Step, list[messages.Telling]], None]] = {
    "parts": _parts,
    "part": _part,
    "lead_part": _lead_part,
    "assisting": _assisting,
    "desk": _desk,
    "rung": _rung,
}


def _desk_link(step: _Step) -> str:
    if step.arbitration is not None:
        return f"/desk/arbitrations/{step.arbitration.pk}/"
    assert step.whistle is not None
    return f"/desk/whistles/{step.whistle.pk}/"


def _facts(step: _Step) -> dict[str, str]:
    """Return what the messages may say; of a confidential matter, no words of people."""
    case, part, question = step.case, step.part, step.arbitration
    hidden = case.is_confidential
    facts = {
        "number": case.number,
        "title": case.category.name if hidden else case.title,
        "place": "" if hidden else case.place_label,
        "category": case.category.name,
        "community": case.community.name,
        "phone": case.community.phone,
        "handler": part.organisation.name if part else _lead_name(step),
        "due": _moment(part.due_at) if part and part.due_at else "",
        "level": _level(step),
        "name": str(_STEPS.get(step.event.data.get("step") or "", "")),
    }
    if question is not None:
        facts |= {
            "rule": question.clause.title,
            "due": _moment(question.answer_due_at),
            "answer": f"{question.get_outcome_display()}。{question.answer}"
            if question.outcome
            else "",
            "reason": "" if hidden else question.text,
        }
    elif step.whistle is not None and not hidden:
        is_over = step.whistle.state != WhistleState.OPEN
        facts["reason"] = _ending(step) if is_over else step.whistle.words
    return facts


def _ending(step: _Step) -> str:
    entry_id = step.event.data.get("entry_id")
    entry = Entry.objects.filter(pk=entry_id).first() if entry_id else None
    return entry.text if entry else ""


def _lead_name(step: _Step) -> str:
    return next((one.organisation.name for one in step.parts if one.is_lead), "")


def _level(step: _Step) -> str:
    level = step.event.data.get("to_level") or step.event.data.get("level") or ""
    return str(posts.Level(level).label) if level else ""


def _moment(moment: datetime) -> str:
    local = clock.local(moment)
    return f"{local.month} 月 {local.day} 日（周{'一二三四五六日'[local.weekday()]}）{local:%H:%M}"
