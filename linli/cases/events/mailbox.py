"""What happens to a mailbox's file: imported, or thrown away. `subject_id` is the file."""

from dataclasses import dataclass
from typing import ClassVar

from linli.kernel.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class MailboxImported(Event):
    """Somebody confirmed a file; `rows` messages were found good."""

    name: ClassVar[str] = "cases.mailbox.imported"
    rows: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MailboxDiscarded(Event):
    """Somebody threw a file away, or it was forgotten."""

    name: ClassVar[str] = "cases.mailbox.discarded"
