"""What the API of handovers takes and tells."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from ninja import Schema
from pydantic import Field

from linli.kernel.api import In

HandoverState = Literal["open", "closed", "withdrawn"]


class HandoverLineOut(Schema):
    """A handover in a list; `waits_for`: whose word is missing."""

    id: UUID
    post_name: str
    area_name: str
    outgoing_name: str
    incoming_name: str
    leaves_at: datetime
    state: HandoverState
    left_count: int
    waits_for: str


class HandedOut(Schema):
    """One open thing of a handover, with what both wrote beside it."""

    id: UUID
    kind: str
    title: str
    note: str
    due_at: datetime | None
    is_late: bool
    state: Literal["open", "accepted", "disputed", "kept", "done"]
    outgoing_remark: str
    incoming_remark: str


class HandoverOut(Schema):
    """What one holder leaves to the next. Both sign themselves, on their pages."""

    id: UUID
    post_id: UUID
    post_name: str
    outgoing_id: UUID
    outgoing_name: str
    incoming_id: UUID | None
    incoming_name: str
    leaves_at: datetime
    state: HandoverState
    outgoing_signed_at: datetime | None
    incoming_signed_at: datetime | None
    closed_at: datetime | None
    lines: list[HandedOut]


class SuccessorIn(In):
    """Who takes over."""

    account_id: UUID


class SignatureIn(In):
    """Why it is signed in the place of somebody who has gone."""

    reason: str = Field(min_length=1, max_length=120)


class KeepIn(In):
    """Which lines go into the lead's own hands, and why."""

    line_ids: list[UUID] = Field(min_length=1, max_length=500)
    reason: str = Field(min_length=1, max_length=120)
