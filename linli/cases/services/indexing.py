"""Keeps the words that find a case and the counts that queues show. Called by the event worker."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Count, F

from linli.cases.models import Audience, Case, Entry, QueueTally, SearchText
from linli.cases.selectors.search import findables, words_of
from linli.kernel.models import EventRow
from linli.kernel.rows import insert_all


@transaction.atomic
def index_cases(case_ids: Collection[UUID]) -> None:
    """Write the words of cases anew, in a few statements for all of them; as often as you like."""
    words = {one.case_id: one for one in findables(case_ids)}
    said = said_of(words)
    known = {
        one.case_id: one for one in SearchText.objects.filter(case_id__in=words).defer("words")
    }
    new = []
    # The rows' ids rise with the cases', which the search relies on.
    for case_id in sorted(words):
        text = " ".join(words_of(words[case_id], said.get(case_id, ())))
        if case_id in known:
            _write_anew(known[case_id], text)
        else:
            new.append(_written(case_id, text))
    insert_all(new)


def said_of(case_ids: Collection[UUID]) -> dict[UUID, list[str]]:
    """Return what was said to the reporter, by case."""
    said: dict[UUID, list[str]] = defaultdict(list)
    rows = Entry.objects.filter(case_id__in=case_ids, audience=Audience.REPORTER).order_by("pk")
    for case_id, text in rows.values_list("case_id", "text"):
        said[case_id].append(text)
    return said


def _written(case_id: UUID, words: str) -> SearchText:
    """Return the new row of a case; on SQLite the words themselves go to the index at once."""
    if connection.vendor == "postgresql":
        return SearchText(case_id=case_id, words=words)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO cases_fts (words, case_id) VALUES (%s, %s)", [words, case_id.hex]
        )
        return SearchText(case_id=case_id, row=cursor.lastrowid)


def _write_anew(known: SearchText, words: str) -> None:
    if connection.vendor == "postgresql":
        SearchText.objects.filter(pk=known.pk).update(words=words)
        return
    with connection.cursor() as cursor:
        cursor.execute("UPDATE cases_fts SET words = %s WHERE rowid = %s", [words, known.row])


def count_steps(steps: Iterable[EventRow]) -> None:
    """Move the counts of cases from their old states to their new ones, in the transaction of the
    delivery.

    The mark that says delivered is in that transaction too, so each count moves exactly once.
    """
    changes: Counter[tuple[str, str, bool]] = Counter()
    for event in steps:
        _add_step(changes, event.data)
    # In one order, so that two workers never wait for each other in a ring.
    for (community, state, is_confidential), change in sorted(changes.items()):
        if change:
            where = {"community_id": UUID(community), "state": state}
            _count({**where, "is_confidential": is_confidential}, change)


def _add_step(changes: Counter[tuple[str, str, bool]], data: dict[str, Any]) -> None:
    is_now = (data["community_id"], data["new_state"], data["is_confidential"])
    was_confidential = data.get("was_confidential")
    was = (
        data.get("old_community_id") or is_now[0],
        data["old_state"],
        is_now[2] if was_confidential is None else was_confidential,
    )
    if was == is_now:
        return
    for place, change in ((was, -1), (is_now, 1)):
        if place[1]:
            changes[place] += change


def _count(where: dict[str, Any], change: int) -> None:
    rows = QueueTally.objects.filter(**where)
    if not rows.update(count=F("count") + change):
        tally, is_new = QueueTally.objects.get_or_create(**where, defaults={"count": change})
        if not is_new:
            QueueTally.objects.filter(pk=tally.pk).update(count=F("count") + change)


@transaction.atomic
def recount() -> None:
    """Count all cases of the tenant anew, for `linli check` and after an import past the
    services.
    """
    QueueTally.objects.all().delete()
    rows = Case.objects.values("community_id", "state", "is_confidential").annotate(n=Count("pk"))
    QueueTally.objects.bulk_create(
        QueueTally(
            community_id=row["community_id"],
            state=row["state"],
            is_confidential=row["is_confidential"],
            count=row["n"],
        )
        for row in rows
    )
