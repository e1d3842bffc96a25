"""What the API tells of campaigns and of the three lists."""

from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from ninja import Schema

State = Literal["planned", "running", "ended", "cancelled"]
EntryState = Literal["open", "settled", "handed", "impossible"]
MatterState = Literal["open", "shown", "closed"]


class CampaignOut(Schema):
    """A campaign, and how many rows of its list have a result."""

    id: UUID
    title: str
    state: State
    community_id: UUID
    starts_on: date
    ends_on: date
    total: int
    done: int


class CampaignFigureOut(Schema):
    """How many things of a kind were cleared, and how many were not."""

    code: str
    name: str
    unit: str
    count: int
    left: int
    sentence: str


class ResultOut(Schema):
    """The result of a campaign as far as it is."""

    id: UUID
    title: str
    state: State
    text: str
    days: int
    bodies: list[str]
    by_state: dict[str, int]
    figures: list[CampaignFigureOut]


class EntryOut(Schema):
    """A row of the list."""

    id: UUID
    number: int
    kind: str
    place: str
    text: str
    count: int
    lat: float | None
    lon: float | None
    state: EntryState
    result: str
    case_id: UUID | None
    settled_at: datetime | None
    version: int

    @staticmethod
    def resolve_kind(row: Any) -> str:
        """Return the kind's code."""
        return str(row.kind.code)

    @staticmethod
    def resolve_place(row: Any) -> str:
        """Return the place in words."""
        return str(row.place_label)


class DocketOut(Schema):
    """The lists of one meeting, campaign or inspection."""

    id: UUID
    kind: Literal["meeting", "campaign", "inspection"]
    series: str
    title: str
    held_on: date
    next_on: date | None
    community_id: UUID
    total: int
    open: int


class MatterOut(Schema):
    """A matter of the lists; names of residents are masked."""

    id: UUID
    number: int
    problem: str
    raised_by: str
    responsible: str
    measure: str
    due_on: date | None
    state: MatterState
    evidence: str
    word: str
    is_late: bool
    is_carried: bool
    case_id: UUID | None
