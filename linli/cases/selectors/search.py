"""Search by words: two characters are enough, numbers by their tail, newest first, on either
database.

Every case's words carry marks for its tenant and community, so that a search never leaves them.
"""

from collections.abc import Collection, Iterable
from typing import NamedTuple
from uuid import UUID

from django.db import connection

from linli.cases import rules
from linli.cases.models import Case, SearchText
from linli.kernel import tenancy

# More matches than anybody pages through; the newest come first.
MOST = 300


def tenant_mark(tenant_id: int) -> str:
    """Return the word that marks a tenant's cases."""
    return f"tenant{tenant_id}"


def community_mark(community_id: UUID) -> str:
    """Return the word that marks a community's cases."""
    return f"area{community_id.hex}"


def phone_mark(tail: str) -> str:
    """Return the word that marks the last four digits of a reporter's phone."""
    return f"phone{tail}"


class Findable(NamedTuple):
    """What a case is found by; just these columns, because every report is read for it."""

    case_id: UUID
    tenant_id: int
    community_id: UUID
    number: str
    text: str
    place_label: str
    spot: str
    category: str
    phone_tail: str | None


def findables(case_ids: Collection[UUID]) -> list[Findable]:
    """Return what these cases are found by."""
    rows = Case.objects.filter(pk__in=case_ids).values_list(
        "pk", "tenant_id", "community_id", "number", "text", "place_label", "spot",
        "category__name", "reporter__phone_tail",
    )  # fmt: skip
    return [Findable(*row) for row in rows]


def words_of(case: Findable, additions: Iterable[str]) -> list[str]:
    """Return every word that finds a case: its number, texts, place, category and marks."""
    text = " ".join(
        [case.number, case.text, case.place_label, case.spot, case.category, *additions]
    )
    marks = [tenant_mark(case.tenant_id), community_mark(case.community_id)]
    if case.phone_tail:
        marks.append(phone_mark(case.phone_tail))
    return [*rules.search_words(text), *marks]


def find_ids(query: str, *, community_ids: Iterable[UUID] | None, most: int = MOST) -> list[UUID]:
    """Return the cases that hold every word of the query, newest first.

    community_ids: only there; None is the whole tenant.
    A query of four digits finds phone tails and the tails of numbers.
    """
    words = rules.search_words(query)
    if not words:
        return []
    communities = None if community_ids is None else [community_mark(i) for i in community_ids]
    if communities == []:
        return []
    expression = _expression(words, communities)
    if connection.vendor == "postgresql":
        return _find_on_postgresql(expression, most)
    return _find_on_sqlite(expression, most)


def _expression(words: list[str], communities: list[str] | None) -> str:
    is_postgresql = connection.vendor == "postgresql"
    both, either = (" & ", " | ") if is_postgresql else (" AND ", " OR ")
    parts = [_either_tail(word, either) for word in words]
    if communities is not None:
        parts.append("(" + either.join(communities) + ")")
    if not is_postgresql:
        parts.append(tenant_mark(tenancy.current_tenant_id()))
    return both.join(parts)


def _either_tail(word: str, either: str) -> str:
    """Return a word as searched; four digits may be the tail of a phone too."""
    is_tail = len(word) == 4 and word.isdigit()
    word = f'"{word}"'
    return f"({word}{either}{phone_mark(word[1:-1])})" if is_tail else word


def _find_on_postgresql(expression: str, most: int) -> list[UUID]:
    rows = SearchText.objects.extra(
        where=["words @@ %s::tsquery"], params=[expression.replace('"', "'")]
    )
    return list(rows.order_by("-id").values_list("case_id", flat=True)[:most])


def _find_on_sqlite(expression: str, most: int) -> list[UUID]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT case_id FROM cases_fts WHERE cases_fts MATCH %s ORDER BY rowid DESC LIMIT %s",
            [expression, most],
        )
        return [UUID(row[0]) for row in cursor.fetchall()]
