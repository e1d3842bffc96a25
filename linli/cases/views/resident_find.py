"""Finding one's case again: by number and phone tail, or in the list of one's account."""

from collections.abc import Collection
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from linli.cases.forms.reporter import FindForm
from linli.cases.selectors import followers, mine, progress, reading
from linli.cases.views import resident_ground as ground
from linli.kernel import clock, throttle, web
from linli.kernel.web import public
from linli.places import selectors as places
from linli.posts.middleware import enter_tenant, tenant_of_head

HOUR = timedelta(hours=1)
FROM_ADDRESS, FOR_NUMBER = 60, 10


@public
@require_http_methods(["GET", "POST"])
def find(request: Any) -> HttpResponseBase:
    choices = places.all_communities()
    _enter_last(request, {one.at for one in choices})
    at = (
        request.POST.get("at") or request.GET.get("at") or request.COOKIES.get(ground.AT_COOKIE, "")
    )
    if request.method == "GET":
        return _show_find(request, FindForm(choices=_options(choices), initial={"at": at}))
    form = FindForm(request.POST, choices=_options(choices))
    if not form.is_valid():
        return _show_find(request, form, status=422)
    number = form.cleaned_data["number"]
    if not _may_ask(request, number):
        form.add_error(None, _("查得太多了，过一个小时再试，或者打电话给社区。"))
        return _show_find(request, form, status=429)
    tenant = tenant_of_head(form.cleaned_data["at"])
    if tenant is not None:
        enter_tenant(request, tenant)
        case = reading.find_by_number(number, form.cleaned_data["tail"])
        follower = followers.find_by_number(number, form.cleaned_data["tail"])
        if follower is not None:
            token = ground.token_of_follower(request, follower)
            return HttpResponseRedirect(reverse("cases:following", args=[token]))
        if case is not None:
            return HttpResponseRedirect(
                reverse("cases:progress", args=[ground.token_of(request, case)])
            )
    form.add_error(
        None, _("没有找到。核对一下社区、编号和手机尾号；上报时没留电话的，用回执上的链接查。")
    )
    return _show_find(request, form, status=404)


def _enter_last(request: Any, known: Collection[str]) -> None:
    """Show the name and the telephone of the community that was visited last, if it is one."""
    last = request.COOKIES.get(ground.AT_COOKIE, "")
    if request.tenant is not None and last in known:
        request.community = places.communities().filter(code=last.partition("-")[2]).first()


def _may_ask(request: Any, number: str) -> bool:
    """Guessing four digits must not pay: few tries for one number, more for one address."""
    address = web.client_address(request)
    return throttle.allow(f"cases.find:{address}", FROM_ADDRESS, HOUR) and throttle.allow(
        f"cases.find:{number}", FOR_NUMBER, HOUR
    )


def _options(choices: Any) -> list[tuple[str, str]]:
    return [(one.at, f"{one.name}（{one.district}）") for one in choices]


def _show_find(request: Any, form: FindForm, *, status: int = 200) -> HttpResponseBase:
    return ground.private(
        render(request, "cases/resident_find.html", {"form": form}, status=status)
    )


@public
@require_safe
def my(request: Any) -> HttpResponseBase:
    account_id = ground.account_id_of(request) if request.tenant else None
    if account_id is None:
        sign_in = reverse("people:resident_sign_in")
        return HttpResponseRedirect(f"{sign_in}?{urlencode({'next': request.path})}")
    now = clock.now()
    cases = [
        (
            case,
            progress.progress_of(case, now),
            ground.token_of(request, case),
        )
        for case in mine.cases_of_account(account_id)
    ]
    return ground.private(render(request, "cases/resident_my.html", {"cases": cases}))
