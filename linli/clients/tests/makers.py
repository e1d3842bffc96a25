"""Keys for tests: made through the service, as somebody of the cast. The tenant is set."""

from datetime import datetime, timedelta

from django.test import Client

from linli.clients import services
from linli.clients.services import KeySheet, NewKey
from linli.kernel import clock
from linli.kernel.actor import Actor

VIEW = ("cases.view",)


def make_key(actor: Actor, area, duties=VIEW, *, now: datetime | None = None, **facts) -> NewKey:
    """Make a key over an area, good for a year."""
    at = now or clock.now()
    facts.setdefault("expires_at", at + timedelta(days=365))
    sheet = KeySheet(name="热线平台", duties=duties, area_ids=[area.pk], **facts)
    return services.make_key(sheet=sheet, actor=actor, now=at)


class Program(Client):
    """Another system: every request carries its key."""

    def __init__(self, key: str, **defaults) -> None:
        super().__init__(headers={"Authorization": f"Bearer {key}"}, **defaults)
