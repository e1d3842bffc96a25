"""What the API of the board takes and tells."""

from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from ninja import Schema
from pydantic import Field

from linli.kernel.api import Day, In, Line, Moment, Version

Kind = Literal["guide", "notice", "resolved", "declined"]
State = Literal["draft", "submitted", "released", "withdrawn"]


class ContentIn(In):
    """The words of an article; what its kind does not have is left aside."""

    title: str = Field(max_length=60)
    text: str = Field("", max_length=4000, description="一行一段；## 小标题，- 条目，- [ ] 材料。")
    category_id: UUID | None = None
    valid_from: Day | None = None
    valid_until: Day | None = None
    event_starts_at: Moment | None = None
    event_ends_at: Moment | None = None
    event_place: str = Field("", max_length=80)
    outcome: str = Field("", max_length=4000)
    rule: str = Field("", max_length=200)
    alternative: str = Field("", max_length=500)
    review_on: Day | None = None
    before_photo_id: UUID | None = None
    after_photo_id: UUID | None = None


class ArticleIn(ContentIn):
    """A new guide or notice of a community."""

    kind: Literal["guide", "notice"]
    community_id: UUID


class ArticleChange(ContentIn):
    """All the words anew, over those that were seen."""

    version: Version = None


class CaseIn(In):
    """A case to be made ready for the board."""

    case_id: UUID


class WithdrawalIn(In):
    """Why it comes down."""

    reason: Line = ""


class ContentOut(Schema):
    """The words, dates and pictures of an article or a revision."""

    title: str
    text: str
    category_id: UUID | None
    valid_from: date | None
    valid_until: date | None
    event_starts_at: datetime | None
    event_ends_at: datetime | None
    event_place: str
    outcome: str
    rule: str
    alternative: str
    review_on: date | None
    reported_on: date | None
    finished_on: date | None
    place_label: str
    lat: float | None
    lon: float | None
    before_photo_id: UUID | None
    after_photo_id: UUID | None


class ReturnIn(In):
    """What is to be changed."""

    text: str = Field(min_length=1, max_length=300)


class ArticleOut(ContentOut):
    """An article as it is being written; `is_live` when an older or the same text is public."""

    id: UUID
    kind: Kind
    state: State
    community_id: UUID
    case_id: UUID | None
    note: str
    written_at: datetime
    version: int
    is_live: bool


class RevisionOut(ContentOut):
    """What was released, as it was; public while `ended_at` is null."""

    number: int
    released_at: datetime
    is_alone: bool
    ended_at: datetime | None
    end_reason: str


class FindingOut(Schema):
    """What looks personal in a text, and what would stand there."""

    field: str
    found: str
    masked: str
    kind: str


class CandidateOut(Schema):
    """A case that could be shown and that nobody prepared yet."""

    case_id: UUID
    number: str
    title: str
    shown_as: Literal["resolved", "declined"]
    ended_on: date

    @staticmethod
    def resolve_case_id(row: Any) -> UUID:
        """Return the case's id."""
        case_id: UUID = row.pk
        return case_id

    @staticmethod
    def resolve_shown_as(row: Any) -> str:
        """Return what the board would show it as."""
        return str(row.as_kind)
