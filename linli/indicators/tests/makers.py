"""Makes what stories about figures need: a report that was issued, a goal kept by hand."""

from datetime import date
from typing import Any

from linli.indicators.models import Goal, Report
from linli.indicators.rules.periods import period_of
from linli.indicators.selectors.areas import area_for
from linli.indicators.selectors.overview import overview
from linli.indicators.services.reporting import document
from linli.kernel import clock
from linli.kernel.actor import Actor


def make_report(area: Any, actor: Actor, *, day: date = date(2026, 3, 2)) -> Report:
    """Return the report of a month, issued now."""
    now, period = clock.now(), period_of("month", day)
    found = overview(area_for(area.pk, actor), period, clock.local(now).date())
    return Report.objects.create(
        area=area, span=period.span, first_day=period.first_day, last_day=period.last_day,
        version=1, content=document(found), issued_name=actor.name, issued_at=now,
    )  # fmt: skip


def make_goal(area: Any) -> Goal:
    """Return a goal that is kept by hand."""
    now = clock.now()
    return Goal.objects.create(
        area=area, year=clock.local(now).year, name="日间照料点", unit="个", target=3, set_at=now
    )
