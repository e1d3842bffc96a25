"""Patrols in the demo: what stands where, who walked when, kind words, a notice on its way, a lamp that
keeps going out.
"""

from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import TYPE_CHECKING, Any, Final

from linli.blueprints.demo import doors
from linli.blueprints.demo.world import Action, World
from linli.kernel import clock, worktime
from linli.kernel.actor import Actor
from linli.kernel.errors import DomainError
from linli.patrols.selectors import covenant, coverage, rounds, routes
from linli.patrols.selectors.lists import fine_answers, item_lists
from linli.patrols.services import persuading, walking
from linli.patrols.services import rounds as taking
from linli.patrols.services import routes as laying
from linli.patrols.services.finding import Found
from linli.patrols.services.walking import Seen
from linli.places import selectors as places
from linli.places.selectors import facilities as things
from linli.places.services import facilities
from linli.places.services.facilities import FacilityFacts
from linli.posts import selectors as posts

if TYPE_CHECKING:
    from linli.places.models import Area, Facility

DAY: Final = timedelta(days=1)
POINTS: Final = 14
# How many days ago how many routes were walked: all have been, the last ones not lately.
WALKS: Final = ((1, 8), (4, 99), (9, 3))
LAMP: Final = "东门路灯"
# Kind, name, how many (at buildings), area of a premises.
STANDING: Final = (
    ("lamp", "楼前路灯", 5, 0), ("hydrant", "消防栓", 4, 0), ("charger", "充电桩", 2, 0),
    ("bins", "垃圾分类点", 3, 0), ("playground", "活动场地", 1, 0), ("health", "卫生服务站", 1, 0),
    ("premises", "党群服务中心", 1, 380),
)  # fmt: skip
# What lies in the way: findings of a round take the category of its list, which is that.
SEEN: Final = ("楼道口堆了两个纸箱", "楼梯转角放着一个旧柜子", "单元门后停着电动车，占了半边通道")


@dataclass(slots=True)
class _Ground:
    """What the patrols of one community have to do with."""

    area: "Area"
    rng: Random
    lead: Actor
    lamp: Any = None
    routes: list[Any] = field(default_factory=list)


def plan(world: World) -> None:
    """Let the main community be furnished, walked, and spoken to."""
    area, rng = doors.main_community(), Random(f"{world.tenant.code} patrols")
    if area is None:
        return
    ground = _Ground(area, rng, world.staff.system)
    world.at(_working(world, world.start + DAY), lambda at: _furnish(world, ground, at))
    for ago, count in WALKS:
        world.at(_lately(world, ago * DAY), _walk_all(world, ground, count))
    for days in (60, 25):
        world.at(_lately(world, days * DAY), _mend(world, ground))
    # The third within ninety days, lately enough that the worker hears of it.
    world.at(world.now - timedelta(hours=6), _mend(world, ground))
    for number in range(6):
        world.at(_lately(world, number * 4 * DAY + DAY / 8), _speak(world, ground, number))
    world.at(_lately(world, 2 * DAY), _deliver(world, ground))


def _working(world: World, moment: datetime) -> datetime:
    return worktime.add_working_time(moment, timedelta(minutes=35), world.calendar)


def _lately(world: World, ago: timedelta) -> datetime:
    """Return the last moment within working hours that so much time has passed since, or more."""
    moment = world.now - ago - timedelta(hours=4)
    while (found := _working(world, moment)) > world.now - ago:
        moment -= timedelta(hours=12)
    return found


def _furnish(world: World, ground: _Ground, at: datetime) -> None:
    actor, area = world.staff.system, ground.area
    kinds = {one.code: one for one in things.facility_kinds()}
    houses = list(places.buildings_of(area.pk)[:40])
    for code, name, count, m2 in STANDING:
        for house in houses[: count if code in kinds else 0]:
            facts = FacilityFacts(
                kind_id=kinds[code].pk, name=name, building_id=house.pk, area_m2=m2,
                installed_on=clock.local(at).date() - 900 * DAY,
            )  # fmt: skip
            facilities.create_facility(community_id=area.pk, facts=facts, actor=actor, now=at)
    ground.routes = list(routes.routes_of(actor).filter(community_id=area.pk).order_by("code"))
    if "lamp" in kinds and houses and ground.routes:
        ground.lamp = _lamp(ground, kinds["lamp"].pk, houses[0], actor, at)


def _lamp(ground: _Ground, kind_id: Any, house: Any, actor: Actor, at: datetime) -> "Facility":
    facts = FacilityFacts(kind_id=kind_id, name=LAMP, building_id=house.pk)
    lamp = facilities.create_facility(community_id=ground.area.pk, facts=facts, actor=actor, now=at)
    facilities.code_facility(facility_id=lamp.pk, actor=actor, now=at)
    own = [one for one in ground.routes if one.grid_id in (None, house.grid_id)]
    spot = next((one for one in item_lists() if one.code == "spot"), None)
    part = laying.Part(facility_id=lamp.pk, item_list_id=spot.pk if spot else None)
    laying.add_points(route_id=(own or ground.routes)[0].pk, parts=[part], actor=actor, now=at)
    return lamp


def _walker(world: World, route: Any, at: datetime) -> Actor | None:
    found = world.staff.holding(route.post_id, None, at) if route.post_id else None
    return found if found is not None and found.can("patrols.walk", route.area_path) else None


def _walk_all(world: World, ground: _Ground, count: int) -> Action:
    def walk(at: datetime) -> None:
        joint = [one for one in ground.routes if one.is_joint]
        for at_number, route in enumerate([*joint, *ground.routes[:count]]):
            walker = _walker(world, route, at)
            if walker is not None:
                with suppress(DomainError):
                    _walk(world, ground, route, walker, at + at_number * timedelta(minutes=4))

    return walk


def _walk(world: World, ground: _Ground, route: Any, walker: Actor, at: datetime) -> None:
    points = coverage.points_in_order(route)[:POINTS]
    patrol = None
    for number, point in enumerate(points):
        moment = at + number * timedelta(minutes=3)
        if ground.lamp is not None and point.facility_id == ground.lamp.pk:
            continue
        if ground.rng.random() < 0.06:
            found = walking.skip_point(
                point_id=point.pk, reason="门禁坏了，没有进去", at=moment, actor=walker, now=moment
            )
        else:
            settled = ground.rng.random() < 0.05
            found = walking.check_point(
                point_id=point.pk,
                seen=Seen(
                    at=moment, answers=fine_answers(point),
                    lat=point.lat, lon=point.lon,
                ),
                found=Found(text=ground.rng.choice(SEEN)) if settled else None,
                actor=walker, now=moment,
            )  # fmt: skip
        patrol = found.patrol_id
    if patrol is not None:
        ended = walking.finish_patrol(patrol_id=patrol, actor=walker, now=at + timedelta(hours=1))
        if ended.is_joint and world.now - at > 2 * DAY:
            _sign(world, route, patrol, at + timedelta(hours=2))


def _sign(world: World, route: Any, patrol_id: Any, at: datetime) -> None:
    for account_id in posts.members_of(route.partner_id, at)[:1]:
        walking.sign_patrol(patrol_id=patrol_id, actor=posts.actor_of(account_id, at), now=at)


def _mend(world: World, ground: _Ground) -> Action:
    """The same lamp again: changed at once, and out again some weeks later."""

    def mend(at: datetime) -> None:
        point = next(
            (
                one
                for route in ground.routes
                for one in coverage.points_in_order(route)
                if ground.lamp is not None and one.facility_id == ground.lamp.pk
            ),
            None,
        )
        walker = _walker(world, point.route, at) if point is not None else None
        if point is None or walker is None:
            return
        found = Found(text="东门路灯又不亮了", is_settled=True, result="换了灯泡，亮了。")
        walking.check_point(point_id=point.pk, seen=Seen(at=at), found=found, actor=walker, now=at)

    return mend


def _speak(world: World, ground: _Ground, number: int) -> Action:
    def speak(at: datetime) -> None:
        clauses = covenant.clauses()
        houses = list(places.buildings_of(ground.area.pk)[:20])
        if not clauses or not houses:
            return
        house = ground.rng.choice(houses)
        where = places.where_of(community_id=ground.area.pk, building_id=house.pk)
        worker = world.staff.in_role("grid_worker", where.area_path, at)
        if worker is None or not worker.can("patrols.walk", where.area_path):
            return
        outcome = ("mended", "promised", "mended", "heard", "mended", "declined")[number]
        persuading.record_persuasion(
            clause_id=clauses[number % len(clauses)].pk, where=where, outcome=outcome,
            count=1 + number % 2, at=at, actor=worker, now=at,
        )  # fmt: skip

    return speak


def _deliver(world: World, ground: _Ground) -> Action:
    def deliver(at: datetime) -> None:
        house = places.buildings_of(ground.area.pk).filter(grid__isnull=False).first()
        if house is None or house.grid_id is None:
            return
        made = taking.make_round(
            area_id=house.grid_id, title="二次供水检修通知",
            text="本周六 9:00 到 12:00 停水，提前接好水。老人家里当面说一声。",
            due_on=clock.local(world.now).date() + 2 * DAY, actor=world.staff.system, now=at,
        )  # fmt: skip
        worker = world.staff.in_role("grid_worker", made.area_path, at)
        if worker is None or not worker.can("patrols.walk", made.area_path):
            return
        houses = rounds.houses_of(made, worker)
        done = houses[: max(len(houses) // 2, 1)]
        outcomes = {stop.pk: "given" for one in done for stop in one.stops}
        taking.take_stops(
            round_id=made.pk, outcomes=outcomes, at=at + DAY / 8, actor=worker, now=at + DAY / 8
        )

    return deliver
