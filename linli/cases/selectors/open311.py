"""Cases as other systems read them (Open311 GeoReport v2): what was reported between two moments.

Three readers: a key that views the place sees what staff there see; a key without that right, and
whoever has no key, sees what anybody may: no words of people, no names, places by their estate and
rounded. Cases of categories that the board does not show, and confidential ones, are not there.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from linli.cases.models import Case, Category
from linli.cases.selectors.access import visible_to
from linli.cases.selectors.catalogue import (
    all_categories,
    categories_for_residents,
    questions_of,
)
from linli.cases.selectors.conditions import Question, Scope, scope_of, seen
from linli.cases.selectors.open311_rows import Row, public_category_ids
from linli.kernel.actor import Actor
from linli.kernel.errors import NotFound
from linli.kernel.models import EventRow
from linli.kernel.prepared import Prepared


@dataclass(frozen=True, slots=True)
class Reader:
    """Who asks, and in which community, if in one. It is a part of kept statements: all that a
    condition depends on stands in it.

    scope: None for whoever sees the public part, of the categories in category_ids.
    """

    scope: Scope | None
    community_id: UUID | None = None
    category_ids: tuple[UUID, ...] = ()

    @property
    def is_public(self) -> bool:
        """Whether only what anybody may see is shown."""
        return self.scope is None


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a list is asked for: reported from `start` to `end`, newest first.

    states: "open", "closed" or "" for both. after: where the page before ended.
    """

    start: datetime
    end: datetime
    states: str = ""
    service_codes: tuple[str, ...] = ()
    limit: int = 1000
    offset: int = 0
    after: tuple[datetime, UUID] | None = None


def reader_of(actor: Actor, community_id: UUID | None = None) -> Reader:
    """Return how somebody reads: with the eyes of staff where a key views or handles cases."""
    is_seeing = actor.scopes("cases.view") or actor.organisation_ids or actor.post_ids
    if is_seeing:
        return Reader(scope_of(actor), community_id)
    return Reader(None, community_id, public_category_ids())


def services(actor: Actor) -> list[Category]:
    """Return the categories that may be chosen; confidential ones only by whoever handles such."""
    may = actor.can("cases.confidential")
    return [one for one in categories_for_residents() if may or not one.is_confidential]


def get_service(code: str, actor: Actor) -> Category:
    """Return a category that may be chosen, by its code. Errors: NotFound."""
    for one in services(actor):
        if one.code == code:
            return one
    raise NotFound(_("没有找到 service_code %(code)s。") % {"code": code[:40]})


def questions(category: Category) -> tuple[Any, ...]:
    """Return what a category asks besides the sentence, in order."""
    return questions_of(category.pk)


# Lists


def requests(asked: Asked, reader: Reader) -> list[Row]:
    """Return cases newest first. Each walk follows one index and stops when the page is full."""
    codes = {category.code: key for key, category in all_categories().items()}
    wanted = tuple(sorted(codes[one] for one in asked.service_codes if one in codes))
    if asked.service_codes and not wanted:
        return []
    kinds = ("running", "stopped") if asked.states == "open" else (asked.states,)
    found: list[Row] = []
    for kind in kinds:
        found += _walk(kind, asked, reader, wanted)
    if len(kinds) > 1:
        found.sort(key=lambda row: (row.reported_at, row.id), reverse=True)
        found = found[asked.offset : asked.offset + asked.limit]
    return found


def _walk(kind: str, asked: Asked, reader: Reader, wanted: tuple[UUID, ...]) -> list[Row]:
    after_at, after_id = asked.after or (None, None)
    # Two walks are cut after they were put together.
    first = 0 if kind in ("running", "stopped") else asked.offset
    shape = (kind, reader, wanted, first, asked.offset + asked.limit)
    rows = _LIST(shape, start=asked.start, end=asked.end, after_at=after_at, after_id=after_id)
    return [Row(*row) for row in rows]


def _list(
    shape: tuple[str, Reader, tuple[UUID, ...], int, int],
    start: datetime,
    end: datetime,
    after_at: datetime | None = None,
    after_id: UUID | None = None,
) -> QuerySet[Case, Any]:
    kind, reader, wanted, first, last = shape
    rows = Case.objects.filter(_visible(reader), reported_at__gte=start, reported_at__lte=end)
    rows = _of_kind(rows, kind)
    if wanted:
        rows = rows.filter(category_id__in=wanted)
    if after_at is not None:
        later = Q(reported_at=after_at, pk__gte=after_id)
        rows = rows.filter(reported_at__lte=after_at).exclude(later)
    return rows.order_by("-reported_at", "-id").values_list(*Row._fields)[first:last]


def _of_kind(rows: QuerySet[Case], kind: str) -> QuerySet[Case]:
    """Return the rows of a kind, by the very conditions of the indexes: history is no part of a walk."""
    if kind == "running":
        return rows.filter(due_at__isnull=False)
    if kind == "stopped":
        return rows.filter(suspended_at__isnull=False)
    if kind == "closed":
        return rows.filter(due_at__isnull=True, suspended_at__isnull=True)
    return rows


_LIST = Prepared(_list)


def _visible(reader: Reader) -> Q:
    here = Q() if reader.community_id is None else Q(community_id=reader.community_id)
    if reader.scope is not None:
        return here & seen(Question(), reader.scope)
    return here & Q(is_confidential=False, category_id__in=reader.category_ids)


def find_requests(numbers: Iterable[str], reader: Reader) -> list[Row]:
    """Return the cases of those numbers that the reader may see, newest first."""
    asked = {number.strip().upper() for number in numbers}
    rows = Case.objects.filter(_visible(reader), number__in=asked)
    rows = rows.order_by("-reported_at", "-id")
    return [Row(*row) for row in rows.values_list(*Row._fields)]


def get_request(number: str, reader: Reader, actor: Actor) -> tuple[Row, bool]:
    """Return the case of a number, and whether it is read in full: a key reads what it filed.

    Errors: NotFound, the same whether it is absent or not the reader's to see.
    """
    found = find_requests([number], reader)
    if found:
        return found[0], not reader.is_public or is_filed_by(found[0].id, actor)
    rows = Case.objects.filter(number=number.strip().upper()).values_list(*Row._fields)
    for row in map(Row._make, rows):
        if is_filed_by(row.id, actor):
            return row, True
    raise _no_such(number)


def get_case_for(number: str, actor: Actor) -> tuple[Case, bool]:
    """Return the case that a system writes to, and whether that system filed it.

    Errors: NotFound, the same whether it is absent or another's.
    """
    rows = Case.objects.filter(number=number.strip().upper())
    for case in rows.filter(visible_to(actor)):
        return case, is_filed_by(case.pk, actor)
    for case in rows:
        if is_filed_by(case.pk, actor):
            return case, True
    raise _no_such(number)


def is_filed_by(case_id: UUID, actor: Actor) -> bool:
    """Tell whether a case came in through this very key."""
    if actor.client_id is None:
        return False
    rows = EventRow.objects.filter(subject_id=case_id, name="cases.case.reported")
    return str(actor.client_id) in {
        row.get("client_id") for row in rows.values_list("data", flat=True)
    }


def _no_such(number: str) -> NotFound:
    return NotFound(_("没有找到 service_request_id %(number)s。") % {"number": number[:40]})


def visible_numbers(
    reader: Reader, *, ids: Iterable[UUID] = (), numbers: Iterable[str] = ()
) -> dict[UUID, str]:
    """Return the numbers of those cases, given by id or by number, that the reader may see."""
    rows = Case.objects.filter(_visible(reader))
    asked = {number.strip().upper() for number in numbers}
    rows = rows.filter(number__in=asked) if asked else rows.filter(pk__in=set(ids))
    return dict(rows.values_list("id", "number"))
