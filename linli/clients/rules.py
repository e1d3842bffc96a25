"""What a webhook is told, and when it is tried again: pure values."""

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

# Growing pauses while an address does not answer; then every three hours.
PAUSES: Final = tuple(timedelta(minutes=m) for m in (1, 5, 15, 60, 180))
# How long the same page sent again tells what is shown once again.
TOLD_FOR: Final = timedelta(minutes=10)
# A delivery is given up, and a silent address switched off, after so long.
GIVE_UP: Final = timedelta(days=5)
SWITCH_OFF: Final = timedelta(days=3)
OLD_SECRET: Final = timedelta(days=1)
KEEP: Final = timedelta(days=30)  # how long the log shows what is settled
# Ids of words and people stay inside.
_INSIDE: Final = ("entry_id", "account_id")


def pause_after(failures: int) -> timedelta:
    """Return how long to wait after so many failures in a row."""
    return PAUSES[min(failures, len(PAUSES)) - 1]


def payload(
    event_name: str, happened_at: datetime, subject: str, area_path: str, facts: Mapping[str, Any]
) -> bytes:
    """Return the body of a message (Standard Webhooks): type, timestamp, and ids and facts as data."""
    told = {key: value for key, value in facts.items() if key not in _INSIDE}
    body = {
        "type": event_name,
        "timestamp": happened_at.isoformat(),
        "data": {"id": subject, "area_path": area_path, **told},
    }
    return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
