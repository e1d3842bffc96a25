"""Every step that staff take with a case, one address each, named after its service."""

from datetime import datetime
from typing import Any
from uuid import UUID

from ninja import Router

from linli.cases import selectors
from linli.cases.api import ground
from linli.cases.schemas import sent
from linli.cases.schemas.told import BulkOut
from linli.cases.services import (
    bulk,
    correcting,
    desk,
    extending,
    handling,
    ladder,
    merging,
    reviewing,
)
from linli.kernel import clock
from linli.kernel.errors import BadInput
from linli.kernel.web import Request
from linli.posts import selectors as posts

router = Router(tags=["办理"])
_ONE = "/{uuid:case_id}"
_STEP: Any = ground.STEP


def _do(request: Request, case_id: UUID, service: Any, **facts: Any) -> Any:
    now: datetime = clock.now()
    return ground.after(
        request, case_id, lambda: service(case_id=case_id, actor=request.actor, now=now, **facts)
    )


@router.post(f"{_ONE}/acceptance", response=_STEP, operation_id="accept_case", summary="受理")
def accept_case(request: Request, case_id: UUID, body: sent.MaybeWordsIn) -> Any:
    """The reporter is told, with your words if there are any."""
    return _do(request, case_id, desk.accept_case, **body.model_dump())


@router.post(f"{_ONE}/assignment", response=_STEP, operation_id="assign_case", summary="派单")
def assign_case(request: Request, case_id: UUID, body: sent.HandsIn) -> Any:
    """Into the hands of a post or an organisation."""
    _one_hand(body)
    return _do(request, case_id, desk.assign_case, **body.model_dump())


@router.post(f"{_ONE}/arbitration", response=_STEP, operation_id="arbitrate_case", summary="裁定")
def arbitrate_case(request: Request, case_id: UUID, body: sent.HandsIn) -> Any:
    """Decide whose a returned case is."""
    _one_hand(body)
    case = selectors.get_case(case_id, request.actor)
    route = posts.chosen(
        post_id=body.post_id, organisation_id=body.organisation_id, area_path=case.area_path,
        by=request.actor.name, duties=posts.TAKES_CASES,
    )  # fmt: skip
    return _do(request, case_id, ladder.arbitrate_case, route=route, text=body.text,
               version=body.version)  # fmt: skip


@router.post(f"{_ONE}/decline", response=_STEP, operation_id="decline_case", summary="不予受理")
def decline_case(request: Request, case_id: UUID, body: sent.DeclineIn) -> Any:
    """With a reason, a rule, an alternative and the day of another look."""
    facts = body.model_dump()
    version = facts.pop("version")
    return _do(request, case_id, desk.decline_case, decline=desk.Decline(**facts), version=version)


@router.post(
    f"{_ONE}/review", response=_STEP, operation_id="renew_decline", summary="复核：仍不能办"
)
def renew_decline(request: Request, case_id: UUID, body: sent.ReviewIn) -> Any:
    """After another look it still can't be done."""
    return _do(request, case_id, reviewing.renew_decline, **body.model_dump())


@router.post(
    f"{_ONE}/correction",
    response=_STEP,
    operation_id="correct_case",
    summary="更正类别、地点、加急",
)
def correct_case(request: Request, case_id: UUID, body: sent.CorrectIn) -> Any:
    """What is left out stays as it is; promises follow the category."""
    return _do(
        request,
        case_id,
        correcting.correct_case,
        category_id=ground.category_id_of(body.category) if body.category else None,
        where=ground.where_of(body.place) if body.place else None,
        is_urgent=body.is_urgent,
        version=body.version,
    )


@router.post(f"{_ONE}/merge", response=_STEP, operation_id="merge_case", summary="并入另一件")
def merge_case(request: Request, case_id: UUID, body: sent.MergeIn) -> Any:
    """Reporter and followers follow the other one from now on."""
    return _do(request, case_id, merging.merge_case, **body.model_dump())


@router.delete(f"{_ONE}/merge", response=_STEP, operation_id="unmerge_case", summary="撤销并案")
def unmerge_case(request: Request, case_id: UUID) -> Any:
    """The case stands on its own again."""
    return _do(request, case_id, merging.unmerge_case)


@router.post(
    f"{_ONE}/answers", response=_STEP, operation_id="answer_reporter", summary="答复反映人"
)
def answer_reporter(request: Request, case_id: UUID, body: sent.WordsIn) -> Any:
    """The reporter reads it."""
    return _do(request, case_id, desk.answer_reporter, **body.model_dump())


@router.post(f"{_ONE}/notes", response=_STEP, operation_id="note_case", summary="内部备注")
def note_case(request: Request, case_id: UUID, body: sent.WordsIn) -> Any:
    """Only staff read it."""
    return _do(request, case_id, desk.note_case, text=body.text)


@router.post(f"{_ONE}/taking", response=_STEP, operation_id="take_case", summary="接单")
def take_case(request: Request, case_id: UUID, body: sent.VersionIn) -> Any:
    """Take what was assigned to one's organisation."""
    return _do(request, case_id, handling.take_case, **body.model_dump())


@router.post(f"{_ONE}/return", response=_STEP, operation_id="return_case", summary="退回")
def return_case(request: Request, case_id: UUID, body: sent.WordsIn) -> Any:
    """Not ours, and why; arbitration decides."""
    return _do(request, case_id, handling.return_case, **body.model_dump())


@router.post(
    f"{_ONE}/progress", response=_STEP, operation_id="add_progress", summary="记录处理情况"
)
def add_progress(request: Request, case_id: UUID, body: sent.WorkIn) -> Any:
    """The reporter reads it."""
    return _do(request, case_id, handling.add_progress, **_work(body))


@router.post(f"{_ONE}/resolution", response=_STEP, operation_id="resolve_case", summary="办结")
def resolve_case(request: Request, case_id: UUID, body: sent.WorkIn) -> Any:
    """Done; the reporter is asked the two questions."""
    return _do(request, case_id, handling.resolve_case, **_work(body))


@router.post(
    f"{_ONE}/suspension", response=_STEP, operation_id="ask_suspension", summary="申请挂起"
)
def ask_suspension(request: Request, case_id: UUID, body: sent.UntilIn) -> Any:
    """Somebody else decides; the clock runs until then."""
    return _do(request, case_id, handling.ask_suspension, **body.model_dump())


@router.put(
    f"{_ONE}/suspension", response=_STEP, operation_id="decide_suspension", summary="审批挂起"
)
def decide_suspension(request: Request, case_id: UUID, body: sent.DecisionIn) -> Any:
    """Never by whoever asked."""
    return _do(request, case_id, handling.decide_suspension, **body.model_dump())


@router.delete(f"{_ONE}/suspension", response=_STEP, operation_id="resume_case", summary="恢复办理")
def resume_case(request: Request, case_id: UUID) -> Any:
    """The clock runs again before its time."""
    return _do(request, case_id, handling.resume_case)


@router.post(f"{_ONE}/extension", response=_STEP, operation_id="ask_extension", summary="申请延期")
def ask_extension(request: Request, case_id: UUID, body: sent.UntilIn) -> Any:
    """Another day for the promise; somebody else decides."""
    return _do(request, case_id, extending.ask_extension, **body.model_dump())


@router.put(
    f"{_ONE}/extension", response=_STEP, operation_id="decide_extension", summary="审批延期"
)
def decide_extension(request: Request, case_id: UUID, body: sent.DecisionIn) -> Any:
    """Never by whoever asked."""
    return _do(request, case_id, extending.decide_extension, **body.model_dump())


@router.post(
    f"{_ONE}/escalation", response=_STEP, operation_id="escalate_case", summary="上报上一级"
)
def escalate_case(request: Request, case_id: UUID, body: sent.WordsIn) -> Any:
    """One rung up; the lower one keeps watching."""
    return _do(request, case_id, ladder.escalate_case, **body.model_dump())


@router.post(f"{_ONE}/supervision", response=_STEP, operation_id="supervise_case", summary="督办")
def supervise_case(request: Request, case_id: UUID, body: sent.WordsIn) -> Any:
    """A higher level watches it."""
    return _do(request, case_id, ladder.supervise_case, text=body.text)


@router.post("/bulk/acceptance", response=BulkOut, operation_id="accept_many", summary="批量受理")
def accept_many(request: Request, body: sent.BulkIn) -> Any:
    """Each by itself refused or done."""
    return _told(bulk.accept_many(**body.model_dump(), actor=request.actor, now=clock.now()))


@router.post("/bulk/assignment", response=BulkOut, operation_id="assign_many", summary="批量派单")
def assign_many(request: Request, body: sent.BulkHandsIn) -> Any:
    """All into the same hands, each by itself refused or done."""
    _one_hand(body)
    return _told(bulk.assign_many(**body.model_dump(), actor=request.actor, now=clock.now()))


@router.delete("/bulk/{uuid:action_id}", response=BulkOut, operation_id="undo_bulk",
               summary="撤销批量操作")  # fmt: skip
def undo_bulk(request: Request, action_id: UUID) -> Any:
    """Cases that moved on since stay as they are."""
    return _told(bulk.undo_bulk(action_id=action_id, actor=request.actor, now=clock.now()))


def _one_hand(body: sent.HandsIn | sent.BulkHandsIn) -> None:
    if (body.post_id is None) == (body.organisation_id is None):
        raise BadInput("post_id 和 organisation_id 选一个填。", field="post_id")


def _work(body: sent.WorkIn) -> dict[str, Any]:
    facts = body.model_dump()
    return facts | {name: ground.photos_of(facts[name]) for name in ("before", "after")}


def _told(outcome: bulk.Outcome) -> dict[str, Any]:
    refused = [{"number": number, "reason": reason} for number, reason in outcome.refused]
    return {"done": outcome.done, "refused": refused, "action_id": outcome.action_id}
