"""What happens to posts by the clock: terms that end are spoken of, and what is in hand is listed."""

from datetime import datetime, timedelta

from linli.kernel import jobs
from linli.posts import services


@jobs.sweep("posts.terms", every=timedelta(hours=1))
def look_after_terms(now: datetime) -> None:
    """Say which terms end, and list what those have in hand whose term ends within a week."""
    services.say_endings(now=now)
    services.open_due(now=now)
