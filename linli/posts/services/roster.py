"""Rosters: gaps filled in fair turns, somebody put on duty or taken off by hand."""

from collections import defaultdict
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from linli.kernel import clock, events
from linli.kernel.actor import Actor
from linli.kernel.errors import BadInput, Conflict, NotFound
from linli.posts.events import RosterFilled, TurnSet
from linli.posts.models import Station, StationMember, Substitution, Turn
from linli.posts.rules.roster import FAIR_DAYS, Past, Slot, next_in_turn
from linli.posts.selectors.seats import member_names
from linli.posts.selectors.stations import get_station, slots_of

MOST_DAYS: Final = 62


@transaction.atomic
def fill_days(
    *, station_id: UUID, first_on: date, last_on: date, actor: Actor, now: datetime
) -> tuple[int, int]:
    """Fill the gaps of some days in fair turns; return how many turns were set and how many gaps stay.

    What stands already stays; what is over is not touched. Whoever is on duty elsewhere or away
    (stood in for) at that time is left out. Errors: NotFound, BadInput (no members, too many days).
    """
    station = get_station(station_id, actor, lock=True)
    if not 0 <= (last_on - first_on).days < MOST_DAYS:
        raise BadInput(_("一次最多排两个月，最后一天不能早于第一天。"), field="last_on")
    members = list(member_names(station.pk))
    if not members:
        raise BadInput(_("这个站点还没有人，先把人加进来。"))
    hold(*members)
    plan = _Plan(station, members, first_on, last_on, now)
    days = [first_on + timedelta(days=number) for number in range((last_on - first_on).days + 1)]
    gaps = sum(plan.fill(slot) for day in days for slot in slots_of(station, day))
    Turn.objects.bulk_create(plan.made, batch_size=200)
    event = RosterFilled(
        subject_id=station.pk,
        area_path=station.area.path,
        first_day=first_on.isoformat(),
        last_day=last_on.isoformat(),
        turn_count=len(plan.made),
        gap_count=gaps,
    )
    events.record(event, actor=actor, at=now)
    return len(plan.made), gaps


@transaction.atomic
def put_on_duty(
    *, station_id: UUID, starts_at: datetime, account_id: UUID, actor: Actor, now: datetime
) -> Turn:
    """Put a member on duty in a stretch that is to come or lasts.

    Errors: NotFound, BadInput (not a member, not open then, over), Conflict (on duty elsewhere).
    """
    station = get_station(station_id, actor, lock=True)
    day = clock.local(starts_at).date()
    slot = next((one for one in slots_of(station, day) if one.starts_at == starts_at), None)
    if slot is None or slot.ends_at <= now:
        raise BadInput(_("这个时段不开门，或者已经过了。"), field="starts_at")
    if account_id not in member_names(station.pk):
        raise BadInput(_("先把这个人加进站点。"), field="account")
    hold(account_id)
    if is_busy(account_id, slot.starts_at, slot.ends_at):
        raise Conflict(_("这个人这段时间已经有班了。"), field="account")
    row = Turn.objects.create(
        station=station,
        account_id=account_id,
        starts_at=slot.starts_at,
        ends_at=slot.ends_at,
        created_at=now,
    )
    _tell(station, row, "on", actor, now)
    return row


@transaction.atomic
def take_off_duty(*, turn_id: UUID, actor: Actor, now: datetime) -> UUID:
    """Take somebody off a turn that is to come; return the station. Errors: NotFound, Conflict (over)."""
    row = next(iter(Turn.objects.select_for_update(of=("self",)).filter(pk=turn_id)), None)
    if row is None:
        raise NotFound(_("没有找到这一班。"))
    station = get_station(row.station_id, actor)
    if row.ends_at <= now:
        raise Conflict(_("这一班已经值过了，不能改。"))
    _tell(station, row, "off", actor, now)
    row.delete()
    return station.pk


def hold(*account_ids: UUID) -> None:
    """Let no other station set turns of these people until the transaction ends; before `is_busy`."""
    seats = StationMember.objects.select_for_update(of=("self",)).filter(account_id__in=account_ids)
    list(seats.order_by("pk").values_list("pk"))


def is_busy(
    account_id: UUID, starts_at: datetime, ends_at: datetime, *, apart_from: tuple[UUID, ...] = ()
) -> bool:
    """Tell whether somebody is on duty anywhere at any time between two moments."""
    rows = Turn.objects.filter(account_id=account_id, starts_at__lt=ends_at, ends_at__gt=starts_at)
    return rows.exclude(pk__in=apart_from).exists()


class _Plan:
    """The turns of some days while they are filled."""

    def __init__(
        self, station: Station, members: list[UUID], first_on: date, last_on: date, now: datetime
    ) -> None:
        self._station, self._members, self._now = station, members, now
        self.made: list[Turn] = []
        start = _midnight(first_on) - timedelta(days=FAIR_DAYS)
        end = _midnight(last_on) + timedelta(days=1)
        self._turns = list(
            Turn.objects.filter(account_id__in=members, starts_at__gte=start, starts_at__lt=end)
        )
        self._away = list(
            Substitution.objects.filter(
                absent_id__in=members, starts_at__lt=end, ends_at__gt=_midnight(first_on)
            ).values_list("absent_id", "starts_at", "ends_at")
        )

    def fill(self, slot: Slot) -> int:
        """Set the turns that a stretch lacks; return how many gaps stay."""
        if slot.ends_at <= self._now:
            return 0
        there = sum(
            one.station_id == self._station.pk
            and one.starts_at == slot.starts_at
            and one.ends_at == slot.ends_at
            for one in self._turns
        )
        for number in range(there, slot.needed):
            chosen = next_in_turn(self._members, self._past(), busy=self._busy(slot))
            if chosen is None:
                return slot.needed - number
            turn = Turn(
                station=self._station,
                account_id=chosen,
                starts_at=slot.starts_at,
                ends_at=slot.ends_at,
                created_at=self._now,
            )
            self.made.append(turn)
            self._turns.append(turn)
        return 0

    def _past(self) -> dict[UUID, Past]:
        mine = [one for one in self._turns if one.station_id == self._station.pk]
        times: dict[UUID, list[datetime]] = defaultdict(list)
        for one in mine:
            times[one.account_id].append(one.starts_at)
        return {who: Past(count=len(at), last_at=max(at)) for who, at in times.items()}

    def _busy(self, slot: Slot) -> set[UUID]:
        on_duty = {
            one.account_id
            for one in self._turns
            if one.starts_at < slot.ends_at and one.ends_at > slot.starts_at
        }
        away = {
            who for who, since, to in self._away if since < slot.ends_at and to > slot.starts_at
        }
        return on_duty | away


def _midnight(day: date) -> datetime:
    return datetime.combine(day, datetime.min.time(), tzinfo=clock.BEIJING)


def _tell(station: Station, row: Turn, how: str, actor: Actor, now: datetime) -> None:
    event = TurnSet(
        subject_id=station.pk,
        area_path=station.area.path,
        how=how,
        turn_of_id=row.account_id,
        starts_at=row.starts_at.isoformat(),
    )
    events.record(event, actor=actor, at=now)
