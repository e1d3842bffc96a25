"""The area tree at the desk: subdistricts, communities and micro-communities come, change and end;
ended ones stay to be looked at, with what happened in them.
"""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from linli.kernel import clock
from linli.kernel.errors import NotFound
from linli.kernel.web import Request
from linli.places import selectors, services
from linli.places.errors import StillInUse
from linli.places.forms.areas import AreaForm, DayForm, EndForm, NewAreaForm
from linli.places.selectors import AreaKind
from linli.places.views.frame import DUTY, FORM, go, initial, said

# What is drawn in the tree; grids have a page of their own in each community.
_SHOWN = (AreaKind.DISTRICT, AreaKind.SUBDISTRICT, AreaKind.COMMUNITY, AreaKind.MICRO)


@require_safe
def areas(request: Request) -> HttpResponse:
    """Show the tree as it is, or as it was on a day, and what has ended."""
    request.actor.require(DUTY)
    form = DayForm(request.GET or None)
    day = form.cleaned_data.get("on") if form.is_valid() else None
    scopes = request.actor.scopes(DUTY)
    context = {
        "lines": _lines(selectors.tree_of(scopes, day=day)),
        "ended": selectors.ended_areas(scopes),
        "form": form,
        "day": day,
        "may_top": "" in scopes,
        "done": said(request),
    }
    return render(request, "places/areas.html", context)


def _lines(found: Iterable[Any]) -> list[Any]:
    """Give each area of a tree the depth at which it is drawn."""
    rows = [area for area in found if area.kind in _SHOWN]
    top = min((area.path.count("/") for area in rows), default=0)
    for area in rows:
        area.depth = min(area.path.count("/") - top, 3)
    return rows


@FORM
def new_area(request: Request) -> HttpResponse:
    """Enter an area below another one, or at the top."""
    parent = _parent(request)
    request.actor.require(DUTY, parent.path if parent else "")
    form = NewAreaForm(request.POST or None, kinds=services.kinds_below(parent))
    if request.method == "POST" and form.is_valid():
        with form.showing_refusals():
            made = services.create_area(
                **form.facts(),
                parent_id=parent.pk if parent else None,
                actor=request.actor,
                now=clock.now(),
            )
            return go("area", made.pk, done="saved")
    context = {"form": form, "parent": parent, "back": reverse("places:areas")}
    status = 422 if form.errors else 200
    return render(request, "places/area_new.html", context, status=status)


def _parent(request: Request) -> Any:
    asked = request.POST.get("parent") or request.GET.get("parent") or ""
    try:
        return selectors.get_area(UUID(asked)) if asked else None
    except ValueError:
        raise NotFound(_("没有找到这个区域。")) from None


@FORM
def area(request: Request, area_id: UUID) -> HttpResponse:
    """Show an area with its dates and what lies below; a live one can be corrected."""
    found = _area(request, area_id)
    is_live = found.ends_on is None
    form = AreaForm(request.POST or None, initial=initial(found, AreaForm), kind=found.kind)
    if request.method == "POST" and not is_live:
        raise StillInUse(_("“%(name)s”已经结束，不能再改。") % {"name": found.name})
    if request.method == "POST" and form.is_valid():
        with form.showing_refusals():
            services.edit_area(
                area_id=found.pk, facts=form.cleaned_data, actor=request.actor, now=clock.now()
            )
            return go("area", found.pk, done="saved")
    context = {
        "area": found,
        "form": form if is_live else None,
        "above": [
            one for one in selectors.areas_above(found.path) if request.actor.can(DUTY, one.path)
        ],
        "below": selectors.children_of(found),
        "kinds": services.kinds_below(found) if is_live else (),
        "may_see_cases": request.actor.can("cases.view", found.path),
        "done": said(request),
    }
    status = 422 if is_live and form.errors else 200
    return render(request, "places/area.html", context, status=status)


@FORM
def end_area(request: Request, area_id: UUID) -> HttpResponse:
    """Ask, then end an area on a day."""
    found = _area(request, area_id)
    if found.ends_on is not None:
        return go("area", found.pk)
    today = clock.local(clock.now()).date()
    form = EndForm(request.POST or None, initial={"ends_on": today})
    if request.method == "POST" and form.is_valid():
        with form.showing_refusals():
            services.end_area(
                area_id=found.pk,
                ends_on=form.cleaned_data["ends_on"],
                actor=request.actor,
                now=clock.now(),
            )
            return go("area", found.pk, done="ended")
    context = {"area": found, "form": form, "back": reverse("places:area", args=[found.pk])}
    status = 422 if form.errors else 200
    return render(request, "places/area_end.html", context, status=status)


def _area(request: Request, area_id: UUID) -> Any:
    found = selectors.get_area(area_id)
    request.actor.require(DUTY, found.path)
    if found.kind == AreaKind.GRID and found.ends_on is None:
        raise NotFound(_("没有找到这个区域。"))  # a live grid has a page of its own
    return found
