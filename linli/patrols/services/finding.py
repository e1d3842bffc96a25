"""What is found on a walk becomes a case on the spot, or is settled on the spot."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from linli.cases import selectors as cases
from linli.cases.selectors import Source
from linli.cases.services.intake import Report
from linli.cases.services.patrol import report_on_patrol, settle_on_the_spot
from linli.cases.services.photos import Photos
from linli.field.selectors.items import Item
from linli.kernel import events
from linli.kernel.actor import Actor
from linli.kernel.errors import BadInput
from linli.patrols import rules
from linli.patrols.events import FindingMade
from linli.patrols.models import Check, Finding, FindingKind, Point
from linli.patrols.selectors.lists import list_of_point
from linli.patrols.selectors.places import where_of_point
from linli.places.services.facility_faults import note_fault


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What was found, in the walker's words; empty words are those of the answers.

    category_id: else the one that the list of items names. result: how it was settled at once.
    """

    text: str = ""
    category_id: UUID | None = None
    is_urgent: bool = False
    is_settled: bool = False
    result: str = ""


def make_finding(
    *,
    check: Check,
    key: str,
    at: datetime,
    point: Point,
    bad: Sequence[tuple[Item, str]],
    found: Found,
    photos: Photos,
    after: Photos,
    actor: Actor,
    now: datetime,
) -> Finding:
    """Report what was found as a case, or as one that is settled already; once per look.

    key, at: the look's own; the check may be of a later look that came in before.
    Only inside the transaction of the look. Errors: those of cases.services.patrol, BadInput.
    """
    report = Report(
        category_id=found.category_id or _category_of(point, bad),
        text=_words(bad, found),
        where=where_of_point(point),
        source=Source.PATROL,
        is_urgent=found.is_urgent,
        key=f"patrol:{key or f'{check.pk}:{at.timestamp():.0f}'}",
    )
    facts: dict[str, Any] = {"report": report, "photos": photos, "actor": actor, "now": now}
    if found.is_settled:
        case = settle_on_the_spot(**facts, result=found.result, after=after)
        kind = FindingKind.SETTLED
    else:
        case, kind = report_on_patrol(**facts)[0], FindingKind.REPORTED
    made, is_new = Finding.objects.get_or_create(
        case_id=case.pk,
        defaults={"patrol_id": check.patrol_id, "point": point, "kind": kind, "at": at},
    )
    if is_new:
        _tell(made, point, case, actor, now)
    return made


def _words(bad: Sequence[tuple[Item, str]], found: Found) -> str:
    """Return the walker's words, else those of the answers, else how it was settled."""
    return found.text.strip() or (rules.sentence_of(bad) if bad else found.result.strip())


def _tell(made: Finding, point: Point, case: Any, actor: Actor, now: datetime) -> None:
    if point.facility_id is not None and not case.is_confidential:
        note_fault(
            facility_id=point.facility_id, case_id=case.pk, number=case.number, title=case.title,
            actor=actor, at=now,
        )  # fmt: skip
    event = FindingMade(
        subject_id=made.patrol_id, area_path=point.area_path, point_id=point.pk, case_id=case.pk,
        kind=made.kind,
    )  # fmt: skip
    events.record(event, actor=actor, at=now)


def _category_of(point: Point, bad: Sequence[tuple[Item, str]]) -> UUID:
    """Return the category that the first bad item, the list or the facility's kind names."""
    lists = list_of_point(point)
    codes = [lists.categories.get(item.code, "") for item, _words in bad]
    if point.facility is not None:
        codes.append(point.facility.kind.category_code)
    known = {one.code: one.pk for one in cases.active_categories()}
    for code in [*codes, lists.category_code]:
        if code in known:
            return known[code]
    raise BadInput(_("选一下是什么问题。"), field="category")
