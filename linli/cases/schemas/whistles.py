"""What the API of whistles and of questions to the rung above takes and tells."""

from typing import Literal
from uuid import UUID

from ninja import Schema
from pydantic import Field

from linli.kernel.api import In, Moment, Text, Version

PartStateName = Literal[
    "called", "reported", "arrived", "done", "refused", "released", "missing", "ended"
]


class WhistleIn(In):
    """Whom to call, for what, how soon."""

    lead_id: UUID = Field(description="牵头单位，见 GET /organisations。")
    assisting: list[UUID] = Field([], max_length=11, description="协办单位。")
    words: Text = Field(max_length=1000, description="来办什么；居民看不到。")
    limit_code: str = Field("", max_length=40, description="吹哨时限的编号；不写用第一种。")
    version: Version = None


class HereIn(In):
    """Where somebody is who reports in."""

    place: str = Field("", max_length=80)
    lat: float | None = Field(None, ge=-90, le=90, description="WGS-84")
    lon: float | None = Field(None, ge=-180, le=180)


class ArriveIn(In):
    """Photos from the site."""

    photos: list[str] = Field(
        min_length=1, max_length=8, description="POST /photos 给的名字，至少一张。"
    )


class PartResultIn(In):
    """What was done."""

    text: Text = Field(max_length=2000)
    before: list[str] = Field([], max_length=8)
    after: list[str] = Field([], max_length=8)


class ClosingIn(PartResultIn):
    """What the reporter reads, and why which part has no result."""

    missing: dict[UUID, str] = Field({}, description="没有结果的部分：为什么。")


class ClauseIn(In):
    """By which clause, and why."""

    clause_id: UUID
    text: Text = Field(max_length=1000)


class ReasonIn(In):
    """Why."""

    reason: Text = Field(max_length=300)


class MoreIn(In):
    """One more organisation."""

    organisation_id: UUID
    task: str = Field("", max_length=300)


class PartExtendIn(In):
    """Until when a part may take."""

    until: Moment
    reason: Text = Field(max_length=300)


class ScoreIn(In):
    """A word on the other side."""

    score: Literal[1, 2, 3] = Field(description="3 满意，2 一般，1 不满意（要写为什么）。")
    remark: str = Field("", max_length=300)


class ArbitrationAnswerIn(In):
    """What the rung above says."""

    outcome: Literal["take", "stay", "decline", "stand", "release", "replace"]
    text: Text = Field(max_length=1000)
    organisation_id: UUID | None = Field(None, description="take、replace 时必填。")


class PartOut(Schema):
    """One organisation's part."""

    id: UUID
    organisation_id: UUID
    organisation: str
    is_lead: bool
    task: str
    state: PartStateName
    report_due_at: str
    arrive_due_at: str
    finish_due_at: str
    reported_at: str | None
    arrived_at: str | None
    finished_at: str | None
    due_at: str | None = Field(description="现在要守的期限。")
    is_late: bool
    result: str
    missing_reason: str
    score: int | None
    return_score: int | None
    version: int


class WhistleOut(Schema):
    """One whistle with all its parts."""

    id: UUID
    case_id: UUID
    number: str
    state: Literal["open", "closed", "withdrawn", "ended"]
    limit: str
    words: str
    blown_at: str
    ended_at: str | None
    ending: str
    parts: list[PartOut]


class ArbitrationOut(Schema):
    """One question to the rung above."""

    id: UUID
    case_id: UUID
    part_id: UUID | None
    clause_id: UUID
    clause: str
    state: Literal["asked", "answered", "withdrawn"]
    level: str
    text: str
    asked_at: str
    answer_due_at: str
    is_late: bool
    outcome: str
    answer: str
    organisation_id: UUID | None
    answered_at: str | None
