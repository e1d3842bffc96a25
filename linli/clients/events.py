"""What the clients room tells the others: who was let in, who was shut out. Ids and codes, no keys."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from linli.kernel.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyMade(Event):
    """Another system got a key; `duties` joined by commas, `area_paths` too."""

    name: ClassVar[str] = "clients.key.made"
    duties: str
    area_paths: str
    expires_at: str
    organisation_id: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyRevoked(Event):
    """A key opens nothing from now on."""

    name: ClassVar[str] = "clients.key.revoked"


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookChanged(Event):
    """A webhook was added, changed, given a new secret, paused, resumed or ended (`what`)."""

    name: ClassVar[str] = "clients.webhook.changed"
    what: str
    host: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookPaused(Event):
    """A webhook did not answer for days and was switched off."""

    name: ClassVar[str] = "clients.webhook.paused"
    failing_since: str
