"""The list before the campaign: entries by hand, from patrols, from open cases, from the ground."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from linli.campaigns.events import EntriesGathered
from linli.campaigns.models import Campaign, Entry, Gathered, Kind, Part, Stage
from linli.campaigns.rules import TEXT_LIMIT
from linli.campaigns.selectors import campaigns, ground
from linli.campaigns.selectors.access import MANAGE, get_campaign, require_work
from linli.campaigns.services.shots import Shots, keep_shots, read_again, stores_shots
from linli.campaigns.states import CampaignState, EntryState
from linli.cases import selectors as cases
from linli.cases.selectors import reading
from linli.kernel import events
from linli.kernel.actor import Actor
from linli.kernel.errors import BadInput, DomainError
from linli.places.selectors import Where

MOST: Final = 2_000  # entries of a campaign
MOST_COUNT: Final = 200  # things in one entry


@dataclass(frozen=True, slots=True, kw_only=True)
class EntrySheet:
    """What somebody says of one thing to clear. place: as `ground.choices` gives it."""

    kind_id: UUID
    place: str = ""
    spot: str = ""  # the place in words
    text: str = ""
    count: int = 1
    lat: float | None = None
    lon: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """An entry on its way onto the list; its number comes with it."""

    kind: Kind
    where: Where
    label: str
    text: str
    count: int
    key: str
    gathered: Gathered
    case_id: UUID | None = None
    case_number: str = ""


@stores_shots("before")
@transaction.atomic
def add_entry(
    *,
    campaign_id: UUID,
    sheet: EntrySheet,
    key: str,
    actor: Actor,
    now: datetime,
    gathered: str = Gathered.HAND,
    before: Shots = (),
) -> tuple[Entry, bool]:
    """Put one thing on the list; return it and whether it is new. The same key gives the same entry.

    Whoever plans may, and whoever works there: what is met on site is added on site.
    Errors: BadInput (with the field), NotFound, NotAllowed, DomainError (it has ended).
    """
    campaign = get_campaign(campaign_id, actor, lock=True)
    kind = kind_of(sheet.kind_id)
    where = ground.where_of(campaign.community, sheet.place, lat=sheet.lat, lon=sheet.lon)
    require_work(campaign, where.area_path, actor)
    _check(campaign, sheet)
    row = Row(
        kind=kind,
        where=where,
        label=label_of(where, sheet.spot),
        text=sheet.text.strip(),
        count=sheet.count,
        key=key,
        gathered=Gathered(gathered),
    )
    made = put_on_list(campaign, [row], actor=actor, now=now)
    if not made:
        return campaign.entries.select_related("kind").get(key=key), False
    keep_shots(made[0], before, stage=Stage.BEFORE, actor=actor, now=now)
    return made[0], True


def kind_of(kind_id: UUID) -> Kind:
    """Return a kind in use. Errors: BadInput."""
    found = next((one for one in campaigns.kinds() if one.pk == kind_id), None)
    if found is None:
        raise BadInput(_("这一类已经停用，另选一类。"), field="kind")
    return found


def label_of(where: Where, spot: str) -> str:
    """Return a place in words: what the tree says, and what somebody added."""
    return f"{where.label} {spot.strip()}".strip()[:160]


def _check(campaign: Campaign, sheet: EntrySheet) -> None:
    if not sheet.place and not sheet.spot.strip() and sheet.lat is None:
        raise BadInput(_("选一下在哪里，或者写几个字。"), field="place")
    if len(sheet.text) > TEXT_LIMIT:
        raise BadInput(_("说明最多 %(n)d 个字。") % {"n": TEXT_LIMIT}, field="text")
    if not 1 <= sheet.count <= MOST_COUNT:
        raise BadInput(_("数量填 1 到 %(n)d。") % {"n": MOST_COUNT}, field="count")


def put_on_list(
    campaign: Campaign, rows: Iterable[Row], *, actor: Actor, now: datetime
) -> list[Entry]:
    """Write rows onto the list of a locked campaign, each with the next number; known keys are
    passed over.

    Errors: DomainError (it has ended), BadInput (too many).
    """
    if campaign.state in (CampaignState.ENDED, CampaignState.CANCELLED):
        raise DomainError(_("这次行动已经结束，清单不能再加。"))
    known = set(campaign.entries.values_list("key", flat=True))
    wanted = [row for row in rows if row.key not in known]
    if len(known) + len(wanted) > MOST:
        raise BadInput(_("一次行动的清单最多 %(n)d 条，分成几次。") % {"n": MOST})
    number = campaign.entries.aggregate(last=Max("number"))["last"] or 0
    parts = campaigns.parts_of(campaign)
    made = [
        _entry(campaign, row, number + at, parts, actor=actor, now=now)
        for at, row in enumerate(wanted, 1)
    ]
    Entry.objects.bulk_create(made, batch_size=500)
    if made:
        event = EntriesGathered(
            subject_id=campaign.pk,
            area_path=campaign.area_path,
            gathered=str(made[0].gathered),
            count=len(made),
        )
        events.record(event, actor=actor, at=now)
    return made


def _entry(
    campaign: Campaign, row: Row, number: int, parts: list[Part], *, actor: Actor, now: datetime
) -> Entry:
    return Entry(
        campaign=campaign,
        part=part_of(parts, row.where.area_path),
        number=number,
        kind=row.kind,
        text=row.text[:TEXT_LIMIT],
        gathered=row.gathered,
        key=row.key,
        area_path=row.where.area_path,
        building_id=row.where.building_id,
        place_label=row.label,
        lat=row.where.lat,
        lon=row.where.lon,
        state=EntryState.OPEN,
        count=row.count,
        case_id=row.case_id,
        case_number=row.case_number,
        created_by=actor.who,
        created_at=now,
    )


def part_of(parts: Iterable[Part], area_path: str) -> Part | None:
    """Return the part that a place lies in, the deepest of several."""
    fitting = [one for one in parts if area_path.startswith(one.area.path)]
    return max(fitting, key=lambda one: len(one.area.path), default=None)


def add_cases(
    *,
    campaign_id: UUID,
    case_ids: Iterable[UUID],
    kind_id: UUID | None,
    actor: Actor,
    now: datetime,
) -> list[Entry]:
    """Put open cases onto the list, with their photos: whoever settles the entry settles the case.

    kind_id: for cases whose category belongs to no kind. Whoever adds them must dispatch there, for
    the team is lent the right to settle them. Confidential cases never go on a list.
    Errors: NotFound, NotAllowed, BadInput (nothing ticked, no kind), DomainError.
    Source: S1 1.4, the list is made from what residents brought.
    """
    found = [cases.get_case(one, actor) for one in dict.fromkeys(case_ids)]
    if not found:
        raise BadInput(_("先勾上要列入清单的工单。"), field="case_ids")
    shots = [
        (case.pk, shot)
        for case in found
        for photo in reading.report_photos(case)
        if (shot := read_again(photo.path)) is not None
    ]
    return _add_cases(
        campaign_id=campaign_id, found=found, kind_id=kind_id, actor=actor, now=now,
        owners=[owner for owner, _shot in shots], before=tuple(shot for _owner, shot in shots),
    )  # fmt: skip


@stores_shots("before")
@transaction.atomic
def _add_cases(
    *,
    campaign_id: UUID,
    found: list[Any],
    kind_id: UUID | None,
    actor: Actor,
    now: datetime,
    owners: list[UUID],
    before: Shots,
) -> list[Entry]:
    campaign = get_campaign(campaign_id, actor, lock=True)
    actor.require(MANAGE, campaign.area_path)
    by_category = {one.category_code: one for one in campaigns.kinds() if one.category_code}
    usual = kind_of(kind_id) if kind_id else None
    rows = [_row_of(case, campaign, by_category, usual, actor) for case in found]
    made = put_on_list(campaign, rows, actor=actor, now=now)
    by_case = {entry.case_id: entry for entry in made}
    for owner, shot in zip(owners, before, strict=True):
        if owner in by_case:
            keep_shots(by_case[owner], (shot,), stage=Stage.BEFORE, actor=actor, now=now)
    return made


def _row_of(
    case: Any, campaign: Campaign, by_category: Mapping[str, Kind], usual: Kind | None, actor: Actor
) -> Row:
    actor.require("cases.dispatch", case.area_path)
    if case.is_confidential or not case.is_open or case.community_id != campaign.community_id:
        words = _("工单 %(number)s 不能列入：保密、已办结，或者不是本社区的。")
        raise BadInput(words % {"number": case.number}, field="case_ids")
    elsewhere = Entry.objects.filter(
        case_id=case.pk, state=EntryState.OPEN, campaign__state__in=("planned", "running")
    ).exclude(campaign=campaign)
    if elsewhere.exists():
        words = _("工单 %(number)s 已经在另一次行动的清单上。")
        raise BadInput(words % {"number": case.number}, field="case_ids")
    kind = by_category.get(case.category.code) or usual
    if kind is None:
        words = _("“%(name)s”没有对应的类型，在下面选一类。")
        raise BadInput(words % {"name": case.category.name}, field="kind")
    where = Where(
        community_id=case.community_id,
        grid_id=case.grid_id,
        area_path=case.area_path,
        building_id=case.building_id,
        label=case.place_label,
        lat=case.lat,
        lon=case.lon,
        community_name=campaign.community.name,
    )
    return Row(
        kind=kind,
        where=where,
        label=f"{case.place_label} {case.spot}".strip()[:160],
        text=case.title,
        count=1,
        key=f"case:{case.pk}",
        gathered=Gathered.CASE,
        case_id=case.pk,
        case_number=case.number,
    )
