"""Signing for a packet, line by line: who leaves, who comes, and the lead for what is left.

A packet is closed when both have signed and no line is open or disputed any more. Before each
signature the list is collected anew, so that what came up in between is on it and what is done is not.
"""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from linli.kernel.actor import Actor
from linli.kernel.errors import BadInput, Conflict, NotAllowed
from linli.posts.events import HandoverKept, HandoverSigned
from linli.posts.models import Handover, HandoverLine, LineState
from linli.posts.selectors.handovers import is_gone
from linli.posts.services import packing
from linli.posts.services._packet import close, open_packet, require_lead, tell

MOST_WORDS: Final = 200
_UNSETTLED: Final = (LineState.OPEN, LineState.DISPUTED)


@transaction.atomic
def sign_outgoing(
    *, handover_id: UUID, remarks: Mapping[UUID, str] | None = None, actor: Actor, now: datetime
) -> Handover:
    """Sign as the one who leaves: this is all, and this is what the next one has to know.

    remarks: by line. Signing again adds remarks and changes nothing else.
    Errors: NotFound, NotAllowed (somebody else), Conflict (over already).
    """
    row = open_packet(handover_id, actor)
    if actor.account_id is None or actor.account_id != row.outgoing_id:
        raise NotAllowed(_("由交出的人自己签字。"))
    packing.collect(row, now=now)
    _remark(row, "outgoing_remark", remarks or {})
    if row.outgoing_signed_at is None:
        row.outgoing_signed_at, row.outgoing_signed_by = now, actor.account_id
        row.save(update_fields=["outgoing_signed_at", "outgoing_signed_by"])
        _tell_signed(row, "outgoing", actor, now)
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
    row = open_packet(handover_id, actor)
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
    _tell_signed(row, "incoming", actor, now)
    _close_if_settled(row, actor=actor, now=now)
    return row


@transaction.atomic
def sign_for_outgoing(*, handover_id: UUID, reason: str, actor: Actor, now: datetime) -> Handover:
    """Sign in the place of somebody who has gone, as the lead, with the reason.

    Errors: NotFound, NotAllowed, BadInput (no reason), Conflict (still here and can sign alone).
    """
    row = open_packet(handover_id, actor)
    require_lead(row, actor)
    if row.outgoing_signed_at is not None:
        return row
    if not is_gone(row, now):
        raise Conflict(_("交出的人还在岗，由本人签字。"))
    row.outgoing_signed_at, row.outgoing_signed_by = now, actor.who
    row.outgoing_reason = _reason(reason)
    row.save(update_fields=["outgoing_signed_at", "outgoing_signed_by", "outgoing_reason"])
    packing.collect(row, now=now)
    _tell_signed(row, "outgoing", actor, now)
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
    row = open_packet(handover_id, actor)
    require_lead(row, actor)
    words = _reason(reason)
    packing.collect(row, now=now)
    lines = row.lines.filter(pk__in=set(line_ids), state__in=_UNSETTLED)
    lines.filter(incoming_remark="").update(incoming_remark=words)
    count = lines.update(state=LineState.KEPT, settled_at=now, settled_by=actor.who)
    tell(row, HandoverKept, actor, now, line_count=count)
    is_all = not row.lines.filter(state__in=_UNSETTLED).exists()
    if is_all and row.incoming_id is None and row.incoming_signed_at is None:
        row.incoming_signed_at, row.incoming_signed_by = now, actor.who
        row.incoming_reason = words
        row.save(update_fields=["incoming_signed_at", "incoming_signed_by", "incoming_reason"])
    _close_if_settled(row, actor=actor, now=now)
    return row


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
        close(row, actor=actor, now=now)


def _tell_signed(row: Handover, side: str, actor: Actor, now: datetime) -> None:
    left = row.lines.filter(state__in=_UNSETTLED).count()
    tell(row, HandoverSigned, actor, now, side=side, left_count=left)
