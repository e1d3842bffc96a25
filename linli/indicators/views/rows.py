"""The rows behind a number, as far as the reader may see them."""

from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from linli.indicators.selectors import BY_CODE, words
from linli.indicators.selectors.areas import area_for
from linli.indicators.selectors.rows import Asked, rows_behind
from linli.indicators.views.figures import period_asked
from linli.kernel import clock, marks
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
        "rows": [_drawn(case, now) for case in found.cases],
        "now": now,
    }
    return render(request, "indicators/rows.html", context)


def _narrow(request: Request) -> dict[str, Any]:
    category = request.GET.get("category", "")[:40]
    return {
        "category": category,
        "organisation": "" if category else request.GET.get("organisation", "")[:32],
    }


_SATISFIED: Final = {
    3: gettext_lazy("满意"),
    2: gettext_lazy("一般"),
    1: gettext_lazy("不满意"),
}


def _drawn(case: Any, now: datetime) -> dict[str, Any]:
    """Return a row in words: worked out here, because a template takes thrice as long."""
    line = [case.number, case.category.name]
    if case.is_excluded:
        line.append(_("不计入考核"))
    said = []
    if case.is_solved is not None:
        said = [
            _("解决了") if case.is_solved else _("没解决"),
            str(_SATISFIED.get(case.satisfaction or 0, "—")),
        ]
    return {
        "url": reverse("cases:desk_case", args=[case.pk]),
        "title": case.title,
        "line": " · ".join(line),
        "state": case.get_state_display(),
        "place": case.place_label,
        "came": marks.moment(case.reported_at, now),
        "done": marks.moment(case.resolved_at, now) if case.resolved_at else "—",
        "said": " · ".join(said) or "—",
    }
