"""Rounds that are under way, their doors, house by house."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from linli.kernel.actor import Actor
from linli.patrols.models import Delivery, Round, Stop
from linli.patrols.selectors.access import MANAGE, VIEW, WALK, below

OUTCOMES = Delivery.choices


@dataclass(slots=True)
class House:
    """The doors of one building on a round."""

    round: Any
    building_id: UUID
    label: str
    stops: list[Any] = field(default_factory=list)

    @property
    def left(self) -> int:
        """How many doors are left."""
        return sum(_is_open(one) for one in self.stops)


def open_rounds(actor: Actor) -> list[Round]:
    """Return the rounds under way in which the actor has doors, the most urgent first."""
    scopes = actor.scopes(WALK)
    if not scopes:
        return []
    where = Q(pk__in=[])
    for path in scopes:
        # A round of the community has doors in each of its grids.
        above = [path[: at + 1] for at, sign in enumerate(path) if sign == "/"]
        where |= Q(area_path__startswith=path) | Q(area_path__in=above)
    rows = Round.objects.filter(where, ended_at=None).select_related("community")
    return list(rows.defer("community__polygon").order_by("due_on", "id")[:20])


def houses_of(found: Round, actor: Actor, *, only_open: bool = False) -> list[House]:
    """Return the doors of a round where the actor walks (or all, for who views), house by house."""
    rows = Stop.objects.filter(round=found)
    if not (actor.can(VIEW, found.area_path) or actor.can(MANAGE, found.area_path)):
        rows = rows.filter(below(actor, WALK))
    return _by_house(rows.order_by("order"), found, only_open=only_open)


def houses_of_day(actor: Actor, rounds: Iterable[Round]) -> list[House]:
    """Return the houses of several rounds that have doors left where the actor walks; one query."""
    known = {one.pk: one for one in rounds}
    rows = Stop.objects.filter(below(actor, WALK), round_id__in=list(known)).order_by(
        "round", "order"
    )
    by_round: dict[UUID, list[Stop]] = {}
    for stop in rows.filter(Q(done_at=None) | Q(outcome=Delivery.CLOSED)):
        by_round.setdefault(stop.round_id, []).append(stop)
    return [
        house
        for round_id, found in known.items()
        for house in _by_house(by_round.get(round_id, ()), found, only_open=True)
    ]


def rounds_of(actor: Actor, *, is_open: bool) -> QuerySet[Round]:
    """Return the rounds that the actor views or manages, the newest first."""
    rows = Round.objects.filter(below(actor, VIEW, MANAGE), ended_at__isnull=is_open)
    return rows.select_related("community").defer("community__polygon").order_by("-id")


def _by_house(stops: Iterable[Stop], found: Round, *, only_open: bool) -> list[House]:
    houses: dict[UUID, House] = {}
    for stop in stops:
        label = stop.label if stop.entrance_id is None else stop.label.rsplit(" ", 2)[0]
        house = houses.setdefault(stop.building_id, House(found, stop.building_id, label))
        house.stops.append(stop)
    return [one for one in houses.values() if not only_open or one.left]


def _is_open(stop: Stop) -> bool:
    return stop.done_at is None or stop.outcome == Delivery.CLOSED
