"""Calculations of the field: a phone's clock, the order of a walk, where a phone's records belong."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from math import cos, hypot, radians
from typing import Final

# Phones that set themselves are seconds off; what is told to people is off by minutes.
TOLD: Final = timedelta(minutes=2)
Point = tuple[float, float]


def skew_of(phone_now: datetime, now: datetime) -> timedelta:
    """Return what to add to the phone's clock so that it shows ours."""
    return now - phone_now


def corrected(made_at: datetime, skew: timedelta, now: datetime) -> datetime:
    """Return when something happened by our clock; never later than now.

    Source: issue 4, a phone's clock a day off.
    """
    return min(made_at + skew, now)


def seconds_of(skew: timedelta) -> int:
    """Return how far a clock is off in seconds, as a column holds it: none is off by more than 68 years."""
    most = 2**31 - 1
    return max(-most, min(most, round(skew.total_seconds())))


def is_off(skew: timedelta) -> bool:
    """Tell whether the clock is so far off that its owner should hear of it."""
    return abs(skew) > TOLD


def walk(points: Sequence[Point | None], start: Point | None) -> list[int]:
    """Return the order in which to walk: always to the nearest next; what has no place comes last.

    Shape: indexes into `points`. Without a start it begins at the first that has a place.
    """
    placed = [at for at, point in enumerate(points) if point is not None]
    order: list[int] = []
    here = start
    while placed:
        nearest = placed[0] if here is None else min(placed, key=lambda at: _far(here, points[at]))
        placed.remove(nearest)
        order.append(nearest)
        here = points[nearest]
    return order + [at for at, point in enumerate(points) if point is None]


def _far(one: Point | None, other: Point | None) -> float:
    """Return how far two points are, in degrees of latitude: enough to tell which is nearer."""
    assert one is not None
    assert other is not None
    return hypot(one[0] - other[0], (one[1] - other[1]) * cos(radians(one[0])))


def common_path(paths: Iterable[str]) -> str:
    """Return the area that lies above all the paths; "" is the whole tenant."""
    parts = [path.split("/")[:-1] for path in paths]
    if not parts:
        return ""
    shared = []
    for level in zip(*parts, strict=False):
        if len(set(level)) > 1:
            break
        shared.append(level[0])
    return "".join(f"{part}/" for part in shared)


def length_of(minutes: int) -> str:
    """Return how long something is in words: the largest unit, and the next where it counts."""
    days, rest = divmod(minutes, 24 * 60)
    hours, minutes = divmod(rest, 60)
    if days:
        return f"{days} 天" + (f" {hours} 小时" if hours else "")
    if hours:
        return f"{hours} 小时" + (f" {minutes} 分" if minutes else "")
    return f"{minutes} 分钟"
