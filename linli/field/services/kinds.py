"""The kinds of submissions: which room takes which, and what it is given. Others read it from
`services.submissions`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from linli.field.selectors import reading
from linli.kernel.actor import Actor
from linli.kernel.pictures import StoredPicture


@dataclass(frozen=True, slots=True, kw_only=True)
class SentPicture(StoredPicture):
    """A photo of a submission: clean, on disk, and the taker's from now on."""

    width: int
    height: int
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """A submission as the room's service sees it, inside the transaction that keeps it."""

    id: UUID  # made on the phone; a natural key for what comes of it
    kind: str
    subject_id: UUID | None
    # The version of the record that the phone showed, or that a person decided upon; "" when there
    # was none, and then nothing is compared.
    base_version: str
    answers: dict[str, Any]
    photos: tuple[
        tuple[str, SentPicture], ...
    ]  # (item code, stored picture): whole and clean already
    made_at: datetime  # by the phone's clock, corrected by its difference to ours
    actor: Actor
    now: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What came of it: the page to look at, and one sentence."""

    link: str = ""
    words: str = ""
    subject_id: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """A field that was changed in between: what the phone started from, what it says, what we have.

    `name` is that of an answer: where people keep what is here, the answer is left out.
    """

    name: str
    label: str
    base: str
    sent: str
    here: str


class Differs(Exception):
    """The record changed while the phone was offline: nothing is overwritten, a person looks at both.

    version: of the record now. What people decide comes again with it as its base, so that a third
    change in between is noticed too.
    """

    def __init__(
        self, differences: tuple[Difference, ...], *, link: str = "", version: str = ""
    ) -> None:
        super().__init__("changed meanwhile")
        self.differences = differences
        self.link = link
        self.version = version


Taker = Callable[[Sent], Taken]
_TAKERS: Final[dict[str, Taker]] = {}


def takes(kind: str, *, label: Any = "", reads: str = "") -> Callable[[Taker], Taker]:
    """Register what takes a kind of submission. It may raise BadInput (told to the phone), NotFound and
    NotAllowed (kept apart for the desk) and Differs (shown side by side).

    label: what the kind is called. reads: the duty without which nobody at the desk reads it.
    """

    def register(taker: Taker) -> Taker:
        _TAKERS[kind] = taker
        reading.register(kind, label or kind, reads)
        return taker

    return register


def taker(kind: str) -> Taker | None:
    """Return what takes a kind, or None."""
    return _TAKERS.get(kind)
