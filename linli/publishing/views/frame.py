"""The frame of a public page, made without a request, so that a whole page can be kept for a while."""

import hashlib
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.cache import get_conditional_response, patch_vary_headers

from linli.kernel import clock, web
from linli.places import selectors as places
from linli.publishing.selectors import board

# Nobody shows a page without asking again: what was withdrawn is gone. Who asks with the mark that they
# have gets "not modified", which costs next to nothing.
CACHE: Final = "public, no-cache"


@dataclass(frozen=True, slots=True)
class Page:
    """A rendered page and its mark: the same mark, the same bytes."""

    body: bytes
    etag: str


@dataclass(frozen=True, slots=True)
class Where:
    """Which board, on which day, in which size of letters: all that a page depends on besides figures."""

    at: str
    today: date
    size: str
    origin: str  # "https://…", for QR codes and feeds
    edition: int = 0  # of the board: the next one follows every release and withdrawal


def where(request: HttpRequest, community: str) -> Where:
    """Return what a page depends on, from the request."""
    origin = web.absolute_url(request, "/").removesuffix("/")
    today, edition = clock.local(clock.now()).date(), board.edition_of(code_of(community))
    return Where(community, today, web.type_size(request), origin, edition)


def code_of(at: str) -> str:
    """Return the community's own code in an address ("wjq-659004003002")."""
    return at.partition("-")[2]


def community_of(at: str) -> Any:
    """Return the community that an address names. Errors: NotFound."""
    return places.get_community(code_of(at))


def page(template: str, place: Where, path: str, area: Any, **context: Any) -> Page:
    """Return a page of the resident's door; the blocks of kernel/resident.html get what they need."""
    frame = {
        "actor": None,
        "door": "resident",
        "signed_in": False,
        "size": place.size,
        "size_class": web.SIZES[place.size],
        "here": path,
        "community": area,
        "community_name": area.name if area else "",
        "community_phone": area.phone if area else "",
        "seal": (area.name if area else "邻")[0],
        "demo": settings.DEMO,
        "area": area,
        "at": place.at,
        "today": place.today,
        "origin": place.origin,
    }
    return kept(render_to_string(template, frame | context).encode())


def kept(body: bytes) -> Page:
    """Return bytes with their mark."""
    return Page(body, f'"{hashlib.sha256(body).hexdigest()[:24]}"')


def answer(
    request: HttpRequest, found: Page, content_type: str = "text/html; charset=utf-8"
) -> HttpResponse:
    """Answer with a kept page, or with "not modified" to whoever has it already."""
    response: Any = get_conditional_response(request, etag=found.etag)
    if response is None:
        response = HttpResponse(found.body, content_type=content_type)
        response.headers["ETag"] = found.etag
    response.headers["Cache-Control"] = CACHE
    if content_type.startswith("text/html"):
        patch_vary_headers(response, ["Cookie"])  # the size of letters
    return response
