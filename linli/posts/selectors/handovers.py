"""Handovers as pages show them: the packet with its lines, what waits for whose word."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _

from linli.kernel.actor import Actor, ActorKind
from linli.kernel.errors import NotFound
from linli.people import selectors as people
from linli.posts.models import (
    Belonging,
    Handover,
    HandoverLine,
    HandoverState,
    Holding,
    LineState,
    Post,
)
from linli.posts.selectors import hiding

MOST: Final = 100
_MANAGE: Final = "posts.manage"
_UNSETTLED: Final = (LineState.OPEN, LineState.DISPUTED)


@dataclass(frozen=True, slots=True, kw_only=True)
class LineGroup:
    """Lines under one heading."""

    heading: str
    lines: tuple[HandoverLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Packet:
    """A handover with its lines, and what this reader may do with it."""

    row: Handover
    post_name: str
    outgoing_name: str
    incoming_name: str  # "" as long as nobody is named
    outgoing_signer: str  # who signed on that side, "" when nobody has
    incoming_signer: str
    groups: tuple[LineGroup, ...]
    left: tuple[HandoverLine, ...]  # open or disputed: each stands in the way of closing
    is_lead: bool
    may_sign_outgoing: bool
    may_sign_incoming: bool
    may_sign_for_outgoing: bool
    may_withdraw: bool

    @property
    def is_open(self) -> bool:
        """Tell whether it still waits for something."""
        return self.row.state == HandoverState.OPEN

    @property
    def line_count(self) -> int:
        """Return how many lines it has."""
        return sum(len(group.lines) for group in self.groups)


@dataclass(frozen=True, slots=True, kw_only=True)
class HandoverCard:
    """A handover in a list."""

    id: UUID
    post_name: str
    area_name: str
    outgoing_name: str
    incoming_name: str
    leaves_at: datetime
    state: str
    state_label: str
    left_count: int
    waits_for: str  # in words: whose word is missing


def get_handover(handover_id: UUID, actor: Actor, *, lock: bool = False) -> Handover:
    """Return a handover that the actor gives, takes, or leads. Errors: NotFound."""
    rows = Handover.objects.select_related("post__area")
    if lock:
        rows = rows.select_for_update(of=("self",))
    row = next(iter(rows.filter(pk=handover_id)), None)
    if row is None or not (_is_theirs(row, actor) or may_lead(row, actor)):
        raise NotFound(_("没有找到这份交接单。"))
    return row


def get_packet(handover_id: UUID, actor: Actor, now: datetime) -> Packet:
    """Return a handover with its lines by heading. Errors: NotFound."""
    row = get_handover(handover_id, actor)
    lines = list(row.lines.order_by("order", "id"))
    hiding.hide(lines, is_open=row.state == HandoverState.OPEN)
    signers = [row.outgoing_signed_by, row.incoming_signed_by]
    names = people.account_names(
        [one for one in (row.outgoing_id, row.incoming_id, *signers) if one]
    )
    left = tuple(line for line in lines if line.state in _UNSETTLED)
    is_open, is_lead = row.state == HandoverState.OPEN, may_lead(row, actor)
    is_unsigned = row.outgoing_signed_at is None
    return Packet(
        row=row,
        post_name=row.post.name,
        outgoing_name=names.get(row.outgoing_id, ""),
        incoming_name=names.get(row.incoming_id, "") if row.incoming_id else "",
        outgoing_signer=_signer(signers[0], names),
        incoming_signer=_signer(signers[1], names),
        groups=_grouped(lines),
        left=left,
        is_lead=is_lead and is_open,
        may_sign_outgoing=is_open and is_unsigned and _is(actor, row.outgoing_id),
        may_sign_incoming=is_open
        and _is(actor, row.incoming_id)
        and (bool(left) or row.incoming_signed_at is None),
        may_sign_for_outgoing=is_open and is_unsigned and is_lead and is_gone(row, now),
        may_withdraw=is_open and is_lead and now < row.leaves_at and not runs_out(row),
    )


def handovers_below(actor: Actor, area_path: str) -> list[HandoverCard]:
    """Return the handovers of an area's posts, open ones first, the newest first. Errors: NotAllowed."""
    actor.require(_MANAGE, area_path)
    rows = Handover.objects.filter(post__area__path__startswith=area_path)
    return _cards(rows.exclude(state=HandoverState.WITHDRAWN))


def handovers_page(
    actor: Actor, area_path: str, *, after: UUID | None, limit: int
) -> list[HandoverCard]:
    """Return some handovers of an area's posts, the newest first, open or not. Errors: NotAllowed.

    after: the handover with which the page before ended.
    """
    actor.require(_MANAGE, area_path)
    rows = Handover.objects.filter(post__area__path__startswith=area_path)
    rows = rows.exclude(state=HandoverState.WITHDRAWN)
    if after is not None:
        rows = rows.filter(pk__lt=after)
    return _told(list(rows.select_related("post__area").order_by("-id")[:limit]))


def my_handovers(actor: Actor) -> list[HandoverCard]:
    """Return what the actor gives or takes, open ones first."""
    if actor.account_id is None or actor.kind is not ActorKind.STAFF:
        return []
    mine = Q(outgoing_id=actor.account_id) | Q(incoming_id=actor.account_id)
    return _cards(Handover.objects.filter(mine).exclude(state=HandoverState.WITHDRAWN))


def handovers_of(post_id: UUID, actor: Actor) -> list[HandoverCard]:
    """Return a post's handovers for its lead, open ones first; for others there is nothing."""
    post = next(iter(Post.objects.select_related("area").filter(pk=post_id)), None)
    if post is None or not actor.can(_MANAGE, post.area.path):
        return []
    return _cards(Handover.objects.filter(post_id=post_id).exclude(state=HandoverState.WITHDRAWN))


def find_open_handover(holding_id: UUID, actor: Actor) -> UUID | None:
    """Return the handover of a term that still waits for something, or None."""
    rows = Handover.objects.filter(holding_id=holding_id, state=HandoverState.OPEN)
    row = next(iter(rows.select_related("post__area")), None)
    is_mine = row is not None and (may_lead(row, actor) or _is_theirs(row, actor))
    return row.pk if row is not None and is_mine else None


def handover_leaves_at(handover_id: UUID) -> datetime | None:
    """Return when the term of a handover ends, for those who are told of it."""
    rows = Handover.objects.filter(pk=handover_id)
    return next(iter(rows.values_list("leaves_at", flat=True)), None)


def waiting_for(actor: Actor) -> list[Handover]:
    """Return the open handovers that wait for the actor's own signature."""
    if actor.account_id is None:
        return []
    mine = Q(outgoing_id=actor.account_id, outgoing_signed_at=None) | Q(
        incoming_id=actor.account_id, incoming_signed_at=None
    )
    rows = Handover.objects.filter(mine, state=HandoverState.OPEN).select_related("post")
    return list(rows.order_by("leaves_at", "id")[:MOST])


def belongings_of(post_id: UUID, actor: Actor) -> list[Belonging]:
    """Return what a post keeps, for its holder and its lead; for others there is nothing."""
    post = next(iter(Post.objects.select_related("area").filter(pk=post_id)), None)
    if post is None or not may_keep(post, actor):
        return []
    rows = Belonging.objects.filter(post_id=post_id, ended_at=None)
    return list(rows.order_by("kind", "id"))


def may_keep(post: Post, actor: Actor) -> bool:
    """Tell whether the actor notes what a post keeps: who acts in it, and its lead."""
    return post.pk in actor.post_ids or actor.can(_MANAGE, post.area.path)


def may_lead(row: Handover, actor: Actor) -> bool:
    """Tell whether the actor answers for the post whose handover it is; nobody leads their own."""
    return actor.can(_MANAGE, row.post.area.path) and not _is_theirs(row, actor)


def is_gone(row: Handover, now: datetime) -> bool:
    """Tell whether the one who leaves cannot sign any more: the term or the account is over."""
    return row.leaves_at <= now or people.find_account(row.outgoing_id) is None


def runs_out(row: Handover) -> bool:
    """Tell whether the term ends by itself on that day, and who leaves has no other from then on."""
    if row.former_ends_at != row.leaves_at:
        return False
    later = Holding.objects.filter(post_id=row.post_id, account_id=row.outgoing_id)
    later = later.filter(starts_at__lte=row.leaves_at)
    return not later.exclude(ends_at__lte=row.leaves_at).exists()


def _is(actor: Actor, account_id: UUID | None) -> bool:
    return account_id is not None and actor.account_id == account_id


def _is_theirs(row: Handover, actor: Actor) -> bool:
    return _is(actor, row.outgoing_id) or _is(actor, row.incoming_id)


def _signer(account_id: UUID | None, names: dict[UUID, str]) -> str:
    return names.get(account_id, _("对接方")) if account_id else ""


def _grouped(lines: list[HandoverLine]) -> tuple[LineGroup, ...]:
    groups: dict[str, list[HandoverLine]] = {}
    for line in lines:
        groups.setdefault(line.kind, []).append(line)
    return tuple(LineGroup(heading=kind, lines=tuple(rows)) for kind, rows in groups.items())


def _cards(rows: Any) -> list[HandoverCard]:
    found = list(rows.select_related("post__area").order_by("-opened_at", "-id")[:MOST])
    found.sort(key=lambda row: row.state != HandoverState.OPEN)
    return _told(found)


def _told(found: list[Handover]) -> list[HandoverCard]:
    names = people.account_names(
        [one for row in found for one in (row.outgoing_id, row.incoming_id) if one]
    )
    left = _left_counts(row.pk for row in found)
    return [_card(row, names, left.get(row.pk, 0)) for row in found]


def _left_counts(ids: Iterable[UUID]) -> dict[UUID, int]:
    rows = HandoverLine.objects.filter(handover_id__in=list(ids), state__in=_UNSETTLED)
    found: dict[UUID, int] = {}
    for handover_id in rows.values_list("handover_id", flat=True):
        found[handover_id] = found.get(handover_id, 0) + 1
    return found


def _card(row: Handover, names: dict[UUID, str], left: int) -> HandoverCard:
    incoming = names.get(row.incoming_id, "") if row.incoming_id else ""
    return HandoverCard(
        id=row.pk,
        post_name=row.post.name,
        area_name=row.post.area.name,
        outgoing_name=names.get(row.outgoing_id, ""),
        incoming_name=incoming,
        leaves_at=row.leaves_at,
        state=row.state,
        state_label=str(HandoverState(row.state).label),
        left_count=left,
        waits_for=_waits_for(row, names.get(row.outgoing_id, ""), incoming),
    )


def _waits_for(row: Handover, outgoing: str, incoming: str) -> str:
    if row.state != HandoverState.OPEN:
        return ""
    missing = [outgoing] * (row.outgoing_signed_at is None)
    if row.incoming_signed_at is None:
        missing.append(incoming or _("接任的人还没定"))
    return "、".join(missing)
