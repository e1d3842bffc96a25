"""Issues the report of an area over a period: its numbers are frozen with their names and definitions.

The document is `Report.content`: {"place", "place_kind", "title", "figures": [{code, name, unit, words,
number | days | share, official, aim, before}], "sentences": [text], "trend": [[label, received,
resolved]], "areas" | "categories" | "organisations": [{"name", "counts", "rates"}]}. A share is
[part, whole, low, high]. Pages and files are made of it alone.
"""

from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.db.models import Max
from django.urls import reverse
from django.utils.translation import gettext as _

from linli.indicators.errors import NeedsReason, NotOver
from linli.indicators.events import ReportIssued
from linli.indicators.models import Report
from linli.indicators.rules.figures import Unit, total
from linli.indicators.rules.periods import WEEK, Period, read_period
from linli.indicators.rules.shares import Share
from linli.indicators.selectors import words
from linli.indicators.selectors.areas import Place, area_for
from linli.indicators.selectors.figures import BY_CODE, FIGURES, VERSION
from linli.indicators.selectors.overview import Line, Overview, overview
from linli.indicators.services.targets import DUTY
from linli.kernel import clock, events, runs
from linli.kernel.actor import Actor
from linli.kernel.errors import BadInput

KIND: Final = "indicators.report"
_COLUMNS: Final = ("received", "resolved", "closed", "in_hand", "overdue", "declined", "reopened")
_RATES: Final = ("response", "resolution", "satisfaction", "on_time")


def start_report(
    *, area_id: UUID, period_name: str, reason: str, actor: Actor, now: datetime, key: str
) -> runs.Run:
    """Ask for a report; the same key again gives the same run.

    Errors: NotFound, NotAllowed, BadInput, NotOver, NeedsReason.
    """
    place, period = _check(area_id, period_name, reason, actor, now)
    title = _("%(area)s %(period)s报告") % {"area": place.name, "period": words.title_of(period)}
    data = {"area_id": str(area_id), "period": period.name, "reason": reason.strip()}
    return runs.start(KIND, title=title, data=data, actor=actor, now=now, key=key, duty=DUTY)


@transaction.atomic
def issue_report(
    *, area_id: UUID, period_name: str, reason: str = "", actor: Actor, now: datetime
) -> Report:
    """Freeze the numbers of a period that is over. Issued again, it takes the place of the one before,
    which stays readable; then it says why.

    Errors: NotFound, NotAllowed, BadInput, NotOver, NeedsReason.
    """
    place, period = _check(area_id, period_name, reason, actor, now)
    found = overview(place, period, clock.local(now).date())
    earlier = _earlier(area_id, period)
    report = Report.objects.create(
        area_id=area_id,
        span=period.span,
        first_day=period.first_day,
        last_day=period.last_day,
        number=earlier + 1,
        reason=reason.strip() if earlier else "",
        version=VERSION,
        content=document(found),
        issued_by=actor.account_id,
        issued_name=actor.name,
        issued_at=now,
    )
    event = ReportIssued(
        subject_id=report.pk,
        area_path=place.path,
        span=period.span,
        first_day=period.first_day,
        number=report.number,
    )
    events.record(event, actor=actor, at=now)
    return report


def _check(
    area_id: UUID, period_name: str, reason: str, actor: Actor, now: datetime
) -> tuple[Place, Period]:
    place = area_for(area_id, actor)
    actor.require(DUTY, place.path)
    period = read_period(period_name)
    if period is None or period.span == WEEK:
        raise BadInput(_("选一个月、一个季度或一年。"), field="period")
    if period.last_day >= clock.local(now).date():
        raise NotOver(_("这段时间还没有过完，过完再出报告。"), field="period")
    if _earlier(area_id, period) and not reason.strip():
        raise NeedsReason(
            _("这段时间出过报告了。再出一次要写为什么，会印在报告上。"), field="reason"
        )
    return place, period


def _earlier(area_id: UUID, period: Period) -> int:
    """Return how often the period was reported on."""
    rows = Report.objects.filter(area_id=area_id, span=period.span, first_day=period.first_day)
    return rows.aggregate(most=Max("number"))["most"] or 0


def link_of(report: Report) -> str:
    """Return the address of a report's page."""
    return reverse("indicators:report", args=[report.pk])


def document(found: Overview) -> dict[str, Any]:
    """Return an overview as the document of a report."""
    return {
        "place": found.place.name,
        "place_kind": found.place.kind_name,
        "title": words.title_of(found.period),
        "figures": [_figure(found, figure.code) for figure in FIGURES],
        "sentences": [words.sentence(one, found) for one in found.findings],
        "trend": [
            [words.short(step), one["received"], one["resolved"]]
            for step, one in zip(found.steps, found.trend, strict=True)
            if one is not None
        ],
        "areas": [_line(line) for line in found.areas],
        "categories": [_line(line) for line in found.categories],
        "organisations": [_line(line) for line in found.organisations],
    }


def _figure(found: Overview, code: str) -> dict[str, Any]:
    figure, aim = BY_CODE[code], found.aims.get(code)
    known: dict[str, Any] = {
        "code": code,
        "name": str(figure.name),
        "unit": str(figure.unit),
        "words": str(figure.words),
        "aim": words.aim(figure, aim.value) if aim else "",
    }
    if figure.unit == Unit.DAYS:
        return known | {"days": found.median, "before": found.median_before}
    if figure.whole:
        rate, before = found.rates[code], found.rates_before[code]
        official = _share(rate.official) if figure.official_whole else None
        known |= {"share": _share(rate.raw), "official": official, "before": _share(before.raw)}
        return known
    counts = found.now if figure.is_now else found.counts
    before_number = None if figure.is_now else total(figure.part, found.before)
    return known | {"number": total(figure.part, counts), "before": before_number}


def _line(line: Line) -> dict[str, Any]:
    return {
        "name": line.name,
        "counts": {code: line.counts[code] for code in _COLUMNS},
        "rates": {code: _share(line.rates[code].raw) for code in _RATES},
    }


def _share(share: Share) -> list[Any]:
    return [share.part, share.whole, share.low, share.high]
