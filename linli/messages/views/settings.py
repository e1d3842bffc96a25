"""Quiet hours and group robots."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from linli.kernel import clock
from linli.kernel.web import Request
from linli.messages import selectors, services
from linli.messages.forms import QuietForm, RobotForm
from linli.messages.services import RobotData


@require_http_methods(["GET", "POST"])
def quiet(request: Request) -> HttpResponse:
    area = selectors.managed_area(request.GET.get("area"), request.actor)
    hours = selectors.quiet_hours_of(area.path)
    initial = {"starts_at": hours.starts_at, "ends_at": hours.ends_at}
    form = QuietForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        with form.showing_refusals():
            services.set_quiet_hours(
                area_path=area.path, **form.cleaned_data, actor=request.actor, now=clock.now()
            )
            address = reverse("messages:quiet")
            return HttpResponseRedirect(f"{address}?{urlencode({'area': area.path, 'said': '1'})}")
    context = {
        "area": area, "areas": selectors.managed_areas(request.actor), "form": form,
        "hours": hours, "is_saved": bool(request.GET.get("said")),
    }  # fmt: skip
    status = 422 if form.errors else 200
    return render(request, "messages/quiet_edit.html", context, status=status)


@require_GET
def robots(request: Request) -> HttpResponse:
    organisations = selectors.organisations_of(request.actor)
    names = {one.id: one.name for one in organisations}
    rows = [
        (names[robot.organisation_id], robot, selectors.last_delivery(robot.id))
        for robot in selectors.robots_seen_by(list(names))
    ]
    return render(request, "messages/robot_list.html", {"rows": rows, "has_any": bool(names)})


@require_http_methods(["GET", "POST"])
def robot(request: Request, robot_id: UUID | None = None) -> HttpResponse:
    organisations = selectors.organisations_of(request.actor)
    choices = [(str(one.id), one.name) for one in organisations]
    initial = _initial(robot_id, [one.id for one in organisations])
    form = RobotForm(request.POST or None, initial=initial, organisations=choices)
    if request.method == "POST" and form.is_valid() and _save(request, form, robot_id):
        return redirect("messages:robots")
    context = {"form": form, "robot_id": robot_id, "initial": initial}
    status = 422 if form.errors else 200
    return render(request, "messages/robot_edit.html", context, status=status)


@require_POST
def trial(request: Request, robot_id: UUID) -> HttpResponse:
    services.try_robot(robot_id=robot_id, actor=request.actor, now=clock.now())
    return redirect("messages:robots")


def _initial(robot_id: UUID | None, organisation_ids: list[UUID]) -> dict[str, Any]:
    if robot_id is None:
        return {"kind": selectors.RobotKind.WECOM, "is_active": True}
    found = selectors.get_robot(robot_id, organisation_ids)
    return {
        "organisation_id": str(found.organisation_id), "kind": found.kind, "name": found.name,
        "is_active": found.is_active,
    }  # fmt: skip


def _save(request: Request, form: RobotForm, robot_id: UUID | None) -> bool:
    given = dict(form.cleaned_data)
    data = RobotData(organisation_id=UUID(given.pop("organisation_id")), **given)
    with form.showing_refusals():
        if robot_id is None:
            services.add_robot(data=data, actor=request.actor, now=clock.now())
        else:
            services.change_robot(
                robot_id=robot_id, data=data, actor=request.actor, now=clock.now()
            )
        return True
    return False
