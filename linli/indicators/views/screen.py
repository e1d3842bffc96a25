"""The wall: the same figures at 1920 by 1080, dark, without scrolling, drawn anew every half minute."""

from datetime import date
from typing import Any, Final
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from linli.indicators.rules import periods
from linli.indicators.selectors import words
from linli.indicators.selectors.areas import Place, area_for, first_areas
from linli.indicators.selectors.overview import overview
from linli.indicators.views import showing
from linli.kernel import clock
from linli.kernel.errors import NotFound
from linli.kernel.memory import Remembered
from linli.kernel.web import Request, is_htmx
from linli.kernel.worktime import WEEKDAYS

# Nothing scrolls on a wall: the more areas there are, the fewer organisations stand below them.
_MOST_ROWS: Final = 8
_MOST_HANDLERS: Final = 5
_MOST_LINES: Final = 9


@require_safe
def index(request: Request) -> HttpResponse:
    """Lead to the wall of the actor's widest area."""
    found = first_areas(request.actor)
    if not found:
        raise NotFound(_("没有找到这一页，或者您的岗位看不到它。"))
    return HttpResponseRedirect(reverse("indicators:screen", args=[found[0].id]))


@require_safe
def screen(request: Request, area_id: UUID) -> HttpResponse:
    """Show the wall of an area for the current month; htmx fetches the inside alone."""
    now = clock.now()
    place, today = area_for(area_id, request.actor), clock.local(now).date()
    body = body_of(place, today)
    if is_htmx(request):
        return HttpResponse(body)
    return render(request, "indicators/screen.html", {"place": place, "body": body})


def _render_body(place: Place, today: date) -> SafeString:
    now = clock.now()
    period = periods.period_of(periods.MONTH, today)
    found = overview(place, period, today)
    areas = _worst_first(showing.areas(found))[:_MOST_ROWS]
    context: dict[str, Any] = {
        "place": place,
        "title": words.title_of(period),
        "sentences": showing.sentences(found),
        "heads": showing.heads(found),
        "rates": showing.rates(found),
        "trend": showing.trend(found),
        "bars": showing.bars(found)[:_MOST_ROWS],
        "areas": areas,
        "handlers": showing.handlers(found)[: min(_MOST_HANDLERS, _MOST_LINES - len(areas))],
        "map": showing.area_map(found, is_wall=True),
        "weekday": WEEKDAYS[today.weekday()],
        "today": today,
        "at": clock.local(now),
    }
    return SafeString(render_to_string("indicators/_screen_body.html", context))


def _worst_first(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return sorted(rows, key=lambda row: (-row["cells"][3]["value"], -row["cells"][2]["value"]))


body_of: Remembered[[Place, date], SafeString] = Remembered(_render_body, 20.0, most=200)
