"""What will become of a case, drawn when it comes in, so that the same seed lives the same life."""

import math
from dataclasses import dataclass
from random import Random


@dataclass(slots=True)
class Fate:
    """The course of one case. Ratios are of the time promised: over 1 is late."""

    take_ratio: float
    solve_ratio: float
    is_declined: bool
    is_corrected: bool  # came in under another category
    is_merged: bool  # somebody said the same before
    is_returned: bool
    is_suspended: bool
    is_suspension_approved: bool
    is_escalated: bool
    is_withdrawn: bool
    is_supervised: bool
    has_progress: bool
    has_note: bool
    has_addition: bool
    has_photo: bool
    follower_count: int
    rating: str  # satisfied, so_so, dissatisfied or "" (silence)
    rating_hours: float
    stuck: str = ""  # the step that nobody takes: desk, take or work


def draw(rng: Random, *, is_recent: bool) -> Fate:
    """Draw a life: most are answered in a third of the time, about one in fourteen is late.

    is_recent: came in lately; some of these lie where they are, so that queues have all colours.
    """
    chance = rng.random
    stuck = rng.choice(["desk", "take", "take", "work", "work", "work"])
    stuck = stuck if is_recent and chance() < 0.4 else ""
    return Fate(
        take_ratio=_ratio(rng, 0.32, 0.7),
        solve_ratio=_ratio(rng, 0.42, 0.6),
        is_declined=chance() < 0.09,
        is_corrected=chance() < 0.12,
        is_merged=chance() < 0.05,
        is_returned=chance() < 0.05,
        is_suspended=chance() < (0.5 if stuck == "work" else 0.05),
        is_suspension_approved=chance() < 0.75,
        is_escalated=chance() < 0.02,
        is_withdrawn=chance() < 0.02,
        is_supervised=chance() < 0.35,
        has_progress=chance() < 0.3,
        has_note=chance() < 0.12,
        has_addition=chance() < 0.06,
        has_photo=chance() < 0.35,
        follower_count=rng.choice([1, 1, 2, 2, 3, 5]) if chance() < 0.09 else 0,
        rating=_rating(rng),
        rating_hours=rng.uniform(0.4, 60),
        stuck=stuck,
    )


def again(rng: Random) -> Fate:
    """Draw what happens after a case was reopened: quicker, watched, and usually well."""
    fate = draw(rng, is_recent=False)
    fate.take_ratio, fate.solve_ratio = 0.15, _ratio(rng, 0.35, 0.4)
    fate.is_declined = fate.is_returned = fate.is_suspended = fate.is_escalated = False
    fate.rating = rng.choice(["satisfied", "satisfied", "so_so", ""])
    return fate


def _rating(rng: Random) -> str:
    if rng.random() > 0.5:
        return ""
    return rng.choices(["satisfied", "so_so", "dissatisfied"], [0.8, 0.12, 0.08])[0]


def _ratio(rng: Random, median: float, spread: float) -> float:
    return min(2.6, max(0.04, math.exp(rng.gauss(math.log(median), spread))))
