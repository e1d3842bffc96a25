"""What runs by the clock: a task is a function with a name, a job is a row with a due time.

A job is claimed for a while before it runs, in a commit of its own: a worker that dies leaves the
claim behind, the claim runs out, and the job is tried again with the attempt counted.
"""

import logging
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, TypeVar
from uuid import UUID

from django.db import DatabaseError, InterfaceError, OperationalError, transaction
from django.db.models import F, Q

from linli.kernel import clock, failures
from linli.kernel.models import Job
from linli.kernel.rows import insert_once

logger = logging.getLogger(__name__)

PAUSES: Final = failures.PAUSES
# Longer than any task may take; a dead worker's jobs wait as long.
CLAIM: Final = timedelta(minutes=5)
# One transaction carries several jobs, but ends before anybody waits for it.
BATCH_SECONDS: Final = 0.05


class ClaimLost(RuntimeError):
    """The claim ran out while the task was running, and another worker took the job."""


class PutBack(RuntimeError):
    """The task stops half-way of its own accord and goes on later: no failure, nothing counted."""


class WorkerDied(RuntimeError):
    """Every attempt ended with the worker itself, so that none could be noted as failed."""


@dataclass(frozen=True, slots=True)
class Task:
    """A function that the worker calls with a job.

    is_external: it calls the outside world, or takes long, and so runs outside the transaction that
    marks it done, in another thread. is_long: it takes minutes (kernel/runs.py) and has lanes of its
    own, so that nothing that is waited for stands behind it; such a task renews its claim.
    """

    name: str
    run: Callable[[Job], None]
    is_external: bool = False
    is_long: bool = False


@dataclass(frozen=True, slots=True)
class Sweep:
    """A function that the worker calls for each tenant at an interval, with the present moment.

    It does a batch at most and tells whether there is more: that comes soon, but after all events and
    jobs that wait, so that what piled up while the worker was down holds up nothing new.
    """

    name: str
    run: Callable[[datetime], bool | None]
    every: timedelta


_Swept = TypeVar("_Swept", bound=bool | None)
_tasks: dict[str, Task] = {}
_sweeps: dict[str, Sweep] = {}


def task(
    name: str, *, is_external: bool = False, is_long: bool = False
) -> Callable[[Callable[[Job], None]], Callable[[Job], None]]:
    """Name a function as a task; it runs with its tenant set and may run twice."""

    def register(function: Callable[[Job], None]) -> Callable[[Job], None]:
        _tasks[name] = Task(name, function, is_external or is_long, is_long)
        return function

    return register


def sweep(
    name: str, *, every: timedelta
) -> Callable[[Callable[[datetime], _Swept]], Callable[[datetime], _Swept]]:
    """Name a function that the worker calls for each tenant every so often, tenant set (see Sweep)."""

    def register(function: Callable[[datetime], _Swept]) -> Callable[[datetime], _Swept]:
        _sweeps[name] = Sweep(name, function, every)
        return function

    return register


def get_task(name: str) -> Task:
    """Return the task of that name. Errors: KeyError."""
    return _tasks[name]


def sweeps() -> list[Sweep]:
    """Return all sweeps, in order of loading."""
    return list(_sweeps.values())


def enqueue(
    task_name: str, *, key: str, due_at: datetime, data: dict[str, Any] | None = None
) -> Job:
    """Ask for a task once per key; asking again with the same key changes nothing.

    Call it inside the transaction whose consequence it is.
    """
    job = Job(task=task_name, key=key, data=data or {}, due_at=due_at, created_at=clock.now())
    return job if insert_once(job) else Job.objects.get(task=task_name, key=key)


def due_jobs(now: datetime, *, is_external: bool, is_long: bool = False) -> Any:
    """Return the jobs of one lane that may be claimed, most urgent first.

    A claim that ends later than any made now could is from before the clock was set back.
    """
    external = [one.name for one in _tasks.values() if one.is_external]
    own = [one.name for one in _tasks.values() if one.is_external and one.is_long == is_long]
    lane = Q(task__in=own) if is_external else ~Q(task__in=external)
    is_free = (
        Q(claimed_until=None) | Q(claimed_until__lte=now) | Q(claimed_until__gt=now + 2 * CLAIM)
    )
    open_jobs = Job.objects.filter(lane, is_free, done_at=None, parked_at=None, due_at__lte=now)
    return open_jobs.order_by("due_at", "id")


def run_jobs(now: datetime, *, is_external: bool, is_long: bool = False, limit: int = 10) -> int:
    """Claim and run the tenant's due jobs of one lane; return how many were claimed."""
    jobs = _claim(due_jobs(now, is_external=is_external, is_long=is_long), now, limit)
    left = jobs
    while left:
        left = left[_run_external(left[0], now) if is_external else _run_some(left, now) :]
    return len(jobs)


def run_one(task_name: str, key: str, now: datetime) -> bool:
    """Run one long or external job here and now; False when it is done or another has it."""
    due = due_jobs(now, is_external=True, is_long=get_task(task_name).is_long)
    claimed = _claim(due.filter(task=task_name, key=key), now, 1)
    for job in claimed:
        _run_external(job, now)
    return bool(claimed)


def renew(job: Job) -> None:
    """Hold a job for longer; a task that takes minutes does so while it gets on. Errors: ClaimLost."""
    claimed_until = clock.now() + CLAIM
    if _held(job).update(claimed_until=claimed_until) != 1:
        raise ClaimLost(f"Job {job.pk} was taken by another worker.")
    job.claimed_until = claimed_until


def for_each(ids: Iterable[UUID], run: Callable[[UUID], bool]) -> int:
    """Call `run` for each id; return how often it did something. One that fails is logged and holds
    up no other; that the database is gone flies.
    """
    count = 0
    for one in ids:
        try:
            count += run(one)
        except (OperationalError, InterfaceError):
            raise
        except Exception:
            logger.exception("Unable to look after %s", one)
    return count


def try_again(job_id: UUID, now: datetime) -> bool:
    """Take a parked job out of the park, to run at once; False when it is not parked."""
    parked = Job.objects.filter(pk=job_id, done_at=None, parked_at__isnull=False)
    return parked.update(parked_at=None, due_at=now, claimed_until=None, attempts=0) == 1


def _claim(due: Any, now: datetime, limit: int) -> list[Job]:
    ids = list(due.values_list("id", flat=True)[:limit])
    if not ids:  # An idle worker takes no write lock.
        return []
    with transaction.atomic():
        # The rows are read again under the lock: another worker may have been faster.
        jobs = list(due.select_for_update(skip_locked=True).filter(id__in=ids))
        claimed_until = now + CLAIM
        claimed = Job.objects.filter(id__in=[job.id for job in jobs])
        claimed.update(claimed_until=claimed_until, attempts=F("attempts") + 1)
    for job in jobs:
        job.claimed_until, job.attempts = claimed_until, job.attempts + 1
    return jobs


def _run_external(job: Job, now: datetime) -> int:
    try:
        _task_of(job).run(job)
        _mark_done(job, now)
    except PutBack:
        _held(job).update(claimed_until=None, due_at=clock.now(), attempts=F("attempts") - 1)
    except Exception as error:
        logger.exception("Unable to run job %s of %s", job.pk, job.task)
        _note_failure(job, now, error)
    return 1


def _run_some(jobs: list[Job], now: datetime) -> int:
    """Run jobs in one transaction, for a short while; return how many."""
    try:
        return _run_together(jobs, now)
    except DatabaseError as error:
        # Something broke the transaction itself: one by one, the bad one shows.
        if len(jobs) > 1:
            return _run_some(jobs[:1], now)
        _note_failure(jobs[0], now, error)
        return 1


@transaction.atomic
def _run_together(jobs: list[Job], now: datetime) -> int:
    stop_at = time.monotonic() + BATCH_SECONDS
    count = 0
    for job in jobs:
        count += 1
        try:
            with transaction.atomic():
                _task_of(job).run(job)
                _mark_done(job, now)
        except Exception as error:
            logger.exception("Unable to run job %s of %s", job.pk, job.task)
            _note_failure(job, now, error)
        if time.monotonic() > stop_at:
            break
    return count


def _task_of(job: Job) -> Task:
    if job.attempts > len(PAUSES) + 1:
        raise WorkerDied(job.task)
    return get_task(job.task)


def _held(job: Job) -> Any:
    """Return the row, if our claim on it still stands."""
    return Job.objects.filter(
        pk=job.pk, done_at=None, claimed_until=job.claimed_until, attempts=job.attempts
    )


def _mark_done(job: Job, now: datetime) -> None:
    if _held(job).update(done_at=now, claimed_until=None, error="") != 1:
        raise ClaimLost(f"Job {job.pk} was taken by another worker.")


def _note_failure(job: Job, now: datetime, error: Exception) -> None:
    due_at = failures.next_attempt_at(job.attempts, now)
    _held(job).update(
        claimed_until=None,
        due_at=due_at or job.due_at,
        parked_at=None if due_at else now,
        error=failures.shorten(error),
    )
