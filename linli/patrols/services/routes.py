"""Routes are laid: made, changed, given points in the order of the walk, ended."""

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from linli.kernel import clock, events
from linli.kernel.actor import Actor
from linli.kernel.errors import BadInput
from linli.patrols import rules
from linli.patrols.errors import AlreadyDone
from linli.patrols.events import RouteChanged
from linli.patrols.models import ItemList, Point, Route
from linli.patrols.selectors import access
from linli.places import selectors as places
from linli.places.selectors import Where
from linli.places.selectors.facilities import get_facility, where_of_facility


@dataclass(frozen=True, slots=True, kw_only=True)
class RouteFacts:
    """What is said of a route. area_id: a grid, or the community itself.

    weekdays: digits, Monday 1; empty: every `every_days` days.
    """

    name: str
    area_id: UUID
    item_list_id: UUID
    post_id: UUID | None = None
    weekdays: str = ""
    every_days: int = 1
    is_joint: bool = False
    partner_id: UUID | None = None
    starts_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A point to be: one of a facility, an entrance, a building or a place code; or a named spot."""

    facility_id: UUID | None = None
    building_id: UUID | None = None
    entrance_id: UUID | None = None
    code: str = ""
    name: str = ""
    lat: float | None = None
    lon: float | None = None
    item_list_id: UUID | None = None


@transaction.atomic
def create_route(*, facts: RouteFacts, code: str = "", actor: Actor, now: datetime) -> Route:
    """Make a route without points. Errors: NotAllowed, NotFound, BadInput."""
    route = Route(code=code)
    _put(route, facts, actor)
    route.save(force_insert=True)
    tell(route, "made", actor, now)
    return route


@transaction.atomic
def edit_route(*, route_id: UUID, facts: RouteFacts, actor: Actor, now: datetime) -> Route:
    """Change a route; its points are due by the new days. Errors: as create_route, AlreadyDone."""
    route = _own(route_id, actor)
    before = (route.weekdays, route.every_days, route.starts_on, route.item_list_id)
    _put(route, facts, actor)
    route.version += 1
    route.save()
    if before != (route.weekdays, route.every_days, route.starts_on, route.item_list_id):
        for point in Point.objects.filter(route=route, ended_on=None):
            point.due_on = _due(route, point, clock.local(now).date())
            point.version += 1
            point.save(update_fields=["due_on", "version"])
    tell(route, "changed", actor, now)
    return route


@transaction.atomic
def end_route(*, route_id: UUID, actor: Actor, now: datetime) -> Route:
    """End a route with its points; the walks stay. Errors: NotAllowed, NotFound, AlreadyDone."""
    route = _own(route_id, actor)
    route.ended_on = clock.local(now).date()
    route.version += 1
    route.save(update_fields=["ended_on", "version"])
    Point.objects.filter(route=route, ended_on=None).update(ended_on=route.ended_on, due_on=None)
    tell(route, "ended", actor, now)
    return route


@transaction.atomic
def add_points(
    *, route_id: UUID, parts: Sequence[Part], actor: Actor, now: datetime
) -> list[Point]:
    """Put points at the end of a route; places that are on it already are passed over.

    Errors: NotAllowed, NotFound, AlreadyDone, BadInput (too many; a place outside the route's area).
    """
    route = _own(route_id, actor)
    known = {_place_of(one) for one in Point.objects.filter(route=route, ended_on=None)}
    today = clock.local(now).date()
    made: list[Point] = []
    for part in parts:
        point = _point(route, part)
        if _place_of(point) in known:
            continue
        known.add(_place_of(point))
        point.order = route.point_count + len(made) + 1
        point.added_on, point.due_on = today, _due(route, point, today)
        made.append(point)
    if route.point_count + len(made) > rules.MOST_POINTS:
        raise BadInput(_("一条路线最多 %(n)d 个点，分成两条。") % {"n": rules.MOST_POINTS})
    Point.objects.bulk_create(made)
    recount(route)
    tell(route, "points", actor, now)
    return made


@transaction.atomic
def end_point(*, point_id: UUID, actor: Actor, now: datetime) -> Point:
    """Take a point off its route; what was seen there stays. Errors: NotAllowed, NotFound."""
    route = _own(access.get_point(point_id, actor).route_id, actor)  # first, as who edits it does
    point = access.get_point(point_id, actor, lock=True)
    if point.ended_on is None:
        point.ended_on, point.due_on = clock.local(now).date(), None
        point.version += 1
        point.save(update_fields=["ended_on", "due_on", "version"])
        recount(route)
        tell(route, "points", actor, now)
    return point


@transaction.atomic
def end_points_of_facility(*, facility_id: UUID, actor: Actor, now: datetime) -> None:
    """Take a facility that is gone off every route. Errors: NotAllowed."""
    there = Point.objects.filter(facility_id=facility_id, ended_on=None).order_by("id")
    for point_id in list(there.values_list("pk", flat=True)):
        end_point(point_id=point_id, actor=actor, now=now)


@transaction.atomic
def order_points(
    *, route_id: UUID, point_ids: Sequence[UUID], actor: Actor, now: datetime
) -> Route:
    """Put the points into the order of the walk; those that are not named come after.

    Errors: NotAllowed, NotFound, AlreadyDone.
    """
    route = _own(route_id, actor)
    rows = {
        one.pk: one for one in Point.objects.filter(route=route, ended_on=None).order_by("order")
    }
    wanted = [rows.pop(one) for one in dict.fromkeys(point_ids) if one in rows]
    for number, point in enumerate([*wanted, *rows.values()], start=1):
        if point.order != number:
            point.order = number
            point.save(update_fields=["order"])
    tell(route, "points", actor, now)
    return route


def _own(route_id: UUID, actor: Actor) -> Route:
    route = access.get_route(route_id, actor, lock=True)
    actor.require(access.MANAGE, route.area_path)
    if route.ended_on is not None:
        raise AlreadyDone(_("这条路线已经停了。"))
    return route


def _put(route: Route, facts: RouteFacts, actor: Actor) -> None:
    area = places.get_area(facts.area_id)
    actor.require(access.MANAGE, area.path)
    _check(facts, area)
    for one in fields(facts):
        if one.name != "area_id":
            setattr(route, one.name, getattr(facts, one.name))
    route.name = facts.name.strip()
    route.weekdays = "".join(sorted(set(facts.weekdays)))
    route.area_path = area.path
    route.grid_id = area.pk if area.kind == "grid" else None
    community = places.community_of_path(area.path)
    assert community is not None  # checked above
    route.community_id = community.pk


def _check(facts: RouteFacts, area: Any) -> None:
    if not facts.name.strip():
        raise BadInput(_("给路线起个名字。"), field="name")
    if places.community_of_path(area.path) is None:
        raise BadInput(_("路线要在一个社区或网格里。"), field="area_id")
    if set(facts.weekdays) - set(rules.WEEKDAYS):
        raise BadInput(_("选一下星期几走。"), field="weekdays")
    if not facts.weekdays and not 1 <= facts.every_days <= 366:
        raise BadInput(_("写每几天走一次，1 到 366。"), field="every_days")
    if not ItemList.objects.filter(pk=facts.item_list_id).exists():
        raise BadInput(_("选一份看什么的清单。"), field="item_list_id")


def _point(route: Route, part: Part) -> Point:
    where, facility, code = _where(route, part)
    if not where.area_path.startswith(route.area_path):
        raise BadInput(
            _("“%(label)s”不在这条路线的范围里。") % {"label": where.label}, field="points"
        )
    return Point(
        route=route,
        name=part.name.strip() or where.label,
        community_id=route.community_id,
        grid_id=where.grid_id,
        area_path=where.area_path,
        place_code=code,
        facility=facility,
        building_id=where.building_id,
        entrance_id=where.entrance_id,
        lat=where.lat,
        lon=where.lon,
        item_list_id=part.item_list_id,
    )


def _where(route: Route, part: Part) -> tuple[Where, Any, Any]:
    if part.facility_id is not None:
        facility = get_facility(part.facility_id)
        code = facility.place_code
        return where_of_facility(facility), facility, code
    if part.code:
        code = places.find_place_code(part.code)
        if code is None or code.ended_at is not None:
            raise BadInput(_("没有“%(code)s”这个点位码。") % {"code": part.code}, field="points")
        return places.where_of_code(code), None, code
    where = places.where_of(
        community_id=route.community_id,
        building_id=part.building_id,
        entrance_id=part.entrance_id,
        lat=part.lat,
        lon=part.lon,
        spot="" if part.building_id or part.entrance_id else part.name,
    )
    if where.building_id is None and not part.name.strip():
        raise BadInput(_("选一个地方，或者写清楚是哪里。"), field="points")
    if where.grid_id is None and route.grid_id is not None and part.lat is None:
        where = _in_grid(where, route)
    return where, None, _code_of(where)


def _in_grid(where: Where, route: Route) -> Where:
    """A spot without a position belongs to the grid whose route it is on."""
    if where.building_id is not None:
        return where
    return replace(where, grid_id=route.grid_id, area_path=route.area_path)


def _code_of(where: Where) -> Any:
    if where.entrance_id is None or where.building_id is None:
        return None
    return places.codes_by_entrance(where.building_id).get(where.entrance_id)


def _place_of(point: Point) -> tuple[Any, ...]:
    if point.facility_id:
        return ("facility", point.facility_id)
    if point.building_id:
        return ("house", point.building_id, point.entrance_id)
    return ("spot", point.name)


def _due(route: Route, point: Point, today: date) -> date:
    plan: dict[str, Any] = {
        "weekdays": route.weekdays, "every_days": route.every_days, "starts_on": route.starts_on,
    }  # fmt: skip
    if point.last_seen_at is None:
        return rules.first_day(today, **plan)
    return rules.next_day(clock.local(point.last_seen_at).date(), **plan)


def recount(route: Route) -> None:
    """Count a route's points anew."""
    route.point_count = Point.objects.filter(route=route, ended_on=None).count()
    route.version += 1
    route.save(update_fields=["point_count", "version"])


def tell(route: Route, what: str, actor: Actor, now: datetime) -> None:
    """Record that a route changed: made, changed, points or ended."""
    event = RouteChanged(subject_id=route.pk, area_path=route.area_path, what=what)
    events.record(event, actor=actor, at=now)
