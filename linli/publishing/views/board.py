"""The board (公开栏): a week or a month of a community as everybody may see it, and single articles."""

import hashlib
from typing import Any
from uuid import UUID

from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from linli.kernel import clock, pictures
from linli.kernel.errors import NotFound
from linli.kernel.web import public
from linli.places import selectors as places
from linli.publishing.rules import periods
from linli.publishing.rules.periods import Period
from linli.publishing.selectors import board, figures
from linli.publishing.views import frame, showing
from linli.publishing.views.frame import Where

# How many weeks and months back a reader can go.
YEARS = 3


@public
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Show the boards there are, district by district."""
    found: dict[str, list[Any]] = {}
    for door in places.all_communities():
        found.setdefault(door.district, []).append(door)
    return render(request, "publishing/board_index.html", {"districts": list(found.items())})


@public
@require_safe
def now(request: HttpRequest, community: str) -> HttpResponse:
    """Show this week, with everything that stands now."""
    place = frame.where(request, community)
    return frame.answer(request, _board(place, periods.period_of(periods.WEEK, place.today)))


@public
@require_safe
def period(request: HttpRequest, community: str, span: str, start: str) -> HttpResponse:
    """Show one week, or one month."""
    place = frame.where(request, community)
    return frame.answer(request, _board(place, asked(span, start, place)))


def asked(span: str, start: str, place: Where) -> Period:
    """Return the period that an address names. Errors: NotFound for none, a future or an old one."""
    found = periods.read(span, start)
    if found is None or found.first_day > place.today or not _is_kept(found, place):
        raise NotFound(_("没有这一期。公开栏可以看最近三年的每一周、每一个月。"))
    return found


def _is_kept(found: Period, place: Where) -> bool:
    return found.last_day.year >= place.today.year - YEARS


@board.keep
def _board(place: Where, shown: Period) -> frame.Page:
    area = frame.community_of(place.at)
    is_now = shown.first_day <= place.today <= shown.last_day
    then = None if is_now else shown
    done, earlier = board.resolved(area.pk, shown), None
    if is_now and not done and (earlier := shown.before()):
        # Early on a Monday there is nothing yet: what was done last is better than nothing.
        done = board.resolved(area.pk, earlier)
    context = {
        "period": shown,
        "is_now": is_now,
        "is_earlier": bool(earlier and done),
        **neighbours(place, shown),
        "figures": figures.of_period(area.path, shown, is_now=is_now),
        "together": figures.together(area.path, shown, clock.now()),
        "resolved": showing.public_photos(done, place.at),
        "declined": board.declined(area.pk, then),
        "notices": board.notices(area.pk, place.today, then),
        "guides": board.guides(area.pk) if is_now else [],
    }
    path = reverse("publishing:period", args=[place.at, shown.span, shown.start])
    return frame.page("publishing/board.html", place, path, area, **context)


def neighbours(place: Where, shown: Period) -> dict[str, Any]:
    """Return the periods around one: before, after, and the same days by week or by month."""
    before, after = shown.before(), shown.after()
    other = periods.MONTH if shown.span == periods.WEEK else periods.WEEK
    last = min(shown.last_day, place.today)
    return {
        "before": before if before and _is_kept(before, place) else None,
        "after": after if after and after.first_day <= place.today else None,
        "week": shown if other == periods.MONTH else periods.period_of(periods.WEEK, last),
        "month": shown if other == periods.WEEK else periods.period_of(periods.MONTH, last),
    }


@public
@require_safe
def article(request: HttpRequest, community: str, article_id: UUID) -> HttpResponse:
    """Show one article as it was released last."""
    return frame.answer(request, _article(frame.where(request, community), article_id))


@board.keep
def _article(place: Where, article_id: UUID) -> frame.Page:
    area = frame.community_of(place.at)
    row = board.get_public(area.pk, article_id, place.today)
    path = reverse("publishing:article", args=[place.at, article_id])
    return frame.page(
        "publishing/article.html", place, path, area, row=row, **showing.texts(row),
        pair=showing.public_photos([row], place.at)[0].pair, event_url=_event_url(row, place),
        is_over=bool(row.valid_until and row.valid_until < place.today),
    )  # fmt: skip


def _event_url(row: Any, place: Where) -> str:
    if not row.event_starts_at:
        return ""
    return reverse("publishing:event", args=[place.at, row.article_id])


@public
@require_safe
def photo(
    request: HttpRequest, community: str, article_id: UUID, stage: str, size: str
) -> HttpResponseBase:
    """Answer with a photo that was chosen for the board; of nothing else."""
    area = frame.community_of(community)
    path = board.photo_path(area.pk, article_id, stage, size)
    # A stored file never changes, so its name is its mark; a photo that was withdrawn has no name here.
    mark = f'"{hashlib.sha256(path.encode()).hexdigest()[:24]}"'
    response: Any = get_conditional_response(request, etag=mark)
    if response is None:
        try:
            file = pictures.open_stored(path)
        except FileNotFoundError:
            raise NotFound(_("没有找到这张照片。")) from None
        response = FileResponse(file, content_type="image/jpeg")
        response.headers["ETag"] = mark
    response.headers["Cache-Control"] = frame.CACHE
    response.headers["X-Content-Type-Options"] = "nosniff"
    found: HttpResponseBase = response
    return found
