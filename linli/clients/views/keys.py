"""Keys of other systems: which there are, a new one shown once, an old one ended."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from linli.clients import selectors, services
from linli.clients.forms import KeyForm
from linli.kernel import clock
from linli.kernel.web import Request, absolute_url

_A_YEAR = timedelta(days=365)


@require_safe
def keys(request: Request) -> HttpResponse:
    lines = selectors.key_lines(request.actor, clock.now())
    context = {
        "living": [line for line in lines if line.is_living],
        "ended": [line for line in lines if not line.is_living],
    }
    return render(request, "clients/key_list.html", context)


@require_http_methods(["GET", "POST"])
def new_key(request: Request) -> HttpResponse:
    form = _form(request)
    if request.method == "POST" and form.is_valid():
        with form.showing_refusals():
            made = services.make_key(
                sheet=form.sheet(), actor=request.actor, now=clock.now(),
                key=str(form.cleaned_data["key"]),
            )  # fmt: skip
            return _hand_over(request, made)
    checked = set(form["duties"].value() or ())
    groups = selectors.duty_groups(request.actor)
    for group in groups:
        for duty in group["duties"]:
            duty["is_checked"] = duty["code"] in checked
    context = {"form": form, "groups": groups}
    return render(request, "clients/key_new.html", context, status=422 if form.errors else 200)


@require_POST
def key_ending(request: Request, key_id: UUID) -> HttpResponse:
    services.revoke_key(key_id=key_id, actor=request.actor, now=clock.now())
    return HttpResponseRedirect(reverse("clients:keys"))


def _form(request: Request) -> KeyForm:
    areas = selectors.managed_areas(request.actor)
    communities = [one for one in areas if one.kind == "community"]
    initial: dict[str, Any] = {
        "expires_on": clock.local(clock.now()).date() + _A_YEAR,
        "duties": ["cases.view"],
        "areas": [str(communities[0].pk)] if len(communities) == 1 else [],
    }
    return KeyForm(
        request.POST or None,
        areas=[(str(one.pk), one.name) for one in areas],
        organisations=[
            (str(one.pk), one.name) for one in selectors.managed_organisations(request.actor)
        ],
        initial=initial,
    )


def _hand_over(request: Request, made: services.NewKey) -> HttpResponse:
    context = {"made": made, "example": absolute_url(request, "/api/v1/cases")}
    response = render(request, "clients/key_made.html", context)
    response.headers["Cache-Control"] = "no-store"
    return response
