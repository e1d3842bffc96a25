"""Which lines of handovers may no longer be read as they were written down: rooms say so at every look.

A line is kept as it stood when the packet was collected. What it is about may have become
confidential since, also after both have signed; the room that gave the line knows:

    @hiding.hides("cases")
    def now_confidential(keys: Collection[str]) -> dict[str, str]: ...
"""

from collections.abc import Callable, Collection, Iterable
from typing import Final

from linli.posts.models import HandoverLine

# Of these lines ("cases.case:<uuid>"), what is shown instead of each that is hidden.
Hider = Callable[[Collection[str]], dict[str, str]]
_HIDERS: Final[dict[str, Hider]] = {}


def hides(source: str) -> Callable[[Hider], Hider]:
    """Register what hides lines of a source (the first part of their keys); one source, one hider."""

    def register(hider: Hider) -> Hider:
        _HIDERS[source] = hider
        return hider

    return register


def hide(lines: Iterable[HandoverLine], *, is_open: bool) -> None:
    """Take from lines, as they are about to be shown, what may no longer be read; nothing is saved.

    is_open: of a handover that still waits for a word; those who sign need each other's remarks then.
    """
    by_source: dict[str, dict[str, HandoverLine]] = {}
    for line in lines:
        by_source.setdefault(line.source, {})[line.key] = line
    for source, held in by_source.items():
        hider = _HIDERS.get(source)
        for key, title in hider(held.keys()).items() if hider else ():
            line = held[key]
            line.title, line.note = title, ""
            if not is_open:
                line.outgoing_remark = line.incoming_remark = ""
