"""Ninety days of a tenant: who reports what, when, where, in which weather."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random
from typing import TYPE_CHECKING, cast

from linli.blueprints.demo import (
    aftercare,
    board,
    campaigns,
    care,
    drawing,
    fate,
    meetings,
    offline,
    patrols,
    people,
    register,
    stations,
    weather,
    whistles,
    words,
)
from linli.blueprints.demo.people import Resident
from linli.blueprints.demo.story import Story
from linli.blueprints.demo.world import Action, World
from linli.cases import selectors as cases
from linli.cases.services import intake
from linli.kernel import clock
from linli.kernel.actor import Actor, reporter
from linli.kernel.pictures import Picture
from linli.places import selectors as places
from linli.posts import selectors as posts
from linli.posts import services as terms

if TYPE_CHECKING:
    from linli.cases.models import Category, Source
    from linli.places.models import Area, PlaceCode

RECENT = timedelta(days=5)
CONSENT = "demo"
# How much comes in by weekday, Monday first, and by hour of the day.
WEEKDAYS = (1.25, 1.05, 1.0, 1.0, 1.05, 0.75, 0.65)
HOURS = (
    0.1, 0.05, 0.03, 0.03, 0.05, 0.2, 0.6, 1.4, 2.2, 2.4, 2.0, 1.5,
    1.4, 1.2, 1.5, 1.6, 1.6, 1.6, 1.9, 2.3, 2.1, 1.4, 0.7, 0.3,
)  # fmt: skip


@dataclass(slots=True)
class Neighbourhood:
    """A community of the demo: its doors, some of which give trouble more often, and who reports."""

    area: "Area"
    doors: "list[PlaceCode]"
    weights: list[float]
    residents: list[Resident]
    stories: list[Story]

    def news(self, at: datetime) -> Story | None:
        """Return a case that somebody else may report again: new, open, nobody's secret."""
        for story in reversed(self.stories[-30:]):
            case = story.case
            is_new = at - case.reported_at < timedelta(days=2)
            if is_new and case.is_open and not case.is_confidential and story.twin is None:
                return story
        return None


def live(world: World, *, volume: int) -> None:
    """Let about `volume` cases come in between the world's start and now, and let it live."""
    first, last = clock.local(world.start).date(), clock.local(world.now).date()
    world.weather = weather.spells(world.tenant.code, first, last, world.rng)
    homes = _neighbourhoods(world)
    total = sum(home.area.household_count for home in homes) or 1
    for home in homes:
        for moment in _arrivals(world, round(volume * home.area.household_count / total)):
            world.at(moment, _report(world, home))
    world.at(world.now - timedelta(days=2), _go_on_leave(world, homes))
    board.plan(world, [home.area for home in homes])
    aftercare.plan(world)
    campaigns.plan(world)
    meetings.plan(world)
    offline.plan(world)
    patrols.plan(world)
    care.plan(world)
    register.plan(world)
    stations.plan(world)
    whistles.plan(world)
    world.live()
    aftercare.decide(world, (story.case for home in homes for story in home.stories))
    board.tidy(world)


def _go_on_leave(world: World, homes: list[Neighbourhood]) -> Action:
    """Return the action of a grid worker going on leave for a week, another standing in."""

    def leave(at: datetime) -> None:
        grids = list(places.grids_of(homes[0].area.pk)[:2])
        routes = [
            posts.post_in("grid_worker", area_path=grid.path, estate_id=None) for grid in grids
        ]
        ids = [route.post_id for route in routes if route and route.post_id]
        if len(ids) == 2:
            holders = posts.holders_of(ids, at)
            terms.set_substitute(
                post_id=ids[0], absent_id=holders[ids[0]][0], substitute_id=holders[ids[1]][0],
                starts_at=at, ends_at=at + timedelta(days=7), reason="年休假",
                actor=world.staff.system, now=at,
            )  # fmt: skip
            world.staff.forget()

    return leave


def _neighbourhoods(world: World) -> list[Neighbourhood]:
    """Return the communities that have doors with codes."""
    found = []
    for area in places.communities():
        doors = list(places.codes_of(area.pk))
        if doors:
            weights = [8.0 if world.rng.random() < 0.06 else 1.0 for _door in doors]
            residents = people.residents(world.rng, max(12, len(doors) // 2))
            found.append(Neighbourhood(area, doors, weights, residents, []))
    return found


def _arrivals(world: World, count: int) -> list[datetime]:
    """Return that many moments, more on Mondays and in the evening, more in bad weather."""
    rng, first = world.rng, clock.local(world.start).date()
    days = [
        first + timedelta(days=n) for n in range((clock.local(world.now).date() - first).days + 1)
    ]
    weights = [_day_weight(world, day) for day in days]
    moments = []
    for day in rng.choices(days, weights, k=count):
        hour = rng.choices(range(24), HOURS)[0]
        at = time(hour, rng.randrange(60), rng.randrange(60))
        moments.append(datetime.combine(day, at, tzinfo=clock.BEIJING))
    return [moment for moment in moments if world.start < moment <= world.now]


def _day_weight(world: World, day: date) -> float:
    # The last days are livelier, so that the queues of the demo have something in them.
    is_new = (clock.local(world.now).date() - day).days < 3
    return WEEKDAYS[day.weekday()] * (1.7 if day in world.weather else 1.0) * (5 if is_new else 1)


def _report(world: World, home: Neighbourhood) -> Action:
    """Return the action of one report coming in."""

    def report(at: datetime) -> None:
        rng = world.rng
        own = fate.draw(rng, is_recent=world.now - at < RECENT)
        twin = home.news(at) if own.is_merged else None
        right = cases.get_category(twin.case.category_id) if twin else _category(world, at)
        door = twin.door if twin else rng.choices(home.doors, home.weights)[0]
        is_mistaken = own.is_corrected and twin is None and _is_at_desk(right)
        shown = _mistaken(right, rng) if is_mistaken else right
        resident, source = rng.choice(home.residents), _source(world, home, at)
        voice = words.voices()[right.code]
        said = _words(world, category=shown, voice=voice, door=door, source=source, who=resident)
        is_spoken = source in ("phone", "walk_in")
        case, _is_new = intake.report_case(
            report=said,
            photos=() if is_spoken else _photos(voice, said.text, own, shown, rng),
            actor=_sender(world, home, source, at),
            now=at,
        )
        story = Story(world, case, own, voice)
        story.door, story.twin = door, twin
        story.category_id = right.pk if shown is not right else None
        home.stories.append(story)
        story.begin(resident)

    return report


def _category(world: World, at: datetime) -> "Category":
    day = clock.local(at).date()
    known = [one for one in cases.active_categories() if one.code in words.voices()]
    weights = [
        weather.weight(words.voices()[one.code], day, world.weather.get(day, ""), world.tenant.code)
        for one in known
    ]
    return world.rng.choices(known, weights)[0]


def _is_at_desk(category: "Category") -> bool:
    return category.dispatch_mode == "desk"


def _mistaken(right: "Category", rng: Random) -> "Category":
    """Return a category that somebody might take for the right one, handled at the same desk."""
    others = [
        c
        for c in cases.active_categories()
        if _is_at_desk(c) and not c.is_confidential and c.needs_photo is False
    ]
    return rng.choice(others) if others else right


def _source(world: World, home: Neighbourhood, at: datetime) -> str:
    sources = {"scan": 58, "web": 12, "patrol": 6}
    if world.is_working(at):
        sources |= {"phone": 16, "walk_in": 9, "hotline": 2}
    if world.staff.in_role("roaming", home.area.path, at):
        sources["snapshot"] = 8
    return world.rng.choices(list(sources), list(sources.values()))[0]


def _sender(world: World, home: Neighbourhood, source: str, at: datetime) -> Actor:
    role = {"phone": "desk", "walk_in": "desk", "hotline": "desk", "snapshot": "roaming"}.get(
        source
    )
    staff = world.staff.in_role(role, home.area.path, at) if role else None
    if source == "patrol":
        staff = world.staff.in_role("grid_worker", home.area.path, at)
    return staff or reporter(world.tenant.pk)


def _words(
    world: World,
    *,
    category: "Category",
    voice: words.Voice,
    door: "PlaceCode",
    source: str,
    who: Resident,
) -> intake.Report:
    rng, where = world.rng, places.where_of_code(door)
    building = door.building.name if door.building else ""
    entrance = door.entrance.name if door.entrance else ""
    text = words.say(rng.choice(voice.says), rng, building=building, entrance=entrance)
    is_private = source in ("patrol", "snapshot", "hotline")
    return intake.Report(
        category_id=category.pk,
        text=text,
        where=where,
        source=cast("Source", source),
        spot=rng.choice(words.manners()["spots"]) if rng.random() < 0.15 else "",
        answers=_answers(category, rng),
        name="" if is_private else who.name,
        phone="" if is_private else who.phone,
        consent_version=CONSENT,
        device=who.device,
    )


def _answers(category: "Category", rng: Random) -> tuple[tuple[str, str], ...]:
    found = []
    for question in cases.questions_of(category.pk):
        if question.kind in ("choice", "choices"):
            found.append((question.text, rng.choice(question.choices)))
        elif question.is_required or rng.random() < 0.5:
            words_ = {"yes_no": ["是", "否"], "number": ["14", "15", "16", "17"]}
            found.append((question.text, rng.choice(words_.get(question.kind, ["三楼", "一楼"]))))
    return tuple(found)


def _photos(
    voice: words.Voice, text: str, own: fate.Fate, category: "Category", rng: Random
) -> tuple[Picture, ...]:
    scene = voice.scene or ("shed" if category.needs_photo else "")
    if not scene or not (category.needs_photo or (own.has_photo and voice.shows(text))):
        return ()
    return drawing.photos(scene, rng)
