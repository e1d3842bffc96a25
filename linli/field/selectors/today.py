"""One list for one day: what every room gives, late first, then by promise, then by walk; and how much of
it is done.
"""

import logging
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from linli.field import rules
from linli.field.selectors import day
from linli.field.selectors.day import Card, Provider
from linli.kernel import clock
from linli.kernel.actor import Actor
from linli.kernel.ids import earliest_id
from linli.kernel.models import EventRow

logger = logging.getLogger(__name__)

# More than anybody walks in a day; what is behind it is on its room's own page.
MOST: Final = 200


@dataclass(frozen=True, slots=True)
class MyDay:
    """The cards in the order in which to do them, and who could not say what there is."""

    cards: tuple[Card, ...]
    failed: tuple[str, ...] = ()

    @property
    def late_count(self) -> int:
        """How many are late."""
        return sum(card.is_late for card in self.cards)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """How many of a kind are done today, and how many are left. kind "": of all that can be finished."""

    kind: str
    done: int
    left: int
    is_counted: bool = True  # a duty of the day is no thing to finish

    @property
    def all(self) -> int:
        """How many there were."""
        return self.done + self.left

    @property
    def percent(self) -> int:
        """How far it has come."""
        return 100 * self.done // self.all if self.all else 0


def my_day(
    actor: Actor,
    now: datetime,
    *,
    here: rules.Point | None = None,
    known: Mapping[str, Iterable[Card]] | None = None,
) -> MyDay:
    """Return what the actor has to do today, in one order.

    here: where they are; without it the walk begins at the first place. known: cards that the caller
    has already, by the name of their provider, which then is not asked.
    A provider that fails is named and takes nothing else down.
    Source: issue 4, step 1: ordered by promise and by walk.
    """
    known = known or {}
    found: list[Card] = []
    failed: list[str] = []
    for name, give in day.providers().items():
        try:
            found += known[name] if name in known else give(actor, now)
        except Exception:
            logger.exception("Unable to get the cards of %s", name)
            failed.append(name)
    unique = {card.key: card for card in found}
    return MyDay(tuple(in_order(unique.values(), now, here)[:MOST]), tuple(failed))


def blank_forms(actor: Actor, now: datetime) -> list[Card]:
    """Return the forms that are always at hand on the phone."""
    return [card for keep in day.keepers().values() for card in _safely(keep, actor, now)]


def done_today(actor: Actor, now: datetime) -> Counter[str]:
    """Return how many things the actor finished since midnight, by the kind of their cards; one query."""
    endings = day.endings()
    if actor.account_id is None or not endings:
        return Counter()
    midnight = clock.local(now).replace(hour=0, minute=0, second=0, microsecond=0)
    rows = EventRow.objects.filter(
        account_id=actor.account_id,
        name__in=list(endings),
        id__gte=earliest_id(midnight),
        happened_at__gte=midnight,  # what a phone without a network did yesterday came in today
    )
    things = {
        (endings[name].kind, str(data.get(endings[name].by) or subject_id))
        for name, subject_id, data in rows.values_list("name", "subject_id", "data")
        if endings[name].fits(data)
    }
    return Counter(kind for kind, _thing in things)


def tallies(cards: Iterable[Card], done: Mapping[str, int]) -> list[Tally]:
    """Return what is done and left: of all that can be finished, then of each kind."""
    left = Counter(card.kind for card in cards)
    known = {ending.kind for ending in day.endings().values()}
    kinds = [
        Tally(kind=kind, done=done.get(kind, 0), left=left[kind], is_counted=kind in known)
        for kind in sorted({*left, *done})
    ]
    counted = [one for one in kinds if one.is_counted]
    whole = Tally(
        kind="", done=sum(one.done for one in counted), left=sum(one.left for one in counted)
    )
    return [whole, *kinds]


def in_order(cards: Iterable[Card], now: datetime, here: rules.Point | None) -> list[Card]:
    """Return cards: late and urgent first, then what is promised for today, then along a walk."""
    tonight = _end_of_day(now)
    first, promised, walked = [], [], []
    for card in cards:
        if card.is_late or card.is_urgent:
            first.append(card)
        elif card.due_at is not None and card.due_at <= tonight:
            promised.append(card)
        else:
            walked.append(card)
    first.sort(key=lambda card: (not card.is_late, card.due_at or tonight, card.key))
    promised.sort(key=lambda card: (card.due_at or tonight, card.key))
    walked.sort(key=lambda card: (card.due_at or now + timedelta(days=999), card.key))
    points = [_point(card) for card in walked]
    return [*first, *promised, *(walked[at] for at in rules.walk(points, here))]


def _point(card: Card) -> rules.Point | None:
    return (card.lat, card.lon) if card.lat is not None and card.lon is not None else None


def _end_of_day(now: datetime) -> datetime:
    return clock.local(now).replace(hour=23, minute=59, second=59, microsecond=0)


def _safely(give: Provider, actor: Actor, now: datetime) -> list[Card]:
    try:
        return give(actor, now)
    except Exception:
        logger.exception("Unable to get a blank form")
        return []
