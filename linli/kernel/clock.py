"""The one place that reads the clock. Edges call `now()` and pass it down."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

BEIJING = ZoneInfo("Asia/Shanghai")


def now() -> datetime:
    """Return this moment, aware, in UTC."""
    return datetime.now(UTC)


def local(moment: datetime) -> datetime:
    """Return the same moment on the community's own clock (the whole country keeps one)."""
    return moment.astimezone(BEIJING)
