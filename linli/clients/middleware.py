"""Lets programs in: a key in the Authorization header becomes tenant and actor, within its rate.

Only under the doors of programs (/api/, /open311/). Without a key the request goes on as nobody's,
and the view says whether that is enough. What is too large to be meant is refused unread.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any, Final

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from linli.clients import services
from linli.clients.errors import BadKey, LengthMissing, TooLarge, TooManyRequests
from linli.clients.services import Caller
from linli.kernel import clock, throttle, web
from linli.kernel.errors import DomainError
from linli.kernel.middleware import refuse
from linli.posts.middleware import enter_tenant

_MINUTE: Final = timedelta(minutes=1)
# A report with its photos, and the seams between them.
MOST_BYTES: Final = 2 * settings.PHOTO_MAX_BYTES
# Wrong keys from one address in a minute; after that the answer says to slow down.
_WRONG_KEYS: Final = 20

GetResponse = Callable[[HttpRequest], HttpResponseBase]


class KeyMiddleware:
    """Stands behind ActorMiddleware, which opened the request's tenant stack."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: Any) -> HttpResponseBase:
        """Answer a program's request as the actor of its key; pages pass untouched."""
        if web.door_of(request.path) != "api":
            return self.get_response(request)
        try:
            _check_size(request)
            caller = _caller(request)
        except DomainError as refusal:
            return refuse(request, refusal)
        return self.get_response(request) if caller is None else self._answer(request, caller)

    def _answer(self, request: Any, caller: Caller) -> HttpResponseBase:
        bucket, rate = f"key:{caller.actor.client_id}", caller.per_minute
        if throttle.allow(bucket, rate, _MINUTE):
            enter_tenant(request, caller.tenant)
            request.actor = caller.actor
            response = self.get_response(request)
        else:
            wait = throttle.wait(bucket, rate, _MINUTE)
            refusal = TooManyRequests(
                _("这把钥匙每分钟最多用 %(n)d 次，等一下再试。") % {"n": rate}, wait=wait
            )
            response = refuse(request, refusal)
        left = throttle.left(bucket, rate, _MINUTE)
        # IETF draft "RateLimit header fields for HTTP": a policy, and what is left of it.
        response.headers["RateLimit-Policy"] = f'"key";q={rate};w=60'
        response.headers["RateLimit"] = f'"key";r={left};t={_refill_seconds(rate, left)}'
        response.headers.setdefault("Cache-Control", "private, no-store")
        return response


def _caller(request: Any) -> Caller | None:
    """Return who calls, or None when nobody shows a key. Errors: BadKey, TooManyRequests."""
    scheme, _space, text = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer":
        return None
    try:
        return services.open_door(text.strip(), clock.now())
    except BadKey:
        tries = f"wrong key:{web.client_address(request)}"
        if throttle.allow(tries, _WRONG_KEYS, _MINUTE):
            raise
        wait = throttle.wait(tries, _WRONG_KEYS, _MINUTE)
        raise TooManyRequests(_("错的钥匙试得太多了，等一下再试。"), wait=wait) from None


def _check_size(request: Any) -> None:
    """Refuse a body that nothing here wants, before anybody reads it. Errors: TooLarge, LengthMissing."""
    length = request.headers.get("Content-Length", "")
    if "chunked" in request.headers.get("Transfer-Encoding", "").lower() and not length:
        raise LengthMissing(_("请在 Content-Length 里写明内容有多长。"))
    is_form = request.content_type == "multipart/form-data"
    most = MOST_BYTES if is_form else settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    if length.isdigit() and int(length) > most:
        megabytes = most // (1024 * 1024)
        raise TooLarge(_("一次最多收 %(n)d MB。") % {"n": megabytes})


def _refill_seconds(rate: int, left: int) -> int:
    return round((rate - left) * 60 / rate)
