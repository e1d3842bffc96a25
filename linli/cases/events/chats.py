"""What happens to a pasted chat: kept, ticked, forgotten. Ids and counts, no words of people."""

from dataclasses import dataclass
from typing import ClassVar

from linli.kernel.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatPasted(Event):
    """Staff pasted a stretch of a chat. The subject is the paste."""

    name: ClassVar[str] = "cases.chat.pasted"
    bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatTaken(Event):
    """Staff ticked what became cases, and what belongs to cases that are open."""

    name: ClassVar[str] = "cases.chat.taken"
    made: int
    joined: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatDiscarded(Event):
    """A paste was thrown away before anything came of it."""

    name: ClassVar[str] = "cases.chat.discarded"
