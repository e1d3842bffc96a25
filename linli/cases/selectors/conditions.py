"""What a list of cases is asked, and where its reader looks, as conditions: one set for every list."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q, QuerySet

from linli.cases.models import Case, Lateness
from linli.cases.states import OPEN, CaseState
from linli.kernel import clock
from linli.kernel.actor import Actor
from linli.places import selectors as places

# What a tab of the queue shows; the order is the order of the tabs.
TABS: dict[str, tuple[CaseState, ...]] = {
    "open": OPEN,
    "reported": (CaseState.REPORTED,),
    "assigned": (CaseState.ACCEPTED, CaseState.ASSIGNED),
    "in_hand": (CaseState.IN_HAND,),
    "suspended": (CaseState.SUSPENDED,),
    "resolved": (CaseState.RESOLVED,),
    "closed": (CaseState.CLOSED,),
    "declined": (CaseState.DECLINED, CaseState.MERGED, CaseState.WITHDRAWN),
    "all": (),
}
# Which promises one may ask for.
DUES = ("late", "today", "soon")
# Where a promise runs.
RUNNING_TABS = ("open", "reported", "assigned", "in_hand")
# The parts of a question that are one value of one column.
COLUMNS = {
    "category_id": "category_id",
    "community_id": "community_id",
    "grid_id": "grid_id",
    "estate_id": "estate_id",
    "post_id": "handler_post_id",
    "organisation_id": "handler_organisation_id",
    "source": "source",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What a queue page asks for; every field is in its address."""

    tab: str = "open"
    words: str = ""
    category_id: UUID | None = None
    community_id: UUID | None = None
    grid_id: UUID | None = None
    estate_id: UUID | None = None
    source: str = ""
    due: str = ""  # one of DUES
    mark: str = ""  # urgent, supervised, arbitration, suspension, extension, review, …
    post_id: UUID | None = None
    organisation_id: UUID | None = None
    is_mine: bool = False
    is_newest_first: bool = False
    after: str = ""  # where the page before ended


@dataclass(frozen=True, slots=True)
class Scope:
    """Where an actor looks: everywhere in the tenant, or some communities and grids, and own
    hands.
    """

    is_everywhere: bool
    community_ids: tuple[UUID, ...] = ()
    grid_ids: tuple[UUID, ...] = ()
    confidential_ids: tuple[UUID, ...] = ()
    is_confidential_everywhere: bool = False
    post_ids: frozenset[UUID] = field(default=frozenset())
    organisation_ids: frozenset[UUID] = field(default=frozenset())


@dataclass(frozen=True, slots=True)
class Bounds:
    """From when, and before when, a promise ends; None is open."""

    due_from: datetime | None = None
    due_before: datetime | None = None

    def as_condition(self) -> Q:
        """Return the bounds as a condition."""
        after = Q() if self.due_from is None else Q(due_at__gte=self.due_from)
        return after if self.due_before is None else after & Q(due_at__lt=self.due_before)


def scope_of(actor: Actor) -> Scope:
    """Return where an actor's queue looks."""
    paths = actor.scopes("cases.view")
    confidential = actor.scopes("cases.confidential")
    return Scope(
        is_everywhere="" in paths,
        community_ids=tuple(places.community_ids(paths)) if "" not in paths else (),
        grid_ids=tuple(places.grid_ids(paths)) if "" not in paths else (),
        confidential_ids=tuple(places.community_ids(confidential))
        if "" not in confidential
        else (),
        is_confidential_everywhere="" in confidential,
        post_ids=actor.post_ids,
        organisation_ids=actor.organisation_ids,
    )


def filtered(
    question: Question, scope: Scope, bounds: Bounds, states: tuple[CaseState, ...]
) -> QuerySet[Case]:
    """Return the cases of a question that a reader may see, in these states (none: in any)."""
    rows = Case.objects.filter(seen(question, scope))
    if question.tab in RUNNING_TABS:
        # The indexes' own condition, so that history is no part of the walk.
        rows = rows.filter(due_at__isnull=False)
    if states and question.tab != "open":
        rows = rows.filter(state__in=states)
    for name, column in COLUMNS.items():
        if getattr(question, name):
            rows = rows.filter(**{column: getattr(question, name)})
    return rows.filter(bounds.as_condition(), marked(question.mark))


def seen(question: Question, scope: Scope) -> Q:
    """Return what a reader sees of a question: own hands, or the places of the scope."""
    mine = Q(handler_post_id__in=scope.post_ids) | Q(
        handler_organisation_id__in=scope.organisation_ids
    )
    if question.is_mine or not (scope.is_everywhere or scope.community_ids or scope.grid_ids):
        return mine
    open_to = Q(is_confidential=False)
    if scope.is_confidential_everywhere:
        open_to = Q()
    elif scope.confidential_ids:
        open_to |= Q(community_id__in=scope.confidential_ids)
    if scope.is_everywhere:
        return open_to
    if scope.community_ids:
        return open_to & _one_or_many("community_id", scope.community_ids)
    return open_to & _one_or_many("grid_id", scope.grid_ids)


def _one_or_many(name: str, ids: tuple[UUID, ...]) -> Q:
    """Return equality for one id: an index gives its rows in order, which it can't for several."""
    return Q(**{name: ids[0]}) if len(ids) == 1 else Q(**{f"{name}__in": ids})


def due_bounds(due: str, now: datetime) -> Bounds:
    """Return the bounds of a promise that is late, ends today, or soon; "" is any."""
    tomorrow = clock.local(now).replace(hour=0, minute=0, second=0, microsecond=0)
    tomorrow += timedelta(days=1)
    return {
        "late": Bounds(due_before=now),
        "today": Bounds(now, tomorrow),
        "soon": Bounds(now, now + timedelta(hours=4)),
    }.get(due, Bounds())


def marked(mark: str) -> Q:
    """Return the condition of a mark that staff look for; "" is any."""
    return {
        "urgent": Q(is_urgent=True),
        "supervised": Q(supervised_at__isnull=False),
        "arbitration": Q(is_in_arbitration=True),
        "confidential": Q(is_confidential=True),
        "reopened": Q(reopen_count__gt=0),
        "escalated": Q(lateness=Lateness.ESCALATED),
        "suspension": Q(suspensions__state="asked"),
        "extension": Q(extension_asked_at__isnull=False),
        "review": Q(review_due_at__isnull=False),
    }.get(mark, Q())
