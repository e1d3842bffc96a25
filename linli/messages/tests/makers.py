"""What stories about messages are made of: staff with phones, residents, a telling, a gateway."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any
from uuid import UUID

from linli.kernel import tenancy
from linli.kernel.actor import Actor, ActorKind, Grant, system
from linli.kernel.clock import BEIJING
from linli.kernel.ids import new_id
from linli.messages import tasks
from linli.messages.adapters.fake import Gateway, serve
from linli.messages.services import sending, tell
from linli.people import services as people

# Wednesday morning, in working hours.
MORNING = datetime(2026, 11, 18, 9, 41, tzinfo=BEIJING)
HERE = "320707/320707100/320707100009/"
FACTS = {
    "number": "DC26111042",
    "title": "楼道灯不亮",
    "place": "幸福家园 3 幢",
    "category": "公共照明",
    "due": "11 月 25 日（周三）18:00",
    "phone": "0000-0000000",
}


def at(day: int, hour: int, minute: int = 0, second: int = 0) -> datetime:
    """Return a moment of November 2026 on the community's clock."""
    return datetime(2026, 11, day, hour, minute, second, tzinfo=BEIJING)


def make_staff(name: str = "林干事", phone: str = "10000000001", email: str = "") -> UUID:
    """Return the account of somebody on the staff."""
    made = people.create_account(
        login=f"u{new_id().hex[-12:]}",
        name=name,
        area_path=HERE,
        phone=phone,
        email=email,
        password_hash="!",
        actor=system(tenancy.current_tenant_id()),
        now=MORNING,
    )
    return made.account_id


def make_contact(phone: str = "10000000009", name: str = "梅") -> UUID:
    """Return a resident who left a phone number."""
    contact = people.keep_contact(
        name=name, phone=phone, actor=system(tenancy.current_tenant_id()), now=MORNING
    )
    assert contact is not None
    return contact.id


def tell_one(
    event_name: str = "cases.case.assigned", audience: str = "handler", **more: Any
) -> list[UUID]:
    """Tell something; what the story does not say is as usual."""
    usual: dict[str, Any] = {
        "key": f"{event_name}:{new_id().hex}",
        "facts": FACTS,
        "link": "/field/cases/1/",
        "subject_id": new_id(),
        "now": MORNING,
        "area_path": HERE,
    }
    return tell(event_name=event_name, audience=audience, **{**usual, **more})


def manager(area_path: str = HERE, *, account_id: UUID | None = None) -> Actor:
    """Return somebody who looks after the messages of an area."""
    return Actor(
        tenant_id=tenancy.current_tenant_id(),
        kind=ActorKind.STAFF,
        account_id=account_id or new_id(),
        name="林干事",
        grants=(Grant(duty="messages.manage", area_path=area_path),),
    )


@contextmanager
def gateway(settings: Any, **more: Any) -> Iterator[Gateway]:
    """Run a gateway that the settings point at."""
    with serve(Gateway(**more)) as running:
        settings.SMS_URL = f"{running.url}/sms"
        settings.SMS_KEY = running.sms_key
        settings.ROBOT_HOSTS = frozenset({"127.0.0.1"})
        yield running


def send(now: datetime) -> None:
    """Send everything that is due, as the task does."""
    while parcels := sending.claim_parcels(now=now):
        tasks.carry_all(parcels, now)
