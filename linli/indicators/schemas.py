"""What the API of the figures takes and tells."""

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from ninja import Schema
from pydantic import Field

from linli.kernel.api import In, Line

PeriodName = Annotated[
    str,
    Field(
        max_length=10,
        description="2026-W10 一周，2026-03 一个月，2026-Q1 一个季度，2026 一年；不写是这个月。",
    ),
]


class FigureOut(Schema):
    """A figure: what it is called, and how it is worked out, in words."""

    code: str
    name: str
    unit: str
    words: str
    is_rate: bool
    is_now: bool = Field(description="此刻的数字，和时间段无关。")


class PlaceOut(Schema):
    """An area that the key looks after."""

    id: UUID
    name: str
    kind: str
    path: str


class ShareOut(Schema):
    """A share; `rate`, `low` and `high` are null where there is nothing to share."""

    part: int
    whole: int
    rate: float | None
    low: float | None = Field(description="95% 可能范围的下限（Wilson）。")
    high: float | None


class RateOut(Schema):
    """A rate of all, beside the official one, and on how many answers it rests."""

    code: str
    raw: ShareOut
    official: ShareOut
    answers: int
    target: float | None = None


class NumbersOut(Schema):
    """The numbers of an area, a category or a handler."""

    key: str
    name: str
    counts: dict[str, int]
    rates: list[RateOut]


class AreaFiguresOut(NumbersOut):
    """The numbers of an area in a period, and of what lies below it."""

    period: str
    first_day: date
    last_day: date
    in_hand: int
    overdue: int
    median_days: float | None
    attention: list[str] = Field(description="需要关注的，最要紧的在前。")
    areas: list[NumbersOut]
    categories: list[NumbersOut]
    organisations: list[NumbersOut]


class RowOut(Schema):
    """A case behind a number."""

    id: UUID
    number: str
    title: str
    state: str
    reported_at: datetime
    resolved_at: datetime | None


class RowsOut(Schema):
    """One page of the cases behind a number; `hidden` of them are counted and not for this key."""

    items: list[RowOut]
    hidden: int
    next: str | None


class RowsQuery(Schema):
    """Which of the cases behind a number."""

    period: PeriodName = ""
    category: str = Field("", max_length=40, description="类别的编号；写了就不看承办单位。")
    organisation_id: UUID | None = None
    is_miss: bool = Field(False, description="比率里没达到的那些。")
    cursor: str = Field("", max_length=200)


class TargetsIn(In):
    """Targets by figure: shares of 1, or days; null drops one, what is not named stays."""

    values: dict[Annotated[str, Field(max_length=30)], float | None] = Field(max_length=20)


class TargetOut(Schema):
    """A target that holds for an area, and the path of the area it was set for."""

    figure: str
    value: float
    area_path: str


class PeriodReportIn(In):
    """Which period is reported on; a reason when it was reported on before."""

    period: PeriodName
    reason: Line = ""


class ReportOut(Schema):
    """A report as it was issued; `content` is the document and never changes."""

    id: UUID
    span: str
    first_day: date
    last_day: date
    number: int
    reason: str
    version: int
    issued_at: datetime


class ReportDocumentOut(ReportOut):
    """A report with its document."""

    content: dict[str, Any]


class WhistleStepOut(Schema):
    """One step of answering a whistle: report, arrive or finish; raw beside official."""

    code: str
    raw: ShareOut
    official: ShareOut


class OfficeOut(Schema):
    """How one organisation answered the whistles of a period."""

    organisation_id: UUID
    name: str
    called: int
    led: int
    missing: int
    scored: int
    satisfied: int
    rates: list[WhistleStepOut]
