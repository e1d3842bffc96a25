"""What the API of posts takes and tells."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from ninja import Schema
from pydantic import Field

from linli.kernel.api import In, Moment, Text

OrganisationKind = Literal[
    "community", "property", "department", "committee", "subdistrict", "district", "team"
]
Level = Literal["grid", "estate", "community", "subdistrict", "district"]
Name = Annotated[str, Field(min_length=1, max_length=60)]
Code = Annotated[str, Field(max_length=40)]


class OrganisationOut(Schema):
    """A body that people act for."""

    id: UUID
    kind: OrganisationKind
    code: str
    name: str
    area_id: UUID
    phone: str


class OrganisationIn(In):
    """A new body in an area."""

    kind: OrganisationKind
    name: Name
    area_id: UUID
    code: Code = ""
    phone: str = Field("", max_length=20)


class OrganisationChange(In):
    """As it is from now on."""

    name: Name
    phone: str = Field("", max_length=20)


class TermOut(Schema):
    """Somebody's term in a post."""

    holding_id: UUID
    account_id: UUID
    name: str
    starts_at: datetime
    ends_at: datetime | None
    is_now: bool


class PostOut(Schema):
    """A post, its rights and who holds it."""

    id: UUID
    code: str
    name: str
    role: str
    level: str
    area_path: str
    estate_name: str
    organisation_id: UUID
    organisation_name: str
    written_duties: str
    is_confined: bool
    duties: list[str]
    terms: list[TermOut]
    is_vacant: bool


class PostIn(In):
    """A post as it should be."""

    name: Name
    role: str = Field(max_length=30)
    level: Level
    area_id: UUID
    estate_id: UUID | None = None
    duties: list[Code] = Field([], max_length=40)
    written_duties: Text = ""
    is_confined: bool = False


class NewPostIn(PostIn):
    """A new post."""

    code: str = Field("", max_length=60)


class AppointIn(In):
    """Who gets the post, from when until when (excluded)."""

    account_id: UUID
    starts_at: Moment
    ends_at: Moment | None = None


class EndTermIn(In):
    """When the term ends, who takes over; confirmed when nobody could fill posts there afterwards."""

    ends_at: Moment
    incoming_id: UUID | None = None
    is_confirmed: bool = False


class SubstituteIn(In):
    """Who stands in for whom."""

    absent_id: UUID
    substitute_id: UUID
    starts_at: Moment
    ends_at: Moment
    reason: str = Field("", max_length=60)


class SubstituteOut(Schema):
    """A substitution that was arranged."""

    id: UUID


class HandOut(Schema):
    """A post or an organisation that a case can be given to."""

    post_id: UUID | None
    organisation_id: UUID | None
    label: str
    people: str
    is_vacant: bool
    group: str


class RuleOut(Schema):
    """A routing rule in words; the winner stands first."""

    id: UUID
    category: str
    place: str
    target: str
    order: int
    is_own: bool


class RuleIn(In):
    """Category and place give a role, a post or an organisation: exactly one of the three."""

    category_code: Code = ""
    area_id: UUID
    estate_id: UUID | None = None
    estate_kind: Literal["", "company", "community", "standalone", "self_run"] = ""
    role: str = Field("", max_length=30)
    post_id: UUID | None = None
    organisation_id: UUID | None = None
    order: int = Field(100, ge=1, le=999)


class RuleMade(Schema):
    """A rule that was written."""

    id: UUID


class RouteOut(Schema):
    """Where a case would go now, and why."""

    post_id: UUID | None
    organisation_id: UUID | None
    level: str
    reason: str
    is_fallback: bool
