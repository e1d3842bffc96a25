"""The ground under every step of a whistle: lock case and part in one order, set clocks, tell."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID

from django.utils.translation import gettext as _

from linli.cases.events import WhistleEvent
from linli.cases.models import (
    Audience,
    Case,
    CaseSettings,
    Entry,
    EntryKind,
    Lateness,
    PartState,
    Whistle,
    WhistleLimit,
    WhistlePart,
    WhistleState,
)
from linli.cases.rules import whistle as rules
from linli.cases.selectors import whistles as selectors
from linli.cases.selectors.catalogue import get_settings
from linli.kernel import calendar, events
from linli.kernel.actor import Actor
from linli.kernel.errors import DomainError
from linli.kernel.worktime import Limit, Unit

E = TypeVar("E", bound=WhistleEvent)
# What still owes something.
RUNNING = (PartState.CALLED, PartState.REPORTED, PartState.ARRIVED)


@dataclass(slots=True)
class PartStep:
    """One step of one part; case, whistle and part are locked, in this order."""

    part: WhistlePart
    whistle: Whistle
    case: Case
    actor: Actor
    now: datetime
    settings: CaseSettings

    @classmethod
    def begin(cls, part_id: UUID, actor: Actor, now: datetime) -> "PartStep":
        """Lock a part that the actor may see. Errors: NotFound, DomainError (the whistle is over)."""
        seen = selectors.get_part(part_id, actor)
        case = lock_case(seen.whistle.case_id)
        rows = WhistlePart.objects.select_for_update(of=("self",)).select_related("organisation")
        part = rows.get(pk=part_id)
        whistle = Whistle.objects.select_for_update(of=("self",)).get(pk=part.whistle_id)
        require_open(whistle)
        return cls(part, whistle, case, actor, now, get_settings())

    def save(self, *names: str) -> None:
        """Set the clock and save the part."""
        set_clock(self.part, self.settings, self.now)
        self.part.version += 1
        touched = {"state", "due_at", "check_at", "lateness", "was_late", "version", *names}
        self.part.save(update_fields=sorted(touched))

    def write(self, kind: EntryKind, text: str, audience: Audience) -> Entry:
        """Keep words on the case's timeline."""
        return write(self.case, kind, text, audience, actor=self.actor, now=self.now)

    def record(self, kind: type[E], *, entry: Entry | None = None, **facts: Any) -> None:
        """Record what happened, in the transaction of the change."""
        facts = {"part_id": self.part.pk, "organisation_id": self.part.organisation_id} | facts
        record(kind, self.whistle, entry=entry, actor=self.actor, now=self.now, **facts)


def lock_case(case_id: UUID) -> Case:
    """Lock a case's row, whoever asks; who may is the caller's question."""
    rows = Case.objects.select_for_update(of=("self",))
    return rows.select_related("category", "service_level").get(pk=case_id)


def require_open(whistle: Whistle) -> None:
    """Refuse what is over. Errors: DomainError."""
    if whistle.state != WhistleState.OPEN:
        raise DomainError(
            _("这次吹哨已经结束（%(state)s）。") % {"state": whistle.get_state_display()}
        )


def refuse_while_whistled(case: Case) -> None:
    """Refuse what would take a case out of the lead's hands beside an open whistle. Errors: DomainError.

    A whistled case is always in an organisation's hands: all others cost no query.
    """
    if case.handler_organisation_id is not None and selectors.open_whistle_of(case.pk):
        raise DomainError(
            _("这件正在吹哨办理：由牵头单位在吹哨单里办结，要改派就在吹哨单里换牵头或撤哨。")
        )


def limits_of(limit: WhistleLimit) -> rules.Limits:
    """Return the three limits as the rules know them."""
    return rules.Limits(*(
        Limit(getattr(limit, f"{step}_amount"), Unit(getattr(limit, f"{step}_unit")))
        for step in rules.STEPS
    ))  # fmt: skip


def promise(part: WhistlePart, limit: WhistleLimit, start: datetime) -> None:
    """Set a part's three promises, counted from a moment; the caller saves."""
    due = rules.due_times(start, limits_of(limit), calendar.load())
    part.clock_started_at = start
    part.report_due_at, part.arrive_due_at, part.finish_due_at = due.report, due.arrive, due.finish


def owes(part: WhistlePart) -> bool:
    """Tell whether a part owes something still; a lead that is done owes the closing of the whole."""
    return part.state in RUNNING or (part.is_lead and part.state == PartState.DONE)


def step_of(part: WhistlePart) -> str:
    """Return which promise of a part runs now: report, arrive or finish."""
    if part.state == PartState.DONE:
        return "finish"
    return rules.running_step(
        is_reported=part.reported_at is not None, is_arrived=part.arrived_at is not None
    )


def set_clock(part: WhistlePart, settings: CaseSettings, now: datetime) -> None:
    """Set `due_at` and `check_at` for the state the part is in; the caller saves."""
    if not owes(part):
        part.due_at, part.check_at = None, None
        return
    due_at: datetime = getattr(part, f"{step_of(part)}_due_at")
    if part.due_at != due_at:
        part.lateness = Lateness.IN_TIME
    part.due_at = due_at
    clock = rules.clock_of(start=part.clock_started_at, due_at=due_at, lateness=part.lateness)
    part.check_at = rules.next_look_at(
        clock,
        percent=settings.amber_percent,
        escalate_after=timedelta(hours=settings.escalate_after_hours),
        looked_at=now,
    )


def write(
    case: Case, kind: EntryKind, text: str, audience: Audience, *, actor: Actor, now: datetime
) -> Entry:
    """Keep words on a case's timeline."""
    return Entry.objects.create(
        case=case, kind=kind, audience=audience, text=text, account_id=actor.account_id,
        created_at=now,
    )  # fmt: skip


def record(
    kind: type[E],
    whistle: Whistle,
    *,
    actor: Actor,
    now: datetime,
    entry: Entry | None = None,
    **facts: Any,
) -> None:
    """Record what happened to a whistle on its case's timeline."""
    event = kind(
        subject_id=whistle.case_id,
        area_path=whistle.area_path,
        community_id=whistle.community_id,
        whistle_id=whistle.pk,
        entry_id=entry.pk if entry else None,
        **facts,
    )
    events.record(event, actor=actor, at=now)
