"""The lists of a meeting, a campaign or an inspection: begun, filled from an agenda, carried on."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from linli.campaigns import rules
from linli.campaigns.events import DocketOpened, MatterRaised
from linli.campaigns.models import Campaign, Docket, DocketKind, Entry, Listing, Matter
from linli.campaigns.selectors.access import MANAGE, get_campaign
from linli.campaigns.selectors.dockets import get_docket, series_key_of
from linli.campaigns.states import EntryState, MatterState
from linli.cases import selectors as cases
from linli.kernel import clock, events
from linli.kernel.actor import Actor
from linli.kernel.errors import BadInput
from linli.places import selectors as places
from linli.posts import selectors as posts


@dataclass(frozen=True, slots=True, kw_only=True)
class DocketSheet:
    """What somebody says of a meeting or an inspection."""

    kind: str
    series: str
    held_on: date
    title: str = ""
    next_on: date | None = None
    place: str = ""
    people: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MatterSheet:
    """One problem as it is put on the list. is_own: whoever writes it down raised it."""

    problem: str
    is_own: bool = True
    raised_name: str = ""
    organisation_id: UUID | None = None
    post_id: UUID | None = None
    measure: str = ""
    due_on: date | None = None


@transaction.atomic
def open_docket(
    *,
    community_id: UUID,
    sheet: DocketSheet,
    actor: Actor,
    now: datetime,
    campaign_id: UUID | None = None,
) -> tuple[Docket, bool]:
    """Begin the lists of one meeting, campaign or inspection; what is still open of the same series
    is carried over. The same series on the same day is the same docket.

    Errors: NotFound, NotAllowed, BadInput. Source: S5 5.2 and 5.3, beyond.md 16.
    """
    community = places.get_community_by_id(community_id)
    actor.require(MANAGE, community.path)
    if not sheet.series.strip():
        raise BadInput(_("写一个会议或检查的名字，例如：三方联席会。"), field="series")
    if sheet.next_on is not None and sheet.next_on <= sheet.held_on:
        raise BadInput(_("下一次要在这一次之后。"), field="next_on")
    title = sheet.title.strip() or f"{sheet.series.strip()}（{sheet.held_on:%Y-%m-%d}）"
    docket, is_new = Docket.objects.get_or_create(
        community=community,
        series=sheet.series.strip(),
        held_on=sheet.held_on,
        defaults={
            "kind": sheet.kind,
            "title": title,
            "next_on": sheet.next_on,
            "place": sheet.place.strip(),
            "people": sheet.people.strip(),
            "area_path": community.path,
            "campaign_id": campaign_id,
            "created_by": actor.who,
            "created_at": now,
        },
    )
    if is_new:
        carried = _carry_over(docket)
        event = DocketOpened(
            subject_id=docket.pk, area_path=docket.area_path, kind=str(docket.kind), carried=carried
        )
        events.record(event, actor=actor, at=now)
    return docket, is_new


def _carry_over(docket: Docket) -> int:
    """List what is still open of the series, the oldest promise first."""
    key = series_key_of(docket)
    rows = Matter.objects.filter(series_key=key, docket__held_on__lt=docket.held_on)
    open_rows = rows.exclude(state=MatterState.CLOSED).order_by("due_on", "id")
    listings = [
        Listing(docket=docket, matter=matter, number=number, is_carried=True)
        for number, matter in enumerate(open_rows, 1)
    ]
    Listing.objects.bulk_create(listings)
    return len(listings)


@transaction.atomic
def open_docket_of_campaign(*, campaign_id: UUID, actor: Actor, now: datetime) -> Docket:
    """Begin the lists of a campaign: what it left open, handed on or could not do; asked again it is
    the same docket, with what has come since.

    Errors: NotFound, NotAllowed.
    """
    campaign = get_campaign(campaign_id, actor, lock=True)
    docket = Docket.objects.filter(campaign=campaign).first()
    if docket is None:
        sheet = DocketSheet(
            kind=DocketKind.CAMPAIGN,
            series=_series_of(campaign),
            held_on=campaign.ends_on,
            title=campaign.title,
        )
        docket, _is_new = open_docket(
            community_id=campaign.community_id,
            sheet=sheet,
            actor=actor,
            now=now,
            campaign_id=campaign.pk,
        )
    else:
        actor.require(MANAGE, campaign.area_path)
        docket = get_docket(docket.pk, actor, lock=True)
    rest = campaign.entries.exclude(state=EntryState.SETTLED).select_related("kind")
    for entry in rest.order_by("number"):
        _raise_entry(docket, entry, actor, now)
    return docket


def _series_of(campaign: Campaign) -> str:
    """Return the series of a campaign's lists; two of one name and the same days have one each."""
    name = f"{campaign.title[:30]} {campaign.starts_on:%m%d}"
    same = Docket.objects.filter(community_id=campaign.community_id, series__startswith=name)
    held = same.filter(held_on=campaign.ends_on).count()
    return f"{name} {held + 1}" if held else name


def _raise_entry(docket: Docket, entry: Entry, actor: Actor, now: datetime) -> None:
    words = f"{entry.kind.name}：{entry.place_label} {entry.text}".strip()
    sheet = MatterSheet(problem=words[: rules.TEXT_LIMIT], measure=entry.result)
    _put(docket, sheet, key=f"entry:{entry.pk}", actor=actor, now=now, entry=entry)


@transaction.atomic
def raise_matter(
    *, docket_id: UUID, sheet: MatterSheet, key: str, actor: Actor, now: datetime
) -> Matter:
    """Put a problem on the list; the same key makes one. Errors: NotFound, NotAllowed, BadInput."""
    docket = get_docket(docket_id, actor, lock=True)
    actor.require(MANAGE, docket.area_path)
    if not sheet.problem.strip():
        raise BadInput(_("写一句是什么问题。"), field="problem")
    if not sheet.is_own and not sheet.raised_name.strip():
        raise BadInput(_("写下是谁提出的，要他说办好了才能销号。"), field="raised_name")
    return _put(docket, sheet, key=key, actor=actor, now=now)


@transaction.atomic
def raise_cases(
    *, docket_id: UUID, case_ids: Iterable[UUID], actor: Actor, now: datetime
) -> list[Matter]:
    """Put open cases on the list: the reporter's word closes them there too.

    Errors: NotFound, NotAllowed, BadInput (nothing ticked, a confidential or ended case).
    """
    docket = get_docket(docket_id, actor, lock=True)
    actor.require(MANAGE, docket.area_path)
    found = [cases.get_case(one, actor) for one in dict.fromkeys(case_ids)]
    if not found:
        raise BadInput(_("先勾上要列入清单的工单。"), field="case_ids")
    for case in found:
        if case.is_confidential or not case.is_open or case.community_id != docket.community_id:
            words = _("工单 %(number)s 不能列入：保密、已办结，或者不是本社区的。")
            raise BadInput(words % {"number": case.number}, field="case_ids")
    return [_raise_case(docket, case, actor, now) for case in found]


def _raise_case(docket: Docket, case: Any, actor: Actor, now: datetime) -> Matter:
    sheet = MatterSheet(
        problem=f"{case.title}（{case.place_label}）"[: rules.TEXT_LIMIT],
        organisation_id=case.handler_organisation_id,
        post_id=None if case.handler_organisation_id else case.handler_post_id,
        due_on=clock.local(case.resolve_due_at).date(),
        is_own=case.reporter_id is None,
    )
    return _put(docket, sheet, key=f"case:{case.pk}", actor=actor, now=now, case=case)


def _put(
    docket: Docket,
    sheet: MatterSheet,
    *,
    key: str,
    actor: Actor,
    now: datetime,
    case: Any = None,
    entry: Entry | None = None,
) -> Matter:
    known = docket.matters.filter(key=key).first()
    if known is not None:
        return known
    check_hands(sheet.organisation_id, sheet.post_id, docket.area_path, actor)
    matter = Matter.objects.create(
        docket=docket,
        series_key=series_key_of(docket),
        community_id=docket.community_id,
        area_path=docket.area_path,
        problem=sheet.problem.strip()[: rules.TEXT_LIMIT],
        key=key,
        case=case,
        case_number=case.number if case else (entry.case_number if entry else ""),
        entry=entry,
        raised_by=actor.account_id if sheet.is_own else None,
        raised_name="" if sheet.is_own else sheet.raised_name.strip(),
        organisation_id=sheet.organisation_id,
        post_id=sheet.post_id,
        measure=sheet.measure.strip()[: rules.TEXT_LIMIT],
        due_on=sheet.due_on,
        created_by=actor.who,
        created_at=now,
    )
    last = docket.listings.aggregate(last=Max("number"))["last"] or 0
    Listing.objects.create(docket=docket, matter=matter, number=last + 1)
    event = MatterRaised(
        subject_id=matter.pk,
        area_path=matter.area_path,
        docket_id=docket.pk,
        case_id=matter.case_id,
    )
    events.record(event, actor=actor, at=now)
    return matter


def check_hands(
    organisation_id: UUID | None, post_id: UUID | None, area_path: str, actor: Actor
) -> None:
    """Refuse somebody who answers for nothing at this place. Errors: BadInput."""
    if organisation_id is not None or post_id is not None:
        posts.chosen(
            post_id=post_id, organisation_id=organisation_id, area_path=area_path, by=actor.name
        )
