"""The page where targets for a year are set: figures that are counted, goals that are kept by hand."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from linli.indicators import forms
from linli.indicators.selectors.areas import Place, area_for
from linli.indicators.selectors.targets import aims_of, goals_of, own_targets
from linli.indicators.services import targets as services
from linli.kernel import clock
from linli.kernel.web import Request


@require_http_methods(["GET", "HEAD", "POST"])
def targets(request: Request, area_id: UUID) -> HttpResponse:
    """Show and set the targets of an area for a year."""
    place, year = _enter(request, area_id), _year(request)
    own = own_targets(place.id, year)
    form = forms.TargetsForm(
        request.POST or None, initial=forms.shown(own), inherited=_inherited(place, year, own)
    )
    if request.method == "POST" and form.is_valid():
        with form.showing_refusals():
            services.set_targets(
                area_id=place.id,
                year=year,
                values=form.values(),
                actor=request.actor,
                now=clock.now(),
            )
            return _go(place, year, "saved")
    return _page(request, place, year, form, forms.GoalForm())


@require_POST
def keep_goal(request: Request, area_id: UUID) -> HttpResponse:
    """Write or change a goal that is kept by hand."""
    place, year = _enter(request, area_id), _year(request)
    form = forms.GoalForm(request.POST)
    if form.is_valid():
        with form.showing_refusals():
            services.keep_goal(
                area_id=place.id,
                year=year,
                sheet=form.sheet(),
                actor=request.actor,
                now=clock.now(),
            )
            return _go(place, year, "saved")
    own = own_targets(place.id, year)
    above = _inherited(place, year, own)
    aims = forms.TargetsForm(initial=forms.shown(own), inherited=above)
    return _page(request, place, year, aims, form)


@require_POST
def drop_goal(request: Request, area_id: UUID, goal_id: UUID) -> HttpResponse:
    """Drop a goal that was kept by hand."""
    place, year = _enter(request, area_id), _year(request)
    services.drop_goal(goal_id=goal_id, actor=request.actor, now=clock.now())
    return _go(place, year, "dropped")


def _enter(request: Request, area_id: UUID) -> Place:
    place = area_for(area_id, request.actor)
    request.actor.require(services.DUTY, place.path)
    return place


def _year(request: Request) -> int:
    this = clock.local(clock.now()).year
    asked = request.GET.get("year", "")
    return (
        int(asked) if asked.isascii() and asked.isdigit() and 2000 <= int(asked) <= 2099 else this
    )


def _inherited(place: Place, year: int, own: Mapping[str, float]) -> dict[str, str]:
    """Return what holds from above where nothing is set here, as the form shows it."""
    aims = aims_of(place.path, year)
    return forms.shown({code: aim.value for code, aim in aims.items() if code not in own})


def _go(place: Place, year: int, done: str) -> HttpResponseRedirect:
    address = reverse("indicators:targets", args=[place.id])
    return HttpResponseRedirect(f"{address}?year={year}&done={done}")


def _page(request: Request, place: Place, year: int, form: Any, goal_form: Any) -> HttpResponse:
    context = {
        "place": place,
        "year": year,
        "form": form,
        "goal_form": goal_form,
        "goals": goals_of(place.id, year),
        "done": request.GET.get("done") == "saved",
        "dropped": request.GET.get("done") == "dropped",
    }
    status = 422 if form.errors or goal_form.errors else 200
    return render(request, "indicators/targets.html", context, status=status)
