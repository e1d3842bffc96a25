"""What the words of a case speak for, and the word of whoever decides; nothing is ever merged by itself."""

from typing import Any
from uuid import UUID

from ninja import Router

from linli.cases import selectors
from linli.cases.api import ground
from linli.cases.schemas import sent, told
from linli.cases.selectors import judging as opinions
from linli.cases.services import judging
from linli.kernel import clock
from linli.kernel.web import Request

router = Router(tags=["研判"])
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
