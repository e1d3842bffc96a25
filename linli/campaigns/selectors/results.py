"""The one-page result of a campaign: so many dumps, dead cars, stalls, plots; before and after."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from linli.campaigns import rules
from linli.campaigns.models import Campaign, Entry, EntryPhoto, Stage
from linli.campaigns.selectors import campaigns, lists
from linli.campaigns.selectors.access import get_campaign, visible_to
from linli.campaigns.states import CampaignState, EntryState
from linli.kernel.actor import Actor

PAIRS = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One number of the result with its sentence; `code` opens its rows."""

    code: str
    name: str
    count: int
    unit: str
    sentence: str
    left: int  # things of this kind without being cleared


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """One spot before and after."""

    entry: Entry
    before: EntryPhoto
    after: EntryPhoto


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What stands on the page."""

    campaign: Campaign
    figures: tuple[Figure, ...]
    by_state: dict[str, int]
    pairs: tuple[Pair, ...]
    bodies: tuple[str, ...]  # who took part
    day_count: int

    @property
    def total(self) -> int:
        """How many rows the list has."""
        return sum(self.by_state.values())

    @property
    def text(self) -> str:
        """The result as one sentence, as a newspaper would print it."""
        said = [one.sentence for one in self.figures if one.count]
        return "，".join(said) + "。" if said else ""


def result_of(campaign_id: UUID, actor: Actor, *, pairs: int = PAIRS) -> Result:
    """Return the result of a campaign as far as it is. Errors: NotFound.

    Source: S1 1.4, the counts of the text; five queries whatever the length of the list.
    """
    campaign = get_campaign(campaign_id, actor)
    figures = tuple(
        Figure(
            code=one.kind.code,
            name=one.kind.name,
            count=one.settled,
            unit=one.kind.unit,
            sentence=rules.sentence(one.kind.done, one.kind.name, one.settled, one.kind.unit),
            left=one.total - one.settled,
        )
        for one in lists.kind_counts(campaign)
    )
    team = campaigns.team_of(campaign)
    return Result(
        campaign=campaign,
        figures=figures,
        by_state=lists.state_counts(campaign),
        pairs=tuple(_pairs(campaign, pairs)),
        bodies=tuple(dict.fromkeys(one.body for one in team)),
        day_count=campaign.days.count(),
    )


def _pairs(campaign: Campaign, most: int) -> list[Pair]:
    rows = EntryPhoto.objects.filter(
        entry__campaign=campaign, entry__state=EntryState.SETTLED
    ).select_related("entry__kind")
    found: dict[UUID, dict[str, Any]] = {}
    for row in rows.order_by("id"):
        shots = found.setdefault(row.entry_id, {"entry": row.entry})
        if row.stage == Stage.AFTER:
            shots["after"] = row  # the last one
        else:
            shots.setdefault("before", row)  # the first one
    whole = [one for one in found.values() if len(one) == 3]
    return [Pair(**one) for one in _spread(whole)[:most]]


def _spread(pairs: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return pairs so that each kind comes once before any comes twice."""
    seen: dict[UUID, int] = {}
    ranked = []
    for one in sorted(pairs, key=lambda pair: pair["entry"].number):
        kind = one["entry"].kind_id
        seen[kind] = seen.get(kind, 0) + 1
        ranked.append((seen[kind], one))
    return [one for _rank, one in sorted(ranked, key=lambda pair: pair[0])]


def ended(community_id: UUID, actor: Actor, most: int = 5) -> list[Campaign]:
    """Return a community's campaigns that have ended, newest first; whoever publishes asks."""
    rows = Campaign.objects.filter(
        visible_to(actor), community_id=community_id, state=CampaignState.ENDED
    )
    return list(rows.order_by("-ended_at")[:most])


@dataclass(frozen=True, slots=True)
class Words:
    """A result as a notice could say it; whoever publishes puts it right and releases it."""

    title: str
    text: str
    community_id: UUID


def words_of(campaign_id: UUID, actor: Actor) -> Words:
    """Return a campaign's result as the words of a notice: no places, no names of people.

    Errors: NotFound.
    """
    found = result_of(campaign_id, actor, pairs=0)
    campaign = found.campaign
    days = f"{campaign.starts_on:%Y-%m-%d} — {campaign.ends_on:%Y-%m-%d}"
    lines = [f"- {one.sentence}" for one in found.figures if one.count]
    parts = [f"{days}，{campaign.title}：", "\n".join(lines), campaign.summary]
    if found.bodies:
        parts.append("参加：" + "、".join(found.bodies))
    text = "\n\n".join(part for part in parts if part)
    return Words(f"{campaign.title}结果"[:60], text, campaign.community_id)
