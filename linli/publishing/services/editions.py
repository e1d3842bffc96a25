"""The next edition of a board: kept pages of the one before are asked for by nobody any more."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Case, F, Value, When

from linli.kernel.rows import insert_once
from linli.publishing.models import BoardEdition


def turn_page(community_id: UUID, now: datetime) -> None:
    """Begin a board's next edition, in the transaction of what changes it."""
    rows = BoardEdition.objects.filter(community_id=community_id)
    if rows.update(**_next(now)):
        return
    # Two first releases at once: one makes the row, the other goes on from it.
    if not insert_once(BoardEdition(community_id=community_id, number=1, turned_at=now)):
        rows.update(**_next(now))


def turn_every_page(now: datetime) -> None:
    """Begin the next edition of every board of the tenant: what a kind of case may show has changed."""
    BoardEdition.objects.update(**_next(now))


def _next(now: datetime) -> dict[str, Any]:
    """Return what changes. What an event caused comes a little late: the moment never goes back."""
    later = Case(When(turned_at__gt=now, then=F("turned_at")), default=Value(now))
    return {"number": F("number") + 1, "turned_at": later}
