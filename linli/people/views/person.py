"""One person: the masked card, and everything that may be done about them."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_POST, require_safe

from linli.kernel import clock
from linli.kernel.web import Form, Request
from linli.people.forms.register import (
    CorrectForm,
    DeathForm,
    LeaveForm,
    RelativeForm,
    SeeForm,
    TagForm,
)
from linli.people.selectors import duplicates
from linli.people.selectors import households as cards
from linli.people.selectors import people_card as card_of
from linli.people.selectors import register as asked
from linli.people.selectors.words import KnownFrom
from linli.people.services import looking, marking, moving
from linli.people.services import register as services
from linli.people.views.register import DESK, door_of, show, url


@require_safe
def person(request: Request, person_id: UUID) -> HttpResponse:
    return _page(request, person_id)


@require_POST
def correction(request: Request, person_id: UUID) -> HttpResponse:
    form = CorrectForm(request.POST, auto_id="correcting_%s")
    if form.is_valid():
        with form.showing_refusals():
            services.correct_person(
                person_id=person_id,
                facts=form.said(),
                version=form.cleaned_data["version"],
                source=KnownFrom.DESK if door_of(request) == DESK else KnownFrom.FIELD,
                actor=request.actor,
                now=clock.now(),
            )
            return _back(request, person_id)
    return _page(request, person_id, correcting=form)


@require_POST
def leaving(request: Request, person_id: UUID) -> HttpResponse:
    form = LeaveForm(request.POST, auto_id="leaving_%s")
    if form.is_valid():
        with form.showing_refusals():
            sent = form.cleaned_data
            moving.move_out(
                person_id=person_id,
                home_id=sent["home"],
                ends_on=sent["ends_on"],
                reason=sent["reason"],
                place_to=sent["place_to"],
                actor=request.actor,
                now=clock.now(),
            )
            return _back(request, person_id)
    return _page(request, person_id, leaving=form)


@require_POST
def death(request: Request, person_id: UUID) -> HttpResponse:
    form = DeathForm(request.POST, auto_id="dying_%s")
    if form.is_valid():
        with form.showing_refusals():
            services.record_death(
                person_id=person_id, **form.cleaned_data, actor=request.actor, now=clock.now()
            )
            return _back(request, person_id)
    return _page(request, person_id, dying=form)


@require_POST
def tags(request: Request, person_id: UUID) -> HttpResponse:
    card = asked.get_person(person_id, request.actor)
    choices = card_of.tag_choices(request.actor, card.area_path)
    form = TagForm(request.POST, tags=choices, auto_id="tagging_%s")
    if form.is_valid():
        with form.showing_refusals():
            marking.tag_person(
                person_id=person_id,
                code=form.cleaned_data["tag"],
                note=form.cleaned_data["note"],
                actor=request.actor,
                now=clock.now(),
            )
            return _back(request, person_id)
    return _page(request, person_id, tagging=form)


@require_POST
def untagging(request: Request, person_id: UUID, code: str) -> HttpResponse:
    marking.untag_person(person_id=person_id, code=code, actor=request.actor, now=clock.now())
    return _back(request, person_id)


@require_POST
def relatives(request: Request, person_id: UUID) -> HttpResponse:
    form = RelativeForm(request.POST, auto_id="relating_%s")
    if form.is_valid():
        with form.showing_refusals():
            marking.add_relation(
                person_id=person_id,
                other=marking.Other(**form.cleaned_data),
                actor=request.actor,
                now=clock.now(),
            )
            return _back(request, person_id)
    return _page(request, person_id, relating=form)


@require_POST
def unrelating(request: Request, person_id: UUID, relation_id: UUID) -> HttpResponse:
    marking.end_relation(relation_id=relation_id, actor=request.actor, now=clock.now())
    return _back(request, person_id)


@require_POST
def seeing(request: Request, person_id: UUID) -> HttpResponse:
    """Show the person in full, once; the page is kept nowhere."""
    form = SeeForm(request.POST, auto_id="seeing_%s")
    if form.is_valid():
        with form.showing_refusals():
            sent = form.cleaned_data
            full = looking.reveal_person(
                person_id=person_id,
                purpose=sent["purpose"],
                note=sent["note"],
                parts=("contact", "id") if sent["with_id"] else ("contact",),
                actor=request.actor,
                now=clock.now(),
            )
            answer = _page(request, person_id, seeing=form, full=full)
            answer.headers["Cache-Control"] = "no-store"
            return answer
    return _page(request, person_id, seeing=form)


def _page(request: Request, person_id: UUID, **forms: Any) -> HttpResponse:
    card = asked.get_person(person_id, request.actor)
    tag_choices = card_of.tag_choices(request.actor, card.area_path)
    wrong = [one for one in forms.values() if isinstance(one, Form) and one.errors]
    context = {
        "card": card,
        "stays": cards.stays_of(person_id),
        "relations": card_of.relations_of(person_id),
        "merges": duplicates.merges_of(person_id, request.actor),
        "tag_choices": tag_choices,
        "may_see": request.actor.can(looking.REVEAL, card.area_path),
        "may_see_id": request.actor.can(asked.SENSITIVE, card.area_path),
        "correcting": CorrectForm(auto_id="correcting_%s", initial={"version": card.version}),
        "leaving": LeaveForm(auto_id="leaving_%s", initial={"home": card.line.home_id}),
        "dying": DeathForm(auto_id="dying_%s"),
        "tagging": TagForm(tags=tag_choices, auto_id="tagging_%s"),
        "relating": RelativeForm(auto_id="relating_%s"),
        "seeing": SeeForm(auto_id="seeing_%s"),
        "wrong": wrong[0] if wrong else None,
    }
    return show(request, "register_person", context | forms, status=422 if wrong else 200)


def _back(request: Request, person_id: UUID) -> HttpResponse:
    return HttpResponseRedirect(url(request, "person", person_id))
