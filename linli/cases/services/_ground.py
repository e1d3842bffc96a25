"""The ground under every step: lock the case, set its clock, write words, tell what happened."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID

from django.utils.translation import gettext as _

from linli.cases import rules
from linli.cases.errors import IllegalMove, StaleCase
from linli.cases.events import CaseEvent
from linli.cases.models import (
    Audience,
    Case,
    CaseSettings,
    Entry,
    EntryKind,
    Lateness,
    RequestState,
    SuspensionState,
)
from linli.cases.selectors.catalogue import get_settings
from linli.cases.states import OPEN, CaseState, check_move
from linli.clients import selectors as clients
from linli.kernel import calendar, clock, events
from linli.kernel.actor import Actor
from linli.kernel.worktime import Limit, Unit, due_at, shift

E = TypeVar("E", bound=CaseEvent)


# What every step may touch.
_TOUCHED = (
    "state", "version", "due_at", "check_at", "lateness", "responded_at", "is_in_arbitration",
)  # fmt: skip


@dataclass
class Step:
    """One step of one case: remembers the state before, and writes the rest at the end.

    Used as: `step = Step.begin(case, actor, now)`, change the case, `step.save("field", …)`,
    `step.record(CaseAccepted)`.
    """

    case: Case
    actor: Actor
    now: datetime
    old_state: str
    settings: CaseSettings

    @classmethod
    def begin(
        cls, case: Case, actor: Actor, now: datetime, *, version: int | None = None
    ) -> "Step":
        """Start a step on a locked case.

        version: what the page saw; another version means somebody was faster.
        Errors: StaleCase.
        """
        if version is not None and version != case.version:
            raise StaleCase("这件工单刚刚有了新变化。请看一下最新情况，再决定怎么办。")
        return cls(case, actor, now, case.state, get_settings())

    def move(self, state: CaseState) -> None:
        """Change the state, as the table allows; a clock that stands still goes on first.

        Errors: IllegalMove.
        """
        check_move(self.case.state, state)
        if self.case.suspended_at is not None and state != CaseState.SUSPENDED:
            raise IllegalMove(_("这件工单正停表等待。先恢复办理，再办这一步。"))
        self.case.state = state
        if state not in OPEN:
            self.case.is_in_arbitration = False  # nobody asks any more whose it is

    def only_from(self, *states: CaseState) -> None:
        """Refuse what is for cases in other states only; what has ended is not reopened in passing.

        Errors: IllegalMove.
        """
        if self.case.state not in states:
            label = CaseState(self.case.state).label
            raise IllegalMove(_("“%(state)s”的工单不能这样办。") % {"state": label})

    def respond(self) -> None:
        """Note the first answer: the response promise is kept or missed from here."""
        if self.case.responded_at is None:
            self.case.responded_at = self.now
            self.case.lateness = Lateness.IN_TIME

    def set_clock(self) -> None:
        """Work out the running promise and the next look from the stored deadlines."""
        set_clock(self.case, self.settings, self.now)

    def write(
        self, kind: EntryKind, text: str, *, audience: Audience = Audience.REPORTER
    ) -> Entry | None:
        """Keep words on the timeline; nothing for no words."""
        if not text.strip():
            return None
        return Entry.objects.create(
            case=self.case,
            kind=kind,
            audience=audience,
            text=text.strip(),
            account_id=self.actor.account_id,
            created_at=self.now,
        )

    def save(self, *names: str) -> None:
        """Save what changed, with the state, the clock and the version that every step touches."""
        self.case.version += 1
        self.case.save(update_fields=sorted({*_TOUCHED, *names}))

    def record(self, kind: type[E], *, entry: Entry | None = None, **facts: Any) -> None:
        """Record what happened in the transaction of the change."""
        events.record(
            kind(
                **facts_of(self.case, old_state=self.old_state),
                entry_id=entry.pk if entry else None,
                **facts,
            ),
            actor=self.actor,
            at=self.now,
        )
        self.old_state = self.case.state


def is_own(asked_by: UUID, actor: Actor) -> bool:
    """Tell whether whoever decides is whoever asked: in person, or through a key that they made."""
    if asked_by == actor.who:
        return True
    return bool(clients.hands_of(asked_by) & clients.hands_of(actor.who))


def facts_of(case: Case, *, old_state: str) -> dict[str, Any]:
    """Return the facts that every event of a case carries."""
    return {
        "subject_id": case.pk,
        "area_path": case.area_path,
        "community_id": case.community_id,
        "category_code": case.category.code,
        "old_state": old_state,
        "new_state": str(case.state),
        "is_confidential": case.is_confidential,
    }


def clock_of(case: Case) -> rules.Clock:
    """Return what the rules need to know of a case's clock."""
    return rules.Clock(
        starts_at=case.clock_started_at,
        respond_due_at=case.respond_due_at,
        resolve_due_at=case.resolve_due_at,
        is_responded=case.responded_at is not None,
        lateness=case.lateness,
    )


def set_clock(case: Case, settings: CaseSettings, now: datetime) -> None:
    """Set `due_at` and `check_at` for the state the case is in; the caller saves."""
    if case.state == CaseState.SUSPENDED:
        case.due_at, case.check_at = None, case.suspended_until
    elif case.state in OPEN:
        clock = clock_of(case)
        case.due_at = rules.running_due_at(clock)
        case.check_at = rules.next_look_at(
            clock,
            percent=settings.amber_percent,
            escalate_after=timedelta(hours=settings.escalate_after_hours),
            looked_at=now,
        )
    elif case.state == CaseState.RESOLVED:
        case.due_at = None
        case.check_at = (case.resolved_at or now) + timedelta(days=settings.silence_days)
    elif case.state == CaseState.DECLINED and case.decline_review_on:
        looks_again_at = _opening(case.decline_review_on)
        case.due_at, case.check_at = None, looks_again_at if looks_again_at > now else None
    else:
        case.due_at, case.check_at = None, None


def _opening(day: date) -> datetime:
    return datetime.combine(day, calendar.load().hours.opens_at, tzinfo=clock.BEIJING)


def reset_promises(case: Case, start: datetime) -> None:
    """Work both promises out anew from a moment: a reopened case gets a fresh clock."""
    level, days = case.service_level, calendar.load()
    for name in ("respond", "resolve"):
        limit = Limit(getattr(level, f"{name}_amount"), Unit(getattr(level, f"{name}_unit")))
        setattr(case, f"{name}_due_at", due_at(start, limit, days))
    case.clock_started_at, case.first_resolve_due_at = start, None
    case.responded_at, case.lateness = None, Lateness.IN_TIME


# What changes when the promises are worked out anew.
PROMISED = ("clock_started_at", "respond_due_at", "resolve_due_at", "first_resolve_due_at")
# What changes when the clock of a suspended case goes on.
GOING_ON = ("suspended_at", "suspended_until", "extension_asked_at", *PROMISED)


def go_on(case: Case, now: datetime) -> None:
    """Let a clock that stood still go on, if it did: start and promises move by the time it stood.

    So whoever works a promise out again from its start need not know of the stop. A request that
    still waits has nothing to wait for any more. The caller saves GOING_ON.
    Source: house.md 4, suspension stops the clock.
    """
    if case.suspended_at is not None:
        _move_promises(case, now)
    case.suspended_at = case.suspended_until = None
    case.suspensions.filter(state__in=("asked", "approved")).update(
        state=SuspensionState.ENDED, ended_at=now
    )
    if case.extension_asked_at is not None:
        case.extension_asked_at = None
        case.extensions.filter(state=RequestState.ASKED).update(state=RequestState.ENDED)


def _move_promises(case: Case, now: datetime) -> None:
    started_at, level = case.clock_started_at, case.service_level
    for name, unit in (
        ("clock_started_at", level.resolve_unit),
        ("respond_due_at", level.respond_unit),
        ("resolve_due_at", level.resolve_unit),
        ("first_resolve_due_at", level.resolve_unit),
    ):
        moment = getattr(case, name)
        if moment is not None:
            setattr(case, name, _moved(case, moment, Unit(unit), now))
    unit = Unit(level.resolve_unit)
    case.clock_started_at = at_the_time_of(case.clock_started_at, started_at, unit)


def _moved(case: Case, moment: datetime, unit: Unit, now: datetime) -> datetime:
    stopped_at = case.suspended_at or now
    days = calendar.load()
    return shift(moment, stopped_at=stopped_at, resumed_at=now, unit=unit, calendar=days)


def at_the_time_of(moved: datetime, moment: datetime, unit: Unit) -> datetime:
    """Return the day of a moved start at its own hour: whole days end at closing, a start does not."""
    if moved == moment or unit in (Unit.HOUR, Unit.WORK_HOUR):
        return moved
    return datetime.combine(clock.local(moved).date(), clock.local(moment).timetz())


def kept_promises(case: Case) -> dict[str, Any]:
    """Return whether the case was solved in time, and in the time that was promised at first."""
    at, first = case.resolved_at, case.first_resolve_due_at
    return {
        "is_in_time": at is None or at <= case.resolve_due_at,
        "is_in_first_time": None if first is None else at is None or at <= first,
    }


def end_assignment(case: Case, *, reason: str, at: datetime) -> None:
    """End the open assignment of a case, if there is one."""
    case.assignments.filter(ended_at=None).update(ended_at=at, end_reason=reason)


def lock_all(case_ids: Iterable[UUID]) -> list[Case]:
    """Lock several cases in one order, so that two bulk actions never wait for each other in a
    ring.
    """
    return list(
        Case.objects.filter(pk__in=list(case_ids))
        .select_for_update(of=("self",))
        .select_related("category")
        .order_by("pk")
    )
