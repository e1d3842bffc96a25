"""Finding things of a file by the words that people refer to them with."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from linli.blueprints.rules import tree
from linli.blueprints.rules.findings import Findings, offer
from linli.blueprints.rules.kinds import Said
from linli.blueprints.rules.records import Item
from linli.blueprints.rules.tree import Place


@dataclass(slots=True)
class Index:
    """What a file declares, by code and by name."""

    root: Item
    places: list[Place]
    levels: dict[str, Item] = field(default_factory=dict)
    categories: dict[str, Item] = field(default_factory=dict)
    organisations: dict[str, Item] = field(default_factory=dict)
    posts: dict[str, Item] = field(default_factory=dict)
    _grids: dict[str, list[Place]] = field(default_factory=dict)

    def grids_of(self, community: Place) -> list[Place]:
        """Return the grids of a community, those of its micro-communities too."""
        if not self._grids:
            for place in self.places:
                above = place.above("community")
                if place.kind == "grid" and above is not None:
                    self._grids.setdefault(above.code, []).append(place)
        return self._grids.get(community.code, [])

    def places_named(self, text: str) -> list[Place]:
        """Return the areas of that code or name; "甲社区/第一网格" names one below another."""
        above, slash, name = text.rpartition("/")
        found = [place for place in self.places if name in (place.code, place.name)]
        if not slash:
            return found
        return [p for p in found if any(above in (up.code, up.name) for up in p.up())]

    def place(self, said: Said) -> Place | None:
        """Return the one area that is meant, or None."""
        found = self.places_named(said.text)
        return found[0] if len(found) == 1 else None

    def estates(self, name: str, below: list[Place]) -> list[tuple[Place, Item]]:
        """Return the estates of that name in communities below the places, with their community."""
        return [
            (place, estate)
            for place in self.communities(below)
            for estate in place.item["小区"]
            if estate["名称"] == name
        ]

    def communities(self, below: list[Place]) -> list[Place]:
        """Return the communities at or below the places, or that a place lies in."""
        return [
            place
            for place in self.places
            if place.kind == "community"
            and (
                set_of(place.up()) & set_of(below)
                or any(b.above("community") is place for b in below)
            )
        ]

    def below(self, kind: str, scopes: list[Place]) -> list[Place]:
        """Return the areas of a kind at or below the scopes."""
        wanted = set_of(scopes)
        return [p for p in self.places if p.kind == kind and set_of(p.up()) & wanted]


def set_of(places: Iterable[Place]) -> set[str]:
    """Return the codes of places."""
    return {place.code for place in places}


def index_of(root: Item) -> Index:
    """Return the index of a file that could be read. What is declared twice keeps its first meaning."""
    local = root["用语"]
    grid_word = (local["网格"] if local else None) or "网格"
    index = Index(root, tree.places_of(root, grid_word))
    for target, key in (
        (index.levels, "时限"),
        (index.categories, "类别"),
        (index.organisations, "机构"),
        (index.posts, "岗位"),
    ):
        for item in root[key]:
            for name in (item["编号"], item["名称"]):
                target.setdefault(name, item)
    return index


def names_of(items: dict[str, Item]) -> list[str]:
    """Return the names, for people to choose from."""
    return list(dict.fromkeys(item["名称"] for item in items.values()))


def find_place(index: Index, said: Said, whose: str, findings: Findings) -> Place | None:
    """Return the area that is meant, or None with the reason among the findings."""
    found = index.places_named(said.text)
    if len(found) == 1:
        return found[0]
    if found:
        message = f"{whose}的地方“{said}”有 {len(found)} 处，写成“社区/{said}”或者写区划码。"
    else:
        names = [place.name for place in index.places if place.kind != "grid"]
        message = f"{whose}的地方“{said}”没有定义，{offer(said.text, names)}"
    findings.add(said.spot, message)
    return None


def find(items: dict[str, Item], said: Said, whose: str, findings: Findings) -> Item | None:
    """Return what a word refers to, or None with the reason among the findings."""
    if said.text in items:
        return items[said.text]
    findings.add(said.spot, f"{whose}“{said}”没有定义，{offer(said.text, names_of(items))}")
    return None
