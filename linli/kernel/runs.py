"""Long work as a run: started once per key, carried by the worker, seen and stopped by who started it.

Imports, exports, sheets of stickers, reports. A room names its work functions in `tasks.py`
(`@runs.work("cases.export")`), its services call `start`, and its views lead to `url_of(run)`: the
page shows how far it is, what went wrong row by row, and the file that came of it for some days.
"""

import hashlib
import json
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import IO, Any, ClassVar, Final
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from linli.kernel import events, jobs, run_files
from linli.kernel.actor import Actor, as_plain
from linli.kernel.errors import NotFound
from linli.kernel.models import Run, RunError, RunState
from linli.kernel.rows import insert_once
from linli.kernel.running import (
    MOST_ERRORS,
    RESULT_KEPT,
    TASK,
    Cancelled,
    RunEnded,
    Running,
    stop_with,
    watching,
    work,
)

__all__ = [
    "MOST_ERRORS", "RESULT_KEPT", "Cancelled", "Run", "RunEnded", "RunState", "Running",
    "cancel_run", "carry_here", "carry_now", "errors_of", "get_run", "my_runs", "open_result", "start",
    "stop_with", "url_of", "work",
]  # fmt: skip

OPERATE: Final = "kernel.operate"
KEPT: Final = timedelta(days=90)  # a run that ended; its result goes earlier


@dataclass(frozen=True, slots=True, kw_only=True)
class RunStarted(events.Event):
    """Somebody asked for long work."""

    name: ClassVar[str] = "kernel.run.started"
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RunCancelAsked(events.Event):
    """Somebody asked a run to stop."""

    name: ClassVar[str] = "kernel.run.cancel_asked"
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultFetched(events.Event):
    """Somebody took the file that came of a run."""

    name: ClassVar[str] = "kernel.run.fetched"
    kind: str
    bytes: int


@transaction.atomic
def start(
    kind: str, *, title: str, data: dict[str, Any], actor: Actor, now: datetime, key: str,
    duty: str = "",
) -> Run:  # fmt: skip
    """Ask for long work, once per person and key; the same key again gives the same run.

    title: what it is, in words; it is shown in lists, so nobody's name or number.
    data: what JSON can hold. duty: whoever started it and lost this duty doesn't see it any more.
    """
    row = Run(
        kind=kind, title=title[:160], key=_key(actor, key), account_id=_who(actor), duty=duty,
        order=json.dumps({"data": data, "actor": as_plain(actor)}), created_at=now,
    )  # fmt: skip
    if not insert_once(row):
        return Run.objects.get(kind=kind, key=row.key)
    jobs.enqueue(TASK, key=str(row.pk), due_at=now, data={"run_id": str(row.pk)})
    events.record(RunStarted(subject_id=row.pk, kind=kind), actor=actor, at=now)
    return row


def url_of(run: Run) -> str:
    """Return the address of a run's page."""
    return reverse("kernel:run", args=[run.pk])


def get_run(run_id: UUID, actor: Actor, *, lock: bool = False) -> Run:
    """Return a run that the actor started, or anybody's for the operator. Errors: NotFound."""
    rows = Run.objects.select_for_update() if lock else Run.objects.all()
    found = rows.filter(pk=run_id).first()
    if found is None or not (_is_mine(found, actor) or actor.can(OPERATE)):
        raise NotFound(_("没有找到这项任务，它可能不是您开始的，或者已经过了保存期。"))
    return found


def my_runs(actor: Actor, *, is_all: bool = False) -> QuerySet[Run]:
    """Return the actor's runs, newest first; is_all: everybody's. Errors: NotAllowed."""
    if is_all:
        actor.require(OPERATE)
        return Run.objects.order_by("-id").defer("order", "cursor")
    rows = Run.objects.filter(account_id=_who(actor)).order_by("-id")
    return rows.defer("order", "cursor")


def errors_of(run: Run) -> list[RunError]:
    """Return the rows that could not be taken, in order; the first MOST_ERRORS of them."""
    return list(RunError.objects.filter(run=run).order_by("id"))


@transaction.atomic
def cancel_run(*, run_id: UUID, actor: Actor, now: datetime) -> Run:
    """Ask a run to stop; one that has not begun is over at once, one that has ended stays as it is.

    Errors: NotFound.
    """
    row = get_run(run_id, actor, lock=True)
    if row.finished_at is not None or row.cancel_asked_at is not None:
        return row
    row.cancel_asked_at = now
    if row.state == RunState.WAITING:
        row.state, row.finished_at = RunState.CANCELLED, now
    row.save(update_fields=["cancel_asked_at", "state", "finished_at"])
    events.record(RunCancelAsked(subject_id=row.pk, kind=row.kind), actor=actor, at=now)
    return row


@transaction.atomic
def open_result(*, run_id: UUID, actor: Actor, now: datetime) -> tuple[Run, IO[bytes]]:
    """Open what came of a run, for who started it only. Errors: NotFound, also when it has gone."""
    row = get_run(run_id, actor)
    if not row.result_path or not _is_mine(row, actor) or _is_over(row, now):
        raise NotFound(_("这个文件只给发起的人下载，保存期过了就删掉。可以重新生成一份。"))
    file = run_files.open_file(row.result_path)
    fetched = ResultFetched(subject_id=row.pk, kind=row.kind, bytes=row.result_size)
    events.record(fetched, actor=actor, at=now)
    return row, file


def carry_here(
    run: Run,
    now: datetime,
    pause: Callable[[], None],
    *,
    show: Callable[[int, int | None], None] = lambda done, total: None,
) -> Run:
    """Carry a run in this process, for commands; if a worker has it, follow it.

    pause: called between two looks. show: hears how far it is, and of how many.
    """
    token = watching.set(show)
    try:
        return _carried(run, now, pause, show)
    finally:
        watching.reset(token)


def _carried(
    run: Run,
    now: datetime,
    pause: Callable[[], None],
    show: Callable[[int, int | None], None],
) -> Run:
    while run.finished_at is None:
        if not jobs.run_one(TASK, str(run.pk), now):
            pause()
        run.refresh_from_db()
        show(run.done_count, run.total_count)
        now = max(now, run.started_at or now)
    return run


def carry_now(run: Run, now: datetime, seconds: float = 2.0) -> Run:
    """Carry a short run at once, for whoever waits on a page; a worker that was faster is waited
    for, but not for ever.
    """
    end = time.monotonic() + seconds

    def pause() -> None:
        if time.monotonic() > end:
            raise TimeoutError
        time.sleep(0.05)

    with suppress(TimeoutError):
        return carry_here(run, now, pause)
    return run


@jobs.sweep("kernel.runs", every=timedelta(minutes=10))
def sweep(now: datetime) -> None:
    """Delete results whose days are over, runs that ended long ago, and files of nobody."""
    for row in Run.objects.filter(expires_at__lte=now).only("id", "tenant_id", "result_path"):
        run_files.discard(row.result_path)
        Run.objects.filter(pk=row.pk).update(result_path="", expires_at=None)
    old = Run.objects.filter(finished_at__lt=now - KEPT, expires_at=None)
    ids = list(old.values_list("id", flat=True)[:500])
    RunError.objects.filter(run_id__in=ids).delete()
    Run.objects.filter(id__in=ids).delete()
    run_files.discard_forgotten()


def _is_mine(row: Run, actor: Actor) -> bool:
    is_starter = row.account_id is not None and row.account_id == _who(actor)
    return is_starter and (not row.duty or actor.can(row.duty))


def _who(actor: Actor) -> UUID | None:
    return actor.account_id or actor.client_id


def _is_over(row: Run, now: datetime) -> bool:
    return row.expires_at is None or row.expires_at <= now


def _key(actor: Actor, key: str) -> str:
    text = f"{_who(actor) or actor.kind}:{key}"
    return text if len(text) <= 100 else hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()
