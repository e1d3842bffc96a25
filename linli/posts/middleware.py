"""Says who asks and for whose data: sets `request.actor`, `request.tenant` and the tenant of every query.

Signing in is the default; a view that needs none carries `@public`. A public page whose address names a
tenant (a place code, a community, a secret link) works in that tenant, and somebody signed in elsewhere
is nobody there.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from datetime import datetime
from typing import Any, Final

from django.conf import settings
from django.http import FileResponse, HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _

from linli.kernel import clock, tenancy, web
from linli.kernel.actor import Actor, reporter
from linli.kernel.errors import NotFound, NotSignedIn
from linli.kernel.memory import remember
from linli.kernel.middleware import refuse
from linli.kernel.models import Tenant
from linli.people import services as people
from linli.people.selectors import find_account
from linli.people.services import SESSION_KEY, Session
from linli.places import selectors as places
from linli.posts import selectors

# The parts of an address that begin with a tenant's code.
HEADS: Final = ("code", "community", "token")
# The community that somebody without an account visited last; portals sets it.
AT_COOKIE: Final = "at"
# What somebody with a first password may open besides the page where it is changed.
_NEWCOMERS: Final = frozenset(
    {"people:password", "people:sign_out", "kernel:display", "kernel:health"}
)

GetResponse = Callable[[HttpRequest], HttpResponseBase]


class ActorMiddleware:
    """Finds the actor from the session and the tenant from the session or the address."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: Any) -> HttpResponseBase:
        """Answer the request inside its tenant; a stream stays inside it to its end."""
        with ExitStack() as stack:
            stack.enter_context(tenancy.no_tenant())
            request.tenant_stack = stack
            request.tenant, request.actor = None, reporter(0)
            request.must_change_password = False
            if web.door_of(request.path) != "api":
                # Programs bring a key (clients.middleware): another site's page can't act with a cookie.
                _enter_session(request, clock.now())
            response = self.get_response(request)
            if response.streaming and not isinstance(response, FileResponse) and request.tenant:
                chunks: Any = response.streaming_content  # type: ignore[attr-defined]
                response.streaming_content = _inside(request.tenant.pk, chunks)  # type: ignore[attr-defined]
            if request.actor.account_id is not None:
                # On a shared computer, going back after signing out shows nothing.
                response.headers.setdefault("Cache-Control", "private, no-store")
            return response

    def process_view(
        self, request: Any, view: Any, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponseBase | None:
        """Enter the tenant that a public address names, or ask to sign in."""
        if getattr(view, "is_public", False):
            return _enter_public(request, kwargs)
        if request.actor.account_id is None:
            return refuse(request, NotSignedIn(_("先登录，再打开这一页。")))
        is_open = request.resolver_match.view_name in _NEWCOMERS
        if request.must_change_password and not is_open:
            return HttpResponseRedirect(reverse("people:password"))
        return None


def enter_tenant(request: Any, tenant: Tenant) -> None:
    """Work for a tenant from here to the end of the request; who is signed in elsewhere is nobody here."""
    if request.tenant is not None and request.tenant.pk == tenant.pk:
        return
    request.tenant = tenant
    request.actor = reporter(tenant.pk)
    request.tenant_stack.enter_context(tenancy.tenant(tenant.pk))


def tenant_of_head(text: str) -> Tenant | None:
    """Return the active tenant whose code a place code, community or secret link begins with."""
    head = re.split(r"[-.]", text.strip(), maxsplit=1)[0]
    return places.tenant_of(f"{head}-") if head else None


def _enter_public(request: Any, kwargs: dict[str, Any]) -> HttpResponseBase | None:
    named = [str(kwargs[key]) for key in HEADS if key in kwargs]
    if named:
        tenant = tenant_of_head(named[0])
        if tenant is None:
            return refuse(request, NotFound(_("没有找到这个地址。请检查是否完整，或者重新扫码。")))
        enter_tenant(request, tenant)
        return None
    asked = request.GET.get(AT_COOKIE) or request.COOKIES.get(AT_COOKIE)
    if request.tenant is None and asked:
        tenant = tenant_of_head(asked)
        if tenant is not None:
            enter_tenant(request, tenant)
    return None


def _enter_session(request: Any, now: datetime) -> None:
    """Set actor and tenant from the session; one that is too old or was ended is emptied."""
    if settings.SESSION_COOKIE_NAME not in request.COOKIES:
        return
    kept = request.session.get(SESSION_KEY)
    if kept is None:
        return
    session = people.read_session(kept)
    if session is None or not _enter(request, session, now):
        request.session.flush()


def _enter(request: Any, session: Session, now: datetime) -> bool:
    with tenancy.tenant(session.tenant_id):
        tenant, account = _own_tenant(), find_account(session.account_id)
        if tenant is None or account is None or account.session_round != session.session_round:
            return False
        if not session.is_alive(is_staff=account.is_staff, now=now):
            return False
        actor: Actor = selectors.actor_for(account, now)
    enter_tenant(request, tenant)
    request.actor = actor
    if account.is_staff:
        request.community = selectors.home_of(actor, tenant.name)
    request.must_change_password = account.must_change_password
    if session.needs_touch(now):
        request.session[SESSION_KEY] = {
            **request.session[SESSION_KEY],
            "seen": int(now.timestamp()),
        }
    return True


@remember
def _own_tenant() -> Tenant | None:
    """Return the current tenant while it is active; kept for some seconds, as every request asks."""
    return next(iter(Tenant.objects.filter(pk=tenancy.current_tenant_id(), is_active=True)), None)


def _inside(tenant_id: int, chunks: Iterable[Any]) -> Iterator[Any]:
    """Give the chunks of a stream, each made inside the tenant."""
    iterator = iter(chunks)
    while True:
        with tenancy.tenant(tenant_id):
            chunk = next(iterator, None)
        if chunk is None:
            return
        yield chunk
