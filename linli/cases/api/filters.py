"""Questions to the list of cases, kept under names: a program's own, as staff have theirs."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse, QueryDict
from ninja import Router

from linli.cases.api import ground
from linli.cases.schemas.files import FilterIn, FilterOut
from linli.cases.schemas.sent import Filter
from linli.cases.selectors import catalogue
from linli.cases.selectors import filters as asked
from linli.cases.services import filters
from linli.kernel import clock
from linli.kernel.web import Request

router = Router(tags=["工单"])
# What the list of cases calls it, and what the queue's address does.
_SAME = ("tab", "q", "source", "due", "mark", "order")
_IDS = {"community_id": "community", "grid_id": "grid"}
_HANDS = {"post_id": "post", "organisation_id": "organisation"}


@router.get("", response=list[FilterOut], operation_id="list_filters", summary="存下的筛选")
def list_filters(request: Request) -> Any:
    """This key's own, by when they were first kept."""
    codes = {str(row.pk): row.code for row in catalogue.active_categories()}
    return [
        {"id": one.id, "name": one.name, "filter": _filter_of(one.query, codes)}
        for one in asked.saved_filters(request.actor)
    ]


@router.put("", response=list[FilterOut], operation_id="save_filter", summary="存一个筛选")
def save_filter(request: Request, body: FilterIn) -> Any:
    """The same name again is the new question."""
    query = asked.own_query(_query_of(body.filter))
    filters.save_filter(name=body.name, query=query, actor=request.actor, now=clock.now())
    return list_filters(request)


@router.delete("/{uuid:filter_id}", response={204: None}, operation_id="delete_filter",
               summary="删掉筛选")  # fmt: skip
def delete_filter(request: Request, filter_id: UUID) -> Any:
    """This key's own."""
    filters.delete_filter(filter_id=filter_id, actor=request.actor)
    return HttpResponse(status=204)


def _query_of(wanted: Filter) -> str:
    said = QueryDict(mutable=True)
    sent = wanted.model_dump()
    for name in _SAME:
        said[name] = sent[name]
    for name, own in _IDS.items():
        said[own] = str(sent[name] or "")
    if wanted.category:
        said["category"] = str(ground.category_id_of(wanted.category))
    for name, kind in _HANDS.items():
        if sent[name]:
            said["to"] = f"{kind}:{sent[name]}"
    return said.urlencode()


def _filter_of(query: str, codes: dict[str, str]) -> dict[str, str]:
    said = QueryDict(query).dict()
    found = {name: said[name] for name in _SAME if said.get(name)}
    found |= {name: said[own] for name, own in _IDS.items() if said.get(own)}
    if said.get("category") in codes:
        found["category"] = codes[said["category"]]
    kind, _sep, target = said.get("to", "").partition(":")
    return found | {name: target for name, own in _HANDS.items() if own == kind}
