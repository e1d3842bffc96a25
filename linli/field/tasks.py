"""What the field does by the clock: lets go what waited too long, throws away photos nobody used."""

from datetime import datetime, timedelta

from linli.field.services import openrosa_access, submissions, taking, uploads
from linli.kernel import jobs


@jobs.sweep("field.release", every=timedelta(minutes=5))
def release(now: datetime) -> None:
    """Let go submissions whose predecessor never came."""
    submissions.release_overdue(now=now)


@jobs.sweep("field.uploads", every=timedelta(hours=1))
def sweep_uploads(now: datetime) -> None:
    """Throw away photos that no submission took."""
    uploads.sweep_unused(now=now)


@jobs.sweep("field.forget", every=timedelta(hours=1))
def forget(now: datetime) -> None:
    """Empty submissions that were taken long ago, and what signing in left behind."""
    taking.forget_taken(now=now)
    openrosa_access.forget_uses(now=now)
