"""Plans of grids at the desk: made by a run, looked at beside today's, put right, given a day."""

import json
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from linli.kernel import clock, runs
from linli.kernel.web import Request
from linli.places import selectors as places
from linli.places.forms.planning import MoveForm, NameForm, NewPlanForm, ScheduleForm
from linli.places.selectors import planning as selectors
from linli.places.services import plan_making, planning
from linli.places.views.frame import FORM, go, page_of, show

DUTY = plan_making.DUTY


@FORM
def plans(request: Request, community_id: UUID) -> HttpResponse:
    place = _enter(request, places.get_community_by_id(community_id))
    form = NewPlanForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with form.showing_refusals():
            run = plan_making.start_planning(
                community_id=place.pk, **form.cleaned_data, actor=request.actor, now=clock.now()
            )
            return HttpResponseRedirect(runs.url_of(run))
    page = page_of(request, selectors.plans_of(place.pk))
    return show(request, "plans", place, form, page=page)


@require_safe
def plan(request: Request, plan_id: UUID) -> HttpResponse:
    return _page(request, _plan(request, plan_id), ScheduleForm())


@require_POST
def move(request: Request, plan_id: UUID) -> HttpResponse:
    found = _plan(request, plan_id)
    rows = found.buildings.values_list("building_id", flat=True)
    form = MoveForm(request.POST, grids=found.grids.order_by("order"), buildings=rows)
    if form.is_valid():
        with form.showing_refusals():
            planning.move_buildings(
                plan_id=found.pk, building_ids=form.cleaned_data["building"],
                to_grid_id=form.cleaned_data["to_grid"], actor=request.actor, now=clock.now(),
            )  # fmt: skip
            return go("plan", found.pk, done="saved")
    return _page(request, found, form)


@FORM
def name(request: Request, plan_id: UUID, planned_id: UUID) -> HttpResponse:
    found = _plan(request, plan_id)
    row = selectors.get_planned_grid(found, planned_id)
    form = NameForm(request.POST or None, initial={"name": row.name})
    if request.method == "POST" and form.is_valid():
        with form.showing_refusals():
            planning.name_planned_grid(
                plan_id=found.pk, grid_id=row.pk, name=form.cleaned_data["name"],
                actor=request.actor, now=clock.now(),
            )  # fmt: skip
            return go("plan", found.pk, done="saved")
    back = reverse("places:plan", args=[found.pk])
    return show(request, "edit", found.community, form, title=_("网格名称"), back=back)


@require_POST
def schedule(request: Request, plan_id: UUID) -> HttpResponse:
    found = _plan(request, plan_id)
    form = ScheduleForm(request.POST)
    if form.is_valid():
        with form.showing_refusals():
            planning.schedule_plan(
                plan_id=found.pk, **form.cleaned_data, actor=request.actor, now=clock.now()
            )
            return go("plan", found.pk, done="saved")
    return _page(request, found, form)


@require_POST
def withdraw(request: Request, plan_id: UUID) -> HttpResponse:
    planning.withdraw_plan(plan_id=plan_id, actor=request.actor, now=clock.now())
    return go("plan", plan_id, done="saved")


@require_POST
def discard(request: Request, plan_id: UUID) -> HttpResponse:
    community_id = planning.discard_plan(plan_id=plan_id, actor=request.actor, now=clock.now())
    return go("plans", community_id, done="discarded")


def _enter(request: Request, community: Any) -> Any:
    request.actor.require(DUTY, community.path)
    request.community = community
    return community


def _plan(request: Request, plan_id: UUID) -> Any:
    found = selectors.get_plan(plan_id)
    _enter(request, found.community)
    return found


def _page(request: Request, found: Any, form: Any) -> HttpResponse:
    picture = selectors.picture_of(found)
    scheduling = form if isinstance(form, ScheduleForm) else ScheduleForm()
    return show(
        request, "plan", found.community, form,
        plan=found, picture=picture, scheduling=scheduling,
        grids=[line.row for line in picture.lines],
        today_map=_today_map(picture), plan_map=_plan_map(picture),
    )  # fmt: skip


def _today_map(picture: Any) -> dict[str, Any]:
    areas = [
        {
            "name": f"{one.grid.name} · {one.households}",
            "level": number % 5,
            "shape": json.loads(one.outline),
        }
        for number, one in enumerate(picture.today)
        if one.outline
    ]
    points = [point for line in picture.lines for point in _points(line.buildings)]
    return {**_tiles(), "areas": areas, "points": points + _points(picture.loose)}


def _plan_map(picture: Any) -> dict[str, Any]:
    areas = [
        {
            "name": f"{line.row.name} · {line.households}",
            "level": line.level,
            "shape": json.loads(line.outline),
        }
        for line in picture.lines
        if line.outline
    ]
    points = [point for line in picture.lines for point in _points(line.buildings, has_key=True)]
    return {**_tiles(), "areas": areas, "points": points + _points(picture.loose, has_key=True)}


def _points(rows: Any, *, has_key: bool = False) -> list[dict[str, Any]]:
    return [
        {
            "name": f"{selectors.label_of(one)} · {one.households}",
            "lat": one.building.lat,
            "lng": one.building.lon,
            **(
                {"key": str(one.building_id), "tone": "soon" if one.is_moved else ""}
                if has_key
                else {}
            ),
        }
        for one in rows
        if one.building.lat is not None
    ]


def _tiles() -> dict[str, Any]:
    return {"tiles": settings.TILE_URL, "datum": settings.TILE_DATUM, "small": True}
