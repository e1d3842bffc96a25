"""What a figure is, and how one comes of sums. The figures themselves: selectors/figures.py."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from linli.indicators.rules.shares import Rate, Share, share


class Unit(StrEnum):
    """What a figure is counted in."""

    CASES = "件"
    RATE = "%"
    DAYS = "天"
    PEOPLE = "人次"


Sum = tuple[str, ...]  # measures to add; "-measure" is taken away


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One figure. A rate is `part` of `whole`; a count is `part` alone.

    better: 1 when more of it is better, -1 when less is, 0 when it is neither.
    """

    code: str
    name: Any  # a lazy translation, like `words`
    unit: Unit
    words: Any
    part: Sum
    whole: Sum = ()
    official_part: Sum = ()
    official_whole: Sum = ()
    is_now: bool = False  # how things stand at this moment, whatever the period
    better: int = 0
    source: str = ""


Counts = Mapping[str, int]


def total(terms: Sum, counts: Counts) -> int:
    """Return the sum of measures, those with a minus taken away."""
    return sum(-counts[term[1:]] if term.startswith("-") else counts.get(term, 0) for term in terms)


def rate_of(figure: Figure, counts: Counts) -> Rate:
    """Return a figure that is a rate, raw and official; one without an official sum has it twice."""
    raw = share(total(figure.part, counts), total(figure.whole, counts))
    return Rate(raw, _official(figure, counts) or raw)


def _official(figure: Figure, counts: Counts) -> Share | None:
    if not figure.official_whole:
        return None
    return share(total(figure.official_part, counts), total(figure.official_whole, counts))
