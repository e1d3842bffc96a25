"""People entered twice, for other systems: looked at side by side, made one, parted, kept apart."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from ninja import Router

from linli.kernel import api
from linli.kernel.web import Request
from linli.people.api.persons import line_of, person_of, who
from linli.people.schemas import PersonOut
from linli.people.schemas import keeping as schemas
from linli.people.selectors import duplicates
from linli.people.services import merging

router = Router(tags=["居民登记"])
_PAIR = "register/duplicates/{uuid:pair_id}"


@router.get("register/duplicates", response=api.Page[schemas.PairOut],
            operation_id="list_duplicates", summary="可能登记了两次的人")  # fmt: skip
def list_duplicates(request: Request, cursor: str = "") -> Any:
    """Pairs that nobody has decided on yet, the newest first; masked."""
    rows = duplicates.open_pairs(
        request.actor, after=api.read_id_cursor(cursor), most=api.LIMIT + 1
    )
    page = api.rows_page(rows, api.LIMIT, lambda row: api.cursor(row.id.hex))
    return page | {"items": [_pair(row) for row in page["items"]]}


@router.get(_PAIR, response=schemas.PairSeenOut, operation_id="get_duplicate",
            summary="两份登记比一比")  # fmt: skip
def get_duplicate(request: Request, pair_id: UUID) -> Any:
    """Fact by fact, masked, with the versions that `merge_people` asks for."""
    found = duplicates.get_pair(pair_id, request.actor)
    return {
        "id": found.id,
        "reason": found.reason,
        "first": line_of(found.first.line),
        "second": line_of(found.second.line),
        "state": found.state,
        "rows": found.rows,
    }


@router.post(f"{_PAIR}/apart", response={204: None}, operation_id="keep_apart",
             summary="不是同一个人")  # fmt: skip
def keep_apart(request: Request, pair_id: UUID) -> Any:
    """They are not shown as a pair again."""
    merging.keep_apart(duplicate_id=pair_id, **who(request))
    return HttpResponse(status=204)


@router.get("register/merges", response=api.Page[schemas.PeopleMergeOut], operation_id="list_merges",
            summary="合并过的登记")  # fmt: skip
def list_merges(request: Request, cursor: str = "") -> Any:
    """Those that still hold, the newest first; masked."""
    after = api.read_id_cursor(cursor)
    rows = duplicates.recent_merges(request.actor, after=after, most=api.LIMIT + 1)
    page = api.rows_page(rows, api.LIMIT, lambda row: api.cursor(row.id.hex))
    return page | {"items": [_merge(row) for row in page["items"]]}


@router.post("register/merges", response={201: schemas.PeopleMergeOut}, operation_id="merge_people",
             summary="合并两份登记")  # fmt: skip
def merge_people(request: Request, body: schemas.PeopleMergeIn) -> Any:
    """Somebody has looked at both: a record that changed since is refused (409)."""
    seen = {body.kept_id: body.kept_version, body.gone_id: body.gone_version}

    def make() -> UUID:
        return merging.merge_people(
            kept_id=body.kept_id, gone_id=body.gone_id, seen=seen, **who(request)
        ).pk

    return _merge(duplicates.get_merge(api.once(request, make)[0], request.actor))


@router.post("register/merges/{uuid:merge_id}/parting", response=PersonOut,
             operation_id="part_people", summary="撤销合并")  # fmt: skip
def part_people(request: Request, merge_id: UUID) -> Any:
    """What went over goes back; what was filled in stays, and is to be looked at. Twice is once."""
    return person_of(request, merging.part_people(merge_id=merge_id, **who(request)).pk)


def _pair(row: duplicates.PairLine) -> dict[str, Any]:
    return {
        "id": row.id,
        "reason": row.reason,
        "first": line_of(row.first),
        "second": line_of(row.second),
    }


def _merge(row: duplicates.MergeLine) -> dict[str, Any]:
    return {
        "id": row.id,
        "kept": line_of(row.kept),
        "gone": line_of(row.gone),
        "made_at": row.made_at,
        "made_by": row.made_by,
    }
