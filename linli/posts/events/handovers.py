"""Handovers and what posts keep; `subject_id` is the post."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from linli.kernel.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class BelongingKept(Event):
    """Something is in a post's keeping."""

    name: ClassVar[str] = "posts.belonging.kept"
    belonging_id: UUID
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BelongingEnded(Event):
    """Something was given back, ran out or was lost."""

    name: ClassVar[str] = "posts.belonging.ended"
    belonging_id: UUID
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HandoverOpened(Event):
    """What a leaving holder has in hand was listed, to be signed for; `line_count` open lines."""

    name: ClassVar[str] = "posts.handover.opened"
    handover_id: UUID
    outgoing_id: UUID
    incoming_id: UUID | None = None
    line_count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class HandoverNamed(Event):
    """Somebody is to take over: named by the lead, or appointed to the post meanwhile."""

    name: ClassVar[str] = "posts.handover.named"
    handover_id: UUID
    outgoing_id: UUID
    incoming_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class HandoverSigned(Event):
    """One side has signed (`side`: outgoing, incoming); `left_count` lines are open or disputed."""

    name: ClassVar[str] = "posts.handover.signed"
    handover_id: UUID
    side: str
    left_count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class HandoverKept(Event):
    """The lead took `line_count` lines that nobody else would."""

    name: ClassVar[str] = "posts.handover.kept"
    handover_id: UUID
    line_count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class HandoverWithdrawn(Event):
    """They stay: the term is open again."""

    name: ClassVar[str] = "posts.handover.withdrawn"
    handover_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class HandoverClosed(Event):
    """Everything was taken over and signed for; `incoming_id` None: the post's lead took all of it."""

    name: ClassVar[str] = "posts.handover.closed"
    handover_id: UUID
    outgoing_id: UUID
    incoming_id: UUID | None = None
    line_count: int
