"""Keeps the words that find a case and the counts that queues show. Called by the event worker."""

from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Count, F

from linli.cases.models import Audience, Case, QueueTally, SearchText
from linli.cases.selectors.search import words_of
from linli.kernel.models import EventRow


@transaction.atomic
def index_case(case_id: UUID) -> None:
    """Write the words of a case anew; as often as you like."""
    case = Case.objects.select_related("category", "reporter").filter(pk=case_id).first()
    if case is None:
        return
    said = case.entries.filter(audience=Audience.REPORTER).values_list("text", flat=True)
    words = " ".join(words_of(case, said))
    if connection.vendor == "postgresql":
        SearchText.objects.update_or_create(case=case, defaults={"words": words})
    else:
        _index_on_sqlite(case, words)


def _index_on_sqlite(case: Case, words: str) -> None:
    known, _is_new = SearchText.objects.get_or_create(case=case)
    with connection.cursor() as cursor:
        if known.row is None:
            cursor.execute(
                "INSERT INTO cases_fts (words, case_id) VALUES (%s, %s)", [words, case.pk.hex]
            )
            SearchText.objects.filter(pk=known.pk).update(row=cursor.lastrowid)
        else:
            cursor.execute("UPDATE cases_fts SET words = %s WHERE rowid = %s", [words, known.row])


def count_step(event: EventRow) -> None:
    """Move a case's count from its old state to its new one, in the transaction of the delivery.

    The mark that says delivered is in that transaction too, so the count moves exactly once.
    """
    data = event.data
    is_now = (data["new_state"], data["is_confidential"])
    was_confidential = data.get("was_confidential")
    was = (data["old_state"], is_now[1] if was_confidential is None else was_confidential)
    if was == is_now:
        return
    for (state, is_confidential), change in ((was, -1), (is_now, 1)):
        if state:
            where = {"community_id": UUID(data["community_id"]), "state": state}
            _count({**where, "is_confidential": is_confidential}, change)


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
