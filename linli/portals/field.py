"""What portals tell the field: who an account is today, which lower rooms can't know."""

from datetime import datetime
from uuid import UUID

from linli.field.services import devices
from linli.kernel.actor import Actor, ActorKind
from linli.kernel.errors import NotFound
from linli.posts import selectors as posts


@devices.finds_actor
def actor_today(account_id: UUID, now: datetime) -> Actor | None:
    """Return who an account of staff acts as now; None when it has ended."""
    try:
        actor = posts.actor_of(account_id, now)
    except NotFound:
        return None
    return actor if actor.kind is ActorKind.STAFF else None
