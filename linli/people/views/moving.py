"""People come to a home, and leave one together: from the home's card and from a person's."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _

from linli.kernel import clock
from linli.kernel.web import Request
from linli.people.forms.moving import ArrivalForm, MovingForm
from linli.people.selectors import arriving
from linli.people.selectors import households as cards
from linli.people.selectors import register as asked
from linli.people.services import addressing
from linli.people.services import moving as services
from linli.people.services.register import Stay
from linli.people.views.register import FORM, registering_in, show, url


@FORM
def arrival(request: Request, home_id: UUID) -> HttpResponse:
    """Let somebody who is registered come to a home: found here, or by name and number elsewhere."""
    card = cards.household_card(home_id, request.actor)
    chosen = _chosen(request)
    form = ArrivalForm(request.POST or None, initial={"person": chosen})
    if request.method == "POST" and form.is_valid():
        with form.showing_refusals():
            return _arrived(request, home_id, form.cleaned_data)
    words = request.GET.get("q", "").strip()[:60]
    context = {
        "form": form,
        "card": card,
        "words": words,
        "found": asked.search(words, request.actor) if words else None,
        "chosen": asked.get_person(chosen, request.actor).line if chosen else None,
    }
    return show(request, "register_arrival", context, status=422 if form.errors else 200)


@FORM
def moving(request: Request, home_id: UUID) -> HttpResponse:
    """Let people of a home leave it together, for another home or for somewhere else."""
    card = cards.household_card(home_id, request.actor)
    lines = {one.person.id: one.person for one in card.now if one.is_living}
    chosen = _chosen(request)
    form = MovingForm(
        request.POST or None,
        people=[(str(one.id), _called(one)) for one in lines.values()],
        communities=[(str(one.pk), one.name) for one in registering_in(request)],
        initial={
            "people": [str(one) for one in lines if chosen in (None, one)],
            "community": str(card.home.community_id),
            "estate": card.home.estate,
        },
    )
    if request.method == "POST" and form.is_valid():
        with form.showing_refusals():
            return _moved(request, home_id, form)
    context = {"form": form, "card": card, "people": lines}
    return show(request, "register_moving", context, status=422 if form.errors else 200)


def _arrived(request: Request, home_id: UUID, sent: dict[str, Any]) -> HttpResponse:
    now = clock.now()
    person_id = arriving.newcomer(
        person_id=sent["person"],
        name=sent["name"],
        id_number=sent["id_number"],
        actor=request.actor,
        now=now,
    )
    services.move_in(
        person_id=person_id,
        home_id=home_id,
        stay=Stay(
            kinds=tuple(sent["kind"].split(",")),
            relation=sent["relation"],
            starts_on=sent["starts_on"],
            reason=sent["reason"],
            place_from=sent["place_from"],
        ),
        actor=request.actor,
        now=now,
    )
    return HttpResponseRedirect(url(request, "home", home_id) + "?done=arrived")


def _moved(request: Request, home_id: UUID, form: MovingForm) -> HttpResponse:
    sent, now = form.cleaned_data, clock.now()
    if sent["way"] == services.ELSEWHERE:
        services.leave_together(
            person_ids=form.person_ids(),
            home_id=home_id,
            ends_on=sent["moved_on"],
            reason=sent["reason"],
            place_to=sent["place_to"],
            actor=request.actor,
            now=now,
        )
        return HttpResponseRedirect(url(request, "home", home_id) + "?done=left")
    target = addressing.home_at(address=form.address(), actor=request.actor, now=now)
    services.move_together(
        person_ids=form.person_ids(),
        from_id=home_id,
        home_id=target,
        stay=Stay(
            kinds=tuple((sent["kind"] or "lives").split(",")),
            starts_on=sent["moved_on"],
            reason=sent["reason"],
        ),
        actor=request.actor,
        now=now,
    )
    return HttpResponseRedirect(url(request, "home", target) + "?done=arrived")


def _called(line: asked.PersonLine) -> str:
    parts = [line.name_masked, line.sex, "" if line.age is None else f"{line.age} {_('岁')}"]
    return " ".join(part for part in parts if part)


def _chosen(request: Request) -> UUID | None:
    try:
        return UUID(request.POST.get("person") or request.GET.get("person", ""))
    except ValueError:
        return None
