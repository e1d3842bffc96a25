"""Place codes for other systems."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _
from ninja import Router

from linli.kernel import api
from linli.kernel.errors import NotFound
from linli.kernel.web import Request
from linli.places import schemas, selectors, services
from linli.places.api.ground import community_of, see, who

router = Router(tags=["点位码"])
_COMMUNITY = "communities/{uuid:community_id}"
_CODE = "place-codes/{uuid:code_id}"


@router.get(f"{_COMMUNITY}/place-codes", response=api.Page[schemas.CodeOut],
            operation_id="list_place_codes", summary="点位码")  # fmt: skip
def list_place_codes(
    request: Request,
    community_id: UUID,
    estate_id: UUID | None = None,
    cursor: str = "",
    *,
    ended: bool = False,
) -> Any:
    """The codes of a community, or of one estate; a hundred to a page."""
    community, after = community_of(request, community_id), api.read_id_cursor(cursor)
    rows = selectors.codes_of(community.pk, estate_id=estate_id, is_ended=ended).order_by("id")
    rows = rows.filter(pk__gt=after) if after else rows
    return api.rows_page(list(rows[: api.LIMIT + 1]), api.LIMIT, lambda row: api.cursor(row.pk.hex))


@router.post(f"{_COMMUNITY}/place-codes", response={201: schemas.CodeOut},
             operation_id="make_code", summary="新建点位码")  # fmt: skip
def make_code(request: Request, community_id: UUID, body: schemas.CodeIn) -> Any:
    """At a place."""
    sent = body.model_dump()
    made = api.once(
        request, lambda: services.make_code(community_id=community_id, **sent, **who(request)).pk
    )
    return selectors.get_code(made[0])


@router.post(f"{_COMMUNITY}/place-codes/all", response=list[schemas.CodeOut],
             operation_id="make_codes", summary="给没有码的门都建码")  # fmt: skip
def make_codes(request: Request, community_id: UUID, body: schemas.CodesIn) -> Any:
    """Asking again makes none twice; the new ones come back."""
    return services.make_codes(community_id=community_id, estate_id=body.estate_id, **who(request))


@router.get("place-codes", response=schemas.CodeOut, operation_id="find_place_code",
            summary="按编号找点位码")  # fmt: skip
def find_place_code(request: Request, code: str) -> Any:
    """As printed: wjq-4f7k2m."""
    found = selectors.find_place_code(api.clean(code))
    if found is None:
        raise NotFound(_("没有这个点位码。"))
    see(request.actor, found.community.path)
    return found


@router.delete(_CODE, response={204: None}, operation_id="end_code", summary="停用点位码")
def end_code(request: Request, code_id: UUID) -> Any:
    """Whoever scans it chooses the place by hand."""
    services.end_code(code_id=code_id, **who(request))
    return HttpResponse(status=204)


@router.post(f"{_CODE}/replacement", response={201: schemas.CodeOut}, operation_id="replace_code",
             summary="换一个点位码")  # fmt: skip
def replace_code(request: Request, code_id: UUID) -> Any:
    """The old one ends."""
    made = api.once(request, lambda: services.replace_code(code_id=code_id, **who(request)).pk)
    return selectors.get_code(made[0])
