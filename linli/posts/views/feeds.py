"""Rosters in one's own calendar: the secret address, made and taken back, and what it answers."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from linli.kernel import clock
from linli.kernel.web import Request, absolute_url, public
from linli.posts import services
from linli.posts.selectors import feeds as selectors

ICALENDAR = "text/calendar; charset=utf-8"


@public
@require_safe
def calendar(request: Request, token: str) -> HttpResponse:
    """Answer with the turns behind a secret address (RFC 5545)."""
    found = selectors.calendar_of(token, clock.now())
    response = HttpResponse(_ics(found), content_type=ICALENDAR)
    response.headers["Content-Disposition"] = 'inline; filename="turns.ics"'
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["X-Robots-Tag"] = "noindex"
    return response


@require_POST
def own(request: Request) -> HttpResponse:
    services.open_feed(actor=request.actor, now=clock.now())
    return _back(None)


@require_POST
def of_station(request: Request, station_id: UUID) -> HttpResponse:
    services.open_feed(station_id=station_id, actor=request.actor, now=clock.now())
    return _back(station_id)


@require_POST
def ending(request: Request, feed_id: UUID) -> HttpResponse:
    return _back(services.revoke_feed(feed_id=feed_id, actor=request.actor, now=clock.now()))


def shown(request: Request, station_id: UUID | None = None) -> dict[str, Any] | None:
    """Return somebody's calendar address as pages show it, or None while there is none."""
    row = selectors.find_feed(request.actor, station_id)
    if row is None:
        return None
    path = reverse("posts:calendar", args=[selectors.feed_token(row, request.tenant.code)])
    url = absolute_url(request, path)
    return {"id": row.pk, "url": url, "path": path, "webcal": f"webcal:{url.partition(':')[2]}"}


def _back(station_id: UUID | None) -> HttpResponse:
    if station_id is None:
        return HttpResponseRedirect(f"{reverse('posts:my_turns')}#calendar")
    return HttpResponseRedirect(f"{reverse('posts:station', args=[station_id])}#calendar")


def _ics(found: selectors.RosterCalendar) -> bytes:
    # Here, for start-up: most processes never write a calendar.
    from icalendar import Calendar

    calendar_ = Calendar()
    calendar_.add("prodid", "-//Linli//Roster//ZH")
    calendar_.add("version", "2.0")
    calendar_.add("method", "PUBLISH")
    calendar_.add("x-wr-calname", found.name)
    calendar_.add("x-published-ttl", "PT1H")
    for duty in found.duties:
        calendar_.add_component(_event(duty, is_own=found.is_own))
    return bytes(calendar_.to_ical())


def _event(duty: selectors.Duty, *, is_own: bool) -> Any:
    from icalendar import Event

    names = "、".join(duty.names)
    one = Event()
    one.add("uid", f"{duty.uid}@turns.linli")
    one.add("dtstamp", duty.set_at)
    one.add("dtstart", duty.starts_at)
    one.add("dtend", duty.ends_at)
    title = _("值班：%(where)s") % {"where": duty.station_name} if is_own else names
    one.add("summary", title)
    if is_own and len(duty.names) > 1:
        one.add("description", _("同班：%(names)s") % {"names": names})
    one.add("location", duty.address or duty.station_name)
    if duty.phone:
        one.add("contact", duty.phone)
    return one
