"""Reports that were issued, read from what was frozen."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _later

from linli.indicators.models import Report
from linli.indicators.rules.shares import Share
from linli.indicators.selectors import words
from linli.indicators.selectors.areas import Place, area_for
from linli.kernel.actor import Actor
from linli.kernel.errors import NotFound

MOST_LISTED = 60
_TABLES = (
    ("areas", _later("各处")),
    ("categories", _later("类别")),
    ("organisations", _later("承办单位")),
)
Row = list[Any]


class Percent(float):
    """A number that a file shows as a percent."""


def reports_of(place: Place) -> list[Report]:
    """Return the reports of an area, the last issued first, without their documents."""
    rows = Report.objects.filter(area_id=place.id).order_by("-id").defer("content")
    return list(rows[:MOST_LISTED])


def get_report(report_id: UUID, actor: Actor) -> Report:
    """Return a report of an area that the actor looks after. Errors: NotFound."""
    report = Report.objects.filter(pk=report_id).first()
    if report is None:
        raise NotFound(_("没有找到这份报告。"))
    area_for(report.area_id, actor)
    return report


def is_superseded(report: Report) -> bool:
    """Tell whether the same period was reported on again later."""
    later = Report.objects.filter(
        area_id=report.area_id, span=report.span, first_day=report.first_day
    )
    return later.filter(number__gt=report.number).exists()


def figure_lines(report: Report) -> list[dict[str, str]]:
    """Return the figures of a report in words: name, value, official, basis, span, aim, before."""
    return [_figure(one) for one in report.content["figures"]]


def _figure(one: dict[str, Any]) -> dict[str, str]:
    line = {"name": one["name"], "words": one["words"], "aim": one["aim"], "official": ""}
    line |= {"basis": "", "span": "", "before": "", "unit": ""}
    if "share" in one:
        share = Share(*one["share"])
        line |= {"value": words.percent(share), "span": words.span_of(share)}
        line |= {"basis": f"{share.part:,} / {share.whole:,}"}
        line |= {"before": words.percent(Share(*one["before"]))}
        if one["official"] is not None:
            line["official"] = words.percent(Share(*one["official"]))
    elif "days" in one:
        line |= {"value": words.days(one["days"]), "before": words.days(one["before"])}
        line["unit"] = one["unit"] if one["days"] is not None else ""
    else:
        line |= {"value": f"{one['number']:,}", "unit": one["unit"]}
        line["before"] = "" if one["before"] is None else f"{one['before']:,}"
    return line


def sections(report: Report) -> Iterator[tuple[str, list[Row], list[Row]]]:
    """Yield the tables of a report for a file: title, head rows, rows; numbers stay numbers."""
    content = report.content
    yield _("指标"), [_figure_head()], [_file_row(one) for one in content["figures"]]
    yield _("趋势"), [[_("时间"), _("收到"), _("办结")]], content["trend"]
    for code, title in _TABLES:
        if content[code]:
            yield str(title), [_line_head(str(title))], [_file_line(one) for one in content[code]]


def printed(report: Report) -> Iterator[tuple[str, Row, list[list[str]]]]:
    """Yield the tables below the figures as a sheet of A4 has room for: title, head, rows of words."""
    for code, title in _TABLES:
        if report.content[code]:
            rates = [_("响应率"), _("解决率"), _("满意率"), _("按时办结率")]
            head = [str(title), _("收到"), _("办结"), _("在办"), _("超时"), *rates]
            yield str(title), head, [_paper_line(one) for one in report.content[code]]


def _paper_line(one: dict[str, Any]) -> list[str]:
    counts = [f"{one['counts'][code]:,}" for code in ("received", "resolved", "in_hand", "overdue")]
    rates = [
        _rate_on(one["rates"][code])
        for code in ("response", "resolution", "satisfaction", "on_time")
    ]
    return [one["name"], *counts, *rates]


def _rate_on(share: Any) -> str:
    """Write a rate with what it rests on: 92%（13）."""
    return f"{share[0] / share[1] * 100:.0f}%（{share[1]:,}）" if share[1] else "—"


def _figure_head() -> Row:
    return [_("指标"), _("数值"), _("单位"), _("分子"), _("分母"), _("95% 下限"), _("95% 上限"), _("官方"),
            _("目标"), _("上期同期"), _("怎么算的")]  # fmt: skip


def _file_row(one: dict[str, Any]) -> Row:
    if "share" in one:
        part, whole, low, high = one["share"]
        official, before = one["official"], one["before"]
        return [one["name"], _rate(one["share"]), one["unit"], part, whole, _percent(low),
                _percent(high), _rate(official), one["aim"], _rate(before), one["words"]]  # fmt: skip
    value = one.get("days", one.get("number"))
    return [one["name"], value, one["unit"], None, None, None, None, None, one["aim"],
            one["before"], one["words"]]  # fmt: skip


def _rate(share: Any) -> Percent | None:
    return Percent(share[0] / share[1]) if share and share[1] else None


def _percent(value: float | None) -> Percent | None:
    return None if value is None else Percent(value)


def _line_head(title: str) -> Row:
    return [title, _("收到"), _("办结"), _("归档"), _("在办"), _("超时在办"), _("不予受理"), _("重办"),
            _("响应率"), _("应答复"), _("解决率"), _("满意率"), _("评价数"), _("按时办结率")]  # fmt: skip


def _file_line(one: dict[str, Any]) -> Row:
    rates = one["rates"]
    return [
        one["name"],
        *(one["counts"][code] for code in ("received", "resolved", "closed", "in_hand", "overdue",
                                           "declined", "reopened")),
        _rate(rates["response"]), rates["response"][1], _rate(rates["resolution"]),
        _rate(rates["satisfaction"]), rates["satisfaction"][1], _rate(rates["on_time"]),
    ]  # fmt: skip
