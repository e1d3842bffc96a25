"""What somebody has in hand, as the field's pages show it: late first, each with why it is theirs."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from linli.cases.models import Case, Lateness, Whistle, WhistleState
from linli.cases.states import CaseState
from linli.kernel.actor import Actor

# More than one person can have in mind; the rest is in the list of all.
MOST = 100
RESTING_MOST = 20
# Where no promise runs, but something is still to come.
_RESTING = (CaseState.SUSPENDED, CaseState.RESOLVED)
_SHOWN = ("category", "handler_account")


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """A case as a card: what, where, by when, and why it is mine."""

    id: UUID
    number: str
    title: str
    category: str
    place: str
    state: str
    state_label: str
    why: str
    due_at: datetime | None
    tone: str  # "", soon, late
    is_urgent: bool
    is_stopped: bool
    is_new: bool  # nobody has taken it yet
    version: int
    source_label: str
    who: str  # the colleague who has it
    reopen_count: int
    urge_count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class InHand:
    """Everything in the hands of somebody's posts and organisations, by what it asks of them."""

    waiting: list[Task]  # assigned, taken by nobody
    mine: list[Task]
    others: list[Task]  # a colleague of the same post or organisation has it
    resolved: list[Task]  # the reporter has not said yet

    @property
    def late_count(self) -> int:
        """How many of mine and of those that wait are late."""
        return sum(task.tone == "late" for task in (*self.waiting, *self.mine))


def in_hand(actor: Actor, now: datetime) -> InHand:
    """Return what is in the hands of the actor's posts and organisations, late first.

    A case that they were whistled to is not among it: the whistle's own card says what comes next.

    Source: house.md 4, the person at the other end; beyond.md, why it came to me.
    """
    # The indexes' own condition, so that history is no part of the walk.
    running = _of_hands(actor).filter(due_at__isnull=False).order_by("due_at", "id")[:MOST]
    resting = _of_hands(actor).filter(state__in=_RESTING, check_at__isnull=False)
    waiting, mine, others, resolved = [], [], [], []
    for case in [*running, *resting.order_by("-id")[:RESTING_MOST]]:
        if case.state == CaseState.RESOLVED:
            resolved.append(task_of(case, now))
        elif case.state == CaseState.ASSIGNED and case.handler_account_id is None:
            waiting.append(task_of(case, now))
        elif case.handler_account_id in (None, actor.account_id):
            mine.append(task_of(case, now))
        else:
            others.append(task_of(case, now))
    return InHand(waiting=waiting, mine=mine, others=others, resolved=resolved)


def waiting_count(actor: Actor) -> int:
    """Return how many cases wait for somebody of the actor's posts to take them."""
    if not actor.post_ids and not actor.organisation_ids:
        return 0
    rows = Case.objects.filter(_mine(actor), due_at__isnull=False)
    if actor.organisation_ids:
        rows = rows.exclude(_whistled(actor))
    return rows.filter(state=CaseState.ASSIGNED, handler_account=None).count()


def tasks_of(cases: Iterable[Case], now: datetime) -> list[Task]:
    """Return cases as cards."""
    return [task_of(case, now) for case in cases]


def task_of(case: Case, now: datetime) -> Task:
    """Return a case as a card; its category and the account that has it are loaded."""
    return Task(
        id=case.pk,
        number=case.number,
        title=case.title,
        category=case.category.name,
        place=f"{case.place_label}，{case.spot}" if case.spot else case.place_label,
        state=case.state,
        state_label=case.get_state_display(),
        why=case.handler_reason,
        due_at=case.due_at,
        tone=_tone(case, now),
        is_urgent=case.is_urgent,
        is_stopped=case.state == CaseState.SUSPENDED,
        is_new=case.state == CaseState.ASSIGNED and case.handler_account_id is None,
        version=case.version,
        source_label=case.get_source_display(),
        who=case.handler_account.name if case.handler_account else "",
        reopen_count=case.reopen_count,
        urge_count=case.urge_count,
    )


def _tone(case: Case, now: datetime) -> str:
    if case.due_at is None:
        return ""
    if case.due_at <= now:
        return "late"
    return "soon" if case.lateness >= Lateness.DUE_SOON else ""


def _of_hands(actor: Actor) -> QuerySet[Case]:
    rows = Case.objects.filter(_mine(actor)).select_related(*_SHOWN)
    if actor.organisation_ids:
        rows = rows.exclude(_whistled(actor))
    return rows.defer("text", "answers", "decline_reason")


def _whistled(actor: Actor) -> Exists:
    """Return the condition for cases that a card of a whistle stands for: they are worked on there."""
    open_ones = Whistle.objects.filter(case=OuterRef("pk"), state=WhistleState.OPEN)
    called = open_ones.filter(parts__organisation_id__in=actor.organisation_ids)
    return Exists(called)


def _mine(actor: Actor) -> Q:
    return Q(handler_post_id__in=actor.post_ids) | Q(
        handler_organisation_id__in=actor.organisation_ids
    )
