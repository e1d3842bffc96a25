"""The queue: which cases, in which order, how many; the address of the page is the whole
question.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet, Sum

from linli.cases.models import Case, Lateness, QueueTally
from linli.cases.selectors.search import find_ids
from linli.cases.states import OPEN, CaseState
from linli.kernel import clock
from linli.kernel.actor import Actor
from linli.places import selectors as places

PAGE_SIZE = 25
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
    due: str = ""  # late, today, soon
    mark: str = ""  # urgent, supervised, arbitration, suspension, confidential, reopened
    post_id: UUID | None = None
    organisation_id: UUID | None = None
    is_mine: bool = False
    is_newest_first: bool = False
    after: str = ""  # where the page before ended


@dataclass(frozen=True, slots=True)
class Page:
    """One page of the queue; `next_after` is "" on the last one."""

    cases: list[Case]
    next_after: str
    is_searched: bool = False


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


def queue(question: Question, actor: Actor, now: datetime) -> Page:
    """Return one page of the actor's queue, in a stable order: by promise, or newest first.

    Closed tabs and searches come newest first. Open cases without a running promise come last.
    """
    scope, states = scope_of(actor), TABS[question.tab]
    is_running = question.tab in RUNNING_TABS
    if not question.words.strip() and not is_running:
        # State by state, each along its index: asked for several at once, a planner reads history.
        walks: list[tuple[CaseState, ...]] = [(state,) for state in states] or [()]
        return _newest(question, [_filtered(question, scope, now, one) for one in walks])
    rows = _filtered(question, scope, now, states)
    if question.words.strip():
        return _found(question, rows, actor)
    return _newest(question, [rows]) if question.is_newest_first else _by_promise(question, rows)


# Where a promise runs.
RUNNING_TABS = ("open", "reported", "assigned", "in_hand")


def _filtered(
    question: Question, scope: Scope, now: datetime, states: tuple[CaseState, ...]
) -> QuerySet[Case]:
    rows = Case.objects.filter(_seen(question, scope))
    if question.tab in RUNNING_TABS:
        # The indexes' own condition, so that history is no part of the walk.
        rows = rows.filter(due_at__isnull=False)
    if states and question.tab != "open":
        rows = rows.filter(state__in=states)
    for name in ("category_id", "community_id", "grid_id", "estate_id", "source"):
        if getattr(question, name):
            rows = rows.filter(**{name: getattr(question, name)})
    if question.post_id:
        rows = rows.filter(handler_post_id=question.post_id)
    if question.organisation_id:
        rows = rows.filter(handler_organisation_id=question.organisation_id)
    return rows.filter(_due(question.due, now), _marked(question.mark))


def _seen(question: Question, scope: Scope) -> Q:
    mine = Q(handler_post_id__in=scope.post_ids) | Q(
        handler_organisation_id__in=scope.organisation_ids
    )
    if question.is_mine or not (scope.is_everywhere or scope.community_ids or scope.grid_ids):
        return mine
    seen = Q(is_confidential=False)
    if scope.is_confidential_everywhere:
        seen = Q()
    elif scope.confidential_ids:
        seen |= Q(community_id__in=scope.confidential_ids)
    if scope.is_everywhere:
        return seen
    if scope.community_ids:
        return seen & _one_or_many("community_id", scope.community_ids)
    return seen & _one_or_many("grid_id", scope.grid_ids)


def _one_or_many(name: str, ids: tuple[UUID, ...]) -> Q:
    """Return equality for one id: an index gives its rows in order, which it can't for several."""
    return Q(**{name: ids[0]}) if len(ids) == 1 else Q(**{f"{name}__in": ids})


def _due(due: str, now: datetime) -> Q:
    tomorrow = clock.local(now).replace(hour=0, minute=0, second=0, microsecond=0)
    tomorrow += timedelta(days=1)
    return {
        "late": Q(due_at__lt=now),
        "today": Q(due_at__gte=now, due_at__lt=tomorrow),
        "soon": Q(due_at__gte=now, due_at__lt=now + timedelta(hours=4)),
    }.get(due, Q())


def _marked(mark: str) -> Q:
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


_RELATED = ("category", "grid", "handler_post", "handler_organisation", "handler_account")
# What a list shows, and nothing else: a grid's boundary alone outweighs the whole row.
_SHOWN = (
    "number", "state", "title", "source", "is_urgent", "clock_started_at", "due_at", "lateness",
    "reported_at", "is_in_arbitration", "satisfaction", "level", "photo_count", "follower_count",
    "urge_count", "supervised_at", "reopen_count", "area_path", "place_label", "spot", "handler_reason",
    "tenant_id", "is_confidential", "responded_at", "version",
)  # fmt: skip


def _rows(rows: QuerySet[Case]) -> QuerySet[Case]:
    names = (f"{related}__name" for related in _RELATED)
    return rows.select_related(*_RELATED).only(*_SHOWN, *names)


def _newest(question: Question, parts: Iterable[QuerySet[Case]]) -> Page:
    """Find the ids first: with names joined on, a planner may begin elsewhere and sort everything."""
    ids: list[UUID] = []
    for rows in parts:
        newer = rows.filter(pk__lt=_uuid(question.after)) if question.after else rows
        ids += newer.order_by("-id").values_list("pk", flat=True)[: PAGE_SIZE + 1]
    ids = sorted(ids, reverse=True)[: PAGE_SIZE + 1]
    found = list(_rows(Case.objects.filter(pk__in=ids)).order_by("-id"))
    return Page(found[:PAGE_SIZE], found[PAGE_SIZE - 1].pk.hex if len(found) > PAGE_SIZE else "")


def _by_promise(question: Question, rows: QuerySet[Case]) -> Page:
    """Walk the index of open cases by promise; the address carries the last promise and id."""
    moment, _sep, last = question.after.partition("~")
    due_at = _moment(moment)
    if due_at is not None:
        rows = rows.filter(Q(due_at__gt=due_at) | Q(due_at=due_at, pk__gt=_uuid(last)))
    found = list(_rows(rows.filter(due_at__isnull=False)).order_by("due_at", "id")[: PAGE_SIZE + 1])
    last_row = found[PAGE_SIZE - 1] if len(found) > PAGE_SIZE else None
    after = ""
    if last_row is not None and last_row.due_at is not None:
        after = f"{last_row.due_at.isoformat()}~{last_row.pk.hex}"
    return Page(found[:PAGE_SIZE], after)


def _moment(text: str) -> datetime | None:
    """Return the aware moment that a text is, or None: addresses are typed and cut off too."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else None


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        return UUID(int=0)


def _found(question: Question, rows: QuerySet[Case], actor: Actor) -> Page:
    """Return what holds the words, newest first. The matches are found before anything is
    ordered.
    """
    ids = find_ids(question.words, community_ids=_searched(question, actor))
    if question.after:
        ids = [case_id for case_id in ids if case_id < _uuid(question.after)]
    found = list(_rows(rows.filter(pk__in=ids)).order_by("-id")[: PAGE_SIZE + 1])
    after = found[PAGE_SIZE - 1].pk.hex if len(found) > PAGE_SIZE else ""
    return Page(found[:PAGE_SIZE], after, is_searched=True)


def _searched(question: Question, actor: Actor) -> tuple[UUID, ...] | None:
    """Return the communities whose words are looked at, as few as can be; None for all of them.

    Only so many matches are read: those of other communities would push out one's own.
    """
    if question.community_id:
        return (question.community_id,)
    scope = scope_of(actor)
    if scope.is_everywhere or question.is_mine:
        return None
    above = (places.community_of_path(path) for path in actor.scopes("cases.view"))
    return scope.community_ids or tuple({one.pk for one in above if one is not None}) or None


def tab_counts(actor: Actor, community_id: UUID | None = None) -> dict[str, int]:
    """Return how many cases each tab holds, from tallies; filters other than the community don't
    count.

    Confidential cases count only for those who may see them everywhere they look.
    """
    scope = scope_of(actor)
    rows = QueueTally.objects.all()
    if community_id:
        rows = rows.filter(community_id=community_id)
    if not scope.is_everywhere:
        rows = rows.filter(community_id__in=scope.community_ids)
    if not scope.is_confidential_everywhere:
        rows = rows.filter(Q(is_confidential=False) | Q(community_id__in=scope.confidential_ids))
    by_state = dict(rows.values_list("state").annotate(n=Sum("count")))
    return {tab: _sum(by_state, states or tuple(CaseState)) for tab, states in TABS.items()}


def _sum(by_state: dict[str, Any], states: Iterable[CaseState]) -> int:
    return sum(by_state.get(str(state), 0) for state in states)


def strip(actor: Actor, now: datetime, community_id: UUID | None = None) -> dict[str, int]:
    """Return how many running cases are late, due soon, due today, in arbitration.

    One statement over the index of running promises.
    """
    rows = Case.objects.filter(
        _seen(Question(community_id=community_id), scope_of(actor)), due_at__isnull=False
    )
    if community_id:
        rows = rows.filter(community_id=community_id)
    counts: dict[str, int] = rows.aggregate(
        **{name: Count("pk", filter=_due(name, now)) for name in ("late", "soon", "today")},
        arbitration=Count("pk", filter=Q(is_in_arbitration=True)),
    )
    return counts
