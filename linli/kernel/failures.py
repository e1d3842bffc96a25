"""Failures: what is kept of one, without personal data, when to try again, and which of them people
are told of in words: a full disk, a database that is busy.
"""

import contextvars
import errno
import logging
import traceback
from datetime import datetime, timedelta
from typing import Final

from django.db import OperationalError
from django.utils.translation import gettext as _

from linli.kernel.errors import Busy, DomainError, NoSpace

logger = logging.getLogger(__name__)

# Growing pauses between attempts; after the last one it is parked where staff can see it.
PAUSES: Final = tuple(timedelta(minutes=m) for m in (1, 5, 15, 60, 180, 360, 720, 1440))

_FULL_NUMBERS = {errno.ENOSPC, errno.EDQUOT}
# What SQLite, PostgreSQL and the system say; PostgreSQL's class 53100 ends in the last one.
_FULL_WORDS = ("database or disk is full", "no space left on device", "disk full")
# What they say when somebody else keeps them busy: a lock, a ring of locks, no connection left.
_BUSY_WORDS = (
    "is locked", "lock timeout", "could not obtain lock", "deadlock detected", "could not serialize",
    "too many clients", "too many connections", "remaining connection slots",
)  # fmt: skip
# How a form was refused that comes back with what was typed: the status of its page.
refused_with: contextvars.ContextVar[int] = contextvars.ContextVar("refused_with", default=0)


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


def is_busy(error: BaseException | None) -> bool:
    """Tell whether the database was kept busy by others for too long, and trying again helps."""
    return isinstance(error, OperationalError) and any(
        words in str(error).lower() for words in _BUSY_WORDS
    )


def as_refusal(error: BaseException) -> DomainError | None:
    """Return what to tell somebody of an error; None for what nobody foresaw.

    A full disk and a busy database are told like refusals: nothing was kept, here is what to do.
    """
    if isinstance(error, DomainError):
        return error
    if is_disk_full(error):
        logger.error("Unable to write: the disk is full", exc_info=error)
        return NoSpace(
            _("服务器的磁盘满了，这次没有存下来。已写的内容请先留着，稍后再发，或者打电话给社区。")
        )
    if is_busy(error):
        logger.error("Unable to write: the database is busy", exc_info=error)
        return Busy(_("现在同时写入的人太多，这次没有存下来。写的内容还在，过一分钟再点一次。"))
    return None
