"""What happens to posts by the clock: terms that end are spoken of, and what is in hand is listed."""

from datetime import datetime, timedelta

from linli.kernel import jobs, runs
from linli.posts import services
from linli.posts.services import exporting


@jobs.sweep("posts.terms", every=timedelta(hours=1))
def look_after_terms(now: datetime) -> None:
    """Say which terms end, and list what those have in hand whose term ends within a week."""
    services.say_endings(now=now)
    services.open_due(now=now)


@runs.work(exporting.KIND)
def export(run: runs.Running) -> None:
    """Write who holds which post."""
    exporting.carry_export(run)
