"""What templates get: cards, rates, charts and tables of an overview, words and addresses ready."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from linli.indicators.rules import attention
from linli.indicators.rules.attention import Finding
from linli.indicators.rules.figures import total
from linli.indicators.selectors import BY_CODE, Figure, words
from linli.indicators.selectors.areas import by_path, ground_of
from linli.indicators.selectors.overview import RATE_CODES, SECRET, Line, Overview
from linli.kernel import charts

HEADS: Final = ("received", "resolved", "in_hand", "overdue")
_SMALL: Final = ("median_days", "rated", "unrated", "reopened", "declined", "merged", "me_too",
                 "excluded")  # fmt: skip


_FEW_SHAPES: Final = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """A figure as a page shows it. tone: "", late or good, for the line that compares."""

    code: str
    name: str
    value: str
    unit: str
    url: str
    explanation: str
    source: str = ""
    trend: str = ""
    tone: str = ""
    aim: str = ""
    misses_aim: bool = False
    official: str = ""
    basis: str = ""
    span: str = ""
    miss_url: str = ""
    meter: Any = ""


def address(area_id: UUID, code: str, **query: str) -> str:
    """Return the address of the rows behind a figure."""
    kept = {key: value for key, value in query.items() if value}
    return reverse("indicators:rows", args=[area_id, code]) + "?" + urlencode(kept)


def heads(found: Overview) -> list[Card]:
    """Return the four figures that a page begins with."""
    return [_count(found, BY_CODE[code]) for code in HEADS]


def smalls(found: Overview) -> list[Card]:
    """Return the other counts, and how long it takes."""
    return [_count(found, BY_CODE[code]) for code in _SMALL]


def rates(found: Overview) -> list[Card]:
    """Return the rates, raw beside official, each with what it rests on."""
    return [_rate(found, code) for code in RATE_CODES]


def _count(found: Overview, figure: Figure) -> Card:
    is_days = figure.code == "median_days"
    value, before = found.median, found.median_before
    if not is_days:
        sums = found.now if figure.is_now else found.counts
        value = float(total(figure.part, sums))
        is_compared = not figure.is_now and found.before["received"] > 0
        before = float(total(figure.part, found.before)) if is_compared else None
    aim = found.aims.get(figure.code)
    trend, tone = _change(figure, value, before)
    return Card(
        code=figure.code,
        name=str(figure.name),
        value=words.days(value) if is_days else f"{value or 0:,.0f}",
        unit="" if value is None else str(figure.unit),
        url=address(found.place.id, figure.code, period=found.period.name),
        explanation=str(figure.words),
        source=figure.source,
        trend=trend,
        tone=tone,
        aim=words.aim(figure, aim.value) if aim else "",
        misses_aim=bool(aim and value is not None and value > aim.value),
    )


def _change(figure: Figure, value: float | None, before: float | None) -> tuple[str, str]:
    if value is None or before is None or figure.is_now:
        return "", ""
    number = value - before
    if figure.code == "median_days":
        said = words.change(number, 1, str(figure.unit))
    else:
        said = words.change(number, 0)
    weighs = 0 if said == _("持平") else number * figure.better
    tone = ("good" if weighs > 0 else "late") if weighs else ""
    return _("较上期同期 %(change)s") % {"change": said}, tone


def _rate(found: Overview, code: str) -> Card:
    figure, rate, before = BY_CODE[code], found.rates[code], found.rates_before[code]
    aim = found.aims.get(code)
    trend, tone = "", ""
    if code != "closing" and rate.raw.rate is not None and before.raw.rate is not None:
        points = (rate.raw.rate - before.raw.rate) * 100
        said = words.change(points, 1, _("个百分点"))
        trend = _("较上期同期 %(change)s") % {"change": said}
        # Only what chance does not explain is good or bad.
        is_sure = (rate.raw.low or 0) > (before.raw.high or 1) or (rate.raw.high or 1) < (
            before.raw.low or 0
        )
        tone = ("good" if points > 0 else "late") if is_sure else ""
    query = {"period": found.period.name}
    has_official = bool(figure.official_whole)
    return Card(
        code=code,
        name=str(figure.name),
        value=words.percent(rate.raw),
        unit="",
        url=address(found.place.id, code, **query),
        miss_url=address(found.place.id, code, miss="1", **query),
        explanation=str(figure.words),
        source=figure.source,
        trend=trend,
        tone=tone,
        aim=words.aim(figure, aim.value) if aim else "",
        misses_aim=bool(aim and rate.raw.rate is not None and rate.raw.rate < aim.value),
        official=words.percent(rate.official) if has_official else "",
        basis=words.basis(code, rate),
        span=words.span_of(rate.raw),
        meter=charts.meter(rate.raw.rate or 0.0, aim.value if aim else None),
    )


def sentences(found: Overview) -> list[dict[str, str]]:
    """Return what needs attention, in words, each with where to look."""
    return [
        {"text": words.sentence(one, found), "url": _where(one, found)} for one in found.findings
    ]


def _where(one: Finding, found: Overview) -> str:
    query = {"period": found.period.name}
    if one.kind == "rose":
        return address(found.place.id, "received", category=one.subject, **query)
    if one.kind in ("below", "fell"):
        return address(found.place.id, one.subject, miss="1", **query)
    return address(found.place.id, "overdue" if one.kind == "overdue" else "reopened", **query)


def trend(found: Overview) -> dict[str, Any]:
    """Return the chart of what came in and what was resolved, and its table."""
    labels = [words.short(step) for step in found.steps]
    received = [None if one is None else one["received"] for one in found.trend]
    resolved = [None if one is None else one["resolved"] for one in found.trend]
    title = _("%(area)s，%(period)s：收到和办结") % {
        "area": found.place.name,
        "period": words.title_of(found.period),
    }
    series = [charts.Series(_("收到"), received), charts.Series(_("办结"), resolved)]
    rows = [row for row in zip(labels, received, resolved, strict=True) if row[1] is not None]
    return {"svg": charts.line(title, labels, series), "rows": rows}


def bars(found: Overview) -> list[dict[str, Any]]:
    """Return the categories with a bar each, the most frequent first."""
    lines = [line for line in found.categories if line.counts["received"]]
    most = max((line.counts["received"] for line in lines), default=1)
    return [
        {
            **_row(found, line, category=line.key),
            "is_closed": line.key == SECRET,
            "meter": charts.meter(line.counts["received"] / most),
        }
        for line in lines
    ]


def areas(found: Overview) -> list[dict[str, Any]]:
    """Return the areas below, each with its numbers and its own page."""
    query = f"?period={found.period.name}"
    return [
        {
            **_row(found, line),
            "url": reverse("indicators:area", args=[line.place.id]) + query,
        }
        for line in found.areas
        if line.place is not None
    ]


def handlers(found: Overview) -> list[dict[str, Any]]:
    """Return the organisations that handled cases, each with its numbers."""
    lines = [line for line in found.organisations if line.counts["received"]]
    return [_row(found, line, organisation=line.key) for line in lines]


_COLUMNS: Final = ("received", "resolved", "in_hand", "overdue")


def _row(found: Overview, line: Line, **narrow: str) -> dict[str, Any]:
    """Return a row of a table: numbers that open on their rows, rates with what they rest on."""
    area_id = line.place.id if line.place else found.place.id
    query = {"period": found.period.name, **narrow}
    return {
        "name": line.name,
        "cells": [_cell(line.counts, code, area_id, query) for code in _COLUMNS],
        "rates": [
            {
                "name": str(BY_CODE[code].name),
                "value": words.percent(line.rates[code].raw),
                "basis": words.basis(code, line.rates[code]) if line.rates[code].answers else "",
                "url": address(area_id, code, **query),
            }
            for code in ("response", "resolution", "satisfaction")
        ],
    }


def _cell(
    counts: Mapping[str, int], code: str, area_id: UUID, query: Mapping[str, str]
) -> dict[str, Any]:
    number = counts[code]
    return {
        "name": str(BY_CODE[code].name),
        "value": number,
        "url": address(area_id, code, **query) if number else "",
        "is_late": code == "overdue" and number > 0,
    }


def area_map(found: Overview, *, is_wall: bool = False) -> Any:
    """Return the map of the areas below, darker where more is in hand; nothing without boundaries."""
    ground = ground_of(found.place.path)
    if ground is None:
        return ""
    late = {path: (now["overdue"], now["in_hand"]) for path, now in found.parts.items()}
    most = max((in_hand for _overdue, in_hand in late.values()), default=0)
    hot = attention.worst(late) if is_wall else set()
    shapes = [
        _shape(outline, late[outline.place.path], most, found, hot=hot, is_wall=is_wall)
        for outline in ground.outlines
        if outline.place.path in late
    ]
    title = _("%(area)s各处在办的诉求，颜色越深越多；数字在旁边的表里。") % {
        "area": found.place.name
    }
    letters = 36 if len(shapes) <= _FEW_SHAPES else 24
    return charts.shaded_map(title, ground.view_box, shapes, size=letters - 6 * is_wall)


def parts(found: Overview) -> list[dict[str, Any]]:
    """Return what the map shows as a table, where it shows more than the areas right below."""
    if set(found.parts) == {line.key for line in found.areas}:
        return []
    query = {"period": found.period.name}
    return [
        {
            "name": one.name,
            "url": reverse("indicators:area", args=[one.id]) + "?" + urlencode(query),
            "cells": [_cell(now, code, one.id, query) for code in ("in_hand", "overdue")],
        }
        for path, now in found.parts.items()
        if (one := by_path(path)) is not None
    ]


def _shape(
    outline: Any, late: tuple[int, int], most: int, found: Overview, *, hot: set[str], is_wall: bool
) -> charts.Shape:
    overdue, in_hand = late
    note = _("%(n)s 件") % {"n": in_hand}
    if overdue:
        note = _("%(n)s 件 · 超时 %(late)s") % {"n": in_hand, "late": overdue}
    url = reverse("indicators:area", args=[outline.place.id]) + f"?period={found.period.name}"
    return charts.Shape(
        name=outline.place.name,
        d=outline.d,
        x=outline.x,
        y=outline.y,
        shade=charts.shade_of(in_hand, most),
        note=note,
        url="" if is_wall else url,
        is_hot=outline.place.path in hot,
    )
