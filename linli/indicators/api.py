"""Figures for other systems: the same numbers as the leaders' pages, with definitions and rows."""

from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.utils.http import content_disposition_header
from ninja import Query, Router

from linli.cases.selectors.whistle_counts import OfficeCount, office_counts
from linli.indicators import schemas
from linli.indicators.rules import periods
from linli.indicators.rules.periods import Period
from linli.indicators.rules.shares import Rate, Share, share
from linli.indicators.selectors import BY_CODE, FIGURES, reports, words
from linli.indicators.selectors.areas import area_for, first_areas
from linli.indicators.selectors.overview import Line, Overview, overview
from linli.indicators.selectors.rows import Asked, rows_behind
from linli.indicators.selectors.targets import aims_of
from linli.indicators.services import report_file, reporting, targets
from linli.kernel import api, clock
from linli.kernel.errors import BadInput, NotFound
from linli.kernel.web import Request

router = Router(tags=["数字"])
_XLSX: Any = {
    "responses": {
        200: {
            "description": "OK",
            "content": {
                report_file.CONTENT_TYPE: {"schema": {"type": "string", "format": "binary"}}
            },
        }
    }
}
_AREA = "figures/areas/{uuid:area_id}"


@router.get("figures", response=list[schemas.FigureOut], operation_id="list_figures",
            summary="每个数字怎么算")  # fmt: skip
def list_figures(request: Request) -> Any:
    """Every figure with its definition in words."""
    return [
        {
            "code": one.code, "name": str(one.name), "unit": str(one.unit),
            "words": str(one.words), "is_rate": bool(one.whole), "is_now": one.is_now,
        }
        for one in FIGURES
    ]  # fmt: skip


@router.get("figures/areas", response=list[schemas.PlaceOut], operation_id="list_figure_areas",
            summary="看得到数字的区域")  # fmt: skip
def list_areas(request: Request) -> Any:
    """The highest areas that the key looks after; those below come with their figures."""
    return first_areas(request.actor)


@router.get(_AREA, response=schemas.AreaFiguresOut, operation_id="get_figures",
            summary="一个区域一段时间的数字")  # fmt: skip
def get_figures(request: Request, area_id: UUID, period: schemas.PeriodName = "") -> Any:
    """Counts, rates with their answers and interval, what needs attention, and the areas below."""
    place, asked = area_for(area_id, request.actor), _period(period)
    found = overview(place, asked, clock.local(clock.now()).date())
    return {
        "key": place.path,
        "name": place.name,
        "counts": found.counts,
        "rates": [_rate(code, rate, found) for code, rate in found.rates.items()],
        "period": asked.name,
        "first_day": asked.first_day,
        "last_day": asked.last_day,
        **found.now,
        "median_days": found.median,
        "attention": [words.sentence(one, found) for one in found.findings],
        "areas": [_numbers(line) for line in found.areas],
        "categories": [_numbers(line) for line in found.categories],
        "organisations": [_numbers(line) for line in found.organisations],
    }


def _period(name: str) -> Period:
    found = periods.read_period(name) if name else None
    if name and found is None:
        raise BadInput("时间写成 2026-W10、2026-03、2026-Q1 或 2026。", field="period")
    return found or periods.period_of(periods.MONTH, clock.local(clock.now()).date())


def _numbers(line: Line) -> dict[str, Any]:
    rates = [_rate(code, rate) for code, rate in line.rates.items()]
    return {"key": line.key, "name": line.name, "counts": line.counts, "rates": rates}


def _rate(code: str, rate: Rate, found: Overview | None = None) -> dict[str, Any]:
    aim = found.aims.get(code) if found else None
    return {
        "code": code,
        "raw": _share(rate.raw),
        "official": _share(rate.official),
        "answers": rate.answers,
        "target": aim.value if aim else None,
    }


def _share(share: Share) -> dict[str, Any]:
    return {
        "part": share.part, "whole": share.whole, "rate": share.rate, "low": share.low,
        "high": share.high,
    }  # fmt: skip


@router.get(f"{_AREA}/cases/{{slug:figure}}", response=schemas.RowsOut,
            operation_id="list_figure_cases", summary="数字后面的工单")  # fmt: skip
def list_cases(
    request: Request, area_id: UUID, figure: str, asked: Query[schemas.RowsQuery]
) -> Any:
    """The cases that a figure counts, the newest day first; of a rate, its whole or what missed it."""
    place, period = area_for(area_id, request.actor), _period(asked.period)
    if figure not in BY_CODE:
        raise NotFound("没有这个数字。")
    found = rows_behind(
        Asked(
            figure=BY_CODE[figure],
            area_path=place.path,
            first_day=period.first_day,
            last_day=period.last_day,
            category=asked.category,
            organisation=_narrowed(asked),
            is_miss=asked.is_miss,
            after=api.read_cursor(asked.cursor),
        ),
        request.actor,
    )
    after = api.cursor(found.next_after) if found.next_after else None
    return {"items": found.cases, "hidden": found.hidden, "next": after}


def _narrowed(asked: schemas.RowsQuery) -> str:
    is_used = asked.organisation_id is not None and not asked.category
    return asked.organisation_id.hex if is_used and asked.organisation_id else ""


@router.get(f"{_AREA}/targets/{{year}}", response=list[schemas.TargetOut],
            operation_id="list_targets", summary="年度目标")  # fmt: skip
def list_targets(request: Request, area_id: UUID, year: int) -> Any:
    """The targets that hold for an area: its own, else those of the nearest area above."""
    return list(aims_of(area_for(area_id, request.actor).path, _year(year)).values())


@router.put(f"{_AREA}/targets/{{year}}", response=list[schemas.TargetOut],
            operation_id="set_targets", summary="定年度目标")  # fmt: skip
def set_targets(request: Request, area_id: UUID, year: int, body: schemas.TargetsIn) -> Any:
    """Set or drop targets of the area itself."""
    targets.set_targets(
        area_id=area_id,
        year=_year(year),
        values=body.values,
        actor=request.actor,
        now=clock.now(),
    )
    return list_targets(request, area_id, year)


def _year(year: int) -> int:
    if not periods.EARLIEST <= year <= periods.LATEST:
        raise NotFound("没有这一年。")
    return year


@router.get(f"{_AREA}/reports", response=list[schemas.ReportOut], operation_id="list_reports",
            summary="出过的报告")  # fmt: skip
def list_reports(request: Request, area_id: UUID) -> Any:
    """The reports of an area, the last issued first; the newest number of a period stands."""
    return reports.reports_of(area_for(area_id, request.actor))


@router.post(f"{_AREA}/reports", response={201: schemas.ReportDocumentOut},
             operation_id="issue_report", summary="出报告")  # fmt: skip
def issue_report(request: Request, area_id: UUID, body: schemas.PeriodReportIn) -> Any:
    """Freeze the numbers of a month, quarter or year that is over."""
    made, _is_new = api.once(
        request,
        lambda: (
            reporting.issue_report(
                area_id=area_id,
                period_name=body.period,
                reason=body.reason,
                actor=request.actor,
                now=clock.now(),
            ).pk
        ),
    )
    return reports.get_report(made, request.actor)


@router.get("figures/reports/{uuid:report_id}", response=schemas.ReportDocumentOut,
            operation_id="get_report", summary="一份报告")  # fmt: skip
def get_report(request: Request, report_id: UUID) -> Any:
    """A report with its document, as it was issued."""
    return reports.get_report(report_id, request.actor)


@router.get("figures/reports/{uuid:report_id}/xlsx", operation_id="get_report_file",
            summary="报告的表格", openapi_extra=_XLSX)  # fmt: skip
def get_report_file(request: Request, report_id: UUID) -> HttpResponse:
    """Made again from what was frozen."""
    row = reports.get_report(report_id, request.actor)
    answer = HttpResponse(report_file.spreadsheet(row), content_type=report_file.CONTENT_TYPE)
    name = content_disposition_header(True, report_file.name_of(row))
    answer.headers["Content-Disposition"] = name or "attachment"
    return answer


@router.get(f"{_AREA}/whistles", response=list[schemas.OfficeOut], operation_id="list_whistle_rates",
            summary="各单位吹哨报到")  # fmt: skip
def list_whistle_rates(request: Request, area_id: UUID, period: schemas.PeriodName = "") -> Any:
    """How each organisation that was called answered: reported in, on site, done in time."""
    place, asked = area_for(area_id, request.actor), _period(period)
    start = datetime.combine(asked.first_day, time(), tzinfo=clock.BEIJING)
    end = datetime.combine(asked.last_day + timedelta(days=1), time(), tzinfo=clock.BEIJING)
    return [_office(one) for one in office_counts(place.path, start, end, clock.now())]


def _office(one: OfficeCount) -> dict[str, Any]:
    steps = {name: getattr(one, name) for name in ("report", "arrive", "finish")}
    return {
        "organisation_id": one.organisation_id,
        "name": one.name,
        "called": one.called,
        "led": one.led,
        "missing": one.missing,
        "scored": one.scored,
        "satisfied": one.satisfied,
        "rates": [
            {
                "code": name,
                "raw": _share(share(step.in_time, step.whole)),
                "official": _share(share(step.official_in_time, step.official_whole)),
            }
            for name, step in steps.items()
        ],
    }
