"""What the API of stations and their rosters takes and tells."""

from datetime import date, datetime, time
from typing import Annotated
from uuid import UUID

from ninja import Schema
from pydantic import Field

from linli.kernel.api import Day, In, Moment
from linli.posts.schemas import Name

Weekday = Annotated[int, Field(ge=0, le=6, description="0 是星期一")]


class OnDutyOut(Schema):
    """Who is on duty now, until when; closed: when it opens next within a week."""

    is_open: bool
    names: list[str]
    until: datetime | None
    opens_at: datetime | None


class StationLineOut(Schema):
    """A station; gaps are those of the seven days from today."""

    id: UUID
    name: str
    area_id: UUID
    address: str
    phone: str
    now: OnDutyOut
    gap_count: int
    free_count: int


class MemberOut(Schema):
    """Somebody who belongs to a station."""

    id: UUID
    account_id: UUID
    name: str


class SeatOut(Schema):
    """A kind of people of a station: how many there should be, who they are."""

    id: UUID
    label: str
    count: int
    members: list[MemberOut]


class SeatIn(In):
    """A kind of people and how many of them."""

    label: str = Field(min_length=1, max_length=20)
    count: int = Field(ge=1, le=50)


class ShiftIn(In):
    """A stretch of the ordinary week in which the station is open, and how many are needed."""

    weekday: Weekday
    opens_at: time
    closes_at: time
    needed: int = Field(1, ge=1, le=20)


class ShiftOut(Schema):
    """A stretch of the ordinary week."""

    weekday: int
    opens_at: time
    closes_at: time
    needed: int


class StationOut(Schema):
    """A station with its seats and its ordinary week."""

    id: UUID
    code: str
    name: str
    area_id: UUID
    address: str
    phone: str
    is_open_on_holidays: bool
    ended_at: datetime | None
    seats: list[SeatOut]
    shifts: list[ShiftOut]


class StationIn(In):
    """A station as it should be."""

    name: Name
    area_id: UUID
    address: str = Field("", max_length=120)
    phone: str = Field("", max_length=20)
    is_open_on_holidays: bool = False
    seats: list[SeatIn] = Field([], max_length=20)
    shifts: list[ShiftIn] = Field([], max_length=60)


class TurnOut(Schema):
    """Somebody on duty."""

    id: UUID
    account_id: UUID
    name: str


class SlotOut(Schema):
    """A stretch of a day: who is on duty, and how many are missing."""

    starts_at: datetime
    ends_at: datetime
    needed: int
    gap: int
    turns: list[TurnOut]


class RosterDayOut(Schema):
    """A day of a roster; `note` says what makes it differ from its weekday."""

    day: date
    note: str
    is_closed: bool
    slots: list[SlotOut]


class RosterIn(In):
    """The days whose gaps are to be filled, both included."""

    first_on: Day
    last_on: Day


class RosterQuery(In):
    """From which day on, and how many days."""

    first_on: Day
    days: int = Field(7, ge=1, le=62)


class TurnIn(In):
    """Who is put on duty; `starts_at` as a stretch of the roster has it."""

    starts_at: Moment
    account_id: UUID


class TurnMadeOut(Schema):
    """A turn that was set."""

    id: UUID
    account_id: UUID
    starts_at: datetime
    ends_at: datetime


class MemberIn(In):
    """Who is to sit there."""

    account_id: UUID
