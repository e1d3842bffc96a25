"""Messages for other systems: the log of what reached whom, and an area's own words."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _
from ninja import Router

from linli.kernel import api, clock
from linli.kernel.errors import NotFound
from linli.kernel.web import Request
from linli.messages import schemas, selectors, services
from linli.messages.errors import UnknownMessage
from linli.messages.selectors import catalogue
from linli.messages.services import RobotData, Wording
from linli.places import selectors as places

router = Router(tags=["消息"])
_WORDS = "areas/{uuid:area_id}/templates/{event_name}/{audience}/{channel}"


@router.get("deliveries", response=api.Page[schemas.DeliveryOut], operation_id="list_deliveries",
            summary="发送记录")  # fmt: skip
def list_deliveries(
    request: Request,
    state: str = "",
    channel: str = "",
    subject_id: UUID | None = None,
    cursor: str = "",
) -> Any:
    """The newest first; needs messages.manage."""
    rows = selectors.deliveries(
        request.actor,
        state=api.clean(state),
        channel=api.clean(channel),
        subject_id=subject_id,
        before=api.read_id_cursor(cursor),
        limit=api.LIMIT + 1,
    )
    return api.rows_page(rows, api.LIMIT, lambda row: api.cursor(row.id.hex))


@router.post("deliveries/{uuid:delivery_id}/again", response={204: None}, operation_id="send_again",
             summary="再发一次")  # fmt: skip
def send_again(request: Request, delivery_id: UUID) -> Any:
    """One that did not arrive."""

    def again() -> UUID:
        services.send_again(delivery_id=delivery_id, actor=request.actor, now=clock.now())
        return delivery_id

    api.once(request, again)
    return HttpResponse(status=204)


@router.get("areas/{uuid:area_id}/templates", response=list[schemas.WordsOut],
            operation_id="list_templates", summary="通知用语")  # fmt: skip
def list_templates(request: Request, area_id: UUID) -> Any:
    """What is said in an area for every event, audience and channel."""
    path = _path(request, area_id)
    return [
        _told(row.message.event_name, row.audience, cell.channel, cell.words)
        for row in catalogue.overview(path)
        for cell in row.cells
    ]


@router.put(_WORDS, response=schemas.WordsOut, operation_id="change_template", summary="改通知用语")
def change_template(
    request: Request, area_id: UUID, event_name: str, audience: schemas.Audience,
    channel: schemas.Channel, *, body: schemas.TemplateWordsIn,
) -> Any:  # fmt: skip
    """From the next message on."""
    wording = _wording(request, area_id, event_name, audience, channel)
    services.change_template(
        wording=wording, **body.model_dump(), actor=request.actor, now=clock.now()
    )
    return _told(event_name, audience, channel, _words(wording))


@router.delete(_WORDS, response=schemas.WordsOut, operation_id="reset_template",
               summary="恢复原来的用语")  # fmt: skip
def reset_template(
    request: Request, area_id: UUID, event_name: str, audience: schemas.Audience,
    channel: schemas.Channel,
) -> Any:  # fmt: skip
    """Those of the area above, or of the product."""
    wording = _wording(request, area_id, event_name, audience, channel)
    services.reset_template(wording=wording, actor=request.actor, now=clock.now())
    return _told(event_name, audience, channel, _words(wording))


_HOURS = "areas/{uuid:area_id}/quiet-hours"
_ROBOT = "robots/{uuid:robot_id}"


@router.get(_HOURS, response=schemas.QuietOut, operation_id="get_quiet_hours", summary="静默时段")
def get_quiet_hours(request: Request, area_id: UUID) -> Any:
    """When nothing is sent unless it is urgent: the area's own, or that of the area above."""
    return selectors.quiet_hours_of(_path(request, area_id))


@router.put(_HOURS, response=schemas.QuietOut, operation_id="set_quiet_hours", summary="定静默时段")
def set_quiet_hours(request: Request, area_id: UUID, body: schemas.QuietIn) -> Any:
    """Equal times mean never."""
    path = _path(request, area_id)
    services.set_quiet_hours(
        area_path=path, **body.model_dump(), actor=request.actor, now=clock.now()
    )
    return selectors.quiet_hours_of(path)


@router.get("robots", response=list[schemas.RobotOut], operation_id="list_robots",
            summary="群机器人")  # fmt: skip
def list_robots(request: Request) -> Any:
    """The group robots of the organisations in the key's areas; their addresses stay hidden."""
    return selectors.robots_seen_by([one.id for one in selectors.organisations_of(request.actor)])


@router.post("robots", response={201: schemas.RobotOut}, operation_id="add_robot",
             summary="加群机器人")  # fmt: skip
def add_robot(request: Request, body: schemas.RobotIn) -> Any:
    """Let an organisation listen through one."""
    data = RobotData(**body.model_dump())
    made, _is_new = api.once(request, lambda: services.add_robot(
        data=data, actor=request.actor, now=clock.now()
    ).pk)  # fmt: skip
    return _robot(request, made)


@router.put(_ROBOT, response=schemas.RobotOut, operation_id="change_robot", summary="改群机器人")
def change_robot(request: Request, robot_id: UUID, body: schemas.RobotIn) -> Any:
    """Without an address it keeps the one it has."""
    services.change_robot(
        robot_id=robot_id, data=RobotData(**body.model_dump()), actor=request.actor, now=clock.now()
    )
    return _robot(request, robot_id)


@router.post(f"{_ROBOT}/trial", response={204: None}, operation_id="try_robot", summary="试一试")
def try_robot(request: Request, robot_id: UUID) -> Any:
    """Says a word in the group."""
    api.once(request, lambda: services.try_robot(
        robot_id=robot_id, actor=request.actor, now=clock.now()
    ))  # fmt: skip
    return HttpResponse(status=204)


def _robot(request: Request, robot_id: UUID) -> Any:
    return next(row for row in list_robots(request) if row.id == robot_id)


def _path(request: Request, area_id: UUID) -> str:
    path: str = places.get_area(area_id).path
    request.actor.require("messages.manage", path)
    return path


def _wording(
    request: Request, area_id: UUID, event_name: str, audience: str, channel: str
) -> Wording:
    wording = Wording(
        area_path=_path(request, area_id), event_name=event_name, audience=audience, channel=channel
    )
    _words(wording)
    return wording


def _words(wording: Wording) -> catalogue.Words:
    try:
        return catalogue.words_of_area(
            wording.event_name, wording.audience, wording.channel, wording.area_path
        )
    except UnknownMessage:
        raise NotFound(_("没有找到这条用语。")) from None


def _told(event_name: str, audience: str, channel: str, words: catalogue.Words) -> dict[str, Any]:
    return {
        "event_name": event_name, "audience": audience, "channel": channel,
        "title": words.title, "body": words.body, "is_active": words.is_active,
        "is_urgent": words.is_urgent, "is_changed": words.is_changed,
    }  # fmt: skip
