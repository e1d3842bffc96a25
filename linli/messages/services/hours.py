"""The quiet time of an area."""

from datetime import datetime, time

from django.db import transaction

from linli.kernel import events
from linli.kernel.actor import Actor
from linli.messages.events import QuietHoursChanged
from linli.messages.models import QuietHours
from linli.messages.selectors.settings import forget_quiet_hours


@transaction.atomic
def set_quiet_hours(
    *, area_path: str, starts_at: time, ends_at: time, actor: Actor, now: datetime
) -> None:
    """Set when nothing is sent in an area unless urgent; equal times mean never.

    What already waits keeps its time and is looked at again before it leaves.
    Errors: NotAllowed.
    """
    actor.require("messages.manage", area_path)
    hours, _is_new = QuietHours.objects.update_or_create(
        area_path=area_path, defaults={"starts_at": starts_at, "ends_at": ends_at}
    )
    event = QuietHoursChanged(
        subject_id=hours.pk, area_path=area_path, hours=f"{starts_at:%H:%M}–{ends_at:%H:%M}"
    )
    events.record(event, actor=actor, at=now)
    forget_quiet_hours()
