"""Group robots of organisations: added, changed, switched off, tried out."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from linli.kernel import events, jobs
from linli.kernel.actor import Actor
from linli.kernel.errors import BadInput
from linli.messages import selectors
from linli.messages.adapters import Refused, check_address
from linli.messages.errors import UnsafeAddress
from linli.messages.events import RobotChanged
from linli.messages.models import Robot
from linli.messages.services.telling import tell_robot


@dataclass(frozen=True, slots=True, kw_only=True)
class RobotData:
    """What a page sends. address and secret: "" keeps what is there."""

    organisation_id: UUID
    kind: str
    name: str
    address: str = ""
    secret: str = ""
    is_active: bool = True


@transaction.atomic
def add_robot(*, data: RobotData, actor: Actor, now: datetime) -> Robot:
    """Let an organisation listen through a group robot.

    Errors: NotAllowed, NotFound (no organisation of the actor's areas), BadInput, UnsafeAddress.
    """
    area_path = _area_of(data.organisation_id, actor)
    if not data.address:
        raise BadInput(_("还没有填机器人的地址。"), field="address")
    robot = Robot()
    _fill(robot, data)
    robot.save(force_insert=True)
    _record(robot, area_path, actor, now)
    return robot


@transaction.atomic
def change_robot(*, robot_id: UUID, data: RobotData, actor: Actor, now: datetime) -> Robot:
    """Change a robot or switch it off. Errors: NotAllowed, NotFound, UnsafeAddress."""
    robot = selectors.get_robot(robot_id, selectors.organisation_ids_of(actor), lock=True)
    area_path = _area_of(data.organisation_id, actor)
    _fill(robot, data)
    robot.save(update_fields=["organisation_id", "kind", "name", "address", "secret", "is_active"])
    _record(robot, area_path, actor, now)
    return robot


@transaction.atomic
def try_robot(*, robot_id: UUID, actor: Actor, now: datetime) -> UUID:
    """Say a word in the group, to see whether it arrives; return the notice that goes there.

    Errors: NotAllowed, NotFound, BadInput (switched off).
    """
    robot = selectors.get_robot(robot_id, selectors.organisation_ids_of(actor))
    if not robot.is_active:
        raise BadInput(_("这个群机器人已停用，先启用再试。"))
    area_path = _area_of(robot.organisation_id, actor)
    notice_id = tell_robot(robot.pk, robot.address, name=actor.name, area_path=area_path, now=now)
    jobs.enqueue("messages.send", key=f"try:{notice_id}", due_at=now)
    return notice_id


def _area_of(organisation_id: UUID, actor: Actor) -> str:
    return selectors.managed_organisation(organisation_id, actor).area.path


def _fill(robot: Robot, data: RobotData) -> None:
    if data.address:
        try:
            check_address(data.address)
        except Refused as refusal:
            raise UnsafeAddress(refusal.reason, field="address") from None
    robot.organisation_id, robot.kind = data.organisation_id, data.kind
    robot.name, robot.is_active = data.name.strip(), data.is_active
    robot.address = data.address.strip() or robot.address
    robot.secret = data.secret.strip() or robot.secret


def _record(robot: Robot, area_path: str, actor: Actor, now: datetime) -> None:
    event = RobotChanged(
        subject_id=robot.pk,
        area_path=area_path,
        organisation_id=robot.organisation_id,
        is_active=robot.is_active,
    )
    events.record(event, actor=actor, at=now)
