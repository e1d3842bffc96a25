"""My notices and how I want to be told: the same pages at the desk's and the field's door."""

from dataclasses import asdict
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import Resolver404, resolve, reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from linli.kernel import clock, web
from linli.kernel.actor import ActorKind
from linli.kernel.errors import NotFound
from linli.kernel.web import Request
from linli.messages import selectors, services
from linli.messages.forms import PreferencesForm
from linli.messages.views.asked import asked_id

PAGE = 30


@require_GET
def notices(request: Request) -> HttpResponse:
    account_id = _staff(request)
    only_unread = request.GET.get("state") == "unread"
    found = selectors.notices_of(
        account_id, only_unread=only_unread, before=asked_id(request, "before"), limit=PAGE + 1
    )
    context = {
        "base": _base(request),
        "notices": [_with_url(request, one) for one in found[:PAGE]],
        "read_url": _url(request, "notices_read"),
        "preferences_url": _url(request, "preferences"),
        "has_more": len(found) > PAGE,
        "only_unread": only_unread,
        "unread": selectors.unread_count(account_id),
        "said": request.GET.get("said", ""),
    }
    return render(request, "messages/notice_list.html", context)


@require_GET
def notice(request: Request, notice_id: UUID) -> HttpResponse:
    """Open what a notice is about; it counts as read from then on."""
    _staff(request)
    found = services.read_notice(notice_id=notice_id, actor=request.actor, now=clock.now())
    if found.link and url_has_allowed_host_and_scheme(found.link, allowed_hosts=None):
        return HttpResponseRedirect(_at_door(found.link, web.door_of(request.path)))
    context = {"base": _base(request), "list_url": _url(request, "notices"), "notice": found}
    return render(request, "messages/notice_detail.html", context)


def _at_door(link: str, door: str) -> str:
    """Return the same page at the door where its reader stands, where there is one."""
    head, _sep, rest = link.lstrip("/").partition("/")
    here = f"/{door}/{rest}"
    if head not in ("desk", "field") or head == door:
        return link
    try:
        resolve(urlsplit(here).path)
    except Resolver404:
        return link
    return here


@require_POST
def read_all(request: Request) -> HttpResponse:
    _staff(request)
    services.read_all_notices(
        actor=request.actor, now=clock.now(), up_to=asked_id(request, "up_to")
    )
    return redirect(_url(request, "notices"))


@require_http_methods(["GET", "POST"])
def preferences(request: Request) -> HttpResponse:
    account_id = _staff(request)
    form = PreferencesForm(request.POST or None, initial=_wishes(account_id))
    if request.method == "POST" and form.is_valid():
        services.set_preferences(**form.cleaned_data, actor=request.actor)
        return redirect(f"{_url(request, 'notices')}?said=preferences")
    context = {"base": _base(request), "form": form, "quiet": selectors.quiet_hours_of("")}
    return render(request, "messages/preference_edit.html", context)


def _wishes(account_id: UUID) -> dict[str, bool]:
    wish = selectors.preferences_of([account_id])[account_id]
    return {
        "by_sms": wish.by_sms, "by_mail": wish.by_mail, "daily_digest": wish.daily_digest,
    }  # fmt: skip


def _with_url(request: Request, line: selectors.NoticeLine) -> dict[str, Any]:
    return asdict(line) | {"url": _url(request, "notice", line.id)}


def _url(request: Request, page: str, *args: UUID) -> str:
    """Return a page of ours at the door where the request came in."""
    return reverse(f"messages:{web.door_of(request.path)}_{page}", args=args)


def _base(request: Request) -> str:
    return f"kernel/{web.door_of(request.path)}.html"


def _staff(request: Request) -> UUID:
    """Return whose notices they are; residents have none at these doors."""
    if request.actor.kind is not ActorKind.STAFF or request.actor.account_id is None:
        raise NotFound(_("没有找到这一页。"))
    return request.actor.account_id
