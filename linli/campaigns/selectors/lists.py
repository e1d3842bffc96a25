"""The list of a campaign: entries by state, kind and part; photos; counts that open on their rows."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, QuerySet, Sum

from linli.campaigns.models import Campaign, Entry, EntryImport, EntryPhoto, ImportState, Kind
from linli.campaigns.selectors.access import MANAGE, get_campaign
from linli.campaigns.states import EntryState
from linli.kernel.actor import Actor
from linli.kernel.errors import NotFound

PAGE = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What of a list is asked for; every field is in the address."""

    state: str = ""
    kind: str = ""  # its code
    part_id: UUID | None = None
    after: int = 0  # the number where the page before ended


@dataclass(frozen=True, slots=True, kw_only=True)
class KindCount:
    """One kind of a list by state: rows, and things counted where one row is several."""

    kind: Kind
    rows: dict[str, int]
    things: dict[str, int]

    @property
    def total(self) -> int:
        """How many things of the kind are on the list."""
        return sum(self.things.values())

    @property
    def settled(self) -> int:
        """How many things were cleared."""
        return self.things.get(EntryState.SETTLED, 0)


def entries(campaign: Campaign, asked: Asked) -> tuple[list[Entry], bool]:
    """Return a page of a list in its order, and whether more follow."""
    rows = _filtered(campaign, asked).filter(number__gt=asked.after)
    found = list(rows.select_related("kind", "part").order_by("number")[: PAGE + 1])
    return found[:PAGE], len(found) > PAGE


def all_entries(campaign: Campaign, asked: Asked) -> list[Entry]:
    """Return the whole of a list, for paper and files."""
    return list(_filtered(campaign, asked).select_related("kind", "part").order_by("number"))


def _filtered(campaign: Campaign, asked: Asked) -> QuerySet[Entry]:
    rows = Entry.objects.filter(campaign=campaign)
    if asked.state:
        rows = rows.filter(state=asked.state)
    if asked.kind:
        rows = rows.filter(kind__code=asked.kind)
    if asked.part_id:
        rows = rows.filter(part_id=asked.part_id)
    return rows


def state_counts(campaign: Campaign) -> dict[str, int]:
    """Return how many rows stand in each state."""
    found = Entry.objects.filter(campaign=campaign).order_by().values_list("state")
    counts = dict(found.annotate(n=Count("id")))
    return {value: counts.get(value, 0) for value, _label in EntryState.choices}


def kind_counts(campaign: Campaign) -> list[KindCount]:
    """Return the counts by kind and state, kinds in their order; one query."""
    rows = Entry.objects.filter(campaign=campaign).order_by()
    found = rows.values_list("kind_id", "state").annotate(n=Count("id"), things=Sum("count"))
    by_kind: dict[UUID, KindCount] = {}
    kinds = Kind.objects.filter(pk__in={row[0] for row in found}).order_by("order", "id")
    for kind in kinds:
        by_kind[kind.pk] = KindCount(kind=kind, rows={}, things={})
    for kind_id, state, rows_, things in found:
        by_kind[kind_id].rows[state] = rows_
        by_kind[kind_id].things[state] = things
    return list(by_kind.values())


def photos_of(entry_ids: Iterable[UUID]) -> dict[UUID, list[EntryPhoto]]:
    """Return the photos of entries, oldest first."""
    found: dict[UUID, list[EntryPhoto]] = {}
    for row in EntryPhoto.objects.filter(entry_id__in=list(entry_ids)).order_by("id"):
        found.setdefault(row.entry_id, []).append(row)
    return found


def get_photo(entry_id: UUID, photo_id: UUID) -> EntryPhoto:
    """Return a photo of an entry that was checked before. Errors: NotFound."""
    found = EntryPhoto.objects.filter(pk=photo_id, entry_id=entry_id).first()
    if found is None:
        raise NotFound("没有找到这张照片。")
    return found


def get_import(import_id: UUID, actor: Actor, *, lock: bool = False) -> EntryImport:
    """Return a file that came in for a campaign that the actor plans. Errors: NotFound."""
    rows = EntryImport.objects.filter(pk=import_id).select_related("campaign")
    if lock:
        rows = rows.select_for_update(of=("self",))
    found = rows.first()
    if found is None or not actor.can(MANAGE, found.campaign.area_path):
        raise NotFound("没有找到这份表格。")
    get_campaign(found.campaign_id, actor)
    return found


def waiting_imports(campaign: Campaign) -> list[EntryImport]:
    """Return the files of a campaign that wait to be confirmed, newest first."""
    rows = EntryImport.objects.filter(campaign=campaign, state=ImportState.WAITING)
    return list(rows.defer("rows").order_by("-id")[:20])


def of_case(case_id: UUID) -> list[Entry]:
    """Return the entries that a case stands behind."""
    rows = Entry.objects.filter(case_id=case_id).select_related("campaign", "kind")
    return list(rows.order_by("id"))
