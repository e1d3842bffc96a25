"""Facilities at the desk: their list, one with its history, its code, the targets."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from linli.kernel import clock, ids
from linli.kernel.web import Request
from linli.places import selectors
from linli.places.forms.facilities import FacilityForm
from linli.places.selectors import facilities as found
from linli.places.services import facilities as services
from linli.places.views.frame import FORM, confirm, enter, enter_by_id, go, page_of, show


@require_safe
def facilities(request: Request, community_id: UUID) -> HttpResponse:
    place = enter_by_id(request, community_id)
    asked = {name: request.GET.get(name, "")[:60] for name in found.FILTERS}
    page = page_of(request, found.facilities_of(place.pk, **asked))
    kinds = found.facility_kinds()
    return show(
        request, "facilities", place, page=page, kinds=kinds, asked=asked, statuses=found.STATUSES,
        key=ids.new_id().hex,
    )  # fmt: skip


@require_safe
def targets(request: Request, community_id: UUID) -> HttpResponse:
    place = enter_by_id(request, community_id)
    return show(request, "facility_targets", place, lines=found.target_lines(place))


@FORM
def new_facility(request: Request, community_id: UUID) -> HttpResponse:
    place = enter_by_id(request, community_id)
    form = _form(request, place)
    if request.method == "POST" and form.is_valid():
        with form.showing_refusals():
            made = services.create_facility(
                community_id=place.pk, facts=form.facts(), actor=request.actor, now=clock.now()
            )
            return go("facility", made.pk, done="saved")
    return show(request, "facility_edit", place, form)


@require_safe
def facility(request: Request, facility_id: UUID) -> HttpResponse:
    one = found.get_facility(facility_id)
    place = enter(request, one.community)
    return show(request, "facility", place, facility=one, faults=found.faults_of(one.pk))


@FORM
def edit_facility(request: Request, facility_id: UUID) -> HttpResponse:
    one = found.get_facility(facility_id)
    place = enter(request, one.community)
    form = _form(request, place, one)
    if request.method == "POST" and form.is_valid():
        with form.showing_refusals():
            services.edit_facility(
                facility_id=one.pk, facts=form.facts(), actor=request.actor, now=clock.now()
            )
            return go("facility", one.pk, done="saved")
    return show(request, "facility_edit", place, form, facility=one)


@require_POST
def code_facility(request: Request, facility_id: UUID) -> HttpResponse:
    """Give it a code to scan, and show the code."""
    enter(request, found.get_facility(facility_id).community)
    code = services.code_facility(facility_id=facility_id, actor=request.actor, now=clock.now())
    return go("code", code.pk, done="made")


@FORM
def end_facility(request: Request, facility_id: UUID) -> HttpResponse:
    one = found.get_facility(facility_id)
    place = enter(request, one.community)
    if request.method == "POST":
        services.end_facility(facility_id=one.pk, actor=request.actor, now=clock.now())
        return go("facilities", place.pk, done="ended")
    return confirm(
        request,
        place,
        question=_("撤掉“%(label)s”") % {"label": one.label},
        facts=[_("以前报过的故障还能查到。"), _("巡查路线上的这个点会一起停。")],
        action=_("撤掉设施"),
        back=reverse("places:facility", args=[one.pk]),
    )


def _form(request: Request, place: Any, one: Any = None) -> FacilityForm:
    initial = {}
    if one is not None:
        initial = {name: getattr(one, name, "") for name in FacilityForm.base_fields}
        initial |= {"kind_id": str(one.kind_id), "place": _place_of(one)}
    return FacilityForm(
        request.POST if request.method == "POST" else None,
        initial=initial,
        kinds=[(str(kind.pk), kind.name) for kind in found.facility_kinds()],
        places=_places(place),
    )


def _place_of(one: Any) -> str:
    for name in ("entrance", "building", "estate"):
        part = getattr(one, f"{name}_id")
        if part is not None:
            return f"{name}:{part}"
    return ""


def _places(place: Any) -> list[tuple[str, list[tuple[str, str]]]]:
    groups: dict[str, list[tuple[str, str]]] = {}
    for estate in selectors.estates_of(place.pk):
        groups[estate.name] = [(f"estate:{estate.pk}", _("%(name)s里") % {"name": estate.name})]
    rows = selectors.buildings_of(place.pk).select_related("estate")
    for one in rows.prefetch_related("entrances"):
        options = groups.setdefault(one.estate.name if one.estate else _("独栋楼"), [])
        options.append((f"building:{one.pk}", one.name))
        options += [
            (f"entrance:{door.pk}", f"{one.name} {door.name}")
            for door in one.entrances.all()
            if door.ended_on is None
        ]
    return list(groups.items())
