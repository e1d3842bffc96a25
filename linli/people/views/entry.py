"""The way in and out: staff with a password and, where it is set up, a one-time code."""

from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.middleware.csrf import rotate_token
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from linli.kernel import clock
from linli.kernel.web import client_address, public, safe_next
from linli.people import selectors, services
from linli.people.forms import CodeForm, SignInForm
from linli.people.services import SESSION_KEY, SignedIn

HALFWAY_KEY: Final = "halfway"
STAFF_HOME: Final = "/home/"  # leads on to the desk or the field


@public
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    form = SignInForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with form.showing_refusals():
            now, address = clock.now(), client_address(request)
            signed = services.sign_in(**form.cleaned_data, address=address, now=now)
            if signed.needs_code:
                return _ask_for_code(request, signed, now)
            return _welcome(request, signed, safe_next(request, STAFF_HOME), now)
    context = {"form": form, "next": safe_next(request, ""), "demos": selectors.demo_accounts()}
    return render(request, "people/sign_in.html", context, status=422 if form.errors else 200)


@public
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def confirm(request: HttpRequest) -> HttpResponse:
    halfway, now = _read_halfway(request, clock.now()), clock.now()
    if halfway is None:
        return HttpResponseRedirect(reverse("people:sign_in"))
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with form.showing_refusals():
            signed = services.confirm_totp(
                account_id=UUID(halfway["account"]),
                tenant_id=halfway["tenant"],
                code=form.cleaned_data["code"],
                now=now,
            )
            return _welcome(request, signed, halfway["next"], now)
    status = 422 if form.errors else 200
    return render(request, "people/sign_in_code.html", {"form": form}, status=status)


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    is_resident = request.actor.kind == "resident"  # type: ignore[attr-defined]
    request.session.flush()
    answer = HttpResponseRedirect("/" if is_resident else reverse("people:sign_in"))
    # Nothing of what the browser kept stays: drafts, the field's day, its worker.
    answer.headers["Clear-Site-Data"] = '"storage"'
    return answer


def open_session(request: HttpRequest, signed: SignedIn, now: datetime) -> None:
    """Begin a session under a new key: whoever knew the old one learns nothing."""
    request.session.flush()
    request.session[SESSION_KEY] = signed.session(now)
    rotate_token(request)


def keep_session(request: HttpRequest, signed: SignedIn, now: datetime) -> None:
    """Go on under a new key after password or codes changed; it ends when it would have ended."""
    since = request.session[SESSION_KEY]["since"]
    request.session.cycle_key()
    request.session[SESSION_KEY] = {**signed.session(now), "since": since}


def _welcome(request: HttpRequest, signed: SignedIn, target: str, now: datetime) -> HttpResponse:
    open_session(request, signed, now)
    if signed.must_change_password:
        return HttpResponseRedirect(reverse("people:password"))
    return HttpResponseRedirect(target)


def _ask_for_code(request: HttpRequest, signed: SignedIn, now: datetime) -> HttpResponse:
    request.session.flush()
    request.session[HALFWAY_KEY] = {
        "account": signed.account_id.hex,
        "tenant": signed.tenant_id,
        "at": int(now.timestamp()),
        "next": safe_next(request, STAFF_HOME),
    }
    return HttpResponseRedirect(reverse("people:confirm"))


def _read_halfway(request: HttpRequest, now: datetime) -> dict[str, Any] | None:
    kept: dict[str, Any] | None = request.session.get(HALFWAY_KEY)
    if kept is None or now.timestamp() - kept["at"] > services.HALFWAY.total_seconds():
        return None
    return kept
