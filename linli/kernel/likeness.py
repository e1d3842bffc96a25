"""How alike two reports are: pairs and triples of characters, the rare ones weighing more.

The words alone never say that two reports are one: the same text is sent about two buildings, and
"not the same school" is written with the same words. Whoever asks must know that the place agrees
(docs/adr/0011); `places_in` helps where a place stands only in the words.
"""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable
from functools import cached_property
from itertools import pairwise
from typing import Final

from linli.kernel.textmodel import plain

# From here on, and at the same place, two reports are likely one: on 2,576 public messages nothing
# else was as alike (bench/judgement.py).
LIKELY: Final = 0.45
POSSIBLE: Final = 0.3  # from here on they may be one, at the same place
MOST_SIGNS: Final = 1500
_OTHER: Final = re.compile(r"[^\w]+")
# Kinds of named places; names of one kind are held against each other.
_KINDS: Final = (
    ("estate", "小区|花园|家园|嘉园|公寓|公馆|佳苑|苑|庭|府|城|湾|新村|山庄|华庭|宿舍|大厦|广场|中心"),
    ("road", "大道|路|街|巷|桥|立交"),
    ("school", "学院|大学|中学|小学|学校|幼儿园|驾校|医院|公园|市场|公司|超市|酒店|工地"),
    ("area", "街道|社区|村|镇|乡"),
)  # fmt: skip
_NAMED: Final = [
    (kind, re.compile(rf"(?=([\u4e00-\u9fff\da-z]{{1,5}}?)(?:{ends})(?![\u4e00-\u9fff]?长))"))
    for kind, ends in _KINDS
]
_NUMBERED: Final = re.compile(
    r"(\d{1,3}|[一二三四五六七八九十]{1,3})(号楼|栋|幢|单元|期|号门|号线)"
)
_HAN_DIGITS: Final = {sign: str(n) for n, sign in enumerate("一二三四五六七八九十", 1)}


class Words:
    """A report's grams, its title counted twice, and the places that are named in it."""

    def __init__(self, title: str, text: str) -> None:
        self._title, self._head = title, f"{title} {text[:200]}"
        title, text = _tight(title), _tight(text)
        counts: Counter[str] = Counter()
        for piece in (title, title, text):
            counts.update(map("".join, pairwise(piece)))
            counts.update(map("".join, zip(piece, piece[1:], piece[2:], strict=False)))
        self.counts = counts

    @cached_property
    def numbers(self) -> dict[str, set[str]]:
        """Numbers of buildings, entrances and lines: {"号楼": {"3"}}."""
        return numbers_in(self._head)

    @cached_property
    def named(self) -> dict[str, set[str]]:
        """Places that are named in the title, by kind."""
        return places_in(self._title)

    @cached_property
    def places(self) -> dict[str, set[str]]:
        """Places that are named at the head of the report, by kind."""
        return places_in(self._head)

    def names_a_place_of(self, other: "Words") -> bool:
        """Tell whether a named place stands in both."""
        return _agree(self.places, other.places)

    def speaks_of_elsewhere(self, other: "Words") -> bool:
        """Tell whether the words put the two at different places: another building's number, or
        another school, road or estate in the title.
        """
        shared = self.numbers.keys() & other.numbers.keys()
        if any(not self.numbers[unit] & other.numbers[unit] for unit in shared):
            return True
        kinds = self.named.keys() & other.named.keys()
        return any(not _agree({k: self.named[k]}, {k: other.named[k]}) for k in kinds)


class Known:
    """Reports to compare with, each under a key.

    rarity: how rare a pair of characters is; without it that is learnt from the reports as they
    come, which needs many: among a few, what two have in common would look common.
    """

    def __init__(self, rarity: Callable[[str], float] | None = None) -> None:
        self._rarity = rarity
        self._known: dict[str, float] = {}
        self._spread: Counter[str] = Counter()
        self._size = 0
        self._found: dict[str, list[tuple[Hashable, float]]] = defaultdict(list)

    def learn(self, reports: Iterable[Words]) -> None:
        """Take note of which grams are common, without keeping the reports."""
        for words in reports:
            self._size += 1
            self._spread.update(words.counts.keys())

    def add(self, key: Hashable, words: Words) -> None:
        """Keep a report."""
        self.learn([words])
        for gram, weight in self._weigh(words).items():
            self._found[gram].append((key, weight))

    def nearest(self, words: Words, most: int = 3) -> list[tuple[Hashable, float]]:
        """Return the most alike reports, best first, each with its likeness, 0.0 to 1.0."""
        totals: dict[Hashable, float] = defaultdict(float)
        for gram, weight in self._weigh(words).items():
            for key, other in self._found.get(gram, ()):
                totals[key] += weight * other
        return sorted(totals.items(), key=lambda pair: -pair[1])[:most]

    def likeness(self, a: Words, b: Words) -> float:
        """Return how alike two reports are, 0.0 to 1.0."""
        others = self._weigh(b)
        return sum(weight * others.get(gram, 0.0) for gram, weight in self._weigh(a).items())

    def _weigh(self, words: Words) -> dict[str, float]:
        rare, log = self._rare, math.log
        weights = {gram: (1 + log(count)) * rare(gram) for gram, count in words.counts.items()}
        length = math.sqrt(sum(weight * weight for weight in weights.values())) or 1.0
        return {gram: weight / length for gram, weight in weights.items()}

    def _rare(self, gram: str) -> float:
        if self._rarity is None:
            return math.log((1 + self._size) / (1 + self._spread.get(gram, 0))) + 1
        found = self._known.get(gram)
        if found is None:
            found = max(self._rarity(gram[:2]), self._rarity(gram[-2:]))
            self._known[gram] = found
        return found


def _tight(text: str) -> str:
    return _OTHER.sub("", plain(text))[:MOST_SIGNS]


def numbers_in(text: str) -> dict[str, set[str]]:
    """Return the numbers of buildings, entrances and lines in a text: {"号楼": {"3"}}."""
    found: dict[str, set[str]] = defaultdict(set)
    for number, kind in _NUMBERED.findall(plain(text)):
        unit = "号楼" if kind in ("栋", "幢") else kind
        found[unit].add(_HAN_DIGITS.get(number, number).lstrip("0"))
    return dict(found)


def places_in(text: str) -> dict[str, set[str]]:
    """Return the names of places in a text, by kind: {"road": {"滨湖"}}; the last signs of each."""
    found: dict[str, set[str]] = {}
    for kind, pattern in _NAMED:
        names = {name for name in pattern.findall(plain(text)) if len(name) > 1}
        if names:
            found[kind] = names
    return found


def _agree(a: dict[str, set[str]], b: dict[str, set[str]]) -> bool:
    return any(
        one.endswith(other[-2:]) or other.endswith(one[-2:])
        for kind in a.keys() & b.keys()
        for one in a[kind]
        for other in b[kind]
    )
