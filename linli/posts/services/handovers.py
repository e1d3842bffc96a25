"""Handing a post over: what is open is listed, the two sign for it line by line, nothing is orphaned.

A packet is closed when both have signed and no line is open or disputed any more; a line that the
next one does not take is taken by the lead. Before each signature the list is collected anew, so
that what came up in between is on it and what is done is not.
"""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from linli.kernel import events, tenancy
from linli.kernel.actor import Actor, system
from linli.kernel.errors import BadInput, Conflict, NotAllowed
from linli.people import selectors as people
from linli.posts.events import HandoverClosed, HandoverOpened
from linli.posts.models import (
    Handover,
    HandoverLine,
    HandoverState,
    Holding,
    LineState,
    Post,
)
from linli.posts.selectors.handovers import get_handover, is_gone, may_lead
from linli.posts.services import packing

MOST_WORDS: Final = 200
# A term that ends by itself is listed a week before; one that ended while nobody looked, later.
LOOK_AHEAD: Final = timedelta(days=7)
LOOK_BACK: Final = timedelta(days=30)
MOST_AT_ONCE: Final = 200
_UNSETTLED = (LineState.OPEN, LineState.DISPUTED)


def open_for(
    holding: Holding,
    *,
    leaves_at: datetime,
    incoming_id: UUID | None = None,
    actor: Actor,
    now: datetime,
) -> Handover | None:
    """List what a leaving holder has in hand; a term is handed over once, asking again changes nothing.

    Inside the transaction that ends the term. With nothing in hand it is closed at once; when nobody
    asked for it by hand there is none then, and None is returned.
    """
    known = Handover.objects.filter(holding_id=holding.id).exclude(state=HandoverState.WITHDRAWN)
    found = next(iter(known), None)
    if found is not None:
        return found
    if not actor.who and not packing.has_lines(holding, now=now):
        return None
    row = Handover.objects.create(
        post=holding.post,
        holding_id=holding.id,
        outgoing_id=holding.account_id,
        incoming_id=incoming_id,
        leaves_at=leaves_at,
        opened_at=now,
        opened_by=actor.who,
    )
    count = packing.collect(row, now=now)
    event = HandoverOpened(
        subject_id=row.post_id,
        area_path=holding.post.area.path,
        handover_id=row.id,
        outgoing_id=row.outgoing_id,
        incoming_id=incoming_id,
        line_count=count,
    )
    events.record(event, actor=actor, at=now)
    if not count and actor.who:
        row.outgoing_signed_at = row.incoming_signed_at = now
        row.outgoing_signed_by = row.incoming_signed_by = actor.who
        row.outgoing_reason = row.incoming_reason = _("没有要交的")
        _close(row, actor=actor, now=now)
    return row


def find_incoming(*, post_id: UUID, account_id: UUID) -> None:
    """Let handovers of a post that wait for somebody to take over wait for who was just appointed."""
    waiting = Handover.objects.filter(post_id=post_id, state=HandoverState.OPEN, incoming=None)
    waiting.exclude(outgoing_id=account_id).filter(incoming_signed_at=None).update(
        incoming_id=account_id
    )


@transaction.atomic
def open_due(*, now: datetime) -> int:
    """List what those have in hand whose term ends within days or has just ended; return how many.

    For terms that run out by themselves. Asked every hour; each term is listed once.
    """
    near = Holding.objects.filter(
        ends_at__gt=now - LOOK_BACK, ends_at__lte=now + LOOK_AHEAD, starts_at__lte=now
    )
    known = Handover.objects.filter(holding_id__in=near.values("id")).values("holding_id")
    rows = near.exclude(pk__in=known).select_related("post__area").order_by("ends_at", "id")
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
    row = _open(handover_id, actor)
    _require_lead(row, actor)
    account = people.find_account(account_id)
    if account is None or not account.is_staff or account_id == row.outgoing_id:
        raise BadInput(_("选一位接任的工作人员，不能是本人。"), field="account")
    if row.incoming_signed_at is not None:
        raise Conflict(_("接任的人已经签字，不能再换。"))
    row.incoming_id = account_id
    row.save(update_fields=["incoming"])
    return row


@transaction.atomic
def sign_outgoing(
    *, handover_id: UUID, remarks: Mapping[UUID, str] | None = None, actor: Actor, now: datetime
) -> Handover:
    """Sign as the one who leaves: this is all, and this is what the next one has to know.

    remarks: by line. Signing again adds remarks and changes nothing else.
    Errors: NotFound, NotAllowed (somebody else), Conflict (over already).
    """
    row = _open(handover_id, actor)
    if actor.account_id is None or actor.account_id != row.outgoing_id:
        raise NotAllowed(_("由交出的人自己签字。"))
    packing.collect(row, now=now)
    _remark(row, "outgoing_remark", remarks or {})
    if row.outgoing_signed_at is None:
        row.outgoing_signed_at, row.outgoing_signed_by = now, actor.account_id
        row.save(update_fields=["outgoing_signed_at", "outgoing_signed_by"])
    _close_if_settled(row, actor=actor, now=now)
    return row


@transaction.atomic
def sign_incoming(
    *,
    handover_id: UUID,
    accepted: Collection[UUID],
    disputed: Collection[UUID] = (),
    remarks: Mapping[UUID, str] | None = None,
    actor: Actor,
    now: datetime,
) -> Handover:
    """Sign as the one who comes: these lines are in my hands, with these something is wrong.

    Lines that are in neither (new since the page was shown) stay open, and may be signed for later.
    Errors: NotFound, NotAllowed (somebody else), BadInput (wrong, but not what), Conflict.
    """
    row = _open(handover_id, actor)
    if actor.account_id is None or actor.account_id != row.incoming_id:
        raise NotAllowed(_("由接任的人自己签字。"))
    packing.collect(row, now=now)
    _remark(row, "incoming_remark", remarks or {})
    lines = row.lines.filter(state__in=_UNSETTLED)
    if lines.filter(pk__in=disputed, incoming_remark="").exists():
        raise BadInput(_("有出入的，写一句哪里不对。"))
    settled = {"settled_at": now, "settled_by": actor.account_id}
    wrong = set(disputed)
    row.lines.filter(state=LineState.OPEN, pk__in=wrong).update(state=LineState.DISPUTED)
    taken = lines.filter(pk__in=set(accepted) - wrong)
    taken.update(state=LineState.ACCEPTED, **settled)
    if row.incoming_signed_at is None:
        row.incoming_signed_at, row.incoming_signed_by = now, actor.account_id
        row.save(update_fields=["incoming_signed_at", "incoming_signed_by"])
    _close_if_settled(row, actor=actor, now=now)
    return row


@transaction.atomic
def sign_for_outgoing(*, handover_id: UUID, reason: str, actor: Actor, now: datetime) -> Handover:
    """Sign in the place of somebody who has gone, as the lead, with the reason.

    Errors: NotFound, NotAllowed, BadInput (no reason), Conflict (still here and can sign alone).
    """
    row = _open(handover_id, actor)
    _require_lead(row, actor)
    if row.outgoing_signed_at is not None:
        return row
    if not is_gone(row, now):
        raise Conflict(_("交出的人还在岗，由本人签字。"))
    row.outgoing_signed_at, row.outgoing_signed_by = now, actor.who
    row.outgoing_reason = _reason(reason)
    row.save(update_fields=["outgoing_signed_at", "outgoing_signed_by", "outgoing_reason"])
    packing.collect(row, now=now)
    _close_if_settled(row, actor=actor, now=now)
    return row


@transaction.atomic
def keep_lines(
    *, handover_id: UUID, line_ids: Collection[UUID], reason: str, actor: Actor, now: datetime
) -> Handover:
    """Take lines into the lead's own hands: nobody else does, or what is written is disputed.

    When no successor is known and no line is left, the lead has taken the whole packet, and that is
    the second signature. Errors: NotFound, NotAllowed, BadInput (no reason), Conflict.
    """
    row = _open(handover_id, actor)
    _require_lead(row, actor)
    words = _reason(reason)
    packing.collect(row, now=now)
    lines = row.lines.filter(pk__in=set(line_ids), state__in=_UNSETTLED)
    lines.filter(incoming_remark="").update(incoming_remark=words)
    lines.update(state=LineState.KEPT, settled_at=now, settled_by=actor.who)
    is_all = not row.lines.filter(state__in=_UNSETTLED).exists()
    if is_all and row.incoming_id is None and row.incoming_signed_at is None:
        row.incoming_signed_at, row.incoming_signed_by = now, actor.who
        row.incoming_reason = words
        row.save(update_fields=["incoming_signed_at", "incoming_signed_by", "incoming_reason"])
    _close_if_settled(row, actor=actor, now=now)
    return row


@transaction.atomic
def withdraw_handover(*, handover_id: UUID, actor: Actor, now: datetime) -> Handover:
    """Take a handover back before the term has ended: they stay, the term is open again.

    Errors: NotFound, NotAllowed, Conflict (over already, or the term has ended).
    """
    row = _open(handover_id, actor)
    _require_lead(row, actor)
    if row.leaves_at <= now:
        raise Conflict(_("任期已经结束，不能撤回。要请回来，重新任命。"))
    Holding.objects.filter(pk=row.holding_id, ends_at=row.leaves_at).update(ends_at=None)
    row.state = HandoverState.WITHDRAWN
    row.save(update_fields=["state"])
    return row


def _open(handover_id: UUID, actor: Actor) -> Handover:
    row = get_handover(handover_id, actor, lock=True)
    if row.state != HandoverState.OPEN:
        raise Conflict(_("这份交接单已经了结，刷新看看现在的样子。"))
    return row


def _require_lead(row: Handover, actor: Actor) -> None:
    if not may_lead(row, actor):
        raise NotAllowed(_("由社区负责人来做。"))


def _reason(text: str) -> str:
    words = " ".join(text.split())
    if not words:
        raise BadInput(_("写明为什么由负责人来签。"), field="reason")
    return words[:120]


def _remark(row: Handover, column: str, remarks: Mapping[UUID, str]) -> None:
    said = {line_id: " ".join(text.split())[:MOST_WORDS] for line_id, text in remarks.items()}
    changed = []
    for line in row.lines.filter(pk__in=said):
        if getattr(line, column) != said[line.pk]:
            setattr(line, column, said[line.pk])
            changed.append(line)
    HandoverLine.objects.bulk_update(changed, [column], batch_size=200)


def _close_if_settled(row: Handover, *, actor: Actor, now: datetime) -> None:
    is_signed = row.outgoing_signed_at is not None and row.incoming_signed_at is not None
    if is_signed and not row.lines.filter(state__in=_UNSETTLED).exists():
        _close(row, actor=actor, now=now)


def _close(row: Handover, *, actor: Actor, now: datetime) -> None:
    row.state, row.closed_at = HandoverState.CLOSED, now
    row.save()
    path = Post.objects.values_list("area__path", flat=True).get(pk=row.post_id)
    event = HandoverClosed(
        subject_id=row.post_id,
        area_path=path,
        handover_id=row.id,
        outgoing_id=row.outgoing_id,
        incoming_id=row.incoming_id,
        line_count=row.lines.count(),
    )
    events.record(event, actor=actor, at=now)
