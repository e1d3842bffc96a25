"""Stations and allowances as a blueprint names them: what is missing is made, what people changed stays."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from linli.kernel.blueprint import Outcome, put
from linli.posts.models import AllowanceRule, Station, StationSeat, StationShift
from linli.posts.rules.roster import Shift


@dataclass(frozen=True, slots=True, kw_only=True)
class StationItem:
    """A station: who belongs to it, when it is open. seats: (label, how many)."""

    code: str
    name: str
    area_code: str
    address: str = ""
    phone: str = ""
    seats: tuple[tuple[str, int], ...] = ()
    shifts: tuple[Shift, ...] = ()
    is_open_on_holidays: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class AllowanceItem:
    """What holders of a role get a month. Units: fen, whole."""

    code: str
    label: str
    area_code: str
    role: str
    monthly_fen: int
    starts_on: date
    is_for_part_time: bool = True


def install_stations(
    items: Sequence[StationItem],
    base: Sequence[StationItem],
    areas: Mapping[str, UUID],
    outcome: Outcome,
    now: datetime,
) -> None:
    """Install stations; seats and hours come with a new station and are people's matter from then on."""
    known = set(Station.objects.values_list("code", flat=True))
    rows = put(
        Station,
        "值守站点",
        wanted={one.code: _station(one, areas) for one in items},
        base={one.code: _station(one, areas) for one in base},
        key=lambda row: row.code,
        first={"created_at": now},
        outcome=outcome,
    )
    for one in items:
        if one.code not in known:
            _furnish(rows[one.code], one)


def install_allowances(
    items: Sequence[AllowanceItem],
    base: Sequence[AllowanceItem],
    areas: Mapping[str, UUID],
    outcome: Outcome,
) -> None:
    """Install allowances; one whose month was frozen is never changed, so a new amount needs a new code."""
    frozen = set(AllowanceRule.objects.filter(sheets__isnull=False).values_list("code", flat=True))
    put(
        AllowanceRule,
        "补贴",
        wanted={one.code: _allowance(one, areas) for one in items if one.code not in frozen},
        base={one.code: _allowance(one, areas) for one in base if one.code not in frozen},
        key=lambda row: row.code,
        first={},
        outcome=outcome,
    )


def _station(one: StationItem, areas: Mapping[str, UUID]) -> dict[str, Any]:
    return {
        "code": one.code,
        "name": one.name,
        "area_id": areas.get(one.area_code),
        "address": one.address,
        "phone": one.phone,
        "is_open_on_holidays": one.is_open_on_holidays,
    }


def _furnish(row: Station, one: StationItem) -> None:
    StationSeat.objects.bulk_create(
        StationSeat(station=row, code=label, label=label, count=count, order=order)
        for order, (label, count) in enumerate(one.seats)
    )
    StationShift.objects.bulk_create(
        StationShift(
            station=row,
            weekday=shift.weekday,
            opens_at=shift.opens_at,
            closes_at=shift.closes_at,
            needed=shift.needed,
        )
        for shift in one.shifts
    )


def _allowance(one: AllowanceItem, areas: Mapping[str, UUID]) -> dict[str, Any]:
    return {
        "code": one.code,
        "label": one.label,
        "area_id": areas.get(one.area_code),
        "role": one.role,
        "monthly_fen": one.monthly_fen,
        "is_for_part_time": one.is_for_part_time,
        "starts_on": one.starts_on,
    }
