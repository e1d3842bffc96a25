"""The outermost and the innermost ring: an id for every request, and refusals told calmly."""

import contextvars
import errno
import logging
import re
from collections.abc import Callable
from urllib.parse import urlencode

from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _

from linli.kernel import web
from linli.kernel.errors import DomainError, NoSpace, NotSignedIn
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
        """Pass the request on."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Answer a foreseen refusal; let everything else fly."""
        error = no_space(error) or error
        if isinstance(error, DomainError):
            return refuse(request, error)
        return None


def no_space(error: Exception) -> NoSpace | None:
    """Return what to tell somebody whose writing found the disk full; None when that is not it."""
    if isinstance(error, NoSpace) or not is_disk_full(error):
        return error if isinstance(error, NoSpace) else None
    logger.error("Unable to write: the disk is full", exc_info=error)
    return NoSpace(
        _("服务器的磁盘满了，这次没有存下来。已写的内容请先留着，稍后再发，或者打电话给社区。")
    )


def is_disk_full(error: Exception) -> bool:
    """Tell whether a write failed because there is no room left."""
    if isinstance(error, OSError):
        return error.errno in (errno.ENOSPC, errno.EDQUOT)
    if isinstance(error, DatabaseError):
        text = str(error).lower()
        return "disk is full" in text or "no space left" in text
    return False


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
