"""What the API takes and tells of people entered twice and of lists as files."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from ninja import Schema
from pydantic import Field

from linli.kernel.api import In
from linli.people.schemas import PersonLineOut


class PairOut(Schema):
    """Two records that may be one person, masked; `is_same` tells more than masked values can."""

    id: UUID
    reason: str
    first: PersonLineOut
    second: PersonLineOut


class PairRowOut(Schema):
    """One fact of both records."""

    label: str
    first: str
    second: str
    is_same: bool


class PairSeenOut(PairOut):
    """Two records side by side."""

    state: Literal["open", "merged", "different"]
    rows: list[PairRowOut]


class PeopleMergeIn(In):
    """Which record stays, which goes into it, and the versions of both that were looked at."""

    kept_id: UUID
    kept_version: int = Field(ge=0, le=2**31 - 1)
    gone_id: UUID
    gone_version: int = Field(ge=0, le=2**31 - 1)


class PeopleMergeOut(Schema):
    """Two records that were made one; `part_people` undoes it."""

    id: UUID
    kept: PersonLineOut
    gone: PersonLineOut
    made_at: datetime
    made_by: str


class PersonImportOut(Schema):
    """A list of people: what its columns mean (field to column, from 0) and what checking found.

    Which rows are wrong is told by `list_run_errors` of `check_run_id`, to the key that checked.
    """

    id: UUID
    community_id: UUID
    file_name: str
    header: list[str]
    columns: dict[str, int]
    makes_homes: bool
    state: Literal["waiting", "checked", "started", "discarded"]
    rows: int
    new: int
    same: int
    wrong: int
    homes: int = Field(description="要新加的户，按人数")
    kinds: list[tuple[str, int]] = Field(description="哪一种不对，各有几行")
    check_run_id: UUID | None
    import_run_id: UUID | None
    created_at: datetime


class CheckIn(In):
    """What the columns mean, and whether homes that a known entrance lacks are added."""

    columns: dict[Annotated[str, Field(max_length=20)], Annotated[int, Field(ge=0, le=1000)]] = (
        Field(max_length=30)
    )
    makes_homes: bool = False
