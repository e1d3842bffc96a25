"""The day of a field worker: one list from all rooms, what waits to be taken, who I am here; and the same
as a package that the phone keeps.
"""

import json
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from django.conf import settings
from django.http import HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_GET

from linli.cases.selectors import hands
from linli.cases.selectors import today as cases_today
from linli.field.selectors import handed
from linli.field.selectors import today as days
from linli.field.selectors.day import Card
from linli.kernel import clock
from linli.kernel.actor import Actor, ActorKind
from linli.kernel.errors import NotFound
from linli.kernel.web import Request
from linli.kernel.worktime import WEEKDAYS
from linli.people.services import SESSION_KEY, read_session
from linli.posts.selectors.own import own_posts

_SIZES = (
    ("standard", gettext_lazy("标准")),
    ("large", gettext_lazy("大字")),
    ("larger", gettext_lazy("特大字")),
)
# How many cards the phone keeps in full.
MOST_KEPT: Final = 100
# And how many small photos of them: the phone stops earlier when they weigh too much (pictures.js).
MOST_PHOTOS: Final = 120


@require_GET
def today(request: Request) -> HttpResponse:
    """Show the day: what waits to be taken, then everything there is to do, in the order of doing."""
    _staff(request)
    now = clock.now()
    return render(request, "portals/field_today.html", _context(request, now))


@require_GET
@gzip_page
def package(request: Request) -> HttpResponse:
    """Answer with the day as the phone keeps it: the list as it is drawn, every card in full, blank forms,
    and until when it may be kept.

    gzip: of what is secret here only the form token is ours, and that is masked anew each time.
    """
    _staff(request)
    now = clock.now()
    context = {**_context(request, now), "here": reverse("portals:field")}
    cards = [*context["day"].cards, *cases_today.kept_of(context["found"])][:MOST_KEPT]
    cards += days.blank_forms(request.actor, now)
    said = {
        "account": str(request.actor.account_id),
        "devices": [str(one.pk) for one in handed.my_devices(request.actor)],
        "csrf": get_token(request),
        "now": now.isoformat(),
        "until": _until(request, now).isoformat(),
        "page": render_to_string("portals/field_today.html", context, request),
        "cards": [
            {"key": card.key, "link": card.link, "html": _drawn(card, number, now)}
            for number, card in enumerate(cards)
        ],
        "photos": [address for card in cards for address, _of in card.photos][:MOST_PHOTOS],
    }
    body = json.dumps(said, ensure_ascii=False, separators=(",", ":"))
    return HttpResponse(
        body,
        content_type="application/json; charset=utf-8",
        headers={"Cache-Control": "private, no-store"},
    )


@require_GET
def me(request: Request) -> HttpResponse:
    """Show who I am here: my posts, who stands in for me, the way out."""
    _staff(request)
    now = clock.now()
    context = {
        "posts": own_posts(request.actor, now),
        "sizes": _SIZES,
        "may_desk": request.actor.can("cases.view"),
        "may_register": request.actor.can("people.register"),
        "conflicts": handed.my_conflicts(request.actor),
        "now": now,
    }
    return render(request, "portals/field_me.html", context)


def waiting(actor: Actor) -> int:
    """Return how many cases wait to be taken, for the tab bar."""
    return hands.waiting_count(actor)


def _context(request: Request, now: datetime) -> dict[str, Any]:
    found = hands.in_hand(request.actor, now)
    request.nav_counts = {"portals:field": len(found.waiting)}  # type: ignore[attr-defined]
    known = {"cases": cases_today.cards_of(found.mine)}
    day = days.my_day(request.actor, now, here=_here(request), known=known)
    whole, *kinds = days.tallies(day.cards, days.done_today(request.actor, now))
    return {
        "found": found,
        "day": day,
        "whole": whole,
        "kinds": kinds,
        "late_count": day.late_count + sum(task.tone == "late" for task in found.waiting),
        "may_report": request.actor.can("cases.handle"),
        "may_walk": any(one.duty == "patrols.walk" for one in request.actor.grants),
        "date": _day(now),
        "now": now,
    }


def _drawn(card: Card, number: int, now: datetime) -> str:
    # Without the request: a card needs nothing of the page's frame, which asks for the rail's numbers.
    facts = {"card": card, "n": number, "now": now, "door": "field"}
    return render_to_string("field/card.html", facts)


def _until(request: Request, now: datetime) -> datetime:
    """Return when the session ends at the latest: the phone keeps the day no longer."""
    session = read_session(request.session.get(SESSION_KEY))
    age = timedelta(seconds=settings.SESSION_COOKIE_AGE)
    return (session.since if session else now).astimezone(UTC) + age


def _here(request: Request) -> tuple[float, float] | None:
    try:
        lat, lon = float(request.GET["lat"]), float(request.GET["lon"])
    except (KeyError, ValueError):
        return None
    return (lat, lon) if abs(lat) <= 90 and abs(lon) <= 180 else None


def _day(now: datetime) -> str:
    local = clock.local(now)
    return f"{local.month} 月 {local.day} 日 星期{WEEKDAYS[local.weekday()]}"


def _staff(request: Request) -> None:
    if request.actor.kind is not ActorKind.STAFF:
        raise NotFound(_("没有找到这一页。"))
