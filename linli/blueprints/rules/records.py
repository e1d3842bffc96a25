"""Lists and records of a blueprint: keys that are known, missing, doubled or misspelt."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, NamedTuple

from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from linli.blueprints.rules.findings import Findings, Spot, offer
from linli.blueprints.rules.kinds import MISSING, Kind, Number, fail, short
from linli.blueprints.rules.source import spot_of
from linli.kernel.geo import is_outside_china


@dataclass(slots=True)
class Item:
    """A record as read: its values, and where each stands."""

    spot: Spot
    values: dict[str, Any]
    spots: dict[str, Spot]

    def __getitem__(self, key: str) -> Any:
        return self.values[key]

    def __contains__(self, key: str) -> bool:
        return key in self.spots

    def at(self, key: str) -> Spot:
        """Return where the value of a key stands, or the record when it isn't written."""
        return self.spots.get(key, self.spot)


@dataclass(frozen=True, slots=True)
class ListOf:
    """A list; one value alone counts as a list of one."""

    kind: Kind
    least: int = 0
    most: int = 500

    def read(self, node: Node, path: str, findings: Findings) -> Any:
        """Return a list of what could be read."""
        nodes = node.value if isinstance(node, SequenceNode) else [node]
        if isinstance(node, ScalarNode) and not node.value:
            nodes = []
        if not self.least <= len(nodes) <= self.most:
            message = f"这里要有 {self.least} 到 {self.most} 项，现在 {len(nodes)} 项。"
            return fail(findings, spot_of(node, path), message)
        read = [self.kind.read(one, f"{path} {n}", findings) for n, one in enumerate(nodes, 1)]
        return [value for value in read if value is not MISSING]


@dataclass(frozen=True, slots=True)
class Point:
    """A position in China: [latitude, longitude]."""

    NUMBERS: ClassVar = ListOf(Number(-180, 180, is_whole=False), least=2, most=2)

    def read(self, node: Node, path: str, findings: Findings) -> Any:
        """Return latitude and longitude; the wrong way round they lie outside the country."""
        read = self.NUMBERS.read(node, path, findings)
        if read is MISSING or len(read) < 2 or not is_outside_china(*read):
            return read
        lat, lon = read
        hint = "" if is_outside_china(lon, lat) else f"，例如 [{lon}, {lat}]"
        message = f"[{lat}, {lon}] 不在国内，先写纬度，再写经度{hint}。"
        return fail(findings, spot_of(node, path), message)


@dataclass(frozen=True, slots=True)
class Either:
    """A list in one way of writing, a single value in the other."""

    scalar: Kind
    sequence: Kind

    def read(self, node: Node, path: str, findings: Findings) -> Any:
        """Return what the way of writing gives."""
        kind = self.sequence if isinstance(node, SequenceNode) else self.scalar
        return kind.read(node, path, findings)


class Field(NamedTuple):
    """A key of a record. A key that is not required has a default."""

    kind: Kind
    is_required: bool = False
    default: Any = None


@dataclass(frozen=True, slots=True)
class Record:
    """A mapping with known keys. named_by: the key whose value names the record in messages."""

    fields: Mapping[str, Field]
    named_by: str = ""
    noun: str = field(default="这一段")

    def read(self, node: Node, path: str, findings: Findings) -> Any:
        """Return an Item, with defaults where nothing is written."""
        spot = spot_of(node, path)
        if not isinstance(node, MappingNode):
            return fail(
                findings, spot, f"{self.noun}要写成“键: 值”的几行，例如“{self._example()}: …”。"
            )
        nodes = self._by_key(node, path, findings)
        name = nodes.get(self.named_by)
        if isinstance(name, ScalarNode) and name.value:
            path = f"{path.rsplit(' ', 1)[0]} › {short(name.value)}"
        item = Item(
            spot, {}, {key: spot_of(value, f"{path} › {key}") for key, value in nodes.items()}
        )
        is_whole = True
        for key, entry in self.fields.items():
            item.values[key] = self._value(key, entry, nodes, item, findings)
            is_whole &= item.values[key] is not MISSING
        return item if is_whole else MISSING

    def _by_key(self, node: MappingNode, path: str, findings: Findings) -> dict[str, Node]:
        nodes: dict[str, Node] = {}
        for key_node, value_node in node.value:
            key = key_node.value if isinstance(key_node, ScalarNode) else ""
            spot = spot_of(key_node, path)
            if key not in self.fields:
                findings.add(
                    spot,
                    f"{self.noun}里没有“{short(str(key))}”这个键，{offer(str(key), self.fields)}",
                )
            elif key in nodes:
                findings.add(spot, f"“{key}”写了两遍，留一处就可以。")
            else:
                nodes[key] = value_node
        return nodes

    def _value(
        self, key: str, entry: Field, nodes: dict[str, Node], item: Item, findings: Findings
    ) -> Any:
        if key in nodes:
            return entry.kind.read(nodes[key], item.spots[key].path, findings)
        if entry.is_required:
            return fail(findings, item.spot, f"{self.noun}缺少“{key}”。")
        return entry.default

    def _example(self) -> str:
        return self.named_by or next(iter(self.fields))
