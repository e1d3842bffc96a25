"""What the API of cases shares: places and categories by their codes, photos by name, how a case is told."""

from collections.abc import Callable, Iterable
from typing import Any
from uuid import UUID

from django.core.files.storage import default_storage
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from linli.cases import selectors
from linli.cases.schemas.sent import PlaceIn
from linli.cases.schemas.told import CaseOut
from linli.cases.selectors import catalogue, offers, outside, reading
from linli.cases.services import stash, telling
from linli.kernel import api, clock, web
from linli.kernel.actor import Actor
from linli.kernel.errors import BadInput, NotAllowed, NotFound
from linli.kernel.pictures import Picture
from linli.kernel.web import Request
from linli.people import selectors as people
from linli.places import selectors as places

BASE = "/api/v1/cases"
# 204: done, and with it the case left the caller's sight.
STEP: Any = {200: CaseOut, 204: None}
JPEG: Any = {"responses": {200: {"description": "OK", "content": {"image/jpeg": {}}}}}


def where_of(place: PlaceIn) -> places.Where:
    """Return the place that was sent. Errors: BadInput, NotFound."""
    if place.code:
        code = places.find_place_code(place.code)
        if code is None or code.ended_at is not None:
            raise NotFound(_("没有这个点位码，或者它已经停用。"))
        return places.where_of_code(code)
    if place.community_id is None:
        raise BadInput(_("place 里写 code（点位码）或 community_id。"), field="place")
    parts = place.model_dump(exclude={"code", "community_id"})
    return places.where_of(community_id=place.community_id, **parts)


def require_any(actor: Actor, *duties: str) -> None:
    """Refuse unless one of the duties is held, be it for an organisation only. Errors: NotAllowed."""
    if not {grant.duty for grant in actor.grants} & set(duties):
        raise NotAllowed(_("没有找到这一页，或者您的岗位看不到它。"))


def category_id_of(code: str) -> UUID:
    """Return the id of a category in use. Errors: NotFound."""
    return catalogue.get_category_by_code(code).pk


def photos_of(names: Iterable[str]) -> tuple[Picture, ...]:
    """Return the photos that were sent before under these names. Errors: BadInput."""
    found: list[Picture] = []
    for name in names:
        batch, _sep, one = name.partition(".")
        try:
            photo = stash.stashed_photos(UUID(batch), [str(UUID(one))])
        except ValueError:
            photo = {}
        if not photo:
            raise BadInput(
                _("照片“%(name)s”不在了，重新发一次。") % {"name": name[:80]}, field="photos"
            )
        found += photo.values()
    return tuple(found)


def secret_link(request: Request, case: Any) -> dict[str, str]:
    """Return the reporter's secret and their page."""
    secret = telling.token_of(case)
    return {
        "secret": secret,
        "link": web.absolute_url(request, reverse("cases:progress", args=[secret])),
    }


def whole(case_id: UUID, actor: Actor) -> dict[str, Any]:
    """Return one case that the actor may see, with its words and its course. Errors: NotFound."""
    case = selectors.get_case(case_id, actor)
    base = f"{BASE}/{case.pk}"
    is_asked = reading.asked_suspension(case) is not None
    return {
        **outside.case_row(case.pk),
        "text": case.text,
        "answers": case.answers,
        "service_level": case.service_level.name,
        "suspended_until": moment(case.suspended_until),
        "merged_into_id": case.merged_into_id,
        "decline": _decline(case),
        "contact": _contact(case),
        "offers": offers.offers(case, actor, is_suspension_asked=is_asked),
        "photos": outside.photo_rows(reading.report_photos(case), base),
        "timeline": steps(reading.timeline(case, for_staff=True), base),
    }


def steps(lines: Iterable[reading.Line], base: str) -> list[dict[str, Any]]:
    """Return the steps of a timeline as other systems read them."""
    return [
        {
            "at": moment(line.at),
            "name": line.event_name,
            "title": line.title,
            "who": line.who,
            "text": line.text,
            "is_internal": line.is_internal,
            "photos": outside.photo_rows(line.photos, base),
        }
        for line in lines
    ]


def after(request: Request, case_id: UUID, make: Callable[[], Any]) -> Any:
    """Do one step of a case, once per Idempotency-Key; return the case as it is then.

    Shape: 204 without a body when the step took the case out of the actor's sight.
    """

    def step() -> UUID:
        make()
        return case_id

    # A key of another community must not even learn that the id exists.
    selectors.get_case(case_id, request.actor)
    api.once(request, step)
    if not outside.is_in_sight(case_id, request.actor):
        return HttpResponse(status=204)
    return outside.case_row(case_id)


def picture(path: str) -> HttpResponse:
    """Return the file of a photo. Errors: NotFound."""
    try:
        with default_storage.open(path) as file:
            response = HttpResponse(file.read(), content_type="image/jpeg")
    except FileNotFoundError:
        raise NotFound(_("这张照片的文件不在了。")) from None
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


def moment(value: Any) -> str | None:
    """Return a moment as local ISO 8601."""
    return clock.local(value).isoformat(timespec="seconds") if value else None


def _decline(case: Any) -> dict[str, Any] | None:
    if not case.decline_reason:
        return None
    return {
        "reason": case.decline_reason,
        "rule": case.decline_rule,
        "alternative": case.decline_alternative,
        "review_on": case.decline_review_on.isoformat() if case.decline_review_on else None,
    }


def _contact(case: Any) -> dict[str, Any] | None:
    if case.reporter_id is None:
        return None
    card = people.contact_card(case.reporter_id)
    return {"name": card.name, "phone": card.phone, "address": "", "has_phone": card.has_phone}
