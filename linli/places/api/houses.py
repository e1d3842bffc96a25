"""Estates, buildings and entrances for other systems."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from ninja import Router

from linli.kernel import api
from linli.kernel.web import Request
from linli.places import schemas, selectors, services
from linli.places.api.ground import building_of, community_of, given, see, who

router = Router(tags=["小区和楼栋"])
_COMMUNITY = "communities/{uuid:community_id}"
_ESTATE = "estates/{uuid:estate_id}"
_BUILDING = "buildings/{uuid:building_id}"


@router.get(f"{_COMMUNITY}/estates", response=list[schemas.EstateOut], operation_id="list_estates",
            summary="小区")  # fmt: skip
def list_estates(request: Request, community_id: UUID) -> Any:
    """The estates of a community."""
    return list(selectors.estates_of(community_of(request, community_id).pk))


@router.post(f"{_COMMUNITY}/estates", response={201: schemas.EstateOut}, operation_id="create_estate",
             summary="新增小区")  # fmt: skip
def create_estate(request: Request, community_id: UUID, body: schemas.EstateIn) -> Any:
    """Needs places.manage."""
    sent = body.model_dump()
    made = api.once(
        request,
        lambda: services.create_estate(community_id=community_id, **sent, **who(request)).pk,
    )
    return selectors.get_estate(made[0])


@router.patch(_ESTATE, response=schemas.EstateOut, operation_id="edit_estate", summary="修改小区")
def edit_estate(request: Request, estate_id: UUID, body: schemas.EstateChange) -> Any:
    """What is left out stays."""
    return services.edit_estate(estate_id=estate_id, facts=given(body), **who(request))


@router.delete(_ESTATE, response={204: None}, operation_id="end_estate", summary="撤销小区")
def end_estate(request: Request, estate_id: UUID) -> Any:
    """It stays for what happened in it."""
    services.end_estate(estate_id=estate_id, **who(request))
    return HttpResponse(status=204)


@router.get(f"{_COMMUNITY}/buildings", response=list[schemas.BuildingOut],
            operation_id="list_buildings", summary="楼栋")  # fmt: skip
def list_buildings(request: Request, community_id: UUID, estate_id: UUID | None = None) -> Any:
    """The buildings of a community, or of one estate."""
    return list(selectors.buildings_of(community_of(request, community_id).pk, estate_id))


@router.post(f"{_COMMUNITY}/buildings", response={201: schemas.BuildingOut},
             operation_id="create_building", summary="新增楼栋")  # fmt: skip
def createbuilding_of(request: Request, community_id: UUID, body: schemas.BuildingIn) -> Any:
    """With its entrances, if they are known."""
    facts = body.model_dump()
    estate_id, entrances = facts.pop("estate_id"), facts.pop("entrances")
    made = api.once(
        request,
        lambda: services.create_building(
            community_id=community_id, estate_id=estate_id, facts=facts, entrance_names=entrances,
            **who(request),
        ).pk,
    )  # fmt: skip
    return selectors.get_building(made[0])


@router.patch(
    _BUILDING, response=schemas.BuildingOut, operation_id="edit_building", summary="修改楼栋"
)
def editbuilding_of(request: Request, building_id: UUID, body: schemas.BuildingChange) -> Any:
    """What is left out stays."""
    return services.edit_building(building_id=building_id, facts=given(body), **who(request))


@router.delete(_BUILDING, response={204: None}, operation_id="end_building", summary="撤销楼栋")
def endbuilding_of(request: Request, building_id: UUID) -> Any:
    """It stays for what happened in it."""
    services.end_building(building_id=building_id, **who(request))
    return HttpResponse(status=204)


@router.get(f"{_BUILDING}/entrances", response=list[schemas.EntranceOut],
            operation_id="list_entrances", summary="单元")  # fmt: skip
def list_entrances(request: Request, building_id: UUID) -> Any:
    """The entrances of a building."""
    return list(selectors.entrances_of(building_of(request, building_id).pk))


@router.post(f"{_BUILDING}/entrances", response={201: schemas.EntranceOut},
             operation_id="create_entrances", summary="新增单元")  # fmt: skip
def create_entrance(request: Request, building_id: UUID, body: schemas.EntranceIn) -> Any:
    """One entrance."""

    def make() -> UUID:
        names = [body.name]
        made = services.create_entrances(
            building_id=building_id, entrance_names=names, **who(request)
        )
        return made[0].pk

    return selectors.get_entrance(api.once(request, make)[0])


@router.patch("entrances/{uuid:entrance_id}", response=schemas.EntranceOut,
              operation_id="rename_entrance", summary="单元改名")  # fmt: skip
def rename_entrance(request: Request, entrance_id: UUID, body: schemas.EntranceIn) -> Any:
    """Another name."""
    return services.rename_entrance(entrance_id=entrance_id, name=body.name, **who(request))


@router.delete("entrances/{uuid:entrance_id}", response={204: None}, operation_id="end_entrance",
               summary="撤销单元")  # fmt: skip
def end_entrance(request: Request, entrance_id: UUID) -> Any:
    """It stays for what happened in it."""
    services.end_entrance(entrance_id=entrance_id, **who(request))
    return HttpResponse(status=204)


@router.get("entrances/{uuid:entrance_id}/homes", response=list[schemas.HomeOut],
            operation_id="list_homes", summary="户")  # fmt: skip
def list_homes(request: Request, entrance_id: UUID) -> Any:
    """The homes behind an entrance, by number; nobody's name stands here."""
    entrance = selectors.get_entrance(entrance_id)
    see(request.actor, entrance.building.community.path)
    return list(selectors.homes_of(entrance.pk))


@router.post("entrances/{uuid:entrance_id}/homes", response={201: list[schemas.HomeOut]},
             operation_id="create_homes", summary="新增户")  # fmt: skip
def create_homes(request: Request, entrance_id: UUID, body: schemas.HomesIn) -> Any:
    """Those that are there already stay as they are; the new ones come back."""
    return services.create_homes(entrance_id=entrance_id, numbers=body.numbers, **who(request))
