"""What the words of a case speak for, and the word of whoever decides; nothing is ever merged by itself."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from ninja import Router

from linli.cases import selectors
from linli.cases.api import ground
from linli.cases.schemas import sent, told
from linli.cases.selectors import judged
from linli.cases.selectors import judging as opinions
from linli.cases.services import judging, learning
from linli.kernel import api, clock, runs
from linli.kernel.ids import new_id
from linli.kernel.runs_api import RunOut
from linli.kernel.web import Request

router = Router(tags=["研判"])
record_router = Router(tags=["研判"])
_ONE = "/{uuid:case_id}"
_DOUBTS: Any = {"category": judging.doubt_category, "earlier": judging.doubt_earlier}


@router.get(f"{_ONE}/opinion", response=told.OpinionOut, operation_id="opinion_of",
            summary="像哪一类、像哪一件")  # fmt: skip
def opinion_of(request: Request, case_id: UUID) -> Any:
    """Empty while nobody judged it yet."""
    case = selectors.get_case(case_id, request.actor)
    return _told(opinions.opinion_of(case, request.actor))


@router.post(f"{_ONE}/suggestion", response=ground.STEP, operation_id="take_suggestion",
             summary="采用推荐的类别")  # fmt: skip
def take_suggestion(request: Request, case_id: UUID, body: sent.SuggestionIn) -> Any:
    """The promise follows, as with any correction."""
    return ground.after(
        request,
        case_id,
        lambda: judging.take_suggestion(
            case_id=case_id, code=body.category, actor=request.actor, now=clock.now(),
            version=body.version,
        ),
    )  # fmt: skip


@router.post(
    f"{_ONE}/doubts", response=ground.STEP, operation_id="doubt", summary="拿不准、不是同一件"
)
def doubt(request: Request, case_id: UUID, body: sent.DoubtIn) -> Any:
    """About the category, or about the earlier report."""
    service = _DOUBTS[body.about]
    return ground.after(
        request,
        case_id,
        lambda: service(case_id=case_id, actor=request.actor, now=clock.now()),
    )


@record_router.get("", response=told.JudgementOut, operation_id="get_judgement",
                   summary="推荐的采用率")  # fmt: skip
def get_judgement(request: Request) -> Any:
    """What staff said of suggestions in the last ninety days, by category; needs cases.configure."""
    found = judged.record(request.actor, clock.now())
    return {
        "whole": found.whole, "categories": found.lines, "unsure": found.unsure,
        "examples": found.example_count, "is_own_model": found.model is not None,
        "figures": found.figures, "made_at": found.made_at,
    }  # fmt: skip


@record_router.post("/learning", response={202: RunOut}, operation_id="start_learning",
                    summary="重新学习归类")  # fmt: skip
def start_learning(request: Request) -> Any:
    """From what staff found right; a run."""
    key = request.headers.get("Idempotency-Key", "").strip() or str(new_id())
    made, _is_new = api.once(
        request,
        lambda: learning.start_learning(actor=request.actor, now=clock.now(), key=key).pk,
    )
    return runs.get_run(made, request.actor)


@record_router.delete("", response={204: None}, operation_id="use_starter", summary="换回自带的")
def use_starter(request: Request) -> Any:
    """Go back to the suggestions that the product brings."""
    learning.use_starter(actor=request.actor, now=clock.now())
    return HttpResponse(status=204)


def _told(opinion: opinions.Opinion | None) -> dict[str, Any]:
    if opinion is None:
        return {"suggestions": [], "is_sure": False, "earlier_id": None, "earlier_percent": 0}
    return {
        "suggestions": [
            {"category": one.category.code, "name": one.category.name, "percent": one.percent}
            for one in opinion.suggestions
        ],
        "is_sure": opinion.is_sure,
        "earlier_id": opinion.earlier.pk if opinion.earlier else None,
        "earlier_percent": opinion.earlier_percent if opinion.earlier else 0,
    }
