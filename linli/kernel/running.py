"""How the worker carries a run: it begins, notes how far it is, can be stopped, survives its worker.

A run is a job of the long lanes (kernel/jobs.py). Each beginning has a number, and only the newest
may write to the row: a worker whose claim ran out finds out at its next word and loses its last
batch. What a work function keeps in `cursor`, in the transaction of the batch, is where the next
beginning goes on; without one the next begins from nothing and its result replaces the earlier.
"""

import json
import logging
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import IO, Any, ClassVar, Final
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from linli.kernel import clock, events, jobs, masking, run_files
from linli.kernel.actor import Actor, of_plain
from linli.kernel.errors import DomainError
from linli.kernel.models import Job, Run, RunError, RunState

logger = logging.getLogger(__name__)

TASK: Final = "kernel.run"
MOST_ERRORS: Final = 500  # kept with their words; all are counted
MOST_KINDS: Final = 20
MOST_ATTEMPTS: Final = 4
LOOK_EVERY: Final = 0.4  # seconds between two words to the database
RENEW_EVERY: Final = 30.0
SLICE: Final = 20.0  # after so many seconds others that wait come first
RESULT_KEPT: Final = timedelta(days=3)


class Cancelled(Exception):
    """Somebody asked to stop; work functions let it fly."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunEnded(events.Event):
    """A run is over: done, failed or cancelled."""

    name: ClassVar[str] = "kernel.run.ended"
    kind: str
    state: str
    rows: int
    errors: int


Work = Callable[["Running"], None]
_works: dict[str, Work] = {}
_stop = threading.Event()
# A command that carries a run itself shows how far it is: done, of how many.
_Show = Callable[[int, int | None], None]
watching: ContextVar[_Show] = ContextVar("watching", default=lambda done, total: None)


def work(kind: str) -> Callable[[Work], Work]:
    """Name a function as the work of a kind of run, in a room's `tasks.py`."""

    def register(function: Work) -> Work:
        _works[kind] = function
        return function

    return register


def stop_with(stop: threading.Event) -> None:
    """Let runs stop half-way, to go on later, when this is set: the process is to end."""
    global _stop  # noqa: PLW0603  one per process, set before the lanes start
    _stop = stop


@dataclass
class Running:
    """A run in the hands of its work function.

    data: what was asked. actor: who asked, with the grants of that moment. cursor: what was kept by
    the last beginning, None at first. Call `progress` outside transactions, at every few rows: it
    is cheap, keeps the claim and raises what stops the work.
    """

    id: UUID
    kind: str
    title: str
    data: dict[str, Any]
    actor: Actor
    cursor: Any
    attempt: int
    _job: Job
    _done: int = 0
    _total: int | None = None
    _error_count: int = 0
    _error_kinds: Counter[str] = field(default_factory=Counter)
    _errors: list[RunError] = field(default_factory=list)
    _kept_errors: int = 0
    _result: dict[str, Any] = field(default_factory=dict)
    _words: dict[str, str] = field(default_factory=dict)
    _began: float = field(default_factory=time.monotonic)
    _look_at: float = 0.0
    _renew_at: float = field(default_factory=lambda: time.monotonic() + RENEW_EVERY)
    _is_kept: bool = False

    @property
    def now(self) -> datetime:
        """This moment: a run is an edge, and passes it on."""
        return clock.now()

    @property
    def done(self) -> int:
        """Return how far it is; a new beginning with a cursor starts from what the last had done."""
        return self._done

    def progress(self, done: int, total: int | None = None) -> None:
        """Tell how far it is. Errors: Cancelled, and what ends this beginning."""
        self._done, self._total = done, self._total if total is None else total
        if time.monotonic() >= self._look_at:
            self.check_cancelled()

    def check_cancelled(self) -> None:
        """Write how far it is and look whether to go on. Errors: as `progress`."""
        self._look_at = time.monotonic() + LOOK_EVERY
        if self._renew_at <= time.monotonic():
            jobs.renew(self._job)
            self._renew_at = time.monotonic() + RENEW_EVERY
        self._write(done_count=self._done, total_count=self._total)
        watching.get()(self._done, self._total)
        if Run.objects.filter(pk=self.id, cancel_asked_at__isnull=False).exists():
            raise Cancelled
        if _stop.is_set() or self._is_others_turn():
            raise jobs.PutBack

    def keep(self, cursor: Any, *, done: int) -> None:
        """Keep where the next beginning goes on, and the errors so far.

        Call it in the transaction of the batch: batch and cursor are kept together or not at all.
        Errors: ClaimLost; then the batch must not be kept.
        """
        if not transaction.get_connection().in_atomic_block:
            raise RuntimeError("A cursor is kept in the transaction of its batch.")
        self.cursor, self._done, self._is_kept = cursor, done, True
        self._write(cursor=cursor, done_count=done, **self._noted())

    def error(self, row: int | None, text: str, kind: str = "") -> None:
        """Note a row that could not be taken, in words, masked; kind: under which it is counted."""
        if not kind or (kind not in self._error_kinds and len(self._error_kinds) >= MOST_KINDS):
            kind = _("其他")
        self._error_count += 1
        self._error_kinds[kind] += 1
        if self._kept_errors + len(self._errors) < MOST_ERRORS:
            said = masking.mask_text(text)[:300]
            self._errors.append(RunError(run_id=self.id, row=row, text=said))

    def say(self, message: str, link: str = "") -> None:
        """Say in a sentence what came of it; link: the page where it can be seen."""
        self._words = {"message": message[:300], "link": link[:200]}

    @contextmanager
    def open_result(self, name: str, content_type: str) -> Iterator[IO[bytes]]:
        """Give a file to write the result to; it can be fetched when the run is done."""
        path = run_files.result_path(self.id.hex, self.attempt)
        with run_files.writing(path) as file:
            yield file
        self._result = {
            "result_name": name[-120:], "result_type": content_type, "result_path": path,
            "result_size": run_files.size_of(path),
        }  # fmt: skip

    def result(self, name: str, content_type: str, chunks: Iterable[bytes]) -> None:
        """Write the result as it comes."""
        with self.open_result(name, content_type) as file:
            file.writelines(chunks)

    def _noted(self) -> dict[str, Any]:
        """Write the words of new errors; return what the row says of all."""
        RunError.objects.bulk_create(self._errors)
        self._kept_errors += len(self._errors)
        self._errors = []
        return {"error_count": self._error_count, "error_kinds": dict(self._error_kinds)}

    def _write(self, **values: Any) -> None:
        mine = Run.objects.filter(pk=self.id, attempt=self.attempt, state=RunState.RUNNING)
        if mine.update(**values) != 1:
            raise jobs.ClaimLost(f"Run {self.id} was taken by another worker.")

    def _is_others_turn(self) -> bool:
        """What can go on where it stopped lets others pass now and then."""
        if not self._is_kept or time.monotonic() - self._began < SLICE:
            return False
        waiting = jobs.due_jobs(clock.now(), is_external=True, is_long=True)
        return bool(waiting.exists())


@jobs.task(TASK, is_long=True)
def carry(job: Job) -> None:
    """Carry a run as far as it goes."""
    running = _begin(job)
    if running is None:
        return
    try:
        _works[running.kind](running)
        _end(running, RunState.DONE)
    except Cancelled:
        _end(running, RunState.CANCELLED)
    except DomainError as error:
        running.say(error.message)
        _end(running, RunState.FAILED)
    except jobs.ClaimLost:
        raise
    except jobs.PutBack:
        _wait(running)
        raise
    except Exception:
        # The job tells of it and is tried again, unless it has been often enough.
        if job.attempts < MOST_ATTEMPTS:
            _wait(running)
            raise
        logger.exception("Unable to carry run %s of %s", running.id, running.kind)
        _give_up(running)


@transaction.atomic
def _begin(job: Job) -> Running | None:
    """Take the newest turn at a run; None when there is nothing left to do."""
    row = Run.objects.select_for_update().filter(pk=job.data["run_id"]).first()
    if row is None or row.finished_at is not None:
        return None
    row.attempt, row.state = row.attempt + 1, RunState.RUNNING
    row.started_at = row.started_at or clock.now()
    if row.cursor is None:
        RunError.objects.filter(run=row).delete()
        row.done_count, row.error_count, row.error_kinds = 0, 0, {}
    row.save(update_fields=[
        "attempt", "state", "started_at", "done_count", "error_count", "error_kinds",
    ])  # fmt: skip
    run_files.discard_all_of(row.id.hex)
    running = _hand_over(row, job)
    if row.cancel_asked_at is not None:
        _end(running, RunState.CANCELLED)
    elif job.attempts > MOST_ATTEMPTS:  # Each worker died of it, and none could say so.
        _give_up(running)
    else:
        return running
    return None


def _hand_over(row: Run, job: Job) -> Running:
    order = json.loads(row.order)
    kept = RunError.objects.filter(run=row).count()
    return Running(
        id=row.id, kind=row.kind, title=row.title, data=order["data"],
        actor=of_plain(order["actor"], row.tenant_id), cursor=row.cursor, attempt=row.attempt,
        _job=job, _done=row.done_count, _total=row.total_count, _error_count=row.error_count,
        _error_kinds=Counter(row.error_kinds), _kept_errors=kept,
    )  # fmt: skip


@transaction.atomic
def _end(running: Running, state: RunState) -> None:
    """Write down that it is over, and tell of it."""
    now = clock.now()
    is_fetched = state == RunState.DONE and bool(running._result)
    try:
        running._write(
            state=state,
            finished_at=now,
            done_count=running._done,
            total_count=running._total,
            expires_at=now + RESULT_KEPT if is_fetched else None,
            **running._noted(),
            **(running._result if is_fetched else {}),
            **running._words,
        )
    finally:
        run_files.discard_all_of(
            running.id.hex, running._result.get("result_path", "") if is_fetched else ""
        )
    ended = RunEnded(
        subject_id=running.id, kind=running.kind, state=state, rows=running._done,
        errors=running._error_count,
    )  # fmt: skip
    events.record(ended, actor=running.actor, at=now)


def _give_up(running: Running) -> None:
    running.say(_("试了几次都没有做成，已记入运行日志。过一会儿重新开始，还不行就告诉管理员。"))
    _end(running, RunState.FAILED)


def _wait(running: Running) -> None:
    """Let the run wait for its next beginning; whoever has it now is left alone."""
    mine = Run.objects.filter(pk=running.id, attempt=running.attempt, state=RunState.RUNNING)
    mine.update(state=RunState.WAITING)
