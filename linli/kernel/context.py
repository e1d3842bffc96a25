"""What every template may count on: actor, door, type size, rail, community. No queries."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from linli.kernel import web


def page(request: HttpRequest) -> dict[str, Any]:
    """Return the frame of the page for this request.

    A view sets `request.community` (anything with `name` and `phone`), `request.place_name` and
    `request.nav_counts` ({url name: number}) when it has them; absent ones are simply not shown.
    """
    actor = getattr(request, "actor", None)
    door = web.door_of(request.path)
    community = getattr(request, "community", None)
    name = getattr(community, "name", "")
    size = web.type_size(request)
    return {
        "actor": actor,
        "door": door,
        "signed_in": getattr(actor, "account_id", None) is not None,
        "size": size,
        "size_class": web.SIZES[size],
        "here": request.get_full_path(),
        "nav": web.nav_for(door, actor, request.path, getattr(request, "nav_counts", {})),
        "community": community,
        "community_name": name,
        "community_phone": getattr(community, "phone", ""),
        "seal": (name or "邻")[0],
        "demo": settings.DEMO,
    }
