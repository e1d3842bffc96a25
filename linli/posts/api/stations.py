"""Stations for other systems: who belongs, when they are open, who is on duty. Needs posts.roster."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from ninja import Query, Router

from linli.kernel import api, clock
from linli.kernel.web import Request
from linli.places import selectors as places
from linli.posts import selectors, services
from linli.posts.api.offices import gone, who
from linli.posts.rules.roster import Shift
from linli.posts.schemas import stations as schemas
from linli.posts.services import StationSheet

router = Router(tags=["值班"])
_ONE = "stations/{uuid:station_id}"


@router.get("areas/{uuid:area_id}/stations", response=list[schemas.StationLineOut],
            operation_id="list_stations", summary="站点")  # fmt: skip
def list_stations(request: Request, area_id: UUID) -> Any:
    """Those of an area and below, with who is on duty now and where there are gaps."""
    area = places.get_area(area_id)
    lines = selectors.station_lines(request.actor, area.path, clock.now())
    columns = ("id", "name", "area_id", "address", "phone")
    return [
        {name: getattr(line.row, name) for name in columns}
        | {"now": line.now, "gap_count": line.gap_count, "free_count": line.free_count}
        for line in lines
    ]


@router.post("stations", response={201: schemas.StationOut}, operation_id="create_station",
             summary="新增站点")  # fmt: skip
def create_station(request: Request, body: schemas.StationIn) -> Any:
    """With its seats and its ordinary week; nobody sits there yet."""
    made = api.once(request, lambda: services.create_station(sheet=_sheet(body), **who(request)).pk)
    return _station(request, made[0])


@router.get(_ONE, response=schemas.StationOut, operation_id="get_station", summary="一个站点")
def get_station(request: Request, station_id: UUID) -> Any:
    """With who sits there and when it is open."""
    return _station(request, station_id)


@router.put(_ONE, response=schemas.StationOut, operation_id="change_station", summary="修改站点")
def change_station(request: Request, station_id: UUID, body: schemas.StationIn) -> Any:
    """The whole station; seats are told apart by their label, turns that are set stay."""
    services.change_station(station_id=station_id, sheet=_sheet(body), **who(request))
    return _station(request, station_id)


@router.delete(_ONE, response={204: None}, operation_id="end_station", summary="撤销站点")
def end_station(request: Request, station_id: UUID) -> HttpResponse:
    """Turns to come go with it."""
    services.end_station(station_id=station_id, **who(request))
    return gone()


@router.post("seats/{uuid:seat_id}/members", response={201: schemas.StationOut},
             operation_id="seat_member", summary="加进站点")  # fmt: skip
def seat_member(request: Request, seat_id: UUID, body: schemas.MemberIn) -> Any:
    """Somebody with an account (GET /accounts)."""
    sent = body.model_dump()
    api.once(request, lambda: services.seat_member(seat_id=seat_id, **sent, **who(request)).pk)
    return _station(request, selectors.station_of_seat(seat_id))


@router.delete("members/{uuid:member_id}", response={204: None}, operation_id="unseat_member",
               summary="请出站点")  # fmt: skip
def unseat_member(request: Request, member_id: UUID) -> HttpResponse:
    """Their turns to come are free again."""
    services.unseat_member(member_id=member_id, **who(request))
    return gone()


@router.get(f"{_ONE}/roster", response=list[schemas.RosterDayOut], operation_id="list_roster",
            summary="值班表")  # fmt: skip
def list_roster(request: Request, station_id: UUID, sent: Query[schemas.RosterQuery]) -> Any:
    """Day by day: who is on duty, and what is missing."""
    row = selectors.get_station(station_id, request.actor)
    return selectors.roster(row, sent.first_on, sent.days, clock.now())


@router.post(f"{_ONE}/roster", response=list[schemas.RosterDayOut], operation_id="fill_days",
             summary="排班")  # fmt: skip
def fill_days(request: Request, station_id: UUID, body: schemas.RosterIn) -> Any:
    """Gaps are filled in fair turns, what stands stays; answers with these days as they are then."""

    def make() -> UUID:
        services.fill_days(station_id=station_id, **body.model_dump(), **who(request))
        return station_id

    api.once(request, make)
    row = selectors.get_station(station_id, request.actor)
    days = (body.last_on - body.first_on).days + 1
    return selectors.roster(row, body.first_on, days, clock.now())


@router.post(f"{_ONE}/turns", response={201: schemas.TurnMadeOut}, operation_id="put_on_duty",
             summary="安排一班")  # fmt: skip
def put_on_duty(request: Request, station_id: UUID, body: schemas.TurnIn) -> Any:
    """A member of the station, in a stretch that is to come."""
    sent = body.model_dump()
    made, _is_new = api.once(
        request, lambda: services.put_on_duty(station_id=station_id, **sent, **who(request)).pk
    )
    return selectors.get_turn(made, request.actor)


@router.delete("turns/{uuid:turn_id}", response={204: None}, operation_id="take_off_duty",
               summary="取消一班")  # fmt: skip
def take_off_duty(request: Request, turn_id: UUID) -> HttpResponse:
    """One that is to come."""
    services.take_off_duty(turn_id=turn_id, **who(request))
    return gone()


def _sheet(body: schemas.StationIn) -> StationSheet:
    sent = body.model_dump()
    sent["seats"] = [(one.label, one.count) for one in body.seats]
    sent["shifts"] = [Shift(**one.model_dump()) for one in body.shifts]
    return StationSheet(**sent)


def _station(request: Request, station_id: UUID) -> dict[str, Any]:
    row = selectors.get_station(station_id, request.actor)
    columns = (
        "id", "code", "name", "area_id", "address", "phone", "is_open_on_holidays", "ended_at",
    )  # fmt: skip
    return {name: getattr(row, name) for name in columns} | {
        "shifts": selectors.shifts_of(row.pk),
        "seats": [
            {
                "id": seat.id, "label": seat.label, "count": seat.count,
                "members": [
                    {"id": member_id, "account_id": account_id, "name": name}
                    for member_id, account_id, name in seat.members
                ],
            }
            for seat in selectors.seats_of(row.pk)
        ],
    }  # fmt: skip
