"""Buildings, entrances and homes, as the desk keeps them."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from linli.kernel import clock
from linli.kernel.errors import NotFound
from linli.kernel.web import Request
from linli.places import selectors, services
from linli.places.forms.houses import (
    BuildingForm,
    EntranceForm,
    EntrancesForm,
    HomesForm,
    NewBuildingForm,
)
from linli.places.views.frame import (
    FORM,
    confirm,
    enter,
    enter_by_id,
    go,
    initial,
    map_data,
    page_of,
    show,
)


@FORM
def new_building(request: Request, community_id: UUID) -> HttpResponse:
    place = enter_by_id(request, community_id)
    within = _estate_asked(request, place)
    grids = selectors.grid_choices(place.pk)
    form = NewBuildingForm(request.POST or None, grids=grids)
    if request.method == "POST" and form.is_valid():
        facts = dict(form.cleaned_data)
        names = facts.pop("entrances")
        with form.showing_refusals():
            made = services.create_building(
                community_id=place.pk, estate_id=within.pk if within else None, facts=facts,
                entrance_names=names, actor=request.actor, now=clock.now(),
            )  # fmt: skip
            return go("building", made.pk, done="saved")
    back = _list_of(place, within)
    title = _("新建楼栋 · %(place)s") % {"place": within.name if within else place.name}
    return show(request, "edit", place, form, title=title, back=back)


@FORM
def building(request: Request, building_id: UUID) -> HttpResponse:
    found = selectors.get_building(building_id)
    place = enter(request, found.community)
    grids = selectors.grid_choices(place.pk)
    form = BuildingForm(request.POST or None, grids=grids, initial=initial(found, BuildingForm))
    if request.method == "POST" and form.is_valid():
        with form.showing_refusals():
            services.edit_building(
                building_id=found.pk, facts=form.cleaned_data, actor=request.actor, now=clock.now()
            )
            return go("building", found.pk, done="saved")
    return _building(request, found, form, EntrancesForm())


@require_POST
def add_entrances(request: Request, building_id: UUID) -> HttpResponse:
    found = selectors.get_building(building_id)
    place = enter(request, found.community)
    adding = EntrancesForm(request.POST)
    if adding.is_valid():
        with adding.showing_refusals():
            services.create_entrances(
                building_id=found.pk, entrance_names=adding.cleaned_data["names"],
                actor=request.actor, now=clock.now(),
            )  # fmt: skip
            return go("building", found.pk, done="saved")
    form = BuildingForm(
        grids=selectors.grid_choices(place.pk), initial=initial(found, BuildingForm)
    )
    return _building(request, found, form, adding)


@FORM
def end_building(request: Request, building_id: UUID) -> HttpResponse:
    found = selectors.get_building(building_id)
    place = enter(request, found.community)
    if request.method == "POST":
        services.end_building(building_id=found.pk, actor=request.actor, now=clock.now())
        if found.estate_id:
            return go("estate", found.estate_id, done="ended")
        return go("community", place.pk, done="ended")
    return confirm(
        request,
        place,
        question=_("结束“%(name)s”") % {"name": found.name},
        facts=[_("单元、户和点位码一起结束，网格清单里不再有它。")],
        action=_("结束楼栋"),
        back=reverse("places:building", args=[found.pk]),
    )


@FORM
def entrance(request: Request, entrance_id: UUID) -> HttpResponse:
    found = selectors.get_entrance(entrance_id)
    place = enter(request, found.building.community)
    form = EntranceForm(request.POST or None, initial=initial(found, EntranceForm))
    if request.method == "POST" and form.is_valid():
        with form.showing_refusals():
            services.rename_entrance(
                entrance_id=found.pk, **form.cleaned_data, actor=request.actor, now=clock.now()
            )
            return go("entrance", found.pk, done="saved")
    return _entrance(request, place, found, form, HomesForm())


@require_POST
def add_homes(request: Request, entrance_id: UUID) -> HttpResponse:
    found = selectors.get_entrance(entrance_id)
    place = enter(request, found.building.community)
    adding = HomesForm(request.POST)
    if adding.is_valid():
        with adding.showing_refusals():
            services.create_homes(
                entrance_id=found.pk, **adding.cleaned_data, actor=request.actor, now=clock.now()
            )
            return go("entrance", found.pk, done="saved")
    return _entrance(
        request, place, found, EntranceForm(initial=initial(found, EntranceForm)), adding
    )


@FORM
def end_entrance(request: Request, entrance_id: UUID) -> HttpResponse:
    found = selectors.get_entrance(entrance_id)
    place = enter(request, found.building.community)
    if request.method == "POST":
        services.end_entrance(entrance_id=found.pk, actor=request.actor, now=clock.now())
        return go("building", found.building_id, done="ended")
    return confirm(
        request,
        place,
        question=_("结束“%(name)s”") % {"name": f"{found.building.name} {found.name}"},
        facts=[_("门上的点位码一起停用。")],
        action=_("结束单元"),
        back=reverse("places:entrance", args=[found.pk]),
    )


def _estate_asked(request: Request, place: Any) -> Any:
    asked = request.POST.get("estate") or request.GET.get("estate")
    if not asked:
        return None
    try:
        found = selectors.get_estate(UUID(asked))
    except ValueError:
        raise NotFound(_("没有找到这个小区。")) from None
    if found.community_id != place.pk:
        raise NotFound(_("没有找到这个小区。"))
    return found


def _list_of(place: Any, within: Any) -> str:
    if within is not None:
        return reverse("places:estate", args=[within.pk])
    return reverse("places:community", args=[place.pk])


def _building(request: Request, found: Any, form: Any, adding: Any) -> HttpResponse:
    answer = show(
        request,
        "building",
        found.community,
        form,
        building=found,
        adding=adding,
        entrances=selectors.entrances_of(found.pk),
        codes=selectors.codes_by_entrance(found.pk),
        map_data=map_data(
            list(selectors.grids_of(found.community_id)),
            selectors.buildings_of(found.community_id, found.estate_id).exclude(pk=found.pk),
        ),
    )
    if adding.errors:
        answer.status_code = 422
    return answer


def _entrance(request: Request, place: Any, found: Any, form: Any, adding: Any) -> HttpResponse:
    homes = page_of(request, selectors.homes_of(found.pk))
    answer = show(request, "entrance", place, form, entrance=found, adding=adding, page=homes)
    if adding.errors:
        answer.status_code = 422
    return answer
