"""Reports: which were issued, how one looks on paper, its file, and issuing another."""

from datetime import date
from typing import Any
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_http_methods, require_safe

from linli.indicators.forms import ReportForm
from linli.indicators.rules import periods
from linli.indicators.selectors import reports as selectors
from linli.indicators.selectors import words
from linli.indicators.selectors.areas import area_for
from linli.indicators.services import report_file, reporting
from linli.indicators.services.targets import DUTY
from linli.kernel import charts, clock, runs
from linli.kernel.web import Request

_MONTHS, _QUARTERS, _YEARS = 12, 4, 2


@require_http_methods(["GET", "HEAD", "POST"])
def reports(request: Request, area_id: UUID) -> HttpResponse:
    """List the reports of an area; who may, issues another."""
    place, now = area_for(area_id, request.actor), clock.now()
    may_issue = request.actor.can(DUTY, place.path)
    choices = _choices(clock.local(now).date())
    form = ReportForm(request.POST or None, choices=choices)
    if request.method == "POST" and form.is_valid():
        with form.showing_refusals():
            run = reporting.start_report(
                area_id=place.id,
                period_name=form.cleaned_data["period"],
                reason=form.cleaned_data["reason"],
                actor=request.actor,
                now=now,
                key=str(form.cleaned_data["key"]),
            )
            return HttpResponseRedirect(runs.url_of(run))
    context = {
        "place": place,
        "form": form if may_issue else None,
        "reports": _listed(selectors.reports_of(place)),
        "now": now,
    }
    return render(request, "indicators/reports.html", context, status=422 if form.errors else 200)


def _choices(today: date) -> list[tuple[str, str]]:
    """Return the periods that are over, the last first."""
    found = []
    for span, number in (
        (periods.MONTH, _MONTHS),
        (periods.QUARTER, _QUARTERS),
        (periods.YEAR, _YEARS),
    ):
        period = periods.period_of(span, today).before()
        for _step in range(number):
            found.append((period.name, words.title_of(period)))
            period = period.before()
    return found


def _listed(rows: list[Any]) -> list[dict[str, Any]]:
    seen: set[Any] = set()
    listed = []
    for row in rows:
        key = (row.span, row.first_day)
        title = words.title_of(periods.Period(row.span, row.first_day, row.last_day))
        listed.append({"row": row, "title": title, "is_superseded": key in seen})
        seen.add(key)
    return listed


@require_safe
def report(request: Request, report_id: UUID) -> HttpResponse:
    """Show a report as it was issued, to be read or printed."""
    row = selectors.get_report(report_id, request.actor)
    content = row.content
    labels = [label for label, _received, _resolved in content["trend"]]
    series = [charts.Series("", [one[at] for one in content["trend"]]) for at in (1, 2)]
    context = {
        "report": row,
        "content": content,
        "figures": selectors.figure_lines(row),
        "chart": charts.line(content["title"], labels, series) if labels else "",
        "tables": list(selectors.printed(row)),
        "is_superseded": selectors.is_superseded(row),
    }
    return render(request, "indicators/report.html", context)


@require_safe
def report_xlsx(request: Request, report_id: UUID) -> HttpResponse:
    """Give a report as a spreadsheet, made again from what was frozen."""
    row = selectors.get_report(report_id, request.actor)
    response = HttpResponse(report_file.spreadsheet(row), content_type=report_file.CONTENT_TYPE)
    name = content_disposition_header(True, report_file.name_of(row))
    response.headers["Content-Disposition"] = name or "attachment"
    return response
