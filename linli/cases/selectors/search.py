"""Search by words: two characters are enough, numbers by their tail, newest first, on either
database.

Every case's words carry marks for its tenant and community, so that a search never leaves them.

On PostgreSQL a word that many cases have is found soonest by walking the newest, one that few have
by the index of words; a planner that guesses wrong reads a whole tenant. So it is not left to guess:
the newest are walked a little way, and what they hold says how to go on.
"""

from collections.abc import Collection, Iterable
from typing import Final, NamedTuple
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet

from linli.cases import rules
from linli.cases.models import Case
from linli.kernel import tenancy
from linli.kernel.wordtable import WordTable

# More matches than anybody pages through; the newest come first.
MOST = 300
# So many of the newest cases are looked at whatever the word is (2 ms).
NEAR = 5_000
# Who finds as many among them as OFTEN finds MOST among so many (30 ms at most).
FAR = 100_000
OFTEN = 20

_WORDS: Final = WordTable("cases_searchtext", "case_id")

# Of given cases, those that hold the words: each is looked up by itself, and no other.
_HOLDS: Final = """EXISTS (
    SELECT 1 FROM cases_searchtext held WHERE held.tenant_id = %s
    AND held.case_id = cases_case.id AND held.words @@ %s::tsquery)"""
_HOLDS_ON_SQLITE: Final = """EXISTS (
    SELECT 1 FROM cases_searchtext held WHERE held.tenant_id = %s
    AND held.case_id = cases_case.id
    AND EXISTS (SELECT 1 FROM cases_fts WHERE cases_fts MATCH %s AND cases_fts.rowid = held.row))"""


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
    A query of four digits finds phone tails and the tails of numbers; a whole phone number its tail.
    """
    words = rules.asked_words(query)
    if not words:
        return []
    communities = None if community_ids is None else [community_mark(i) for i in community_ids]
    if communities == []:
        return []
    if connection.vendor == "postgresql":
        return _find_on_postgresql(words, communities, most)
    return _find_on_sqlite(words, communities, most)


def holding(rows: QuerySet[Case], query: str) -> QuerySet[Case]:
    """Return those of some cases that hold every word of the query, however many others do."""
    words, tenant_id = rules.asked_words(query), tenancy.current_tenant_id()
    if not words:
        return rows.none()
    if connection.vendor == "postgresql":
        parts = [_either_tail(word, " | ") for word in words]
        return rows.extra(where=[_HOLDS], params=[tenant_id, _all(parts)])
    parts = [*(_either_tail(word, " OR ") for word in words), tenant_mark(tenant_id)]
    return rows.extra(where=[_HOLDS_ON_SQLITE], params=[tenant_id, " AND ".join(parts)])


def _either_tail(word: str, either: str) -> str:
    """Return a word as searched; four digits may be the tail of a phone too."""
    is_tail = len(word) == 4 and word.isdigit()
    word = f'"{word}"'
    return f"({word}{either}{phone_mark(word[1:-1])})" if is_tail else word


def _find_on_postgresql(words: list[str], communities: list[str] | None, most: int) -> list[UUID]:
    parts = [_either_tail(word, " | ") for word in words]
    if communities is not None:
        parts.append("(" + " | ".join(communities) + ")")
    walked = _walk(parts, most) if most <= MOST else None
    return _look_up(parts, communities, most) if walked is None else walked


def _walk(parts: list[str], most: int) -> list[UUID] | None:
    """Return the matches if there are enough of them among the newest cases."""
    found = _WORDS.among_newest(_all(parts), NEAR, most)
    if OFTEN <= len(found) < most:
        found = _WORDS.among_newest(_all(parts), FAR, most)
    return found if len(found) == most else None


def _look_up(parts: list[str], communities: list[str] | None, most: int) -> list[UUID]:
    """Return the matches by the index of words: all of them are read, but no other case."""
    # A community is of one tenant; without one, other tenants' matches are kept out by the mark.
    mark = [tenant_mark(tenancy.current_tenant_id())] if communities is None else []
    return _WORDS.by_index(_all([*parts, *mark]), most)


def _all(parts: list[str]) -> str:
    return " & ".join(parts).replace('"', "'")


def _find_on_sqlite(words: list[str], communities: list[str] | None, most: int) -> list[UUID]:
    parts = [_either_tail(word, " OR ") for word in words]
    if communities is not None:
        parts.append("(" + " OR ".join(communities) + ")")
    parts.append(tenant_mark(tenancy.current_tenant_id()))
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT case_id FROM cases_fts WHERE cases_fts MATCH %s ORDER BY rowid DESC LIMIT %s",
            [" AND ".join(parts), most],
        )
        return [UUID(row[0]) for row in cursor.fetchall()]
