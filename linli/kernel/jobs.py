"""What runs by the clock: a task is a function with a name, a job is a row with a due time."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from linli.kernel.models import Job

# Growing pauses between attempts; after the last one the job is parked where staff can see it.
PAUSES = tuple(timedelta(minutes=m) for m in (1, 5, 15, 60, 180, 360, 720, 1440))


@dataclass(frozen=True, slots=True)
class Task:
    """A function that the worker calls with a job. `is_external`: it calls the outside world and so
    runs outside the transaction that marks it done."""

    name: str
    run: Callable[[Job], None]
    is_external: bool = False


@dataclass(frozen=True, slots=True)
class Sweep:
    """A function that the worker calls for each tenant at an interval, with the moment of the call."""

    name: str
    run: Callable[[datetime], None]
    every: timedelta


_tasks: dict[str, Task] = {}
_sweeps: dict[str, Sweep] = {}


def task(name: str, *, is_external: bool = False) -> Callable[[Callable[[Job], None]], Callable[[Job], None]]:
    """Name a function as a task; it runs with its tenant set and may run twice."""

    def register(function: Callable[[Job], None]) -> Callable[[Job], None]:
        _tasks[name] = Task(name, function, is_external)
        return function

    return register


def sweep(name: str, *, every: timedelta) -> Callable[[Callable[[datetime], None]], Callable[[datetime], None]]:
    """Name a function that the worker calls for each tenant every so often, tenant set."""

    def register(function: Callable[[datetime], None]) -> Callable[[datetime], None]:
        _sweeps[name] = Sweep(name, function, every)
        return function

    return register


def get_task(name: str) -> Task:
    """Return the task of that name. Errors: KeyError."""
    return _tasks[name]


def sweeps() -> list[Sweep]:
    """Return all sweeps, in order of loading."""
    return list(_sweeps.values())


def enqueue(task_name: str, *, key: str, due_at: datetime, data: dict[str, Any] | None = None) -> Job:
    """Ask for a task once per key; asking again with the same key changes nothing.

    Call it inside the transaction whose consequence it is.
    """
    job, _ = Job.objects.get_or_create(
        task=task_name, key=key, defaults={"data": data or {}, "due_at": due_at, "created_at": due_at}
    )
    return job
