"""The side of those who met the same thing: a secret of their own, an answer of their own."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _
from ninja import Router

from linli.cases import selectors
from linli.cases.api import ground
from linli.cases.api.reporter import enter, speaker
from linli.cases.schemas.sent import AdditionIn, RatingIn
from linli.cases.schemas.told import FollowerView
from linli.cases.selectors import followers
from linli.cases.services import following
from linli.kernel import api, clock
from linli.kernel.errors import NotFound
from linli.kernel.web import Request

router = Router(tags=["反映人"], auth=None)


@router.get("/{secret}", response=FollowerView, operation_id="follow_along", summary="看跟着的事")
def follow_along(request: Request, secret: str) -> Any:
    """As the page behind a follower's link."""
    return _view(_follower(request, secret), secret)


@router.get("/{secret}/photos/{uuid:photo_id}/{size}", operation_id="get_followed_photo",
            summary="取跟着的事的照片", openapi_extra=ground.JPEG)  # fmt: skip
def get_followed_photo(request: Request, secret: str, photo_id: UUID, size: str) -> HttpResponse:
    """size: full or thumb."""
    photo = followers.get_photo_of(_follower(request, secret), photo_id)
    if size not in ("full", "thumb"):
        raise NotFound(_("照片只有 full 和 thumb 两种大小。"))
    return ground.picture(photo.path if size == "full" else photo.thumb_path)


@router.post("/{secret}/additions", response=FollowerView, operation_id="add_as_follower",
             summary="跟着的人补充")  # fmt: skip
def add_as_follower(request: Request, secret: str, body: AdditionIn) -> Any:
    """For staff and for themselves."""
    photos = ground.photos_of(body.photos) if _follower(request, secret) else ()
    return _do(request, secret, following.add_as_follower, text=body.text, photos=photos)


@router.post("/{secret}/urging", response=FollowerView, operation_id="urge_as_follower",
             summary="跟着的人催办")  # fmt: skip
def urge_as_follower(request: Request, secret: str) -> Any:
    """The pause between two urges is the case's."""
    return _do(request, secret, following.urge_as_follower)


@router.post("/{secret}/rating", response=FollowerView, operation_id="rate_as_follower",
             summary="跟着的人评价")  # fmt: skip
def rate_as_follower(request: Request, secret: str, body: RatingIn) -> Any:
    """Kept beside the reporter's."""
    return _do(request, secret, following.rate_as_follower, **body.model_dump())


@router.post(
    "/{secret}/leaving", response={204: None}, operation_id="leave_case", summary="不再跟了"
)
def leave_case(request: Request, secret: str) -> Any:
    """The secret is worth nothing from then on."""
    _follower(request, secret)
    following.leave_case(token=secret, actor=speaker(request), now=clock.now())
    return HttpResponse(status=204)


def _follower(request: Request, secret: str) -> Any:
    enter(request, secret)
    return selectors.get_follower(secret)


def _do(request: Request, secret: str, service: Any, **facts: Any) -> Any:
    follower_id = _follower(request, secret).pk

    def step() -> UUID:
        service(token=secret, actor=speaker(request), now=clock.now(), **facts)
        return follower_id

    api.once(request, step)
    return _view(selectors.get_follower(secret), secret)


def _view(follower: Any, secret: str) -> dict[str, Any]:
    now, case = clock.now(), follower.case
    hero = followers.progress_of(follower, now)
    return {
        "number": followers.number_of(follower),
        "state": case.state,
        "status": hero.status,
        "sentence": hero.sentence,
        "category_name": case.category.name,
        "place": case.place_label,
        "can_rate": followers.can_rate(follower, now),
        "is_open": case.is_open,
        "timeline": ground.steps(followers.timeline(follower), f"/api/v1/follows/{secret}"),
    }
