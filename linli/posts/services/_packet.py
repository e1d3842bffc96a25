"""What every step of a handover does: find it, ask who leads, tell, close."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from linli.kernel import events
from linli.kernel.actor import Actor
from linli.kernel.errors import Conflict, NotAllowed
from linli.kernel.events import Event
from linli.posts.events import HandoverClosed
from linli.posts.models import Handover, HandoverState
from linli.posts.selectors.handovers import get_handover, may_lead


def open_packet(handover_id: UUID, actor: Actor) -> Handover:
    """Return a handover that is not over, locked. Errors: NotFound, Conflict."""
    row = get_handover(handover_id, actor, lock=True)
    if row.state != HandoverState.OPEN:
        raise Conflict(_("这份交接单已经了结，刷新看看现在的样子。"))
    return row


def require_lead(row: Handover, actor: Actor) -> None:
    """Refuse who does not answer for the post, or is one of the two. Errors: NotAllowed."""
    if not may_lead(row, actor):
        raise NotAllowed(_("由社区负责人来做。"))


def close(row: Handover, *, actor: Actor, now: datetime) -> None:
    """Close a handover; rooms hear of it and let what hangs on the person follow."""
    row.state, row.closed_at = HandoverState.CLOSED, now
    row.save()
    tell(
        row,
        HandoverClosed,
        actor,
        now,
        outgoing_id=row.outgoing_id,
        incoming_id=row.incoming_id,
        line_count=row.lines.count(),
    )


def tell(row: Handover, kind: type[Event], actor: Actor, now: datetime, **facts: Any) -> None:
    """Record what happened to a handover; the subject is its post."""
    where = {"subject_id": row.post_id, "area_path": row.post.area.path, "handover_id": row.pk}
    events.record(kind(**where, **facts), actor=actor, at=now)  # type: ignore[arg-type]
