"""People of the register for other systems: found, read masked, put right, tagged, seen for a purpose."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from ninja import Router

from linli.kernel import api, clock
from linli.kernel.errors import BadInput
from linli.kernel.web import Request
from linli.people import schemas
from linli.people.selectors import households, listing, people_card, register
from linli.people.selectors.finding import REGISTER
from linli.people.services import looking, marking
from linli.people.services import register as services

router = Router(tags=["居民登记"])
_ONE = "register/persons/{uuid:person_id}"


@router.get("register/persons", response=api.Page[schemas.PersonLineOut],
            operation_id="list_persons", summary="在住的人")  # fmt: skip
def list_persons(request: Request, area_path: str = "", cursor: str = "") -> Any:
    """Masked, below an area or wherever the key holds people.register; a hundred a page."""
    rows = listing.persons_page(
        request.actor,
        area_path=api.clean(area_path)[:120],
        after=api.read_id_cursor(cursor),
        limit=api.LIMIT + 1,
    )
    page = api.rows_page(rows, api.LIMIT, lambda line: api.cursor(line.id.hex))
    return page | {"items": [line_of(one) for one in page["items"]]}


@router.post("register/searches", response=api.Page[schemas.PersonLineOut],
             operation_id="search_persons", summary="找人")  # fmt: skip
def search_persons(request: Request, body: schemas.SearchIn) -> Any:
    """Those who live here now come first; two hundred at most, say more to find fewer."""
    found = register.search(body.words, request.actor, _after(body.cursor), limit=api.LIMIT)
    after = api.cursor(str(found.next_after)) if found.next_after else None
    return {"items": [line_of(one) for one in found.lines], "next": after}


@router.get(_ONE, response=schemas.PersonOut, operation_id="get_person", summary="一个人")
def get_person(request: Request, person_id: UUID) -> Any:
    """Masked, with where they live and lived, and who belongs to them."""
    return person_of(request, person_id)


@router.patch(_ONE, response=schemas.PersonOut, operation_id="correct_person", summary="更正登记")
def correct_person(request: Request, person_id: UUID, body: schemas.PersonChange) -> Any:
    """What is left out stays; what is said again unchanged counts as found right."""
    said = body.model_dump(exclude_none=True)
    services.correct_person(
        person_id=person_id, version=said.pop("version"), facts=said, **who(request)
    )
    return person_of(request, person_id)


@router.post(f"{_ONE}/death", response=schemas.PersonOut, operation_id="record_death",
             summary="登记去世")  # fmt: skip
def record_death(request: Request, person_id: UUID, body: schemas.DeathIn) -> Any:
    """They live nowhere any more; their history stays."""
    services.record_death(person_id=person_id, died_on=body.died_on, **who(request))
    return person_of(request, person_id)


@router.get("register/tags", response=list[schemas.TagOut], operation_id="list_tags",
            summary="有哪些标签")  # fmt: skip
def list_tags(request: Request, area_path: str) -> Any:
    """Those that the key may give to people of an area."""
    request.actor.require(REGISTER, area_path)
    return people_card.tag_kinds(request.actor, area_path)


@router.post(f"{_ONE}/tags", response=schemas.PersonOut, operation_id="tag_person",
             summary="加标签")  # fmt: skip
def tag_person(request: Request, person_id: UUID, body: schemas.TagIn) -> Any:
    """Twice is once; a sensitive tag needs people.sensitive."""
    marking.tag_person(person_id=person_id, code=body.code, note=body.note, **who(request))
    return person_of(request, person_id)


@router.delete(f"{_ONE}/tags/{{str:code}}", response=schemas.PersonOut,
               operation_id="untag_person", summary="去掉标签")  # fmt: skip
def untag_person(request: Request, person_id: UUID, code: str) -> Any:
    """One that isn't there is no matter."""
    marking.untag_person(person_id=person_id, code=code, **who(request))
    return person_of(request, person_id)


@router.post(f"{_ONE}/relatives", response={201: schemas.PersonOut}, operation_id="add_relation",
             summary="加一位家人")  # fmt: skip
def add_relation(request: Request, person_id: UUID, body: schemas.RelativeIn) -> Any:
    """Somebody of the register by id, or somebody by name and phone."""
    other = marking.Other(**body.model_dump())

    def make() -> UUID:
        return marking.add_relation(person_id=person_id, other=other, **who(request)).pk

    api.once(request, make)
    return person_of(request, person_id)


@router.delete("register/relatives/{uuid:relation_id}", response=schemas.PersonOut,
               operation_id="end_relation", summary="去掉一位家人")  # fmt: skip
def end_relation(request: Request, relation_id: UUID) -> Any:
    """Ended twice is once; answers with the person they belonged to."""
    return person_of(request, marking.end_relation(relation_id=relation_id, **who(request)).pk)


@router.post(f"{_ONE}/reveals", response=schemas.InFullOut, operation_id="reveal_person",
             summary="看完整的姓名和号码")  # fmt: skip
def reveal_person(
    request: Request, response: HttpResponse, person_id: UUID, body: schemas.PersonRevealIn
) -> Any:
    """For a purpose that is kept on record and that the person may read; needs people.reveal."""
    response.headers["Cache-Control"] = "no-store"
    full = looking.reveal_person(
        person_id=person_id,
        purpose=body.purpose,
        note=body.note,
        parts=tuple(body.parts),
        **who(request),
    )
    return {
        "id": full.id,
        "name": full.name,
        "phone": full.phone,
        "id_number": full.id_number,
        "born_on": full.born_on,
        "home": full.home_label,
    }


# What the API of the register shares


def who(request: Request) -> dict[str, Any]:
    """Return who asks and when, as services take it."""
    return {"actor": request.actor, "now": clock.now()}


def line_of(line: register.PersonLine) -> dict[str, Any]:
    """Return a line as it is told."""
    return {
        "id": line.id,
        "name": line.name_masked,
        "age": line.age,
        "sex": line.sex,
        "home_id": line.home_id,
        "home": line.home_label,
        "phone_tail": line.phone_tail,
        "tags": list(line.tags),
        "state": line.state,
        "version": line.version,
    }


def person_of(request: Request, person_id: UUID) -> dict[str, Any]:
    """Return a person as they are told, masked. Errors: NotFound."""
    card = register.get_person(person_id, request.actor)
    return line_of(card.line) | {
        "phone": card.phone,
        "id_number": card.id_number,
        "birth_year": card.birth_year,
        "merged_into_id": card.merged_into_id,
        "checked_on": card.checked_on,
        "source": card.source,
        "stays": [_stay(home, row) for home, row in households.stays_of(person_id)],
        "relatives": people_card.relations_of(person_id),
    }


def _stay(home: Any, row: Any) -> dict[str, Any]:
    return {
        "home_id": home.id,
        "home": home.label,
        "kind": row.kind,
        "relation": row.get_relation_display() if row.relation else "",
        "starts_on": row.starts_on,
        "ends_on": row.ends_on,
        "is_over": row.ended_at is not None,
    }


def _after(cursor: str) -> int:
    said = api.read_cursor(cursor) if cursor else "0"
    if not (said.isascii() and said.isdigit() and len(said) < 5):
        raise BadInput("cursor 要原样用上一页给的 next。", field="cursor")
    return int(said)
