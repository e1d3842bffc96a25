"""The leaders' page: what needs attention, figures with trend, map and table, for each level."""

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
from linli.indicators.rules.periods import Period
from linli.indicators.selectors import words
from linli.indicators.selectors.areas import Place, above, area_for, first_areas
from linli.indicators.selectors.overview import overview
from linli.indicators.selectors.targets import goals_of
from linli.indicators.views import showing
from linli.kernel import clock
from linli.kernel.errors import NotFound
from linli.kernel.memory import Remembered
from linli.kernel.web import Request

# What a page shows changes with every report; some seconds later is soon enough for figures.
_SECONDS: Final = 20.0


@require_safe
def index(request: Request) -> HttpResponse:
    """Lead to the actor's own area; whoever looks after several chooses."""
    found = first_areas(request.actor)
    if not found:
        raise NotFound(_("没有找到这一页，或者您的岗位看不到它。"))
    if len(found) == 1:
        return HttpResponseRedirect(reverse("indicators:area", args=[found[0].id]))
    return render(request, "indicators/index.html", {"areas": found})


@require_safe
def area(request: Request, area_id: UUID) -> HttpResponse:
    """Show the figures of an area in a period."""
    place, today = area_for(area_id, request.actor), clock.local(clock.now()).date()
    period = period_asked(request, today)
    context = {
        "place": place,
        "above": above(place, request.actor),
        "body": body_of(place, period.name, today),
        "may_configure": request.actor.can("indicators.configure", place.path),
        **period_links(period, today),
    }
    return render(request, "indicators/area.html", context)


def period_asked(request: Request, today: date, *, usual: str = periods.MONTH) -> Period:
    """Return the period that the address names; a name that is none gives the current month."""
    found = periods.read_period(request.GET.get("period", ""))
    return found or periods.period_of(usual, today)


def period_links(period: Period, today: date) -> dict[str, Any]:
    """Return the period in words, its neighbours, and the same moment in the other spans."""
    anchor = period.until(today)
    return {
        "period": period,
        "title": words.title_of(period),
        "previous": period.before().name,
        "next": period.after().name if period.last_day < today else "",
        "spans": [
            {
                "label": words.SPAN_NAMES[span],
                "name": periods.period_of(span, anchor).name,
                "current": span == period.span,
            }
            for span in periods.SPANS
        ],
    }


def _render_body(place: Place, name: str, today: date) -> SafeString:
    period = periods.read_period(name) or periods.period_of(periods.MONTH, today)
    found = overview(place, period, today)
    context = {
        "place": place,
        "period": period,
        "sentences": showing.sentences(found),
        "heads": showing.heads(found),
        "rates": showing.rates(found),
        "smalls": showing.smalls(found),
        "trend": showing.trend(found),
        "bars": showing.bars(found),
        "areas": showing.areas(found),
        "map": showing.area_map(found),
        "parts": showing.parts(found),
        "handlers": showing.handlers(found),
        "goals": goals_of(place.id, period.first_day.year),
        "counted_at": clock.now(),
    }
    return render_to_string("indicators/_area_body.html", context)


body_of: Remembered[[Place, str, date], SafeString] = Remembered(_render_body, _SECONDS, most=200)
