"""Staff accounts at the desk, and what the security office watches."""

from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from linli.kernel import clock
from linli.kernel.errors import NotFound
from linli.kernel.web import Request
from linli.people import selectors, services
from linli.people.forms import NewAccountForm, ReachForm
from linli.people.services import NewAccount
from linli.places import selectors as places

PAGE = 50


@require_safe
def accounts(request: Request) -> HttpResponse:
    lines = selectors.accounts_below(
        request.actor,
        words=request.GET.get("q", "").strip(),
        with_ended=request.GET.get("ended") == "1",
        before=read_id(request, "before"),
        limit=PAGE + 1,
    )
    context = {
        "lines": lines[:PAGE],
        "more": lines[PAGE - 1].id if len(lines) > PAGE else None,
        "now": clock.now(),
    }
    return render(request, "people/account_list.html", context)


@require_http_methods(["GET", "POST"])
def new_account(request: Request) -> HttpResponse:
    request.actor.require("people.manage")
    form = NewAccountForm(request.POST or None, areas=_areas(request))
    if request.method == "POST" and form.is_valid():
        with form.showing_refusals():
            made = services.create_account(
                **form.cleaned_data, actor=request.actor, now=clock.now()
            )
            return _hand_over(request, made)
    status = 422 if form.errors else 200
    return render(request, "people/account_new.html", {"form": form}, status=status)


@require_http_methods(["GET", "POST"])
def account(request: Request, account_id: UUID) -> HttpResponse:
    line, now = selectors.get_account(account_id, request.actor), clock.now()
    initial = selectors.get_reach(account_id, request.actor)
    form = ReachForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        with form.showing_refusals():
            services.change_account(
                account_id=account_id, **form.cleaned_data, actor=request.actor, now=now
            )
            return _back(account_id)
    areas = places.areas_below(line.area_path).filter(path=line.area_path)
    context = {"line": line, "form": form, "now": now, "area": next(iter(areas), None)}
    return render(request, "people/account.html", context, status=422 if form.errors else 200)


@require_POST
def password(request: Request, account_id: UUID) -> HttpResponse:
    made = services.reset_password(
        account_id=account_id,
        drops_totp=request.POST.get("totp") == "on",
        actor=request.actor,
        now=clock.now(),
    )
    return _hand_over(request, made)


@require_POST
def unlocking(request: Request, account_id: UUID) -> HttpResponse:
    services.unlock_account(account_id=account_id, actor=request.actor, now=clock.now())
    return _back(account_id)


@require_POST
def ending(request: Request, account_id: UUID) -> HttpResponse:
    services.end_account(account_id=account_id, actor=request.actor, now=clock.now())
    return HttpResponseRedirect(reverse("people:accounts"))


@require_safe
def security(request: Request) -> HttpResponse:
    before = read_id(request, "before")
    lines = selectors.reveals(request.actor, before=before, limit=PAGE + 1)
    context = {
        "lines": lines[:PAGE],
        "more": lines[PAGE - 1].id if len(lines) > PAGE else None,
        "locked": selectors.locked_accounts(request.actor, clock.now()),
    }
    return render(request, "people/security.html", context)


@require_POST
def security_unlocking(request: Request, account_id: UUID) -> HttpResponse:
    services.unlock_account(account_id=account_id, actor=request.actor, now=clock.now())
    return HttpResponseRedirect(reverse("people:security"))


def read_id(request: Request, name: str) -> UUID | None:
    """Return the id in a query, or None when there is none. Errors: NotFound when it is no id."""
    text = request.GET.get(name, "")
    try:
        return UUID(text) if text else None
    except ValueError:
        raise NotFound(_("没有找到这一页。")) from None


def _areas(request: Request) -> list[tuple[str, str]]:
    paths: dict[str, str] = {}
    for scope in request.actor.scopes("people.manage"):
        for area in places.areas_below(scope):
            if area.kind != "grid":
                paths[area.path] = area.name
    return sorted(paths.items())


def _hand_over(request: Request, made: NewAccount) -> HttpResponse:
    response = render(request, "people/account_password.html", {"made": made})
    response.headers["Cache-Control"] = "no-store"
    return response


def _back(account_id: UUID) -> HttpResponse:
    return HttpResponseRedirect(reverse("people:account", args=[account_id]))
