"""My turns on a phone: when I am on duty, changed with a colleague."""

from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from linli.kernel import clock
from linli.kernel.actor import ActorKind
from linli.kernel.errors import NotFound
from linli.kernel.web import Request
from linli.kernel.worktime import human_moment
from linli.posts import selectors, services
from linli.posts.forms import SwapForm
from linli.posts.views.feeds import shown


@require_safe
def turns(request: Request) -> HttpResponse:
    if request.actor.kind is not ActorKind.STAFF:
        raise NotFound(_("没有找到这一页。"))
    now = clock.now()
    context = {
        "turns": selectors.my_turns(request.actor, now),
        "swaps": selectors.my_swaps(request.actor, now),
        "feed": shown(request),
        "now": now,
    }
    return render(request, "posts/turns.html", context)


@require_http_methods(["GET", "POST"])
def swap(request: Request, turn_id: UUID) -> HttpResponse:
    """Ask a colleague to take a turn or to change it."""
    now = clock.now()
    found = next((one for one in selectors.my_turns(request.actor, now) if one.id == turn_id), None)
    if found is None:
        raise NotFound(_("没有找到这一班。"))
    choices = [
        (value, _("%(name)s，换 %(when)s") % {"name": name, "when": human_moment(at, now)})
        if at
        else (value, _("%(name)s，替我值") % {"name": name})
        for value, name, at in selectors.swappable(turn_id, request.actor, now)
    ]
    form = SwapForm(request.POST or None, choices=choices)
    if request.method == "POST" and form.is_valid():
        with form.showing_refusals():
            services.ask_swap(
                turn_id=turn_id,
                **form.asked(),  # type: ignore[arg-type]
                note=form.cleaned_data["note"],
                actor=request.actor,
                now=now,
            )
            return HttpResponseRedirect(reverse("posts:my_turns"))
    context = {"form": form, "turn": found, "choices": choices}
    return render(request, "posts/swap.html", context, status=422 if form.errors else 200)


@require_POST
def answer(request: Request, swap_id: UUID) -> HttpResponse:
    services.answer_swap(
        swap_id=swap_id,
        is_agreed=request.POST.get("answer") == "yes",
        actor=request.actor,
        now=clock.now(),
    )
    return HttpResponseRedirect(reverse("posts:my_turns"))


@require_POST
def withdrawal(request: Request, swap_id: UUID) -> HttpResponse:
    services.withdraw_swap(swap_id=swap_id, actor=request.actor, now=clock.now())
    return HttpResponseRedirect(reverse("posts:my_turns"))
