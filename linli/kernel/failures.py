"""Failures: what is kept of one, without personal data, when to try again, is the disk full."""

import errno
import traceback
from datetime import datetime, timedelta
from typing import Final

from linli.kernel.errors import DomainError

# Growing pauses between attempts; after the last one it is parked where staff can see it.
PAUSES: Final = tuple(timedelta(minutes=m) for m in (1, 5, 15, 60, 180, 360, 720, 1440))

_FULL_NUMBERS = {errno.ENOSPC, errno.EDQUOT}
# What SQLite, PostgreSQL and the system say; PostgreSQL's class 53100 ends in the last one.
_FULL_WORDS = ("database or disk is full", "no space left on device", "disk full")


def shorten(error: BaseException) -> str:
    """Return the kind of a failure and where in our code it came up.

    The message is left out on purpose: databases quote the values that they refuse.
    """
    kind = error.code if isinstance(error, DomainError) else type(error).__name__
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if "/linli/" in frame.filename] or list(frames)
    if not ours:
        return kind
    module = ours[-1].filename.rpartition("/linli/")[2]
    return f"{kind} in {module}:{ours[-1].lineno} {ours[-1].name}"[:500]


def next_attempt_at(attempts: int, now: datetime) -> datetime | None:
    """Return when to try again after that many failed attempts; None when it is time to park."""
    return now + PAUSES[attempts - 1] if attempts <= len(PAUSES) else None


def is_disk_full(error: BaseException | None) -> bool:
    """Tell whether a full disk is behind the error, or behind what caused it."""
    while error is not None:
        if isinstance(error, OSError) and error.errno in _FULL_NUMBERS:
            return True
        if any(words in str(error).lower() for words in _FULL_WORDS):
            return True
        error = error.__cause__ or error.__context__
    return False
