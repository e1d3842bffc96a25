"""What portals tell the field: who an account is today, which lower rooms can't know."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from linli.field.services import devices, taking
from linli.kernel import events
from linli.kernel.actor import Actor, ActorKind
from linli.kernel.errors import NotFound
from linli.kernel.models import EventRow
from linli.people import selectors as people
from linli.places import selectors as places
from linli.places.events import AreaEnded
from linli.posts import selectors as posts


@devices.finds_actor
def actor_today(account_id: UUID, now: datetime) -> Actor | None:
    """Return who an account of staff acts as now; None when it has ended."""
    try:
        actor = posts.actor_of(account_id, now)
    except NotFound:
        return None
    return actor if actor.kind is ActorKind.STAFF else None


@devices.finds_round
def round_of(account_id: UUID) -> int | None:
    """Return how often the sessions of an account were ended; None when it has ended itself."""
    account = people.find_account(account_id)
    return account.session_round if account else None


@devices.finds_desk
def desk_of(paths: Sequence[str], common: str) -> str:
    """Return the area whose desk looks at what somebody hands in: where their posts lie, and the first of
    the communities when they lie in several, because no desk looks at what is between them.
    """
    if common in paths or places.community_of_path(common) is not None:
        return common
    found = (places.community_of_path(path) for path in paths)
    return next((one.path for one in found if one is not None), common)


@events.on(AreaEnded)
def follow_end(event: EventRow) -> None:
    """Let what phones handed in below an area that has ended wait for the community's desk."""
    community = places.community_of_path(event.area_path)
    if community is not None and community.path != event.area_path:
        taking.follow_area(ended_path=event.area_path, into_path=community.path)
