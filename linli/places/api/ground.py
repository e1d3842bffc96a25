"""What the API of places shares: who asks, what a key may look at."""

from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from linli.kernel import clock
from linli.kernel.actor import Actor
from linli.kernel.errors import NotFound
from linli.kernel.web import Request
from linli.places import selectors


def who(request: Request) -> dict[str, Any]:
    """Return who asks and when, as services take it."""
    return {"actor": request.actor, "now": clock.now()}


def see(actor: Actor, path: str) -> None:
    """Refuse unless some duty of the key reaches there. Errors: NotFound."""
    if not any(path.startswith(grant.area_path) for grant in actor.grants):
        raise NotFound(_("没有找到这个地方。"))


def community_of(request: Request, community_id: UUID) -> Any:
    """Return a community that the key reaches. Errors: NotFound."""
    community = selectors.get_community_by_id(community_id)
    see(request.actor, community.path)
    return community


def building_of(request: Request, building_id: UUID) -> Any:
    """Return a building that the key reaches. Errors: NotFound."""
    building = selectors.get_building(building_id)
    see(request.actor, building.community.path)
    return building


def given(body: Any) -> dict[str, Any]:
    """Return what was sent, without what was left out or null."""
    sent: dict[str, Any] = body.model_dump(exclude_none=True)
    return sent
