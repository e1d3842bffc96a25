"""Areas for other systems; reading needs any duty there, changing needs places.manage."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _
from ninja import Router

from linli.kernel import api
from linli.kernel.errors import NotFound
from linli.kernel.web import Request
from linli.places import schemas, selectors, services
from linli.places.api.ground import given, see, who

router = Router(tags=["区域"])
_AREA = "areas/{uuid:area_id}"


@router.get("areas", response=list[schemas.AreaOut], operation_id="list_areas", summary="区域")
def list_areas(request: Request, kind: schemas.Kind | None = None) -> Any:
    """The areas that the key reaches, in tree order."""
    found = {
        area.path: area
        for path in {grant.area_path for grant in request.actor.grants}
        for area in selectors.areas_below(path).defer("polygon")
        if kind in (None, area.kind)
    }
    return [found[path] for path in sorted(found)]


@router.post(
    "areas", response={201: schemas.AreaOut}, operation_id="create_area", summary="新增区域"
)
def create_area(request: Request, body: schemas.AreaIn) -> Any:
    """Below another one; needs places.manage."""
    sent = body.model_dump()
    top = {name: sent.pop(name) for name in ("kind", "name", "parent_id", "code")}
    made = api.once(request, lambda: services.create_area(**top, facts=sent, **who(request)).pk)
    return selectors.get_area(made[0])


@router.get(_AREA, response=schemas.AreaOut, operation_id="get_area", summary="看一个区域")
def get_area(request: Request, area_id: UUID) -> Any:
    """One area."""
    area = selectors.get_area(area_id)
    see(request.actor, area.path)
    return area


@router.patch(_AREA, response=schemas.AreaOut, operation_id="edit_area", summary="修改区域")
def edit_area(request: Request, area_id: UUID, body: schemas.AreaChange) -> Any:
    """What is left out stays."""
    return services.edit_area(area_id=area_id, facts=given(body), **who(request))


@router.post(
    f"{_AREA}/ending", response=schemas.AreaOut, operation_id="end_area", summary="撤销区域"
)
def end_area(request: Request, area_id: UUID, body: schemas.EndIn) -> Any:
    """It stays for what happened in it."""
    api.once(
        request,
        lambda: services.end_area(area_id=area_id, **body.model_dump(), **who(request)).pk,
    )
    return selectors.get_area(area_id)


@router.get(f"{_AREA}/boundary", operation_id="get_boundary", summary="区域边界",
            openapi_extra={"responses": {200: {"description": "GeoJSON", "content": {"application/geo+json": {}}}}})  # fmt: skip  # noqa: E501
def get_boundary(request: Request, area_id: UUID) -> HttpResponse:
    """The geometry in WGS-84; 404 when there is none."""
    area = selectors.get_area(area_id)
    see(request.actor, area.path)
    if not area.polygon:
        raise NotFound(_("这个区域还没有边界。"))
    return HttpResponse(area.polygon, content_type="application/geo+json")


@router.put(f"{_AREA}/boundary", response=schemas.BoundaryOut, operation_id="set_boundary",
            summary="设区域边界")  # fmt: skip
def set_boundary(request: Request, area_id: UUID, body: schemas.BoundaryIn) -> Any:
    """What is odd about it comes back as warnings."""
    told = services.set_boundary(
        area_id=area_id, geojson=body.geojson, source_crs=body.crs, **who(request)
    )
    return {"warnings": list(told)}


@router.put("grids/{uuid:grid_id}/buildings", response=schemas.AreaOut, operation_id="assign_buildings",
            summary="划楼栋进网格")  # fmt: skip
def assign_buildings(request: Request, grid_id: UUID, body: schemas.BuildingIds) -> Any:
    """The buildings that the grid lists from now on."""
    return services.assign_buildings(
        grid_id=grid_id, building_ids=body.building_ids, **who(request)
    )
