"""What the API of files, chats and kept questions takes and tells."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from ninja import Schema
from pydantic import Field

from linli.cases.schemas.sent import Filter
from linli.kernel.api import In, Text

Purpose = Literal["", "verify", "visit", "follow_up", "emergency", "other"]


class ExportIn(In):
    """Which rows, as which file; a purpose only where names and phones should stand in full."""

    filter: Filter = Field(default_factory=lambda: Filter.model_validate({}))
    file_format: Literal["xlsx", "csv"] = "xlsx"
    purpose: Purpose = Field("", description="留空就遮住个人信息；要完整的，写用途，会记下来。")
    note: str = Field("", max_length=200)


class FilterIn(In):
    """A question kept under a name."""

    name: str = Field(min_length=1, max_length=30)
    filter: Filter


class FilterOut(Schema):
    """A question kept under a name, with the values that the list of cases takes."""

    id: UUID
    name: str
    filter: dict[str, str]


class MailboxIn(In):
    """Which mailbox a file is from, and whose community it is."""

    community_id: UUID
    source_name: str = Field(
        min_length=1, max_length=40, description="同一个信箱每次写一样的名字。"
    )


class MailboxOut(Schema):
    """A file of an old mailbox: what its columns seem to mean, what checking found."""

    id: UUID
    community_id: UUID
    source_name: str
    file_name: str
    state: str
    header: list[str]
    columns: dict[str, int]
    category_id: UUID | None
    found: dict[str, Any]
    check_run_id: UUID | None
    import_run_id: UUID | None
    created_at: datetime


class ColumnsIn(In):
    """What the columns mean: {field: number of its column from 0}."""

    columns: dict[str, int] = Field(max_length=20, description="字段名到列号，从 0 数。")
    category: str = Field(max_length=40, description="对不上类别的行归到这个类别编号。")


class ChatIn(In):
    """A stretch of a group chat, as copied."""

    community_id: UUID
    group_name: str = Field(min_length=1, max_length=60)
    text: str = Field(min_length=1, max_length=300_000)
    estate_id: UUID | None = None


class ChatOut(Schema):
    """A pasted chat; `run_id` splits it."""

    id: UUID
    community_id: UUID
    group_name: str
    state: str
    size: int
    found: dict[str, Any]
    run_id: UUID | None
    created_at: datetime


class ChatMatterOut(Schema):
    """One matter that was found, and what it probably is; names are masked."""

    id: UUID
    order: int
    text: str
    names: list[str]
    said_at: datetime | None
    spot: str
    category_id: UUID | None
    percent: int
    is_sure: bool
    is_urgent: bool
    building_id: UUID | None
    likely_id: UUID | None
    likeness: int
    case_id: UUID | None


class PickIn(In):
    """What becomes of one matter: a new case, or part of the one that it is like."""

    matter_id: UUID
    category: str = Field("", max_length=40)
    building_id: UUID | None = None
    text: Text = ""
    is_same: bool = False


class PicksIn(In):
    """What was ticked."""

    picks: list[PickIn] = Field(min_length=1, max_length=100)


class PicksOut(Schema):
    """What came of it; each by itself done or refused."""

    made: list[UUID]
    joined: int
    refused: list[dict[str, Any]] = Field(description="每条：order 第几条，reason 原因。")


ExclusionState = Literal["", "asked", "approved", "refused"]


class SampleOut(Schema):
    """How a week's calls were drawn; the digest lets anybody draw again."""

    id: UUID
    week_on: str
    percent: int
    least: int
    population: int
    without_phone: int
    chosen: int
    digest: str
    drawn_at: datetime


class FollowUpShareIn(In):
    """Another share for a category, an organisation, or both."""

    category: str = Field("", max_length=40)
    organisation_id: UUID | None = None
    percent: int = Field(ge=0, le=100)
    least: int = Field(0, ge=0, le=100)


class FollowUpShareOut(Schema):
    """A share that differs from the usual one."""

    id: UUID
    category_id: UUID | None
    organisation_id: UUID | None
    percent: int
    least: int


class ExclusionOut(Schema):
    """What does not count in the official rates, why, and who says so."""

    case_id: UUID
    number: str
    title: str
    reason: str
    text: str
    state: str
    asked_by: UUID
    asked_at: datetime
    decided_by: UUID | None
    decided_at: datetime | None
