"""Shares with how sure one can be of them: the interval of Wilson, the median of steps."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

_Z = 1.959964  # 95 of 100


@dataclass(frozen=True, slots=True)
class Share:
    """So many of so many. `low` and `high`: where the true share lies in 95 of 100 cases; None for a
    share of nothing, which is no share and not 0.
    """

    part: int
    whole: int
    low: float | None = None
    high: float | None = None

    @property
    def rate(self) -> float | None:
        """Return the share, 0.0 to 1.0; None when there is nothing to share."""
        return self.part / self.whole if self.whole else None


@dataclass(frozen=True, slots=True)
class Rate:
    """A share of all, beside the official one, which leaves excluded cases out. `answers`: on how
    many the raw one rests.
    """

    raw: Share
    official: Share

    @property
    def answers(self) -> int:
        """Return on how many cases or answers the raw share rests."""
        return self.raw.whole


def share(part: int, whole: int) -> Share:
    """Return a share with its interval.

    Source: Wilson 1927; it holds for few answers and near 0 and 1, where others give nonsense.
    """
    if whole <= 0:
        return Share(part, max(whole, 0))
    rate = part / whole
    square = _Z * _Z
    middle = (rate + square / (2 * whole)) / (1 + square / whole)
    spread = rate * (1 - rate) / whole + square / (4 * whole * whole)
    half = _Z / (1 + square / whole) * math.sqrt(max(spread, 0.0))
    return Share(part, whole, max(0.0, middle - half), min(1.0, middle + half))


def median(steps: Sequence[tuple[float, int]]) -> float | None:
    """Return the middle of values of which only steps are known; None when there are none.

    steps: (upper end, how many), lowest first. Within a step the values are taken to lie evenly; the
    last one has no upper end, so that its own lower end is given.
    """
    total = sum(number for _end, number in steps)
    if not total:
        return None
    seen, low = 0, 0.0
    for end, number in steps:
        if number and seen + number >= total / 2:
            inside = (total / 2 - seen) / number
            return low if math.isinf(end) else low + (end - low) * inside
        seen, low = seen + number, end
    return low
