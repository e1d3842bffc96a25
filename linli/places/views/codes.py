"""Place codes: their list, one of them, and the paper they are printed on."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from linli.kernel import clock, ids, pdf, qr, runs
from linli.kernel.errors import NotFound
from linli.kernel.web import Request, absolute_url
from linli.places import selectors, services
from linli.places.forms.houses import SpotCodeForm
from linli.places.services import long_work
from linli.places.views.frame import (
    FORM,
    as_id,
    confirm,
    enter,
    enter_by_id,
    go,
    inline_pdf,
    page_of,
    show,
)


@require_safe
def codes(request: Request, community_id: UUID) -> HttpResponse:
    return _list(request, enter_by_id(request, community_id), None)


@require_POST
def make_codes(request: Request, community_id: UUID) -> HttpResponse:
    """Make codes for all entrances of an estate (or of the community) that have none."""
    place = enter_by_id(request, community_id)
    estate_id = as_id(request.POST.get("estate"))
    made = services.make_codes(
        community_id=place.pk, estate_id=estate_id, actor=request.actor, now=clock.now()
    )
    answer = go("codes", place.pk, done="made" if made else "same")
    if estate_id:
        answer["Location"] += f"&estate={estate_id}"
    return answer


@require_POST
def make_spot_code(request: Request, community_id: UUID) -> HttpResponse:
    """Make a code for a lamp, a board, a lift."""
    place = enter_by_id(request, community_id)
    form = SpotCodeForm(request.POST, buildings=_choices(place))
    if form.is_valid():
        with form.showing_refusals():
            made = services.make_code(
                community_id=place.pk, **form.cleaned_data, actor=request.actor, now=clock.now()
            )
            return go("code", made.pk, done="made")
    return _list(request, place, form)


@require_safe
def code(request: Request, code_id: UUID) -> HttpResponse:
    found = selectors.get_code(code_id)
    place = enter(request, found.community)
    url = _url(request, found.code)
    return show(request, "code", place, code=found, url=url, picture=qr.svg(url, found.label))


@FORM
def end_code(request: Request, code_id: UUID) -> HttpResponse:
    found = selectors.get_code(code_id)
    place = enter(request, found.community)
    if request.method == "POST":
        services.end_code(code_id=found.pk, actor=request.actor, now=clock.now())
        return go("codes", place.pk, done="ended")
    return confirm(
        request,
        place,
        question=_("停用“%(code)s”") % {"code": found.code},
        facts=[_("再扫这张码的人会看到“已停用”，并可以自己选地点。")],
        action=_("停用点位码"),
        back=reverse("places:code", args=[found.pk]),
    )


@require_POST
def replace_code(request: Request, code_id: UUID) -> HttpResponse:
    """End a torn or copied sticker and show the new one."""
    found = selectors.get_code(code_id)
    enter(request, found.community)
    new = services.replace_code(code_id=found.pk, actor=request.actor, now=clock.now())
    return go("code", new.pk, done="replaced")


@require_safe
def poster(request: Request, code_id: UUID) -> HttpResponse:
    found = selectors.get_code(code_id)
    place = enter(request, found.community)
    if found.ended_at is not None:
        raise NotFound(_("这个点位码已经停用，不再印刷。"))
    address = _address(request)
    paper = pdf.poster(long_work.printed_code(found, address), long_work.sender_of(place, address))
    return inline_pdf(paper, f"{found.label} {_('海报')}.pdf")


@FORM
def stickers(request: Request) -> HttpResponse:
    """The live codes of an estate, of a community, or the ones that were ticked, on sheets.

    A few are shown at once; before many are drawn, the page says how many, and then it is a run.
    """
    chosen = [one for one in map(as_id, request.GET.getlist("code")) if one]
    place, name, found = _asked_for(request, chosen)
    if chosen:
        found = found.filter(pk__in=chosen)
    count = found.count()
    if not count:
        raise NotFound(_("这里还没有点位码，先生成再打印。"))
    if count > long_work.FEW_STICKERS:
        return _many(request, place, name, chosen, count)
    address = _address(request)
    printed = [long_work.printed_code(one, address) for one in found]
    paper = pdf.sticker_sheet(printed, long_work.sender_of(place, address))
    return inline_pdf(paper, f"{name} {_('点位码')}.pdf")


def _many(request: Request, place: Any, name: str, chosen: list[UUID], count: int) -> HttpResponse:
    if request.method == "POST":
        now = clock.now()
        asked = request.GET.urlencode()
        run = long_work.start_stickers(
            community=place,
            estate_id=as_id(request.GET.get("estate")),
            codes=chosen,
            title=name,
            address=_address(request),
            actor=request.actor,
            now=now,
            # Pressing twice within the minute shows one run.
            key=f"{asked}:{now:%y%m%d%H%M}",
        )
        return HttpResponseRedirect(runs.url_of(run))
    shown = min(count, long_work.MOST_STICKERS)
    return confirm(
        request,
        place,
        question=_("打印 %(n)d 张点位码") % {"n": shown},
        facts=[
            _("每页 24 张，共 %(n)d 页。") % {"n": -(-shown // 24)},
            _("做好以后在“后台任务”里下载，保存三天。"),
            *([_("太多了，只做前面的，其余按小区分开打印。")] if shown < count else []),
        ],
        action=_("开始制作"),
        back=reverse("places:codes", args=[place.pk]),
        is_gentle=True,
    )


def _asked_for(request: Request, chosen: list[UUID]) -> tuple[Any, str, Any]:
    estate_id = as_id(request.GET.get("estate"))
    community_id = as_id(request.GET.get("community"))
    if estate_id:
        estate = selectors.get_estate(estate_id)
        place = enter(request, estate.community)
        return place, estate.name, selectors.codes_of(place.pk, estate_id=estate.pk)
    if community_id is None and chosen:
        community_id = selectors.get_code(chosen[0]).community_id
    if community_id is None:
        raise NotFound(_("选一个小区再打印。"))
    place = enter_by_id(request, community_id)
    return place, place.name, selectors.codes_of(place.pk)


def _list(request: Request, place: Any, form: SpotCodeForm | None) -> HttpResponse:
    estate_id = as_id(request.GET.get("estate"))
    is_ended = request.GET.get("ended") == "1"
    found = selectors.codes_of(place.pk, estate_id=estate_id, is_ended=is_ended)
    estates = list(selectors.estates_of(place.pk))
    return show(
        request,
        "codes",
        place,
        form or SpotCodeForm(buildings=_choices(place)),
        page=page_of(request, found),
        estates=estates,
        estate=next((one for one in estates if one.pk == estate_id), None),
        is_ended=is_ended,
        key=ids.new_id().hex,
    )


def _choices(place: Any) -> Iterable[tuple[str, str]]:
    rows = selectors.buildings_of(place.pk).values_list("pk", "estate__name", "name")
    return [
        (str(pk), " ".join(part for part in (estate, name) if part)) for pk, estate, name in rows
    ]


def _address(request: Request) -> str:
    """The product's own address, as it stands in codes."""
    return absolute_url(request, "/").removesuffix("/")


def _url(request: Request, code: str) -> str:
    """The address that a scan opens; portals answers it."""
    return absolute_url(request, reverse("portals:place", args=[code]))
