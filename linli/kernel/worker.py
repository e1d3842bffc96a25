"""The worker: hands out events, runs what is due, sweeps, seals and keeps house, tenant by tenant.

One thread looks after everything inside the database; others carry what calls the outside world, so
that a gateway that answers slowly holds up no event, and others again what takes minutes; one more
looks for work for all of these. Nothing here is remembered between rounds that the database does not
know better: a worker may die at any line and another goes on.
"""

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import ClassVar, Final
from uuid import UUID

from django.conf import settings
from django.db import Error as DatabaseProblem
from django.db import (
    InterfaceError,
    OperationalError,
    close_old_connections,
    connections,
    transaction,
)
from django.db.models import Q
from django.utils.module_loading import import_string

from linli.kernel import actor, clock, events, jobs, outbox, runs, seals, tenancy
from linli.kernel.models import EventRow, Receipt, Retry, Tenant

logger = logging.getLogger(__name__)

IDLE_SECONDS: Final = 0.25  # between two looks when nothing is due
BREATH_SECONDS: Final = (
    0.01  # between two batches, so that others get at SQLite's single write lock
)
REST_SECONDS: Final = 5.0  # for a tenant in which something unforeseen came up
BACKOFF_SECONDS: Final = (0.5, 1.0, 2.0, 5.0, 10.0)  # while the database is gone
EXTERNAL_LANES: Final = 2
LONG_LANES: Final = 2  # a short export passes a long import
MARK_EVERY: Final = 10.0
SEAL_EVERY: Final = 60.0
TIDY_EVERY: Final = 3600.0
KEEP_RECEIPTS: Final = timedelta(days=7)
# Two machines' clocks may differ by as much without anybody being told.
CLOCK_TOLERANCE: Final = timedelta(seconds=5)
MOST_ROUNDS: Final = 1000
FEW: Final = 20  # of a tenant's events, however many wait
NOBODY: Final = 0  # no tenant has this number
LONG_AGO: Final = timedelta(days=36500)  # when nothing was due yet


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockSetBack(events.Event):
    """The machine's clock is behind a moment that the worker has already seen."""

    name: ClassVar[str] = "kernel.clock.set_back"
    seen_at: datetime
    seconds: int


def tick(now: datetime) -> None:
    """Do everything that is due in all tenants, until nothing is left; what tests call."""
    worker = Worker()
    for _round in range(MOST_ROUNDS):
        done = worker.look_around(now) + worker.carry(now) + worker.carry_long(now)
        if not done:
            break
    worker.seal(now)


def rehearse(now: datetime) -> None:
    """Go once through what the worker does, for the current tenant little and for nobody all of it.

    For a transaction that is undone: what has run once before forking is in memory once (config.rehearsal).
    """
    outbox.deliver_events(now, limit=FEW)
    jobs.run_jobs(now, is_external=False, limit=FEW)
    with tenancy.tenant(NOBODY):
        for sweep in jobs.sweeps():
            sweep.run(now)
        _seal_all(now)
        _tidy(now)
        _work(now)
    Worker().carry(now - LONG_AGO)


def run_worker(stop: threading.Event) -> None:
    """Work until `stop` is set; the round or the call that is under way is finished first, a run is
    put back where it stands.
    """
    runs.stop_with(stop)
    lookout = Lookout()
    rounds = [(Worker().carry, lookout.short) for _lane in range(EXTERNAL_LANES)]
    rounds += [(Worker().carry_long, lookout.long) for _lane in range(LONG_LANES)]
    lanes = [
        threading.Thread(target=_keep_going, args=(one, stop, 1, waits), name=f"external-{number}")
        for number, (one, waits) in enumerate(rounds)
    ]
    lanes.append(threading.Thread(target=_keep_going, args=(lookout.look, stop, 1), name="lookout"))
    for lane in lanes:
        lane.start()
    _keep_going(Worker().look_around, stop, outbox.BATCH)
    for lane in lanes:
        lane.join()
    # Whoever carries a run in this process from here on is not told to stop.
    runs.stop_with(threading.Event())


class Lookout:
    """Looks for what waits for the lanes and calls them: who has nothing to do holds no connection."""

    def __init__(self) -> None:
        self.short = threading.Event()
        self.long = threading.Event()

    def look(self, now: datetime) -> int:
        """Call the lanes that something waits for; a call that comes too early costs one look."""
        with tenancy.all_tenants():
            for is_long, waits in ((False, self.short), (True, self.long)):
                if _with_jobs(now, is_external=True, is_long=is_long):
                    waits.set()
        return 0


def tenants_with_work(now: datetime) -> list[int]:
    """Return the tenants with anything to do. A named read across tenants."""
    with tenancy.all_tenants():
        found = set(
            EventRow.objects.filter(delivered_at=None)
            .values_list("tenant_id", flat=True)
            .distinct()
        )
        retries = Retry.objects.filter(parked_at=None, due_at__lte=now)
        found.update(retries.values_list("tenant_id", flat=True).distinct())
        return sorted(found | _with_jobs(now, is_external=False))


@dataclass
class Worker:
    """One thread's view of what it did when; everything else stands in the database."""

    _done_at: dict[str, float] = field(default_factory=dict)  # by name, on the monotonic clock
    _rests_until: dict[int, float] = field(default_factory=dict)
    _unfinished: set[str] = field(default_factory=set)  # sweeps, by name
    _is_behind: bool = False  # more events and jobs waited than one round hands out

    def look_around(self, now: datetime) -> int:
        """Make one round inside the database; return how much was done."""
        if self._is_time("mark", MARK_EVERY):
            _mark(now)
        self._sweep(now)
        if self._is_time("seal", SEAL_EVERY):
            self.seal(now)
        if self._is_time("tidy", TIDY_EVERY):
            self._for_each(_active_tenants(), lambda: _tidy(now))
            _forget_sessions()
        done = self._for_each(tenants_with_work(now), lambda: _work(now))
        self._is_behind = done >= outbox.BATCH
        return max(done, outbox.BATCH) if self._unfinished else done

    def carry(self, now: datetime) -> int:
        """Make one round of what calls the outside world; return how much was tried."""
        with tenancy.all_tenants():
            waiting = sorted(_with_jobs(now, is_external=True))
        return self._for_each(waiting, lambda: jobs.run_jobs(now, is_external=True, limit=1))

    def carry_long(self, now: datetime) -> int:
        """Make one round of what takes minutes; return how much was begun."""
        with tenancy.all_tenants():
            waiting = sorted(_with_jobs(now, is_external=True, is_long=True))
        return self._for_each(
            waiting, lambda: jobs.run_jobs(now, is_external=True, is_long=True, limit=1)
        )

    def seal(self, now: datetime) -> None:
        """Seal what happened in every tenant since the last seal."""
        self._for_each(_active_tenants(), lambda: _seal_all(now))

    def _sweep(self, now: datetime) -> None:
        """Make the sweeps whose time has come, and those with more to do unless events wait."""
        for sweep in jobs.sweeps():
            name = f"sweep {sweep.name}"
            goes_on = name in self._unfinished and not self._is_behind
            if not self._is_time(name, sweep.every.total_seconds()) and not goes_on:
                continue
            self._unfinished.discard(name)
            if self._for_each(_active_tenants(), lambda run=sweep.run: run(now)):  # type: ignore[misc]
                self._unfinished.add(name)

    def _is_time(self, name: str, seconds: float) -> bool:
        last = self._done_at.get(name)
        if last is not None and time.monotonic() - last < seconds:
            return False
        self._done_at[name] = time.monotonic()
        return True

    def _for_each(self, tenant_ids: list[int], work: Callable[[], int | None]) -> int:
        """Call `work` for each tenant; what comes up in one holds up no other."""
        count = 0
        for tenant_id in tenant_ids:
            if time.monotonic() < self._rests_until.get(tenant_id, 0.0):
                continue
            try:
                with tenancy.tenant(tenant_id):
                    count += work() or 0
            except (OperationalError, InterfaceError):
                raise  # The database itself: no other tenant would fare better.
            except Exception:
                logger.exception("Unable to finish a round for tenant %d", tenant_id)
                self._rests_until[tenant_id] = time.monotonic() + REST_SECONDS
        return count


def _keep_going(
    make_round: Callable[[datetime], int],
    stop: threading.Event,
    full: int,
    waits: threading.Event | None = None,
) -> None:
    """Make rounds until told to stop; with `waits`, only while it says that there is something to do."""
    failures = 0
    while not stop.is_set():
        if waits is not None and not waits.wait(IDLE_SECONDS):
            continue
        try:
            close_old_connections()
            done = make_round(clock.now())
            if waits is not None and not done:
                waits.clear()
                connections.close_all()
            # Little by little would cost a commit each; a quarter of a second gathers them.
            pause, failures = BREATH_SECONDS if done >= full else IDLE_SECONDS, 0
        except DatabaseProblem:
            logger.exception("Unable to reach the database; trying again soon")
            connections.close_all()
            pause = BACKOFF_SECONDS[min(failures, len(BACKOFF_SECONDS) - 1)]
            failures += 1
        stop.wait(pause)
    connections.close_all()


def _work(now: datetime) -> int:
    delivered = outbox.deliver_events(now, limit=outbox.BATCH)
    retried = outbox.run_retries(now, limit=outbox.BATCH)
    return delivered + retried + jobs.run_jobs(now, is_external=False, limit=outbox.BATCH)


def _with_jobs(now: datetime, *, is_external: bool, is_long: bool = False) -> set[int]:
    due = jobs.due_jobs(now, is_external=is_external, is_long=is_long).order_by()
    return set(due.values_list("tenant_id", flat=True).distinct())


def _active_tenants() -> list[int]:
    return list(Tenant.objects.filter(is_active=True).order_by("id").values_list("id", flat=True))


def _seal_all(now: datetime) -> None:
    while seals.seal(now) is not None:
        pass


def _mark(now: datetime) -> None:
    """Note up to when the worker has looked; never backwards, and a clock set back is told."""
    for one in Tenant.objects.filter(is_active=True, ticked_at__gt=now + CLOCK_TOLERANCE):
        with tenancy.tenant(one.pk):
            _tell_set_back(one, now)
    behind = Tenant.objects.filter(Q(ticked_at=None) | Q(ticked_at__lt=now), is_active=True)
    behind.update(ticked_at=now)


@transaction.atomic
def _tell_set_back(one: Tenant, now: datetime) -> None:
    """Record a clock set back, once per moment that it fell behind."""
    last = EventRow.objects.filter(name=ClockSetBack.name).order_by("-id").first()
    if one.ticked_at is None or (last is not None and last.data["seen_at"] == str(one.ticked_at)):
        return
    seconds = round((one.ticked_at - now).total_seconds())
    logger.error("The clock is %d s behind what tenant %d has seen.", seconds, one.pk)
    told = ClockSetBack(subject_id=UUID(int=one.pk), seen_at=one.ticked_at, seconds=seconds)
    events.record(told, actor=actor.system(one.pk), at=now)


def _tidy(now: datetime) -> None:
    Receipt.objects.filter(created_at__lt=now - KEEP_RECEIPTS).delete()


def _forget_sessions() -> None:
    import_string(f"{settings.SESSION_ENGINE}.SessionStore").clear_expired()
