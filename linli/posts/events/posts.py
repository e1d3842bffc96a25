"""Posts and who holds them: who may do what changed. Ids and codes, no names.

`subject_id` is the post, the organisation or the routing rule.
"""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from linli.kernel.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganisationCreated(Event):
    """A body that people act for was entered."""

    name: ClassVar[str] = "posts.organisation.created"


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganisationChanged(Event):
    """Name, phone or area of an organisation changed."""

    name: ClassVar[str] = "posts.organisation.changed"
    changed: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganisationEnded(Event):
    """Nobody acts for it any more."""

    name: ClassVar[str] = "posts.organisation.ended"


@dataclass(frozen=True, slots=True, kw_only=True)
class PostCreated(Event):
    """A post was set up; `duties` are its rights, joined by commas."""

    name: ClassVar[str] = "posts.post.created"
    duties: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PostChanged(Event):
    """A post was changed; `gained` and `lost` are rights."""

    name: ClassVar[str] = "posts.post.changed"
    changed: str = ""
    gained: str = ""
    lost: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PostEnded(Event):
    """A post was given up; its holders' terms end with it."""

    name: ClassVar[str] = "posts.post.ended"


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldingStarted(Event):
    """Somebody was appointed to the post."""

    name: ClassVar[str] = "posts.holding.started"
    holder_id: UUID
    holding_id: UUID
    starts_at: str
    ends_at: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldingEnded(Event):
    """Somebody's term was ended; `leaves_vacant` when nobody holds the post any more."""

    name: ClassVar[str] = "posts.holding.ended"
    holder_id: UUID
    holding_id: UUID
    ends_at: str
    leaves_vacant: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class TermEnding(Event):
    """A term ends in so many days; `last_on` is its last day."""

    name: ClassVar[str] = "posts.term.ending"
    holding_id: UUID
    holder_id: UUID
    days: int
    last_on: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SubstitutionSet(Event):
    """Somebody stands in for a holder between two moments."""

    name: ClassVar[str] = "posts.substitution.set"
    substitution_id: UUID
    absent_id: UUID
    substitute_id: UUID
    starts_at: str
    ends_at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SubstitutionEnded(Event):
    """A substitution was ended before its time, or taken back before it began."""

    name: ClassVar[str] = "posts.substitution.ended"
    substitution_id: UUID
    absent_id: UUID
    substitute_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class RoutingChanged(Event):
    """A routing rule was added, changed or taken out (`how`)."""

    name: ClassVar[str] = "posts.routing.changed"
    how: str
    category_code: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkTriedAgain(Event):
    """The operator let parked work run again; `what` is job or event."""

    name: ClassVar[str] = "posts.work.tried_again"
    what: str
