"""Family and neighbours of who is looked after, for other systems: named, seen for a purpose, dropped."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from ninja import Router

from linli.care import schemas, services
from linli.care.api.profiles import profile_of, who
from linli.kernel import api
from linli.kernel.web import Request

router = Router(tags=["关怀"])
_ONE = "care/family/{uuid:family_id}"


@router.post("care/profiles/{uuid:profile_id}/family", response={201: schemas.CareOut},
             operation_id="name_family", summary="留一位家人或邻居")  # fmt: skip
def name_family(request: Request, profile_id: UUID, body: schemas.FamilyIn) -> Any:
    """Told of alerts and trouble only when they agreed, and how; needs care.manage."""
    sent = body.model_dump()
    api.once(
        request, lambda: services.name_family(profile_id=profile_id, **sent, **who(request)).pk
    )
    return profile_of(request, profile_id)


@router.delete(_ONE, response=schemas.CareOut, operation_id="drop_family", summary="去掉一位联系人")
def drop_family(request: Request, family_id: UUID) -> Any:
    """They are told nothing any more; answers with the profile."""
    row = services.drop_family(family_id=family_id, **who(request))
    return profile_of(request, row.profile_id)


@router.post(f"{_ONE}/reveals", response=schemas.FamilyInFullOut, operation_id="reveal_family",
             summary="看联系人的电话")  # fmt: skip
def reveal_family(
    request: Request, response: HttpResponse, family_id: UUID, body: schemas.CareRevealIn
) -> Any:
    """For a purpose that is kept on record."""
    response.headers["Cache-Control"] = "no-store"
    return services.reveal_family(
        family_id=family_id, purpose=body.purpose, note=body.note, **who(request)
    )
