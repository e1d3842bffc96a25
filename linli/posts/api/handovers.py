"""Handovers for other systems: what is left to whom, and what the lead may do. Needs posts.manage.

Who leaves and who comes sign themselves; no key signs for somebody who is there.
"""

from typing import Any
from uuid import UUID

from ninja import Router

from linli.kernel import api, clock
from linli.kernel.web import Request
from linli.places import selectors as places
from linli.posts import selectors, services
from linli.posts.api.offices import who
from linli.posts.schemas import handovers as schemas

router = Router(tags=["岗位交接"])
_ONE = "handovers/{uuid:handover_id}"


@router.get("areas/{uuid:area_id}/handovers", response=api.Page[schemas.HandoverLineOut],
            operation_id="list_handovers", summary="岗位交接")  # fmt: skip
def list_handovers(request: Request, area_id: UUID, cursor: str = "") -> Any:
    """Of the posts of an area and below, the newest first, without those taken back."""
    rows = selectors.handovers_page(
        request.actor,
        places.get_area(area_id).path,
        after=api.read_id_cursor(cursor),
        limit=api.LIMIT + 1,
    )
    return api.rows_page(rows, api.LIMIT, lambda row: api.cursor(row.id.hex))


@router.get(_ONE, response=schemas.HandoverOut, operation_id="get_handover", summary="一份交接单")
def get_handover(request: Request, handover_id: UUID) -> Any:
    """Line by line, with who has signed."""
    return _handover(request, handover_id)


@router.put(f"{_ONE}/successor", response=schemas.HandoverOut, operation_id="name_incoming",
            summary="定谁接任")  # fmt: skip
def name_incoming(request: Request, handover_id: UUID, body: schemas.SuccessorIn) -> Any:
    """As long as nobody has signed for it."""
    services.name_incoming(handover_id=handover_id, **body.model_dump(), **who(request))
    return _handover(request, handover_id)


@router.post(f"{_ONE}/signature", response=schemas.HandoverOut, operation_id="sign_for_outgoing",
             summary="代已离岗的人签字")  # fmt: skip
def sign_for_outgoing(request: Request, handover_id: UUID, body: schemas.SignatureIn) -> Any:
    """Refused (409) as long as who leaves can sign alone."""
    services.sign_for_outgoing(handover_id=handover_id, **body.model_dump(), **who(request))
    return _handover(request, handover_id)


@router.post(f"{_ONE}/keeping", response=schemas.HandoverOut, operation_id="keep_lines",
             summary="由负责人接管")  # fmt: skip
def keep_lines(request: Request, handover_id: UUID, body: schemas.KeepIn) -> Any:
    """Lines that nobody else takes, or that are disputed."""
    services.keep_lines(handover_id=handover_id, **body.model_dump(), **who(request))
    return _handover(request, handover_id)


@router.post(f"{_ONE}/withdrawal", response=schemas.HandoverOut, operation_id="withdraw_handover",
             summary="撤回交接")  # fmt: skip
def withdraw_handover(request: Request, handover_id: UUID) -> Any:
    """Before the term has ended: they stay."""
    services.withdraw_handover(handover_id=handover_id, **who(request))
    return _handover(request, handover_id)


def _handover(request: Request, handover_id: UUID) -> dict[str, Any]:
    found = selectors.get_packet(handover_id, request.actor, clock.now())
    columns = (
        "id", "post_id", "outgoing_id", "incoming_id", "leaves_at", "state", "outgoing_signed_at",
        "incoming_signed_at", "closed_at",
    )  # fmt: skip
    names = ("post_name", "outgoing_name", "incoming_name")
    return {
        "lines": [line for group in found.groups for line in group.lines],
        **{name: getattr(found, name) for name in names},
        **{name: getattr(found.row, name) for name in columns},
    }
