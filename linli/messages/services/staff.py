"""Tells those who look after messages what reached nobody, once and not per message."""

from datetime import datetime
from typing import Final
from uuid import UUID

from django.utils.translation import gettext as _

from linli.kernel import clock, events, tenancy
from linli.kernel.actor import system
from linli.messages.events import DeliveryFailed
from linli.messages.models import Audience, Delivery, Outage
from linli.messages.selectors.log import mask_address
from linli.messages.selectors.settings import name_of_line
from linli.messages.services.telling import local_words, tell
from linli.places import selectors as places
from linli.posts import selectors as posts

LOG: Final = "/desk/messages/"


def tell_down(outage: Outage, count: int, now: datetime) -> None:
    """Tell that a line has been down since a moment, and how much waits."""
    facts = {
        "name": name_of_line(outage.line),
        "since": local_words(outage.started_at),
        "count": str(count),
        "reason": outage.reason,
    }
    _tell("messages.line.down", f"outage:{outage.pk.hex}:down", facts, now, subject_id=outage.pk)


def tell_back(outage: Outage, count: int, now: datetime) -> None:
    """Tell that a line is back, and how much leaves now."""
    facts = {
        "name": name_of_line(outage.line),
        "since": local_words(outage.started_at),
        "count": str(count),
    }
    _tell("messages.line.back", f"outage:{outage.pk.hex}:back", facts, now, subject_id=outage.pk)


def tell_expired(line: str, count: int, now: datetime) -> None:
    """Tell that messages have become too old to be sent, once a day and line."""
    facts = {"name": name_of_line(line), "count": str(count)}
    today = f"{clock.local(now):%Y%m%d}"
    _tell("messages.delivery.expired", f"expired:{line}:{today}", facts, now)


def tell_failed(delivery: Delivery, reason: str, now: datetime) -> None:
    """Tell that an address can't be reached, once a day and address; record every single case."""
    notice = delivery.notice
    event = DeliveryFailed(
        subject_id=delivery.pk,
        area_path=notice.area_path,
        channel=delivery.channel,
        about_id=notice.subject_id,
        reason=reason[:200],
    )
    events.record(event, actor=system(tenancy.current_tenant_id()), at=now)
    facts = {"name": _addressee(delivery), "title": notice.title, "reason": reason}
    key = f"failed:{delivery.address_hash[:32]}:{clock.local(now):%Y%m%d}"
    _tell("messages.delivery.failed", key, facts, now, subject_id=notice.subject_id,
          area_path=notice.area_path)  # fmt: skip


def _addressee(delivery: Delivery) -> str:
    if delivery.notice.robot_id is not None:
        return name_of_line(delivery.line)
    who = _("反映人") if delivery.notice.contact_id else _("工作人员")
    return f"{who} {mask_address(delivery)}"


def _tell(
    event_name: str,
    key: str,
    facts: dict[str, str],
    now: datetime,
    *,
    subject_id: UUID | None = None,
    area_path: str = "",
) -> None:
    tell(
        event_name=event_name,
        audience=Audience.DESK,
        key=key,
        facts=facts,
        link=LOG,
        subject_id=subject_id,
        now=now,
        account_ids=_keepers(area_path, now),
        area_path=area_path,
    )


def _keepers(area_path: str, now: datetime) -> list[UUID]:
    """Return who looks after the messages of an area; of all areas when it is nobody's in particular."""
    if not area_path:
        areas = [community.path for community in places.communities()]
        found = [posts.accounts_with("messages.manage", path, now) for path in areas]
        return list(dict.fromkeys(account for accounts in found for account in accounts))
    return posts.accounts_with("messages.manage", area_path, now)
