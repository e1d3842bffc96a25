"""Facilities for other systems: what stands where, in which state."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from ninja import Router

from linli.kernel import api
from linli.kernel.web import Request
from linli.places import selectors
from linli.places.api.ground import community_of, see, who
from linli.places.schemas import CodeOut
from linli.places.schemas import lists as schemas
from linli.places.selectors import facilities as asked
from linli.places.services import facilities
from linli.places.services.facilities import FacilityFacts

router = Router(tags=["设施"])
_COMMUNITY = "communities/{uuid:community_id}"
_ONE = "facilities/{uuid:facility_id}"


@router.get("facility-kinds", response=list[schemas.FacilityKindOut],
            operation_id="list_facility_kinds", summary="设施类别")  # fmt: skip
def list_facility_kinds(request: Request) -> Any:
    """Any key may read them."""
    return asked.facility_kinds()


@router.get(f"{_COMMUNITY}/facilities", response=api.Page[schemas.FacilityOut],
            operation_id="list_facilities", summary="设施")  # fmt: skip
def list_facilities(
    request: Request, community_id: UUID, kind: str = "", status: str = "", cursor: str = ""
) -> Any:
    """The live facilities of a community; a hundred to a page."""
    community, after = community_of(request, community_id), api.read_id_cursor(cursor)
    rows = asked.facilities_of(
        community.pk, kind=api.clean(kind), status=api.clean(status)
    ).order_by("id")
    rows = rows.filter(pk__gt=after) if after else rows
    return api.rows_page(list(rows[: api.LIMIT + 1]), api.LIMIT, lambda row: api.cursor(row.pk.hex))


@router.post(f"{_COMMUNITY}/facilities", response={201: schemas.FacilityOut},
             operation_id="create_facility", summary="登记设施")  # fmt: skip
def create_facility(request: Request, community_id: UUID, body: schemas.FacilityIn) -> Any:
    """Needs places.manage."""
    made, _is_new = api.once(request, lambda: facilities.create_facility(
        community_id=community_id, facts=FacilityFacts(**body.model_dump()), **who(request)
    ).pk)  # fmt: skip
    return asked.get_facility(made)


@router.get(_ONE, response=schemas.FacilityOut, operation_id="get_facility", summary="一件设施")
def get_facility(request: Request, facility_id: UUID) -> Any:
    """As it is now."""
    found = asked.get_facility(facility_id)
    see(request.actor, found.area_path)
    return found


@router.put(_ONE, response=schemas.FacilityOut, operation_id="edit_facility", summary="修改设施")
def edit_facility(request: Request, facility_id: UUID, body: schemas.FacilityIn) -> Any:
    """What is left out is empty from now on."""
    facts = FacilityFacts(**body.model_dump())
    facilities.edit_facility(facility_id=facility_id, facts=facts, **who(request))
    return asked.get_facility(facility_id)


@router.delete(_ONE, response={204: None}, operation_id="end_facility", summary="撤销设施")
def end_facility(request: Request, facility_id: UUID) -> Any:
    """It stays for what happened to it."""
    facilities.end_facility(facility_id=facility_id, **who(request))
    return HttpResponse(status=204)


@router.post(f"{_ONE}/code", response=CodeOut, operation_id="code_facility",
             summary="给设施一个点位码")  # fmt: skip
def code_facility(request: Request, facility_id: UUID) -> Any:
    """Its own, or the one that it has."""
    made, _is_new = api.once(
        request, lambda: facilities.code_facility(facility_id=facility_id, **who(request)).pk
    )
    return selectors.get_code(made)
