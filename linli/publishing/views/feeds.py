"""The board for machines: Atom of what is new, GeoJSON of released cases, iCalendar of notices."""

import json
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import escape
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from linli.kernel import clock
from linli.kernel.errors import NotFound
from linli.kernel.web import public
from linli.publishing.rules import markup
from linli.publishing.selectors import board
from linli.publishing.views import frame
from linli.publishing.views.frame import Where

ATOM = "application/atom+xml; charset=utf-8"
GEOJSON = "application/geo+json"
ICALENDAR = "text/calendar; charset=utf-8"
_BEGINNING = datetime(2000, 1, 1, tzinfo=clock.BEIJING)


@public
@require_safe
def atom(request: HttpRequest, community: str) -> HttpResponse:
    """Answer with the newest releases of a board (RFC 4287)."""
    return frame.answer(request, _atom(_place(request, community)), ATOM)


@public
@require_safe
def geojson(request: HttpRequest, community: str) -> HttpResponse:
    """Answer with the released cases that have a position, to about 100 m (RFC 7946)."""
    return frame.answer(request, _geojson(_place(request, community)), GEOJSON)


@public
@require_safe
def calendar(request: HttpRequest, community: str) -> HttpResponse:
    """Answer with the notices that speak of a day (RFC 5545)."""
    return frame.answer(request, _calendar(_place(request, community), None), ICALENDAR)


@public
@require_safe
def event(request: HttpRequest, community: str, article_id: UUID) -> HttpResponse:
    """Answer with one notice's day, to be put into one's own calendar."""
    response = frame.answer(request, _calendar(_place(request, community), article_id), ICALENDAR)
    response.headers["Content-Disposition"] = 'attachment; filename="notice.ics"'
    return response


def _place(request: HttpRequest, community: str) -> Where:
    """Return what a feed depends on: not on the size of letters."""
    return replace(frame.where(request, community), size="standard")


@board.keep_few
def _atom(place: Where) -> frame.Page:
    area = frame.community_of(place.at)
    rows = board.newest(area.pk, place.today)
    home = place.origin + reverse("publishing:board", args=[place.at])
    feed: Any = Atom1Feed(
        title=_("%(name)s公开栏") % {"name": area.name},
        link=home,
        description="",
        language="zh-CN",
        subtitle=_("公告、办事指南、办好的事、办不了的事和为什么"),
        author_name=area.name,
        feed_url=place.origin + reverse("publishing:atom", args=[place.at]),
        # Its own name, whatever address it is read at.
        feed_guid=f"urn:uuid:{area.pk}",
    )
    shown_at = {row.pk: _shown_at(row) for row in rows}
    turned_at = board.turned_at(area.pk) or _BEGINNING
    feed.latest_post_date = lambda: max(turned_at, *shown_at.values(), _BEGINNING)
    for row in rows:
        feed.add_item(
            title=f"{row.get_kind_display()}：{row.title}",
            link=_link(place, row),
            description=_summary(row),
            unique_id=f"urn:uuid:{row.article_id}",
            pubdate=row.released_at,
            updateddate=shown_at[row.pk],
            categories=[str(row.get_kind_display())],
        )
    return frame.kept(feed.writeString("utf-8").encode())


def _shown_at(row: Any) -> datetime:
    """Return since when everybody reads it: a notice waits for its first day."""
    released_at: datetime = row.released_at
    if row.kind != "notice" or row.valid_from is None:
        return released_at
    return max(released_at, datetime.combine(row.valid_from, time(), tzinfo=clock.BEIJING))


def _summary(row: Any) -> str:
    parts = [row.summary, markup.plain(row.outcome)]
    if row.kind == "declined":
        parts += [_("依据：") + row.rule, _("还可以：") + row.alternative]
    # Readers take a summary for HTML: what somebody wrote is words, and each part a line of its own.
    return "<br>".join(escape(part) for part in parts if part)


def _link(place: Where, row: Any) -> str:
    return place.origin + reverse("publishing:article", args=[place.at, row.article_id])


@board.keep_few
def _geojson(place: Where) -> frame.Page:
    area = frame.community_of(place.at)
    features = [_feature(place, row) for row in board.placed(area.pk)]
    found = {"type": "FeatureCollection", "features": features}
    return frame.kept(json.dumps(found, ensure_ascii=False).encode())


def _feature(place: Where, row: Any) -> dict[str, Any]:
    return {
        "type": "Feature",
        "id": str(row.article_id),
        # Longitude first. Three decimals are about 100 m: a building, never a home.
        "geometry": {"type": "Point", "coordinates": [round(row.lon, 3), round(row.lat, 3)]},
        "properties": {
            "kind": row.kind,
            "title": row.title,
            "category": row.category.name,
            "place": row.place_label,
            "reported_on": row.reported_on.isoformat(),
            "finished_on": row.finished_on.isoformat(),
            "review_on": row.review_on.isoformat() if row.review_on else None,
            "url": _link(place, row),
        },
    }


@board.keep_few
def _calendar(place: Where, article_id: UUID | None) -> frame.Page:
    area = frame.community_of(place.at)
    rows: Iterable[Any] = board.dated(area.pk, place.today)
    if article_id is not None:
        rows = [row for row in rows if row.article_id == article_id]
        if not rows:
            raise NotFound(_("没有找到这个日子，可能已经撤下了。"))
    return frame.kept(_ics(place, area, rows))


def _ics(place: Where, area: Any, rows: Iterable[Any]) -> bytes:
    # Here, for start-up: most processes never write a calendar.
    from icalendar import Calendar

    found = Calendar()
    found.add("prodid", "-//Linli//Board//ZH")
    found.add("version", "2.0")
    found.add("x-wr-calname", _("%(name)s公告") % {"name": area.name})
    for row in rows:
        found.add_component(_event(place, area, row))
    return bytes(found.to_ical())


def _event(place: Where, area: Any, row: Any) -> Any:
    from icalendar import Event

    one = Event()
    one.add("uid", f"{row.article_id}@{place.at}.linli")
    one.add("sequence", row.number - 1)
    one.add("dtstamp", row.released_at)
    one.add("summary", row.title)
    one.add("description", row.summary)
    one.add("url", _link(place, row))
    if row.event_starts_at:
        one.add("dtstart", row.event_starts_at)
        if row.event_ends_at:
            one.add("dtend", row.event_ends_at)
    else:
        one.add("dtstart", row.valid_from)
        # The end of whole days is the day after the last.
        one.add("dtend", (row.valid_until or row.valid_from) + timedelta(days=1))
    one.add("location", row.event_place or area.name)
    return one
