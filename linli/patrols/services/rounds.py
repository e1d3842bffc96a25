"""Something is taken round once: its doors are listed, ticked off, and the round ends."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from linli.kernel import clock, events
from linli.kernel.actor import Actor
from linli.kernel.errors import BadInput
from linli.patrols.errors import AlreadyDone
from linli.patrols.events import RoundEnded, RoundMade, RoundTaken
from linli.patrols.models import Delivery, Round, Stop
from linli.patrols.selectors import access
from linli.places import selectors as places
from linli.places.selectors.where import Where, where_of

MOST_STOPS = 5000


@transaction.atomic
def make_round(
    *,
    area_id: UUID,
    estate_id: UUID | None = None,
    title: str,
    text: str = "",
    due_on: date,
    actor: Actor,
    now: datetime,
) -> Round:
    """Make a round to every entrance of a grid or community (of one estate); a building without
    entrances is one door.

    Errors: NotAllowed, NotFound, BadInput (no title, a day that is over, nowhere to go).
    """
    area = places.get_area(area_id)
    actor.require(access.MANAGE, area.path)
    community = places.community_of_path(area.path)
    if not title.strip():
        raise BadInput(_("写一下送什么，例如：停水通知。"), field="title")
    if due_on < clock.local(now).date():
        raise BadInput(_("这一天已经过了。"), field="due_on")
    if community is None:
        raise BadInput(_("选一个社区或网格。"), field="area_id")
    made = Round(
        community_id=community.pk, area_path=area.path, title=title.strip()[:60],
        text=text.strip()[:500], due_on=due_on, made_at=now, made_by=actor.account_id,
    )  # fmt: skip
    stops = _stops(made, area, community, estate_id)
    if not stops:
        raise BadInput(_("这里还没有楼栋，先登记楼栋和单元。"), field="area_id")
    made.stop_count = len(stops)
    made.save(force_insert=True)
    Stop.objects.bulk_create(stops, batch_size=500)
    event = RoundMade(subject_id=made.pk, area_path=made.area_path, stops=len(stops))
    events.record(event, actor=actor, at=now)
    return made


@transaction.atomic
def take_stops(
    *, round_id: UUID, outcomes: Mapping[UUID, str], at: datetime, actor: Actor, now: datetime
) -> Round:
    """Tick doors off, each with what was done there; one that was ticked off stays as it was,
    but for one that could not be entered before.

    The last one ends the round. Errors: NotFound, NotAllowed (a door of another grid), BadInput,
    AlreadyDone when it was called off.
    """
    found = access.get_round(round_id, actor, lock=True)
    stops = {one.pk: one for one in Stop.objects.filter(round=found, pk__in=list(outcomes))}
    if set(outcomes.values()) - set(Delivery.values):
        raise BadInput(_("点一下送到没有。"), field="outcome")
    fresh = [one for one in stops.values() if one.done_at is None or one.outcome == Delivery.CLOSED]
    if found.ended_at is not None and any(one.done_at is None for one in fresh):
        raise AlreadyDone(_("这次送达已经结束了。"))
    for stop in fresh:
        actor.require(access.WALK, stop.area_path)
        stop.outcome, stop.done_at = outcomes[stop.pk], min(at, now)
        stop.done_by = actor.account_id
        stop.save(update_fields=["outcome", "done_at", "done_by"])
    if fresh:
        _count(found, fresh, actor, now)
    return found


@transaction.atomic
def end_round(*, round_id: UUID, actor: Actor, now: datetime) -> Round:
    """Call a round off. Errors: NotFound, NotAllowed, AlreadyDone."""
    found = access.get_round(round_id, actor, lock=True)
    actor.require(access.MANAGE, found.area_path)
    if found.ended_at is not None:
        raise AlreadyDone(_("这次送达已经结束了。"))
    _end(found, actor, now)
    found.save(update_fields=["ended_at"])
    return found


def _count(found: Round, fresh: list[Stop], actor: Actor, now: datetime) -> None:
    done = Stop.objects.filter(round=found, done_at__isnull=False)
    found.done_count = done.exclude(outcome=Delivery.CLOSED).count()
    event = RoundTaken(
        subject_id=found.pk, area_path=found.area_path, building_id=fresh[0].building_id,
        stops=len(fresh), done=found.done_count,
    )  # fmt: skip
    events.record(event, actor=actor, at=now)
    if found.done_count == found.stop_count and found.ended_at is None:
        _end(found, actor, now)
    found.save(update_fields=["done_count", "ended_at"])


def _end(found: Round, actor: Actor, now: datetime) -> None:
    found.ended_at = now
    event = RoundEnded(subject_id=found.pk, area_path=found.area_path, done=found.done_count)
    events.record(event, actor=actor, at=now)


def _stops(made: Round, area: Any, community: Any, estate_id: UUID | None) -> list[Stop]:
    houses = places.buildings_of(community.pk, estate_id).select_related("estate", "grid")
    if area.kind == "grid":
        houses = houses.filter(grid_id=area.pk)
    houses = houses.defer("grid__polygon").order_by("estate__name", "order", "name")
    found: list[Stop] = []
    for house in houses.prefetch_related("entrances"):
        doors = sorted(
            (door for door in house.entrances.all() if door.ended_on is None),
            key=lambda door: (door.order, door.name),
        )
        path = house.grid.path if house.grid else community.path
        parts = [house.estate.name if house.estate else "", house.name]
        rows: list[Any] = [*doors] or [None]
        for door in rows:
            label = " ".join(part for part in [*parts, door.name if door else ""] if part)
            found.append(
                Stop(round=made, order=len(found) + 1, area_path=path, building_id=house.pk,
                     entrance_id=door.pk if door else None, label=label)
            )  # fmt: skip
    if len(found) > MOST_STOPS:
        raise BadInput(_("一次最多 %(n)d 个单元，分小区做。") % {"n": MOST_STOPS}, field="area_id")
    return found


def where_of_stop(stop: Stop, community_id: UUID) -> Where:
    """Return where a door is. Errors: BadInput when it has ended."""
    return where_of(
        community_id=community_id, building_id=stop.building_id, entrance_id=stop.entrance_id
    )
