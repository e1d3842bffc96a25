"""The tenant's working calendar: kept per year, read as a value, changed with events.

State holidays come from the chinese_calendar package or from a file; a day set by hand wins over
both. Whoever keeps deadlines subscribes to the events and works open ones out again.
"""

import time as clockwork
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime, time
from typing import ClassVar

from chinese_calendar.constants import Holiday, holidays, workdays
from django.db import transaction
from django.utils.translation import gettext as _

from linli.kernel import events, tenancy
from linli.kernel.actor import Actor
from linli.kernel.calendar_file import MAX_NAME, RowError, read_year
from linli.kernel.errors import BadInput, DomainError
from linli.kernel.events import Event
from linli.kernel.models import CalendarDay, CalendarYear, DaySource, WorkingHours
from linli.kernel.workdays import Day, Hours, WorkCalendar

DUTY = "kernel.calendar"
# Two processes agree after this long; the one that changed something, at once.
TTL_SECONDS = 30.0
WARN_FROM_MONTH = 11  # the State Council publishes next year's holidays in November


class YearNotPublished(DomainError):
    """The year's holidays are not in the package yet."""

    code = "year_not_published"


class BadCalendarFile(BadInput):
    """A file of days that can't be used; `errors` says which rows and why."""

    code = "bad_calendar_file"

    def __init__(self, message: str, errors: list[RowError]) -> None:
        super().__init__(message, field="file")
        self.errors = errors


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarYearInstalled(Event):
    """A year's holidays are known, or known anew. The subject is the year's row."""

    name: ClassVar[str] = "calendar.year.installed"
    year: int
    source: str
    day_count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarDayEdited(Event):
    """One day was set by hand. The subject is the day's row."""

    name: ClassVar[str] = "calendar.day.edited"
    day: date
    is_workday: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarHoursSet(Event):
    """The working hours are other ones. The subject is the row of the hours."""

    name: ClassVar[str] = "calendar.hours.set"
    opens_at: str
    lunch_starts_at: str
    lunch_ends_at: str
    closes_at: str


_cache: dict[int, tuple[float, WorkCalendar]] = {}


def load() -> WorkCalendar:
    """Return the current tenant's calendar, at most half a minute old.

    Errors: NoTenant. A tenant that never set anything works 08:30–12:00 and 14:00–18:00.
    """
    tenant_id = tenancy.current_tenant_id()
    read_at = clockwork.monotonic()
    cached = _cache.get(tenant_id)
    if cached is not None and read_at - cached[0] < TTL_SECONDS:
        return cached[1]
    calendar = WorkCalendar(
        hours=get_hours(),
        days={
            day: Day(is_workday, name)
            for day, is_workday, name in CalendarDay.objects.values_list(
                "date", "is_workday", "name"
            )
        },
        years=frozenset(CalendarYear.objects.values_list("year", flat=True)),
    )
    # Only what is committed is kept: what a transaction sees of its own changes may be rolled back.
    transaction.on_commit(lambda: _cache.update({tenant_id: (read_at, calendar)}))
    return calendar


def forget(tenant_id: int | None = None) -> None:
    """Drop what this process remembers of a tenant's calendar, or of all."""
    if tenant_id is None:
        _cache.clear()
    else:
        _cache.pop(tenant_id, None)


def get_hours() -> Hours:
    """Return the current tenant's working hours."""
    row = WorkingHours.objects.order_by("id").first()
    if row is None:
        return Hours()
    return Hours(row.opens_at, row.lunch_starts_at, row.lunch_ends_at, row.closes_at)


def days_of(year: int) -> list[CalendarDay]:
    """Return the days of a year that differ from their weekday, in order."""
    return list(CalendarDay.objects.filter(date__year=year).order_by("date"))


def years() -> list[CalendarYear]:
    """Return the years whose holidays are known, newest first."""
    return list(CalendarYear.objects.order_by("-year"))


def published_years() -> range:
    """Return the years that the package knows."""
    return range(min(holidays).year, max(holidays).year + 1)


def find_year_warning(today: date) -> str | None:
    """Return what to tell staff when this year, or from November on the next, has no holidays."""
    near = [today.year] + [today.year + 1] * (today.month >= WARN_FROM_MONTH)
    missing = [year for year in near if year not in load().years]
    if not missing:
        return None
    return _(
        "%(year)s 年放假安排还没有导入，目前只按周末推算，期限可能偏早。"
        "在“工作日历”里导入后会自动重算。"
    ) % {"year": "、".join(map(str, missing))}


@transaction.atomic
def install_year(*, year: int, actor: Actor, now: datetime) -> CalendarYear:
    """Take over a year's state holidays and make-up workdays; days set by hand stay.

    Errors: NotAllowed, YearNotPublished.
    """
    actor.require(DUTY)
    return _replace_year(year, _published(year), DaySource.STATE, actor, now)


@transaction.atomic
def install_known_years(*, first_year: int, actor: Actor, now: datetime) -> list[int]:
    """Install every published year from `first_year` on that is missing; for start-up."""
    actor.require(DUTY)
    missing = set(published_years()) - set(CalendarYear.objects.values_list("year", flat=True))
    wanted = sorted(year for year in missing if year >= first_year)
    for year in wanted:
        _replace_year(year, _published(year), DaySource.STATE, actor, now)
    return wanted


@transaction.atomic
def import_days(*, year: int, content: bytes, actor: Actor, now: datetime) -> CalendarYear:
    """Take over a year's days from a CSV file (日期, 类型, 名称); all rows or none.

    Errors: NotAllowed; BadCalendarFile, with every row that is wrong.
    """
    actor.require(DUTY)
    file = read_year(content, year)
    if file.errors:
        raise BadCalendarFile(
            _("文件里有 %(count)s 处要改，改好再导入；日历没有变动。")
            % {"count": len(file.errors)},
            file.errors,
        )
    if not file.days:
        raise BadCalendarFile(_("文件里没有和平常周末不一样的日子，日历没有变动。"), [])
    return _replace_year(year, file.days, DaySource.IMPORTED, actor, now)


@transaction.atomic
def edit_day(
    *, day: date, is_workday: bool, name: str = "", actor: Actor, now: datetime
) -> CalendarDay:
    """Set one day by hand: off, or worked. It stays so when the year is installed again.

    Errors: NotAllowed; BadInput when the name is too long.
    """
    actor.require(DUTY)
    label = name.strip() or (_("上班") if is_workday else _("放假"))
    if len(label) > MAX_NAME:
        raise BadInput(_("名称最多 %(count)s 个字。") % {"count": MAX_NAME}, field="name")
    row, _created = CalendarDay.objects.update_or_create(
        date=day,
        defaults={"is_workday": is_workday, "name": label, "source": DaySource.EDITED},
    )
    _tell(CalendarDayEdited(subject_id=row.pk, day=day, is_workday=is_workday), actor, now)
    return row


@transaction.atomic
def set_working_hours(
    *,
    opens_at: time,
    closes_at: time,
    lunch_starts_at: time | None = None,
    lunch_ends_at: time | None = None,
    actor: Actor,
    now: datetime,
) -> WorkingHours:
    """Set from when until when work is done, and the lunch break.

    Errors: NotAllowed; BadInput when the times are not in order.
    """
    actor.require(DUTY)
    try:
        hours = Hours(opens_at, lunch_starts_at, lunch_ends_at, closes_at)
    except ValueError:
        message = _("时间要按先后来：上班、午休开始、午休结束、下班；没有午休就两项都空着。")
        raise BadInput(message, field="opens_at") from None
    times = asdict(hours)
    row, _created = WorkingHours.objects.update_or_create(defaults=times)
    facts = {key: f"{value:%H:%M}" if value else "" for key, value in times.items()}
    _tell(CalendarHoursSet(subject_id=row.pk, **facts), actor, now)
    return row


def _published(year: int) -> dict[date, Day]:
    """Return the state's days of a year that differ from their weekday."""
    if year not in published_years():
        raise YearNotPublished(
            _(
                "%(year)s 年的放假安排还没有收录。国务院一般在 11 月公布；"
                "公布后可以更新软件，也可以照公告导入。"
            )
            % {"year": year}
        )
    found = {
        **{day: Day(False, Holiday(name).chinese) for day, name in holidays.items()},
        **{day: Day(True, f"{Holiday(name).chinese}调休上班") for day, name in workdays.items()},
    }
    return {
        day: entry
        for day, entry in found.items()
        if day.year == year and entry.is_workday != (day.weekday() < 5)
    }


def _replace_year(
    year: int, days: Mapping[date, Day], source: DaySource, actor: Actor, now: datetime
) -> CalendarYear:
    row, _created = CalendarYear.objects.update_or_create(
        year=year, defaults={"source": source, "installed_at": now}
    )
    own = CalendarDay.objects.filter(date__year=year)
    own.exclude(source=DaySource.EDITED).delete()
    edited = set(own.values_list("date", flat=True))
    CalendarDay.objects.bulk_create(_rows(days, source, skip=edited))
    event = CalendarYearInstalled(
        subject_id=row.pk, year=year, source=source.value, day_count=len(days)
    )
    _tell(event, actor, now)
    return row


def _rows(days: Mapping[date, Day], source: DaySource, skip: set[date]) -> Iterable[CalendarDay]:
    for day, (is_workday, name) in sorted(days.items()):
        if day not in skip:
            yield CalendarDay(date=day, is_workday=is_workday, name=name, source=source)


def _tell(event: Event, actor: Actor, now: datetime) -> None:
    """Record the event and forget the cached calendar: now, and again after the commit."""
    events.record(event, actor=actor, at=now)
    forget(actor.tenant_id)
    transaction.on_commit(lambda: forget(actor.tenant_id))
