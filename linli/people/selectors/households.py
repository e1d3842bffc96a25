"""Cards of homes, buildings and grids: who lives there, who did, how many of whom."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Q, Sum
from django.utils.translation import gettext as _

from linli.kernel.actor import Actor
from linli.kernel.errors import NotFound
from linli.people.models import (
    HeadRelation,
    Household,
    MoveReason,
    Person,
    PersonState,
    RegisterTally,
    Residence,
    ResidenceKind,
    TagKind,
)
from linli.people.selectors.finding import REGISTER, in_scope
from linli.people.selectors.register import SENSITIVE, PersonLine, person_lines
from linli.places import selectors as places
from linli.places.selectors.homes import HomeAt, get_home, homes_at, homes_of_building


@dataclass(frozen=True, slots=True)
class Counts:
    """How many there are now, and how many came and went in a month."""

    people: int = 0
    homes: int = 0
    rents: int = 0
    tags: tuple[tuple[str, int], ...] = ()
    came: int = 0
    left: int = 0
    born: int = 0
    died: int = 0


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """Somebody who lives, rents or owns here, or did."""

    person: PersonLine
    kind: str
    relation: str
    starts_on: date | None
    ends_on: date | None
    reason_in: str
    reason_out: str
    is_over: bool
    is_living: bool = True  # and doesn't only own


@dataclass(frozen=True, slots=True)
class Dweller:
    """Somebody of a home, once, with everything that ties them to it."""

    person: PersonLine
    ties: list[HistoryLine]


@dataclass(frozen=True, slots=True)
class HouseholdCard:
    """A home with who is there now and who was there before."""

    home: HomeAt
    household_id: UUID | None
    now: list[HistoryLine]
    before: list[HistoryLine]
    checked_at: datetime | None
    version: int

    @property
    def dwellers(self) -> list[Dweller]:
        """Return who is there now, each once."""
        return _each_once(self.now)

    @property
    def former(self) -> list[Dweller]:
        """Return who was there before, each once."""
        return _each_once(self.before)


@dataclass(frozen=True, slots=True)
class HomeLine:
    """A home in its building's list."""

    home: HomeAt
    people: int
    checked_at: datetime | None


@dataclass(frozen=True, slots=True)
class AreaCard:
    """A grid or a building with its counts."""

    id: UUID
    name: str
    counts: Counts = field(default_factory=Counts)


def _each_once(lines: Sequence[HistoryLine]) -> list[Dweller]:
    found: dict[UUID, Dweller] = {}
    for one in lines:
        found.setdefault(one.person.id, Dweller(one.person, [])).ties.append(one)
    return list(found.values())


def household_card(home_id: UUID, actor: Actor) -> HouseholdCard:
    """Return a home with its history. Errors: NotFound, NotAllowed."""
    home = get_home(home_id)
    actor.require(REGISTER, home.area_path)
    household = Household.objects.filter(home_id=home_id).first()
    rows = list(Residence.objects.filter(home_id=home_id).order_by("-id")[:200])
    people = person_lines((row.person_id for row in rows), actor)
    lines = [_history(row, people[row.person_id]) for row in rows]
    return HouseholdCard(
        home=home,
        household_id=household.pk if household else None,
        now=[one for one in reversed(lines) if not one.is_over],
        before=[one for one in lines if one.is_over],
        checked_at=household.checked_at if household else None,
        version=household.version if household else 0,
    )


def stays_of(person_id: UUID) -> list[tuple[HomeAt, Residence]]:
    """Return where somebody lives, rents or owns, and did, the latest first; the caller may see them."""
    rows = list(Residence.objects.filter(person_id=person_id).order_by("-id"))
    homes = homes_at(row.home_id for row in rows)
    return [(homes[row.home_id], row) for row in rows]


def building_homes(building_id: UUID, actor: Actor) -> list[HomeLine]:
    """Return the homes of a building with how many live in each. Errors: NotFound, NotAllowed."""
    building_in_scope(building_id, actor)
    homes = homes_of_building(building_id)
    people = Person.objects.filter(building_id=building_id, state=PersonState.HERE)
    counts = Counter(people.values_list("home_id", flat=True))
    rows = Household.objects.filter(building_id=building_id)
    checked = dict(rows.values_list("home_id", "checked_at"))
    return [HomeLine(home, counts[home.id], checked.get(home.id)) for home in homes]


def building_in_scope(building_id: UUID, actor: Actor) -> Any:
    """Return a building that the actor registers in. Errors: NotFound, NotAllowed."""
    building = places.get_building(building_id)
    actor.require(REGISTER, (building.grid or building.community).path)
    return building


def buildings_of(actor: Actor, *, most: int = 300) -> list[Any]:
    """Return the live buildings that the actor registers in, estate by estate."""
    found: list[Any] = []
    for community_id in _communities(actor):
        rows = places.buildings_of(community_id).select_related("estate", "grid", "community")
        rows = rows.defer("grid__polygon", "community__polygon")
        for one in rows:
            if actor.can(REGISTER, (one.grid or one.community).path):
                found.append(one)
                if len(found) >= most:
                    return found
    return found


def grid_cards(actor: Actor, today: date) -> list[AreaCard]:
    """Return the grids that the actor registers in, with counts from the tallies; one query each for
    now and for the month.
    """
    ids = places.grid_ids(actor.scopes(REGISTER))
    sums = _sums("building__grid_id", Q(building__grid_id__in=ids), today)
    names = _Names(actor)
    tree = places.tree_of(actor.scopes(REGISTER))
    within = [one.path for one in tree if one.kind == "community"]

    def place(grid: Any) -> tuple[str, str]:
        """Within a community grids go by their numbers, whichever part of it they lie in."""
        return next((path for path in within if grid.path.startswith(path)), ""), grid.code

    live = sorted((one for one in tree if one.kind == "grid"), key=place)
    return [AreaCard(one.pk, one.name, _counts(sums[one.pk], names.at(one.path))) for one in live]


def counts_of_buildings(buildings: Sequence[Any], actor: Actor, today: date) -> dict[UUID, Counts]:
    """Return the counts of buildings, which come with grid and community, by id."""
    sums = _sums("building_id", Q(building_id__in=[one.pk for one in buildings]), today)
    names = _Names(actor)
    return {
        one.pk: _counts(sums[one.pk], names.at((one.grid or one.community).path))
        for one in buildings
    }


def counts_of_scope(actor: Actor, today: date) -> Counts:
    """Return the counts of everything that the actor registers in."""
    rows = _tallies(in_scope(actor), today).values_list("figure").annotate(n=Sum("count"))
    # A sum over several places shows what may be seen at every one of them.
    return _counts(Counter(dict(rows)), _Names(actor).at(*actor.scopes(REGISTER)))


def get_grid(grid_id: UUID, actor: Actor) -> Any:
    """Return a grid that the actor registers in. Errors: NotFound, NotAllowed."""
    grid = places.get_area(grid_id)
    actor.require(REGISTER, grid.path)
    if grid.kind != "grid" or grid.ends_on is not None:
        raise NotFound(_("没有找到这个网格。"))
    return grid


def _tallies(where: Q, today: date) -> Any:
    return RegisterTally.objects.filter(where, month__in=["", f"{today:%Y-%m}"]).order_by()


def _sums(by: str, where: Q, today: date) -> dict[UUID, Counter[str]]:
    found: dict[UUID, Counter[str]] = defaultdict(Counter)
    rows = _tallies(where, today).values_list(by, "figure").annotate(n=Sum("count"))
    for key, figure, count in rows:
        found[key][figure] += count
    return found


def _counts(figures: Counter[str], names: Iterable[tuple[str, str]]) -> Counts:
    tags = tuple((name, figures[f"tag:{code}"]) for code, name in names if figures[f"tag:{code}"])
    return Counts(
        people=figures["people"],
        homes=figures["homes"],
        rents=figures["rents"],
        tags=tags,
        came=figures["in"],
        left=figures["out"],
        born=figures["born"],
        died=figures["died"],
    )


class _Names:
    """The names of tags in order; sensitive ones only where the actor may see them."""

    def __init__(self, actor: Actor) -> None:
        self._actor = actor
        rows = TagKind.objects.filter(is_active=True).order_by("order", "code")
        self._kinds = list(rows.values_list("code", "name", "is_sensitive"))

    def at(self, *paths: str) -> list[tuple[str, str]]:
        """Return code and name of the tags that may be seen at all of these places."""
        sees = all(self._actor.can(SENSITIVE, path) for path in paths)
        return [
            (code, name) for code, name, is_sensitive in self._kinds if sees or not is_sensitive
        ]


def _communities(actor: Actor) -> list[UUID]:
    scopes = actor.scopes(REGISTER)
    found = list(places.community_ids(scopes))
    for path in scopes:
        above = places.community_of_path(path)
        if above is not None and above.pk not in found:
            found.append(above.pk)
    return found


def _history(row: Residence, person: PersonLine) -> HistoryLine:
    return HistoryLine(
        person=person,
        kind=str(ResidenceKind(row.kind).label),
        relation=str(HeadRelation(row.relation).label) if row.relation else "",
        starts_on=row.starts_on,
        ends_on=row.ends_on,
        reason_in=str(MoveReason(row.reason_in).label) if row.reason_in else "",
        reason_out=str(MoveReason(row.reason_out).label) if row.reason_out else "",
        is_over=row.ended_at is not None,
        is_living=row.kind != ResidenceKind.OWNS,
    )
