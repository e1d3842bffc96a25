"""Handing over: the lead's list and packet at the desk, one's own packet on a phone, the sheet for paper."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from linli.kernel import clock
from linli.kernel.actor import ActorKind
from linli.kernel.errors import NotFound
from linli.kernel.web import Request, door_of
from linli.posts import selectors, services
from linli.posts.forms import IncomingForm, PacketForm, ReasonForm
from linli.posts.views.choosing import accounts_to_choose, chosen_area


@require_safe
def handovers(request: Request) -> HttpResponse:
    area, areas = chosen_area(request)
    cards = selectors.handovers_below(request.actor, area.path)
    context = {"area": area, "areas": areas, "cards": cards}
    return render(request, "posts/handover_list.html", context)


@require_safe
def mine(request: Request) -> HttpResponse:
    if request.actor.kind is not ActorKind.STAFF:
        raise NotFound(_("没有找到这一页。"))
    context = {"cards": selectors.my_handovers(request.actor)}
    return render(request, "posts/handover_mine.html", context)


@require_safe
def handover(request: Request, handover_id: UUID) -> HttpResponse:
    return _show(request, handover_id)


@require_safe
def sheet(request: Request, handover_id: UUID) -> HttpResponse:
    packet = selectors.get_packet(handover_id, request.actor, clock.now())
    return render(request, "posts/handover_sheet.html", {"packet": packet})


@require_POST
def outgoing(request: Request, handover_id: UUID) -> HttpResponse:
    form = _packet_form(request, handover_id)
    if form.is_valid():
        with form.showing_refusals():
            services.sign_outgoing(
                handover_id=handover_id,
                remarks=form.remarks(),
                actor=request.actor,
                now=clock.now(),
            )
            return _back(request, handover_id)
    return _show(request, handover_id, form)


@require_POST
def incoming(request: Request, handover_id: UUID) -> HttpResponse:
    form = _packet_form(request, handover_id)
    if form.is_valid():
        with form.showing_refusals():
            services.sign_incoming(
                handover_id=handover_id,
                accepted=form.shown() - form.picked(),
                disputed=form.picked(),
                remarks=form.remarks(),
                actor=request.actor,
                now=clock.now(),
            )
            return _back(request, handover_id)
    return _show(request, handover_id, form)


@require_POST
def keeping(request: Request, handover_id: UUID) -> HttpResponse:
    form = _packet_form(request, handover_id)
    if form.is_valid():
        with form.showing_refusals():
            services.keep_lines(
                handover_id=handover_id,
                line_ids=form.picked(),
                reason=form.cleaned_data["reason"],
                actor=request.actor,
                now=clock.now(),
            )
            return _back(request, handover_id)
    return _show(request, handover_id, form)


@require_POST
def signature(request: Request, handover_id: UUID) -> HttpResponse:
    """Sign in the place of somebody who has gone."""
    form = ReasonForm(request.POST)
    if form.is_valid():
        with form.showing_refusals():
            services.sign_for_outgoing(
                handover_id=handover_id,
                reason=form.cleaned_data["reason"],
                actor=request.actor,
                now=clock.now(),
            )
            return _back(request, handover_id)
    return _show(request, handover_id, reason=form)


@require_POST
def successor(request: Request, handover_id: UUID) -> HttpResponse:
    form = IncomingForm(request.POST, accounts=accounts_to_choose(request))
    if form.is_valid():
        with form.showing_refusals():
            services.name_incoming(
                handover_id=handover_id,
                account_id=UUID(form.cleaned_data["account"]),
                actor=request.actor,
                now=clock.now(),
            )
            return _back(request, handover_id)
    return _show(request, handover_id, successor=form)


@require_POST
def withdrawal(request: Request, handover_id: UUID) -> HttpResponse:
    row = services.withdraw_handover(handover_id=handover_id, actor=request.actor, now=clock.now())
    return HttpResponseRedirect(reverse("posts:post", args=[row.post_id]))


def _show(
    request: Request, handover_id: UUID, form: PacketForm | None = None, **bound: Any
) -> HttpResponse:
    """Show a packet; what was typed into it comes back as it was."""
    packet = selectors.get_packet(handover_id, request.actor, clock.now())
    is_desk = door_of(request.path) == "desk"
    if form is not None and form.is_bound:
        for group in packet.groups:
            for line in group.lines:
                line.typed = str(form.data.get(f"remark_{line.pk}", ""))  # type: ignore[attr-defined]
    context = {
        "packet": packet,
        "form": form,
        "picked": {str(one) for one in form.picked()} if form and form.is_bound else set(),
        "frame": "kernel/desk.html" if is_desk else "kernel/field.html",
        "is_desk": is_desk,
        "reason": ReasonForm(auto_id="sign_%s"),
        **bound,
    }
    if packet.is_lead and is_desk:
        choices = accounts_to_choose(request)
        context.setdefault("successor", IncomingForm(accounts=choices, auto_id="next_%s"))
    is_bad = bool((form and form.errors) or any(one.errors for one in bound.values()))
    return render(request, "posts/handover.html", context, status=422 if is_bad else 200)


def _packet_form(request: Request, handover_id: UUID) -> PacketForm:
    packet = selectors.get_packet(handover_id, request.actor, clock.now())
    ids = [line.pk for group in packet.groups for line in group.lines]
    return PacketForm(request.POST, line_ids=ids)


def _back(request: Request, handover_id: UUID) -> HttpResponse:
    is_desk = door_of(request.path) == "desk"
    name = "posts:handover" if is_desk else "posts:my_handover"
    return HttpResponseRedirect(reverse(name, args=[handover_id]))
