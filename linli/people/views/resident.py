"""A resident signs in with a phone and a code by message; nobody has to, to report or to follow."""

from datetime import timedelta

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from linli.kernel import clock
from linli.kernel.web import client_address, public, safe_next
from linli.people import services
from linli.people.forms import PhoneCodeForm, PhoneForm
from linli.people.services import RESIDENT_AGE
from linli.people.views.entry import open_session


@public
@never_cache
@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    if request.tenant is None:  # type: ignore[attr-defined]
        return render(request, "people/resident_nowhere.html")
    form = PhoneForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with form.showing_refusals():
            sent = services.send_code(
                phone=form.cleaned_data["phone"],
                address=client_address(request),
                actor=request.actor,  # type: ignore[attr-defined]
                now=clock.now(),
            )
            code_form = PhoneCodeForm(initial={"phone": sent.phone})
            return _show(request, "people/resident_code.html", code_form, shown=sent.shown)
    return _show(request, "people/resident_sign_in.html", form)


@public
@never_cache
@sensitive_post_parameters()
@require_POST
def enter(request: HttpRequest) -> HttpResponse:
    if request.tenant is None:  # type: ignore[attr-defined]
        return render(request, "people/resident_nowhere.html")
    form = PhoneCodeForm(request.POST)
    if form.is_valid():
        with form.showing_refusals():
            now, actor = clock.now(), request.actor  # type: ignore[attr-defined]
            signed = services.sign_in_by_code(**form.cleaned_data, actor=actor, now=now)
            open_session(request, signed, now)
            request.session.set_expiry(RESIDENT_AGE - timedelta(seconds=1))
            return HttpResponseRedirect(safe_next(request, "/"))
    return _show(request, "people/resident_code.html", form)


def _show(request: HttpRequest, template: str, form: PhoneForm, *, shown: str = "") -> HttpResponse:
    context = {
        "form": form,
        "shown": shown,
        "at": request.GET.get("at", ""),
        "next": safe_next(request, ""),
    }
    return render(request, template, context, status=422 if form.errors else 200)
