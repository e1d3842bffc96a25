"""All homes of a community by how people write them, for lists that name thousands of them."""

from collections import defaultdict
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any
from uuid import UUID

from linli.places.models import Building, Entrance, Home
from linli.places.rules import names
from linli.places.selectors.areas import get_community_by_id
from linli.places.selectors.homes import HomeAt


class NoHome(StrEnum):
    """Why an address is no home's."""

    ESTATE = "estate"
    BUILDING = "building"
    ENTRANCE = "entrance"
    HOME = "home"  # the entrance is known, the number isn't
    SEVERAL = "several"  # two buildings or entrances fit


@dataclass(slots=True)
class _Door:
    id: UUID
    name: str
    homes: dict[str, UUID] = field(default_factory=dict)


@dataclass(slots=True)
class _House:
    id: UUID
    name: str
    estate: str
    grid_id: UUID | None
    area_path: str
    doors: dict[str, _Door] = field(default_factory=dict)


class HomeBook:
    """The homes of a community. `find` costs no query; one community's thousands fit in few MB."""

    def __init__(self, community_id: UUID) -> None:
        community = get_community_by_id(community_id)
        self.community_id, self.path = community.pk, community.path
        self._houses: dict[str, dict[str, _House]] = defaultdict(dict)
        self._numbered: dict[str, dict[int, list[_House]]] = defaultdict(lambda: defaultdict(list))
        self._doors: dict[UUID, _Door] = {}
        self._known: dict[tuple[str, str, str, str], HomeAt | NoHome | UUID] = {}
        self._load()

    def find(
        self, estate: str, building: str, entrance: str, number: str
    ) -> HomeAt | NoHome | UUID:
        """Return the home, why there is none, or the entrance that has no such number yet.

        "" for what the list doesn't say: the only building of that name, the only entrance.
        """
        key = (estate, building, entrance, number)
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = self._found(*key)
            if len(self._known) > 20_000:
                self._known.clear()
        return found

    def add(self, made: dict[tuple[UUID, str], UUID]) -> None:
        """Know homes that were entered meanwhile, by entrance and number."""
        for (entrance_id, number), home_id in made.items():
            self._doors[entrance_id].homes[number.lower()] = home_id
        self._known.clear()

    def knows(self, entrance_id: UUID) -> bool:
        """Tell whether an entrance is of this community."""
        return entrance_id in self._doors

    def _found(
        self, estate: str, building: str, entrance: str, number: str
    ) -> HomeAt | NoHome | UUID:
        houses = self._houses_called(names.same_name_key(estate), building)
        if isinstance(houses, NoHome):
            return houses
        doors = [
            (house, door) for house in houses for door in _doors_called(house, entrance, number)
        ]
        if len(doors) != 1:
            return NoHome.SEVERAL if doors else NoHome.ENTRANCE
        house, door = doors[0]
        said = names.clean_name(number)
        home_id = door.homes.get(said.lower()) or door.homes.get(_bare(said))
        if home_id is None:
            return door.id if said and len(said) <= 20 else NoHome.HOME
        return HomeAt(
            home_id, said, door.id, door.name, house.id, house.name, house.estate,
            self.community_id, self.path, house.grid_id, house.area_path, False,
        )  # fmt: skip

    def _houses_called(self, estate: str, building: str) -> list[_House] | NoHome:
        if estate and estate not in self._houses:
            estate = next(
                (one for one in self._houses if one and (estate in one or one in estate)), ""
            )
            if not estate:
                return NoHome.ESTATE
        sisters = [self._houses[estate]] if estate else list(self._houses.values())
        key = names.same_name_key(building)
        found = [houses[key] for houses in sisters if key in houses]
        number = names.first_number(building)
        if not found and number is not None:
            numbered = [self._numbered[estate]] if estate else list(self._numbered.values())
            found = [one for by in numbered for one in by.get(number, ())]
        if len(found) > 1 and not estate:
            return NoHome.SEVERAL
        return found or NoHome.BUILDING

    def _load(self) -> None:
        rows = Building.objects.filter(community_id=self.community_id, ended_on=None)
        columns = ("id", "name", "estate__name", "grid_id", "grid__path")
        houses: dict[UUID, _House] = {}
        for house_id, name, estate, grid_id, grid_path in rows.values_list(*columns):
            house = _House(house_id, name, estate or "", grid_id, grid_path or self.path)
            houses[house_id] = house
            estate_key = names.same_name_key(house.estate)
            self._houses[estate_key][names.same_name_key(name)] = house
            number = names.first_number(name)
            if number is not None:
                self._numbered[estate_key][number].append(house)
        doors = self._doors
        # Joined, not nested: PostgreSQL knows nothing yet of the sizes of tables that were just filled.
        standing = {"building__community_id": self.community_id, "building__ended_on": None}
        entrances = Entrance.objects.filter(ended_on=None, **standing)
        for door_id, name, house_id in entrances.values_list("id", "name", "building_id"):
            doors[door_id] = houses[house_id].doors[names.same_name_key(name)] = _Door(
                door_id, name
            )
        lived_in = {f"entrance__{name}": value for name, value in standing.items()}
        homes: Any = Home.objects.filter(ended_on=None, entrance__ended_on=None, **lived_in)
        for home_id, number, door_id in homes.values_list("id", "number", "entrance_id"):
            doors[door_id].homes[number.lower()] = home_id


def _doors_called(house: _House, entrance: str, number: str) -> list[_Door]:
    if entrance:
        key = names.same_name_key(entrance)
        if key in house.doors:
            return [house.doors[key]]
        at = names.first_number(entrance)
        return [
            one
            for one in house.doors.values()
            if at is not None and at == names.first_number(one.name)
        ]
    if len(house.doors) == 1:
        return list(house.doors.values())
    said = names.clean_name(number).lower()
    return [one for one in house.doors.values() if said in one.homes]


def _bare(number: str) -> str:
    return number.lower().removesuffix("室").removesuffix("户").removesuffix("号")
