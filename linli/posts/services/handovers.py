"""Handing a post over: what is open is listed for who leaves and who comes; nothing is orphaned."""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from linli.kernel import tenancy
from linli.kernel.actor import Actor, system
from linli.kernel.errors import BadInput, Conflict
from linli.people import selectors as people
from linli.posts.events import (
    HandoverNamed,
    HandoverOpened,
)
from linli.posts.models import (
    Handover,
    HandoverState,
    Holding,
)
from linli.posts.services import packing
from linli.posts.services._packet import close, open_packet, require_lead, tell
from linli.posts.services.stood_in import note_stood_in

# A term that ends by itself is listed a week before; one that ended while nobody looked, later.
LOOK_AHEAD: Final = timedelta(days=7)
LOOK_BACK: Final = timedelta(days=30)
MOST_AT_ONCE: Final = 200


def open_for(
    holding: Holding,
    *,
    leaves_at: datetime,
    incoming_id: UUID | None = None,
    follower_id: UUID | None = None,
    actor: Actor,
    now: datetime,
) -> Handover | None:
    """List what a leaving holder has in hand; a term is handed over once, asking again moves its end.

    Inside the transaction that ends the term, before it ends. follower_id: the term of who was
    appointed with it. With nothing in hand it is closed at once; when nobody asked for it by hand
    there is none then, and None is returned.
    """
    known = Handover.objects.filter(holding_id=holding.id).exclude(state=HandoverState.WITHDRAWN)
    found = next(iter(known.select_related("post__area")), None)
    if found is not None:
        return _moved(
            found,
            leaves_at=leaves_at,
            incoming_id=incoming_id,
            follower_id=follower_id,
            actor=actor,
            now=now,
        )
    if not actor.who and not packing.has_lines(holding, now=now):
        return None
    row = Handover(
        post=holding.post,
        holding_id=holding.id,
        outgoing_id=holding.account_id,
        incoming_id=incoming_id,
        leaves_at=leaves_at,
        former_ends_at=holding.ends_at,
        follower_id=follower_id,
        opened_at=now,
        opened_by=actor.who,
    )
    note_stood_in(row)
    row.save(force_insert=True)
    count = packing.collect(row, now=now)
    tell(
        row,
        HandoverOpened,
        actor,
        now,
        outgoing_id=row.outgoing_id,
        incoming_id=incoming_id,
        line_count=count,
    )
    if not count and actor.who:
        row.outgoing_signed_at = row.incoming_signed_at = now
        row.outgoing_signed_by = row.incoming_signed_by = actor.who
        row.outgoing_reason = row.incoming_reason = _("没有要交的")
        close(row, actor=actor, now=now)
    return row


def find_incoming(*, post_id: UUID, account_id: UUID, actor: Actor, now: datetime) -> None:
    """Let handovers of a post that wait for somebody to take over wait for who was just appointed."""
    waiting = Handover.objects.filter(
        post_id=post_id, state=HandoverState.OPEN, incoming=None, incoming_signed_at=None
    )
    for row in waiting.exclude(outgoing_id=account_id).select_related("post__area"):
        _name(row, account_id, actor, now)


@transaction.atomic
def open_due(*, now: datetime) -> int:
    """List what those have in hand whose term ends within days or has just ended; return how many.

    For terms that run out by themselves. Asked every hour; each term is listed once, and none whose
    holder stays: appointed anew from its end on.
    """
    near = Holding.objects.filter(
        ends_at__gt=now - LOOK_BACK, ends_at__lte=now + LOOK_AHEAD, starts_at__lte=now
    )
    known = Handover.objects.filter(holding_id__in=near.values("id"))
    known = known.exclude(state=HandoverState.WITHDRAWN)
    stays = Holding.objects.filter(
        Q(ends_at=None) | Q(ends_at__gt=OuterRef("ends_at")),
        post_id=OuterRef("post_id"),
        account_id=OuterRef("account_id"),
        starts_at__lte=OuterRef("ends_at"),
    )
    rows = near.exclude(pk__in=known.values("holding_id")).exclude(Exists(stays))
    rows = rows.select_related("post__area").order_by("ends_at", "id")
    by = system(tenancy.current_tenant_id())
    opened = [
        open_for(row, leaves_at=row.ends_at, actor=by, now=now)
        for row in rows.filter(post__ended_at=None)[:MOST_AT_ONCE]
        if row.ends_at
    ]
    return sum(row is not None for row in opened)


@transaction.atomic
def name_incoming(*, handover_id: UUID, account_id: UUID, actor: Actor, now: datetime) -> Handover:
    """Say who takes over, as long as nobody has signed for it. Errors: NotFound, NotAllowed, Conflict."""
    row = open_packet(handover_id, actor)
    require_lead(row, actor)
    account = people.find_account(account_id)
    if account is None or not account.is_staff or account_id == row.outgoing_id:
        raise BadInput(_("选一位接任的工作人员，不能是本人。"), field="account")
    if row.incoming_signed_at is not None:
        raise Conflict(_("接任的人已经签字，不能再换。"))
    _name(row, account_id, actor, now)
    return row


def _moved(
    row: Handover,
    *,
    leaves_at: datetime,
    incoming_id: UUID | None,
    follower_id: UUID | None,
    actor: Actor,
    now: datetime,
) -> Handover:
    """Let a packet that is open follow its term to another end, and wait for who comes now."""
    if row.state != HandoverState.OPEN:
        return row
    row.leaves_at = leaves_at
    row.follower_id = follower_id or row.follower_id
    note_stood_in(row)
    row.save(update_fields=["leaves_at", "follower_id", "stood_in"])
    if incoming_id is not None and row.incoming_signed_at is None:
        _name(row, incoming_id, actor, now)
    return row


def _name(row: Handover, account_id: UUID, actor: Actor, now: datetime) -> None:
    row.incoming_id = account_id
    row.save(update_fields=["incoming"])
    tell(row, HandoverNamed, actor, now, outgoing_id=row.outgoing_id, incoming_id=account_id)
