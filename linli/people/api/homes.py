"""Homes of the register for other systems: who lives there, who comes, who goes."""

from typing import Any
from uuid import UUID

from ninja import Router

from linli.kernel import api
from linli.kernel.web import Request
from linli.people import schemas
from linli.people.api.persons import line_of, person_of, who
from linli.people.selectors import arriving, households, listing
from linli.people.services import moving
from linli.people.services import register as services
from linli.people.services.register import Stay
from linli.people.services.saying import PersonFacts

router = Router(tags=["居民登记"])
_ONE = "register/homes/{uuid:home_id}"
_FACTS = ("name", "id_number", "phone", "sex", "born_on")


@router.get("register/homes", response=api.Page[schemas.HomeLineOut],
            operation_id="list_households", summary="登记过的户")  # fmt: skip
def list_households(request: Request, area_path: str = "", cursor: str = "") -> Any:
    """Below an area or wherever the key holds people.register; a hundred a page."""
    rows = listing.households_page(
        request.actor,
        area_path=api.clean(area_path)[:120],
        after=api.read_id_cursor(cursor),
        limit=api.LIMIT + 1,
    )
    page = api.rows_page(rows, api.LIMIT, lambda row: api.cursor(row[0].hex))
    return page | {
        "items": [
            _home(line.home) | {
                "people": line.people, "checked_at": line.checked_at, "version": line.version,
            }
            for _household_id, line in page["items"]
        ]
    }  # fmt: skip


@router.get(_ONE, response=schemas.HouseholdOut, operation_id="get_household", summary="一户")
def get_household(request: Request, home_id: UUID) -> Any:
    """Who lives there, rents or owns it, and did; masked."""
    card = households.household_card(home_id, request.actor)
    return _home(card.home) | {
        "checked_at": card.checked_at,
        "version": card.version,
        "now": [_dweller(one) for one in card.now],
        "before": [_dweller(one) for one in card.before],
    }


@router.post(f"{_ONE}/persons", response={201: schemas.PersonOut}, operation_id="register_person",
             summary="登记一个人")  # fmt: skip
def register_person(request: Request, home_id: UUID, body: schemas.PersonIn) -> Any:
    """Whoever is registered already, by identity number, is refused (409): they move in."""
    said = body.model_dump()
    facts = PersonFacts(**{name: said[name] for name in _FACTS})

    def make() -> UUID:
        return services.register_person(
            home_id=home_id, facts=facts, stay=_stay(body), **who(request)
        ).pk

    return person_of(request, api.once(request, make)[0])


@router.post(f"{_ONE}/arrivals", response=schemas.PersonOut, operation_id="move_in",
             summary="迁入")  # fmt: skip
def move_in(request: Request, home_id: UUID, body: schemas.ArrivalIn) -> Any:
    """Who comes to live here leaves where they lived on the same day; twice is once."""
    asked = who(request)
    person_id = arriving.newcomer(
        person_id=body.person_id, name=body.name, id_number=body.id_number, **asked
    )
    moving.move_in(person_id=person_id, home_id=home_id, stay=_stay(body), **asked)
    return person_of(request, person_id)


@router.post(f"{_ONE}/departures", response=schemas.PersonOut, operation_id="move_out",
             summary="迁出")  # fmt: skip
def move_out(request: Request, home_id: UUID, body: schemas.DepartureIn) -> Any:
    """Who lives nowhere else is away; who owns the home goes on owning it unless that ends too."""
    moving.move_out(
        person_id=body.person_id,
        home_id=home_id,
        kinds=tuple(body.kinds),
        ends_on=body.ends_on,
        reason=body.reason,
        place_to=body.place_to,
        **who(request),
    )
    return person_of(request, body.person_id)


def _stay(body: schemas.StayIn) -> Stay:
    return Stay(
        kinds=tuple(body.kinds),
        relation=body.relation,
        starts_on=body.starts_on,
        reason=body.reason,
        place_from=body.place_from,
    )


def _home(home: Any) -> dict[str, Any]:
    return {
        "home_id": home.id,
        "home": home.label,
        "building_id": home.building_id,
        "area_path": home.area_path,
    }


def _dweller(one: households.HistoryLine) -> dict[str, Any]:
    return {
        "person": line_of(one.person),
        "kind": one.kind,
        "relation": one.relation,
        "starts_on": one.starts_on,
        "ends_on": one.ends_on,
        "is_over": one.is_over,
    }
