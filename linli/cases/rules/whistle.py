"""How a part of a whistle reckons: which promise runs, when it is looked at, how its shares are counted."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from linli.cases.rules import loop
from linli.kernel import worktime
from linli.kernel.worktime import Limit, WorkCalendar

STEPS = ("report", "arrive", "finish")


@dataclass(frozen=True, slots=True)
class Limits:
    """The three limits of a whistle, all counted from the call."""

    report: Limit
    arrive: Limit
    finish: Limit


@dataclass(frozen=True, slots=True)
class PartDue:
    """By when a part has to report in, be on site, be finished."""

    report: datetime
    arrive: datetime
    finish: datetime


def due_times(start: datetime, limits: Limits, calendar: WorkCalendar) -> PartDue:
    """Return the three promises of a part; a later step is never due before an earlier one.

    Source: S1 1.3, 社区吹哨、部门报到; beyond.md 7, 到场、处置、回复分别计时.
    """
    report = worktime.due_at(start, limits.report, calendar)
    arrive = max(report, worktime.due_at(start, limits.arrive, calendar))
    return PartDue(report, arrive, max(arrive, worktime.due_at(start, limits.finish, calendar)))


def running_step(*, is_reported: bool, is_arrived: bool) -> str:
    """Return which of the three promises runs now."""
    if not is_reported:
        return "report"
    return "finish" if is_arrived else "arrive"


def clock_of(*, start: datetime, due_at: datetime, lateness: int) -> loop.Clock:
    """Return the clock of one running promise, so that a part is amber and red as a case is."""
    return loop.Clock(
        starts_at=start,
        respond_due_at=due_at,
        resolve_due_at=due_at,
        is_responded=True,
        lateness=lateness,
    )


def next_look_at(
    clock: loop.Clock, *, percent: int, escalate_after: timedelta, looked_at: datetime
) -> datetime:
    """Return when the worker must look at a part again; never before this look, or it looks for ever."""
    found = loop.next_look_at(
        clock, percent=percent, escalate_after=escalate_after, looked_at=looked_at
    )
    return max(found, looked_at)
