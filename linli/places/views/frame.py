"""What the pages of a community share: the duty, the frame, lists by pages, ways back."""

import json
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.paginator import Page, Paginator
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from linli.kernel.errors import NotFound
from linli.kernel.web import Request
from linli.places import selectors

DUTY = "places.manage"
PER_PAGE = 50
FORM = require_http_methods(["GET", "HEAD", "POST"])
# What a page says after something was done; the address carries the word, never the sentence.
_DONE = {
    "saved": gettext_lazy("已保存。"),
    "ended": gettext_lazy("已结束，过去发生在那里的事情还在。"),
    "made": gettext_lazy("已生成。"),
    "same": gettext_lazy("每个单元都已有点位码，没有新生成。"),
    "replaced": gettext_lazy("旧码已停用，新码在这一页。"),
    "applied": gettext_lazy("已导入。"),
    "discarded": gettext_lazy("已放弃，什么都没有改。"),
}


def enter(request: Request, community: Any) -> Any:
    """Check the duty over a community, put its name and phone into the frame, and return it."""
    request.actor.require(DUTY, community.path)
    request.community = community
    return community


def enter_by_id(request: Request, community_id: UUID) -> Any:
    """Enter the live community of that id. Errors: NotFound."""
    return enter(request, selectors.get_community_by_id(community_id))


def show(
    request: Request, template: str, community: Any, form: Any = None, **context: Any
) -> HttpResponse:
    """Show a page of a community; 422 when its form has errors."""
    context |= {
        "place": community,
        "form": form,
        "done": said(request),
    }
    status = 422 if form is not None and form.errors else 200
    return render(request, f"places/{template}.html", context, status=status)


def said(request: Request) -> Any:
    """Return what a page says after something was done, from the word in the address."""
    return _DONE.get(request.GET.get("done", ""), "")


def confirm(
    request: Request,
    community: Any,
    *,
    question: str,
    facts: Sequence[str],
    action: str,
    back: str,
    form: Any = None,
    is_gentle: bool = False,
) -> HttpResponse:
    """Ask before something ends, or takes long. facts: what follows, a sentence each.

    is_gentle: nothing ends.
    """
    context = {"question": question, "facts": facts, "action": action, "back": back}
    return show(request, "confirm", community, form, is_gentle=is_gentle, **context)


def go(view: str, *args: Any, done: str = "") -> HttpResponseRedirect:
    """Go to another page of the room, which says what was done."""
    query = f"?done={done}" if done else ""
    return HttpResponseRedirect(reverse(f"places:{view}", args=args) + query)


def initial(row: Any, form: Any) -> dict[str, Any]:
    """Return what a form begins with: the row's own values."""
    return {name: getattr(row, name) for name in form.base_fields if hasattr(row, name)}


def page_of(request: Request, rows: Any) -> Page:
    """Return the asked page of a list; a number that is none gives the first or the last."""
    return Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))


def map_data(grids: list[Any], buildings: Any) -> dict[str, Any]:
    """Return what map.js draws: grids as areas in turn of colour, buildings as points."""
    areas = [
        {
            "name": grid.name,
            "url": reverse("places:grid", args=[grid.pk]),
            "level": number % 3,
            "shape": json.loads(grid.polygon),
        }
        for number, grid in enumerate(grids)
        if grid.polygon
    ]
    spots = buildings.exclude(lat=None).values_list("pk", "name", "estate__name", "lat", "lon")
    points = [
        {
            "name": " ".join(part for part in (estate, name) if part),
            "url": reverse("places:building", args=[pk]),
            "lat": lat,
            "lng": lon,
        }
        for pk, name, estate, lat, lon in spots
    ]
    tiles = {"tiles": settings.TILE_URL, "datum": settings.TILE_DATUM}
    return {**tiles, "areas": areas, "points": points}


def download(content: bytes | str, content_type: str, file_name: str) -> HttpResponse:
    """Return a file to be kept under a Chinese name."""
    response = HttpResponse(content, content_type=content_type)
    response.headers["Content-Disposition"] = _disposition(file_name)
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


def inline_pdf(content: bytes, file_name: str) -> HttpResponse:
    """Return a PDF that opens in the browser and is saved under a Chinese name."""
    response = HttpResponse(content, content_type="application/pdf")
    response.headers["Content-Disposition"] = _disposition(file_name).replace(
        "attachment", "inline", 1
    )
    return response


def _disposition(file_name: str) -> str:
    return content_disposition_header(True, file_name) or "attachment"


def as_id(text: str | None) -> UUID | None:
    """Return an id from an address; None when there is none. Errors: NotFound when it is no id."""
    if not text:
        return None
    try:
        return UUID(text)
    except ValueError:
        raise NotFound(_("没有找到这一页。")) from None
