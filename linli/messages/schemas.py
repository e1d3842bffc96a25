"""What the API of messages takes and tells."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from ninja import Schema
from pydantic import Field

from linli.kernel.api import In
from linli.kernel.calendar_api import Clock

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


class TemplateWordsIn(In):
    """An area's own words."""

    title: str = Field("", max_length=60)
    body: str = Field(max_length=2000)
    is_active: bool = True
    is_urgent: bool = False


class QuietOut(Schema):
    """When nothing is sent unless it is urgent; `area_path` is whose setting it is."""

    starts_at: Clock
    ends_at: Clock
    area_path: str | None


class QuietIn(In):
    """When nothing is sent, local; equal times mean never."""

    starts_at: Clock
    ends_at: Clock


class RobotOut(Schema):
    """A group robot; of its address only the host is shown."""

    id: UUID
    organisation_id: UUID
    kind: Literal["wecom", "dingtalk"]
    name: str
    host: str
    has_secret: bool
    is_active: bool


class RobotIn(In):
    """A group robot as it should be; without address or secret it keeps what it has."""

    organisation_id: UUID
    kind: Literal["wecom", "dingtalk"]
    name: str = Field(min_length=1, max_length=40)
    address: str = Field("", max_length=500)
    secret: str = Field("", max_length=200)
    is_active: bool = True
