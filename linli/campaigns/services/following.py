"""What happens to a case happens to the entry and the matter that it stands behind, once each."""

from collections.abc import Iterable
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from linli.campaigns.models import Entry, Matter, Part
from linli.campaigns.rules import TEXT_LIMIT
from linli.campaigns.services import matters, working
from linli.campaigns.services.gathering import part_of
from linli.campaigns.services.shots import forget_shots
from linli.campaigns.states import EntryState, MatterState
from linli.cases import selectors as cases
from linli.cases.selectors import followups
from linli.kernel import tenancy
from linli.kernel.actor import Actor, ActorKind, system
from linli.places.selectors.ground import Ground, Moved, grounds_of, grounds_of_spots

# What of a case's steps is followed.
RESOLVED: Final = "cases.case.resolved"
CLOSED: Final = "cases.case.closed"
REOPENED: Final = "cases.case.reopened"
DECLINED: Final = "cases.case.declined"
WITHDRAWN: Final = "cases.case.withdrawn"
MERGED: Final = "cases.case.merged"
CORRECTED: Final = "cases.case.corrected"
_ENTRY_AFTER: Final = {
    RESOLVED: ({EntryState.OPEN, EntryState.HANDED, EntryState.IMPOSSIBLE}, EntryState.SETTLED),
    # The reporter says that it is not done: neither is the entry.
    REOPENED: ({EntryState.SETTLED}, EntryState.HANDED),
    DECLINED: ({EntryState.HANDED}, EntryState.IMPOSSIBLE),
    # The reporter took it back; the dump is still there.
    WITHDRAWN: ({EntryState.HANDED}, EntryState.OPEN),
}


@transaction.atomic
def follow_grids(*, moved: Moved) -> None:
    """Let entries belong to the grids that their places belong to now, and to that grid's part."""
    ids = set(moved.building_ids)
    below = Q(pk__in=())
    for path in moved.ended_paths:
        below |= Q(area_path__startswith=path)
    ended = Entry.objects.filter(below)
    ids.update(ended.filter(building__isnull=False).values_list("building_id", flat=True))
    spots = ended.filter(building=None).values_list("pk", "lat", "lon")
    places = {pk: (lat, lon) for pk, lat, lon in spots}
    for ground, some in grounds_of(moved.community, ids).items():
        _settle_in(ground, Entry.objects.filter(building_id__in=some))
    for ground, some in grounds_of_spots(moved.community, places).items():
        _settle_in(ground, Entry.objects.filter(pk__in=some))


def _settle_in(ground: Ground, entries: QuerySet[Entry]) -> None:
    """Put entries into a grid, and into the part of their campaign that it lies in."""
    parts: dict[UUID, list[Part]] = {}
    concerned = entries.order_by().values("campaign_id")
    for part in Part.objects.filter(campaign_id__in=concerned).select_related("area"):
        parts.setdefault(part.campaign_id, []).append(part)
    entries.update(area_path=ground.path)
    for campaign_id, some in parts.items():
        entries.filter(campaign_id=campaign_id).update(part=part_of(some, ground.path))


def by(account_id: UUID | None) -> Actor:
    """Return who took a step of a case, as far as it is known; the product itself otherwise."""
    tenant_id = tenancy.current_tenant_id()
    if account_id is None:
        return system(tenant_id)
    return Actor(tenant_id=tenant_id, kind=ActorKind.STAFF, account_id=account_id)


def linked(case_ids: Iterable[UUID]) -> set[UUID]:
    """Return which of some cases stand behind an entry or a matter; two questions for any number."""
    found: set[UUID] = set()
    for model in (Entry, Matter):
        rows = model.objects.filter(case_id__in=list(case_ids))
        found |= set(rows.values_list("case_id", flat=True))
    return found


@transaction.atomic
def follow_case(
    *,
    case_id: UUID,
    step: str,
    account_id: UUID | None,
    at: datetime,
    into_id: UUID | None = None,
    is_solved: bool | None = None,
) -> None:
    """Let entries and matters follow a step of their case; a second delivery changes nothing.

    into_id: of a merged case, the one that goes on. is_solved: the reporter's word on a closed one.
    """
    actor = by(account_id)
    if step == MERGED and into_id is not None:
        _move_links(case_id, into_id)
        case_id = into_id
    if step in (MERGED, CORRECTED):
        if _is_confidential(case_id):
            _forget_words(case_id, actor, at)
        return
    words = _result_of(case_id) if step in (RESOLVED, DECLINED) else ""
    _follow_entries(case_id, step, words, actor, at)
    for matter in _locked_matters(case_id=case_id):
        if step == RESOLVED:
            evidence = _("工单 %(number)s 办结。%(words)s") % {
                "number": matter.case_number,
                "words": words,
            }
            matters.note_shown(matter, evidence, actor=actor, now=at, by_case=True)
        elif step == CLOSED and is_solved and matter.is_raised_by_case:
            matters.note_rated(matter, actor=actor, now=at)
        elif step == REOPENED:
            matters.note_reopened(matter, actor=actor, now=at)


def _follow_entries(case_id: UUID, step: str, words: str, actor: Actor, at: datetime) -> None:
    if step not in _ENTRY_AFTER:
        return
    states, state = _ENTRY_AFTER[step]
    rows = Entry.objects.filter(case_id=case_id, state__in=states).select_related("kind")
    for entry in rows.select_for_update(of=("self",)).order_by("id"):
        if words:
            entry.result = words[:TEXT_LIMIT]
        elif step == DECLINED:
            entry.result = _("工单不予受理，原因见工单。")
        working.move(entry, state, actor=actor, now=at, by_case=True)


def _is_confidential(case_id: UUID) -> bool:
    return bool(cases.get_case(case_id, system(tenancy.current_tenant_id())).is_confidential)


def _forget_words(case_id: UUID, actor: Actor, at: datetime) -> None:
    """Keep nothing of a case that has become confidential but its number: lists are read by many.

    What is still open on them goes on with the case alone.
    """
    entries = Entry.objects.filter(case_id=case_id).select_related("kind")
    for entry in entries.select_for_update(of=("self",)).order_by("id"):
        entry.text = entry.result = ""
        entry.save(update_fields=["text", "result"])
        forget_shots(entry.photos.all())
        if entry.state == EntryState.OPEN:
            working.move(entry, EntryState.HANDED, actor=actor, now=at, by_case=True)
    for matter in _locked_matters(case_id=case_id):
        matter.problem = _("保密工单 %(number)s") % {"number": matter.case_number}
        shown = _("工单 %(number)s 办结。") % {"number": matter.case_number}
        matter.evidence = shown if matter.evidence else ""
        matter.save(update_fields=["problem", "evidence"])
        forget_shots(matter.photos.all())


def _move_links(case_id: UUID, into_id: UUID) -> None:
    into = cases.get_case(into_id, system(tenancy.current_tenant_id()))
    for model in (Entry, Matter):
        model.objects.filter(case_id=case_id).update(case_id=into.pk, case_number=into.number)


def _result_of(case_id: UUID) -> str:
    case = cases.get_case(case_id, system(tenancy.current_tenant_id()))
    if case.is_confidential:
        return ""
    if case.decline_reason and case.state == "declined":
        return str(case.decline_reason)
    return followups.result_words(case)


def _locked_matters(**which: UUID) -> list[Matter]:
    rows = Matter.objects.filter(**which).select_for_update(of=("self",))
    return list(rows.order_by("id"))


@transaction.atomic
def follow_entry(*, entry_id: UUID, new_state: str, account_id: UUID | None, at: datetime) -> None:
    """Let the matters of an entry follow what came of it on site."""
    entry = Entry.objects.select_related("kind", "campaign").get(pk=entry_id)
    actor = by(account_id)
    for matter in _locked_matters(entry_id=entry_id):
        if new_state == EntryState.SETTLED and entry.state == EntryState.SETTLED:
            evidence = _("整治清单第 %(n)s 条已整治。%(words)s") % {
                "n": entry.number,
                "words": entry.result,
            }
            matters.note_shown(matter, evidence, actor=actor, now=at)
        elif new_state == EntryState.OPEN and matter.state != MatterState.OPEN:
            matters.note_reopened(matter, actor=actor, now=at)
