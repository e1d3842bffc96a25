"""The queue: which cases, in which order, how many; the address of the page is the whole
question.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Q, QuerySet

from linli.cases.models import Case
from linli.cases.selectors.conditions import (
    COLUMNS,
    RUNNING_TABS,
    TABS,
    Bounds,
    Question,
    Scope,
    due_bounds,
    filtered,
    scope_of,
)
from linli.cases.selectors.reach import Look, as_id, begin, look_of
from linli.cases.selectors.search import MOST, find_ids, holding
from linli.cases.states import CaseState
from linli.kernel.actor import Actor
from linli.kernel.prepared import Prepared
from linli.places import selectors as places

PAGE_SIZE = 25
# A search looks at its matches in helpings of one size, so that one statement serves them all.
HELPING = 32


class Row(NamedTuple):
    """A case as a list shows it: its own columns, and the names of what it points to."""

    id: UUID
    number: str
    state: str
    title: str
    source: str
    is_urgent: bool
    clock_started_at: datetime | None
    due_at: datetime | None
    reported_at: datetime
    is_in_arbitration: bool
    satisfaction: int | None
    photo_count: int
    follower_count: int
    urge_count: int
    supervised_at: datetime | None
    reopen_count: int
    place_label: str
    category: str
    grid: str | None
    account: str | None
    post: str | None
    organisation: str | None

    @property
    def pk(self) -> UUID:
        """The same as `id`."""
        return self.id

    @property
    def hands(self) -> str:
        """Who has it: a person, else a post, else an organisation, else ""."""
        return self.account or self.post or self.organisation or ""


_RELATED = {
    "category": "category__name",
    "grid": "grid__name",
    "account": "handler_account__name",
    "post": "handler_post__name",
    "organisation": "handler_organisation__name",
}
_SHOWN = [_RELATED.get(name, name) for name in Row._fields]


@dataclass(frozen=True, slots=True)
class Page:
    """One page of the queue; `next_after` is "" on the last one.

    looked: the page ended because so many cases were looked at; 0 is everywhere else.
    """

    cases: list[Row]
    next_after: str
    looked: int = 0


def queue(question: Question, actor: Actor, now: datetime) -> Page:
    """Return one page of the actor's queue, in a stable order: by promise, or newest first.

    Closed tabs and searches come newest first. Open cases without a running promise come last.
    """
    scope, states = scope_of(actor), TABS[question.tab]
    bounds = due_bounds(question.due, now)
    if question.words.strip():
        return _found(question, scope, bounds, actor)
    if question.tab not in RUNNING_TABS:
        if states and question.due:
            return Page([], "")  # no promise runs there
        # State by state, each along its index: asked for several at once, a planner reads history.
        walks: list[tuple[CaseState, ...]] = [(state,) for state in states] or [()]
        return _newest(question, scope, bounds, walks, look_of(question, scope, actor))
    if question.is_newest_first:
        return _newest(question, scope, bounds, [states], look_of(question, scope, actor))
    return _by_promise(question, scope, bounds)


def cases_of(page: Page) -> list[Case]:
    """Return the whole cases of a page, in its order, with what cards show of them."""
    found = Case.objects.select_related("category", "handler_account").defer("answers")
    whole = found.in_bulk([row.id for row in page.cases])
    return [whole[row.id] for row in page.cases if row.id in whole]


def _values(question: Question, bounds: Bounds) -> dict[str, Any]:
    """Return what of a question is a value in its statement; the rest makes its shape."""
    values = {name: getattr(question, name) or None for name in COLUMNS}
    return values | {"due_from": bounds.due_from, "due_before": bounds.due_before}


def _shape(question: Question) -> Question:
    """Return the question without its values: equal ones have the same statement."""
    return Question(
        tab=question.tab,
        mark=question.mark,
        is_mine=question.is_mine,
        is_newest_first=question.is_newest_first,
    )


def _asked(
    question: Question,
    scope: Scope,
    states: tuple[CaseState, ...],
    values: dict[str, Any],
) -> QuerySet[Case]:
    bounds = Bounds(values.pop("due_from", None), values.pop("due_before", None))
    return filtered(replace(question, **values), scope, bounds, states)


def _stretch(
    shape: tuple[Question, Scope, tuple[CaseState, ...]],
    before: UUID | None = None,
    until: UUID | None = None,
    **values: Any,
) -> QuerySet[Case]:
    rows = _asked(*shape, values)
    older = rows if before is None else rows.filter(pk__lt=before)
    return (older if until is None else older.filter(pk__gte=until)).order_by("-id")


def _build_ids(shape: Any, **values: Any) -> QuerySet[Any, Any]:
    return _stretch(shape, **values).values_list("pk", flat=True)[: PAGE_SIZE + 1]


def _build_by_promise(
    shape: tuple[Question, Scope, tuple[CaseState, ...]],
    after: datetime | None = None,
    last: UUID | None = None,
    **values: Any,
) -> QuerySet[Any, Any]:
    rows = _asked(*shape, values).filter(due_at__isnull=False)
    if after is not None:
        rows = rows.filter(Q(due_at__gt=after) | Q(due_at=after, pk__gt=last))
    return rows.order_by("due_at", "id").values_list("pk", flat=True)[: PAGE_SIZE + 1]


def _build_of_ids(count: int, **ids: UUID) -> QuerySet[Any, Any]:
    rows = Case.objects.filter(pk__in=list(ids.values()))
    return rows.order_by("-id").values_list(*_SHOWN)[:count]


def _build_matches(shape: tuple[Question, Scope, tuple[CaseState, ...]], **values: Any) -> Any:
    ids = [values.pop(name) for name in _HELPING_NAMES]
    rows = _asked(*shape, values).filter(pk__in=ids)
    return rows.order_by("-id").values_list(*_SHOWN)[: PAGE_SIZE + 1]


_HELPING_NAMES = tuple(f"id{number}" for number in range(HELPING))
_find_ids, _find_by_promise = Prepared(_build_ids), Prepared(_build_by_promise)
# A state, a mark or a source may be that of hardly any case: a plan made for all of them walks back
# over the whole history for it (0.3 s at a million cases, 3 s cold).
_find_chosen_ids = Prepared(_build_ids, keeps_plan=False)
_find_of_ids, _find_matches = Prepared(_build_of_ids), Prepared(_build_matches)


def _newest(
    question: Question,
    scope: Scope,
    bounds: Bounds,
    walks: Iterable[tuple[CaseState, ...]],
    look: Look,
) -> Page:
    """Find the ids first: with names joined on, a planner may begin elsewhere and sort everything."""
    values = _values(question, bounds) | {"before": look.before, "until": look.until}
    asked = _shape(question)
    is_chosen = asked.mark or any(values[name] for name in (*COLUMNS, "due_from", "due_before"))
    ids: list[UUID] = []
    for states in walks:
        find = _find_chosen_ids if states or is_chosen else _find_ids
        ids += [row[0] for row in find((asked, scope, states), **values)]
    return _page(_rows_of(sorted(ids, reverse=True)[: PAGE_SIZE + 1]), look)


def _rows_of(ids: list[UUID]) -> list[Sequence[Any]]:
    """Return what is shown of cases, in the order of their ids as given."""
    if not ids:
        return []
    wanted = _padded(ids, PAGE_SIZE + 1)
    rows = _find_of_ids(len(wanted), **{f"id{i}": one for i, one in enumerate(wanted)})
    by_id = {row[0]: row for row in rows}
    return [by_id[one] for one in ids if one in by_id]


def _by_promise(question: Question, scope: Scope, bounds: Bounds) -> Page:
    """Walk the index of open cases by promise; the address carries the last promise and id.

    The ids are found first, as for the newest.
    """
    text, _sep, last = question.after.partition("~")
    after = _moment(text)
    found = _find_by_promise(
        (_shape(question), scope, TABS[question.tab]),
        after=after,
        last=as_id(last) if after is not None else None,
        **_values(question, bounds),
    )
    page = _page(_rows_of([row[0] for row in found]), Look())
    if not page.next_after:
        return page
    end = page.cases[-1]
    return Page(page.cases, f"{end.due_at.isoformat()}~{end.id.hex}" if end.due_at else "")


def _found(question: Question, scope: Scope, bounds: Bounds, actor: Actor) -> Page:
    """Return what holds the words, newest first. The matches are found before anything is
    ordered, and looked at in helpings until a page is full; where there are more than are found so,
    and the newest are not what is asked for, those that are asked for are looked through instead.
    """
    ids = find_ids(question.words, community_ids=communities_searched(question, actor, scope))
    is_cut, look = len(ids) == MOST, begin(question)
    if look.before:
        ids = [case_id for case_id in ids if case_id < look.before]
    shape, values = (_shape(question), scope, TABS[question.tab]), _values(question, bounds)
    found: list[Sequence[Any]] = []
    for start in range(0, len(ids), HELPING):
        helping = _padded(ids[start : start + HELPING], HELPING)
        found += _find_matches(shape, **values, **dict(zip(_HELPING_NAMES, helping, strict=True)))
        if len(found) > PAGE_SIZE:
            break
    if is_cut and len(found) <= PAGE_SIZE:
        look = look_of(question, scope, actor)
        rows = holding(_stretch(shape, look.before, look.until, **values), question.words)
        found = _rows_of(list(rows.values_list("pk", flat=True)[: PAGE_SIZE + 1]))
    return _page(found, look)


def _page(found: list[Sequence[Any]], look: Look) -> Page:
    rows = [Row._make(row) for row in found[: PAGE_SIZE + 1]]
    if len(rows) > PAGE_SIZE:
        return Page(rows[:PAGE_SIZE], look.next_page(rows[PAGE_SIZE - 1].id))
    return Page(rows, look.further(), look.count)


def _padded(ids: list[UUID], count: int) -> list[UUID]:
    """Return so many ids, the missing ones nobody's: a statement's size stays the same."""
    return [*ids, *(UUID(int=number) for number in range(count - len(ids)))]


def _moment(text: str) -> datetime | None:
    """Return the aware moment that a text is, or None: addresses are typed and cut off too."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo and 1990 <= moment.year <= 2200 else None


def communities_searched(question: Question, actor: Actor, scope: Scope) -> tuple[UUID, ...] | None:
    """Return the communities whose words are looked at, as few as can be; None for all of them.

    Only so many matches are read: those of other communities would push out one's own.
    """
    if question.community_id:
        return (question.community_id,)
    if scope.is_everywhere or question.is_mine:
        return None
    above = (places.community_of_path(path) for path in actor.scopes("cases.view"))
    return scope.community_ids or tuple({one.pk for one in above if one is not None}) or None
