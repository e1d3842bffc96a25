"""Counts everything anew, beside what is read, a stretch of cases at a time.

The new sums grow in an edition of their own: pages go on showing the old one, and the worker, which
goes on counting, counts a case in the new one too once its stretch is done (TallyState.built_to). With
the last stretch the new edition becomes the one that is read. So it may be begun at any time, stop at
any line and be begun again, and nobody who reports waits for more than one stretch.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db import connection, transaction
from django.utils.translation import gettext as _

from linli.cases.selectors import facts as case_facts
from linli.indicators.errors import Superseded
from linli.indicators.models import CaseFact, Tally, TallyState
from linli.indicators.rules import measures
from linli.indicators.rules.measures import CODES, DAYS, FACT, PLACE, Counts, Place
from linli.indicators.services.counting import add, facts_of, lock_state, own_rows, plain
from linli.kernel import runs
from linli.kernel.actor import Actor
from linli.kernel.tenancy import current_tenant_id

DUTY: Final = "kernel.operate"
KIND: Final = "indicators.rebuild"
STRETCH: Final = 5_000
_DELETE_AT_ONCE: Final = 5_000
_FIRST: Final = UUID(int=0)
_LAST: Final = UUID(int=2**128 - 1)
Progress = Callable[[int, int], None]


def is_complete() -> bool:
    """Tell whether every case of the tenant is counted: false after an update from before figures, and
    after the first rebuilding died.
    """
    if TallyState.objects.filter(built_at__isnull=False).exists():
        return True
    return CaseFact.objects.count() >= case_facts.count_all()


def rebuild_tallies(*, now: datetime, progress: Progress, stretch: int = STRETCH) -> int:
    """Work out every fact and every tally of the tenant anew; return how many cases were counted.

    progress: told (done, of how many) after each stretch; what it raises ends the work, and what is
    read stays as it was.
    Errors: Superseded.
    """
    edition, total = _begin(), case_facts.count_all()
    after: UUID | None = _FIRST
    done = 0
    while after is not None:
        after, counted = _count_stretch(edition, after, stretch, now)
        done += counted
        progress(done, max(total, done))
    _forget_editions(edition)
    return done


def start_rebuild(*, actor: Actor, now: datetime, key: str) -> runs.Run:
    """Ask for everything to be counted anew; the same key again gives the same run.

    Errors: NotAllowed, for anybody but the operator.
    """
    actor.require(DUTY)
    title = _("重新统计全部数字")
    return runs.start(KIND, title=title, data={}, actor=actor, now=now, key=key)


@transaction.atomic
def _begin() -> int:
    state = lock_state()
    state.building = max(state.edition, state.building or 0) + 1
    state.built_to = None
    state.save(update_fields=["building", "built_to"])
    return state.building


@transaction.atomic
def _count_stretch(
    edition: int, after: UUID, stretch: int, now: datetime
) -> tuple[UUID | None, int]:
    state = lock_state()
    if state.building != edition:
        raise Superseded("已经有人重新开始统计，这一次不再继续。")
    end = case_facts.end_of_stretch(after, stretch)
    counted = _write_facts(after, end or _LAST)
    sums = _sum_facts(after, end or _LAST)
    add(measures.spread(sums), edition)
    if end is None:
        state.edition, state.building, state.built_at = edition, None, now
    state.built_to = end
    state.save(update_fields=["edition", "building", "built_to", "built_at"])
    return end, counted


_FACTS: Final = CaseFact._meta.db_table


def _write_facts(after: UUID, end: UUID) -> int:
    bounds = [current_tenant_id(), plain(after), plain(end)]
    found = facts_of("c.id > %s AND c.id <= %s")
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {_FACTS} WHERE {own_rows()} AND id > %s AND id <= %s", bounds)
        cursor.execute(f"INSERT INTO {_FACTS} ({', '.join(FACT)}) {found}", bounds)
        return int(cursor.rowcount)


def _sum_facts(after: UUID, end: UUID) -> dict[tuple[Place, str], Counts]:
    bounds = [current_tenant_id(), plain(after), plain(end)]
    sums: dict[tuple[Place, str], Counts] = {}
    with connection.cursor() as cursor:
        for day in DAYS:
            cursor.execute(
                measures.sum_sql(day, _FACTS, f"{own_rows()} AND id > %s AND id <= %s"), bounds
            )
            for row in cursor.fetchall():
                _put(sums, row, measures.measures_of(day))
    return sums


def _put(
    sums: dict[tuple[Place, str], Counts], row: tuple[Any, ...], places: tuple[int, ...]
) -> None:
    place: Any = row[: len(PLACE)]
    counts = sums.setdefault((place, str(row[len(PLACE)])), [0] * len(CODES))
    for at, number in zip(places, row[len(PLACE) + 1 :], strict=True):
        counts[at] += int(number)


def _forget_editions(edition: int) -> None:
    """Delete what is read no more, a few rows at a time: who writes at the same time waits little."""
    while True:
        with transaction.atomic():
            if TallyState.objects.get().edition != edition:
                return
            old = Tally.objects.exclude(edition=edition).values_list("pk", flat=True)
            ids = list(old[:_DELETE_AT_ONCE])
            if not ids:
                return
            Tally.objects.filter(pk__in=ids).delete()
