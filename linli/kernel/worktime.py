"""Working time: when a promise falls due, why just then, and how much of it is left. Pure rules.

Moments go in and come out aware; inside, everything is reckoned on the community's own wall clock
(the whole country keeps one, without summer time).
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import groupby

from linli.kernel.clock import BEIJING
from linli.kernel.workdays import Day, Hours, Limit, Unit, WorkCalendar

__all__ = [
    "Day",
    "Hours",
    "Limit",
    "Promise",
    "Unit",
    "WorkCalendar",
    "add_hours",
    "add_working_days",
    "add_working_hours",
    "add_working_time",
    "due_at",
    "explain",
    "human_duration",
    "human_left",
    "human_moment",
    "same_day",
    "shift",
    "working_time_between",
]
WEEKDAYS = "一二三四五六日"


def due_at(start: datetime, limit: Limit, calendar: WorkCalendar) -> datetime:
    """Return the last moment at which the limit is kept."""
    match limit.unit:
        case Unit.HOUR:
            return add_hours(start, limit.amount)
        case Unit.WORK_HOUR:
            return add_working_hours(start, limit.amount, calendar)
        case Unit.WORK_DAY:
            return add_working_days(start, limit.amount, calendar)
        case Unit.SAME_DAY:
            return same_day(start, calendar)


def add_hours(start: datetime, hours: int) -> datetime:
    """Return the moment so many hours later, nights and days off included."""
    return start.astimezone(UTC) + timedelta(hours=hours)


def add_working_days(start: datetime, days: int, calendar: WorkCalendar) -> datetime:
    """Return the end of the n-th working day after `start`; day one is the next working day.

    Source: S3 3.4, feedback within three working days; civil law counts from the day after.
    """
    return _closing(calendar.next_workday(_local(start).date(), days), calendar)


def add_working_hours(start: datetime, hours: float, calendar: WorkCalendar) -> datetime:
    """Return the moment after so many hours of work; lunch, nights and days off do not count."""
    return add_working_time(start, timedelta(hours=hours), calendar)


def add_working_time(start: datetime, amount: timedelta, calendar: WorkCalendar) -> datetime:
    """Return the moment at which `amount` of working time since `start` is used up."""
    for starts_at, ends_at in calendar.spans_from(_local(start)):
        if amount <= ends_at - starts_at:
            return _aware(starts_at + amount)
        amount -= ends_at - starts_at
    raise AssertionError("spans_from() has no end.")


def same_day(start: datetime, calendar: WorkCalendar) -> datetime:
    """Return closing time of the day, or of the next working day when work was over at `start`.

    Source: S1 1.11, reported today, fixed today.
    """
    return _closing(_working_day_of(start, calendar), calendar)


def working_time_between(start: datetime, end: datetime, calendar: WorkCalendar) -> timedelta:
    """Return how much working time lies between two moments; nothing when `end` is not later."""
    total, until = timedelta(0), _local(end)
    for starts_at, ends_at in calendar.spans_from(_local(start)):
        if starts_at >= until:
            break
        total += min(ends_at, until) - starts_at
    return total


def shift(
    due_at: datetime,
    *,
    stopped_at: datetime,
    resumed_at: datetime,
    unit: Unit,
    calendar: WorkCalendar,
) -> datetime:
    """Return the new deadline of a clock that stood still for a while, extended in its own unit.

    What was left when the clock stopped is left when it goes on; a clock that was over stays so.
    Source: house.md 4, suspension stops the clock.
    """
    if resumed_at <= stopped_at:
        return due_at
    match Unit(unit):
        case Unit.HOUR:
            return due_at + (resumed_at - stopped_at)
        case Unit.WORK_HOUR:
            paused = working_time_between(stopped_at, resumed_at, calendar)
            return add_working_time(due_at, paused, calendar) if paused else due_at
        case Unit.WORK_DAY | Unit.SAME_DAY:
            # A day counts as stopped once its closing has passed, or nobody would get it back
            # who is asked to go on after hours.
            first = _working_day_of(stopped_at, calendar)
            days = calendar.workdays_between(first, _working_day_of(resumed_at, calendar))
            return add_working_days(due_at, days, calendar) if days else due_at


@dataclass(frozen=True, slots=True)
class Promise:
    """A deadline in words: `text` is the moment, `why` the working behind it."""

    due_at: datetime
    text: str
    why: str


def explain(start: datetime, limit: Limit, calendar: WorkCalendar) -> Promise:
    """Return when the limit ends and how that was worked out, in words for people.

    Source: beyond.md 1, the promise with its working.
    """
    due = due_at(start, limit, calendar)
    first, last = _local(start), _local(due)
    text = f"{_day(last.date(), first)}{last:%H:%M} 前"
    if limit.unit is Unit.HOUR:
        return Promise(due, text, f"{limit.amount} 小时，夜间和休息日也算在内")
    clauses = [_HEADS[limit.unit](first, limit, calendar)]
    clauses += _days_clauses(first.date(), last.date(), calendar, limit.unit)
    return Promise(due, text, "；".join(clauses))


def human_moment(moment: datetime, now: datetime) -> str:
    """Return a moment as people say it: 今天 09:40, 昨天 08:12, 11 月 19 日 08:12."""
    then, today = _local(moment), _local(now)
    near = {-1: "昨天 ", 0: "今天 ", 1: "明天 "}.get((then.date() - today.date()).days)
    year = "" if then.year == today.year else f"{then.year} 年 "
    return (near or f"{year}{then.month} 月 {then.day} 日 ") + f"{then:%H:%M}"


def human_left(due_at: datetime, now: datetime) -> str:
    """Return what is left of a deadline (剩 48 分) or how far it is over (已超 8 小时 9 分)."""
    word = "剩" if now <= due_at else "已超"
    length = human_duration(abs(due_at - now))
    return f"{word} {length}" if length[0].isdigit() else word + length


def human_duration(length: timedelta) -> str:
    """Return a length of time in its two largest units: 1 天 22 小时, 3 小时 48 分, 5 分."""
    minutes = int(length.total_seconds() // 60)
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    parts = [(days, "天"), (hours, "小时"), (0 if days else minutes, "分")]
    return " ".join(f"{n} {unit}" for n, unit in parts if n) or "不到 1 分"


def _local(moment: datetime) -> datetime:
    """Return the wall clock, naive: plain arithmetic on it is several times faster."""
    return moment.astimezone(BEIJING).replace(tzinfo=None)


def _aware(local: datetime) -> datetime:
    return local.replace(tzinfo=BEIJING).astimezone(UTC)


def _closing(day: date, calendar: WorkCalendar) -> datetime:
    return _aware(datetime.combine(day, calendar.hours.closes_at))


def _working_day_of(moment: datetime, calendar: WorkCalendar) -> date:
    """Return the working day on which something that arrives now is worked on."""
    local = _local(moment)
    is_open = calendar.is_workday(local.date()) and local.time() < calendar.hours.closes_at
    return local.date() if is_open else calendar.next_workday(local.date())


def _work_hours_head(first: datetime, limit: Limit, calendar: WorkCalendar) -> str:
    hours = "、".join(f"{a:%H:%M}–{b:%H:%M}" for a, b in calendar.hours.spans())
    begins_at = next(calendar.spans_from(first))[0]
    since = f"{_day(begins_at.date(), first)}{begins_at:%H:%M}"
    later = f"，从 {since} 算起" if begins_at > first else ""
    return f"{limit.amount} 个工作小时（{hours}）{later}"


def _work_days_head(first: datetime, limit: Limit, calendar: WorkCalendar) -> str:
    return f"{limit.amount} 个工作日，从 {_day(calendar.next_workday(first.date()), first)}算起"


def _same_day_head(first: datetime, _limit: Limit, calendar: WorkCalendar) -> str:
    if _working_day_of(_aware(first), calendar) == first.date():
        return "当天的事当天办"
    why = f"{first:%H:%M} 已经下班" if calendar.is_workday(first.date()) else "不上班"
    return f"当天的事当天办；{_day(first.date(), first)}{why}，顺延到下一个工作日"


_HEADS = {
    Unit.WORK_HOUR: _work_hours_head,
    Unit.WORK_DAY: _work_days_head,
    Unit.SAME_DAY: _same_day_head,
}


def _days_clauses(after: date, last: date, calendar: WorkCalendar, unit: Unit) -> list[str]:
    """Say which days were skipped and which count against their weekday."""
    days = [after + timedelta(days=n) for n in range((last - after).days + 1)]
    # The day of the report itself matters only where it is off: then it is told as skipped.
    days = days if not calendar.is_workday(after) and unit is not Unit.SAME_DAY else days[1:]
    runs = [(kind, list(run)) for kind, run in groupby(days, lambda day: _kind(day, calendar))]
    off = [run for kind, run in runs if kind == "off"]
    weekends = [run for run in off if not any(day in calendar.days for day in run)]
    clauses = []
    if len(weekends) > 2:
        clauses.append(f"跳过周末 {sum(map(len, weekends))} 天")
        runs = [(kind, run) for kind, run in runs if run not in weekends]
    for kind, run in runs:
        if kind == "off":
            clauses.append("跳过 " + _days_off(run, calendar))
        elif kind == "make-up":
            count = f"，计 {len(run)} 日" if unit is Unit.WORK_DAY else ""
            clauses.append(f"{_listed(run)}调休上班{count}")
    unknown = sorted({day.year for day in days} - calendar.years)
    return clauses + [f"{year} 年放假安排还没有导入，先按周末推算" for year in unknown]


def _kind(day: date, calendar: WorkCalendar) -> str:
    if not calendar.is_workday(day):
        return "off"
    return "make-up" if day.weekday() >= 5 else "ordinary"


def _days_off(run: list[date], calendar: WorkCalendar) -> str:
    names = dict.fromkeys(calendar.days[day].name or "放假" for day in run if day in calendar.days)
    if not names or len(run) == 1:
        return _listed(run) + (f"{'、'.join(names)}" if names else "")
    first, last = run[0], run[-1]
    month = f"{last.month} 月 " if last.month != first.month else ""
    return f"{first.month} 月 {first.day} 日至 {month}{last.day} 日（{'、'.join(names)}）"


def _listed(run: list[date]) -> str:
    return "、".join(_day(day) for day in run)


def _day(day: date, beside: date | None = None) -> str:
    """Name a day with its weekday; with its year when that isn't the year of `beside`."""
    year = f"{day.year} 年 " if beside is not None and day.year != beside.year else ""
    return f"{year}{day.month} 月 {day.day} 日（周{WEEKDAYS[day.weekday()]}）"
