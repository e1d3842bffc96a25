"""What the operator does with work that was given up: try it again."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from linli.kernel import events, jobs, outbox
from linli.kernel.actor import Actor
from linli.kernel.errors import NotFound
from linli.posts.events import WorkTriedAgain


@transaction.atomic
def try_job_again(*, job_id: UUID, actor: Actor, now: datetime) -> None:
    """Let a parked job run at once. Errors: NotAllowed, NotFound (not parked any more)."""
    actor.require("kernel.operate")
    if not jobs.try_again(job_id, now):
        raise NotFound(_("这件事已经不在停放里了。"))
    events.record(WorkTriedAgain(subject_id=job_id, what="job"), actor=actor, at=now)


@transaction.atomic
def try_event_again(*, retry_id: UUID, actor: Actor, now: datetime) -> None:
    """Hand a parked event to its subscriber again at once. Errors: NotAllowed, NotFound."""
    actor.require("kernel.operate")
    if not outbox.try_again(retry_id, now):
        raise NotFound(_("这件事已经不在停放里了。"))
    events.record(WorkTriedAgain(subject_id=retry_id, what="event"), actor=actor, at=now)
