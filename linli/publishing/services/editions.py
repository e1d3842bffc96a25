"""The next edition of a board: kept pages of the one before are asked for by nobody any more."""

from uuid import UUID

from django.db.models import F

from linli.kernel.rows import insert_once
from linli.publishing.models import BoardEdition


def turn_page(community_id: UUID) -> None:
    """Begin a board's next edition, in the transaction of what changes it."""
    rows = BoardEdition.objects.filter(community_id=community_id)
    if rows.update(number=F("number") + 1):
        return
    # Two first releases at once: one makes the row, the other goes on from it.
    if not insert_once(BoardEdition(community_id=community_id, number=1)):
        rows.update(number=F("number") + 1)


def turn_every_page() -> None:
    """Begin the next edition of every board of the tenant: what a kind of case may show has changed."""
    BoardEdition.objects.update(number=F("number") + 1)
