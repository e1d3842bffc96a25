"""What the API of messages takes and tells."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from ninja import Schema
from pydantic import Field

from linli.kernel.api import In

Channel = Literal["page", "sms", "mail", "robot"]
Audience = Literal["reporter", "handler", "desk", "lead"]


class DeliveryOut(Schema):
    """What reached whom, masked."""

    id: UUID
    channel: Channel
    to: str
    address: str
    event_label: str
    title: str
    state: str
    error: str
    subject_id: UUID | None
    created_at: datetime
    due_at: datetime
    settled_at: datetime | None
    attempts: int


class WordsOut(Schema):
    """What is said for an event, to an audience, over a channel."""

    event_name: str
    audience: str
    channel: str
    title: str
    body: str
    is_active: bool
    is_urgent: bool
    is_changed: bool


class WordsIn(In):
    """An area's own words."""

    title: str = Field("", max_length=60)
    body: str = Field(max_length=2000)
    is_active: bool = True
    is_urgent: bool = False
