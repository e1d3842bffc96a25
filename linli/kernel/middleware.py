"""The outermost and the innermost ring: an id for every request, and refusals told calmly."""

import contextvars
import logging
import re
from collections.abc import Callable
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render

from linli.kernel import web
from linli.kernel.errors import DomainError, NotSignedIn
from linli.kernel.failures import as_refusal, refused_with
from linli.kernel.ids import new_id
from linli.kernel.problems import refusal

logger = logging.getLogger(__name__)

GetResponse = Callable[[HttpRequest], HttpResponse]
SIGN_IN = "/sign-in/"

_request_id: contextvars.ContextVar[str] = contextvars.ContextVar("request_id", default="-")
_OFFERED = re.compile(r"[A-Za-z0-9_-]{8,64}")
_DEVICE = "geolocation=(self), camera=(self), microphone=(), payment=()"


class RequestIdFilter(logging.Filter):
    """Adds `request_id` to every line of the log."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Put the current request's id on the record."""
        record.request_id = _request_id.get()
        return True


class RequestIdMiddleware:
    """Gives the request an id, told back in X-Request-ID, and sets what no other ring sets."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Name the request, answer it, and say what pages may load and use of the device."""
        offered = request.headers.get("X-Request-ID", "")
        believed = bool(settings.TRUSTED_PROXIES) and _OFFERED.fullmatch(offered)
        request.request_id = offered if believed else new_id().hex  # type: ignore[attr-defined]
        token = _request_id.set(request.request_id)  # type: ignore[attr-defined]
        try:
            response = self.get_response(request)
        finally:
            _request_id.reset(token)
        response.headers["X-Request-ID"] = request.request_id  # type: ignore[attr-defined]
        response.headers.setdefault("Content-Security-Policy", settings.CONTENT_SECURITY_POLICY)
        response.headers.setdefault("Permissions-Policy", _DEVICE)
        return response


class RefusalMiddleware:
    """Shows refusals: as a page, as a fragment in #notice, or as a problem document (RFC 9457)."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on. A page that comes back with what was typed says why by its status."""
        token = refused_with.set(0)
        try:
            response = self.get_response(request)
            if refused_with.get() and response.status_code == 422 and not web.is_htmx(request):
                response.status_code = refused_with.get()
            return response
        finally:
            refused_with.reset(token)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Answer a foreseen refusal; let everything else fly."""
        refusal = as_refusal(error)
        return refuse(request, refusal) if refusal is not None else None


def refuse(request: HttpRequest, error: DomainError) -> HttpResponse:
    """Return the answer that tells this caller of the refusal."""
    door = web.door_of(request.path)
    if door == "api":
        return refusal(request, error)
    if isinstance(error, NotSignedIn):
        return _to_sign_in(request)
    if web.is_htmx(request):
        response = render(
            request,
            "kernel/_notice.html",
            {"tone": "urgent", "text": error.message},
            status=error.status,
        )
        response.headers["HX-Retarget"] = "#notice"
        response.headers["HX-Reswap"] = "innerHTML"
        return response
    return render(
        request,
        "kernel/refusal.html",
        {"base": base_for(door), "message": error.message, "status": error.status},
        status=error.status,
    )


def base_for(door: str) -> str:
    """Return the base template of a door."""
    return f"kernel/{door}.html" if door in ("desk", "field") else "kernel/resident.html"


def _to_sign_in(request: HttpRequest) -> HttpResponse:
    # After a POST somebody wants the page with the form back.
    back = request.get_full_path() if request.method in ("GET", "HEAD") else request.path
    target = f"{SIGN_IN}?{urlencode({'next': back})}"
    if web.is_htmx(request):
        return HttpResponse(status=204, headers={"HX-Redirect": target})
    return HttpResponseRedirect(target)
