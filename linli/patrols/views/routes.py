"""Routes at the desk: their list, one with its points, changing both."""

from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from linli.kernel import clock
from linli.kernel.web import Request
from linli.patrols.forms import PointsForm, RouteForm
from linli.patrols.selectors import access, coverage
from linli.patrols.selectors import routes as selectors
from linli.patrols.selectors.lists import item_lists
from linli.patrols.selectors.places import areas_to_manage
from linli.patrols.services import routes as services
from linli.patrols.services.routes import Part, RouteFacts
from linli.patrols.views.showing import done_words, go

FORM = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
def index(request: Request) -> HttpResponse:
    """Show the routes."""
    request.actor.require(access.VIEW)
    words = request.GET.get("words", "")[:60]
    rows = selectors.routes_of(request.actor, words=words)
    context = {
        "page": Paginator(rows, 50).get_page(request.GET.get("page")),
        "words": words,
        "may_manage": request.actor.can(access.MANAGE),
        "done": done_words(request),
        "now": clock.now(),
    }
    return render(request, "patrols/routes.html", context)


@FORM
def new(request: Request) -> HttpResponse:
    """Make a route."""
    request.actor.require(access.MANAGE)
    now = clock.now()
    form = _form(request, {"starts_on": clock.local(now).date()})
    if request.method == "POST" and form.is_valid():
        with form.showing_refusals():
            facts = RouteFacts(**form.facts())
            made = services.create_route(facts=facts, actor=request.actor, now=now)
            return go("route", made.pk, done="saved")
    status = 422 if form.errors else 200
    return render(request, "patrols/route_edit.html", {"form": form}, status=status)


@require_safe
def route(request: Request, route_id: UUID) -> HttpResponse:
    """Show a route with its points."""
    return _page(request, _viewed(request, route_id), None)


@FORM
def edit(request: Request, route_id: UUID) -> HttpResponse:
    """Change a route."""
    found = _viewed(request, route_id)
    request.actor.require(access.MANAGE, found.area_path)
    initial = {name: getattr(found, name, None) for name in RouteForm.base_fields}
    initial |= {"area_id": str(found.grid_id or found.community_id), "weekdays": [*found.weekdays]}
    for name in ("item_list_id", "post_id", "partner_id"):
        initial[name] = str(getattr(found, name) or "")
    form = _form(request, initial)
    if request.method == "POST" and form.is_valid():
        with form.showing_refusals():
            services.edit_route(
                route_id=route_id, facts=RouteFacts(**form.facts()), actor=request.actor,
                now=clock.now(),
            )  # fmt: skip
            return go("route", route_id, done="saved")
    context = {"form": form, "route": found}
    return render(request, "patrols/route_edit.html", context, status=422 if form.errors else 200)


@require_POST
def points(request: Request, route_id: UUID) -> HttpResponse:
    """Put points on a route."""
    found = _viewed(request, route_id)
    form = PointsForm(request.POST, parts=selectors.parts_of(found))
    if form.is_valid():
        with form.showing_refusals():
            services.add_points(
                route_id=route_id, parts=_parts(form.cleaned_data), actor=request.actor,
                now=clock.now(),
            )  # fmt: skip
            return go("route", route_id, done="saved")
    return _page(request, found, form)


@require_POST
def order(request: Request, route_id: UUID) -> HttpResponse:
    """Move one point up or down the walk."""
    found = _viewed(request, route_id)
    ids = [one.pk for one in coverage.points_in_order(found)]
    for name, step in (("up", -1), ("down", 1)):
        moved = next((one for one in ids if str(one) == request.POST.get(name)), None)
        if moved is not None:
            at = ids.index(moved)
            ids.insert(max(at + step, 0), ids.pop(at))
    services.order_points(route_id=route_id, point_ids=ids, actor=request.actor, now=clock.now())
    return go("route", route_id)


@require_POST
def end_point(request: Request, point_id: UUID) -> HttpResponse:
    """Take a point off its route."""
    ended = services.end_point(point_id=point_id, actor=request.actor, now=clock.now())
    return go("route", ended.route_id, done="saved")


@require_POST
def end(request: Request, route_id: UUID) -> HttpResponse:
    """End a route."""
    services.end_route(route_id=route_id, actor=request.actor, now=clock.now())
    return go("routes", done="ended")


def _viewed(request: Request, route_id: UUID) -> Any:
    request.actor.require(access.VIEW)
    return access.get_route(route_id, request.actor)


def _page(request: Request, found: Any, form: PointsForm | None) -> HttpResponse:
    may_manage = found.ended_on is None and request.actor.can(access.MANAGE, found.area_path)
    parts = selectors.parts_of(found) if may_manage else []
    context = {
        "route": found,
        "days": selectors.days_in_words(found),
        "points": coverage.points_in_order(found),
        "form": form or PointsForm(parts=parts),
        "parts": parts,
        "may_manage": may_manage,
        "done": done_words(request),
        "now": clock.now(),
    }
    status = 422 if form is not None and form.errors else 200
    return render(request, "patrols/route.html", context, status=status)


def _form(request: Request, initial: dict[str, Any]) -> RouteForm:
    choices = selectors.hands_of(request.actor)
    return RouteForm(
        request.POST if request.method == "POST" else None,
        areas=areas_to_manage(request.actor),
        lists=[(str(one.pk), one.name) for one in item_lists()],
        posts=choices.posts,
        partners=choices.partners,
        initial={"every_days": 1, **initial},
    )


def _parts(said: dict[str, Any]) -> list[Part]:
    found: list[Part] = []
    for value in said["parts"]:
        kind, _sep, part_id = value.partition(":")
        facts: dict[str, Any] = {f"{kind}_id": UUID(part_id)}
        found.append(Part(**facts))
    if said["spot"].strip():
        found.append(Part(name=said["spot"]))
    return found
