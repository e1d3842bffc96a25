"""The pages of the working calendar: a year at a glance, its source, single days, working hours."""

import calendar as almanac
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from linli.kernel import calendar, clock
from linli.kernel.calendar_file import YearFile, read_year
from linli.kernel.calendar_forms import DayForm, HoursForm, YearFileForm
from linli.kernel.errors import NotFound
from linli.kernel.web import Request
from linli.kernel.workdays import Day, WorkCalendar
from linli.kernel.worktime import WEEKDAYS

FORM = require_http_methods(["GET", "HEAD", "POST"])
_WEEKS = almanac.Calendar(firstweekday=0)
_ONE_DAY = timedelta(days=1)
_DONE = {
    "installed": gettext_lazy("已装入国务院安排；在办工单的期限随后自动重算。"),
    "imported": gettext_lazy("已导入；在办工单的期限随后自动重算。"),
    "day": gettext_lazy("这一天已改好；在办工单的期限随后自动重算。"),
    "hours": gettext_lazy("工作时间已改好；在办工单的期限随后自动重算。"),
}


@dataclass(frozen=True, slots=True)
class Run:
    """Days of one name and kind in a row, as the list beside the year shows them."""

    first: date
    last: date
    count: int
    is_workday: bool
    name: str

    @property
    def words(self) -> str:
        """Return from when to when: 10 月 1 日（周四）至 10 月 7 日（周三），7 天."""
        if self.count == 1:
            return _words(self.first)
        return _("%(first)s至 %(last)s，%(n)s 天") % {
            "first": _words(self.first),
            "last": _words(self.last),
            "n": self.count,
        }


def _words(day: date) -> str:
    return f"{day.month} 月 {day.day} 日（周{WEEKDAYS[day.weekday()]}）"


@require_safe
def year(request: Request) -> HttpResponse:
    """Show a year; the address says which, else this one."""
    return _page(request, _asked_year(request))


@require_POST
def install(request: Request, year: int) -> HttpResponse:
    """Take the state's holidays of a year over from the package."""
    calendar.install_year(year=_sensible(year), actor=request.actor, now=clock.now())
    return _back(year, "installed")


@require_POST
def day(request: Request) -> HttpResponse:
    """Set one day by hand."""
    request.actor.require(calendar.DUTY)
    form = DayForm(request.POST)
    if form.is_valid():
        with form.showing_refusals():
            sent = form.cleaned_data
            calendar.edit_day(**sent, actor=request.actor, now=clock.now())
            return _back(sent["day"].year, "day")
    return _page(request, _asked_year(request), day_form=form)


@FORM
def hours(request: Request) -> HttpResponse:
    """Show and set the working hours."""
    request.actor.require(calendar.DUTY)
    kept = calendar.get_hours()
    initial = {name: getattr(kept, name) for name in HoursForm.base_fields}
    form = HoursForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        with form.showing_refusals():
            calendar.set_working_hours(**form.cleaned_data, actor=request.actor, now=clock.now())
            return _back(clock.local(clock.now()).year, "hours")
    status = 422 if form.errors else 200
    return render(request, "kernel/calendar_hours.html", {"form": form}, status=status)


@FORM
def import_file(request: Request, year: int) -> HttpResponse:
    """Read a file and show what it would change; nothing changes yet."""
    request.actor.require(calendar.DUTY)
    form = YearFileForm(request.POST or None, request.FILES or None)
    read = None
    if request.method == "POST" and form.is_valid():
        read = read_year(form.cleaned_data["file"], _sensible(year))
    is_wrong = bool(form.errors) or (read is not None and bool(read.errors))
    context = {"form": form, "year": _sensible(year), **_preview(read)}
    return render(request, "kernel/calendar_import.html", context, status=422 if is_wrong else 200)


@require_POST
def import_confirm(request: Request, year: int) -> HttpResponse:
    """Take over what the preview showed."""
    content = request.POST.get("content", "").encode()
    calendar.import_days(
        year=_sensible(year), content=content, actor=request.actor, now=clock.now()
    )
    return _back(year, "imported")


def _asked_year(request: Request) -> int:
    asked = request.GET.get("year", "") or request.POST.get("day", "")[:4]
    this = clock.local(clock.now()).year
    return _sensible(int(asked)) if asked.isascii() and asked.isdigit() else this


def _sensible(year: int) -> int:
    if not 2000 <= year <= 2099:
        raise NotFound(_("没有找到这一年。"))
    return year


def _back(year: int, done: str) -> HttpResponse:
    return HttpResponseRedirect(f"{reverse('kernel:calendar')}?year={year}&done={done}")


def _page(request: Request, year: int, day_form: DayForm | None = None) -> HttpResponse:
    request.actor.require(calendar.DUTY)
    today = clock.local(clock.now()).date()
    rows, kept = calendar.days_of(year), {row.year: row for row in calendar.years()}
    whole = WorkCalendar(days={row.date: Day(row.is_workday, row.name) for row in rows})
    context = {
        "year": year,
        "months": [_month(year, number, whole, today) for number in range(1, 13)],
        "runs": runs_of(((row.date, row.is_workday, row.name) for row in rows), whole),
        "edited": [row for row in rows if row.source == "edited"],
        "kept": kept.get(year),
        "can_install": year in calendar.published_years(),
        "hours": calendar.get_hours(),
        "workdays": whole.workdays_between(date(year - 1, 12, 31), date(year, 12, 31)),
        "day_form": day_form or DayForm(initial={"is_workday": "0"}),
        "warning": calendar.find_year_warning(today),
        "done": _DONE.get(request.GET.get("done", "")),
    }
    status = 422 if day_form is not None and day_form.errors else 200
    return render(request, "kernel/calendar.html", context, status=status)


def _month(year: int, number: int, whole: WorkCalendar, today: date) -> dict[str, Any]:
    weeks = [
        [_cell(one, whole, today) if one.month == number else None for one in week]
        for week in _WEEKS.monthdatescalendar(year, number)
    ]
    return {"number": number, "weeks": weeks}


def _cell(one: date, whole: WorkCalendar, today: date) -> dict[str, Any]:
    named = whole.days.get(one)
    kind = "" if one.weekday() < 5 else "weekend"
    if named is not None:
        kind = "work" if named.is_workday else "off"
    return {
        "day": one.day,
        "kind": kind,
        "name": named.name if named else "",
        "is_today": one == today,
    }


def runs_of(days: Iterable[tuple[date, bool, str]], whole: WorkCalendar) -> list[Run]:
    """Return days of one name as runs; days off that a weekend parts are one run."""
    found: list[Run] = []
    for one, is_workday, name in days:
        last = found[-1] if found else None
        if (
            last is not None
            and (last.name, last.is_workday) == (name, is_workday)
            and _belongs(last.last, one, whole, is_workday=is_workday)
        ):
            first, count = last.first, (one - last.first).days + 1
            found[-1] = Run(first, one, count, is_workday, name)
        else:
            found.append(Run(one, one, 1, is_workday, name))
    return found


def _belongs(last: date, one: date, whole: WorkCalendar, *, is_workday: bool) -> bool:
    between = [last + _ONE_DAY * n for n in range(1, (one - last).days)]
    return not between if is_workday else not any(whole.is_workday(day) for day in between)


def _preview(read: YearFile | None) -> dict[str, Any]:
    """Return what a file says: its mistakes, or its days and the text that confirms them."""
    if read is None:
        return {"is_read": False}
    ordered = sorted(read.days.items())
    whole = WorkCalendar(days=dict(ordered))
    kinds = {True: "上班", False: "放假"}
    lines = [f"{one.isoformat()},{kinds[said.is_workday]},{said.name}" for one, said in ordered]
    return {
        "is_read": True,
        "row_errors": read.errors,
        "runs": runs_of(((one, *said) for one, said in ordered), whole),
        "off_count": sum(not said.is_workday for _one, said in ordered),
        "work_count": sum(said.is_workday for _one, said in ordered),
        "content": "\n".join(["日期,类型,名称", *lines]),
    }
