"""Communities and their estates, as the desk keeps them."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from linli.kernel import clock
from linli.kernel.web import Request
from linli.places import selectors, services
from linli.places.forms.houses import CommunityForm, EstateForm
from linli.places.views.frame import (
    DUTY,
    FORM,
    confirm,
    enter,
    enter_by_id,
    go,
    initial,
    page_of,
    show,
)


@require_safe
def index(request: Request) -> HttpResponse:
    """The communities below the post; a single one opens at once."""
    request.actor.require(DUTY)
    found = selectors.communities_of(request.actor.scopes(DUTY))
    page = page_of(request, found)
    if page.paginator.count == 1:
        return go("community", found[0].pk)
    return render(request, "places/index.html", {"page": page})


@require_safe
def community(request: Request, community_id: UUID) -> HttpResponse:
    place = enter_by_id(request, community_id)
    return show(
        request,
        "community",
        place,
        figures=selectors.overview(place.pk),
        lines=selectors.estate_lines(place.pk),
        above=selectors.areas_above(place.path),
    )


@FORM
def edit_community(request: Request, community_id: UUID) -> HttpResponse:
    place = enter_by_id(request, community_id)
    form = CommunityForm(request.POST or None, initial=initial(place, CommunityForm))
    if request.method == "POST" and form.is_valid():
        with form.showing_refusals():
            services.edit_area(
                area_id=place.pk, facts=form.cleaned_data, actor=request.actor, now=clock.now()
            )
            return go("community", place.pk, done="saved")
    back = reverse("places:community", args=[place.pk])
    return show(request, "edit", place, form, title=_("社区资料"), back=back)


@FORM
def new_estate(request: Request, community_id: UUID) -> HttpResponse:
    place = enter_by_id(request, community_id)
    form = EstateForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with form.showing_refusals():
            made = services.create_estate(
                community_id=place.pk, **form.cleaned_data, actor=request.actor, now=clock.now()
            )
            return go("estate", made.pk, done="saved")
    back = reverse("places:community", args=[place.pk])
    return show(request, "edit", place, form, title=_("新建小区"), back=back)


@require_safe
def estate(request: Request, estate_id: UUID) -> HttpResponse:
    found = selectors.get_estate(estate_id)
    place = enter(request, found.community)
    buildings = selectors.with_counts(selectors.buildings_of(place.pk, found.pk))
    return _buildings(request, place, found, buildings)


@require_safe
def standalone(request: Request, community_id: UUID) -> HttpResponse:
    """The buildings that belong to no estate."""
    place = enter_by_id(request, community_id)
    buildings = selectors.with_counts(selectors.buildings_of(place.pk, is_standalone=True))
    return _buildings(request, place, None, buildings)


@FORM
def edit_estate(request: Request, estate_id: UUID) -> HttpResponse:
    found = selectors.get_estate(estate_id)
    place = enter(request, found.community)
    form = EstateForm(request.POST or None, initial=initial(found, EstateForm))
    if request.method == "POST" and form.is_valid():
        with form.showing_refusals():
            services.edit_estate(
                estate_id=found.pk, facts=form.cleaned_data, actor=request.actor, now=clock.now()
            )
            return go("estate", found.pk, done="saved")
    back = reverse("places:estate", args=[found.pk])
    return show(request, "edit", place, form, title=_("小区资料"), back=back)


@FORM
def end_estate(request: Request, estate_id: UUID) -> HttpResponse:
    found = selectors.get_estate(estate_id)
    place = enter(request, found.community)
    if request.method == "POST":
        services.end_estate(estate_id=found.pk, actor=request.actor, now=clock.now())
        return go("community", place.pk, done="ended")
    return confirm(
        request,
        place,
        question=_("结束“%(name)s”") % {"name": found.name},
        facts=[
            _("小区里的 %(n)d 栋楼和它们的单元、点位码一起结束，门上的码从此扫不出这里。")
            % {"n": selectors.buildings_of(place.pk, found.pk).count()},
            _("过去发生在这里的事情保留地点。"),
        ],
        action=_("结束小区"),
        back=reverse("places:estate", args=[found.pk]),
    )


def _buildings(request: Request, place: Any, found: Any, buildings: Any) -> HttpResponse:
    page = page_of(request, buildings)
    return show(request, "estate", place, estate=found, page=page)
