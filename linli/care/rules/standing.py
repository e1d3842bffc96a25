"""Where somebody stands after the visits that are known: last seen, whose turn, due when.

Worked out from all visits in the order in which they happened, never from the order in which they
came in: phones hand in hours later, and two people may write down the same visit. So the same visits
end in the same standing whatever order they come in.
Source: beyond.md 11, knock cards; S1 1.6.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

# Two people at one door within this time were there together.
SAME_VISIT: Final = timedelta(minutes=30)
# One person who says the same thing again within this time meant it once.
TWICE_SAID: Final = timedelta(minutes=5)
MISSES_OF_FIRST: Final = 2
SAFE, WRONG, AWAY = "safe", "wrong", "away"
FIRST, SECOND, DESK = "first", "second", "desk"
_WEIGHT: Final = {AWAY: 0, SAFE: 1, WRONG: 2}


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What one person wrote down about one visit. day: the local day; again_on: asked for by hand."""

    id: UUID
    at: datetime
    day: date
    outcome: str
    who: UUID | None = None
    is_second: bool = False  # written by the second visitor
    again_on: date | None = None


@dataclass(slots=True)
class Round:
    """One visit, as one or several people wrote it down: the more serious word counts."""

    said: list[Said] = field(default_factory=list)

    @property
    def outcome(self) -> str:
        """Return what counts: something wrong before safe, being met before being missed."""
        return max((one.outcome for one in self.said), key=_WEIGHT.__getitem__)

    @property
    def first(self) -> Said:
        """Return the word that came first."""
        return self.said[0]

    def takes(self, one: Said, *, is_handed_on: bool) -> bool:
        """Tell whether another word is about this visit.

        is_handed_on: this visit was the miss that called the second visitor, who now answers it.
        """
        if is_handed_on and one.is_second:
            return False
        known = {other.who for other in self.said}
        gap = one.at - self.first.at
        if one.who not in known:
            return gap <= SAME_VISIT
        return one.at - self.said[-1].at <= TWICE_SAID and one.outcome == self.said[-1].outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What was agreed: how often, since when, whether there is a second visitor.

    seen_at, seen_on: when somebody was last met, as it is remembered of visits that are deleted.
    """

    every_days: int
    started_on: date
    has_second: bool
    seen_at: datetime | None = None
    seen_on: date | None = None

    @property
    def unseen_since(self) -> date:
        """Return the day of the last meeting that is remembered, or of the beginning."""
        return self.seen_on if self.seen_at and self.seen_on else self.started_on


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Where somebody stands."""

    seen_at: datetime | None  # last met
    unseen_since: date  # the day of it, or the day when care began
    misses: int
    turn: str
    due_on: date
    missed_on: date | None = None  # the first of the misses


def rounds_of(said: Iterable[Said]) -> list[Round]:
    """Return the visits behind what was written down, in the order in which they happened."""
    return list(_rounds(said))


def standing(plan: Plan, said: Iterable[Said]) -> Standing:
    """Return where somebody stands after all that was written down."""
    met: Round | None = None
    missed: list[Round] = []
    for one in _rounds(said):
        if one.outcome == AWAY:
            missed.append(one)
        else:
            met, missed = one, []
    turn = _turn(len(missed), has_second=plan.has_second)
    return Standing(
        seen_at=met.first.at if met else plan.seen_at,
        unseen_since=met.first.day if met else plan.unseen_since,
        misses=len(missed),
        turn=turn,
        due_on=_due_on(plan, met, missed),
        missed_on=missed[0].first.day if missed else None,
    )


def _rounds(said: Iterable[Said]) -> Iterator[Round]:
    misses, current = 0, Round()
    for one in sorted(said, key=lambda each: (each.at, each.id)):
        if current.said:
            so_far = misses + 1 if current.outcome == AWAY else 0
            if current.takes(one, is_handed_on=so_far == MISSES_OF_FIRST):
                current.said.append(one)
                continue
            misses = so_far
            yield current
        current = Round([one])
    if current.said:
        yield current


def _turn(misses: int, *, has_second: bool) -> str:
    if misses < MISSES_OF_FIRST:
        return FIRST
    return SECOND if misses == MISSES_OF_FIRST and has_second else DESK


def _due_on(plan: Plan, met: Round | None, missed: list[Round]) -> date:
    if missed:
        day = missed[-1].first.day
        # The first miss waits for another day; the second is for somebody else, today.
        return day + timedelta(days=1) if len(missed) < MISSES_OF_FIRST else day
    if met is None:
        since = plan.unseen_since
        return since + timedelta(days=plan.every_days) if plan.seen_at else since
    asked = [one.again_on for one in met.said if one.again_on is not None]
    if asked:
        return max(min(asked), met.first.day)
    # Where something was wrong, somebody looks again the next day.
    days = 1 if met.outcome == WRONG else plan.every_days
    return met.first.day + timedelta(days=days)
