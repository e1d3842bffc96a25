"""Limits how often something may happen: token buckets by key, shared by a machine's web processes.

`config.server` names a file in memory that all of them map (TABLE); without it, as in tests and
commands, each process counts for itself. No query, no disk: a look costs a few microseconds. On
several machines each counts for itself; what stands before them can share addresses out.
"""

import fcntl
import hashlib
import mmap
import os
import struct
import threading
import time
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Final

MOST_KEYS: Final = 50_000  # about 10 MB; whoever was seen longest ago is forgotten first


TABLE: Final = "LINLI_LIMITS"  # the variable that names the shared file
_SLOT: Final = struct.Struct("=Qd")  # a key's hash, and when its bucket will be full again
_ROWS, _WIDTH = 8_192, 8  # a key may stand in any of the eight slots of its row: 1 MiB in all


class Buckets:
    """Token buckets, each stored as the one moment at which it will be full again."""

    def __init__(self, most_keys: int = MOST_KEYS) -> None:
        self._full_at: OrderedDict[str, float] = OrderedDict()
        self._lock = threading.Lock()
        self._most_keys = most_keys

    def allow(self, key: str, capacity: int, per: timedelta, *, at: float) -> bool:
        """Take one token, if there is one. at: seconds on a clock that never goes back."""
        seconds = per.total_seconds()
        with self._lock:
            full_at = max(self._full_at.get(key, 0.0), at) + seconds / capacity
            if full_at - at > seconds + 1e-6:
                return False
            self._full_at[key] = full_at
            self._full_at.move_to_end(key)
            if len(self._full_at) > self._most_keys:
                self._full_at.popitem(last=False)
            return True

    def wait(self, key: str, capacity: int, per: timedelta, *, at: float) -> timedelta:
        """Return how long until the next token."""
        seconds = per.total_seconds()
        missing = self._full_at.get(key, 0.0) + seconds / capacity - at - seconds
        return timedelta(seconds=max(missing, 0.0))

    def left(self, key: str, capacity: int, per: timedelta, *, at: float) -> int:
        """Return how many tokens are left."""
        used = max(self._full_at.get(key, 0.0) - at, 0.0)
        return max(0, int(capacity - used * capacity / per.total_seconds() + 1e-6))

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._full_at.clear()

    def __len__(self) -> int:
        return len(self._full_at)


class SharedBuckets:
    """The same in a file that several processes map: rows of slots, the oldest makes room.

    A process that dies with the lock held gives it back; what it wrote is one slot, or nothing.
    """

    def __init__(self, path: str) -> None:
        """Map the file, made whole if it is not yet. Errors: OSError."""
        self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        size = _ROWS * _WIDTH * _SLOT.size
        # All of it at once: a page that could not be had later would end the process.
        os.posix_fallocate(self._file, 0, size)
        self._memory = mmap.mmap(self._file, size)
        self._threads = threading.Lock()

    def allow(self, key: str, capacity: int, per: timedelta, *, at: float) -> bool:
        """Take one token, if there is one. at: seconds of the machine's clock since its start."""
        seconds = per.total_seconds()
        with self._locked():
            place, mark, known = self._find(key, at, seconds)
            full_at = max(known, at) + seconds / capacity
            if full_at - at > seconds + 1e-6:
                return False
            _SLOT.pack_into(self._memory, place, mark, full_at)
            return True

    def wait(self, key: str, capacity: int, per: timedelta, *, at: float) -> timedelta:
        """Return how long until the next token."""
        seconds = per.total_seconds()
        with self._locked():
            known = self._find(key, at, seconds)[2]
        return timedelta(seconds=max(known + seconds / capacity - at - seconds, 0.0))

    def left(self, key: str, capacity: int, per: timedelta, *, at: float) -> int:
        """Return how many tokens are left."""
        seconds = per.total_seconds()
        with self._locked():
            used = max(self._find(key, at, seconds)[2] - at, 0.0)
        return max(0, int(capacity - used * capacity / seconds + 1e-6))

    def clear(self) -> None:
        """Forget everything."""
        with self._locked():
            self._memory[:] = bytes(len(self._memory))

    @contextmanager
    def _locked(self) -> Iterator[None]:
        # The file's lock keeps processes apart, ours the threads of one.
        with self._threads:
            fcntl.lockf(self._file, fcntl.LOCK_EX)
            try:
                yield
            finally:
                fcntl.lockf(self._file, fcntl.LOCK_UN)

    def _find(self, key: str, at: float, seconds: float) -> tuple[int, int, float]:
        """Return a key's slot, its mark, and when its bucket is full: 0 for whoever is new.

        A moment further off than this limit can reach is from before the machine started anew.
        """
        mark = int.from_bytes(hashlib.blake2b(key.encode(), digest_size=8).digest()) or 1
        first = (mark % _ROWS) * _WIDTH * _SLOT.size
        best, oldest = first, float("inf")
        for place in range(first, first + _WIDTH * _SLOT.size, _SLOT.size):
            kept, full_at = _SLOT.unpack_from(self._memory, place)
            if kept == mark:
                return place, mark, full_at if full_at - at <= seconds + 1e-6 else 0.0
            if full_at < oldest:
                best, oldest = place, full_at
        return best, mark, 0.0


def _open() -> Buckets | SharedBuckets:
    path = os.environ.get(TABLE)
    if not path:
        return Buckets()
    try:
        return SharedBuckets(path)
    except OSError:
        return Buckets()  # each process for itself is better than nobody served


_buckets: Final = _open()


def allow(key: str, capacity: int, per: timedelta) -> bool:
    """Tell whether `key` may act now: `capacity` times at once, and as often again in each `per`.

    All web processes of the machine count together.
    """
    return _buckets.allow(key, capacity, per, at=time.monotonic())


def wait(key: str, capacity: int, per: timedelta) -> timedelta:
    """Return how long `key` has to wait until it may act again."""
    return _buckets.wait(key, capacity, per, at=time.monotonic())


def left(key: str, capacity: int, per: timedelta) -> int:
    """Return how often `key` may still act at once."""
    return _buckets.left(key, capacity, per, at=time.monotonic())


def forget() -> None:
    """Forget who acted; for tests."""
    _buckets.clear()
