"""Limits how often something may happen: token buckets by key, in this process only."""

import threading
import time
from collections import OrderedDict
from datetime import timedelta
from typing import Final

MOST_KEYS: Final = 50_000  # about 10 MB; whoever was seen longest ago is forgotten first


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


_buckets: Final = Buckets()


def allow(key: str, capacity: int, per: timedelta) -> bool:
    """Tell whether `key` may act now: `capacity` times at once, and as often again in each `per`.

    With several web processes each counts for itself.
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
