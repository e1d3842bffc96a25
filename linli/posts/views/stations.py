"""Stations at the desk: who is on duty now, the week with its gaps, the month for the wall."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from linli.kernel import clock
from linli.kernel.errors import BadInput, NotFound
from linli.kernel.web import Request
from linli.posts import selectors, services
from linli.posts.forms import FillForm, SeatForm, StationForm, TurnForm
from linli.posts.forms.stations import monday_of, seats_as_text, shifts_as_text
from linli.posts.views.choosing import accounts_to_choose, chosen_area
from linli.posts.views.feeds import shown

DUTY = "posts.roster"
WEEK = timedelta(days=7)
# What a station looks like when nobody has said anything yet (S1 1.2).
_SIX = "社区工作者 2\n专职网格员 1\n支部成员 3"
_HOURS = "周一至周五 09:00-12:00 1 人\n周一至周五 14:00-17:00 1 人"


@require_safe
def stations(request: Request) -> HttpResponse:
    area, areas = chosen_area(request, DUTY)
    lines = selectors.station_lines(request.actor, area.path, clock.now())
    context = {"area": area, "areas": areas, "lines": lines}
    return render(request, "posts/station_list.html", context)


@require_http_methods(["GET", "POST"])
def new_station(request: Request) -> HttpResponse:
    area, areas = chosen_area(request, DUTY)
    initial = {"area": str(area.pk), "seats": _SIX, "shifts": _HOURS}
    form = StationForm(request.POST or None, areas=_areas(areas), initial=initial)
    if request.method == "POST" and form.is_valid():
        with form.showing_refusals():
            row = services.create_station(sheet=form.sheet(), actor=request.actor, now=clock.now())
            return _to(row.pk)
    context = {"form": form}
    return render(request, "posts/station_form.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def station_change(request: Request, station_id: UUID) -> HttpResponse:
    row = selectors.get_station(station_id, request.actor)
    initial = {
        "name": row.name, "area": str(row.area_id), "address": row.address, "phone": row.phone,
        "is_open_on_holidays": row.is_open_on_holidays,
        "seats": seats_as_text([(one.label, one.count) for one in selectors.seats_of(row.pk)]),
        "shifts": shifts_as_text(selectors.shifts_of(row.pk)),
    }  # fmt: skip
    areas = selectors.managed_areas(request.actor, DUTY)
    form = StationForm(request.POST or None, areas=_areas(areas), initial=initial)
    if request.method == "POST" and form.is_valid():
        with form.showing_refusals():
            services.change_station(
                station_id=row.pk, sheet=form.sheet(), actor=request.actor, now=clock.now()
            )
            return _to(row.pk)
    context = {"form": form, "station": row}
    return render(request, "posts/station_form.html", context, status=422 if form.errors else 200)


@require_POST
def station_ending(request: Request, station_id: UUID) -> HttpResponse:
    row = services.end_station(station_id=station_id, actor=request.actor, now=clock.now())
    return HttpResponseRedirect(f"{reverse('posts:stations')}?area={row.area_id}")


@require_safe
def station(request: Request, station_id: UUID) -> HttpResponse:
    return _show(request, station_id)


@require_POST
def roster(request: Request, station_id: UUID) -> HttpResponse:
    """Fill the gaps of some days in fair turns."""
    form = FillForm(request.POST)
    if form.is_valid():
        with form.showing_refusals():
            services.fill_days(
                station_id=station_id,
                **form.cleaned_data,
                actor=request.actor,
                now=clock.now(),
            )
            return _to(station_id, form.cleaned_data["first_on"])
    return _show(request, station_id, fill=form)


@require_POST
def turns(request: Request, station_id: UUID) -> HttpResponse:
    selectors.get_station(station_id, request.actor)
    form = TurnForm(request.POST)
    if not form.is_valid():
        raise BadInput(_("选一位同事和一个时段。"))
    turn = services.put_on_duty(
        station_id=station_id,
        starts_at=form.cleaned_data["starts_at"],
        account_id=form.cleaned_data["account"],
        actor=request.actor,
        now=clock.now(),
    )
    return _to(station_id, clock.local(turn.starts_at).date())


@require_POST
def turn_ending(request: Request, turn_id: UUID) -> HttpResponse:
    station_id = services.take_off_duty(turn_id=turn_id, actor=request.actor, now=clock.now())
    return _to(station_id, _week(request))


@require_POST
def members(request: Request, station_id: UUID) -> HttpResponse:
    form = _seat_form(request, station_id, request.POST)
    if form.is_valid():
        with form.showing_refusals():
            services.seat_member(
                seat_id=UUID(form.cleaned_data["seat"]),
                account_id=UUID(form.cleaned_data["account"]),
                actor=request.actor,
                now=clock.now(),
            )
            return _to(station_id)
    return _show(request, station_id, seat=form)


@require_POST
def member_ending(request: Request, station_id: UUID, member_id: UUID) -> HttpResponse:
    services.unseat_member(member_id=member_id, actor=request.actor, now=clock.now())
    return _to(station_id)


@require_safe
def month(request: Request, station_id: UUID) -> HttpResponse:
    """Show a month on one A4, for the wall."""
    row = selectors.get_station(station_id, request.actor)
    first = _month(request)
    days = ((first.replace(day=28) + timedelta(days=4)).replace(day=1) - first).days
    lines = selectors.roster(row, first, days, clock.now())
    context = {"station": row, "first": first, "weeks": _weeks(lines, first.weekday())}
    return render(request, "posts/station_month.html", context)


def _show(request: Request, station_id: UUID, **bound: Any) -> HttpResponse:
    row, now = selectors.get_station(station_id, request.actor), clock.now()
    monday = monday_of(_week(request))
    fill = {"first_on": max(monday, clock.local(now).date()), "last_on": monday + WEEK * 2}
    fill["last_on"] -= timedelta(days=1)
    context = {
        "station": row,
        "days": selectors.roster(row, monday, 7, now),
        "seats": selectors.seats_of(row.pk),
        "members": list(selectors.member_names(row.pk).items()),
        "monday": monday,
        "before": monday - WEEK,
        "after": monday + WEEK,
        "fill": FillForm(initial=fill),
        "seat": _seat_form(request, station_id),
        "feed": shown(request, row.pk),
        "open": next(iter(bound), ""),
        **bound,
    }
    return render(request, "posts/station.html", context, status=422 if bound else 200)


def _seat_form(request: Request, station_id: UUID, data: Any = None) -> SeatForm:
    selectors.get_station(station_id, request.actor)
    seats = [(str(one.id), one.label) for one in selectors.seats_of(station_id) if one.free]
    accounts = accounts_to_choose(request, (DUTY, "people.manage"))
    return SeatForm(data, seats=seats, accounts=accounts)


def _areas(areas: list[Any]) -> list[Any]:
    return [(str(one.pk), one.name) for one in areas]


def _weeks(lines: list[Any], lead: int) -> list[list[Any]]:
    cells: list[Any] = [None] * lead + lines
    cells += [None] * (-len(cells) % 7)
    return [cells[at : at + 7] for at in range(0, len(cells), 7)]


def _week(request: Request) -> date:
    return _day(request.GET.get("week", "") or request.POST.get("week", ""))


def _month(request: Request) -> date:
    return _day(request.GET.get("month", "")).replace(day=1)


def _day(said: str) -> date:
    try:
        day = date.fromisoformat(said) if said else clock.local(clock.now()).date()
    except ValueError:
        raise NotFound(_("没有这一天。")) from None
    if not 1990 <= day.year <= 2200:  # what lies at the ends of time has no week before or after it
        raise NotFound(_("没有这一天。"))
    return day


def _to(station_id: UUID, day: date | None = None) -> HttpResponse:
    query = f"?week={day.isoformat()}" if day else ""
    return HttpResponseRedirect(reverse("posts:station", args=[station_id]) + query)
