"""What waits to be sent, and which lines are down: for the sender."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Min, QuerySet

from linli.messages.models import Delivery, DeliveryState, Outage


def waiting_until(address_hashes: Iterable[str], now: datetime) -> dict[str, datetime]:
    """Return for each address when its next waiting message leaves, so that another can join it."""
    rows = Delivery.objects.filter(
        address_hash__in=list(address_hashes),
        state=DeliveryState.WAITING,
        attempts=0,
        due_at__gt=now,
    )
    return dict(rows.values_list("address_hash").annotate(Min("due_at")).order_by())


def lines_down() -> dict[str, Outage]:
    """Return the open outages by line."""
    return {one.line: one for one in Outage.objects.filter(ended_at=None)}


def due_deliveries(
    now: datetime, *, without: Iterable[str] = (), line: str = ""
) -> "QuerySet[Delivery]":
    """Return what should have left by now, fewest attempts first.

    without: lines that are down. line: only this one.
    """
    rows = Delivery.objects.filter(state=DeliveryState.WAITING, due_at__lte=now)
    if line:
        rows = rows.filter(line=line)
    down = list(without)
    if down:
        rows = rows.exclude(line__in=down)
    return rows.order_by("attempts", "due_at", "id")


def count_waiting(line: str, now: datetime) -> int:
    """Return how many deliveries should have left over a line by now."""
    return due_deliveries(now, line=line).order_by().count()
