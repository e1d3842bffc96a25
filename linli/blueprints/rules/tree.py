"""The areas and buildings of a file, spelt out: grids only counted get names and codes."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from linli.blueprints.rules.findings import Findings
from linli.blueprints.rules.kinds import numbers_in
from linli.blueprints.rules.records import Item

_DIGITS = "零一二三四五六七八九"
STANDALONE = "单体楼"


@dataclass(slots=True)
class House:
    """A building of the file. estate "" stands alone; micro: the micro-community it belongs to, if any."""

    estate: str
    micro: str
    number: int
    name: str
    entrances: int
    floors: int
    homes: int
    grid: str = ""

    @property
    def households(self) -> int:
        """How many homes it has."""
        return self.entrances * self.floors * self.homes


@dataclass(slots=True)
class Place:
    """An area of the file: kind and codes as the product names them, and the record it comes from."""

    kind: str
    code: str
    name: str
    parent: "Place | None"
    item: Item
    claims: list[str] = field(default_factory=list)  # a grid's own list of buildings, as written

    def up(self) -> "Iterator[Place]":
        """Yield the area and everything above it."""
        yield self
        if self.parent is not None:
            yield from self.parent.up()

    def above(self, kind: str) -> "Place | None":
        """Return the area of that kind at or above this one."""
        return next((place for place in self.up() if place.kind == kind), None)


def places_of(root: Item, grid_word: str) -> list[Place]:
    """Return all areas of a file, parents before children, as they are written."""
    district = Place("district", root["区县"]["区划码"], root["区县"]["名称"], None, root["区县"])
    found = [district]
    for item in root["街道"]:
        subdistrict = Place("subdistrict", item["区划码"], item["名称"], district, item)
        found.append(subdistrict)
        for one in item["社区"]:
            found += _community(
                Place("community", one["区划码"], one["名称"], subdistrict, one), grid_word
            )
    return found


def _community(community: Place, grid_word: str) -> list[Place]:
    found, number = [community], 0
    for index, item in enumerate(community.item["微社区"], 1):
        code = f"{community.code}-{item['编号'] or f'm{index}'}"
        micro = Place("micro", code, item["名称"], community, item)
        grids = _grids(micro, community, item["网格"], number, grid_word)
        number += len(grids)
        found += [micro, *grids]
    return found + _grids(community, community, community.item["网格"], number, grid_word)


def _grids(
    parent: Place, community: Place, written: int | list[Item], number: int, grid_word: str
) -> list[Place]:
    """Return the grids of one parent; their numbers run through the community."""
    if isinstance(written, int):
        numbers = range(number + 1, number + written + 1)
        return [
            Place(
                "grid",
                f"{community.code}-g{n:02}",
                f"第{chinese(n)}{grid_word}",
                parent,
                parent.item,
            )
            for n in numbers
        ]
    found = []
    for n, item in enumerate(written, number + 1):
        code = f"{community.code}-{item['编号'] or f'g{n:02}'}"
        found.append(Place("grid", code, item["名称"], parent, item, list(item["楼栋"])))
    return found


def houses_of(community: Item) -> list[House]:
    """Return the buildings of a community in the order of the file."""
    found = []
    for estate in community["小区"]:
        micro = str(estate["微社区"] or "")
        for rule in estate["楼栋"]:
            found += _houses(rule, estate["名称"], micro, "{号} 号楼")
    for rule in community["单体楼"]:
        found += _houses(rule, "", str(rule["微社区"] or ""), "单体 {号} 号楼")
    return found


def _houses(rule: Item, estate: str, micro: str, pattern: str) -> list[House]:
    return [
        House(
            estate,
            micro,
            number,
            (rule["楼名"] or pattern).replace("{号}", str(number)),
            rule["单元"],
            rule["层"],
            rule["每层"],
        )
        for number in rule["楼号"]
    ]


def claim(grid: Place, houses: list[House], findings: Findings) -> None:
    """Give a grid the buildings on its own list: "花园小区 1-8", or "单体楼 3"."""
    for line in grid.claims:
        name, _blank, written = line.rpartition(" ")
        numbers = numbers_in(written, 400) if name else None
        spot = grid.item.at("楼栋")
        if numbers is None:
            findings.add(spot, f"网格“{grid.name}”的楼栋“{line}”看不懂，写成“某某小区 1-8”这样。")
            continue
        estate = "" if name.strip() == STANDALONE else name.strip()
        by_number = {house.number: house for house in houses if house.estate == estate}
        for number in numbers:
            house = by_number.get(number)
            if house is None:
                findings.add(spot, f"网格“{grid.name}”里的“{name.strip()} {number}”没有这栋楼。")
            elif house.grid:
                findings.add(spot, f"“{name.strip()} {number}”已经分给另一个网格了。")
            else:
                house.grid = grid.code


def deal(grids: list[Place], houses: list[House]) -> None:
    """Deal buildings that no list claims to grids without a list, in order, about as many homes to each."""
    open_grids = [grid for grid in grids if not grid.claims]
    waiting = [house for house in houses if not house.grid]
    total, done = sum(house.households for house in waiting) or 1, 0
    for house in waiting if open_grids else []:
        index = (done + house.households // 2) * len(open_grids) // total
        house.grid = open_grids[min(index, len(open_grids) - 1)].code
        done += house.households


def chinese(number: int) -> str:
    """Return a number below 100 in Chinese: 十二."""
    tens, ones = divmod(number, 10)
    if tens == 0:
        return _DIGITS[ones]
    return (_DIGITS[tens] if tens > 1 else "") + "十" + (_DIGITS[ones] if ones else "")
