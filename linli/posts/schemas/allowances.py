"""What the API of allowances takes and tells. Money is in fen."""

from datetime import date, datetime
from uuid import UUID

from ninja import Schema
from pydantic import Field

from linli.kernel.api import Day, In


class AllowanceOut(Schema):
    """What a role in an area, or one post, gets a month."""

    id: UUID
    code: str
    label: str
    area_id: UUID
    role: str
    post_id: UUID | None
    monthly_fen: int
    is_for_part_time: bool
    starts_on: date
    ends_on: date | None


class AllowanceIn(In):
    """A new allowance: exactly one of role and post_id; `ends_on` is not paid any more."""

    label: str = Field(min_length=1, max_length=30)
    area_id: UUID
    role: str = Field("", max_length=30)
    post_id: UUID | None = None
    monthly_fen: int = Field(ge=1, le=10_000_000)
    is_for_part_time: bool = True
    starts_on: Day
    ends_on: Day | None = None


class AllowanceEndIn(In):
    """The first day on which it is not paid."""

    ends_on: Day


class MonthIn(In):
    """Any day of the month."""

    month: Day


class AllowanceLineOut(Schema):
    """What somebody gets for a post; a correction is for an earlier month and may be less than nothing."""

    post_id: UUID
    post_name: str
    area_name: str
    account_id: UUID
    name: str
    for_month_on: date
    is_correction: bool
    days: int
    days_of_month: int
    amount_fen: int
    is_part_time: bool


class AllowanceMonthOut(Schema):
    """A month: worked out anew as long as it isn't frozen."""

    allowance: AllowanceOut
    month_on: date
    total_fen: int
    frozen_at: datetime | None
    lines: list[AllowanceLineOut]
