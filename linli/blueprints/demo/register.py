"""The register of the demo: plausible households behind some doors of every grid, taken in as a list,
some of them looked at since, a few who came and went, and two who were entered twice.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import islice
from typing import Any, Final

from linli.blueprints.demo import doors
from linli.blueprints.demo import people as persons
from linli.blueprints.demo.world import World
from linli.kernel import clock
from linli.kernel.actor import Actor
from linli.people.selectors import checking
from linli.people.selectors.demo import unreal_number
from linli.people.selectors.people_card import tag_ids
from linli.people.selectors.register import persons_of_home
from linli.people.services import collecting, moving, register
from linli.people.services.import_reading import Plan
from linli.people.services.import_taking import plan_for, take_plans
from linli.people.services.register import Stay
from linli.people.services.saying import PersonFacts
from linli.places import selectors as places
from linli.places.selectors.homes import HomeAt, homes_at
from linli.places.services.homes import add_homes

DAY: Final = timedelta(days=1)
GRIDS, HOUSES, DOORS = 4, 2, 1  # of a community, of a grid, of a building
FLOORS, PER_FLOOR = 5, 2
# Who lives together: (relation, least age, most age), and how.
KINDS: Final[tuple[tuple[tuple[str, ...], tuple[tuple[str, int, int], ...]], ...]] = (
    (("lives", "owns"), (("head", 33, 45), ("spouse", 31, 44), ("child", 3, 16))),
    (("lives", "owns"), (("head", 60, 79), ("spouse", 58, 78))),
    (("lives", "owns"), (("head", 70, 91),)),
    (("rents",), (("head", 22, 38), ("other", 21, 36))),
    (
        ("lives", "owns"),
        (("head", 45, 58), ("spouse", 43, 57), ("child", 17, 28), ("parent", 70, 88)),
    ),
    (("rents",), (("head", 25, 45), ("spouse", 24, 44), ("child", 1, 9))),
)


@dataclass(frozen=True, slots=True)
class _Taker:
    """Who takes the list in, and when, as a run would say it."""

    actor: Actor
    now: datetime


def plan(world: World) -> None:
    """Let the main community take its list in on the second day, and live with it until today."""
    community = doors.main_community()
    if community is not None:
        world.at(world.start + 2 * DAY, _begin(world, community))


def _begin(world: World, community: Any) -> Callable[[datetime], None]:
    def begin(at: datetime) -> None:
        desk = world.staff.in_role("desk", community.path, at)
        if desk is None or not desk.can("people.register", community.path):
            return
        homes = _homes(community, desk, at)
        households = [list(_household(world, home, desk, at)) for home in homes]
        plans = [one for household in households for one in household]
        take_plans(plans, _Taker(desk, at))
        _twice(homes, plans, desk, at)
        world.at(world.now - 20 * DAY, _go_and_come(desk, homes))
        world.at(world.now - 6 * DAY, _look(world, homes))

    return begin


def _homes(community: Any, desk: Actor, at: datetime) -> list[HomeAt]:
    """Enter homes behind the first doors of some grids; return all of them."""
    wanted = [
        (entrance.pk, f"{floor}0{side}")
        for building in _buildings(community)
        for entrance in places.entrances_of(building.pk)[:DOORS]
        for floor in range(1, FLOORS + 1)
        for side in range(1, PER_FLOOR + 1)
    ]
    made = add_homes(wanted=wanted, duty="people.register", actor=desk, now=at)
    return list(homes_at(made[key] for key in wanted).values())


def _buildings(community: Any) -> list[Any]:
    by_grid: dict[Any, list[Any]] = {}
    for building in places.buildings_of(community.pk):
        by_grid.setdefault(building.grid_id, []).append(building)
    return [one for some in list(by_grid.values())[:GRIDS] for one in some[:HOUSES]]


def _household(world: World, home: HomeAt, desk: Actor, at: datetime) -> Iterator[Plan]:
    rng = world.rng
    if rng.random() < 0.1:
        return  # nobody lives there
    kinds, people = rng.choice(KINDS)
    tags = tag_ids(desk, home.area_path)
    today = clock.local(at).date()
    since = date(today.year - rng.randint(1, 15), rng.randint(1, 12), 1)
    surname = ""
    for number, (relation, least, most) in enumerate(people):
        name = persons.name(rng)
        name = surname + name[1:] if relation == "child" and surname else name
        surname = surname or name[0]
        age = rng.randint(least, most)
        sex, phone = rng.choice("mf"), persons.phone(rng) if 12 < age < 85 else ""
        born_on = date(today.year - age, rng.randint(1, 12), rng.randint(1, 28))
        order = rng.randrange(0, 998, 2) + (sex == "m")
        own = [tags[code] for code in _tags(age, people, kinds, rng) if code in tags]
        yield plan_for(
            home,
            tag_ids=own,
            name=name,
            id_number=unreal_number(born_on, order),
            sex=sex,
            born_on=born_on,
            phone=phone,
            kinds=kinds if number == 0 else (kinds[0],),
            relation=relation,
            starts_on=max(since, born_on),
        )


def _tags(age: int, people: Any, kinds: tuple[str, ...], rng: Any) -> list[str]:
    said = []
    if age >= 65 and len(people) == 1:
        said.append("elder_alone")
    if age >= 80:
        said.append("elder_80")
    if kinds == ("rents",) and rng.random() < 0.6:
        said.append("floating")
    for code, share, least in (("party", 0.12, 25), ("volunteer", 0.06, 30), ("veteran", 0.03, 45)):
        if age >= least and rng.random() < share:
            said.append(code)
    if rng.random() < 0.03:
        said.append("disabled")
    return said


def _twice(homes: list[HomeAt], plans: list[Plan], desk: Actor, at: datetime) -> None:
    """Enter two people again as somebody does who doesn't look first: by name and phone."""
    known = [one for one in plans if one.row.phone and one.home]
    for plan in islice(known, 5, 40, 20):
        other = next(
            home for home in homes if plan.home and home.building_id != plan.home.building_id
        )
        facts = PersonFacts(name=plan.row.name, phone=plan.row.phone)
        stay = Stay(kinds=("owns",))
        register.register_person(home_id=other.id, facts=facts, stay=stay, actor=desk, now=at)


def _go_and_come(desk: Actor, homes: list[HomeAt]) -> Callable[[datetime], None]:
    def go(at: datetime) -> None:
        today = clock.local(at).date()
        lived = [home for home in homes if persons_of_home(home.id)]
        for number, home in enumerate(lived[:24:6]):
            person = persons_of_home(home.id)[-1]
            if number % 2:
                moving.move_out(
                    person_id=person.id, home_id=home.id, ends_on=today, reason="work",
                    place_to="外地", actor=desk, now=at,
                )  # fmt: skip
            else:
                target = lived[-1 - number]
                stay = Stay(starts_on=today, reason="family")
                moving.move_in(
                    person_id=person.id, home_id=target.id, stay=stay, actor=desk, now=at
                )

    return go


def _look(world: World, homes: list[HomeAt]) -> Callable[[datetime], None]:
    def look(at: datetime) -> None:
        for home in homes[::7]:
            worker = world.staff.in_role("grid_worker", home.area_path, at)
            if worker is None or not worker.can("people.register", home.area_path):
                continue
            items, _known, _version = checking.check_of(home, worker, at)
            answers = {item.code: _answer(world, item) for item in items}
            collecting.check_household(
                home_id=home.id, answers=answers, at=at, actor=worker, now=at, key=""
            )

    return look


def _answer(world: World, item: Any) -> str:
    if item.code.startswith("p_"):
        return "still"
    if item.choices:
        return str(world.rng.choice(item.choices).code)
    return {"yes_no": world.rng.choice(("yes", "no")), "number": "1"}.get(str(item.kind), "")
