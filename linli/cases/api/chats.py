"""Group chats for other systems: paste a stretch, see what was found, take what becomes a case."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from ninja import Router

from linli.cases.api import ground
from linli.cases.schemas import files as schemas
from linli.cases.selectors import chats as asked
from linli.cases.services import chats
from linli.kernel import api, clock
from linli.kernel.ids import new_id
from linli.kernel.web import Request

router = Router(tags=["群聊"])
_ONE = "/{uuid:chat_id}"
_SHOWN = 100


def _who(request: Request) -> dict[str, Any]:
    return {"actor": request.actor, "now": clock.now()}


@router.get("", response=list[schemas.ChatOut], operation_id="list_chats", summary="贴过的群聊")
def list_chats(request: Request) -> Any:
    """The last hundred, without their words."""
    ground.require_any(request.actor, asked.DUTY)
    return list(asked.chats_of(request.actor)[:_SHOWN])


@router.post("", response={201: schemas.ChatOut}, operation_id="paste_chat", summary="贴一段群聊")
def paste_chat(request: Request, body: schemas.ChatIn) -> Any:
    """It is split by a run; ask for its matters when `state` is ready."""
    key = request.headers.get("Idempotency-Key", "").strip() or str(new_id())
    made, _is_new = api.once(
        request, lambda: chats.paste_chat(**body.model_dump(), key=key, **_who(request))[0].pk
    )
    return asked.get_chat(made, request.actor)


@router.get(_ONE, response=schemas.ChatOut, operation_id="get_chat", summary="一段群聊")
def get_chat(request: Request, chat_id: UUID) -> Any:
    """How far it is."""
    return asked.get_chat(chat_id, request.actor)


@router.get(f"{_ONE}/matters", response=list[schemas.ChatMatterOut], operation_id="list_chat_matters",
            summary="群聊里的事")  # fmt: skip
def list_matters(request: Request, chat_id: UUID) -> Any:
    """What was found, in order; the names of those who spoke are masked."""
    found = asked.matters_of(asked.get_chat(chat_id, request.actor))
    seen = asked.cases_seen(found, request.actor)
    fields = [name for name in schemas.ChatMatterOut.model_fields if name != "names"]
    return [
        {
            **{name: getattr(row, name) for name in fields},
            "likely_id": row.likely_id if row.likely_id in seen else None,
            "names": asked.masked_names(row),
        }
        for row in found
    ]


@router.post(f"{_ONE}/cases", response=schemas.PicksOut, operation_id="take_matters",
             summary="勾选立件")  # fmt: skip
def take_matters(request: Request, chat_id: UUID, body: schemas.PicksIn) -> Any:
    """Each matter becomes one case at most, whenever it is asked again."""
    picks = [
        chats.Pick(
            matter_id=one.matter_id,
            category_id=ground.category_id_of(one.category) if one.category else None,
            building_id=one.building_id,
            text=one.text,
            is_same=one.is_same,
        )
        for one in body.picks
    ]
    done = chats.take_matters(chat_id=chat_id, picks=picks, **_who(request))
    refused = [{"order": order, "reason": reason} for order, reason in done.refused]
    return {"made": [case.pk for case in done.made], "joined": done.joined, "refused": refused}


@router.delete(_ONE, response={204: None}, operation_id="discard_chat", summary="放弃群聊")
def discard_chat(request: Request, chat_id: UUID) -> Any:
    """Throw a paste away of which nothing was taken."""
    chats.discard_chat(chat_id=chat_id, **_who(request))
    return HttpResponse(status=204)
