"""Campaigns as pages show them: the list, one with its days, parts and teams."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Q

from linli.campaigns.models import Campaign, CampaignDay, Kind, Member, Part
from linli.campaigns.rules import share
from linli.campaigns.selectors.access import MANAGE, VIEW, is_own, visible_to
from linli.campaigns.states import CampaignState, EntryState
from linli.kernel import clock
from linli.kernel.actor import Actor
from linli.places import selectors as places

MOST = 100
STATES = CampaignState.choices
ENTRY_STATES = EntryState.choices


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A campaign in a list, with how far it is."""

    campaign: Campaign
    total: int
    done: int  # everything but what is still open
    is_today: bool

    @property
    def percent(self) -> int:
        """How much of the list has a result."""
        return share(self.done, self.total)


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamMember:
    """One of a team: which body, where, whether it leads."""

    id: UUID
    name: str
    body: str  # the organisation alone
    part: Part | None
    is_lead: bool
    is_organisation: bool


def campaigns(actor: Actor, now: datetime, *, states: Iterable[str] = ()) -> list[Line]:
    """Return the campaigns that the actor may see, those that run first, the newest first."""
    rows = Campaign.objects.filter(visible_to(actor)).select_related("community")
    if states:
        rows = rows.filter(state__in=list(states))
    rows = rows.annotate(
        total=Count("entries"), open=Count("entries", filter=Q(entries__state=EntryState.OPEN))
    ).order_by("-starts_on", "-id")[:MOST]
    today = clock.local(now).date()
    lines = [
        Line(
            campaign=row,
            total=row.total,
            done=row.total - row.open,
            is_today=row.state == CampaignState.RUNNING and row.starts_on <= today <= row.ends_on,
        )
        for row in rows
    ]
    rank = {"running": 0, "planned": 1}
    return sorted(lines, key=lambda one: rank.get(one.campaign.state, 2))


def running_count(actor: Actor) -> int:
    """Return how many campaigns run that the actor looks after."""
    where = Q(pk__in=[])
    for path in {*actor.scopes(VIEW), *actor.scopes(MANAGE)}:
        where |= Q(area_path__startswith=path) if path else Q(pk__isnull=False)
    return Campaign.objects.filter(where, state=CampaignState.RUNNING).count()


def days_of(campaign: Campaign) -> list[CampaignDay]:
    """Return the days on site, in order, each with its day of the week in words."""
    found = list(campaign.days.order_by("on"))
    for one in found:
        one.weekday = f"周{'一二三四五六日'[one.on.weekday()]}"  # type: ignore[attr-defined]
    return found


def parts_of(campaign: Campaign) -> list[Part]:
    """Return the parts of the ground, in order."""
    return list(campaign.parts.select_related("area").order_by("order", "id"))


def team_of(campaign: Campaign) -> list[TeamMember]:
    """Return who takes part, those who lead first."""
    rows = campaign.members.select_related("part", "organisation", "post__organisation")
    found = [
        TeamMember(
            id=row.pk,
            name=_name(row),
            body=_body(row),
            part=row.part,
            is_lead=row.is_lead,
            is_organisation=row.organisation_id is not None,
        )
        for row in rows.order_by("id")
    ]
    return sorted(found, key=lambda one: not one.is_lead)


def _body(row: Member) -> str:
    organisation: Any = row.organisation or (row.post and row.post.organisation)
    return str(organisation.name)


def _name(row: Member) -> str:
    if row.organisation is not None:
        return row.organisation.name
    post: Any = row.post
    return f"{post.name}（{post.organisation.name}）"


def is_member(campaign: Campaign, actor: Actor) -> bool:
    """Tell whether one of the actor's posts or organisations is on the team."""
    return Member.objects.filter(is_own(actor), campaign=campaign).exists()


def own_parts(campaign: Campaign, actor: Actor) -> list[UUID]:
    """Return the parts that the actor's bodies are named for; [] when they work everywhere."""
    rows = Member.objects.filter(is_own(actor), campaign=campaign)
    found = list(rows.values_list("part_id", flat=True))
    return [] if None in found else [one for one in found if one]


def today_of(actor: Actor, now: datetime) -> list[Campaign]:
    """Return the running campaigns with a day on site today in which the actor works."""
    today = clock.local(now).date()
    rows = Campaign.objects.filter(
        visible_to(actor), state=CampaignState.RUNNING, days__on=today
    ).select_related("community")
    return list(rows.order_by("starts_on", "id")[:MOST])


def kinds() -> list[Kind]:
    """Return the kinds of entries in use, in their order."""
    return list(Kind.objects.filter(ended_at=None).order_by("order", "id"))


def find_kind(code: str) -> Kind | None:
    """Return the kind of that code, or None; blueprints and demos ask."""
    return Kind.objects.filter(code=code, ended_at=None).first()


def communities(actor: Actor) -> list[Any]:
    """Return the communities in which the actor may plan a campaign or open lists."""
    return list(places.communities_of(actor.scopes(MANAGE)))


def area_choices(campaign: Campaign) -> list[tuple[str, str]]:
    """Return the areas of the community that may become a part, without those that are one."""
    taken = set(campaign.parts.values_list("area_id", flat=True))
    found = places.areas_below(campaign.area_path).defer("polygon")
    return [(str(one.pk), one.name) for one in found if one.pk not in taken]


def of_post(post_id: UUID) -> list[Campaign]:
    """Return the campaigns that are not over in which a post itself takes part."""
    rows = Campaign.objects.filter(members__post_id=post_id, state__in=("planned", "running"))
    return list(rows.distinct().order_by("starts_on", "id"))
