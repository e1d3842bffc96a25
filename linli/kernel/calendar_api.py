"""The working calendar for other systems: holidays, make-up workdays, hours."""

from datetime import date, time
from typing import Annotated, Any

from ninja import Path, Router, Schema
from pydantic import AfterValidator, Field, WithJsonSchema

from linli.kernel import calendar, clock
from linli.kernel.api import Day, In
from linli.kernel.web import Request

router = Router(tags=["工作日历"])


def _local(moment: time) -> time:
    if moment.tzinfo is not None:
        raise ValueError("写当地时间，不带时区。")
    return moment


_CLOCK = {"type": "string", "pattern": r"^([01]\d|2[0-3]):[0-5]\d(:[0-5]\d)?$"}
Clock = Annotated[time, AfterValidator(_local), WithJsonSchema(_CLOCK)]
Year = Annotated[int, Path(ge=2000, le=2099)]


class DayOut(Schema):
    """A day that differs from its weekday."""

    date: date
    is_workday: bool
    name: str
    source: str


class DayIn(In):
    """Whether people work on it."""

    is_workday: bool
    name: str = Field("", max_length=30)


class HoursOut(Schema):
    """The working day, local."""

    opens_at: Clock
    lunch_starts_at: Clock | None
    lunch_ends_at: Clock | None
    closes_at: Clock


class HoursIn(In):
    """The working day, local; without a lunch break both are left out."""

    opens_at: Clock
    lunch_starts_at: Clock | None = None
    lunch_ends_at: Clock | None = None
    closes_at: Clock


@router.get("calendar/hours", response=HoursOut, operation_id="get_hours", summary="工作时间")
def get_hours(request: Request) -> Any:
    """Any key may read it."""
    return calendar.get_hours()


@router.put("calendar/hours", response=HoursOut, operation_id="set_working_hours",
            summary="改工作时间")  # fmt: skip
def set_working_hours(request: Request, body: HoursIn) -> Any:
    """Open promises follow; needs kernel.calendar."""
    calendar.set_working_hours(**body.model_dump(), actor=request.actor, now=clock.now())
    return calendar.get_hours()


@router.get(
    "calendar/{year}", response=list[DayOut], operation_id="days_of", summary="一年的放假和调休"
)
def days_of(request: Request, year: Year) -> Any:
    """The days that differ from their weekday; any key may read them."""
    return calendar.days_of(year)


@router.put("calendar/days/{day}", response=DayOut, operation_id="edit_day", summary="改一天")
def edit_day(request: Request, day: Annotated[Day, Path()], body: DayIn) -> Any:
    """Open promises follow; needs kernel.calendar."""
    return calendar.edit_day(day=day, **body.model_dump(), actor=request.actor, now=clock.now())
