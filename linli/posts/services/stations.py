"""Stations: set up with seats and hours, people seated in them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from linli.kernel import events
from linli.kernel.actor import Actor
from linli.kernel.errors import BadInput, Conflict, NotFound
from linli.kernel.ids import new_id
from linli.people import selectors as people
from linli.places import selectors as places
from linli.posts.errors import PostEnded
from linli.posts.events import MemberLeft, MemberSeated, StationChanged
from linli.posts.models import Station, StationMember, StationSeat, StationShift, Turn
from linli.posts.rules.roster import Shift
from linli.posts.selectors.stations import get_station

DUTY = "posts.roster"


@dataclass(frozen=True, slots=True, kw_only=True)
class StationSheet:
    """What the form of a station says. seats: (label, how many); shifts: the ordinary week."""

    name: str
    area_id: UUID
    address: str = ""
    phone: str = ""
    is_open_on_holidays: bool = False
    seats: Sequence[tuple[str, int]] = ()
    shifts: Sequence[Shift] = ()


@transaction.atomic
def create_station(*, sheet: StationSheet, code: str = "", actor: Actor, now: datetime) -> Station:
    """Set up a station. code: stable in the tenant; made when left out.

    Errors: NotFound, NotAllowed, BadInput, Conflict (the code is taken).
    Source: S1 1.2, S2 2.2.
    """
    area = places.get_area(sheet.area_id)
    actor.require(DUTY, area.path)
    _check(sheet)
    row = Station(area=area, created_at=now, code=code or f"station-{new_id().hex[-10:]}")
    _write(row, sheet)
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        raise Conflict(_("这个站点编号已经有了，换一个。"), field="code") from None
    _set_seats(row, sheet.seats)
    _set_shifts(row, sheet.shifts)
    _tell(row, "created", actor, now)
    return row


@transaction.atomic
def change_station(
    *, station_id: UUID, sheet: StationSheet, actor: Actor, now: datetime
) -> Station:
    """Change a station; turns that stand already stay, also outside the new hours.

    Errors: NotFound, NotAllowed, BadInput, Conflict (a seat with people in it would go), PostEnded.
    """
    row = _living(station_id, actor)
    area = places.get_area(sheet.area_id)
    actor.require(DUTY, area.path)
    _check(sheet)
    row.area = area
    _write(row, sheet)
    row.save()
    _set_seats(row, sheet.seats)
    _set_shifts(row, sheet.shifts)
    _tell(row, "changed", actor, now)
    return row


@transaction.atomic
def end_station(*, station_id: UUID, actor: Actor, now: datetime) -> Station:
    """Close a station for good; turns to come go with it. Errors: NotFound, PostEnded."""
    row = _living(station_id, actor)
    Turn.objects.filter(station=row, starts_at__gt=now).delete()
    seats = list(row.seats.values_list("id", flat=True))
    members = StationMember.objects.filter(seat_id__in=seats, ends_at=None)
    members.filter(starts_at__gte=now).delete()
    members.update(ends_at=now)
    row.ended_at = now
    row.save(update_fields=["ended_at"])
    _tell(row, "ended", actor, now)
    return row


@transaction.atomic
def seat_member(*, seat_id: UUID, account_id: UUID, actor: Actor, now: datetime) -> StationMember:
    """Let somebody belong to a station.

    Errors: NotFound, BadInput (not staff), Conflict (sits there already, or the seats are taken).
    """
    seat = next(iter(StationSeat.objects.filter(pk=seat_id)), None)
    if seat is None:
        raise NotFound(_("没有找到这个站点。"))
    station = _living(seat.station_id, actor)
    account = people.find_account(account_id)
    if account is None or not account.is_staff:
        raise BadInput(_("选一位工作人员。"), field="account")
    held = StationMember.objects.filter(seat__station=station, ends_at=None)
    if held.filter(account_id=account_id).exists():
        raise Conflict(_("这个人已经在这个站点了。"), field="account")
    if held.filter(seat=seat).count() >= seat.count:
        raise Conflict(
            _("%(label)s只有 %(n)d 个名额，都有人了。") % {"label": seat.label, "n": seat.count},
            field="seat",
        )
    row = StationMember.objects.create(seat=seat, account_id=account_id, starts_at=now)
    event = MemberSeated(
        subject_id=station.pk, area_path=station.area.path, member_id=account_id, seat=seat.label
    )
    events.record(event, actor=actor, at=now)
    return row


@transaction.atomic
def unseat_member(*, member_id: UUID, actor: Actor, now: datetime) -> int:
    """Let somebody leave a station; return how many of their turns are free again.

    Errors: NotFound.
    """
    rows = StationMember.objects.select_related("seat").filter(pk=member_id, ends_at=None)
    found = next(iter(rows), None)
    station = get_station(found.seat.station_id, actor, lock=True) if found else None
    row = next(iter(rows.all()), None)  # under the lock: somebody may have been faster
    if station is None or row is None:
        raise NotFound(_("没有找到这个人，可能已经请出站点。刷新看看。"))
    return leave(row, station, actor=actor, now=now)


def leave_all(*, account_id: UUID, actor: Actor, now: datetime) -> None:
    """Take somebody whose account has ended out of every station."""
    rows = StationMember.objects.filter(account_id=account_id, ends_at=None)
    for row in rows.select_related("seat__station__area"):
        leave(row, row.seat.station, actor=actor, now=now)


def leave(row: StationMember, station: Station, *, actor: Actor, now: datetime) -> int:
    """End a membership and free the turns to come."""
    turns = Turn.objects.filter(station=station, account_id=row.account_id, starts_at__gt=now)
    freed = turns.count()
    turns.delete()
    if row.starts_at >= now:
        row.delete()
    else:
        row.ends_at = now
        row.save(update_fields=["ends_at"])
    event = MemberLeft(
        subject_id=station.pk,
        area_path=station.area.path,
        member_id=row.account_id,
        freed_count=freed,
    )
    events.record(event, actor=actor, at=now)
    return freed


def _living(station_id: UUID, actor: Actor) -> Station:
    row = get_station(station_id, actor, lock=True)
    if row.ended_at is not None:
        raise PostEnded(_("这个站点已经撤销。"))
    return row


def _check(sheet: StationSheet) -> None:
    name = " ".join(sheet.name.split())
    if not name or len(name) > 60:
        raise BadInput(_("站点名称写 1 到 60 个字。"), field="name")
    labels = [label for label, _count in sheet.seats]
    if len(set(labels)) != len(labels) or not all(0 < len(label) <= 30 for label in labels):
        raise BadInput(_("每种人员写一行，不要重复。"), field="seats")
    if any(not 1 <= count <= 50 for _label, count in sheet.seats):
        raise BadInput(_("每种人员写 1 到 50 人。"), field="seats")
    _check_shifts(sheet.shifts)


def _check_shifts(shifts: Sequence[Shift]) -> None:
    ordered = sorted(shifts, key=lambda one: (one.weekday, one.opens_at))
    if any(one.opens_at >= one.closes_at or not 1 <= one.needed <= 20 for one in ordered):
        raise BadInput(_("开门要早于关门，每班 1 到 20 人。"), field="shifts")
    if any(a.weekday == b.weekday and a.closes_at > b.opens_at for a, b in pairwise(ordered)):
        raise BadInput(_("同一天的两班时间重叠了。"), field="shifts")


def _write(row: Station, sheet: StationSheet) -> None:
    row.name = " ".join(sheet.name.split())
    row.address = " ".join(sheet.address.split())[:120]
    row.phone = sheet.phone.strip()[:20]
    row.is_open_on_holidays = sheet.is_open_on_holidays


def _set_seats(row: Station, seats: Sequence[tuple[str, int]]) -> None:
    known = {seat.label: seat for seat in row.seats.all()}
    wanted = {label for label, _count in seats}
    for label, seat in known.items():
        if label not in wanted:
            if seat.members.filter(ends_at=None).exists():
                raise Conflict(
                    _("还有人是%(label)s，先请出再去掉。") % {"label": label}, field="seats"
                )
            if not seat.members.exists():
                seat.delete()
    for order, (label, count) in enumerate(seats):
        StationSeat.objects.update_or_create(
            station=row, code=label, defaults={"label": label, "count": count, "order": order}
        )


def _set_shifts(row: Station, shifts: Sequence[Shift]) -> None:
    row.shifts.all().delete()
    StationShift.objects.bulk_create(
        StationShift(
            station=row,
            weekday=one.weekday,
            opens_at=one.opens_at,
            closes_at=one.closes_at,
            needed=one.needed,
        )
        for one in shifts
    )


def _tell(row: Station, how: str, actor: Actor, now: datetime) -> None:
    event = StationChanged(subject_id=row.pk, area_path=row.area.path, how=how)
    events.record(event, actor=actor, at=now)
