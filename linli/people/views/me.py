"""One's own account: name, password, one-time codes, sessions."""

from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from linli.kernel import clock, qr
from linli.kernel.errors import NotFound
from linli.kernel.web import Request
from linli.people import selectors, services
from linli.people.forms import NameForm, PasswordForm, ReachForm, TotpDropForm, TotpForm
from linli.people.views.entry import STAFF_HOME, keep_session


@require_http_methods(["GET", "POST"])
def me(request: Request) -> HttpResponse:
    own = selectors.get_own_account(request.actor)
    form_class = ReachForm if own.kind == "staff" else NameForm
    initial = {"name": own.name, "phone": own.phone, "email": own.email}
    form = form_class(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        with form.showing_refusals():
            services.change_own(**form.cleaned_data, actor=request.actor, now=clock.now())
            return HttpResponseRedirect(f"{reverse('people:me')}?done=name")
    context = {
        "form": form,
        "own": own,
        "login": selectors.login_of(own.id),
        "done": request.GET.get("done", ""),
    }
    return render(request, "people/me.html", context, status=422 if form.errors else 200)


@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def password(request: Request) -> HttpResponse:
    _only_staff(request)
    form = PasswordForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with form.showing_refusals():
            now, data = clock.now(), form.cleaned_data
            signed = services.set_password(
                old=data["old"], new=data["new"], actor=request.actor, now=now
            )
            keep_session(request, signed, now)
            is_first = request.must_change_password  # type: ignore[attr-defined]
            target = STAFF_HOME if is_first else f"{reverse('people:me')}?done=password"
            return HttpResponseRedirect(target)
    return _show(request, "people/password.html", form)


@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def totp(request: Request) -> HttpResponse:
    _only_staff(request)
    if selectors.get_own_account(request.actor).has_totp:
        return _drop_totp(request)
    form = TotpForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with form.showing_refusals():
            now = clock.now()
            signed = services.set_totp(**form.cleaned_data, actor=request.actor, now=now)
            keep_session(request, signed, now)
            return HttpResponseRedirect(f"{reverse('people:me')}?done=totp")
    kept = form["secret"].value() or ""
    secret, uri = services.start_totp(secret=kept, actor=request.actor)
    picture = qr.svg(uri, _("验证器二维码"))
    return _show(request, "people/totp.html", form, secret=secret, picture=picture)


@require_POST
def sessions(request: Request) -> HttpResponse:
    now = clock.now()
    keep_session(request, services.end_sessions(actor=request.actor, now=now), now)
    return HttpResponseRedirect(f"{reverse('people:me')}?done=sessions")


def _drop_totp(request: Request) -> HttpResponse:
    form = TotpDropForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with form.showing_refusals():
            now = clock.now()
            signed = services.drop_totp(**form.cleaned_data, actor=request.actor, now=now)
            keep_session(request, signed, now)
            return HttpResponseRedirect(f"{reverse('people:me')}?done=no-totp")
    return _show(request, "people/totp_drop.html", form)


def _only_staff(request: Request) -> None:
    if request.actor.kind != "staff":
        raise NotFound(_("没有找到这一页。"))


def _show(request: Request, template: str, form: Any, **more: Any) -> HttpResponse:
    context = {"form": form, **more}
    return render(request, template, context, status=422 if form.errors else 200)
