"""How many messages did not arrive, for the desk's first page."""

from datetime import datetime

from django.db.models import Q

from linli.kernel.actor import Actor
from linli.messages.models import Delivery, DeliveryState

MOST = 99


def count_failed(actor: Actor, *, since: datetime) -> int:
    """Return how many messages of the areas that the actor manages were given up since a moment.

    99 stands for 99 and more.
    """
    scopes = actor.scopes("messages.manage")
    where = Q(pk=None)
    for path in scopes:
        where |= Q(notice__area_path__startswith=path) if path else Q(pk__isnull=False)
    failed = Delivery.objects.filter(where, state=DeliveryState.FAILED, settled_at__gte=since)
    return len(failed.order_by("-id").values_list("id", flat=True)[:MOST]) if scopes else 0
