"""Where the bars of a small chart stand: pairs of counts, period by period, on a drawing of 320 x 120."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

WIDTH, HEIGHT, FLOOR, TOP = 320, 130, 108, 8
_STEPS: Final = (1, 2, 4, 6, 10)


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar: where it begins and how large it is."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Pair:
    """A period's two bars with its label and its counts."""

    label: str
    first: int
    second: int
    middle: float
    left: Bar
    right: Bar


@dataclass(frozen=True, slots=True)
class Chart:
    """The whole drawing; `top` is the count at its upper line."""

    pairs: tuple[Pair, ...]
    top: int


def chart(rows: Sequence[tuple[str, int, int]]) -> Chart:
    """Return the drawing of (label, first count, second count), oldest first."""
    top = rounded(max([1, *(max(row[1:]) for row in rows)]))
    step = WIDTH / max(len(rows), 1)
    return Chart(tuple(_pair(row, at * step, step, top) for at, row in enumerate(rows)), top)


def rounded(number: int) -> int:
    """Return the next round number, for the upper line."""
    scale = 1
    while number > 10 * scale:
        scale *= 10
    return next(step * scale for step in _STEPS if number <= step * scale)


def _pair(row: tuple[str, int, int], x: float, step: float, top: int) -> Pair:
    label, first, second = row
    width = min(step * 0.36, 26)
    middle = x + step / 2
    return Pair(
        label,
        first,
        second,
        round(middle, 1),
        _bar(middle - width - 1, width, first, top),
        _bar(middle + 1, width, second, top),
    )


def _bar(x: float, width: float, number: int, top: int) -> Bar:
    height = (FLOOR - TOP) * number / top
    return Bar(round(x, 1), round(FLOOR - height, 1), round(width, 1), round(height, 1))
