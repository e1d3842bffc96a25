"""How departments answer whistles: three rates each, raw beside official, late ones in plain sight."""

from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from linli.cases.selectors import whistle_counts
from linli.cases.selectors.whistle_counts import OfficeCount, StepCount
from linli.indicators.rules.shares import Share, share
from linli.indicators.selectors.areas import area_for
from linli.indicators.views.figures import period_asked, period_links
from linli.kernel import clock
from linli.kernel.web import Request

STEPS = (("report", _("报到率")), ("arrive", _("到场率")), ("finish", _("办结率")))


@require_safe
def whistles(request: Request, area_id: UUID) -> HttpResponse:
    """Show every organisation that was called in a period, most called first."""
    place, now = area_for(area_id, request.actor), clock.now()
    today = clock.local(now).date()
    period = period_asked(request, today)
    start = datetime.combine(period.first_day, time(), tzinfo=clock.BEIJING)
    end = datetime.combine(period.last_day + timedelta(days=1), time(), tzinfo=clock.BEIJING)
    found = whistle_counts.office_counts(place.path, start, end, now)
    context = {
        "place": place,
        "offices": [_office(one) for one in found],
        "heads": [label for _name, label in STEPS],
        **period_links(period, today),
    }
    return render(request, "indicators/whistles.html", context)


def _office(one: OfficeCount) -> dict[str, Any]:
    return {
        "count": one,
        "rates": [_rate(getattr(one, name)) for name, _label in STEPS],
        "satisfied": _said(share(one.satisfied, one.scored)),
    }


def _rate(step: StepCount) -> dict[str, Any]:
    raw = share(step.in_time, step.whole)
    official = share(step.official_in_time, step.official_whole)
    late = step.whole - step.in_time
    return {"raw": _said(raw), "official": _said(official), "is_low": late > 0, "late": late}


def _said(one: Share) -> dict[str, Any]:
    """Return a share in words: per cent, of how many, and where the true one lies."""
    if one.rate is None or one.low is None or one.high is None:
        return {"percent": "—", "of": "", "span": ""}
    return {
        "percent": f"{one.rate * 100:.0f}%",
        "of": f"{one.part}/{one.whole}",
        "span": f"{one.low * 100:.0f}–{one.high * 100:.0f}%",
    }
