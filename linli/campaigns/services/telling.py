"""Who is told of a campaign: its team when it is set, changed or called off, and the evening before."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from linli.campaigns.models import Campaign, CampaignDay, Member, Told
from linli.campaigns.states import CampaignState
from linli.kernel import clock, jobs
from linli.kernel.worktime import WEEKDAYS
from linli.messages import services as messages
from linli.posts import selectors as posts

# Whoever plans takes several steps: the team hears of them together, once nothing moved for a while.
PAUSE: Final = timedelta(minutes=10)
# Tomorrow is told of between these hours; what was missed is told the next hour.
EVENING: Final = range(17, 22)
_LIVING: Final = (CampaignState.PLANNED, CampaignState.RUNNING)
_SEVERAL: Final = 3  # more titles than this are counted, not named


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    """Somebody on a team: where, and whether they lead there."""

    parts: tuple[str, ...]  # () is everywhere
    leads: bool


@dataclass(slots=True, kw_only=True)
class _Tomorrow:
    """What somebody does on one day."""

    campaigns: list[Campaign] = field(default_factory=list)
    meets: list[str] = field(default_factory=list)


def remember_to_tell(*, campaign_id: UUID, now: datetime) -> None:
    """Ask that the team be told of what a campaign has become; at once when it was called off."""
    campaign = Campaign.objects.get(pk=campaign_id)
    pause = timedelta(0) if campaign.state == CampaignState.CANCELLED else PAUSE
    key = f"{campaign.pk}:{campaign.version}"
    data = {"campaign": str(campaign.pk), "version": campaign.version}
    jobs.enqueue("campaigns.tell", key=key, due_at=now + pause, data=data)


@transaction.atomic
def tell_team(*, campaign_id: UUID, version: int, now: datetime) -> int:
    """Tell each of the team what is new for them; return how many. A later change tells instead.

    Asked again, nothing is told twice: what each was told is kept beside the campaign.
    """
    rows = Campaign.objects.select_for_update(of=("self",)).filter(pk=campaign_id, version=version)
    campaign = rows.first()
    if campaign is None or campaign.ends_on < clock.local(now).date():
        return 0
    told = {row.account_id: row for row in Told.objects.filter(campaign=campaign)}
    if campaign.state == CampaignState.CANCELLED:
        return _take_off(campaign, told, "campaigns.team.cancelled", now)
    if campaign.state not in _LIVING:
        return 0
    team, days = _team(campaign, now), list(campaign.days.order_by("on"))
    for account_id, place in team.items():
        facts = _facts(campaign, days, place)
        _tell_plan(campaign, account_id, facts, told.get(account_id), now)
    gone = {one: row for one, row in told.items() if one not in team}
    return len(team) + _take_off(campaign, gone, "campaigns.team.off", now)


def _tell_plan(
    campaign: Campaign,
    account_id: UUID,
    facts: dict[str, str],
    told: Told | None,
    now: datetime,
) -> None:
    plan = hashlib.sha256("|".join(f"{key}={facts[key]}" for key in sorted(facts)).encode())
    if told is not None and told.plan == plan.hexdigest():
        return
    name = "campaigns.team.set" if told is None else "campaigns.team.changed"
    _tell(name, f"{campaign.pk}:{plan.hexdigest()[:16]}", campaign, facts, [account_id], now=now)
    Told.objects.update_or_create(
        campaign=campaign,
        account_id=account_id,
        defaults={"plan": plan.hexdigest(), "told_at": now},
    )


def _take_off(campaign: Campaign, told: dict[UUID, Told], name: str, now: datetime) -> int:
    if told:
        facts = {"name": campaign.title, "since": _day(campaign.starts_on)}
        stamp = max(row.told_at for row in told.values())
        _tell(name, f"{campaign.pk}:{stamp:%Y%m%d%H%M%S}", campaign, facts, told, now=now)
        Told.objects.filter(pk__in=[row.pk for row in told.values()]).delete()
    return len(told)


def tell_tomorrow(now: datetime) -> int:
    """Tell, in the evening, everybody who is on site tomorrow, each once however many campaigns.

    Asked every hour; a day is told of once. Return how many people.
    """
    local = clock.local(now)
    if local.hour not in EVENING:
        return 0
    day = local.date() + timedelta(days=1)
    rows = CampaignDay.objects.filter(on=day, campaign__state__in=_LIVING)
    whose: dict[UUID, _Tomorrow] = {}
    for row in rows.select_related("campaign").order_by("campaign__starts_on", "campaign_id"):
        for account_id in _team(row.campaign, now + timedelta(days=1)):
            found = whose.setdefault(account_id, _Tomorrow())
            found.campaigns.append(row.campaign)
            found.meets.append(row.meet)
    for account_id, found in whose.items():
        _tell_of_day(day, account_id, found, now)
    return len(whose)


def _tell_of_day(day: date, account_id: UUID, found: _Tomorrow, now: datetime) -> None:
    titles = [one.title for one in found.campaigns]
    shown = "、".join(titles[:_SEVERAL])
    more = len(titles) - _SEVERAL
    facts = {
        "name": shown + (_("等 %(n)d 次") % {"n": len(titles)} if more > 0 else ""),
        "since": _day(day),
        "place": "；".join(dict.fromkeys(one for one in found.meets if one)),
    }
    first = found.campaigns[0]
    _tell("campaigns.day.tomorrow", f"{day:%Y%m%d}", first, facts, [account_id], now=now,
          is_single=len(titles) == 1)  # fmt: skip


def _tell(
    name: str,
    key: str,
    campaign: Campaign,
    facts: dict[str, str],
    account_ids: Iterable[UUID],
    *,
    now: datetime,
    is_single: bool = True,
) -> None:
    site = reverse("campaigns:site", args=[campaign.pk])
    messages.tell(
        event_name=name,
        audience="handler",
        key=f"{name}:{key}",
        facts={what: said for what, said in facts.items() if said},
        link=site if is_single else reverse("campaigns:field_campaigns"),
        subject_id=campaign.pk,
        area_path=campaign.area_path,
        account_ids=list(account_ids),
        now=now,
    )


def _facts(campaign: Campaign, days: list[CampaignDay], place: _Place) -> dict[str, str]:
    meets = list(dict.fromkeys(one.meet for one in days if one.meet))
    first, last = (days[0].on, days[-1].on) if days else (campaign.starts_on, campaign.ends_on)
    where = "、".join(place.parts)
    if place.leads:
        where = _("%(where)s，由您牵头") % {"where": where} if where else _("全部片区，由您牵头")
    return {
        "name": campaign.title,
        "since": _day(first),
        "until": _day(last),
        "count": str(len(days)),
        "place": meets[0] if len(meets) == 1 else "",
        "whose": where,
        # Days that differ are said one by one.
        "reason": "；".join(f"{_day(one.on)} {one.meet}" for one in days if one.meet)
        if len(meets) > 1
        else "",
    }


def _team(campaign: Campaign, at: datetime) -> dict[UUID, _Place]:
    """Return who is on the team at a moment, with where they work."""
    rows = list(Member.objects.filter(campaign=campaign).select_related("part").order_by("id"))
    held = posts.holders_of([row.post_id for row in rows if row.post_id], at)
    found: dict[UUID, list[Member]] = {}
    for row in rows:
        who = held.get(row.post_id, []) if row.post_id else []
        for account_id in who or _of_body(row, at):
            found.setdefault(account_id, []).append(row)
    return {account_id: _place(own) for account_id, own in found.items()}


def _of_body(row: Member, at: datetime) -> list[UUID]:
    return posts.members_of(row.organisation_id, at) if row.organisation_id else []


def _place(rows: list[Member]) -> _Place:
    names = dict.fromkeys(row.part.name for row in rows if row.part is not None)
    parts = () if any(row.part is None for row in rows) else tuple(names)
    return _Place(parts=parts, leads=any(row.is_lead for row in rows))


def _day(day: date) -> str:
    return f"{day.month} 月 {day.day} 日（周{WEEKDAYS[day.weekday()]}）"
