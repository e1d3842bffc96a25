"""The rows behind a number, as far as the reader may see them."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from linli.indicators.selectors import BY_CODE, words
from linli.indicators.selectors.areas import area_for
from linli.indicators.selectors.rows import Asked, rows_behind
from linli.indicators.views.figures import period_asked
from linli.kernel import clock
from linli.kernel.errors import NotFound
from linli.kernel.web import Request


@require_safe
def rows(request: Request, area_id: UUID, figure: str) -> HttpResponse:
    """Show one page of the cases that a figure counts."""
    now = clock.now()
    place, today = area_for(area_id, request.actor), clock.local(now).date()
    if figure not in BY_CODE:
        raise NotFound(_("没有找到这个数字。"))
    period = period_asked(request, today)
    asked = Asked(
        figure=BY_CODE[figure],
        area_path=place.path,
        first_day=period.first_day,
        last_day=period.last_day,
        is_miss=request.GET.get("miss") == "1",
        after=request.GET.get("after", "")[:80],
        **_narrow(request),
    )
    found = rows_behind(asked, request.actor)
    context = {
        "place": place,
        "asked": asked,
        "figure": asked.figure,
        "period": period,
        "title": words.title_of(period),
        "found": found,
        "narrowed": asked.category or asked.organisation,
        "now": now,
    }
    return render(request, "indicators/rows.html", context)


def _narrow(request: Request) -> dict[str, Any]:
    category = request.GET.get("category", "")[:40]
    return {
        "category": category,
        "organisation": "" if category else request.GET.get("organisation", "")[:32],
    }
