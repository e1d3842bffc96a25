"""What needs attention, worked out by rules: lateness first, then what proves to be worse than
promised, then what grows.

A rate is held against its target, or against the period before, only where chance does not explain
the difference: of few answers one more or less changes a rate, and nobody is to be scolded for that.
"""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from linli.indicators.rules.shares import Rate

MOST: Final = 3
OVERDUE, BELOW, FELL, ROSE, AGAIN = "overdue", "below", "fell", "rose", "again"
# So many at least, and so much more than before that chance does not explain it.
_ROSE_LEAST, _ROSE_RATIO = 5, 1.5
_AGAIN_LEAST, _AGAIN_SHARE = 5, 0.1
_MOST_HOT: Final = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that needs attention, with what its sentence needs.

    kind: overdue, below (a target), fell (a rate), rose (a category), again (reopened).
    subject: an area's path, a figure's or a category's code. The numbers mean what the kind says.
    """

    kind: str
    subject: str = ""
    number: int = 0
    whole: int = 0
    value: float = 0.0
    other: float = 0.0
    weight: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """What the rules look at.

    overdue: (late now, in hand now) by area, the area itself under "" . rates: a figure's rate now.
    before: the same of the period before. targets: shares by figure. received: by category, now and
    in the same part of the period before.
    """

    overdue: Mapping[str, tuple[int, int]]
    rates: Mapping[str, Rate]
    before: Mapping[str, Rate]
    targets: Mapping[str, float]
    received: Mapping[str, tuple[int, int]]
    reopened: tuple[int, int] = (0, 0)


def findings(situation: Situation) -> list[Finding]:
    """Return what needs attention most, the worst first, at most MOST; nothing is a good answer."""
    found = [
        *_overdue(situation),
        *_below(situation),
        *_fell(situation),
        *_rose(situation),
        *_again(situation),
    ]
    return sorted(found, key=lambda one: -one.weight)[:MOST]


def worst(parts: Mapping[str, tuple[int, int]]) -> set[str]:
    """Return the one or two parts that are late most beyond what all are together, by key.

    parts: (late, in hand). A colour that all have says nothing: where all are alike, none is named.
    """
    late, in_hand = (sum(pair[n] for pair in parts.values()) for n in (0, 1))
    usual = late / max(in_hand, 1)
    beyond = {key: pair[0] - usual * pair[1] for key, pair in parts.items()}
    found = sorted((key for key in parts if beyond[key] >= 1), key=lambda key: -beyond[key])
    return set(found[:_MOST_HOT])


def _overdue(situation: Situation) -> Iterable[Finding]:
    total, in_hand = situation.overdue.get("", (0, 0))
    if not total:
        return
    below = {path: pair for path, pair in situation.overdue.items() if path and pair[0]}
    worst = max(below, key=lambda path: below[path], default="")
    here = below.get(worst, (0, 0))[0]
    yield Finding(
        kind=OVERDUE, subject=worst, number=total, whole=in_hand, value=here,
        weight=100 + 100 * total / max(in_hand, 1),
    )  # fmt: skip


def _below(situation: Situation) -> Iterable[Finding]:
    for code, target in situation.targets.items():
        rate = situation.rates.get(code)
        if rate is None or rate.raw.rate is None or rate.raw.high is None:
            continue
        if rate.raw.high < target:
            yield Finding(
                kind=BELOW, subject=code, number=rate.answers, value=rate.raw.rate, other=target,
                weight=80 + 100 * (target - rate.raw.rate),
            )  # fmt: skip


def _fell(situation: Situation) -> Iterable[Finding]:
    for code, rate in situation.rates.items():
        before = situation.before.get(code)
        if before is None or rate.raw.rate is None or before.raw.rate is None:
            continue
        if (rate.raw.high or 0.0) < (before.raw.low or 0.0):
            yield Finding(
                kind=FELL, subject=code, number=rate.answers, value=rate.raw.rate,
                other=before.raw.rate, weight=60 + 100 * (before.raw.rate - rate.raw.rate),
            )  # fmt: skip


def _rose(situation: Situation) -> Iterable[Finding]:
    for code, (number, before) in situation.received.items():
        is_much = number >= _ROSE_LEAST and number > before * _ROSE_RATIO
        if is_much and number - before > 2 * math.sqrt(number + before):
            yield Finding(
                kind=ROSE, subject=code, number=number, whole=before,
                weight=40 + min(number - before, 30),
            )  # fmt: skip


def _again(situation: Situation) -> Iterable[Finding]:
    reopened, received = situation.reopened
    if reopened >= _AGAIN_LEAST and reopened / max(received, 1) >= _AGAIN_SHARE:
        yield Finding(
            kind=AGAIN, number=reopened, whole=received, value=reopened / received,
            weight=50 + 50 * reopened / received,
        )  # fmt: skip
