"""Taking a handover back: who was to leave stays, the term is what it was."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from linli.kernel.actor import Actor
from linli.kernel.errors import Conflict
from linli.posts.events import HandoverWithdrawn
from linli.posts.models import Handover, HandoverState, Holding
from linli.posts.selectors import forget, get_post
from linli.posts.selectors.handovers import get_handover, runs_out
from linli.posts.services._ground import is_held
from linli.posts.services._packet import open_packet, require_lead, tell
from linli.posts.services.stood_in import restore_stood_in
from linli.posts.services.terms import finish


@transaction.atomic
def withdraw_handover(*, handover_id: UUID, actor: Actor, now: datetime) -> Handover:
    """Take a handover back before the term has ended: they stay, to the day they had, or without end,
    and who was to stand in for them does again.

    Who was appointed with it from that day on is not, as long as that day has not come. A term that
    runs out by itself has nothing to take back, unless they hold the post from its end on again.
    Errors: NotFound, NotAllowed, Conflict (over already, the term has ended, or ends by itself).
    """
    seen = get_handover(handover_id, actor)
    require_lead(seen, actor)
    get_post(
        seen.post_id, actor, lock=True
    )  # before its terms and packets, as who ends a term does
    row = open_packet(handover_id, actor)
    if row.leaves_at <= now:
        raise Conflict(_("任期已经结束，不能撤回。要请回来，重新任命。"))
    if runs_out(row):
        raise Conflict(_("这段任期本来就到这一天。要留下，先从这一天起重新任命，再撤回交接。"))
    if row.former_ends_at != row.leaves_at:
        _restore(row)
    follower = _follower(row, now)
    if follower is not None:
        finish(follower, ends_at=now, actor=actor, now=now)
    restore_stood_in(row, actor=actor, now=now)
    row.state = HandoverState.WITHDRAWN
    row.save(update_fields=["state"])
    forget()
    tell(row, HandoverWithdrawn, actor, now)
    return row


def _restore(row: Handover) -> None:
    if is_held(row.post, row.outgoing_id, row.leaves_at, row.former_ends_at):
        raise Conflict(_("这个人从那天起已经重新任命，先结束那一段。"))
    term = Holding.objects.filter(pk=row.holding_id, ends_at=row.leaves_at)
    term.update(ends_at=row.former_ends_at)


def _follower(row: Handover, now: datetime) -> Holding | None:
    if row.follower_id is None:
        return None
    rows = Holding.objects.select_for_update(of=("self",)).filter(pk=row.follower_id)
    found = next(iter(rows.filter(starts_at__gt=now)), None)
    if found is not None:
        found.post = row.post
    return found
