"""Routing: the rules in the order in which they win, and a box to try them."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from linli.kernel import clock
from linli.kernel.web import Request
from linli.places import selectors as places
from linli.posts import selectors, services
from linli.posts.forms import Choices, RuleForm, TryForm
from linli.posts.views.choosing import chosen_area


@require_safe
def routing(request: Request) -> HttpResponse:
    area, areas = chosen_area(request)
    found, form = None, _try_form(request, area)
    if form.is_bound and form.is_valid():
        with form.showing_refusals():
            found = selectors.try_route(**form.cleaned_data, actor=request.actor, now=clock.now())
    context = {
        "area": area,
        "areas": areas,
        "lines": selectors.rule_lines(request.actor, area_path=area.path),
        "form": form,
        "found": found,
    }
    return render(request, "posts/routing.html", context)


@require_http_methods(["GET", "POST"])
def new_rule(request: Request) -> HttpResponse:
    area, _areas = chosen_area(request)
    form = _rule_form(request, area, {"place": "all"})
    if request.method == "POST" and form.is_valid():
        with form.showing_refusals():
            services.add_rule(sheet=form.sheet(), actor=request.actor, now=clock.now())
            return _back(area.pk)
    context = {"form": form, "area": area}
    return render(request, "posts/rule_form.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def rule(request: Request, rule_id: UUID) -> HttpResponse:
    initial = selectors.rule_values(rule_id, request.actor)
    area = initial.pop("area")
    form = _rule_form(request, area, initial)
    if request.method == "POST" and form.is_valid():
        with form.showing_refusals():
            services.change_rule(
                rule_id=rule_id, sheet=form.sheet(), actor=request.actor, now=clock.now()
            )
            return _back(area.pk)
    context = {"form": form, "area": area, "rule_id": rule_id}
    return render(request, "posts/rule_form.html", context, status=422 if form.errors else 200)


@require_POST
def rule_removal(request: Request, rule_id: UUID) -> HttpResponse:
    area = selectors.rule_values(rule_id, request.actor)["area"]
    services.remove_rule(rule_id=rule_id, actor=request.actor, now=clock.now())
    return _back(area.pk)


def _rule_form(request: Request, area: Any, initial: dict[str, Any]) -> RuleForm:
    return RuleForm(
        request.POST or None,
        area_id=area.pk,
        categories=selectors.category_choices(),
        places=_places_of_rule(area),
        targets=_targets(area),
        initial=initial,
    )


def _places_of_rule(area: Any) -> Choices:
    kinds = [(f"kind:{value}", label) for value, label in places.EstateKind.choices]
    choices: Choices = [("all", _("%(area)s全部") % {"area": area.name}), (_("一类小区"), kinds)]
    if area.kind == "community":
        estates = [(f"estate:{one.pk}", one.name) for one in places.estates_of(area.pk)]
        choices.append((_("一个小区"), estates))
    return choices


def _targets(area: Any) -> Choices:
    roles = [(f"role:{code}", label) for code, label in selectors.CASE_ROLES.items()]
    groups = [
        (group.label, [(choice.value, choice.label) for choice in group.choices])
        for group in selectors.assignable(area.path, duties=selectors.TAKES_CASES)
    ]
    return [(_("那里的一种岗位"), roles), *groups]


def _try_form(request: Request, area: Any) -> TryForm:
    data = request.GET if "place" in request.GET else None
    return TryForm(data, categories=selectors.category_choices(), places=_places_to_try(area))


def _places_to_try(area: Any) -> Choices:
    if area.kind != "community":
        found = places.areas_below(area.path).filter(kind="community")
        return [(f"community:{one.pk}", one.name) for one in found]
    grids = [(f"grid:{one.pk}", one.name) for one in places.grids_of(area.pk)]
    estates = [(f"estate:{one.pk}", one.name) for one in places.estates_of(area.pk)]
    return [(f"community:{area.pk}", area.name), (_("网格"), grids), (_("小区"), estates)]


def _back(area_id: UUID) -> HttpResponse:
    return HttpResponseRedirect(f"{reverse('posts:routing')}?area={area_id}")
