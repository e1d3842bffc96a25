"""Every step of a case, with ids and facts, no words of people.

`subject_id` is the case. `old_state` and `new_state` let tallies move a count exactly once.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from linli.kernel.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseEvent(Event):
    """The facts that every step carries."""

    name: ClassVar[str] = ""
    community_id: UUID
    category_code: str
    old_state: str
    new_state: str
    is_confidential: bool = False
    entry_id: UUID | None = None  # the words, if there are any


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseReported(CaseEvent):
    """Somebody said what is wrong."""

    name: ClassVar[str] = "cases.case.reported"
    source: str
    respond_due_at: datetime
    resolve_due_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFiled(CaseEvent):
    """A matter that was answered before it came here was filed as history; nobody is told."""

    name: ClassVar[str] = "cases.case.filed"
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseAccepted(CaseEvent):
    """The desk took it on."""

    name: ClassVar[str] = "cases.case.accepted"


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseCorrected(CaseEvent):
    """Category, place or urgency were put right; `changed` names the fields."""

    name: ClassVar[str] = "cases.case.corrected"
    changed: str
    old_category: str = ""
    was_confidential: bool | None = None  # before; None: as it is now
    old_community_id: UUID | None = None  # before; None: as it is now


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseAssigned(CaseEvent):
    """It was put into somebody's hands."""

    name: ClassVar[str] = "cases.case.assigned"
    post_id: UUID | None = None
    organisation_id: UUID | None = None
    is_automatic: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseTaken(CaseEvent):
    """The person at the other end took it in hand."""

    name: ClassVar[str] = "cases.case.taken"


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseReturned(CaseEvent):
    """It came back as not theirs; arbitration decides."""

    name: ClassVar[str] = "cases.case.returned"
    post_id: UUID | None = None
    organisation_id: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseAnswered(CaseEvent):
    """Staff wrote to the reporter; `is_progress` when the handler told how it goes."""

    name: ClassVar[str] = "cases.case.answered"
    is_progress: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseNoted(CaseEvent):
    """An internal note was written."""

    name: ClassVar[str] = "cases.case.noted"


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseResolved(CaseEvent):
    """The handler says it is done; the reporter's word is awaited."""

    name: ClassVar[str] = "cases.case.resolved"
    is_in_time: bool
    is_in_first_time: bool | None = None  # before the first promise; None: it was never moved


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseClosed(CaseEvent):
    """The loop is closed: by the reporter's word, or by silence and counted as unrated."""

    name: ClassVar[str] = "cases.case.closed"
    is_rated: bool
    is_solved: bool | None = None
    satisfaction: int | None = None
    is_in_time: bool = True
    is_in_first_time: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseReopened(CaseEvent):
    """The reporter says it is not solved, or is not satisfied: one level up."""

    name: ClassVar[str] = "cases.case.reopened"
    level: str
    is_solved: bool | None = None
    satisfaction: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseDeclined(CaseEvent):
    """Not taken on, with reason, rule, alternative and review date."""

    name: ClassVar[str] = "cases.case.declined"
    review_on: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseReviewDue(CaseEvent):
    """The day came on which a declined case is looked at again."""

    name: ClassVar[str] = "cases.case.review_due"


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseMerged(CaseEvent):
    """It became part of another case."""

    name: ClassVar[str] = "cases.case.merged"
    into_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFollowed(CaseEvent):
    """Somebody met the same thing."""

    name: ClassVar[str] = "cases.case.followed"
    follower_id: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseUrged(CaseEvent):
    """The reporter asks when."""

    name: ClassVar[str] = "cases.case.urged"
    by_follower: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseAdded(CaseEvent):
    """The reporter added words or photos."""

    name: ClassVar[str] = "cases.case.added"
    by_follower: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseWithdrawn(CaseEvent):
    """The reporter took it back."""

    name: ClassVar[str] = "cases.case.withdrawn"


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseReviewed(CaseEvent):
    """A declined case was looked at again and still can't be done; it has another day of review."""

    name: ClassVar[str] = "cases.case.reviewed"
    review_on: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseLeft(CaseEvent):
    """The reporter withdrew, or a follower left, and the case goes on for the others."""

    name: ClassVar[str] = "cases.case.left"
    is_reporter: bool
    followers: int  # how many stay


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowerRated(CaseEvent):
    """Somebody who follows gave an answer of their own, beside the reporter's."""

    name: ClassVar[str] = "cases.case.follower_rated"
    is_solved: bool
    satisfaction: int
