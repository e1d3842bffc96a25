"""What a post leaves behind: every room that has something open in a post's hands names its lines here.

When a post changes hands, a packet lists what is open, and the one who comes signs for it line by
line (`services.handovers`). A room registers what it knows in a module that is loaded at start
(`linli/<room>/field.py` or `subscribers.py`), once per name:

    from linli.posts.services import handover

    @handover.gives("cases")
    def open_cases(leaving: handover.Leaving) -> list[handover.Line]: ...

What hangs on the post alone stays on the post and needs no further step; the line is there so that
somebody reads it. What hangs on the person (an account is named as visitor or handler) has to follow
them: subscribe to `posts.events.HandoverClosed` and give it to `incoming_id`, or, when that is None,
back to the post. Both may happen twice, so they change nothing the second time.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

MOST_LINES: Final = 200  # of one room: nobody signs for more one by one, and a form holds no more


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaving:
    """Who leaves which post, as a provider needs it."""

    post_id: UUID
    account_id: UUID
    role: str
    area_path: str
    estate_id: UUID | None
    # Somebody else holds the post too: what hangs on the post alone is in their hands already.
    is_shared: bool
    now: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One open thing. It is printed and kept as it is: masked names only, no phone numbers, and of a
    confidential case nothing but its number.
    """

    key: str  # "cases.case:<uuid>": the same thing has the same key when the packet is collected anew
    kind: str  # the heading it stands under: "没办完的工单"
    title: str
    note: str = ""  # what the next one has to know: state, promise, agreement
    due_at: datetime | None = None
    is_late: bool = False
    link: str = ""  # its page


Provider = Callable[[Leaving], list[Line]]
_PROVIDERS: Final[dict[str, Provider]] = {}


def gives(name: str) -> Callable[[Provider], Provider]:
    """Register what gives lines; one name, one provider. At most MOST_LINES, the most urgent first."""

    def register(provider: Provider) -> Provider:
        _PROVIDERS[name] = provider
        return provider

    return register


def providers() -> dict[str, Provider]:
    """Return who gives lines, by name."""
    return dict(_PROVIDERS)


def lines_of(leaving: Leaving) -> list[Line]:
    """Return all that a post leaves behind: this room's own things first, then each room's, as it gives
    them. A key that is given twice counts once.
    """
    found = {
        line.key: line
        for provider in _PROVIDERS.values()
        for line in provider(leaving)[:MOST_LINES]
    }
    return list(found.values())
