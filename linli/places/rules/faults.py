"""When a facility breaks too often: the third fault within ninety days asks for its root.

Source: the mission's 治本单 (before anybody complains): a third fault in 90 days.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

WINDOW: Final = timedelta(days=90)
MANY: Final = 3


def count_in_window(faults: Iterable[datetime], *, at: datetime, told_at: datetime | None) -> int:
    """Return how many faults lie in the window that ends at `at`, after it was last told of."""
    since = max(at - WINDOW, told_at) if told_at else at - WINDOW
    return sum(since < one <= at for one in faults)


def is_many(count: int) -> bool:
    """Tell whether so many faults ask for the root."""
    return count >= MANY
