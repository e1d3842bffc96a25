"""One post: who holds it, who is appointed, who stands in, when terms end."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from linli.kernel import clock
from linli.kernel.web import Request
from linli.posts import selectors, services
from linli.posts.forms import (
    AppointForm,
    BelongingForm,
    Choices,
    EndForm,
    NewcomerForm,
    SubstituteForm,
    after_day,
)
from linli.posts.views.choosing import accounts_to_choose

# Four forms on one page: each names its inputs after itself.
_IDS = {name: f"{name}_%s" for name in ("appoint", "newcomer", "substitute", "belonging")}


@require_safe
def post(request: Request, post_id: UUID) -> HttpResponse:
    return _show(request, post_id)


@require_POST
def holdings(request: Request, post_id: UUID) -> HttpResponse:
    form = AppointForm(request.POST, accounts=_accounts(request, post_id), auto_id=_IDS["appoint"])
    if form.is_valid():
        with form.showing_refusals():
            services.appoint(
                post_id=post_id,
                account_id=UUID(form.cleaned_data["account"]),
                **form.term(),
                actor=request.actor,
                now=clock.now(),
            )
            return _back(post_id)
    return _show(request, post_id, appoint=form)


@require_POST
def newcomers(request: Request, post_id: UUID) -> HttpResponse:
    form = NewcomerForm(request.POST, auto_id=_IDS["newcomer"])
    if form.is_valid():
        with form.showing_refusals():
            data = form.cleaned_data
            made = services.appoint_newcomer(
                post_id=post_id,
                login=data["login"],
                name=data["name"],
                phone=data["phone"],
                **form.term(),
                actor=request.actor,
                now=clock.now(),
            )
            return _hand_over(request, made, post_id)
    return _show(request, post_id, newcomer=form)


@require_http_methods(["GET", "POST"])
def holding_ending(request: Request, holding_id: UUID) -> HttpResponse:
    term, now = selectors.get_term(holding_id, request.actor, clock.now()), clock.now()
    others = [pair for pair in accounts_to_choose(request) if pair[0] != str(term.account_id)]
    form = EndForm(request.POST or None, accounts=others)
    if request.method == "POST" and form.is_valid():
        with form.showing_refusals():
            day = form.cleaned_data["ends_on"]
            incoming = form.cleaned_data["incoming"]
            services.end_holding(
                holding_id=holding_id,
                ends_at=after_day(day) if day else now,
                incoming_id=UUID(incoming) if incoming else None,
                is_confirmed=form.cleaned_data["is_confirmed"],
                actor=request.actor,
                now=now,
            )
            return _to_handover(request, holding_id) or _back(term.post_id)
    context = {"form": form, "term": term, "line": _line(request, term.post_id)}
    return render(request, "posts/term_end.html", context, status=422 if form.errors else 200)


@require_POST
def belongings(request: Request, post_id: UUID) -> HttpResponse:
    form = BelongingForm(request.POST, auto_id=_IDS["belonging"])
    if form.is_valid():
        with form.showing_refusals():
            services.keep_belonging(
                post_id=post_id, **form.cleaned_data, actor=request.actor, now=clock.now()
            )
            return _back(post_id)
    return _show(request, post_id, belonging=form)


@require_POST
def belonging_ending(request: Request, belonging_id: UUID) -> HttpResponse:
    row = services.end_belonging(belonging_id=belonging_id, actor=request.actor, now=clock.now())
    return _back(row.post_id)


@require_POST
def substitutions(request: Request, post_id: UUID) -> HttpResponse:
    form = SubstituteForm(
        request.POST,
        holders=_holders(request, post_id),
        accounts=_accounts(request, post_id),
        auto_id=_IDS["substitute"],
    )
    if form.is_valid():
        with form.showing_refusals():
            data = form.cleaned_data
            services.set_substitute(
                post_id=post_id,
                absent_id=UUID(data["absent"]),
                substitute_id=UUID(data["substitute"]),
                reason=data["reason"],
                **form.term(),  # type: ignore[arg-type]
                actor=request.actor,
                now=clock.now(),
            )
            return _back(post_id)
    return _show(request, post_id, substitute=form)


@require_POST
def substitution_ending(request: Request, post_id: UUID, substitution_id: UUID) -> HttpResponse:
    services.end_substitution(substitution_id=substitution_id, actor=request.actor, now=clock.now())
    return _back(post_id)


def _show(request: Request, post_id: UUID, **bound: Any) -> HttpResponse:
    """Show the post with its forms; the one that was sent comes back as it was."""
    line, accounts = _line(request, post_id), _accounts(request, post_id)
    today = {"starts_on": clock.local(clock.now()).date()}
    holders = _holders(request, post_id)
    context = {
        "line": line,
        "duties": [selectors.duty_label(duty) for duty in line.duties],
        "appoint": AppointForm(accounts=accounts, initial=today, auto_id=_IDS["appoint"]),
        "newcomer": NewcomerForm(initial=today, auto_id=_IDS["newcomer"]),
        "substitute": SubstituteForm(
            holders=holders, accounts=accounts, initial=today, auto_id=_IDS["substitute"]
        ),
        "holders": holders,
        "accounts": accounts,
        "belongings": selectors.belongings_of(post_id, request.actor),
        "belonging": BelongingForm(auto_id=_IDS["belonging"]),
        "handovers": selectors.handovers_of(post_id, request.actor),
        "open": next(iter(bound), ""),
        **bound,
    }
    return render(request, "posts/post.html", context, status=422 if bound else 200)


def _line(request: Request, post_id: UUID) -> Any:
    return selectors.get_post_line(post_id, request.actor, clock.now())


def _accounts(request: Request, post_id: UUID) -> Choices:
    selectors.get_post(post_id, request.actor)
    return accounts_to_choose(request)


def _holders(request: Request, post_id: UUID) -> Choices:
    return [(str(term.account_id), term.name) for term in _line(request, post_id).terms]


def _hand_over(request: Request, made: Any, post_id: UUID) -> HttpResponse:
    context = {"made": made, "line": _line(request, post_id)}
    response = render(request, "posts/newcomer_password.html", context)
    response.headers["Cache-Control"] = "no-store"
    return response


def _to_handover(request: Request, holding_id: UUID) -> HttpResponse | None:
    """Go on to what has to be handed over, if there is anything."""
    found = selectors.find_open_handover(holding_id, request.actor)
    return HttpResponseRedirect(reverse("posts:handover", args=[found])) if found else None


def _back(post_id: UUID) -> HttpResponse:
    return HttpResponseRedirect(reverse("posts:post", args=[post_id]))
