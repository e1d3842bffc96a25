"""Beside the walk: kind words, and doors of a round."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from linli.kernel import clock
from linli.kernel.web import Request
from linli.patrols.forms import PersuasionForm
from linli.patrols.selectors import access, covenant, rounds
from linli.patrols.selectors.places import areas_to_walk, where_of_area
from linli.patrols.services import persuading
from linli.patrols.services import rounds as taking
from linli.patrols.views.showing import done_words, go

FORM = require_http_methods(["GET", "HEAD", "POST"])


@FORM
def persuade(request: Request) -> HttpResponse:
    """Write down a kind word: clause, place, outcome; three taps."""
    request.actor.require(access.WALK)
    now = clock.now()
    choices = areas_to_walk(request.actor)
    form = PersuasionForm(
        request.POST if request.method == "POST" else None,
        clauses=[(str(one.pk), one.title) for one in covenant.clauses()],
        outcomes=covenant.OUTCOMES,
        places=choices,
        initial={"place": choices[0][0] if choices else "", "count": 1},
    )
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        with form.showing_refusals():
            persuading.record_persuasion(
                clause_id=said["clause"], where=where_of_area(said["place"]),
                outcome=said["outcome"], count=said["count"], at=now, key=str(said["key"]),
                actor=request.actor, now=now,
            )  # fmt: skip
            return go("field_persuade", done="persuaded")
    context = {
        "form": form,
        "own": covenant.own_persuasions(request.actor, now)[:20],
        "done": done_words(request),
        "now": now,
    }
    status = 422 if form.errors else 200
    return render(request, "patrols/field_persuade.html", context, status=status)


@FORM
def take_round(request: Request, round_id: UUID) -> HttpResponse:
    """Tick doors off, house by house."""
    found, now = access.get_round(round_id, request.actor), clock.now()
    if request.method == "POST":
        # Each button says "stop id:outcome"; "all:<building>" gives a whole house.
        outcomes = _outcomes(request, found)
        taking.take_stops(
            round_id=round_id, outcomes=outcomes, at=now, actor=request.actor, now=now
        )
        return go("field_round", round_id, done="taken")
    context = {
        "round": found,
        "houses": rounds.houses_of(found, request.actor),
        "outcomes": rounds.OUTCOMES,
        "done": done_words(request),
        "now": now,
    }
    return render(request, "patrols/field_round.html", context)


def _outcomes(request: Request, found: object) -> dict[UUID, str]:
    named = {}
    whole = request.POST.get("house", "")
    for house in rounds.houses_of(found, request.actor, only_open=True):  # type: ignore[arg-type]
        for stop in house.stops:
            said = request.POST.get(f"stop_{stop.pk}", "")
            if str(house.building_id) == whole and not stop.done_at:
                said = "given"
            if said:
                named[stop.pk] = said
    return named
