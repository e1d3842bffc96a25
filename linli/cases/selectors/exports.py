"""The queue as a table: the rows behind a question, helping by helping along the ids, never by page."""

from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime
from typing import Any, Final, NamedTuple
from uuid import UUID

from django.db.models import QuerySet

from linli.cases.models import Case
from linli.cases.selectors.conditions import TABS, Question, due_bounds, filtered, scope_of
from linli.cases.selectors.queue import communities_searched
from linli.cases.selectors.search import find_ids, holding
from linli.kernel.actor import Actor

HELPING: Final = 400
# So many matches of words are held at once; where there are more, every case asked for is looked at.
MOST_FOUND: Final = 50_000


class ExportRow(NamedTuple):
    """A case as a list in a file shows it; its contact is found by `reporter_id`."""

    id: UUID
    number: str
    state: str
    category: str
    title: str
    text: str
    source: str
    community: str
    grid: str | None
    area_path: str
    place_label: str
    spot: str
    reported_at: datetime
    respond_due_at: datetime
    responded_at: datetime | None
    resolve_due_at: datetime
    resolved_at: datetime | None
    closed_at: datetime | None
    post: str | None
    organisation: str | None
    account: str | None
    is_urgent: bool
    is_confidential: bool
    supervised_at: datetime | None
    follower_count: int
    urge_count: int
    reopen_count: int
    is_solved: bool | None
    satisfaction: int | None
    rating_comment: str
    decline_reason: str
    reporter_id: UUID | None


_RELATED: Final = {
    "category": "category__name",
    "community": "community__name",
    "grid": "grid__name",
    "post": "handler_post__name",
    "organisation": "handler_organisation__name",
    "account": "handler_account__name",
}
_COLUMNS: Final = [_RELATED.get(name, name) for name in ExportRow._fields]
_IDS: Final = {"category_id", "community_id", "grid_id", "estate_id", "post_id", "organisation_id"}


def count_rows(question: Question, actor: Actor, now: datetime) -> int:
    """Return how many cases a question has."""
    if not question.words.strip():
        return _asked(question, actor, now).count()
    return sum(len(ids) for ids in _ids(question, actor, now))


def count_shown(question: Question, actor: Actor, now: datetime, *, most: int) -> tuple[int, bool]:
    """Return how many cases a question has as far as a page may look, and whether that is all.

    most: count no further. Of what holds the words, the newest are looked at.
    """
    asked = _asked(question, actor, now)
    if not question.words.strip():
        count = asked[: most + 1].count()
        return min(count, most), count <= most
    found, count = _found(question, actor), 0
    for ids in _of_search(asked, found):
        count += len(ids)
        if count > most:
            return most, False
    return count, len(found) < MOST_FOUND


def helpings(question: Question, actor: Actor, now: datetime) -> Iterator[list[ExportRow]]:
    """Return the rows of a question, newest first, a helping at a time."""
    for helping in _ids(question, actor, now):
        # Names are joined on by id: asked for with the condition, a planner may begin with them.
        rows = Case.objects.filter(pk__in=helping).order_by("-id").values_list(*_COLUMNS)
        yield [ExportRow._make(row) for row in rows]


def as_plain(question: Question) -> dict[str, Any]:
    """Return a question as values that JSON knows."""
    said = asdict(question)
    return {name: str(value) if name in _IDS and value else value for name, value in said.items()}


def of_plain(said: dict[str, Any]) -> Question:
    """Return the question that `as_plain` wrote."""
    values: dict[str, Any] = {
        name: UUID(value) if name in _IDS and value else value for name, value in said.items()
    }
    return Question(**values)


def _ids(question: Question, actor: Actor, now: datetime) -> Iterator[list[UUID]]:
    """Return the ids behind a question, newest first: of words, either the matches that are asked
    for, or what is asked for and holds them.
    """
    asked = _asked(question, actor, now)
    if not question.words.strip():
        return _of_walk(asked)
    found = _found(question, actor)
    if len(found) < MOST_FOUND:
        return _of_search(asked, found)
    return _of_walk(holding(asked, question.words))


def _asked(question: Question, actor: Actor, now: datetime) -> "QuerySet[Case]":
    bounds = due_bounds(question.due, now)
    return filtered(question, scope_of(actor), bounds, TABS[question.tab])


def _found(question: Question, actor: Actor) -> list[UUID]:
    communities = communities_searched(question, actor, scope_of(actor))
    return find_ids(question.words, community_ids=communities, most=MOST_FOUND)


def _of_walk(found: "QuerySet[Case]") -> Iterator[list[UUID]]:
    before: UUID | None = None
    while True:
        rest = found if before is None else found.filter(pk__lt=before)
        ids = list(rest.order_by("-id").values_list("pk", flat=True)[:HELPING])
        if not ids:
            return
        yield ids
        before = ids[-1]


def _of_search(found: "QuerySet[Case]", ids: list[UUID]) -> Iterator[list[UUID]]:
    for start in range(0, len(ids), HELPING):
        seen = found.filter(pk__in=ids[start : start + HELPING])
        helping = list(seen.order_by("-id").values_list("pk", flat=True))
        if helping:
            yield helping
