"""Grids: their list and map, their boundary, their list of buildings."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from linli.kernel import clock
from linli.kernel.errors import BadInput, NotFound
from linli.kernel.web import Request
from linli.places import selectors, services
from linli.places.forms.houses import BoundaryForm, GridEndForm, GridForm, NewGridForm
from linli.places.selectors import AreaKind
from linli.places.views.frame import (
    FORM,
    confirm,
    enter,
    enter_by_id,
    go,
    initial,
    map_data,
    show,
)


@require_safe
def grids(request: Request, community_id: UUID) -> HttpResponse:
    place = enter_by_id(request, community_id)
    lines = selectors.grid_lines(place.pk)
    return show(
        request,
        "grids",
        place,
        lines=lines,
        can_plan=request.actor.can("places.plan", place.path),
        loose=selectors.buildings_without_grid(place.pk).count(),
        map_data=map_data([line.grid for line in lines], selectors.buildings_of(place.pk)),
    )


@FORM
def new_grid(request: Request, community_id: UUID) -> HttpResponse:
    place = enter_by_id(request, community_id)
    form = NewGridForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        facts = dict(form.cleaned_data)
        with form.showing_refusals():
            made = services.create_area(
                kind=AreaKind.GRID, name=facts.pop("name"), code=facts.pop("code"),
                parent_id=place.pk, facts=facts, actor=request.actor, now=clock.now(),
            )  # fmt: skip
            return go("grid", made.pk, done="saved")
    back = reverse("places:grids", args=[place.pk])
    return show(request, "edit", place, form, title=_("新建网格"), back=back)


@FORM
def grid(request: Request, area_id: UUID) -> HttpResponse:
    found, place = _grid(request, area_id)
    form = GridForm(request.POST or None, initial=initial(found, GridForm))
    if request.method == "POST" and form.is_valid():
        with form.showing_refusals():
            services.edit_area(
                area_id=found.pk, facts=form.cleaned_data, actor=request.actor, now=clock.now()
            )
            return go("grid", found.pk, done="saved")
    return _page(request, found, place, form, BoundaryForm())


@require_POST
def boundary(request: Request, area_id: UUID) -> HttpResponse:
    found, place = _grid(request, area_id)
    if "remove" in request.POST:
        services.set_boundary(area_id=found.pk, geojson=None, actor=request.actor, now=clock.now())
        return go("grid", found.pk, done="saved")
    drawing = BoundaryForm(request.POST, request.FILES)
    if drawing.is_valid():
        with drawing.showing_refusals():
            services.set_boundary(
                area_id=found.pk, geojson=drawing.cleaned_data["file"],
                source_crs=drawing.cleaned_data["source_crs"], actor=request.actor, now=clock.now(),
            )  # fmt: skip
            return go("grid", found.pk, done="saved")
    return _page(request, found, place, GridForm(initial=initial(found, GridForm)), drawing)


@FORM
def grid_buildings(request: Request, area_id: UUID) -> HttpResponse:
    found, place = _grid(request, area_id)
    if request.method == "POST":
        services.assign_buildings(
            grid_id=found.pk, building_ids=_ticked(request), actor=request.actor, now=clock.now()
        )
        return go("grid", found.pk, done="saved")
    buildings = selectors.buildings_of(place.pk).select_related("estate", "grid")
    return show(
        request, "grid_buildings", place, grid=found, buildings=buildings.defer("grid__polygon")
    )


@FORM
def end_grid(request: Request, area_id: UUID) -> HttpResponse:
    found, place = _grid(request, area_id)
    sisters = selectors.grid_choices(place.pk).exclude(pk=found.pk)
    form = GridEndForm(request.POST or None, grids=sisters)
    if request.method == "POST" and form.is_valid():
        with form.showing_refusals():
            services.end_area(
                area_id=found.pk, **form.cleaned_data, actor=request.actor, now=clock.now()
            )
            return go("grids", place.pk, done="ended")
    return confirm(
        request,
        place,
        question=_("结束“%(name)s”") % {"name": found.name},
        facts=[_("网格从今天起不再有，过去发生在这里的事情还记在它名下。")],
        action=_("结束网格"),
        back=reverse("places:grid", args=[found.pk]),
        form=form,
    )


def _grid(request: Request, area_id: UUID) -> tuple[Any, Any]:
    found = selectors.get_area(area_id)
    place = selectors.community_of_path(found.path)
    if found.kind != AreaKind.GRID or found.ends_on is not None or place is None:
        raise NotFound(_("没有找到这个网格。"))
    return found, enter(request, place)


def _page(
    request: Request, found: Any, place: Any, form: GridForm, drawing: BoundaryForm
) -> HttpResponse:
    listed = selectors.buildings_of(place.pk).filter(grid=found).select_related("estate")
    answer = show(
        request,
        "grid",
        place,
        form,
        grid=found,
        drawing=drawing,
        listed=listed,
        overlaps=[
            (sister, round(share * 100)) for sister, share in selectors.overlaps_of(found, place.pk)
        ],
        map_data=map_data([found], listed),
    )
    if drawing.errors:
        answer.status_code = 422
    return answer


def _ticked(request: Request) -> list[UUID]:
    try:
        return [UUID(value) for value in request.POST.getlist("building")]
    except ValueError:
        raise BadInput(_("有的楼栋认不出来，刷新后重新勾选。")) from None
