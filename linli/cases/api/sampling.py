"""How calls are drawn and what does not count, for other systems: samples, shares, exclusions."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from ninja import Router

from linli.cases.api import ground
from linli.cases.schemas import files as schemas
from linli.cases.selectors import followups as calling
from linli.cases.services import sampling
from linli.kernel import api, clock
from linli.kernel.web import Request

router = Router(tags=["回访和考核"])


@router.get("followup-samples", response=list[schemas.SampleOut], operation_id="list_samples",
            summary="每周怎么抽的")  # fmt: skip
def list_samples(request: Request) -> Any:
    """The last two dozen draws: of how many, how many, and a digest of what was drawn from."""
    ground.require_any(request.actor, calling.DUTY)
    fields = [name for name in schemas.SampleOut.model_fields if name != "week_on"]
    return [
        {**{name: getattr(row, name) for name in fields}, "week_on": row.week_on.isoformat()}
        for row in calling.samples()
    ]


@router.get("followup-shares", response=list[schemas.FollowUpShareOut], operation_id="list_shares",
            summary="回访比例")  # fmt: skip
def list_shares(request: Request) -> Any:
    """The shares that differ from the usual one."""
    ground.require_any(request.actor, calling.DUTY)
    return calling.followup_rules()


@router.put("followup-shares", response=schemas.FollowUpShareOut, operation_id="set_share",
            summary="定回访比例")  # fmt: skip
def set_share(request: Request, body: schemas.FollowUpShareIn) -> Any:
    """For a category, an organisation, or both; the next draw goes by it."""
    sent = body.model_dump()
    code = sent.pop("category")
    return sampling.set_rule(
        category_id=ground.category_id_of(code) if code else None,
        **sent, actor=request.actor, now=clock.now(),
    )  # fmt: skip


@router.delete("followup-shares/{uuid:share_id}", response={204: None}, operation_id="end_share",
               summary="恢复通常的比例")  # fmt: skip
def end_share(request: Request, share_id: UUID) -> Any:
    """Go back to the usual share."""
    sampling.end_rule(rule_id=share_id, actor=request.actor, now=clock.now())
    return HttpResponse(status=204)


@router.get("exclusions", response=list[schemas.ExclusionOut], operation_id="list_exclusions",
            summary="不计入考核的工单")  # fmt: skip
def list_exclusions(request: Request, state: schemas.ExclusionState = "") -> Any:
    """What was asked for or is in force, the newest first; each names two."""
    ground.require_any(request.actor, calling.DUTY, "cases.approve")
    return [
        {
            "case_id": row.case_id, "number": row.case.number, "title": row.case.title,
            "reason": row.reason, "text": row.text, "state": row.state, "asked_by": row.asked_by,
            "asked_at": row.asked_at, "decided_by": row.decided_by, "decided_at": row.decided_at,
        }
        for row in calling.exclusions(request.actor, api.clean(state))
    ]  # fmt: skip
