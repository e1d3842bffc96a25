"""What the API of care takes and tells: masked, and never why somebody is looked after without a purpose."""

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from ninja import Schema
from pydantic import Field, field_validator

from linli.kernel.api import Day, In, Line, Moment

Tab = Literal["late", "today", "week", "desk", "all"]
Sort = Literal["due", "unseen"]
Turn = Literal["first", "second", "desk"]
Outcome = Literal["safe", "wrong", "away"]
Manner = Literal["knock", "visit", "call"]
Trouble = Literal["fall", "ill", "medicine", "home", "food", "mood", "other", ""]
FamilyRelation = Literal["child", "spouse", "sibling", "relative", "neighbour"]
AgreedHow = Literal["paper", "present", "phone", ""]
Need = Literal["medicine", "dialysis", "oxygen", "warmth", "cooling", "water", "meals", "mobility"]
AlertKind = Literal["snow", "cold", "heat", "water", "power", "lift", "storm"]
Which = Literal["on", "over"]
TaskState = Literal["open", "away", "reached", "wrong", "gone"]
Code = Annotated[str, Field(max_length=40)]
Purpose = Annotated[str, Field(max_length=20, description="用途，和页面上选的一样")]


class CareLevelOut(Schema):
    """How often somebody is visited."""

    code: str
    name: str
    hint: str
    every_days: int


class CareLineOut(Schema):
    """Somebody who is looked after, masked."""

    id: UUID
    person_id: UUID
    name: str
    age: int | None
    home: str
    area_path: str
    level: str
    turn: Turn
    post_id: UUID
    second_post_id: UUID | None
    due_on: date
    late_days: int
    seen_at: datetime | None
    days_unseen: int
    misses: int
    version: int


class FamilyOut(Schema):
    """Somebody of the family, masked."""

    id: UUID
    relation: str
    name: str
    phone: str
    may_be_told: bool
    withdrawn_at: datetime | None


class CareOut(CareLineOut):
    """One profile. Why somebody is looked after is told by `reveal_care`, for a purpose."""

    every_days: int
    list_code: str
    needs: list[Need]
    agreed_how: str
    agreed_at: datetime | None
    started_at: datetime
    ended_at: datetime | None
    ended_reason: str
    missing_case_id: UUID | None
    family: list[FamilyOut]


class VisitOut(Schema):
    """What one person wrote down about a visit; words of the same visit share `visit`."""

    id: UUID
    visit: UUID
    at: datetime
    outcome: Outcome
    manner: Manner
    trouble: Trouble
    note: str
    answers: dict[str, Any]
    by: str
    post: str
    case_id: UUID | None
    next_on: date | None
    is_counted: bool


class VisitMadeOut(Schema):
    """What came of a visit, and where somebody stands with it."""

    id: UUID
    is_new: bool
    case_id: UUID | None
    next_on: date | None
    turn: Turn
    due_on: date


class CareInFullOut(Schema):
    """Why somebody is looked after, and who they are; who looked and why is on record."""

    why: str
    name: str
    phone: str


class FamilyInFullOut(Schema):
    """A contact as they are; who looked and why is on record."""

    name: str
    phone: str


class AlertOut(Schema):
    """The weather switch: where, until when, and how far it is."""

    id: UUID
    kind: AlertKind
    area_path: str
    area: str
    words: str
    advice: str
    starts_at: datetime
    until: datetime
    ended_at: datetime | None
    is_on: bool
    total: int
    reached: int
    wrong: int
    away: int
    open: int
    gone: int


class BoardRowOut(Schema):
    """One person on the board of an alert."""

    profile_id: UUID
    name: str
    home: str
    needs: str
    is_upstairs: bool
    state: TaskState
    gone_why: str
    post: str
    settled_at: datetime | None
    settled_by: str
    visit_id: UUID | None


class AskedIn(In):
    """Which part of the list: a tab of the page, a level, a visitor's post, an area."""

    tab: Tab = "late"
    sort: Sort = "due"
    level: Code = ""
    post_id: UUID | None = None
    area_path: str = Field("", max_length=120)
    cursor: str = Field("", max_length=200)


class PlanIn(In):
    """What is agreed. Left out: `every_days` and `list_code` follow the level."""

    level: Code
    post_id: UUID
    second_post_id: UUID | None = None
    every_days: int | None = Field(None, ge=1, le=366)
    list_code: Code = ""
    needs: list[Need] = Field([], max_length=8)
    why: str | None = Field(None, max_length=500)
    agreed_how: AgreedHow = ""


class CareIn(PlanIn):
    """Who is to be looked after."""

    person_id: UUID


class PlanChange(PlanIn):
    """The whole plan anew; `why` left out stays."""

    version: int = Field(
        ge=0, le=2**31 - 1, description="看到的版本号；有人先改过就会被拒绝（409）。"
    )


class CareEndIn(In):
    """Why somebody is not looked after any more."""

    reason: Literal["moved", "died", "recovered", "refused"]


class VisitIn(In):
    """What a visitor says: one of three, and if need be more. at: when it was made, now when left out."""

    outcome: Outcome
    manner: Manner = "visit"
    trouble: Trouble = ""
    is_danger: bool = False
    note: str = Field("", max_length=500)
    answers: dict[Code, Annotated[str, Field(max_length=500)]] = Field({}, max_length=50)
    again_on: Day | None = None
    at: Moment | None = None

    @field_validator("answers")
    @classmethod
    def said(cls, answers: dict[str, str]) -> dict[str, str]:
        """Leave out what was not answered."""
        return {code: value for code, value in answers.items() if value}


class CareRevealIn(In):
    """Why somebody has to know."""

    purpose: Purpose
    note: Line = ""


class FamilyIn(In):
    """Who may be called, and told if they agreed; `agreed_how` left out: called only."""

    name: str = Field(min_length=1, max_length=30)
    phone: str = Field(min_length=1, max_length=20)
    relation: FamilyRelation
    agreed_how: AgreedHow = ""


class AlertIn(In):
    """What is switched on; no building means the whole area."""

    kind: AlertKind
    area_id: UUID
    building_ids: list[UUID] = Field([], max_length=100)
    until: Moment
    words: str = Field("", max_length=120)
    tells_family: bool = False
