"""How figures read: numbers with their unit, rates with what they rest on, periods by name."""

from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.indicators.rules.attention import Finding
from linli.indicators.rules.figures import Figure, Unit
from linli.indicators.rules.periods import MONTH, QUARTER, WEEK, Period
from linli.indicators.rules.shares import Rate, Share
from linli.indicators.selectors.figures import BY_CODE
from linli.indicators.selectors.overview import Overview

# From so many on a tenth of a percent says something.
_FINE: Final = 200
SPAN_NAMES: Final = {
    "week": gettext_lazy("周"),
    "month": gettext_lazy("月"),
    "quarter": gettext_lazy("季"),
    "year": gettext_lazy("年"),
}


def percent(share: Share) -> str:
    """Write a share: 92%, 92.4% where it rests on many, 没有 where there is nothing to share."""
    if share.rate is None:
        return _("没有")
    return f"{share.rate * 100:.1f}%" if share.whole >= _FINE else f"{share.rate * 100:.0f}%"


def span_of(share: Share) -> str:
    """Write between what the true share lies, in 95 of 100 cases; nothing for a share of nothing."""
    if share.low is None or share.high is None:
        return ""
    return f"{share.low * 100:.0f}%—{share.high * 100:.0f}%"


def basis(code: str, rate: Rate) -> str:
    """Write on what a rate rests: 13 人评价, 应答复 40 件."""
    said: dict[str, Any] = {
        "response": _("应答复 %(n)s 件"),
        "resolution": _("%(n)s 人评价"),
        "satisfaction": _("%(n)s 人评价"),
    }
    return said.get(code, _("共 %(n)s 件")) % {"n": f"{rate.answers:,}"}


def change(number: float, digits: int, unit: str = "") -> str:
    """Write how much more or less: +3, −8.2 个百分点; 持平 where it rounds to nothing."""
    said = f"{number:+,.{digits}f}"
    if float(said.replace(",", "")) == 0:
        return _("持平")
    return f"{said} {unit}".rstrip().replace("-", "−")


def days(value: float | None) -> str:
    """Write a number of days: 0.4, 3.2, 12."""
    if value is None:
        return _("没有")
    return f"{value:.0f}" if value >= 10 else f"{value:.1f}"


def aim(figure: Figure, value: float) -> str:
    """Write a target with its unit: 90%, 3 天."""
    if figure.unit == Unit.RATE:
        return f"{value * 100:g}%"
    return f"{value:g} {figure.unit}"


def title_of(period: Period) -> str:
    """Return the name of a period: 2026 年 3 月, 2026 年第 10 周（3 月 2 日—3 月 8 日）."""
    first, last = period.first_day, period.last_day
    if period.span == WEEK:
        year, week, _day = first.isocalendar()
        return _("%(year)s 年第 %(week)s 周（%(first)s—%(last)s）") % {
            "year": year,
            "week": week,
            "first": _day_of(first),
            "last": _day_of(last),
        }
    if period.span == QUARTER:
        return _("%(year)s 年第 %(n)s 季度") % {"year": first.year, "n": first.month // 3 + 1}
    if period.span == MONTH:
        return _("%(year)s 年 %(month)s 月") % {"year": first.year, "month": first.month}
    return _("%(year)s 年") % {"year": first.year}


def _day_of(day: Any) -> str:
    return _("%(month)s 月 %(day)s 日") % {"month": day.month, "day": day.day}


def short(step: Period) -> str:
    """Return what a chart writes under a step: 3-02, 第 10 周, 3 月."""
    if step.span == WEEK:
        return _("%(n)s 周") % {"n": step.first_day.isocalendar()[1]}
    if step.span == MONTH:
        return _("%(n)s 月") % {"n": step.first_day.month}
    return f"{step.first_day.month}-{step.first_day.day:02d}"


def sentence(finding: Finding, found: Overview) -> str:
    """Say in a plain sentence what needs attention."""
    return _SENTENCES[finding.kind](finding, found)


def _overdue(one: Finding, found: Overview) -> str:
    said = _("%(n)s 件超时还没办完，占在办的 %(share)s") % {
        "n": f"{one.number:,}",
        "share": _part(one.number / max(one.whole, 1)),
    }
    if not one.subject:
        return said + "。"
    name = next((line.name for line in found.areas if line.key == one.subject), "")
    more = _("，最多的是%(area)s（%(n)s 件）。") % {"area": name, "n": f"{one.value:.0f}"}
    return said + more


def _below(one: Finding, found: Overview) -> str:
    return _("%(figure)s %(rate)s（%(basis)s），低于目标 %(aim)s。") % {
        "figure": BY_CODE[one.subject].name,
        "rate": percent(found.rates[one.subject].raw),
        "basis": basis(one.subject, found.rates[one.subject]),
        "aim": aim(BY_CODE[one.subject], one.other),
    }


def _fell(one: Finding, found: Overview) -> str:
    return _("%(figure)s从上期同期的 %(before)s 降到 %(rate)s（%(basis)s）。") % {
        "figure": BY_CODE[one.subject].name,
        "before": percent(found.rates_before[one.subject].raw),
        "rate": percent(found.rates[one.subject].raw),
        "basis": basis(one.subject, found.rates[one.subject]),
    }


def _rose(one: Finding, found: Overview) -> str:
    name = next((line.name for line in found.categories if line.key == one.subject), one.subject)
    return _("“%(category)s”收到 %(n)s 件，上期同期 %(before)s 件。") % {
        "category": name,
        "n": f"{one.number:,}",
        "before": f"{one.whole:,}",
    }


def _again(one: Finding, found: Overview) -> str:
    return _("收到的 %(whole)s 件里有 %(n)s 件重办过，占 %(share)s。") % {
        "whole": f"{one.whole:,}",
        "n": f"{one.number:,}",
        "share": _part(one.value),
    }


def _part(share: float) -> str:
    return _("不到 1%") if 0 < share < 0.01 else f"{share * 100:.0f}%"


_SENTENCES: Final = {
    "overdue": _overdue,
    "below": _below,
    "fell": _fell,
    "rose": _rose,
    "again": _again,
}
