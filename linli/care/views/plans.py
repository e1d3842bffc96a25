"""Beginning, changing and ending care, and family, from the desk."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from linli.care import selectors, services
from linli.care.forms import EndForm, FamilyForm, PlanForm
from linli.care.selectors import catalogue, family, persons
from linli.care.views.desk import go, show
from linli.kernel import clock
from linli.kernel.web import Request
from linli.people.selectors import register
from linli.posts import selectors as posts


@require_safe
def pick(request: Request) -> HttpResponse:
    """Find somebody of the register to look after."""
    request.actor.require(selectors.MANAGE)
    words = request.GET.get("q", "").strip()[:60]
    found = register.search(words, request.actor) if words else None
    return render(request, "care/pick.html", {"words": words, "found": found})


@require_http_methods(["GET", "HEAD", "POST"])
def start(request: Request, person_id: UUID) -> HttpResponse:
    """Agree on a plan with somebody of the register."""
    request.actor.require(selectors.MANAGE)
    card = register.get_person(person_id, request.actor)
    request.actor.require(selectors.MANAGE, card.area_path)
    form = _form(request, card.area_path, {})
    if request.method == "POST" and form.is_valid():
        with form.showing_refusals():
            made = services.start_care(
                person_id=person_id, sheet=form.sheet(), actor=request.actor, now=clock.now()
            )
            return go(made.pk, "started")
    return _plan_page(request, form, card.line, None)


@require_http_methods(["GET", "HEAD", "POST"])
def change(request: Request, profile_id: UUID) -> HttpResponse:
    """Change the plan."""
    row = selectors.get_profile(profile_id, request.actor)
    request.actor.require(selectors.MANAGE, row.area_path)
    initial = {
        "level": row.level.code, "every_days": row.every_days, "needs": row.need_codes,
        "post": str(row.post_id), "second_post": str(row.second_post_id or ""),
        "list_code": row.list_code, "agreed_how": row.agreed_how, "version": row.version,
    }  # fmt: skip
    form = _form(request, row.area_path, initial)
    if request.method == "POST" and form.is_valid():
        with form.showing_refusals():
            services.change_care(
                profile_id=profile_id, sheet=form.sheet(),
                version=form.cleaned_data["version"] or 0, actor=request.actor, now=clock.now(),
            )  # fmt: skip
            return go(profile_id, "changed")
    return _plan_page(request, form, persons.line_of(row, request.actor), row)


def _form(request: Request, area_path: str, initial: dict[str, Any]) -> PlanForm:
    return PlanForm(
        request.POST or None,
        initial=initial,
        levels=catalogue.levels(),
        lists=catalogue.list_names(),
        groups=posts.assignable(area_path, clock.now()),
    )


def _plan_page(request: Request, form: PlanForm, line: Any, row: Any) -> HttpResponse:
    context = {"form": form, "line": line, "row": row}
    return render(request, "care/plan.html", context, status=422 if form.errors else 200)


@require_POST
def end(request: Request, profile_id: UUID) -> HttpResponse:
    """End care with a reason."""
    row, form = selectors.get_profile(profile_id, request.actor), EndForm(request.POST)
    if form.is_valid():
        with form.showing_refusals():
            services.end_care(
                profile_id=profile_id, reason=form.cleaned_data["reason"], actor=request.actor,
                now=clock.now(),
            )  # fmt: skip
            return go(profile_id, "ended")
    return show(request, row, 422, end_form=form)


@require_POST
def add_family(request: Request, profile_id: UUID) -> HttpResponse:
    """Name somebody of the family."""
    row, form = selectors.get_profile(profile_id, request.actor), FamilyForm(request.POST)
    if form.is_valid():
        with form.showing_refusals():
            services.name_family(
                profile_id=profile_id, actor=request.actor, now=clock.now(), **form.cleaned_data
            )
            return go(profile_id, "family")
    return show(request, row, 422, family_form=form)


@require_POST
def drop_family(request: Request, family_id: UUID) -> HttpResponse:
    """Take a family contact off."""
    row = family.profile_of(family_id, request.actor)
    services.drop_family(family_id=family_id, actor=request.actor, now=clock.now())
    return HttpResponseRedirect(f"{reverse('care:profile', args=[row.pk])}?done=dropped")
