"""Keys for tests: made through the service, as somebody of the cast. The tenant is set."""

from datetime import datetime, timedelta
from uuid import UUID

from django.test import Client

from linli.clients import services
from linli.clients.services import KeySheet, NewKey, WebhookSheet
from linli.kernel import clock
from linli.kernel.actor import Actor

VIEW = ("cases.view",)


def make_key(actor: Actor, area, duties=VIEW, *, now: datetime | None = None, **facts) -> NewKey:
    """Make a key over an area, good for a year."""
    at = now or clock.now()
    facts.setdefault("expires_at", at + timedelta(days=365))
    sheet = KeySheet(name="热线平台", duties=duties, area_ids=[area.pk], **facts)
    return services.make_key(sheet=sheet, actor=actor, now=at)


def make_webhook(actor: Actor, area, topics=("cases.case.reported",)) -> UUID:
    """Make a webhook with a message in its log; nobody listens there."""
    address = "https://hooks.example.com/linli"
    sheet = WebhookSheet(name="热线平台", area_id=area.pk, topics=topics, address=address)
    hook = services.add_webhook(sheet=sheet, actor=actor, now=clock.now())
    services.try_webhook(webhook_id=hook.webhook_id, actor=actor, now=clock.now())
    return hook.webhook_id


class Program(Client):
    """Another system: every request carries its key."""

    def __init__(self, key: str, **defaults) -> None:
        super().__init__(headers={"Authorization": f"Bearer {key}"}, **defaults)
