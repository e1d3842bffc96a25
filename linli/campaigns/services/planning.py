"""A campaign from its plan to its end: where, on which days, by whom, and how it came out."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from linli.campaigns import rules
from linli.campaigns.events import CampaignChanged, CampaignMoved, CampaignPlanned
from linli.campaigns.models import Campaign, CampaignDay, Member, Part
from linli.campaigns.selectors.access import MANAGE, get_campaign
from linli.campaigns.services import working
from linli.campaigns.states import CampaignState, check_move
from linli.kernel import events
from linli.kernel.actor import Actor
from linli.kernel.errors import BadInput, Conflict, DomainError, NotFound
from linli.places import selectors as places
from linli.posts import selectors as posts


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignSheet:
    """What somebody plans."""

    title: str
    starts_on: date
    ends_on: date
    note: str = ""
    meet: str = ""  # when and where the teams meet, the same on every day


def load(campaign_id: UUID, actor: Actor, version: int | None = None) -> Campaign:
    """Lock a campaign that the actor plans.

    version: what the page saw. Errors: NotFound, NotAllowed, Conflict.
    """
    campaign = get_campaign(campaign_id, actor, lock=True)
    actor.require(MANAGE, campaign.area_path)
    if version is not None and version != campaign.version:
        raise Conflict(_("这次行动刚刚有了新变化，看一下最新情况再改。"))
    return campaign


@transaction.atomic
def plan_campaign(
    *, community_id: UUID, sheet: CampaignSheet, actor: Actor, now: datetime
) -> Campaign:
    """Write a campaign down; every day between its ends is a day on site until one is taken out.

    Errors: NotFound, NotAllowed, BadInput. Source: S1 1.4, issue 4, 6.
    """
    community = places.get_community_by_id(community_id)
    actor.require(MANAGE, community.path)
    _check(sheet)
    campaign = Campaign.objects.create(
        title=sheet.title.strip(),
        note=sheet.note.strip(),
        community=community,
        area_path=community.path,
        starts_on=sheet.starts_on,
        ends_on=sheet.ends_on,
        created_by=actor.who,
        created_at=now,
    )
    days = rules.days_between(sheet.starts_on, sheet.ends_on)
    CampaignDay.objects.bulk_create(
        CampaignDay(campaign=campaign, on=day, meet=sheet.meet.strip()) for day in days
    )
    event = CampaignPlanned(subject_id=campaign.pk, area_path=campaign.area_path)
    events.record(event, actor=actor, at=now)
    return campaign


def _check(sheet: CampaignSheet) -> None:
    if not sheet.title.strip():
        raise BadInput(_("给这次行动起个名字，例如：乱堆乱放集中整治。"), field="title")
    if sheet.ends_on < sheet.starts_on:
        raise BadInput(_("结束的日子比开始的还早，改一下。"), field="ends_on")
    if (sheet.ends_on - sheet.starts_on).days >= rules.MOST_DAYS:
        raise BadInput(
            _("一次行动最长 %(n)d 天，再长就分成几次。") % {"n": rules.MOST_DAYS}, field="ends_on"
        )


@transaction.atomic
def change_campaign(
    *,
    campaign_id: UUID,
    sheet: CampaignSheet,
    actor: Actor,
    now: datetime,
    version: int | None = None,
) -> Campaign:
    """Change words and days; days outside the new ends go, those inside stay as they are.

    Errors: NotFound, NotAllowed, BadInput, Conflict, DomainError (it has ended).
    """
    campaign = load(campaign_id, actor, version)
    _only_living(campaign)
    _check(sheet)
    campaign.title, campaign.note = sheet.title.strip(), sheet.note.strip()
    campaign.starts_on, campaign.ends_on = sheet.starts_on, sheet.ends_on
    campaign.days.exclude(on__gte=sheet.starts_on, on__lte=sheet.ends_on).delete()
    if sheet.meet.strip():
        campaign.days.update(meet=sheet.meet.strip())
    if not campaign.days.exists():
        days = rules.days_between(sheet.starts_on, sheet.ends_on)
        CampaignDay.objects.bulk_create(
            CampaignDay(campaign=campaign, on=day, meet=sheet.meet.strip()) for day in days
        )
    _keep(campaign, "sheet", actor, now, "title", "note", "starts_on", "ends_on")
    return campaign


def _only_living(campaign: Campaign) -> None:
    if campaign.state in (CampaignState.ENDED, CampaignState.CANCELLED):
        raise DomainError(_("这次行动已经结束，不能再改。"))


def _keep(campaign: Campaign, changed: str, actor: Actor, now: datetime, *names: str) -> None:
    campaign.version += 1
    campaign.save(update_fields=["version", *names])
    event = CampaignChanged(subject_id=campaign.pk, area_path=campaign.area_path, changed=changed)
    events.record(event, actor=actor, at=now)


@transaction.atomic
def set_day(
    *,
    campaign_id: UUID,
    on: date,
    meet: str = "",
    is_off: bool = False,
    actor: Actor,
    now: datetime,
) -> None:
    """Make a day one on site, with where to meet, or take it out.

    Errors: NotFound, NotAllowed, BadInput (a day outside the campaign), DomainError.
    """
    campaign = load(campaign_id, actor)
    _only_living(campaign)
    if not campaign.starts_on <= on <= campaign.ends_on:
        raise BadInput(_("这一天不在行动的起止日期里。"), field="on")
    if is_off:
        campaign.days.filter(on=on).delete()
    else:
        campaign.days.update_or_create(on=on, defaults={"meet": meet.strip()})
    _keep(campaign, "days", actor, now)


@transaction.atomic
def add_part(*, campaign_id: UUID, area_id: UUID, actor: Actor, now: datetime) -> Part:
    """Add an area of the community as a part of the ground; entries there belong to it.

    Errors: NotFound, NotAllowed, BadInput (an area elsewhere), DomainError.
    """
    campaign = load(campaign_id, actor)
    _only_living(campaign)
    area = places.get_area(area_id)
    if not area.path.startswith(campaign.area_path):
        raise BadInput(_("这个区域不在本社区。"), field="area_id")
    part, _is_new = campaign.parts.get_or_create(
        area_id=area.pk, defaults={"name": area.name, "order": campaign.parts.count() * 10 + 10}
    )
    for entry in campaign.entries.filter(part=None, area_path__startswith=area.path):
        entry.part = part
        entry.save(update_fields=["part"])
    _keep(campaign, "parts", actor, now)
    return part


@transaction.atomic
def add_member(
    *,
    campaign_id: UUID,
    organisation_id: UUID | None = None,
    post_id: UUID | None = None,
    part_id: UUID | None = None,
    is_lead: bool = False,
    actor: Actor,
    now: datetime,
) -> Member:
    """Put an organisation or a post on the team, for a part or everywhere; a new lead takes the old
    one's place.

    Errors: NotFound, NotAllowed, BadInput (neither, or not of this place), DomainError.
    """
    campaign = load(campaign_id, actor)
    _only_living(campaign)
    posts.chosen(
        post_id=post_id,
        organisation_id=organisation_id,
        area_path=campaign.area_path,
        by=actor.name,
    )
    if part_id is not None and not campaign.parts.filter(pk=part_id).exists():
        raise BadInput(_("没有这个片区。"), field="part_id")
    members: Any = campaign.members
    if is_lead:
        members.filter(part_id=part_id, is_lead=True).update(is_lead=False)
    same = members.filter(part_id=part_id, post_id=post_id)
    member = same.filter(organisation_id=organisation_id).first() or Member(
        campaign=campaign, part_id=part_id, post_id=post_id, organisation_id=organisation_id
    )
    member.is_lead = is_lead
    member.save()
    _keep(campaign, "team", actor, now)
    return member


@transaction.atomic
def remove_member(*, member_id: UUID, actor: Actor, now: datetime) -> Campaign:
    """Take somebody off the team. Errors: NotFound, NotAllowed, DomainError."""
    member = Member.objects.filter(pk=member_id).first()
    if member is None:
        raise NotFound(_("队伍里已经没有这一个了。"))
    campaign = load(member.campaign_id, actor)
    _only_living(campaign)
    member.delete()
    _keep(campaign, "team", actor, now)
    return campaign


@transaction.atomic
def move_campaign(
    *,
    campaign_id: UUID,
    state: str,
    actor: Actor,
    now: datetime,
    summary: str = "",
    leftover: str = "",
) -> Campaign:
    """Start, end, begin again or cancel a campaign.

    summary: what the result says besides its numbers. leftover: why what is still open was not
    possible this time; ending without a word on it is refused, so that nothing is dropped unseen.
    Errors: NotFound, NotAllowed, IllegalMove, BadInput.
    """
    campaign = load(campaign_id, actor)
    old, new = campaign.state, CampaignState(state)
    check_move(old, new)
    if new == CampaignState.ENDED:
        _account_for_rest(campaign, leftover, actor, now)
        campaign.ended_at, campaign.summary = now, summary.strip()
    elif new == CampaignState.RUNNING:
        campaign.ended_at = None
    campaign.state = new
    campaign.version += 1
    campaign.save(update_fields=["state", "ended_at", "summary", "version"])
    event = CampaignMoved(
        subject_id=campaign.pk,
        area_path=campaign.area_path,
        old_state=str(old),
        new_state=str(new),
    )
    events.record(event, actor=actor, at=now)
    return campaign


def _account_for_rest(campaign: Campaign, leftover: str, actor: Actor, now: datetime) -> None:
    rest = campaign.entries.filter(state="open")
    count = rest.count()
    if count and not leftover.strip():
        words = _("清单上还有 %(n)d 条没有结果。写一句为什么这次没办，再结束。") % {"n": count}
        raise BadInput(words, field="leftover")
    for entry in rest.select_related("kind").order_by("number"):
        working.note_impossible(entry, campaign, reason=leftover, actor=actor, now=now)
