"""Two people change turns: one asks, the other agrees; nobody else's word is needed."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from linli.kernel import events
from linli.kernel.actor import Actor
from linli.kernel.errors import BadInput, Conflict, NotFound
from linli.posts.events import SwapAnswered, SwapAsked
from linli.posts.models import SwapState, Turn, TurnSwap
from linli.posts.selectors.seats import member_names
from linli.posts.services.roster import hold, is_busy


@transaction.atomic
def ask_swap(
    *,
    turn_id: UUID,
    asked_of: UUID,
    other_turn_id: UUID | None = None,
    note: str = "",
    actor: Actor,
    now: datetime,
) -> TurnSwap:
    """Ask a colleague of the station to take one's turn, or to change it for one of theirs.

    Asking is the asker's own consent. Errors: NotFound (not one's own turn), BadInput, Conflict.
    """
    turn = _own_turn(turn_id, actor)
    if turn.starts_at <= now:
        raise Conflict(_("这一班已经开始，不能再换。"))
    if asked_of == actor.account_id or asked_of not in member_names(turn.station_id):
        raise BadInput(_("选一位同站点的同事。"), field="asked_of")
    other = _other(other_turn_id, asked_of, turn, now)
    _check_free(turn, other, asked_of)
    if turn.swaps.filter(state=SwapState.ASKED).exists():
        raise Conflict(_("这一班已经在等别人答应，先撤回再问。"))
    row = TurnSwap.objects.create(
        turn=turn,
        other_turn=other,
        asked_by_id=turn.account_id,
        asked_of_id=asked_of,
        note=" ".join(note.split())[:60],
        asked_at=now,
    )
    event = SwapAsked(
        subject_id=turn.station_id,
        area_path=turn.station.area.path,
        swap_id=row.pk,
        asked_by_id=turn.account_id,
        asked_of_id=asked_of,
        starts_at=turn.starts_at.isoformat(),
    )
    events.record(event, actor=actor, at=now)
    return row


@transaction.atomic
def answer_swap(*, swap_id: UUID, is_agreed: bool, actor: Actor, now: datetime) -> TurnSwap:
    """Agree to a swap or not; agreed, the turns change hands at once.

    Errors: NotFound (not asked of oneself), Conflict (taken back, begun, or a turn moved meanwhile).
    """
    row = _asked(swap_id)
    if actor.account_id is None or row.asked_of_id != actor.account_id:
        raise NotFound(_("没有找到这次换班。"))
    if is_agreed:
        _swap(row, now)
    row.state = SwapState.AGREED if is_agreed else SwapState.REFUSED
    row.answered_at = now
    row.save(update_fields=["state", "answered_at"])
    _tell(row, actor, now)
    return row


@transaction.atomic
def withdraw_swap(*, swap_id: UUID, actor: Actor, now: datetime) -> TurnSwap:
    """Take back what one asked. Errors: NotFound, Conflict (answered already)."""
    row = _asked(swap_id)
    if actor.account_id is None or row.asked_by_id != actor.account_id:
        raise NotFound(_("没有找到这次换班。"))
    row.state, row.answered_at = SwapState.WITHDRAWN, now
    row.save(update_fields=["state", "answered_at"])
    _tell(row, actor, now)
    return row


def _swap(row: TurnSwap, now: datetime) -> None:
    """Let two turns change hands. The pair is looked at under the lock: either may have moved."""
    ids = [one for one in (row.turn_id, row.other_turn_id) if one]
    locked = Turn.objects.select_for_update().filter(pk__in=ids).order_by("pk")
    turns = {one.pk: one for one in locked}
    turn = turns.get(row.turn_id)
    other = turns.get(row.other_turn_id) if row.other_turn_id else None
    is_same = turn is not None and turn.account_id == row.asked_by_id and turn.starts_at > now
    if other is not None:
        is_same = is_same and other.account_id == row.asked_of_id and other.starts_at > now
    if turn is None or not is_same or (row.other_turn_id and other is None):
        raise Conflict(_("班次已经变了，这次换不成。请对方重新问一次。"))
    hold(row.asked_by_id, row.asked_of_id)
    if row.asked_of_id not in member_names(turn.station_id):
        raise Conflict(_("您已经不在这个站点，这一班换不成。请对方另找一位同事。"))
    _check_free(turn, other, row.asked_of_id)
    turn.account_id = row.asked_of_id
    turn.save(update_fields=["account"])
    if other is not None:
        other.account_id = row.asked_by_id
        other.save(update_fields=["account"])


def _check_free(turn: Turn, other: Turn | None, asked_of: UUID) -> None:
    both = tuple(one.pk for one in (turn, other) if one is not None)
    if is_busy(asked_of, turn.starts_at, turn.ends_at, apart_from=both):
        raise Conflict(_("对方那段时间已经有班了。"))
    if other is not None and is_busy(
        turn.account_id, other.starts_at, other.ends_at, apart_from=both
    ):
        raise Conflict(_("换来的那段时间自己已经有班了。"))


def _own_turn(turn_id: UUID, actor: Actor) -> Turn:
    rows = Turn.objects.select_for_update(of=("self",)).select_related("station__area")
    row = next(iter(rows.filter(pk=turn_id)), None)
    if row is None or actor.account_id is None or row.account_id != actor.account_id:
        raise NotFound(_("没有找到这一班。"))
    return row


def _other(other_turn_id: UUID | None, asked_of: UUID, turn: Turn, now: datetime) -> Turn | None:
    if other_turn_id is None:
        return None
    rows = Turn.objects.filter(pk=other_turn_id, account_id=asked_of, station_id=turn.station_id)
    row = next(iter(rows), None)
    if row is None or row.starts_at <= now:
        raise BadInput(_("对方没有这一班，或者已经开始。"), field="other_turn")
    if row.starts_at == turn.starts_at:
        raise BadInput(_("两个人同一时段都在，不用换。"), field="other_turn")
    return row


def _asked(swap_id: UUID) -> TurnSwap:
    rows = TurnSwap.objects.select_for_update(of=("self",)).select_related("turn__station__area")
    row = next(iter(rows.filter(pk=swap_id)), None)
    if row is None:
        raise NotFound(_("没有找到这次换班。"))
    if row.state != SwapState.ASKED:
        raise Conflict(_("这次换班已经有结果了。"))
    return row


def _tell(row: TurnSwap, actor: Actor, now: datetime) -> None:
    event = SwapAnswered(
        subject_id=row.turn.station_id,
        area_path=row.turn.station.area.path,
        swap_id=row.pk,
        asked_by_id=row.asked_by_id,
        asked_of_id=row.asked_of_id,
        how=row.state,
    )
    events.record(event, actor=actor, at=now)
