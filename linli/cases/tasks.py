"""What cases do by the clock: promises that come near, are missed, go up; silence that closes."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from linli.cases.services import clocks, stash
from linli.kernel import jobs

if TYPE_CHECKING:
    from linli.kernel.models import Job


@jobs.sweep("cases.check", every=timedelta(seconds=10))
def check_cases(now: datetime) -> None:
    """Look at every case whose next look is due, until none is."""
    while clocks.check_due_cases(now) >= clocks.BATCH:
        pass


@jobs.task("cases.move_deadlines")
def move_deadlines(job: "Job") -> None:
    """Work the promises of open cases out again: the calendar changed, or one service level."""
    level = job.data.get("level")
    for case_id in clocks.open_case_ids(UUID(level) if level else None):
        clocks.move_deadlines(case_id=UUID(str(case_id)), now=job.due_at)


@jobs.sweep("cases.stash", every=timedelta(hours=1))
def sweep_stash(now: datetime) -> None:
    """Throw away photos of reports that nobody sent within a day."""
    stash.sweep_stash(now)
