"""Sending again what did not arrive, on somebody's word."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from linli.kernel import events
from linli.kernel.actor import Actor
from linli.kernel.errors import Conflict
from linli.messages import rules, selectors
from linli.messages.events import DeliveryRepeated
from linli.messages.models import Delivery, DeliveryState


@transaction.atomic
def send_again(*, delivery_id: UUID, actor: Actor, now: datetime) -> None:
    """Let a delivery that failed or was only recorded wait again, to leave at once or after the night.

    Errors: NotFound, NotAllowed, Conflict (it arrived, or waits already, or its text was not kept).
    """
    line = selectors.get_delivery(delivery_id, actor)
    delivery = Delivery.objects.select_for_update().get(pk=delivery_id)
    # A one-time code keeps no text, and a new one is quicker anyway.
    if not delivery.text or delivery.state not in (DeliveryState.FAILED, DeliveryState.RECORDED):
        raise Conflict(_("这一条已经发出，或者正在等着发，不用重发。"))
    delivery.state, delivery.settled_at, delivery.error = DeliveryState.WAITING, None, ""
    delivery.due_at, delivery.give_up_at = now, now + rules.GIVE_UP
    delivery.save(update_fields=["state", "settled_at", "error", "due_at", "give_up_at"])
    event = DeliveryRepeated(subject_id=delivery_id, about_id=line.subject_id)
    events.record(event, actor=actor, at=now)
