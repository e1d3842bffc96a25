"""Patrols on a phone: my routes, a walk point by point, one point, scanning, signing."""

from math import isfinite
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from linli.cases import selectors as cases
from linli.kernel import clock
from linli.kernel.web import Request
from linli.patrols.forms import FinishForm, LookForm, ScanForm, SkipForm
from linli.patrols.selectors import access, coverage, rounds, walking
from linli.patrols.selectors.lists import fine_answers, items_of_point
from linli.patrols.services import walking as services
from linli.patrols.services.finding import Found
from linli.patrols.services.walking import Seen
from linli.patrols.views.showing import done_words, go
from linli.places import selectors as places

FORM = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
def index(request: Request) -> HttpResponse:
    """Show my routes with what is due, open rounds, what waits for my signature."""
    _walker(request)
    now = clock.now()
    found = rounds.open_rounds(request.actor)
    context = {
        "lines": walking.lines_of_day(request.actor, now),
        "houses": rounds.houses_of_day(request.actor, found),
        "rounds": found,
        "to_sign": walking.to_sign(request.actor),
        "form": ScanForm(),
        "may_walk": request.actor.can(access.WALK),
        "done": done_words(request),
        "now": now,
    }
    return render(request, "patrols/field_index.html", context)


@FORM
def scan(request: Request) -> HttpResponse:
    """Lead from a scanned or typed code to the point of my routes that hangs there."""
    _walker(request)
    asked = request.POST if request.method == "POST" else request.GET
    form = ScanForm(asked if asked.get("code") else None)
    if form.is_valid():
        code = places.find_place_code(form.cleaned_data["code"])
        points = walking.find_points_of_code(code.pk, request.actor) if code else []
        if len(points) == 1:
            return go("field_point", points[0].pk, code=form.cleaned_data["code"])
        context = {"form": form, "points": points, "code": form.cleaned_data["code"]}
        if not points:
            form.add_error("code", _("这张码不在您的巡查路线上。看到问题照样能报。"))
        return render(
            request, "patrols/field_scan.html", context, status=422 if not points else 200
        )
    return render(request, "patrols/field_scan.html", {"form": form})


@require_POST
def start(request: Request, route_id: UUID) -> HttpResponse:
    """Set out."""
    made = services.start_patrol(route_id=route_id, actor=request.actor, now=clock.now())
    return go("field_walk", made.pk)


@require_safe
def route(request: Request, route_id: UUID) -> HttpResponse:
    """Show a route's points in the order of the walk, and the way to set out."""
    found = access.get_route(route_id, request.actor)
    points = coverage.points_in_order(found)
    context = {
        "route": found,
        "points": points,
        "may_walk": access.may_walk(found, request.actor) and found.ended_on is None,
        "now": clock.now(),
    }
    return render(request, "patrols/field_route.html", context)


@require_safe
def walk(request: Request, patrol_id: UUID) -> HttpResponse:
    """Show a walk: the next point in large, then the rest, what was found, who signed."""
    patrol = access.get_patrol(patrol_id, request.actor)
    found = walking.walk_of(patrol)
    context = {
        "walk": found,
        "next": found.next,
        "fine_items": items_of_point(found.next) if found.next else (),
        "is_mine": patrol.account_id == request.actor.account_id,
        "may_sign": _may_sign(patrol, request),
        "skip": SkipForm(),
        "finish": FinishForm(),
        "done": done_words(request),
        "now": clock.now(),
    }
    return render(request, "patrols/field_walk.html", context)


@require_POST
def fine(request: Request, patrol_id: UUID, point_id: UUID) -> HttpResponse:
    """Note that everything at a point is as it should be: one tap."""
    access.get_patrol(patrol_id, request.actor)
    _all_fine(request, access.get_point(point_id, request.actor))
    return go("field_walk", patrol_id)


@FORM
def point(request: Request, point_id: UUID) -> HttpResponse:
    """Look at one point, with its items; what is wrong becomes a case."""
    found, now = access.get_point(point_id, request.actor), clock.now()
    access.side_of(found.route, request.actor)
    if "fine" in request.POST:
        return go("field_walk", _all_fine(request, found).patrol_id, done="fine")
    form = _look_form(request, found)
    if request.method == "POST" and form.is_valid():
        with form.showing_refusals():
            check = services.check_point(
                point_id=found.pk, seen=_seen(form, now), found=_found(form),
                photos=form.cleaned_data["photos"], after=form.cleaned_data["after"],
                actor=request.actor, now=now,
            )  # fmt: skip
            done = "fine" if check.is_fine else "found"
            return go("field_walk", check.patrol_id, done=done)
    context = {
        "point": found,
        "form": form,
        "skip": SkipForm(),
        "code": request.GET.get("code", ""),
        "fine_items": items_of_point(found),
        "history": coverage.history_of(found),
        "now": now,
    }
    status = 422 if form.errors else 200
    return render(request, "patrols/field_point.html", context, status=status)


@require_POST
def skip(request: Request, point_id: UUID) -> HttpResponse:
    """Pass a point over, with the reason."""
    form, now = SkipForm(request.POST), clock.now()
    found = access.get_point(point_id, request.actor)
    if form.is_valid():
        check = services.skip_point(
            point_id=point_id, reason=form.cleaned_data["reason"], at=now,
            key=str(form.cleaned_data["key"]), actor=request.actor, now=now,
        )  # fmt: skip
        return go("field_walk", check.patrol_id, done="skipped")
    context = {
        "point": found,
        "form": _look_form(request, found, is_new=True),
        "skip": form,
        "now": now,
    }
    return render(request, "patrols/field_point.html", context, status=422)


@require_POST
def finish(request: Request, patrol_id: UUID) -> HttpResponse:
    """End the walk."""
    form = FinishForm(request.POST)
    note = form.cleaned_data["note"] if form.is_valid() else ""
    ended = services.finish_patrol(
        patrol_id=patrol_id, note=note, actor=request.actor, now=clock.now()
    )
    done = "signing" if ended.state == "signing" else "finished"
    return go("field_walk", patrol_id, done=done)


@require_POST
def sign(request: Request, patrol_id: UUID) -> HttpResponse:
    """Sign a joint walk for the other side."""
    services.sign_patrol(patrol_id=patrol_id, actor=request.actor, now=clock.now())
    return go("field_walk", patrol_id, done="signed")


def _all_fine(request: Request, found: Any) -> Any:
    now, said = clock.now(), request.POST
    seen = Seen(
        at=now, answers=fine_answers(found), code=said.get("code", ""),
        lat=_number(said.get("lat")), lon=_number(said.get("lon")),
    )  # fmt: skip
    return services.check_point(point_id=found.pk, seen=seen, actor=request.actor, now=now)


def _walker(request: Request) -> None:
    lent = any(grant.duty == access.WALK for grant in request.actor.grants)
    if not lent:
        request.actor.require(access.WALK)


def _look_form(request: Request, found: Any, *, is_new: bool = False) -> LookForm:
    is_sent = request.method == "POST" and not is_new
    categories = [
        (str(one.pk), one.name) for one in cases.active_categories() if not one.is_confidential
    ]
    return LookForm(
        request.POST if is_sent else None,
        request.FILES if is_sent else None,
        items=items_of_point(found),
        categories=categories,
        initial={"code": request.GET.get("code", "")},
    )


def _seen(form: LookForm, now: Any) -> Seen:
    said = form.cleaned_data
    return Seen(
        at=now, answers=form.answers(), code=said["code"], lat=said["lat"], lon=said["lon"],
        key=str(said["key"]),
    )  # fmt: skip


def _found(form: LookForm) -> Found | None:
    said = form.cleaned_data
    if not (said["text"].strip() or said["is_settled"]):
        return None
    category = UUID(said["category"]) if said["category"] else None
    return Found(
        text=said["text"], category_id=category, is_urgent=said["is_urgent"],
        is_settled=said["is_settled"], result=said["result"],
    )  # fmt: skip


def _may_sign(patrol: Any, request: Request) -> bool:
    if patrol.state != "signing" or not access.may_walk(patrol.route, request.actor):
        return False
    return all(one.account_id != request.actor.account_id for one in patrol.signatures.all())


def _number(text: Any) -> float | None:
    try:
        number = float(text)
    except (TypeError, ValueError):
        return None
    return number if isfinite(number) else None
