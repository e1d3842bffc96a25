"""Care in the demo: some old people who live alone, their visitors, a search, an alert that is on."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from linli.blueprints.demo import people as persons
from linli.blueprints.demo.world import World
from linli.care import services
from linli.care.selectors import catalogue
from linli.care.services import AlertSheet, PlanSheet, VisitSheet
from linli.kernel import clock
from linli.kernel.actor import Actor
from linli.people.services import register
from linli.people.services.register import Stay
from linli.people.services.saying import PersonFacts
from linli.places import selectors as places
from linli.places.services import homes
from linli.posts import selectors as posts

DAY: Final = timedelta(days=1)
# level, age, needs, why, how the last rounds went: s safe, w wrong, a away
PEOPLE: Final = (
    ("weekly", 86, ("medicine", "mobility"), "独居，高血压，早上敲门要多等一会儿。", "sssws"),
    ("weekly", 82, ("warmth", "medicine"), "独居，怕冷，暖气不热会硬撑。", "ssass"),
    ("daily", 74, ("oxygen",), "在家吸氧，停电最多撑四个小时。", "sssss"),
    ("weekly", 79, ("dialysis", "mobility"), "一周透析三次，下楼要人扶。", "ssss"),
    ("fortnight", 58, ("meals",), "一级残疾，姐姐每周来一次。", "sss"),
    ("monthly", 91, ("cooling", "water"), "和老伴两个人住，女儿在外地。", "ss"),
    ("weekly", 84, ("medicine",), "独居，耳背，敲门声音大一些。", "ssaa"),
    ("weekly", 77, (), "老伴刚走，话少，多坐一会儿。", "s"),
)
TROUBLES: Final = ("药断了，今天去社区卫生站取了。", "medicine")
KINDS: Final = {"wjq": "cold", "dq": "heat", "ax": "storm"}


@dataclass(frozen=True, slots=True)
class Cared:
    """Somebody of the story."""

    profile_id: UUID
    visitor: Actor
    every_days: int
    rounds: str


def plan(world: World) -> None:
    """Let the main community begin to look after people some weeks ago, and go on to today."""
    for community in places.communities()[:1]:
        world.at(world.start + 3 * DAY, _begin(world, community))


def _begin(world: World, community: Any) -> Callable[[datetime], None]:
    def begin(at: datetime) -> None:
        desk = world.staff.in_role("desk", community.path, at)
        if desk is None or not catalogue.levels() or not desk.can("care.manage", community.path):
            return
        doors = _doors(community, len(PEOPLE))
        for door, line in zip(doors, PEOPLE, strict=False):
            known = _look_after(world, desk, door, line, at)
            if known is not None:
                _visit_all(world, known, at)
        world.at(world.now - 3 * timedelta(hours=1), _alert(world, desk, community))

    return begin


@dataclass(frozen=True, slots=True)
class Door:
    """A door of the story."""

    community_id: UUID
    building_id: UUID
    entrance_id: UUID
    number: str


def _doors(community: Any, count: int) -> list[Door]:
    """Return doors in a few buildings, on different floors, the same in every run."""
    return [
        Door(community.pk, building.pk, entrance.pk, f"{number % 5 + 1}0{number % 2 + 1}")
        for number, building in enumerate(places.buildings_of(community.pk)[:count])
        for entrance in places.entrances_of(building.pk)[:1]
    ]


def _look_after(world: World, desk: Actor, door: Door, line: Any, at: datetime) -> Cared | None:
    level, age, needs, why, rounds = line
    where = places.where_of(community_id=door.community_id, building_id=door.building_id)
    head, grid = posts.post_at("building_head", where), posts.post_at("grid_worker", where)
    first = head or grid
    if first is None or first.post_id is None:
        return None
    visitor = world.staff.holding(first.post_id, None, at)
    if visitor is None:
        return None
    second = grid.post_id if grid and grid.post_id != first.post_id else None
    sheet = PlanSheet(
        level_code=level, post_id=first.post_id, second_post_id=second, needs=needs, why=why,
        agreed_how="present",
    )  # fmt: skip
    person_id = _register(world, desk, door, age, at)
    profile = services.start_care(person_id=person_id, sheet=sheet, actor=desk, now=at)
    if age > 80:
        services.name_family(
            profile_id=profile.pk, name=persons.name(world.rng), phone=persons.phone(world.rng),
            relation="child", agreed_how="phone", actor=desk, now=at,
        )  # fmt: skip
    return Cared(profile.pk, visitor, profile.every_days, rounds)


def _register(world: World, desk: Actor, door: Door, age: int, at: datetime) -> UUID:
    wanted = [(door.entrance_id, door.number)]
    added = homes.add_homes(wanted=wanted, duty="people.register", actor=desk, now=at)
    home_id = added[door.entrance_id, door.number]  # others of the entrance may be known already
    year = clock.local(at).year
    facts = PersonFacts(
        name=persons.name(world.rng), phone=persons.phone(world.rng), sex=world.rng.choice("mf"),
        born_on=date(year - age, world.rng.randint(1, 12), 9),
    )  # fmt: skip
    person = register.register_person(
        home_id=home_id, facts=facts, stay=Stay(starts_on=date(year - 12, 5, 1)), actor=desk,
        now=at,
    )  # fmt: skip
    return person.pk


def _visit_all(world: World, known: Cared, begun_at: datetime) -> None:
    """Let the rounds happen, the last one some days ago; those who were missed were tried on end."""
    ago = timedelta(0)
    for at, letter in enumerate(reversed(known.rounds)):
        step = DAY if letter == "a" else known.every_days * DAY
        ago += step if at else min(step, 4 * DAY)
        hour = timedelta(minutes=world.rng.randint(0, 300))
        moment = world.now - ago - hour
        if moment > begun_at:
            world.at(moment, _visit(world, known, letter))


def _visit(world: World, known: Cared, letter: str) -> Callable[[datetime], None]:
    outcome = {"s": "safe", "w": "wrong", "a": "away"}[letter]

    def go(at: datetime) -> None:
        is_wrong = outcome == "wrong"
        answers = {"spirits": "a1", "stove": "yes", "pills": world.rng.randint(3, 25)}
        sheet = VisitSheet(
            outcome=outcome,
            manner="visit" if outcome == "safe" else "knock",
            trouble=TROUBLES[1] if is_wrong else "",
            note=TROUBLES[0] if is_wrong else "",
            answers=answers if outcome == "safe" else {},
        )
        services.record_visit(
            profile_id=known.profile_id, sheet=sheet, key="", at=at, actor=known.visitor, now=at
        )

    return go


def _alert(world: World, desk: Actor, community: Any) -> Callable[[datetime], None]:
    def switch_on(at: datetime) -> None:
        services.start_alert(
            sheet=AlertSheet(
                kind=KINDS.get(world.tenant.code, "snow"), area_id=community.pk,
                until=world.now + 2 * DAY, tells_family=True,
            ),
            key="", actor=desk, now=at,
        )  # fmt: skip

    return switch_on
