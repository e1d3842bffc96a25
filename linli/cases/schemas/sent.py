"""What the API of cases takes."""

from typing import Any, Literal
from uuid import UUID

from pydantic import Field

from linli.kernel.api import Day, In, Line, Moment, Text, Version

Tab = Literal[
    "open", "reported", "assigned", "in_hand", "suspended", "resolved", "closed", "declined", "all"
]
# Photos are sent first (POST /photos) and then named.
Photos = list[str]
_PHOTOS: Any = Field([], max_length=8, description="POST /photos 给的名字。")


class Filter(In):
    """What the list asks for; the names are those of the desk's queue."""

    tab: Tab = Field("open", description="看哪一栏；all 是全部。")
    q: str = Field("", max_length=60, description="搜索的字、编号或手机尾号。")
    category: str = Field("", max_length=40, description="类别编号。")
    community_id: UUID | None = None
    grid_id: UUID | None = None
    estate_id: UUID | None = None
    source: str = Field("", max_length=10)
    due: Literal["", "late", "today", "soon"] = ""
    mark: Literal[
        "", "urgent", "supervised", "arbitration", "suspension", "extension", "review",
        "confidential", "reopened", "escalated",
    ] = ""  # fmt: skip
    post_id: UUID | None = None
    organisation_id: UUID | None = None
    order: Literal["due", "newest"] = "due"
    cursor: str = Field("", max_length=200, description="上一页的 next。")


class PlaceIn(In):
    """Where it is: a place code, or a community with what is known of the rest."""

    code: str = Field("", max_length=40, description="点位码，例如 wjq-3k7m2p。")
    community_id: UUID | None = None
    estate_id: UUID | None = None
    building_id: UUID | None = None
    entrance_id: UUID | None = None
    lat: float | None = Field(None, ge=-90, le=90, description="WGS-84")
    lon: float | None = Field(None, ge=-180, le=180)


class AnswerIn(In):
    """A question of the category, as asked, and the answer."""

    text: str = Field(max_length=60)
    answer: str = Field(max_length=200)


class ReportIn(In):
    """A report on somebody's behalf."""

    category: str = Field(max_length=40, description="类别编号。")
    text: Text
    place: PlaceIn
    spot: str = Field("", max_length=80, description="具体位置，例如“三楼楼道”。")
    source: Literal["api", "hotline", "phone", "walk_in"] = "api"
    answers: list[AnswerIn] = Field([], max_length=20)
    name: str = Field("", max_length=30)
    phone: str = Field("", max_length=20)
    address: str = Field("", max_length=100)
    is_urgent: bool = False
    photos: Photos = Field([], max_length=4, description="POST /photos 给的名字。")


class WordsIn(In):
    """Words that must be there."""

    text: Text
    version: Version = None


class MaybeWordsIn(In):
    """Words, if any."""

    text: Text = ""
    version: Version = None


class VersionIn(In):
    """Nothing but what was seen."""

    version: Version = None


class HandsIn(In):
    """A post or an organisation, one of the two."""

    post_id: UUID | None = None
    organisation_id: UUID | None = None
    text: Text = ""
    version: Version = None


class DeclineIn(In):
    """Why not, by which rule, what instead, when it is looked at again."""

    reason: Text
    rule: str = Field(max_length=200)
    alternative: str = Field(max_length=500)
    review_on: Day
    version: Version = None


class ReviewIn(In):
    """Still not: why, and the next look."""

    text: Text
    review_on: Day
    version: Version = None


class CorrectIn(In):
    """What is put right; what is left out stays."""

    category: str | None = Field(None, max_length=40)
    place: PlaceIn | None = None
    is_urgent: bool | None = None
    version: Version = None


class MergeIn(In):
    """The case it becomes part of."""

    into_id: UUID
    version: Version = None


class WorkIn(In):
    """How it goes or what was done, with photos."""

    text: Text = ""
    before: Photos = _PHOTOS
    after: Photos = _PHOTOS
    version: Version = None


class UntilIn(In):
    """Why, and until when."""

    reason: Line
    until: Moment
    version: Version = None


class DecisionIn(In):
    """Yes or no."""

    is_approved: bool
    note: Line = ""


class SuggestionIn(In):
    """The suggested category that is taken."""

    category: str = Field(max_length=40)
    version: Version = None


class DoubtIn(In):
    """What one can't tell, or what is another thing."""

    about: Literal["category", "earlier"]


class ExclusionIn(In):
    """Why a case should not count in the official rates."""

    reason: Literal["demand", "no_power", "law", "false", "repeated", "test"]
    text: Text
    version: Version = None


class CallAnswersIn(In):
    """What the reporter said on the phone."""

    is_solved: bool
    satisfaction: int = Field(ge=1, le=3, description="3 满意，2 一般，1 不满意。")
    remarks: str = Field("", max_length=500)
    reopens: bool = Field(False, description="对方要求重办：上报一级。")


class AttemptIn(In):
    """A call in vain."""

    outcome: Literal["no_answer", "refused", "wrong"]
    note: str = Field("", max_length=200)


class ContactRevealIn(In):
    """What the contact is needed for; it is kept on record."""

    purpose: Literal["verify", "visit", "follow_up", "emergency", "correct", "other"]
    note: str = Field("", max_length=200)


class FollowIn(In):
    """Somebody else met the same thing."""

    phone: str = Field("", max_length=20)
    text: Text = ""


class BulkIn(In):
    """Many cases at once."""

    case_ids: list[UUID] = Field(min_length=1, max_length=200)


class BulkHandsIn(BulkIn):
    """Many cases into the same hands."""

    post_id: UUID | None = None
    organisation_id: UUID | None = None


class AdditionIn(In):
    """What the reporter adds."""

    text: Text = ""
    photos: Photos = Field([], max_length=4)


class RatingIn(In):
    """The reporter's two answers."""

    is_solved: bool
    satisfaction: int = Field(ge=1, le=3, description="3 满意，2 一般，1 不满意。")
    comment: str = Field("", max_length=500)
