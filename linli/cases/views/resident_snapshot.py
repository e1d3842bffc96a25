"""The three-tap page of roaming reporters (couriers, delivery riders): photo, what it is, send."""

from dataclasses import replace
from typing import Any

from django.conf import settings
from django.http import HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from linli.cases.forms.reporter import SnapshotForm
from linli.cases.forms.resident import CONSENT_VERSION, as_uuid
from linli.cases.selectors import Source, catalogue, mine
from linli.cases.services import intake
from linli.cases.views import resident_ground as ground
from linli.cases.views.resident_pages import Start, start_at
from linli.kernel import clock, secrets
from linli.kernel.ids import new_id
from linli.kernel.web import public
from linli.places import selectors as places

# The contact stays on this device, encrypted: it is sent to nobody but us.
CONTACT_COOKIE = "snap"


@public
@require_http_methods(["GET", "POST"])
def snapshot(request: Any, community: str) -> HttpResponse:
    start = _scanned(request, start_at(community))
    request.community = start.community
    answer = _send(request, start) if request.method == "POST" else _show(request, start)
    return ground.with_device(request, answer)


def _scanned(request: Any, start: Start) -> Start:
    """Put in the door whose code was scanned, where it hangs in this community."""
    code = str(request.POST.get("code") or request.GET.get("code") or "")
    found = places.find_place_code(code) if code else None
    is_here = (
        found is not None and found.ended_at is None and found.community_id == start.community.pk
    )
    return replace(start, scanned=places.where_of_code(found)) if found and is_here else start


def _send(request: Any, start: Start) -> HttpResponse:
    values: QueryDict = request.POST.copy()
    key = as_uuid(values.get("key")) or new_id()
    values["key"] = str(key)
    names = [str(one) for one in map(as_uuid, values.getlist("kept")) if one]
    bag = ground.photos_of(request, key=key, names=names)
    form = _form(start, values)
    for words in bag.errors:
        form.add_error("photos", words)
    if not bag.all and not bag.errors:
        form.add_error("photos", _("先拍一张照片。"))
    if not form.is_valid():
        return _show(request, start, form=form, bag=bag, status=422)
    if mine.find_by_key(key) is None and not ground.may_send(request):
        refusal = ground.too_many_words(start.community.phone)
        return _show(request, start, form=form, bag=bag, status=429, refusal=refusal)
    return _report(request, start, form, bag)


def _report(request: Any, start: Start, form: SnapshotForm, bag: ground.Bag) -> HttpResponse:
    name, phone = _contact(request, form)
    with form.showing_refusals():
        case, _is_new = intake.report_case(
            report=_as_report(request, start, form, name, phone),
            photos=bag.all,
            actor=ground.speaker(request),
            now=clock.now(),
        )
        bag.empty()
        receipt = reverse("cases:receipt", args=[ground.token_of(request, case)])
        return _with_contact(HttpResponseRedirect(receipt), name, phone)
    return _show(request, start, form=form, bag=bag, status=422)


def _as_report(
    request: Any, start: Start, form: SnapshotForm, name: str, phone: str
) -> intake.Report:
    typed = form.cleaned_data
    category = catalogue.get_category_by_code(typed["category"])
    return intake.Report(
        category_id=category.pk,
        text=typed["text"] or _("随手拍：%(name)s") % {"name": category.name},
        where=start.scanned
        or places.where_of(
            community_id=start.community.pk,
            estate_id=as_uuid(typed["estate"]),
            lat=typed["lat"],
            lon=typed["lon"],
        ),
        source=Source.SNAPSHOT,
        spot=typed["spot"],
        name=name,
        phone=phone,
        consent_version=CONSENT_VERSION if phone or name else "",
        key=str(typed["key"]),
        device=ground.device_of(request),
        account_id=ground.account_id_of(request),
    )


def _contact(request: Any, form: SnapshotForm) -> tuple[str, str]:
    typed = form.cleaned_data
    if typed["phone"] or typed["name"]:
        return typed["name"], typed["phone"]
    return _remembered(request)


def _remembered(request: Any) -> tuple[str, str]:
    try:
        name, _tab, phone = secrets.decrypt(request.COOKIES.get(CONTACT_COOKIE, "")).partition("\t")
    except secrets.Undecipherable:
        return "", ""
    return name, phone


def _with_contact(response: HttpResponse, name: str, phone: str) -> HttpResponse:
    if name or phone:
        response.set_cookie(
            CONTACT_COOKIE, secrets.encrypt(f"{name}\t{phone}"), max_age=ground.YEAR,
            path="/at/", httponly=True, samesite="Lax", secure=settings.IS_SECURE,
        )  # fmt: skip
    return response


def _form(start: Start, values: Any = None, **kwargs: Any) -> SnapshotForm:
    return SnapshotForm(
        values,
        categories=catalogue.categories_for_snapshot() or catalogue.categories_for_residents(),
        estates=places.estates_of(start.community.pk),
        is_scanned=start.scanned is not None,
        **kwargs,
    )


def _show(
    request: Any,
    start: Start,
    *,
    form: SnapshotForm | None = None,
    bag: ground.Bag | None = None,
    status: int = 200,
    refusal: str = "",
) -> HttpResponse:
    bag = bag or ground.Bag(new_id())
    bag.settle()
    code = start.scanned.code if start.scanned else ""
    form = form or _form(start, initial={"key": bag.key, "code": code})
    context = {
        "form": form,
        "where": start.scanned,
        "at": start.at,
        **bag.offer(form, _("（1 到 4 张）")),
        "draft": f"snap:{start.at}",
        "contact": any(_remembered(request)),
        "refusal": refusal,
    }
    return render(request, "cases/resident_snapshot.html", context, status=status)
