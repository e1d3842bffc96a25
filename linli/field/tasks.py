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
    """Empty what was taken or left lying long ago, and what signing in left behind."""
    taking.forget_taken(now=now)
    taking.forget_undecided(now=now)
    openrosa_access.forget_uses(now=now)


@jobs.sweep("field.remind", every=timedelta(hours=6))
def remind(now: datetime) -> None:
    """Tell the desks what waits for them for long."""
    taking.remind_desk(now=now)
