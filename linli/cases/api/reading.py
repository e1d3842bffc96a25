"""Cases and their photos: read, reported, and photos sent ahead."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _
from ninja import File, Query, Router
from ninja.files import UploadedFile

from linli.cases import selectors
from linli.cases.api import ground
from linli.cases.schemas import sent, told
from linli.cases.schemas.sent import ContactRevealIn, FollowIn, PlaceIn, ReportIn
from linli.cases.selectors import offers, outside, surroundings
from linli.cases.selectors.conditions import Question
from linli.cases.selectors.queue import queue
from linli.cases.services import calls, desk, intake, stash
from linli.kernel import api, clock, pictures
from linli.kernel.errors import BadInput, NotFound
from linli.kernel.ids import new_id
from linli.kernel.web import Request
from linli.people import services as people

router = Router(tags=["工单"])
photo_router = Router(tags=["照片"])
MOST_PHOTOS = 4


@router.get("", response=api.Page[told.CaseOut], operation_id="list_cases", summary="看工单列表")
def list_cases(request: Request, asked: Query[sent.Filter]) -> HttpResponse:
    """The desk's queue with its filters: by promise, or newest first; 25 to a page.

    Among all or closed cases, what hardly any case has is looked for stretch by stretch: a page may
    then hold fewer, or none, and still have a `next`. It ends where `next` is null.
    """
    page = queue(question_of(asked), request.actor, clock.now())
    rows = outside.case_rows([one.pk for one in page.cases])
    return api.as_json(
        {"items": rows, "next": api.cursor(page.next_after) if page.next_after else None}
    )


@router.post("", response={201: told.Reported, 200: told.Reported}, operation_id="enter_case",
             summary="上报一件")  # fmt: skip
def enter_case(request: Request, report: ReportIn) -> Any:
    """Needs cases.enter at the place. With an Idempotency-Key, sending twice makes one case."""
    case, is_new = intake.enter_case(
        report=_report(request, report),
        photos=ground.photos_of(report.photos),
        actor=request.actor,
        now=clock.now(),
    )
    told_case = outside.case_row(case.pk)
    body = {"case": told_case, "is_new": is_new, **ground.secret_link(request, case)}
    return api.as_json(body, status=201 if is_new else 200)


@router.get("/nearby", response=list[told.Near], operation_id="nearby_cases",
            summary="附近同类的在办工单")  # fmt: skip
def nearby_cases(request: Request, category: str, place: Query[PlaceIn]) -> Any:
    """Look here before reporting: the same thing may be known already."""
    where = ground.where_of(place)
    if not request.actor.can("cases.enter", where.area_path):
        request.actor.require("cases.view", where.area_path)
    found = surroundings.nearby(
        where=where, category_id=ground.category_id_of(api.clean(category)), now=clock.now()
    )
    return [
        {"id": one.case_id, "title": one.title, "place": one.place_label,
         "state": str(one.state_label), "follower_count": one.follower_count}
        for one in found
    ]  # fmt: skip


@router.get("/{uuid:case_id}", response=told.CaseWhole, operation_id="get_case", summary="看一件")
def get_case(request: Request, case_id: UUID) -> HttpResponse:
    """With its words, its course and what this key may do next."""
    return api.as_json(ground.whole(case_id, request.actor))


@router.get("/{uuid:case_id}/photos/{uuid:photo_id}/{size}", operation_id="get_photo",
            summary="取照片", openapi_extra=ground.JPEG)  # fmt: skip
def get_photo(request: Request, case_id: UUID, photo_id: UUID, size: str) -> HttpResponse:
    """size: full or thumb."""
    photo = outside.get_photo_in_sight(case_id, photo_id, request.actor)
    if size not in ("full", "thumb"):
        raise NotFound(_("照片只有 full 和 thumb 两种大小。"))
    return ground.picture(photo.path if size == "full" else photo.thumb_path)


@router.post("/{uuid:case_id}/contact", response=told.ContactOut, operation_id="reveal_contact",
             summary="看完整的联系方式")  # fmt: skip
def reveal_contact(request: Request, case_id: UUID, asked: ContactRevealIn) -> Any:
    """For a purpose that is kept on record; needs people.reveal, or the case in hand."""
    case = selectors.get_case(case_id, request.actor)
    if case.reporter_id is None:
        raise NotFound(_("这件工单没有留联系方式。"))
    card = people.reveal_contact(
        contact_id=case.reporter_id,
        purpose=asked.purpose,
        note=asked.note,
        area_path=case.area_path,
        subject_id=case.pk,
        is_allowed=offers.is_in_hands(case, request.actor),
        actor=request.actor,
        now=clock.now(),
    )
    return {"name": card.name, "phone": card.phone, "address": card.address,
            "has_phone": card.has_phone}  # fmt: skip


@router.post("/{uuid:case_id}/followers", response=told.CaseOut, operation_id="follow_for_caller",
             summary="又有人反映同一件")  # fmt: skip
def follow_for_caller(request: Request, case_id: UUID, asked: FollowIn) -> Any:
    """Counts somebody in with a case that is known already."""
    key = request.headers.get("Idempotency-Key", "") or str(new_id())
    return ground.after(
        request,
        case_id,
        lambda: calls.follow_for_caller(
            case_id=case_id, phone=asked.phone, text=asked.text, key=key, actor=request.actor,
            now=clock.now(),
        ),
    )  # fmt: skip


@router.post("/{uuid:case_id}/link", response=told.LinkOut, operation_id="revoke_link",
             summary="更换反映人的链接")  # fmt: skip
def revoke_link(request: Request, case_id: UUID) -> Any:
    """The link before is worthless from now on."""
    case = desk.revoke_link(case_id=case_id, actor=request.actor, now=clock.now())
    return ground.secret_link(request, case)


@photo_router.post("", response={201: told.PhotoNames}, operation_id="send_photos",
                   summary="先发照片")  # fmt: skip
def send_photos(request: Request, photos: File[list[UploadedFile]]) -> HttpResponse:
    """Send up to four photos and name them in a report or a step within a day."""
    ground.require_any(request.actor, "cases.enter", "cases.handle", "cases.dispatch")
    if len(photos) > MOST_PHOTOS:
        raise BadInput(_("一次最多 4 张照片。"), field="photos")
    cleaned = [pictures.clean(photo) for photo in photos]
    batch = new_id()
    names = stash.stash_photos(key=batch, photos=cleaned)
    return api.as_json({"names": [f"{batch}.{name}" for name in names]}, status=201)


def question_of(asked: sent.Filter) -> Question:
    """Return what a program's filter asks of the list. Errors: NotFound (no such category), BadInput."""
    category_id = ground.category_id_of(asked.category) if asked.category else None
    return Question(
        tab=asked.tab,
        words=asked.q,
        category_id=category_id,
        community_id=asked.community_id,
        grid_id=asked.grid_id,
        estate_id=asked.estate_id,
        source=asked.source,
        due=asked.due,
        mark=asked.mark,
        post_id=asked.post_id,
        organisation_id=asked.organisation_id,
        is_newest_first=asked.order == "newest",
        after=api.read_cursor(asked.cursor),
    )


def _report(request: Request, report: ReportIn) -> intake.Report:
    key = request.headers.get("Idempotency-Key", "")
    return intake.Report(
        category_id=ground.category_id_of(report.category),
        text=report.text,
        where=ground.where_of(report.place),
        source=report.source,  # type: ignore[arg-type]
        spot=report.spot,
        answers=tuple((one.text, one.answer) for one in report.answers),
        name=report.name,
        phone=report.phone,
        address=report.address,
        is_urgent=report.is_urgent,
        key=f"{request.actor.client_id}:{key}" if key else "",
    )
