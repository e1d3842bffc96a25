"""Whistles and questions to the rung above, for other systems: departments report in from their own."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _
from ninja import Router

from linli.cases.api import ground
from linli.cases.schemas import whistles as sent
from linli.cases.selectors import arbitrations, whistles
from linli.cases.selectors.reading import get_photo
from linli.cases.services import (
    arbitrating,
    whistle_closing,
    whistle_ending,
    whistle_parts,
    whistling,
)
from linli.kernel import clock
from linli.kernel.errors import NotFound
from linli.kernel.web import Request

case_router = Router(tags=["吹哨报到"])
router = Router(tags=["吹哨报到"])
_ONE, _PART, _ASKED = (
    "/{uuid:whistle_id}",
    "/parts/{uuid:part_id}",
    "/arbitrations/{uuid:arbitration_id}",
)


@case_router.post("/{uuid:case_id}/whistle", response=sent.WhistleOut, operation_id="blow_whistle",
                  summary="吹哨")  # fmt: skip
def blow_whistle(request: Request, case_id: UUID, body: sent.WhistleIn) -> Any:
    """Call several organisations to one case; one may be open at a time."""
    call = whistling.Call(
        lead_id=body.lead_id, assisting=tuple(body.assisting), words=body.words,
        limit_code=body.limit_code,
    )  # fmt: skip
    blown = whistling.blow_whistle(
        case_id=case_id, call=call, actor=request.actor, now=clock.now(), version=body.version
    )
    return _whistle(blown.pk, request)


@case_router.post("/{uuid:case_id}/referral", response=sent.ArbitrationOut,
                  operation_id="ask_arbitration", summary="报上级裁定")  # fmt: skip
def ask_arbitration(request: Request, case_id: UUID, body: sent.ClauseIn) -> Any:
    """Beyond the community's authority, by a clause; the answer has a promise of its own."""
    return _asked(
        arbitrating.ask_arbitration(
            case_id=case_id, **body.model_dump(), actor=request.actor, now=clock.now()
        ).pk,
        request,
    )


@router.get("", response=list[sent.WhistleOut], operation_id="whistles", summary="在办的吹哨")
def open_whistles(request: Request) -> Any:
    """Those of the key's places, and those that call the key's organisation; a hundred at most."""
    now = clock.now()
    found = whistles.whistles(request.actor)
    return [_told(one, whistles.in_order(one.parts.all()), now) for one in found]


@router.get(_ONE, response=sent.WhistleOut, operation_id="whistle", summary="一次吹哨")
def one_whistle(request: Request, whistle_id: UUID) -> Any:
    """All parts, each with its clock and result."""
    return _whistle(whistle_id, request)


@router.post(
    f"{_ONE}/parts", response=sent.WhistleOut, operation_id="call_more", summary="再叫一家"
)
def call_more(request: Request, whistle_id: UUID, body: sent.MoreIn) -> Any:
    """One more organisation is called to it."""
    whistling.call_more(
        whistle_id=whistle_id, **body.model_dump(), actor=request.actor, now=clock.now()
    )
    return _whistle(whistle_id, request)


@router.put(f"{_ONE}/lead", response=sent.WhistleOut, operation_id="change_lead", summary="换牵头")
def change_lead(request: Request, whistle_id: UUID, body: sent.MoreIn) -> Any:
    """Another organisation leads from now on."""
    whistling.change_lead(
        whistle_id=whistle_id, organisation_id=body.organisation_id, actor=request.actor,
        now=clock.now(),
    )  # fmt: skip
    return _whistle(whistle_id, request)


@router.post(f"{_ONE}/closing", response=sent.WhistleOut, operation_id="close_whistle",
             summary="吹哨办结")  # fmt: skip
def close_whistle(request: Request, whistle_id: UUID, body: sent.ClosingIn) -> Any:
    """The lead closes on the results of all; each missing one needs its reason."""
    whistle_closing.close_whistle(
        whistle_id=whistle_id, text=body.text, missing=body.missing, actor=request.actor,
        now=clock.now(), before=ground.photos_of(body.before), after=ground.photos_of(body.after),
    )  # fmt: skip
    return _whistle(whistle_id, request)


@router.post(f"{_ONE}/withdrawal", response=sent.WhistleOut, operation_id="withdraw_whistle",
             summary="撤哨")  # fmt: skip
def withdraw_whistle(request: Request, whistle_id: UUID, body: sent.ReasonIn) -> Any:
    """The case stays with the lead as an ordinary one."""
    whistle_ending.withdraw_whistle(
        whistle_id=whistle_id, reason=body.reason, actor=request.actor, now=clock.now()
    )
    return _whistle(whistle_id, request)


def _part(request: Request, part_id: UUID, service: Any, **facts: Any) -> Any:
    found = service(part_id=part_id, actor=request.actor, now=clock.now(), **facts)
    return _part_told(whistles.get_part(found.pk, request.actor), clock.now())


@router.post(f"{_PART}/reporting", response=sent.PartOut, operation_id="report_in", summary="报到")
def report_in(request: Request, part_id: UUID, body: sent.HereIn) -> Any:
    """The part is theirs from now on; twice changes nothing."""
    here = whistle_parts.Here(**body.model_dump())
    return _part(request, part_id, whistle_parts.report_in, here=here)


@router.post(f"{_PART}/arrival", response=sent.PartOut, operation_id="arrive", summary="到场")
def arrive(request: Request, part_id: UUID, body: sent.ArriveIn) -> Any:
    """On site, with a photo."""
    return _part(request, part_id, whistle_parts.arrive, photos=ground.photos_of(body.photos))


@router.post(f"{_PART}/result", response=sent.PartOut, operation_id="finish_part",
             summary="办完自己的部分")  # fmt: skip
def finish_part(request: Request, part_id: UUID, body: sent.PartResultIn) -> Any:
    """The lead closes the whole on the results of all."""
    return _part(
        request, part_id, whistle_parts.finish_part, text=body.text,
        before=ground.photos_of(body.before), after=ground.photos_of(body.after),
    )  # fmt: skip


@router.put(f"{_PART}/promise", response=sent.PartOut, operation_id="extend_part", summary="延期")
def extend_part(request: Request, part_id: UUID, body: sent.PartExtendIn) -> Any:
    """By the community; the first promise is kept beside it."""
    return _part(request, part_id, whistle_parts.extend_part, **body.model_dump())


@router.post(f"{_PART}/refusal", response=sent.ArbitrationOut, operation_id="refuse_part",
             summary="不归我们")  # fmt: skip
def refuse_part(request: Request, part_id: UUID, body: sent.ClauseIn) -> Any:
    """By a clause; the rung above decides."""
    asked = arbitrating.refuse_part(
        part_id=part_id, **body.model_dump(), actor=request.actor, now=clock.now()
    )
    return _asked_told(asked, clock.now())


@router.put(f"{_PART}/score", response=sent.PartOut, operation_id="score_part",
            summary="给部门打分")  # fmt: skip
def score_part(request: Request, part_id: UUID, body: sent.ScoreIn) -> Any:
    """By the community, once the whistle is over."""
    return _part(request, part_id, whistle_closing.score_part, **body.model_dump())


@router.put(f"{_PART}/return-score", response=sent.PartOut, operation_id="score_whistle",
            summary="给吹哨打分")  # fmt: skip
def score_whistle(request: Request, part_id: UUID, body: sent.ScoreIn) -> Any:
    """By an organisation that was called, once the whistle is over."""
    return _part(request, part_id, whistle_closing.score_whistle, **body.model_dump())


@router.get("/arbitrations", response=list[sent.ArbitrationOut], operation_id="arbitrations",
            summary="等答复的裁定")  # fmt: skip
def waiting(request: Request) -> Any:
    """What waits for an answer, by promise; a hundred at most."""
    now = clock.now()
    return [_asked_told(one, now) for one in arbitrations.waiting(request.actor)]


@router.get(_ASKED, response=sent.ArbitrationOut, operation_id="arbitration", summary="一件裁定")
def one_arbitration(request: Request, arbitration_id: UUID) -> Any:
    """The question with its clause, and the answer."""
    return _asked(arbitration_id, request)


@router.put(f"{_ASKED}/answer", response=sent.ArbitrationOut, operation_id="answer_arbitration",
            summary="裁定")  # fmt: skip
def answer_arbitration(
    request: Request, arbitration_id: UUID, body: sent.ArbitrationAnswerIn
) -> Any:
    """From above only; what follows from it follows at once."""
    answered = arbitrating.answer_arbitration(
        arbitration_id=arbitration_id, answer=arbitrating.Answer(**body.model_dump()),
        actor=request.actor, now=clock.now(),
    )  # fmt: skip
    return _asked(answered.pk, request)


def _whistle(whistle_id: UUID, request: Request) -> dict[str, Any]:
    found = whistles.get_whistle(whistle_id, request.actor)
    return _told(found, whistles.parts_of(found.pk), clock.now())


def _told(whistle: Any, parts: Iterable[Any], now: datetime) -> dict[str, Any]:
    return {
        "id": whistle.pk,
        "case_id": whistle.case_id,
        "number": whistle.case.number,
        "state": whistle.state,
        "limit": whistle.limit_name,
        "words": whistle.words,
        "blown_at": ground.moment(whistle.blown_at),
        "ended_at": ground.moment(whistle.ended_at),
        "ending": whistle.ending,
        "parts": [_part_told(part, now) for part in parts],
    }


_MOMENTS = (
    "report_due_at", "arrive_due_at", "finish_due_at", "reported_at", "arrived_at", "finished_at",
    "due_at",
)  # fmt: skip
_FACTS = (
    "organisation_id", "is_lead", "task", "state", "result", "missing_reason", "score",
    "return_score", "version",
)  # fmt: skip


def _part_told(part: Any, now: datetime) -> dict[str, Any]:
    return {
        "id": part.pk,
        "organisation": part.organisation.name,
        "is_late": whistles.late_since(part, now),
        **{name: ground.moment(getattr(part, name)) for name in _MOMENTS},
        **{name: getattr(part, name) for name in _FACTS},
    }


def _asked(arbitration_id: UUID, request: Request) -> dict[str, Any]:
    return _asked_told(arbitrations.get_arbitration(arbitration_id, request.actor), clock.now())


def _asked_told(one: Any, now: datetime) -> dict[str, Any]:
    return {
        "id": one.pk,
        "case_id": one.case_id,
        "part_id": one.part_id,
        "clause_id": one.clause_id,
        "clause": one.clause.title,
        "state": one.state,
        "level": one.level,
        "text": one.text,
        "asked_at": ground.moment(one.asked_at),
        "answer_due_at": ground.moment(one.answer_due_at),
        "is_late": one.due_at is not None and one.due_at < now,
        "outcome": one.outcome,
        "answer": one.answer,
        "organisation_id": one.organisation_id,
        "answered_at": ground.moment(one.answered_at),
    }


@router.delete(_ASKED, response={204: None}, operation_id="withdraw_arbitration",
               summary="撤回请示")  # fmt: skip
def withdraw_arbitration(request: Request, arbitration_id: UUID) -> Any:
    """Take one's own question back while nobody answered it."""
    arbitrating.withdraw_arbitration(
        arbitration_id=arbitration_id, actor=request.actor, now=clock.now()
    )
    return HttpResponse(status=204)


@router.get("/photos/{uuid:photo_id}/{size}", operation_id="get_whistle_photo",
            summary="取吹哨的照片", openapi_extra=ground.JPEG)  # fmt: skip
def get_whistle_photo(request: Request, photo_id: UUID, size: str) -> HttpResponse:
    """For those who were called; size: full or thumb."""
    if size not in ("full", "thumb"):
        raise NotFound(_("照片只有 full 和 thumb 两种大小。"))
    case_id = whistles.case_of_photo(photo_id, request.actor)
    photo = get_photo(photo_id)
    if photo is None or photo.case_id != case_id:
        raise NotFound(_("没有找到这张照片。"))
    return ground.picture(photo.path if size == "full" else photo.thumb_path)
