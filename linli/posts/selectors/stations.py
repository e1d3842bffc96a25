"""Stations and their rosters: who belongs, who is on duty now and this week, where there is a gap."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _

from linli.kernel import calendar, clock
from linli.kernel.actor import Actor
from linli.kernel.errors import NotFound
from linli.kernel.worktime import WEEKDAYS
from linli.people import selectors as people
from linli.posts.models import Station, StationSeat, StationShift, Turn
from linli.posts.rules.roster import Shift, Slot, shifts_on, slots_on
from linli.posts.selectors.seats import seats_of

DUTY: Final = "posts.roster"
WEEK: Final = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnLine:
    """Somebody on duty."""

    id: UUID
    account_id: UUID
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SlotLine:
    """A stretch of a day: who is on duty, how many are missing."""

    starts_at: datetime
    ends_at: datetime
    needed: int
    turns: tuple[TurnLine, ...]
    is_over: bool

    @property
    def gap(self) -> int:
        """Return how many are missing; nobody misses anybody in a stretch that is over."""
        return 0 if self.is_over else max(self.needed - len(self.turns), 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class DayLine:
    """A day of a roster. note: what makes it differ (国庆节, 调休上班)."""

    day: date
    weekday: str
    note: str
    is_closed: bool
    slots: tuple[SlotLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class OnDuty:
    """A station that is open now, or opens next, as residents see it."""

    station_id: UUID
    name: str
    address: str
    phone: str
    names: tuple[str, ...]
    is_open: bool
    until: datetime | None  # when open
    opens_at: datetime | None  # when closed: the next time within a week


@dataclass(frozen=True, slots=True, kw_only=True)
class StationLine:
    """A station in the desk's list."""

    row: Station
    now: OnDuty
    gap_count: int  # in the seven days from today
    free_count: int  # seats without anybody


def get_station(station_id: UUID, actor: Actor, *, lock: bool = False) -> Station:
    """Return a station whose roster the actor keeps. Errors: NotFound."""
    rows = Station.objects.select_related("area").filter(_reach(actor))
    if lock:
        rows = rows.select_for_update(of=("self",))
    row = next(iter(rows.filter(pk=station_id)), None)
    if row is None:
        raise NotFound(_("没有找到这个站点。"))
    return row


def station_of_seat(seat_id: UUID) -> UUID:
    """Return whose seat it is. Errors: NotFound."""
    found = StationSeat.objects.filter(pk=seat_id).values_list("station_id", flat=True).first()
    if found is None:
        raise NotFound(_("没有找到这个站点。"))
    return found


def get_turn(turn_id: UUID, actor: Actor) -> Turn:
    """Return a turn of a station whose roster the actor keeps. Errors: NotFound."""
    row = Turn.objects.filter(pk=turn_id).first()
    if row is None:
        raise NotFound(_("没有找到这一班。"))
    get_station(row.station_id, actor)
    return row


def station_lines(actor: Actor, area_path: str, now: datetime) -> list[StationLine]:
    """Return the living stations of an area with who is on duty and where there are gaps.

    Errors: NotAllowed.
    """
    actor.require(DUTY, area_path)
    rows = list(_below(area_path))
    today = clock.local(now).date()
    rosters = _rosters(rows, today, WEEK, now)
    free = {row.pk: sum(seat.free for seat in seats_of(row.pk)) for row in rows}
    return [
        StationLine(
            row=row,
            now=_on_duty(row, rosters[row.pk], now),
            gap_count=sum(slot.gap for day in rosters[row.pk] for slot in day.slots),
            free_count=free[row.pk],
        )
        for row in rows
    ]


def on_duty(area_path: str, now: datetime) -> list[OnDuty]:
    """Return the stations of a community with who is on duty now, for everybody to see.

    Source: S1 1.2, S2 2.2.
    """
    rows = list(_below(area_path))
    rosters = _rosters(rows, clock.local(now).date(), WEEK, now)
    return [_on_duty(row, rosters[row.pk], now) for row in rows]


def roster(station: Station, first_on: date, count: int, now: datetime) -> list[DayLine]:
    """Return some days of a station's roster."""
    return _rosters([station], first_on, count, now)[station.pk]


def shifts_of(station_id: UUID) -> list[Shift]:
    """Return the ordinary week of a station."""
    return _shifts([station_id]).get(station_id, [])


def slots_of(station: Station, day: date) -> list[Slot]:
    """Return when a station is open on a day, by its hours and the calendar."""
    shifts = shifts_on(
        day,
        shifts_of(station.pk),
        calendar.load(),
        is_open_on_holidays=station.is_open_on_holidays,
    )
    return slots_on(day, shifts, clock.BEIJING)


def day_note(day: date) -> str:
    """Return what makes a day differ from its weekday: the holiday's name, 调休上班, or nothing."""
    known = calendar.load().days.get(day)
    if known is None:
        return ""
    return _("调休上班") if known.is_workday else known.name or _("放假")


def _below(area_path: str) -> Any:
    rows = Station.objects.filter(area__path__startswith=area_path, ended_at=None)
    return rows.select_related("area").order_by("area__path", "code")


def _reach(actor: Actor) -> Q:
    where = Q(pk=None)
    for path in actor.scopes(DUTY):
        where |= Q(area__path__startswith=path)
    return where


def _rosters(
    stations: list[Station], first_on: date, count: int, now: datetime
) -> dict[UUID, list[DayLine]]:
    """Return some days of several stations; four queries however many there are."""
    ids = [row.pk for row in stations]
    shifts, work = _shifts(ids), calendar.load()
    days = [first_on + timedelta(days=number) for number in range(count)]
    turns = _turns(ids, days)
    found: dict[UUID, list[DayLine]] = {}
    for row in stations:
        found[row.pk] = [
            _day(
                day,
                shifts_on(
                    day,
                    shifts.get(row.pk, []),
                    work,
                    is_open_on_holidays=row.is_open_on_holidays,
                ),
                turns.get((row.pk, day), []),
                now,
            )
            for day in days
        ]
    return found


def _shifts(ids: Iterable[UUID]) -> dict[UUID, list[Shift]]:
    found: dict[UUID, list[Shift]] = {}
    rows = StationShift.objects.filter(station_id__in=list(ids)).order_by("weekday", "opens_at")
    for row in rows:
        one = Shift(
            weekday=row.weekday, opens_at=row.opens_at, closes_at=row.closes_at, needed=row.needed
        )
        found.setdefault(row.station_id, []).append(one)
    return found


def _turns(ids: list[UUID], days: list[date]) -> dict[tuple[UUID, date], list[tuple[Turn, str]]]:
    if not ids or not days:
        return {}
    start = datetime.combine(days[0], datetime.min.time(), tzinfo=clock.BEIJING)
    end = datetime.combine(days[-1], datetime.min.time(), tzinfo=clock.BEIJING) + timedelta(days=1)
    rows = list(
        Turn.objects.filter(station_id__in=ids, starts_at__gte=start, starts_at__lt=end).order_by(
            "starts_at", "id"
        )
    )
    names = people.account_names(row.account_id for row in rows)
    found: dict[tuple[UUID, date], list[tuple[Turn, str]]] = {}
    for row in rows:
        key = row.station_id, clock.local(row.starts_at).date()
        found.setdefault(key, []).append((row, names.get(row.account_id, "")))
    return found


def _day(day: date, shifts: list[Shift], turns: list[tuple[Turn, str]], now: datetime) -> DayLine:
    slots = {(one.starts_at, one.ends_at): one for one in slots_on(day, shifts, clock.BEIJING)}
    for turn, _name in turns:  # turns that stand outside the hours, because these were changed
        at = clock.local(turn.starts_at), clock.local(turn.ends_at)
        slots.setdefault(at, Slot(starts_at=at[0], ends_at=at[1], needed=0))
    return DayLine(
        day=day,
        weekday=f"星期{WEEKDAYS[day.weekday()]}",
        note=day_note(day),
        is_closed=not slots,
        slots=tuple(_slot(slots[at], turns, now) for at in sorted(slots)),
    )


def _slot(slot: Slot, turns: list[tuple[Turn, str]], now: datetime) -> SlotLine:
    return SlotLine(
        starts_at=slot.starts_at,
        ends_at=slot.ends_at,
        needed=slot.needed,
        turns=tuple(
            TurnLine(id=turn.pk, account_id=turn.account_id, name=name)
            for turn, name in turns
            if (turn.starts_at, turn.ends_at) == (slot.starts_at, slot.ends_at)
        ),
        is_over=slot.ends_at <= now,
    )


def _on_duty(row: Station, days: list[DayLine], now: datetime) -> OnDuty:
    slots = [slot for day in days for slot in day.slots]
    current = next((one for one in slots if one.starts_at <= now < one.ends_at), None)
    later = next((one for one in slots if one.starts_at > now), None)
    return OnDuty(
        station_id=row.pk,
        name=row.name,
        address=row.address,
        phone=row.phone,
        names=tuple(turn.name for turn in current.turns) if current else (),
        is_open=current is not None,
        until=current.ends_at if current else None,
        opens_at=later.starts_at if later and not current else None,
    )
