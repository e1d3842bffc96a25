"""The edge of Open311: format, jurisdiction, key, body and refusals, the same for every address.

Cookies open nothing here. A key comes as `Authorization: Bearer …` or, as the standard has it, as
`api_key`; without one a caller is nobody and sees what anybody may.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import wraps
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from linli.cases.views.open311 import reading, writing
from linli.clients import services as clients
from linli.clients.errors import BadKey
from linli.kernel import clock, throttle, web
from linli.kernel.actor import Actor, ActorKind, reporter
from linli.kernel.errors import DomainError, NotAllowed, NotFound, TooMany
from linli.kernel.failures import as_refusal
from linli.kernel.memory import remember_globally
from linli.places import selectors as places
from linli.posts.middleware import enter_tenant, tenant_of_head

_MINUTE: Final = timedelta(minutes=1)
# What an address without a key may ask in a minute; a city's proxy may stand behind one.
_WITHOUT_KEY: Final = 300
_WRONG_KEYS: Final = 20

View = Callable[..., HttpResponse]


class KeyMissing(DomainError):
    """The standard asks for a key here."""

    status = 403
    code = "key_missing"


class JurisdictionMissing(DomainError):
    """There is more than one, and none was named."""

    status = 400
    code = "jurisdiction_missing"


class WrongMethod(DomainError):
    """This address is not for that."""

    status = 405
    code = "wrong_method"


@dataclass(frozen=True, slots=True)
class Call:
    """One request as a view gets it: who, where, when, and what was sent."""

    request: HttpRequest
    ext: str
    fields: reading.Fields
    actor: Actor
    tenant: Any
    community: Any  # None: anywhere in the tenant
    now: datetime

    def answer(self, root: str, tree: Any, *, status: int = 200) -> HttpResponse:
        """Return a tree in the format that was asked for: to everybody, or to the key alone."""
        response = writing.answer(self.ext, root, tree, status=status)
        if self.actor.kind is ActorKind.CLIENT:
            response.headers["Cache-Control"] = "private, no-store"
        else:
            # What anybody may see, pages of other sites may show; a cookie opens nothing here.
            response.headers["Access-Control-Allow-Origin"] = "*"
        return response

    def url(self, path: str) -> str:
        """Return the full address of a path."""
        return web.absolute_url(self.request, path)

    def require_key(self) -> None:
        """Refuse whoever has no key. Errors: KeyMissing."""
        if self.actor.kind is not ActorKind.CLIENT:
            raise KeyMissing(_("这里要有钥匙：api_key 参数，或 Authorization: Bearer。"))


def open311(get: View | None = None, post: View | None = None, *, somewhere: bool = True) -> View:
    """Return a view of the standard: GET and POST each with its function.

    somewhere: the jurisdiction must be known; discovery asks for none.
    """
    given = {"GET": get, "HEAD": get, "POST": post}
    views = {method: view for method, view in given.items() if view is not None}

    @web.public
    @csrf_exempt
    @wraps(get or post or _answer)
    def answer(request: Any, ext: str, **names: Any) -> HttpResponse:
        try:
            return _answer(request, ext, names, views, somewhere=somewhere)
        except DomainError as error:
            response = writing.refusal(request, error)
            if isinstance(error, WrongMethod):
                response.headers["Allow"] = ", ".join(views)
            return response
        except OSError as error:
            full = as_refusal(error)
            if full is None:
                raise
            return writing.refusal(request, full)

    return answer


def _answer(
    request: Any, ext: str, names: dict[str, Any], views: dict[str, View], *, somewhere: bool
) -> HttpResponse:
    if ext not in writing.FORMATS:
        raise NotFound(_("格式只有 json 和 xml。"))
    if request.method not in views:
        raise WrongMethod(_("这个地址不能用 %(method)s。") % {"method": request.method})
    _check_rate(request)
    fields = reading.read(request)
    actor = _actor(request, fields)
    at = names.pop("jurisdiction", "") or fields.get("jurisdiction_id")
    tenant, community = _place(request, at, actor) if somewhere else (None, None)
    actor = actor or reporter(tenant.pk if tenant else 0)
    call = Call(request, ext, fields, actor, tenant, community, clock.now())
    return views[request.method](call, **names)


def _check_rate(request: Any) -> None:
    if request.actor.kind is ActorKind.CLIENT:
        return
    address = f"open311:{web.client_address(request)}"
    if not throttle.allow(address, _WITHOUT_KEY, _MINUTE):
        wait = throttle.wait(address, _WITHOUT_KEY, _MINUTE)
        raise TooMany(_("问得太频繁了，过一会儿再来。"), wait=wait)


def _actor(request: Any, fields: reading.Fields) -> Actor | None:
    """Return who shows a key, or None. Errors: BadKey (403 here), TooMany."""
    actor: Actor = request.actor
    if actor.kind is ActorKind.CLIENT:
        return actor
    text = fields.get("api_key")
    if not text:
        return None
    tries = f"wrong key:{web.client_address(request)}"
    try:
        caller = clients.open_door(text, clock.now())
    except BadKey:
        if not throttle.allow(tries, _WRONG_KEYS, _MINUTE):
            wait = throttle.wait(tries, _WRONG_KEYS, _MINUTE)
            raise TooMany(_("错的钥匙试得太多了，等一下再试。"), wait=wait) from None
        raise
    bucket = f"key:{caller.actor.client_id}"
    if not throttle.allow(bucket, caller.per_minute, _MINUTE):
        wait = throttle.wait(bucket, caller.per_minute, _MINUTE)
        raise TooMany(_("这把钥匙用得太频繁了，等一下再试。"), wait=wait)
    enter_tenant(request, caller.tenant)
    return caller.actor


# Jurisdictions


def _place(request: Any, at: str, actor: Actor | None) -> tuple[Any, Any]:
    """Return the tenant and, if one is named, the community of a jurisdiction; the tenant is set.

    Errors: NotFound (none such, or not the key's), JurisdictionMissing.
    """
    code = _code_of(at) if at else (request.tenant.code if actor else _of_host(request) or _only())
    tenant = tenant_of_head(code)
    if tenant is None or (actor is not None and actor.tenant_id != tenant.pk):
        raise _no_such(at)
    enter_tenant(request, tenant)
    _head, dash, community = code.partition("-")
    try:
        return tenant, places.get_community(community) if dash else None
    except NotFound:
        raise _no_such(at) from None


def _code_of(at: str) -> str:
    """Return "tenant" or "tenant-community" for whatever names a jurisdiction; a community's own
    code will do.
    """
    asked = at.strip().lower()
    if asked.isdigit():
        return _by_community().get(asked, asked)
    return asked


@remember_globally
def _by_community() -> dict[str, str]:
    return {door.at.partition("-")[2]: door.at for door in places.all_communities()}


def _of_host(request: Any) -> str:
    """Return the tenant that the host is called by (wjq.linli.example), or ""."""
    head, dot, _rest = request.get_host().partition(".")
    tenant = tenant_of_head(head) if dot else None
    return tenant.code if tenant else ""


def _only() -> str:
    """Return the only jurisdiction there is. Errors: JurisdictionMissing."""
    tenants = {door.at.partition("-")[0] for door in places.all_communities()}
    if len(tenants) != 1:
        raise JurisdictionMissing(
            _("请用 jurisdiction_id 写明是哪个区县或社区，例如 %(example)s。")
            % {"example": next(iter(sorted(tenants)), "wjq")},
            field="jurisdiction_id",
        )
    return tenants.pop()


def _no_such(at: str) -> NotFound:
    return NotFound(
        _("没有找到 jurisdiction_id %(at)s。") % {"at": at[:40]}, field="jurisdiction_id"
    )


def forbid(error: NotAllowed) -> DomainError:
    """Return the refusal of a right that a key lacks, in the words of this door."""
    refused = KeyMissing(_("这把钥匙不能办这件事：要开通相应的权限。"))
    refused.__cause__ = error
    return refused
