"""How several departments answered together: the sums over all that were called, without a name."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from linli.cases.selectors.whistle_counts import office_counts
from linli.indicators.rules.shares import Rate, share
from linli.kernel import clock

STEPS: Final = ("report", "arrive", "finish")


@dataclass(frozen=True, slots=True)
class Together:
    """The whistles of some days: how many cases needed several, how many parts, how they were answered."""

    cases: int
    parts: int
    rates: dict[str, Rate]


def together(area_path: str, first_day: date, last_day: date, now: datetime) -> Together:
    """Return the whistles called between two days, both included. Source: issue 4; beyond.md 7."""
    start = datetime.combine(first_day, time(), tzinfo=clock.BEIJING)
    end = datetime.combine(last_day + timedelta(days=1), time(), tzinfo=clock.BEIJING)
    found = office_counts(area_path, start, end, now)
    rates = {}
    for name in STEPS:
        steps = [getattr(one, name) for one in found]
        raw = share(sum(one.in_time for one in steps), sum(one.whole for one in steps))
        official = share(
            sum(one.official_in_time for one in steps), sum(one.official_whole for one in steps)
        )
        rates[name] = Rate(raw=raw, official=official)
    # Each whistle has one lead, whoever it is.
    return Together(sum(one.led for one in found), sum(one.called for one in found), rates)
