"""What other systems the demo is connected to: keys in use, one that ran out, a webhook with its log.

The webhook is paused: the demo sends nothing to anybody.
"""

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from linli.blueprints.demo.world import World
from linli.clients import services
from linli.clients.adapters import Answer
from linli.clients.selectors import MANAGE
from linli.clients.services import KeySheet, WebhookSheet, delivering
from linli.kernel.actor import Actor
from linli.kernel.models import EventRow
from linli.places import selectors as places
from linli.posts import selectors as posts

if TYPE_CHECKING:
    from datetime import datetime

DAY: Final = timedelta(days=1)
TOLD: Final = ("cases.case.reported", "cases.case.resolved", "cases.case.closed")
# Which system, its duties, how many days ago it came, for how many days, minutes since it was used.
HOTLINE: Final = ("12345 热线平台", ("cases.view", "cases.enter"), 60, 365, 4)
SCREEN: Final = ("街道数据屏（试用）", ("cases.view",), 80, 30, None)
PROPERTY: Final = ("物业报修系统", ("cases.view", "cases.handle"), 40, 365, 95)
# How the last messages went: the status, how long it took.
ANSWERS: Final = ((204, 83), (204, 91), (503, 240), (204, 77), (204, 120), (204, 88))


def connect(world: World) -> None:
    """Connect the main community to a hotline, and its property company's own system."""
    for community in places.communities()[:1]:
        lead = world.staff.in_role("lead", community.path, world.now)
        if lead is None or not lead.can(MANAGE, community.path):
            continue
        for system in (SCREEN, HOTLINE):
            _key(world, lead, community, system, None)
        companies = [
            one for one in posts.organisations_below(lead, duty=MANAGE) if one.kind == "property"
        ]
        if companies:
            _key(world, lead, community, PROPERTY, companies[0].pk)
        _webhook(world, lead, community)


def _key(world: World, lead: Actor, area: Any, system: Any, organisation_id: UUID | None) -> None:
    name, duties, days_ago, days, minutes = system
    made_at = max(world.now - days_ago * DAY, world.start)
    sheet = KeySheet(
        name=name, duties=duties, area_ids=[area.pk], organisation_id=organisation_id,
        expires_at=made_at + days * DAY,
    )  # fmt: skip
    made = services.make_key(sheet=sheet, actor=lead, now=made_at)
    if minutes is not None:
        services.open_door(made.text, world.now - timedelta(minutes=minutes))


def _webhook(world: World, lead: Actor, area: Any) -> None:
    at = world.now - timedelta(hours=3)
    sheet = WebhookSheet(
        name=HOTLINE[0], area_id=area.pk, topics=TOLD, address="https://hotline.example.com/linli"
    )
    hook = services.add_webhook(sheet=sheet, actor=lead, now=at - 20 * DAY)
    rows = EventRow.objects.filter(name__in=TOLD, area_path__startswith=area.path)
    for event in reversed(rows.filter(happened_at__lt=at).order_by("-id")[: len(ANSWERS) - 1]):
        services.hand_out(event)
    for status, duration in ANSWERS:
        _send(status, duration, at)
        at += timedelta(minutes=10)
    services.pause_webhook(webhook_id=hook.webhook_id, actor=lead, now=world.now)


def _send(status: int, duration: int, at: "datetime") -> None:
    """Note one message as it went; nothing leaves."""
    error = "" if status < 300 else f"对方回答 {status}。"
    for number, parcel in enumerate(delivering.claim_parcels(at)):
        if number == 0:
            delivering.note(parcel, Answer(status, duration, error), at)
        else:
            delivering.release(parcel, at)
