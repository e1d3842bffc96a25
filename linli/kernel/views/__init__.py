"""The kernel's own pages: type size, health, what went wrong, and the page of components."""

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import (
    RequestDataTooBig,
    TooManyFieldsSent,
    TooManyFilesSent,
)
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from linli.kernel import design as samples
from linli.kernel import problems, web
from linli.kernel.errors import DomainError, NotFound
from linli.kernel.middleware import refuse
from linli.kernel.web import public

_YEAR = 365 * 24 * 3600
# Never shown again in a page: what only the sender may know.
_SECRET = re.compile(r"password|passwd|code|otp|token|secret", re.IGNORECASE)


@public
@never_cache
@csrf_exempt  # It changes nothing but the size of letters on the caller's own screen.
@require_http_methods(["GET", "POST"])
def display_size(request: HttpRequest) -> HttpResponse:
    """Remember the type size for this browser and go back to where the person was."""
    asked = request.POST.get("size") or request.GET.get("size") or "large"
    return _with_size(HttpResponseRedirect(web.safe_next(request)), asked)


@public
@require_safe
def large_type(request: HttpRequest) -> HttpResponse:
    """Turn on large type: the address under its other names, 长辈版 and 关怀版."""
    return _with_size(HttpResponseRedirect("/"), "large")


def _with_size(response: HttpResponse, size: str) -> HttpResponse:
    if size == "standard" or size not in web.SIZES:
        response.delete_cookie(web.SIZE_COOKIE, samesite="Lax")
    else:
        response.set_cookie(
            web.SIZE_COOKIE, size, max_age=_YEAR, samesite="Lax", secure=settings.IS_SECURE
        )
    return response


@public
@never_cache
@require_safe
def health(request: HttpRequest) -> HttpResponse:
    """Say whether the database answers, for whoever watches the installation."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            cursor.fetchone()
    except DatabaseError:
        return JsonResponse({"status": "database unreachable"}, status=503)
    return JsonResponse({"status": "ok"})


@public
@require_safe
def design(request: HttpRequest) -> HttpResponse:
    """Show every component with its markup; only where people build or try things."""
    if not (settings.DEBUG or settings.DEMO):
        raise NotFound(_("没有找到这一页。"))
    return render(request, *samples.page(request))


# What went wrong


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Say that the page was open for too long, and keep what was typed for sending once more."""
    # Another site's form must not be dressed up as ours: only what came from our own pages is kept.
    typed = list(_typed(request)) if _is_ours(request) else []
    return render(
        request,
        "kernel/csrf.html",
        {"typed": typed, "had_files": bool(request.FILES), "action": request.get_full_path()},
        status=403,
    )


def _is_ours(request: HttpRequest) -> bool:
    said = request.headers.get("Origin") or request.headers.get("Referer") or ""
    return urlsplit(said).netloc == request.get_host()


def _typed(request: HttpRequest) -> Iterator[dict[str, Any]]:
    for name, values in request.POST.lists():
        if name == "csrfmiddlewaretoken" or _SECRET.search(name):
            continue
        for value in values:
            text = web.clean_text(value)
            yield {"name": name, "value": text, "is_words": len(text) > 12 and name != "key"}


@public
def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer what cannot be read; what is merely too large gets its own words."""
    if isinstance(exception, RequestDataTooBig):
        return refuse(request, _TooLarge(_("文字太多，一次装不下。分成几次发，或者删短一些。")))
    if isinstance(exception, TooManyFilesSent):
        return refuse(request, _TooLarge(_("一次选的照片太多，去掉几张再发。")))
    if isinstance(exception, TooManyFieldsSent):
        return refuse(request, _TooLarge(_("一次选的条目太多，分几批来办。")))
    return refuse(request, _Unreadable(_("这次发来的内容没有读懂，返回上一页再发一次。")))


@public
def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer an address that nothing stands behind."""
    return refuse(
        request, NotFound(_("没有找到这一页。可能是网址抄漏了，也可能这一页已经不在了。"))
    )


@public
def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer what is not granted the way absence is answered."""
    return not_found(request, exception)


@public
def server_error(request: HttpRequest) -> HttpResponse:
    """Answer when something broke that nobody foresaw; asks nothing of the rest of the house."""
    if web.door_of(request.path) == "api":
        return problems.answer(
            500, code="broken", detail=_("过几分钟再试；还不行，请把 X-Request-ID 告诉运维人员。")
        )
    return HttpResponse(
        render_to_string("500.html", {"request_id": getattr(request, "request_id", "")}), status=500
    )


class _TooLarge(DomainError):
    status = 413
    code = "too_large"


class _Unreadable(DomainError):
    status = 400
    code = "unreadable"
