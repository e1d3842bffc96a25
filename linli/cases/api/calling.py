"""Follow-up calls and exclusions for other systems: a hotline calls back, a second name decides."""

from typing import Any
from uuid import UUID

from ninja import Router

from linli.cases.api import ground
from linli.cases.schemas import sent, told
from linli.cases.selectors import followups as calling
from linli.cases.services import excluding, followups
from linli.kernel import api, clock
from linli.kernel.web import Request

router = Router(tags=["回访和考核"])
case_router = Router(tags=["回访和考核"])
_ONE = "/{uuid:followup_id}"
_EXCLUSION = "/{uuid:case_id}/exclusion"


@router.get("", response=list[told.FollowUpOut], operation_id="list_followups", summary="回访名单")
def list_followups(request: Request, state: told.FollowUpState = "waiting") -> Any:
    """Up to a hundred, those to be called first; needs cases.follow_up."""
    request.actor.require(calling.DUTY)
    return [_followup(row) for row in calling.followups(request.actor, state)]


@router.get(_ONE, response=told.FollowUpOut, operation_id="get_followup", summary="一件回访")
def get_followup(request: Request, followup_id: UUID) -> Any:
    """With what was said so far."""
    return _followup(calling.get_followup(followup_id, request.actor))


@router.post(f"{_ONE}/contact", response=told.ContactOut, operation_id="reveal_phone",
             summary="看要打给谁")  # fmt: skip
def reveal_phone(request: Request, followup_id: UUID) -> Any:
    """It is kept on record."""
    card = followups.reveal_phone(followup_id=followup_id, actor=request.actor, now=clock.now())
    return {"name": card.name, "phone": card.phone, "address": card.address,
            "has_phone": card.has_phone}  # fmt: skip


@router.post(f"{_ONE}/answers", response=told.FollowUpOut, operation_id="record_answers",
             summary="记下回访的回答")  # fmt: skip
def record_answers(request: Request, followup_id: UUID, body: sent.CallAnswersIn) -> Any:
    """The reporter's own rating stays beside it."""
    return _do(request, followup_id, followups.record_answers, **body.model_dump())


@router.post(f"{_ONE}/attempts", response=told.FollowUpOut, operation_id="record_attempt",
             summary="记下没打通")  # fmt: skip
def record_attempt(request: Request, followup_id: UUID, body: sent.AttemptIn) -> Any:
    """After some calls in vain it is given up."""
    return _do(request, followup_id, followups.record_attempt, **body.model_dump())


@case_router.post(_EXCLUSION, response=ground.STEP, operation_id="ask_exclusion",
                  summary="申请不计入考核")  # fmt: skip
def ask_exclusion(request: Request, case_id: UUID, body: sent.ExclusionIn) -> Any:
    """Somebody else decides; the raw rates keep it either way."""
    return _step(request, case_id, excluding.ask_exclusion, **body.model_dump())


@case_router.put(_EXCLUSION, response=ground.STEP, operation_id="decide_exclusion",
                 summary="审批不计入考核")  # fmt: skip
def decide_exclusion(request: Request, case_id: UUID, body: sent.DecisionIn) -> Any:
    """Never by whoever asked or handled it."""
    return _step(request, case_id, excluding.decide_exclusion, **body.model_dump())


@case_router.post("/{uuid:case_id}/inclusion", response=ground.STEP, operation_id="include_case",
                  summary="重新计入考核")  # fmt: skip
def include_case(request: Request, case_id: UUID, body: sent.WordsIn) -> Any:
    """It counts again."""
    return _step(request, case_id, excluding.include_case, text=body.text)


def _step(request: Request, case_id: UUID, service: Any, **facts: Any) -> Any:
    now = clock.now()
    return ground.after(
        request, case_id, lambda: service(case_id=case_id, actor=request.actor, now=now, **facts)
    )


def _do(request: Request, followup_id: UUID, service: Any, **facts: Any) -> Any:
    def step() -> UUID:
        service(followup_id=followup_id, actor=request.actor, now=clock.now(), **facts)
        return followup_id

    calling.get_followup(followup_id, request.actor)
    api.once(request, step)
    return _followup(calling.get_followup(followup_id, request.actor))


def _followup(row: Any) -> dict[str, Any]:
    return {
        "id": row.pk, "case_id": row.case_id, "number": row.case.number, "title": row.case.title,
        "week_on": row.week_on.isoformat(), "state": row.state, "attempts": row.attempts,
        "is_solved": row.is_solved, "satisfaction": row.satisfaction, "remarks": row.remarks,
        "own_satisfaction": row.case.satisfaction, "ended_at": ground.moment(row.ended_at),
    }  # fmt: skip
