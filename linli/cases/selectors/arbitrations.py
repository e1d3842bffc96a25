"""Questions that went up with their clause: the catalogue, what waits, the sheet of a month."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db.models import Count, F, Q, QuerySet
from django.utils.translation import gettext as _

from linli.cases.models import Arbitration, ArbitrationState, Case, Clause, Outcome
from linli.kernel.actor import Actor
from linli.kernel.errors import NotFound
from linli.kernel.memory import remember

DUTY: Final = "cases.arbitrate"
MOST: Final = 100
_OF_CASE: Final = (Outcome.TAKE, Outcome.STAY, Outcome.DECLINE)
_OF_PART: Final = (Outcome.STAND, Outcome.RELEASE, Outcome.REPLACE)


@remember
def clauses() -> tuple[Clause, ...]:
    """Return the entries of the dispatch catalogue in use, in their order."""
    rows = Clause.objects.filter(ended_at=None).select_related("organisation")
    return tuple(rows.order_by("order", "code"))


def get_clause(clause_id: UUID) -> Clause:
    """Return an entry of the catalogue in use. Errors: NotFound."""
    for row in clauses():
        if row.pk == clause_id:
            return row
    raise NotFound(_("职责清单里没有这一条，重新选一条。"))


def outcomes(arbitration: Arbitration) -> list[tuple[str, str]]:
    """Return what may be answered: (value, words)."""
    among = _OF_PART if arbitration.part_id else _OF_CASE
    return [(str(one), str(one.label)) for one in among]


def open_of_case(case_id: UUID) -> Arbitration | None:
    """Return the question about a case itself that waits for an answer, or None."""
    rows = Arbitration.objects.filter(case_id=case_id, part=None, state=ArbitrationState.ASKED)
    return rows.select_related("clause").first()


def of_case(case_id: UUID) -> list[Arbitration]:
    """Return every question about a case or about parts of its whistles, newest first."""
    rows = Arbitration.objects.filter(case_id=case_id)
    names = ("clause", "organisation", "part__organisation", "post")
    return list(rows.select_related(*names).order_by("-id"))


def get_arbitration(arbitration_id: UUID, actor: Actor) -> Arbitration:
    """Return one question that the actor may see. Errors: NotFound."""
    found = _rows().filter(_seen(actor), pk=arbitration_id).first()
    if found is None:
        raise NotFound(_("没有找到这件裁定。"))
    return found


def waiting(actor: Actor) -> list[Arbitration]:
    """Return the questions that wait for an answer, by promise: MOST of them."""
    rows = _rows().filter(_seen(actor), due_at__isnull=False)
    return list(rows.order_by("due_at", "id")[:MOST])


def waiting_count(actor: Actor) -> int:
    """Return how many questions wait for the actor's own answer (see `may_answer`)."""
    scopes = actor.scopes(DUTY)
    if not scopes:
        return 0
    where = Q(pk__in=[])
    for path in scopes:
        below = Q(community__path__startswith=path) & ~Q(community__path=path)
        own = Q(area_path__startswith=path, post_id__in=actor.post_ids)
        where |= own | below
    return Arbitration.objects.filter(where, _seen(actor), due_at__isnull=False).count()


def answered(actor: Actor) -> list[Arbitration]:
    """Return the questions that were answered last."""
    rows = _rows().filter(_seen(actor), state=ArbitrationState.ANSWERED)
    return list(rows.order_by("-id")[:30])


def may_answer(arbitration: Arbitration, actor: Actor) -> bool:
    """Tell whether the actor answers: the post that was asked, or one that decides from above.

    Whoever holds the duty over no more than the community itself asked; they don't answer.
    """
    if not actor.can(DUTY, arbitration.area_path):
        return False
    if arbitration.post_id in actor.post_ids:
        return True
    own = arbitration.community.path
    return any(own.startswith(path) and path != own for path in actor.scopes(DUTY))


def _rows() -> QuerySet[Arbitration]:
    rows = Arbitration.objects.select_related(
        "case",
        "case__category",
        "clause",
        "community",
        "organisation",
        "part__organisation",
        "post",
    )
    return rows.defer("community__polygon")


def _seen(actor: Actor) -> Q:
    where = Q(pk__in=[])
    for path in actor.scopes("cases.view"):
        where |= Q(area_path__startswith=path) if path else Q(pk__isnull=False)
    hidden = ~Q(case__is_confidential=True)
    for path in actor.scopes("cases.confidential"):
        hidden |= Q(area_path__startswith=path) if path else Q(pk__isnull=False)
    return where & hidden


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetLine:
    """One clause in one month."""

    clause: str
    source: str
    asked: int
    answered: int
    in_time: int
    outcomes: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """What of a month's cases was beyond the community's authority, by clause (超权限占比)."""

    received: int  # cases reported in the month
    beyond: int  # of the questions asked in the month: cases, each once
    lines: tuple[SheetLine, ...]

    @property
    def rate(self) -> float | None:
        """Return the share, 0.0 to 1.0; None when nothing was reported."""
        return self.beyond / self.received if self.received else None


def sheet_of(community_id: UUID, start: datetime, end: datetime) -> Sheet:
    """Return the sheet of the days from `start` until before `end`; refusals of parts are no part of it.

    Source: beyond.md 6, 月度超权限占比.
    """
    rows = Arbitration.objects.filter(
        community_id=community_id, asked_at__gte=start, asked_at__lt=end, part=None
    ).exclude(state=ArbitrationState.WITHDRAWN)
    received = Case.objects.filter(
        community_id=community_id, reported_at__gte=start, reported_at__lt=end
    )
    return Sheet(
        received=received.count(),
        beyond=rows.values("case_id").distinct().count(),
        lines=_lines(rows),
    )


def _lines(rows: QuerySet[Arbitration]) -> tuple[SheetLine, ...]:
    said: dict[UUID, Counter[str]] = {}
    for clause_id, outcome in rows.exclude(outcome="").values_list("clause_id", "outcome"):
        said.setdefault(clause_id, Counter())[outcome] += 1
    counted = rows.values("clause_id", "clause__title", "clause__source").annotate(
        asked=Count("pk"),
        answered=Count("pk", filter=Q(answered_at__isnull=False)),
        in_time=Count("pk", filter=Q(answered_at__lte=F("answer_due_at"))),
    )
    return tuple(
        _line(one, said.get(one["clause_id"], Counter()))
        for one in counted.order_by("-asked", "clause__title")
    )


def _line(one: Any, said: Counter[str]) -> SheetLine:
    return SheetLine(
        clause=one["clause__title"],
        source=one["clause__source"],
        asked=one["asked"],
        answered=one["answered"],
        in_time=one["in_time"],
        outcomes=tuple((str(Outcome(code).label), number) for code, number in said.most_common()),
    )
