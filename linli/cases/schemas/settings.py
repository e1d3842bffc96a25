"""What the API of a community's settings for cases takes and tells."""

from typing import Annotated, Literal
from uuid import UUID

from ninja import Schema
from pydantic import Field

from linli.kernel.api import In, Text

Unit = Literal["hour", "work_hour", "work_day", "same_day"]
Level = Literal["grid", "estate", "community", "subdistrict", "district"]
Kind = Literal["choice", "choices", "text", "number", "yes_no"]
Dispatch = Literal["desk", "assign", "pool", "rotate"]
Amount = Annotated[int, Field(ge=0, le=1000)]


class LevelOut(Schema):
    """A promise: an answer within, a solution within."""

    id: UUID
    code: str
    name: str
    respond_amount: int
    respond_unit: Unit
    resolve_amount: int
    resolve_unit: Unit
    extension_times: int
    extension_days: int
    source: str


class LevelIn(In):
    """A promise as it should be."""

    name: str = Field(min_length=1, max_length=40)
    respond_amount: Amount
    respond_unit: Unit
    resolve_amount: Amount
    resolve_unit: Unit
    extension_times: int = Field(1, ge=0, le=20)
    extension_days: int = Field(15, ge=0, le=365)
    source: str = Field("", max_length=120)


class QuestionOut(Schema):
    """Something that a category asks besides the sentence."""

    code: str
    text: str
    kind: Kind
    choices: list[str]
    is_required: bool


class QuestionIn(In):
    """One question; without a code it is a new one."""

    code: str = Field("", max_length=30)
    text: str = Field(min_length=1, max_length=60)
    kind: Kind = "text"
    choices: list[Annotated[str, Field(max_length=40)]] = Field([], max_length=12)
    is_required: bool = False


class CategoryOut(Schema):
    """A kind of case in use."""

    id: UUID
    code: str
    name: str
    hint: str
    icon: str
    service_level: LevelOut
    dispatch_mode: Dispatch
    is_confidential: bool
    is_urgent: bool
    danger_text: str
    needs_photo: bool
    needs_result_photo: bool
    shown_to_residents: bool
    shown_on_board: bool
    shown_in_snapshot: bool
    first_level: Level
    decline_rule: str
    questions: list[QuestionOut]


class CategoryIn(In):
    """A kind of case as it should be."""

    name: str = Field(min_length=1, max_length=30)
    hint: str = Field("", max_length=80)
    icon: str = Field("message-circle", max_length=30)
    service_level_id: UUID
    dispatch_mode: Dispatch = "desk"
    is_confidential: bool = False
    is_urgent: bool = False
    danger_text: str = Field("", max_length=120)
    needs_photo: bool = False
    needs_result_photo: bool = False
    shown_to_residents: bool = True
    shown_on_board: bool = True
    shown_in_snapshot: bool = False
    first_level: Level = "grid"
    decline_rule: str = Field("", max_length=200)
    questions: list[QuestionIn] = Field([], max_length=20)


class TemplateOut(Schema):
    """Words that staff reuse."""

    id: UUID
    title: str
    text: str
    kind: str
    category_id: UUID | None
    order: int


class TemplateIn(In):
    """Words that staff reuse, as they should be."""

    title: str = Field(min_length=1, max_length=40)
    text: Text
    kind: Literal["answer", "result", "decline"] = "answer"
    category_id: UUID | None = None
    order: int = Field(100, ge=0, le=999)


class CategoryStepIn(In):
    """Which way a category moves among the others."""

    is_up: bool


class CaseNumbersOut(Schema):
    """The numbers of the loop, as a community sets them."""

    silence_days: int
    amber_percent: int
    escalate_after_hours: int
    urge_pause_hours: int
    reopen_days: int
    nearby_days: int
    nearby_metres: int
    undo_minutes: int
    followup_percent: int
    followup_least: int
    followup_attempts: int


class CaseNumbersIn(In):
    """The numbers that change; what is left out stays."""

    silence_days: int | None = None
    amber_percent: int | None = None
    escalate_after_hours: int | None = None
    urge_pause_hours: int | None = None
    reopen_days: int | None = None
    nearby_days: int | None = None
    nearby_metres: int | None = None
    undo_minutes: int | None = None
    followup_percent: int | None = None
    followup_least: int | None = None
    followup_attempts: int | None = None
