"""Refusals as other systems read them: problem documents (RFC 9457), with the words that pages show."""

from collections.abc import Callable
from datetime import timedelta
from math import ceil
from typing import Any, Final

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext_lazy as _

from linli.kernel.errors import DomainError, NotSignedIn

CONTENT_TYPE: Final = "application/problem+json"
# What a kind of refusal is called; the detail says what it is this time.
_TITLES: Final = {
    400: _("读不懂发来的内容"),
    401: _("要一把有效的钥匙"),
    404: _("没有找到"),
    405: _("这个地址不能这样用"),
    409: _("现在不能这样办"),
    411: _("要先说明内容有多长"),
    413: _("内容太大"),
    415: _("内容类型不对"),
    422: _("内容不能用"),
    429: _("太频繁了"),
    500: _("服务暂时出了问题"),
    507: _("服务器磁盘满了"),
}


Dialect = Callable[[HttpRequest, DomainError], HttpResponse]
_dialects: dict[str, Dialect] = {}


def register_dialect(prefix: str, tell: Dialect) -> None:
    """Let the addresses below a prefix tell of refusals in the shape of their own standard."""
    _dialects[prefix] = tell


def refusal(request: HttpRequest, error: DomainError) -> HttpResponse:
    """Return the answer that tells a program of a refusal, as its door speaks."""
    for prefix, tell in _dialects.items():
        if request.path.startswith(prefix):
            return tell(request, error)
    return problem(error)


def problem(error: DomainError) -> HttpResponse:
    """Return the answer that tells a program of a refusal."""
    status = 401 if isinstance(error, NotSignedIn) else error.status
    more = {"field": error.field} if error.field else {}
    return answer(status, code=error.code, detail=error.message, wait=error.wait, **more)


def answer(
    status: int, *, code: str, detail: str, wait: timedelta | None = None, **more: Any
) -> HttpResponse:
    """Return a problem document. wait: when trying again makes sense."""
    body = {
        "type": f"urn:linli:{code}",
        "title": str(_TITLES.get(status, _TITLES[400])),
        "status": status,
        "detail": str(detail),
        "code": code,
        **more,
    }
    response = JsonResponse(
        body, status=status, content_type=CONTENT_TYPE, json_dumps_params={"ensure_ascii": False}
    )
    if status == 401:
        # RFC 6750: whoever sent a key hears that it was the key.
        told = ', error="invalid_token"' if code == "bad_key" else ""
        response.headers["WWW-Authenticate"] = f'Bearer realm="linli"{told}'
    if wait is not None:
        response.headers["Retry-After"] = str(max(1, ceil(wait.total_seconds())))
    return response
