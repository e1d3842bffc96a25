"""Organisations and posts: who answers for what, who holds it, what stands empty."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from linli.kernel import clock, ids, lists, runs
from linli.kernel.web import Request
from linli.places import selectors as places
from linli.posts import selectors, services
from linli.posts.forms import Choices, NewOrganisationForm, OrganisationForm, PostForm
from linli.posts.services import exporting
from linli.posts.views.choosing import chosen_area

# With more areas than this, grids are left out of a list to choose from.
MOST_AREAS = 200


@require_safe
def posts(request: Request) -> HttpResponse:
    area, areas = chosen_area(request)
    is_community = area.kind == "community"
    lines = selectors.post_lines(
        request.actor, clock.now(), area_path=area.path, with_below=is_community
    )
    organisations = selectors.organisations_at(request.actor, area.path)
    context = {
        "area": area,
        "areas": areas,
        "groups": _by_organisation(lines, organisations),
        "vacant": sum(line.is_vacant for line in lines),
        "count": len(lines),
        "key": ids.new_id().hex,
    }
    return render(request, "posts/post_list.html", context)


@require_POST
def export(request: Request) -> HttpResponse:
    """Let the posts of the chosen area, and of those below it, leave as a file: a run."""
    area, _areas = chosen_area(request)
    run = exporting.start_export(
        area_path=area.path, area_name=area.name, actor=request.actor, now=clock.now(),
        **lists.wish_of(request),
    )  # fmt: skip
    return HttpResponseRedirect(runs.url_of(run))


@require_http_methods(["GET", "POST"])
def new_organisation(request: Request) -> HttpResponse:
    area, areas = chosen_area(request)
    choices = [(str(one.pk), one.name) for one in areas]
    initial = {"area": str(area.pk), "kind": "property"}
    form = NewOrganisationForm(request.POST or None, areas=choices, initial=initial)
    if request.method == "POST" and form.is_valid():
        with form.showing_refusals():
            data = dict(form.cleaned_data)
            area_id = UUID(data.pop("area"))
            services.create_organisation(
                **data, area_id=area_id, actor=request.actor, now=clock.now()
            )
            return to_list(area_id)
    context = {"form": form, "area": area}
    return render(request, "posts/organisation.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def organisation(request: Request, organisation_id: UUID) -> HttpResponse:
    one = selectors.get_organisation(organisation_id, request.actor)
    form = OrganisationForm(request.POST or None, initial={"name": one.name, "phone": one.phone})
    if request.method == "POST" and form.is_valid():
        with form.showing_refusals():
            services.change_organisation(
                organisation_id=one.pk, **form.cleaned_data, actor=request.actor, now=clock.now()
            )
            return to_list(one.area_id)
    context = {"form": form, "organisation": one, "area": one.area}
    return render(request, "posts/organisation.html", context, status=422 if form.errors else 200)


@require_POST
def organisation_ending(request: Request, organisation_id: UUID) -> HttpResponse:
    one = services.end_organisation(
        organisation_id=organisation_id, actor=request.actor, now=clock.now()
    )
    return to_list(one.area_id)


@require_http_methods(["GET", "POST"])
def new_post(request: Request, organisation_id: UUID) -> HttpResponse:
    one = selectors.get_organisation(organisation_id, request.actor)
    initial = {"area": str(one.area_id), "is_confined": one.kind in ("property", "department")}
    form = _post_form(request, one.area, initial)
    if request.method == "POST" and form.is_valid():
        with form.showing_refusals():
            post = services.create_post(
                organisation_id=one.pk, sheet=form.sheet(), actor=request.actor, now=clock.now()
            )
            return HttpResponseRedirect(reverse("posts:post", args=[post.pk]))
    return _show_form(request, form, had=set(), area=one.area, organisation=one)


@require_http_methods(["GET", "POST"])
def post_change(request: Request, post_id: UUID) -> HttpResponse:
    post = selectors.get_post(post_id, request.actor)
    line = selectors.get_post_line(post_id, request.actor, clock.now())
    initial = {
        "name": post.name, "role": post.role, "level": post.level, "area": str(post.area_id),
        "estate": str(post.estate_id or ""), "is_confined": post.is_confined,
        "duties": list(line.duties), "written_duties": post.written_duties,
    }  # fmt: skip
    form = _post_form(request, post.organisation.area, initial)
    if request.method == "POST" and form.is_valid():
        with form.showing_refusals():
            services.change_post(
                post_id=post.pk,
                sheet=form.sheet(),
                is_confirmed=form.cleaned_data["is_confirmed"],
                actor=request.actor,
                now=clock.now(),
            )
            return HttpResponseRedirect(reverse("posts:post", args=[post.pk]))
    return _show_form(request, form, had=set(line.duties), area=post.area, post=post)


@require_POST
def post_ending(request: Request, post_id: UUID) -> HttpResponse:
    is_confirmed = request.POST.get("is_confirmed") == "on"
    post = services.end_post(
        post_id=post_id, is_confirmed=is_confirmed, actor=request.actor, now=clock.now()
    )
    return to_list(post.organisation.area_id)


def to_list(area_id: UUID) -> HttpResponse:
    """Go back to the posts of an area."""
    return HttpResponseRedirect(f"{reverse('posts:posts')}?area={area_id}")


def _by_organisation(lines: list[Any], organisations: list[Any]) -> list[dict[str, Any]]:
    """Return the area's organisations with their posts, then posts whose organisation is elsewhere."""
    own = {one.pk for one in organisations}
    groups = [
        {
            "organisation": one,
            "kind": one.get_kind_display(),
            "lines": [line for line in lines if line.organisation_id == one.pk],
        }
        for one in organisations
    ]
    others = [line for line in lines if line.organisation_id not in own]
    return [*groups, {"organisation": None, "kind": "", "lines": others}] if others else groups


def _post_form(request: Request, area: Any, initial: dict[str, Any]) -> PostForm:
    below = [one for one in places.areas_below(area.path) if _is_managed(request, one)]
    if len(below) > MOST_AREAS:
        below = [one for one in below if one.kind != "grid"]
    areas: Choices = [(str(one.pk), one.name) for one in below]
    estates: Choices = [
        (str(estate.pk), estate.name)
        for one in below
        if one.kind == "community" and area.kind == "community"
        for estate in places.estates_of(one.pk)
    ]
    return PostForm(request.POST or None, areas=areas, estates=estates, initial=initial)


def _is_managed(request: Request, area: Any) -> bool:
    return request.actor.can("posts.manage", area.path)


def _show_form(request: Request, form: PostForm, *, had: set[str], **more: Any) -> HttpResponse:
    """Show a post's form; rights that the actor lacks can be kept or taken away, not given."""
    checked = set(form["duties"].value() or ())
    groups = [
        {
            "label": group.label,
            "duties": [
                {
                    "code": line.code,
                    "label": line.label,
                    "is_checked": line.code in checked,
                    "is_closed": line.code not in had and not request.actor.can(line.code),
                }
                for line in group.duties
            ],
        }
        for group in selectors.DUTY_GROUPS
    ]
    context = {"form": form, "groups": groups, **more}
    return render(request, "posts/post_form.html", context, status=422 if form.errors else 200)
