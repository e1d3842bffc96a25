"""What the API of cases tells."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from ninja import Schema
from pydantic import Field

State = Literal[
    "reported", "accepted", "assigned", "in_hand", "suspended", "resolved", "closed",
    "declined", "merged", "withdrawn",
]  # fmt: skip


class CaseOut(Schema):
    """A case, without names or words of people who reported it."""

    id: UUID
    number: str
    state: State
    title: str
    category: str = Field(description="类别编号，见 GET /categories。")
    category_name: str
    source: str
    is_urgent: bool
    is_confidential: bool
    community_id: UUID
    area_path: str
    place: str
    spot: str
    lat: float | None
    lon: float | None
    reported_at: str
    respond_due_at: str
    resolve_due_at: str
    due_at: str | None = Field(description="现在要守的期限；没有在走的期限时为空。")
    responded_at: str | None
    resolved_at: str | None
    closed_at: str | None
    level: str
    handler: str | None = Field(description="现在由谁办：人、岗位或单位。")
    post_id: UUID | None
    organisation_id: UUID | None
    is_supervised: bool
    is_solved: bool | None
    satisfaction: int | None = Field(description="3 满意，2 一般，1 不满意。")
    follower_count: int
    urge_count: int
    photo_count: int
    reopen_count: int
    version: int


class PhotoOut(Schema):
    """A photo of a case and where its files are; they need the same key."""

    id: UUID
    stage: str
    width: int
    height: int
    url: str
    thumb_url: str


class StepOut(Schema):
    """One step of a case in plain words."""

    at: str
    name: str = Field(description="事件的名字，例如 cases.case.accepted。")
    title: str
    who: str
    text: str
    is_internal: bool
    photos: list[PhotoOut]


class AnswerOut(Schema):
    """A question of the category and what was answered."""

    text: str
    answer: str


class DeclineOut(Schema):
    """Why it can't be done, by which rule, what instead, when it is looked at again."""

    reason: str
    rule: str
    alternative: str
    review_on: str | None


class ContactOut(Schema):
    """Who reported it: masked, unless it was revealed for a purpose."""

    name: str
    phone: str
    address: str = ""
    has_phone: bool


class CaseWhole(CaseOut):
    """One case with its words and its course."""

    text: str
    answers: list[AnswerOut]
    service_level: str
    suspended_until: str | None
    merged_into_id: UUID | None
    decline: DeclineOut | None
    contact: ContactOut | None
    offers: list[str] = Field(description="这把钥匙现在能对它做什么。")
    photos: list[PhotoOut]
    timeline: list[StepOut] = Field(description="新的在前。")


class Reported(Schema):
    """What came of a report. The secret is the reporter's own: who has it may urge and rate."""

    case: CaseOut
    is_new: bool
    secret: str
    link: str


class ReporterView(Schema):
    """A case as its reporter sees it."""

    number: str
    state: State
    status: str
    sentence: str
    title: str
    text: str
    category_name: str
    place: str
    reported_at: str
    respond_due_at: str
    resolve_due_at: str
    can_urge: bool
    can_rate: bool
    is_open: bool
    timeline: list[StepOut]


class FollowerView(Schema):
    """A case as somebody sees it who met the same thing: without the reporter's words."""

    number: str
    state: State
    status: str
    sentence: str
    category_name: str
    place: str
    can_rate: bool
    is_open: bool
    timeline: list[StepOut]


FollowUpState = Literal["waiting", "answered", "unreached"]


class FollowUpOut(Schema):
    """A case to call about, and what was said; the reporter's own rating stands beside it."""

    id: UUID
    case_id: UUID
    number: str
    title: str
    week_on: str
    state: FollowUpState
    attempts: int
    is_solved: bool | None
    satisfaction: int | None
    remarks: str
    own_satisfaction: int | None
    ended_at: str | None


class SuggestionOut(Schema):
    """A category that the words speak for."""

    category: str
    name: str
    percent: int


class OpinionOut(Schema):
    """What the words of a case speak for, and the likely earlier report of the same thing."""

    suggestions: list[SuggestionOut]
    is_sure: bool
    earlier_id: UUID | None
    earlier_percent: int


class SaidOut(Schema):
    """How often suggestions were followed, of those that somebody decided."""

    name: str
    said: int
    agreed: int
    taken: int
    other: int
    share: float | None


class JudgementOut(Schema):
    """How good suggestions are by the word of the staff, and what they come from."""

    whole: SaidOut
    categories: list[SaidOut]
    unsure: int
    examples: int
    is_own_model: bool
    figures: dict[str, Any]
    made_at: datetime


class PhotoNames(Schema):
    """Photos that wait for a day to be named in a report or a step."""

    names: list[str]


class LinkOut(Schema):
    """The reporter's new link; the one before is worthless."""

    secret: str
    link: str


class Near(Schema):
    """An open case of the same kind nearby, as anybody may see it."""

    id: UUID
    title: str
    place: str
    state: str
    follower_count: int


class BulkOut(Schema):
    """What a bulk action did."""

    done: int
    refused: list[dict[str, str]] = Field(description="每条：number 编号，reason 原因。")
    action_id: UUID | None
