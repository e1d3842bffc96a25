"""The worker looks after every tenant, outlives what goes wrong, and is not fooled by a clock."""

import threading
import time
from datetime import timedelta

import pytest
from django.db import OperationalError

from linli.kernel import clock, jobs, outbox, runs, tenancy, worker
from linli.kernel.models import EventRow, Job, Receipt, Retry, Seal, Tenant
from linli.kernel.tests.makers import MONDAY, ring, subscribed, with_sweep, with_task
from linli.kernel.tests.test_runs import begin, with_work


@pytest.fixture
def two_tenants(home, abroad):
    """Give two tenants, none of them set."""
    return home, abroad


def ring_in(tenant: Tenant) -> None:
    with tenancy.tenant(tenant.pk):
        ring()


def test_one_tick_does_everything_that_is_due_in_every_tenant(two_tenants):
    seen = []

    def follow(row: EventRow) -> None:
        jobs.enqueue("follow", key=str(row.pk), due_at=MONDAY)

    with (
        subscribed(follow),
        with_task("follow", lambda job: jobs.enqueue("tell", key=job.key, due_at=MONDAY)),
        with_task("tell", lambda job: seen.append(job.tenant_id), is_external=True),
    ):
        for tenant in two_tenants:
            ring_in(tenant)
        worker.tick(MONDAY)
    assert sorted(seen) == sorted(tenant.pk for tenant in two_tenants)
    with tenancy.all_tenants():
        assert Seal.objects.count() == 2
        assert not Job.objects.filter(done_at=None).exists()


def test_a_sweep_is_called_for_each_active_tenant_with_the_tenant_set(two_tenants):
    home, abroad = two_tenants
    Tenant.objects.filter(pk=abroad.pk).update(is_active=False)
    seen = []
    with with_sweep(
        "look", lambda now: seen.append((tenancy.current_tenant_id(), now)), timedelta(minutes=1)
    ):
        worker.tick(MONDAY)
    assert seen == [(home.pk, MONDAY)]


def test_a_sweep_waits_for_its_interval(two_tenants):
    seen = []
    one = worker.Worker()
    with with_sweep("look", seen.append, timedelta(hours=1)):
        one.look_around(MONDAY)
        one.look_around(MONDAY)
    assert len(seen) == 2  # once for each tenant


def test_what_piled_up_while_the_worker_was_down_holds_up_nothing_new(in_home, monkeypatch):
    monkeypatch.setattr(outbox, "BATCH", 1)
    came, left = [], [3]

    def look(_now):
        came.append("old")
        left[0] -= 1
        return left[0] > 0

    def call(job):
        came.append(job.key)

    one = worker.Worker()
    with with_sweep("look", look, timedelta(hours=1)), with_task("call", call):
        for key in ("new 1", "new 2"):
            jobs.enqueue("call", key=key, due_at=MONDAY)
        done = [one.look_around(MONDAY) for _round in range(5)]
    assert came == ["old", "new 1", "new 2", "old", "old"]
    # Until all of it is done there is a breath only between two rounds.
    assert done == [1, 1, 1, 1, 0]


def test_one_tenants_trouble_is_not_anothers(two_tenants, caplog):
    home, _abroad = two_tenants
    seen = []

    def look(now):
        if tenancy.current_tenant_id() == home.pk:
            raise RuntimeError
        seen.append(now)

    with with_sweep("look", look, timedelta(minutes=1)):
        worker.tick(MONDAY)
    assert len(seen) == 1
    assert f"tenant {home.pk}" in caplog.text


def test_deadlines_that_passed_while_the_worker_was_down_are_caught_up_once(in_home):
    ran = []
    with with_task("call", ran.append):
        for hours in range(5):
            jobs.enqueue("call", key=str(hours), due_at=MONDAY + timedelta(hours=hours))
        worker.tick(MONDAY + timedelta(days=3))
        worker.tick(MONDAY + timedelta(days=3))
    assert len(ran) == 5


def test_a_clock_set_back_moves_nothing_backwards_and_is_told_once(in_home, caplog):
    ran = []
    with with_task("call", ran.append):
        jobs.enqueue("call", key="a", due_at=MONDAY)
        worker.tick(MONDAY)
        for minutes in (60, 59, 58):
            worker.tick(MONDAY - timedelta(minutes=minutes))
        in_home.refresh_from_db()
        assert in_home.ticked_at == MONDAY
        told = EventRow.objects.get(name="kernel.clock.set_back")
        assert told.data["seconds"] == 3600
        worker.tick(MONDAY + timedelta(minutes=1))
    assert len(ran) == 1
    in_home.refresh_from_db()
    assert in_home.ticked_at == MONDAY + timedelta(minutes=1)


def test_clocks_of_two_machines_may_differ_a_little(in_home):
    worker.tick(MONDAY)
    worker.tick(MONDAY - timedelta(seconds=2))
    assert not EventRow.objects.filter(name="kernel.clock.set_back").exists()


def test_receipts_are_forgotten_after_a_week(in_home):
    for days in (6, 8):
        made_at = MONDAY - timedelta(days=days)
        Receipt.objects.create(
            scope="report",
            key=str(days),
            fingerprint="",
            result_id=in_home_id(),
            created_at=made_at,
        )
    worker.tick(MONDAY)
    assert [receipt.key for receipt in Receipt.objects.all()] == ["6"]


def in_home_id():
    from linli.kernel.ids import new_id

    return new_id()


def test_the_lookout_calls_only_the_lanes_that_something_waits_for(in_home):
    lookout = worker.Lookout()
    with (
        with_task("say", lambda job: None, is_external=True),
        with_task("carry", lambda job: None, is_external=True, is_long=True),
    ):
        lookout.look(MONDAY)
        assert (lookout.short.is_set(), lookout.long.is_set()) == (False, False)
        jobs.enqueue("say", key="1", due_at=MONDAY)
        lookout.look(MONDAY)
        assert (lookout.short.is_set(), lookout.long.is_set()) == (True, False)
        jobs.enqueue("carry", key="2", due_at=MONDAY)
        lookout.look(MONDAY)
        assert lookout.long.is_set()


@pytest.mark.django_db(transaction=True)
def test_the_running_worker_answers_by_itself_and_stops_when_told(in_home):
    heard, said = threading.Event(), threading.Event()
    stop = threading.Event()

    def hear(row: EventRow) -> None:
        jobs.enqueue("say", key=str(row.pk), due_at=row.happened_at)
        heard.set()

    with subscribed(hear), with_task("say", lambda job: said.set(), is_external=True):
        running = threading.Thread(target=worker.run_worker, args=(stop,))
        running.start()
        try:
            time.sleep(0.3)
            ring(clock.now())
            assert heard.wait(60)
            assert said.wait(60)
        finally:
            stop.set()
            running.join(60)
    assert not running.is_alive()
    assert not Retry.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_the_running_worker_outlives_a_restart_of_the_database(in_home, monkeypatch, caplog):
    rounds = []

    def shaky(self, now):
        rounds.append(now)
        if len(rounds) < 3:
            raise OperationalError("the database system is shutting down")
        stop.set()
        return 0

    stop = threading.Event()
    monkeypatch.setattr(worker, "BACKOFF_SECONDS", (0.01,))
    monkeypatch.setattr(worker.Worker, "look_around", shaky)
    worker.run_worker(stop)
    assert len(rounds) == 3
    assert "Unable to reach the database" in caplog.text


@pytest.mark.django_db(transaction=True)
def test_what_is_carried_after_the_worker_has_ended_is_not_put_back(in_home):
    def count(run: runs.Running) -> None:
        run.progress(1, 1)

    ended = threading.Event()
    ended.set()
    worker.run_worker(ended)
    with with_work(count):
        run = begin(in_home)
        jobs.run_jobs(clock.now(), is_external=True, is_long=True)
    run.refresh_from_db()
    assert run.state == "done"
