"""The reporter's side of a case: the secret from the receipt is the permission, no key is needed."""

from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _
from ninja import Router

from linli.cases import selectors
from linli.cases.api import ground
from linli.cases.schemas.sent import AdditionIn, MaybeWordsIn, RatingIn
from linli.cases.schemas.told import ReporterView
from linli.cases.selectors import mine, progress, reading
from linli.cases.services import closing
from linli.kernel import api, clock, throttle
from linli.kernel.actor import ActorKind, reporter
from linli.kernel.errors import NotFound, TooMany
from linli.kernel.web import Request, client_address
from linli.posts.middleware import enter_tenant, tenant_of_head

router = Router(tags=["反映人"], auth=None)
_RATE: Final = 30  # calls a minute from one address, as somebody who looks after their own needs


@router.get(
    "/{secret}", response=ReporterView, operation_id="follow_report", summary="看自己报的事"
)
def follow_report(request: Request, secret: str) -> Any:
    """As the page behind the link on the receipt."""
    return _view(_case(request, secret), secret)


@router.get("/{secret}/photos/{uuid:photo_id}/{size}", operation_id="get_own_photo",
            summary="取自己看得到的照片",
            openapi_extra=ground.JPEG)  # fmt: skip
def get_own_photo(request: Request, secret: str, photo_id: UUID, size: str) -> HttpResponse:
    """size: full or thumb."""
    photo = mine.get_photo_of(_case(request, secret), photo_id)
    if size not in ("full", "thumb"):
        raise NotFound(_("照片只有 full 和 thumb 两种大小。"))
    return ground.picture(photo.path if size == "full" else photo.thumb_path)


@router.post("/{secret}/additions", response=ReporterView, operation_id="add_to_case",
             summary="补充情况")  # fmt: skip
def add_to_case(request: Request, secret: str, body: AdditionIn) -> Any:
    """Words or photos, while it is open."""
    photos = ground.photos_of(body.photos) if _case(request, secret) else ()
    return _do(request, secret, closing.add_to_case, text=body.text, photos=photos)


@router.post("/{secret}/urging", response=ReporterView, operation_id="urge_case", summary="催办")
def urge_case(request: Request, secret: str, body: MaybeWordsIn) -> Any:
    """Not more often than the community's pause allows."""
    return _do(request, secret, closing.urge_case, text=body.text)


@router.post("/{secret}/withdrawal", response=ReporterView, operation_id="withdraw_case",
             summary="撤回")  # fmt: skip
def withdraw_case(request: Request, secret: str, body: MaybeWordsIn) -> Any:
    """While it is open."""
    return _do(request, secret, closing.withdraw_case, text=body.text)


@router.post("/{secret}/rating", response=ReporterView, operation_id="rate_case", summary="评价")
def rate_case(request: Request, secret: str, body: RatingIn) -> Any:
    """Solved or not, content or not: closed, or handled again one level up."""
    return _do(request, secret, closing.rate_case, **body.model_dump())


def _do(request: Request, secret: str, service: Any, **facts: Any) -> Any:
    case_id = _case(request, secret).pk

    def step() -> UUID:
        service(token=secret, actor=speaker(request), now=clock.now(), **facts)
        return case_id

    api.once(request, step)
    return _view(selectors.get_by_token(secret), secret)


def enter(request: Request, secret: str) -> None:
    """Enter the tenant that a secret begins with. Errors: NotFound, TooMany."""
    minute, place = timedelta(minutes=1), f"api reporter:{client_address(request)}"
    if request.actor.kind is not ActorKind.CLIENT and not throttle.allow(place, _RATE, minute):
        wait = throttle.wait(place, _RATE, minute)
        raise TooMany(_("太频繁了，过一分钟再试。"), wait=wait)
    tenant = tenant_of_head(secret)
    if tenant is None:
        raise NotFound(_("没有找到这个链接。请检查是否完整。"))
    enter_tenant(request, tenant)


def _case(request: Request, secret: str) -> Any:
    enter(request, secret)
    return selectors.get_by_token(secret)


def speaker(request: Request) -> Any:
    """Return the reporter, or the system that passes their word on."""
    actor = request.actor
    return actor if actor.kind is ActorKind.CLIENT else reporter(request.tenant.pk)


def _view(case: Any, secret: str) -> dict[str, Any]:
    now = clock.now()
    hero, again_at = progress.progress_of(case, now), progress.urge_again_at(case)
    ends_at = progress.rating_ends_at(case)
    return {
        "number": case.number,
        "state": case.state,
        "status": hero.status,
        "sentence": hero.sentence,
        "title": case.title,
        "text": case.text,
        "category_name": case.category.name,
        "place": case.place_label,
        "reported_at": ground.moment(case.reported_at),
        "respond_due_at": ground.moment(case.respond_due_at),
        "resolve_due_at": ground.moment(case.resolve_due_at),
        "can_urge": case.is_open and (again_at is None or now >= again_at),
        "can_rate": ends_at is not None and (case.state == "resolved" or now <= ends_at),
        "is_open": case.is_open,
        "timeline": ground.steps(
            reading.timeline(case, for_staff=False), f"/api/v1/reports/{secret}"
        ),
    }
