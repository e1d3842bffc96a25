"""A resident's home: choose a community once, then two big doors; the same behind a scanned code."""

from datetime import date, timedelta
from typing import Any, Final

from django.conf import settings
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from linli.indicators import selectors as indicators
from linli.kernel import clock
from linli.kernel.actor import ActorKind
from linli.kernel.memory import Remembered
from linli.kernel.web import public
from linli.patrols.selectors.access import WALK
from linli.places import selectors as places
from linli.places.selectors import facilities
from linli.posts import selectors as posts
from linli.posts.middleware import AT_COOKIE

YEAR = 365 * 24 * 3600
LATELY: Final = timedelta(days=29)  # with today a month, whatever the day
KEPT_SECONDS: Final = 300.0


@public
@require_safe
def choose(request: Any) -> HttpResponse:
    """Show the home of the community that was visited last; or all of them, to choose from."""
    doors = places.all_communities()
    last = request.COOKIES.get(AT_COOKIE, "")
    if "choose" not in request.GET and any(door.at == last for door in doors):
        return HttpResponseRedirect(reverse("portals:community", args=[last]))
    return render(request, "portals/resident_choose.html", {"districts": _by_district(doors)})


@public
@require_safe
def community(request: Any, community: str) -> HttpResponse:
    area = places.get_community(community.partition("-")[2])
    return _home(request, area)


@public
@require_safe
def place(request: Any, code: str) -> HttpResponse:
    """Show the home of a scanned place; an ended or unknown code says so and lets people choose."""
    found = places.find_place_code(code)
    if found is None:
        doors = [one for one in places.all_communities() if _is_of(one, request.tenant)]
        context = {"districts": _by_district(doors), "code": code}
        return render(request, "portals/resident_choose.html", context, status=404)
    if found.ended_at is not None or found.community.ends_on is not None:
        return _home(request, found.community, ended=found)
    return _home(request, found.community, found=found)


def _home(request: Any, area: Any, *, found: Any = None, ended: Any = None) -> HttpResponse:
    request.community = area
    at = f"{request.tenant.code}-{area.code}"
    start = reverse("cases:report_at_code", args=[found.code]) if found else None
    is_resident = request.actor.kind is ActorKind.RESIDENT
    context = {
        "area": area,
        "at": at,
        "found": found,
        "ended": ended,
        "report_url": start or reverse("cases:report", args=[at]),
        **_standing_here(request, found),
        "account_name": request.actor.name if is_resident else "",
        "lately": lately(area.path, clock.local(clock.now()).date()),
        "on_duty": posts.on_duty(area.path, clock.now()),
        "is_resident": is_resident,
    }
    response = render(request, "portals/resident_home.html", context)
    response.set_cookie(AT_COOKIE, at, max_age=YEAR, samesite="Lax", secure=settings.IS_SECURE)
    return response


def _count_lately(path: str, today: date) -> dict[str, int]:
    sums = indicators.counts(path, today - LATELY, today)
    return {"received": sums["received"], "resolved": sums["resolved"]}


# What came in and what was done: the same for everybody who opens this community's home.
lately = Remembered(_count_lately, KEPT_SECONDS, most=500)


def _standing_here(request: Any, found: Any) -> dict[str, Any]:
    """Return the facility that the scanned code hangs on, its last faults, and the way to patrol it."""
    if found is None:
        return {}
    facility = facilities.find_facility_of_code(found.pk)
    is_walking = any(grant.duty == WALK for grant in request.actor.grants)
    walk_url = f"{reverse('patrols:field_scan')}?code={found.code}" if is_walking else ""
    faults = facilities.faults_of(facility.pk, limit=4) if facility else []
    return {
        "facility": facility,
        "faults": [one for one in faults if one.is_counted],
        "walk_url": walk_url,
    }


def _is_of(door: places.Door, tenant: Any) -> bool:
    return door.at.partition("-")[0] == tenant.code


def _by_district(doors: list[places.Door]) -> list[tuple[str, list[places.Door]]]:
    found: dict[str, list[places.Door]] = {}
    for door in doors:
        found.setdefault(door.district, []).append(door)
    return list(found.items())
