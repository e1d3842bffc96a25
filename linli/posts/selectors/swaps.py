"""One's own turns, and the swaps that wait for somebody's word."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db.models import Q

from linli.kernel.actor import Actor
from linli.people import selectors as people
from linli.posts.models import SwapState, Turn, TurnSwap
from linli.posts.selectors.seats import member_names

MOST: Final = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class MyTurn:
    """One of my turns to come. asked: the swap that waits for somebody's word, if there is one."""

    id: UUID
    station_name: str
    address: str
    starts_at: datetime
    ends_at: datetime
    with_names: tuple[str, ...]
    asked: UUID | None
    asked_of_name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MySwap:
    """A swap that waits for my word."""

    id: UUID
    station_name: str
    asked_by_name: str
    starts_at: datetime
    ends_at: datetime
    back_starts_at: datetime | None  # the turn that I would give, if any
    back_ends_at: datetime | None
    note: str


def my_turns(actor: Actor, now: datetime) -> list[MyTurn]:
    """Return the actor's turns that last or are to come, the next one first."""
    if actor.account_id is None:
        return []
    rows = list(
        Turn.objects.filter(account_id=actor.account_id, ends_at__gt=now)
        .select_related("station")
        .order_by("starts_at", "id")[:MOST]
    )
    same = Turn.objects.filter(
        station_id__in={row.station_id for row in rows},
        starts_at__in={row.starts_at for row in rows},
    ).exclude(account_id=actor.account_id)
    others = list(same.order_by("id"))
    asked = {
        swap.turn_id: swap
        for swap in TurnSwap.objects.filter(
            turn_id__in=[row.pk for row in rows], state=SwapState.ASKED
        )
    }
    names = people.account_names(
        [one.account_id for one in others] + [swap.asked_of_id for swap in asked.values()]
    )
    return [_mine(row, others, asked.get(row.pk), names) for row in rows]


def my_swaps(actor: Actor, now: datetime) -> list[MySwap]:
    """Return the swaps that wait for the actor's word and have not begun."""
    if actor.account_id is None:
        return []
    rows = list(
        TurnSwap.objects.filter(
            asked_of_id=actor.account_id, state=SwapState.ASKED, turn__starts_at__gt=now
        )
        .select_related("turn__station", "other_turn")
        .order_by("asked_at", "id")[:MOST]
    )
    names = people.account_names(row.asked_by_id for row in rows)
    return [
        MySwap(
            id=row.pk,
            station_name=row.turn.station.name,
            asked_by_name=names.get(row.asked_by_id, ""),
            starts_at=row.turn.starts_at,
            ends_at=row.turn.ends_at,
            back_starts_at=row.other_turn.starts_at if row.other_turn else None,
            back_ends_at=row.other_turn.ends_at if row.other_turn else None,
            note=row.note,
        )
        for row in rows
    ]


def swappable(turn_id: UUID, actor: Actor, now: datetime) -> list[tuple[str, str, datetime | None]]:
    """Return whom one may ask to take a turn, and which turns of theirs could come back.

    Shape: (value for a form, name, the turn that comes back or None): first each colleague alone.
    """
    rows = Turn.objects.filter(pk=turn_id, account_id=actor.account_id, starts_at__gt=now)
    turn = next(iter(rows), None)
    if turn is None or actor.account_id is None:
        return []
    names = {
        account_id: name
        for account_id, name in member_names(turn.station_id).items()
        if account_id != actor.account_id
    }
    theirs = Turn.objects.filter(
        Q(station_id=turn.station_id, account_id__in=names, starts_at__gt=now)
        & ~Q(starts_at=turn.starts_at)
    ).order_by("starts_at", "id")
    alone: list[tuple[str, str, datetime | None]] = [
        (str(account_id), name, None) for account_id, name in names.items()
    ]
    return alone + [
        (f"{one.account_id}:{one.pk}", names[one.account_id], one.starts_at)
        for one in theirs[:MOST]
    ]


def _mine(row: Turn, others: list[Turn], swap: TurnSwap | None, names: dict[UUID, str]) -> MyTurn:
    return MyTurn(
        id=row.pk,
        station_name=row.station.name,
        address=row.station.address,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        with_names=tuple(
            names.get(one.account_id, "")
            for one in others
            if (one.station_id, one.starts_at) == (row.station_id, row.starts_at)
        ),
        asked=swap.pk if swap else None,
        asked_of_name=names.get(swap.asked_of_id, "") if swap else "",
    )
