"""Calendar addresses of rosters: made once, taken back at any time."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from linli.kernel import events
from linli.kernel.actor import Actor, ActorKind
from linli.kernel.errors import NotFound
from linli.posts.events import CalendarFeedChanged
from linli.posts.models import CalendarFeed, Station
from linli.posts.selectors import feeds as selectors


@transaction.atomic
def open_feed(*, station_id: UUID | None = None, actor: Actor, now: datetime) -> CalendarFeed:
    """Give the actor a secret address of their turns, or of a station's; asked again, it is the same.

    Errors: NotFound (no account of staff; a station that is not theirs).
    """
    if actor.account_id is None or actor.kind is not ActorKind.STAFF:
        raise NotFound(_("没有找到这一页。"))
    if station_id is not None:
        rows = Station.objects.select_related("area").filter(pk=station_id, ended_at=None)
        station = next(iter(rows), None)
        if station is None or not selectors.may_subscribe(actor, station):
            raise NotFound(_("没有找到这个站点。"))
    row, is_new = CalendarFeed.objects.get_or_create(
        account_id=actor.account_id, station_id=station_id, defaults={"created_at": now}
    )
    if is_new:
        _record(row, "opened", actor, now)
    return row


@transaction.atomic
def revoke_feed(*, feed_id: UUID, actor: Actor, now: datetime) -> UUID | None:
    """Take an address back: nobody reads it any more. Return its station. Errors: NotFound."""
    row = selectors.get_own_feed(feed_id, actor)
    _record(row, "revoked", actor, now)
    row.delete()
    return row.station_id


def _record(row: CalendarFeed, how: str, actor: Actor, now: datetime) -> None:
    event = CalendarFeedChanged(
        subject_id=row.station_id or row.account_id, feed_id=row.pk, how=how
    )
    events.record(event, actor=actor, at=now)
