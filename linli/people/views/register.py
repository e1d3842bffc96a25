"""The register at the desk and at the door: search, cards of people, homes, buildings and grids."""

from typing import Any, Final
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from linli.kernel import clock
from linli.kernel.web import Request
from linli.people.forms.register import CheckForm, DoorForm, PersonForm
from linli.people.selectors import checking, collecting
from linli.people.selectors import households as cards
from linli.people.selectors import register as asked
from linli.people.selectors.finding import REGISTER
from linli.people.selectors.words import KnownFrom
from linli.people.services import collecting as collecting_services
from linli.people.services import register as services
from linli.people.services.register import Stay
from linli.people.services.saying import PersonFacts
from linli.places import selectors as places
from linli.places.services.homes import add_homes

FORM = require_http_methods(["GET", "HEAD", "POST"])
DESK, FIELD = "desk", "field"
_FACTS: Final = ("name", "id_number", "sex", "born_on", "phone")


@require_safe
def register(request: Request) -> HttpResponse:
    """Search; without words the grids, or the buildings of one's own grid."""
    request.actor.require(REGISTER)
    words = request.GET.get("q", "").strip()[:60]
    context: dict[str, Any] = {"words": words}
    if words:
        context["found"] = asked.search(words, request.actor, _number(request.GET.get("after")))
    else:
        day = today()
        context["counts"] = cards.counts_of_scope(request.actor, day)
        grids = cards.grid_cards(request.actor, day)
        context["grids"] = grids
        if len(grids) < 2:
            context["buildings"] = _with_counts(request, cards.buildings_of(request.actor))
    return show(request, "register", context)


@require_safe
def grid(request: Request, grid_id: UUID) -> HttpResponse:
    found = cards.get_grid(grid_id, request.actor)
    mine = [one for one in cards.buildings_of(request.actor) if one.grid_id == found.pk]
    buildings = _with_counts(request, mine)
    counts = next(
        (one for one in cards.grid_cards(request.actor, today()) if one.id == found.pk), None
    )
    return show(request, "register_grid", {"grid": found, "card": counts, "buildings": buildings})


@require_safe
def building(request: Request, building_id: UUID) -> HttpResponse:
    found = cards.building_in_scope(building_id, request.actor)
    context = {
        "building": found,
        "homes": cards.building_homes(building_id, request.actor),
        "counts": cards.counts_of_buildings([found], request.actor, today())[building_id],
    }
    return show(request, "register_building", context)


@require_safe
def home(request: Request, home_id: UUID) -> HttpResponse:
    card = cards.household_card(home_id, request.actor)
    return show(request, "register_home", {"card": card, "done": request.GET.get("done", "")})


@FORM
def new_person(request: Request, home_id: UUID) -> HttpResponse:
    """Register somebody at a home."""
    card = cards.household_card(home_id, request.actor)
    form = PersonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with form.showing_refusals():
            return _registered(request, home_id, form)
    context = {"form": form, "home": card.home, "people": card.dwellers}
    return show(request, "register_new", context, status=422 if form.errors else 200)


@FORM
def new_at_building(request: Request, building_id: UUID) -> HttpResponse:
    """Register somebody at a door of a building: the home is made when it isn't entered yet."""
    found = cards.building_in_scope(building_id, request.actor)
    doors = [(str(one.pk), one.name) for one in places.entrances_of(building_id)]
    form = DoorForm(request.POST or None, entrances=doors)
    if request.method == "POST" and form.is_valid():
        with form.showing_refusals():
            sent = form.cleaned_data
            wanted = (UUID(sent["entrance"]), sent["number"].strip())
            made = add_homes(wanted=[wanted], duty=REGISTER, actor=request.actor, now=clock.now())
            return _registered(request, next(iter(made.values())), form)
    context = {"form": form, "building": found}
    return show(request, "register_new", context, status=422 if form.errors else 200)


@FORM
def check(request: Request, home_id: UUID) -> HttpResponse:
    """Look at a household: who is still there, and only what has grown old."""
    card, now = cards.household_card(home_id, request.actor), clock.now()
    items, known, version = checking.check_of(card.home, request.actor, now)
    form = CheckForm(request.POST or None, items=items, version=version)
    if request.method == "POST" and form.is_valid():
        with form.showing_refusals():
            collecting_services.check_household(
                home_id=home_id,
                answers=form.answers(),
                source=KnownFrom.FIELD if door_of(request) == FIELD else KnownFrom.DESK,
                at=now,
                actor=request.actor,
                now=now,
                key=str(form.cleaned_data["key"]),
            )
            return HttpResponseRedirect(url(request, "home", home_id) + "?done=checked")
    asked_now = [field for field in form if field.name not in ("key", "version")]
    context = {
        "form": form,
        "asked": asked_now,
        "home": card.home,
        "known": collecting.by_subject(known),
    }
    return show(request, "register_check", context, status=422 if form.errors else 200)


def _registered(request: Request, home_id: UUID, form: PersonForm) -> HttpResponse:
    sent = form.cleaned_data
    services.register_person(
        home_id=home_id,
        facts=PersonFacts(**{name: sent[name] for name in _FACTS}),
        stay=Stay(
            kinds=tuple(sent["kind"].split(",")),
            relation=sent["relation"],
            starts_on=sent["starts_on"],
            reason=sent["reason"],
        ),
        source=KnownFrom.FIELD if door_of(request) == FIELD else KnownFrom.DESK,
        actor=request.actor,
        now=clock.now(),
        key=str(sent["key"]),
    )
    return HttpResponseRedirect(url(request, "home", home_id) + "?done=new")


# What the pages of the register share


def door_of(request: HttpRequest) -> str:
    """Return at which door the page is: the same pages stand at both."""
    return FIELD if request.path.startswith("/field/") else DESK


def url(request: HttpRequest, name: str, *parts: Any) -> str:
    """Return the address of a page of the register at the same door."""
    return reverse(f"people:{door_of(request)}_{name}", args=parts)


def show(
    request: Request, name: str, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    """Show a page in the frame of its door."""
    door = door_of(request)
    frame = {
        "frame": f"kernel/{door}.html",
        "at": f"people:{door}_",
        "is_desk": door == DESK,
        "now": clock.now(),
    }
    return render(request, f"people/{name}.html", frame | context, status=status)


def registering_in(request: Request) -> list[Any]:
    """Return the communities that the actor registers in, or in a grid of."""
    scopes = request.actor.scopes(REGISTER)
    found = list(places.communities_of(scopes))
    above = [places.community_of_path(path) for path in scopes if path]
    return found + [one for one in above if one is not None and one not in found]


def today() -> Any:
    """Return the community's own date."""
    return clock.local(clock.now()).date()


def _with_counts(request: Request, buildings: list[Any]) -> list[tuple[Any, Any]]:
    counts = cards.counts_of_buildings(buildings, request.actor, today())
    return [(one, counts[one.pk]) for one in buildings]


def _number(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 5 else 0
