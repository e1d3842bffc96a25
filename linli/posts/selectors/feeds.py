"""What a calendar program is given: one's own turns, or all turns of a station."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.utils.translation import gettext as _

from linli.kernel import secrets
from linli.kernel.actor import Actor
from linli.kernel.errors import NotFound
from linli.people import selectors as people
from linli.posts.models import CalendarFeed, Station, StationMember, Turn
from linli.posts.selectors.actors import actor_of
from linli.posts.selectors.stations import DUTY

LINK: Final = "roster feed"
BACK: Final = timedelta(days=31)
AHEAD: Final = timedelta(days=186)
MOST: Final = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class Duty:
    """One stretch of duty: at which station, when, who."""

    uid: str  # the same turn, or the same stretch of a station, has the same
    station_name: str
    address: str
    phone: str
    starts_at: datetime
    ends_at: datetime
    names: tuple[str, ...]
    set_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class RosterCalendar:
    """A calendar as it is fetched."""

    name: str
    is_own: bool
    duties: tuple[Duty, ...]


def find_feed(actor: Actor, station_id: UUID | None = None) -> CalendarFeed | None:
    """Return the actor's calendar address, their own or of a station, or None."""
    if actor.account_id is None:
        return None
    rows = CalendarFeed.objects.filter(account_id=actor.account_id, station_id=station_id)
    return next(iter(rows), None)


def get_own_feed(feed_id: UUID, actor: Actor) -> CalendarFeed:
    """Return a calendar address that is the actor's. Errors: NotFound."""
    rows = CalendarFeed.objects.filter(pk=feed_id, account_id=actor.account_id)
    row = next(iter(rows), None)
    if row is None or actor.account_id is None:
        raise NotFound(_("没有找到这个日历地址。"))
    return row


def feed_token(feed: CalendarFeed, tenant_code: str) -> str:
    """Return the secret part of a calendar's address."""
    return secrets.case_token(tenant_code, feed.pk, 1, kind=LINK)


def may_subscribe(actor: Actor, station: Station) -> bool:
    """Tell whether the actor may have a station's calendar: its roster's keeper, and its people."""
    if actor.can(DUTY, station.area.path):
        return True
    rows = StationMember.objects.filter(seat__station_id=station.pk, account_id=actor.account_id)
    return actor.account_id is not None and rows.filter(ends_at=None).exists()


def calendar_of(token: str, now: datetime) -> RosterCalendar:
    """Return what a secret address shows now.

    Errors: NotFound, when it was taken back, the account ended, or may not see the station any more.
    """
    read = secrets.read_token(token, kind=LINK)
    rows = CalendarFeed.objects.select_related("station__area", "account")
    feed = next(iter(rows.filter(pk=read.case_id)), None)
    if feed is None or people.find_account(feed.account_id) is None:
        raise NotFound(_("这个日历地址已经停用。到“我的值班”里重新生成。"))
    around = Turn.objects.filter(starts_at__gt=now - BACK, starts_at__lt=now + AHEAD)
    if feed.station is None:
        mine = around.filter(account_id=feed.account_id)
        return RosterCalendar(
            name=_("%(name)s的值班") % {"name": feed.account.name},
            is_own=True,
            duties=_duties(mine, _with(mine), is_own=True),
        )
    station = feed.station
    if station.ended_at is not None or not may_subscribe(actor_of(feed.account_id, now), station):
        raise NotFound(_("这个日历地址已经停用。到“我的值班”里重新生成。"))
    turns = around.filter(station_id=station.pk)
    return RosterCalendar(
        name=_("%(name)s值班表") % {"name": station.name},
        is_own=False,
        duties=_duties(turns, turns, is_own=False),
    )


def _with(mine: Any) -> Any:
    """Return the turns of those on duty together with somebody, in one statement more."""
    same = mine.values("station_id")
    return Turn.objects.filter(station_id__in=same, starts_at__in=mine.values("starts_at"))


def _duties(turns: Any, together: Iterable[Any], *, is_own: bool) -> tuple[Duty, ...]:
    """Return turns as stretches: those of one station at one time are one."""
    all_ = list(together)
    names = people.account_names({row.account_id for row in all_})
    # In somebody's own calendar a turn is theirs; in a station's, everybody's of that stretch.
    who: dict[tuple[UUID, datetime], list[str]] = {}
    for row in sorted(all_, key=lambda one: one.pk):
        who.setdefault((row.station_id, row.starts_at), []).append(names.get(row.account_id, ""))
    found: dict[tuple[UUID, datetime], Duty] = {}
    for row in turns.select_related("station").order_by("starts_at", "id")[:MOST]:
        at = (row.station_id, row.starts_at)
        found.setdefault(
            at,
            Duty(
                uid=str(row.pk) if is_own else f"{row.station_id}-{row.starts_at:%Y%m%dT%H%M}",
                station_name=row.station.name,
                address=row.station.address,
                phone=row.station.phone,
                starts_at=row.starts_at,
                ends_at=row.ends_at,
                names=tuple(who.get(at, ())),
                set_at=row.created_at,
            ),
        )
    return tuple(found.values())
