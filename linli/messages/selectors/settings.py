"""Questions about robots and quiet hours."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time
from typing import TYPE_CHECKING
from uuid import UUID

from django.utils.translation import gettext as _

from linli.kernel import clock
from linli.kernel.actor import Actor
from linli.kernel.errors import NotFound
from linli.kernel.memory import remember
from linli.messages import rules
from linli.messages.models import Channel, QuietHours, Robot
from linli.places import selectors as places
from linli.posts import selectors as posts

if TYPE_CHECKING:
    from linli.posts.models import Organisation


@dataclass(frozen=True, slots=True)
class Quiet:
    """The quiet time of an area."""

    starts_at: time = rules.QUIET_FROM
    ends_at: time = rules.QUIET_UNTIL
    area_path: str | None = None  # whose setting it is; None: the usual

    def after(self, moment: datetime) -> datetime:
        """Return the moment, or the end of the quiet time that it falls into."""
        return rules.after_quiet(
            clock.local(moment), starts_at=self.starts_at, ends_at=self.ends_at
        )

    def next_end(self, moment: datetime) -> datetime:
        """Return when the next quiet time ends."""
        return rules.next_morning(clock.local(moment), at=self.ends_at)


@dataclass(frozen=True, slots=True)
class ManagedArea:
    """An area whose words and hours somebody may change."""

    path: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RobotAddress:
    """Where a robot listens; in clear, so never for a page."""

    id: UUID
    kind: str
    address: str
    secret: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RobotCard:
    """A robot as its page shows it: the key in the address is hidden."""

    id: UUID
    organisation_id: UUID
    kind: str
    kind_label: str
    name: str
    host: str
    has_secret: bool
    is_active: bool


def quiet_hours_of(area_path: str) -> Quiet:
    """Return the quiet time of an area: its own, that of an area above, or the usual."""
    fitting = [one for one in _all_quiet_hours() if area_path.startswith(one.area_path or "")]
    return max(fitting, key=lambda one: len(one.area_path or "")) if fitting else Quiet()


def forget_quiet_hours() -> None:
    """Forget what was kept, after a change."""
    _all_quiet_hours.forget()


def robots_of(organisation_id: UUID) -> list[RobotAddress]:
    """Return an organisation's active robots, in clear, for the sender."""
    rows = Robot.objects.filter(organisation_id=organisation_id, is_active=True).order_by("id")
    return [_address(one) for one in rows]


def robot_addresses(ids: Sequence[UUID]) -> dict[UUID, RobotAddress]:
    """Return active robots by id, in clear, for the sender."""
    rows = Robot.objects.filter(id__in=ids, is_active=True) if ids else ()
    return {one.id: _address(one) for one in rows}


def robots_seen_by(organisation_ids: Sequence[UUID]) -> list[RobotCard]:
    """Return the robots of these organisations, the switched-off ones too."""
    rows = Robot.objects.filter(organisation_id__in=organisation_ids).order_by(
        "organisation_id", "id"
    )
    return [_card(one) for one in rows]


def get_robot(robot_id: UUID, organisation_ids: Sequence[UUID], *, lock: bool = False) -> Robot:
    """Return one robot of these organisations. Errors: NotFound."""
    rows = Robot.objects.select_for_update() if lock else Robot.objects
    try:
        return rows.get(pk=robot_id, organisation_id__in=organisation_ids)
    except Robot.DoesNotExist:
        raise NotFound(_("没有找到这个群机器人。")) from None


def organisations_of(actor: Actor) -> list["Organisation"]:
    """Return the organisations in the areas where the actor looks after messages.

    Errors: NotAllowed.
    """
    actor.require("messages.manage")
    return posts.organisations_below(actor, duty="messages.manage")


def organisation_ids_of(actor: Actor) -> list[UUID]:
    """Return their ids. Errors: NotAllowed."""
    return [one.id for one in organisations_of(actor)]


def managed_organisation(organisation_id: UUID, actor: Actor) -> "Organisation":
    """Return one of them. Errors: NotFound, NotAllowed."""
    for one in organisations_of(actor):
        if one.id == organisation_id:
            return one
    raise NotFound(_("没有找到这个单位。"))


def managed_areas(actor: Actor) -> list[ManagedArea]:
    """Return the areas whose words and quiet hours the actor may change. Errors: NotAllowed."""
    actor.require("messages.manage")
    return [ManagedArea(path, _name_of_area(path)) for path in actor.scopes("messages.manage")]


def managed_area(path: str | None, actor: Actor) -> ManagedArea:
    """Return one of them, the first when none is asked for. Errors: NotFound, NotAllowed."""
    areas = managed_areas(actor)
    for one in areas:
        if path is None or one.path == path:
            return one
    raise NotFound(_("没有找到这个区域。"))


def _name_of_area(path: str) -> str:
    return places.area_of_path(path).name if path else _("全区")


def name_of_line(line: str) -> str:
    """Return how staff call a way out: 短信网关, 邮件服务器, the robot's own name."""
    if line == Channel.SMS:
        return _("短信网关")
    if line == Channel.MAIL:
        return _("邮件服务器")
    name = (
        Robot.objects.filter(pk=line.removeprefix("robot:")).values_list("name", flat=True).first()
    )
    return _("群机器人“%(name)s”") % {"name": name} if name else _("群机器人")


@remember
def _all_quiet_hours() -> list[Quiet]:
    return [
        Quiet(one.starts_at, one.ends_at, one.area_path)
        for one in QuietHours.objects.order_by("id")
    ]


def _address(one: Robot) -> RobotAddress:
    return RobotAddress(id=one.id, kind=one.kind, address=one.address, secret=one.secret)


def _card(one: Robot) -> RobotCard:
    return RobotCard(
        id=one.id,
        organisation_id=one.organisation_id,
        kind=one.kind,
        kind_label=str(one.get_kind_display()),
        name=one.name,
        host=one.address.partition("://")[2].partition("/")[0],
        has_secret=bool(one.secret),
        is_active=one.is_active,
    )
