"""The desk's other pages of patrols: walks, kind words by clause, rounds."""

from datetime import timedelta
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from linli.kernel import clock
from linli.kernel.web import Request
from linli.patrols.forms import RoundForm
from linli.patrols.selectors import access, covenant, rounds, walking
from linli.patrols.selectors.places import areas_to_manage
from linli.patrols.services import rounds as services
from linli.patrols.views.showing import done_words, go

FORM = require_http_methods(["GET", "HEAD", "POST"])
PER_PAGE = 50
SHOWN_DAYS = 30


@require_safe
def walks(request: Request) -> HttpResponse:
    """Show the walks of the last thirty days."""
    request.actor.require(access.VIEW)
    now = clock.now()
    rows = walking.patrols_of(request.actor, access.VIEW, days=SHOWN_DAYS, now=now)
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    shown = list(page.object_list)
    names = walking.walker_names(shown)
    lines = [(one, names.get(one.account_id, "")) for one in shown]
    return render(request, "patrols/walks.html", {"page": page, "lines": lines, "now": now})


@require_safe
def walk(request: Request, patrol_id: UUID) -> HttpResponse:
    """Show one walk as it was."""
    request.actor.require(access.VIEW)
    patrol = access.get_patrol(patrol_id, request.actor)
    names = walking.walker_names([patrol])
    context = {
        "walk": walking.walk_of(patrol),
        "who": names.get(patrol.account_id, ""),
        "now": clock.now(),
    }
    return render(request, "patrols/walk.html", context)


@require_safe
def covenant_page(request: Request) -> HttpResponse:
    """Show how often each clause was spoken of; counts, never people."""
    request.actor.require(access.VIEW)
    now = clock.now()
    lines = covenant.clause_lines(request.actor, now, days=SHOWN_DAYS)
    context = {
        "lines": lines,
        "outcomes": covenant.OUTCOMES,
        "total": sum(one.total for one in lines),
        "days": SHOWN_DAYS,
    }
    return render(request, "patrols/covenant.html", context)


@require_safe
def rounds_list(request: Request) -> HttpResponse:
    """Show the rounds under way, or those that ended."""
    request.actor.require(access.VIEW)
    is_open = request.GET.get("ended") != "1"
    rows = rounds.rounds_of(request.actor, is_open=is_open)
    context = {
        "page": Paginator(rows, PER_PAGE).get_page(request.GET.get("page")),
        "is_open": is_open,
        "may_manage": request.actor.can(access.MANAGE),
        "done": done_words(request),
        "now": clock.now(),
    }
    return render(request, "patrols/rounds.html", context)


@FORM
def new_round(request: Request) -> HttpResponse:
    """Make a round."""
    request.actor.require(access.MANAGE)
    now = clock.now()
    form = RoundForm(
        request.POST if request.method == "POST" else None,
        areas=areas_to_manage(request.actor),
        today=clock.local(now).date() + timedelta(days=1),
    )
    if request.method == "POST" and form.is_valid():
        with form.showing_refusals():
            made = services.make_round(**form.cleaned_data, actor=request.actor, now=now)
            return go("round", made.pk, done="made")
    status = 422 if form.errors else 200
    return render(request, "patrols/round_new.html", {"form": form}, status=status)


@require_safe
def round_page(request: Request, round_id: UUID) -> HttpResponse:
    """Show which doors of a round are done."""
    request.actor.require(access.VIEW)
    found = access.get_round(round_id, request.actor)
    context = {
        "round": found,
        "houses": rounds.houses_of(found, request.actor),
        "may_end": found.ended_at is None and request.actor.can(access.MANAGE, found.area_path),
        "done": done_words(request),
        "now": clock.now(),
    }
    return render(request, "patrols/round.html", context)


@require_POST
def end_round(request: Request, round_id: UUID) -> HttpResponse:
    """Call a round off."""
    services.end_round(round_id=round_id, actor=request.actor, now=clock.now())
    return go("round", round_id, done="ended")
