"""Makes commits safe several at a time, where SQLite syncs its journal for each while the others wait.

With `synchronous=FULL` the one writer keeps the write lock until its commit is on the disk: at 4 ms a
sync, 170 reports a second and no more, whatever the processor does. Here a transaction commits
without waiting (`NORMAL`), lets the next one write, and waits then: one sync makes everything safe
that was written before it began. Nobody hears of a commit before it is safe, so FULL's promise is
kept (docs/adr/0002); what is written outside a transaction is still synced by SQLite itself.
"""

import os
import threading
from collections import defaultdict
from collections.abc import Callable
from typing import Final

from django.db import OperationalError

# Where a system has no fdatasync, fsync does more than is needed.
_sync: Callable[[int], None] = getattr(os, "fdatasync", os.fsync)


class Journal:
    """The write-ahead log of one database, as far as this process has written to it."""

    def __init__(self) -> None:
        self._line = threading.Lock()
        self._written = self._safe = 0

    def note(self) -> int:
        """Count a commit; call it while the turn to write is still held."""
        self._written += 1
        return self._written

    def make_safe(self, number: int, path: str) -> None:
        """Return once that commit is on the disk. Errors: OperationalError, when the disk refuses."""
        with self._line:
            if self._safe >= number:
                return  # Whoever stood here before had it synced along.
            written = self._written
            try:
                # Opened anew, because the file may be another one; SQLite keeps no locks on it.
                file = os.open(path, os.O_RDONLY)
                try:
                    _sync(file)
                finally:
                    os.close(file)
            except OSError as error:
                raise OperationalError(f"unable to sync the journal: {error}") from error
            self._safe = written


journals: Final[defaultdict[str, Journal]] = defaultdict(Journal)
