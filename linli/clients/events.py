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
