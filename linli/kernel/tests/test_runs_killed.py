"""A run outlives its worker: killed, thought dead, told to stop, or with others waiting behind it."""

import threading
import time
from datetime import timedelta

import pytest
from django.db import transaction

from linli.kernel import clock, jobs, running, runs, worker
from linli.kernel.models import Job, Run, RunError, Sequence
from linli.kernel.tests.test_runs import begin, carry, empty_folder, files, with_work

__all__ = ["empty_folder"]


def test_what_nobody_foresaw_is_tried_again_and_given_up_in_the_end(in_home, caplog):
    begun = []

    def ring(run: runs.Running) -> None:
        begun.append(run.attempt)
        run.error(1, "没响")
        raise RuntimeError("10000000001")

    with with_work(ring):
        run = begin(in_home)
        later = timedelta(0)
        for pause in (timedelta(0), *jobs.PAUSES):
            later += pause
            carry(later)
        run.refresh_from_db()
        assert begun == [1, 2, 3, 4]
        assert (run.state, run.error_count) == ("failed", 1)
        assert "10000000001" not in run.message


def _half(stop_after: int, then: type[BaseException] | None):
    """Ring ten times in batches of two; end the process's part once after so many batches."""
    left = [stop_after]

    def ring(run: runs.Running) -> None:
        at = run.cursor or 0
        while at < 10:
            with transaction.atomic():
                for number in range(at, at + 2):
                    Sequence.objects.create(name=f"bell {number}", value=1)
                    run.error(number, f"第 {number} 下")
                at += 2
                run.keep(at, done=at)
            left[0] -= 1
            if left[0] == 0 and then is not None:
                raise then
            run.progress(at, 10)

    return ring


class Killed(BaseException):
    """The process ends here."""


@pytest.mark.django_db(transaction=True)
def test_a_killed_worker_leaves_the_run_to_the_next_which_doubles_nothing(in_home):
    with with_work(_half(3, Killed)):
        run = begin(in_home)
        with pytest.raises(Killed):
            carry()
        run.refresh_from_db()
        assert (run.state, run.done_count) == ("running", 6)
        assert carry(jobs.CLAIM - timedelta(seconds=5)) == 0
        assert carry(jobs.CLAIM + timedelta(seconds=5)) == 1
    run.refresh_from_db()
    assert (run.state, run.attempt, run.done_count, run.error_count) == ("done", 2, 10, 10)
    assert Sequence.objects.count() == 10
    assert RunError.objects.count() == 10


@pytest.mark.django_db(transaction=True)
def test_a_run_that_kills_every_worker_is_given_up(in_home):
    def deadly(run: runs.Running) -> None:
        raise Killed

    with with_work(deadly):
        run = begin(in_home)
        for n in range(running.MOST_ATTEMPTS):
            with pytest.raises(Killed):
                carry(n * (jobs.CLAIM + timedelta(seconds=1)))
        carry(timedelta(hours=1))
    run.refresh_from_db()
    assert run.state == "failed"
    assert Job.objects.get().done_at is not None


@pytest.mark.django_db(transaction=True)
def test_a_worker_thought_dead_can_keep_nothing_more(in_home):
    """Its claim ran out; another has begun the run anew while it still works on a batch."""
    seen = []

    @transaction.atomic
    def batch(run: runs.Running) -> None:
        Sequence.objects.create(name="half", value=1)
        run.keep(1, done=1)

    def slow(run: runs.Running) -> None:
        if run.attempt == 1:
            assert carry(jobs.CLAIM * 1.5) == 1
            with pytest.raises(jobs.ClaimLost):
                batch(run)
            run.result("late.txt", "text/plain", [b"late"])
        else:
            seen.append(run.attempt)
            run.result("good.txt", "text/plain", [b"good"])

    with with_work(slow):
        run = begin(in_home)
        carry()
    run.refresh_from_db()
    assert (run.state, run.result_name, seen) == ("done", "good.txt", [2])
    assert not Sequence.objects.exists()
    assert len(files(in_home)) == 1


def test_a_worker_that_is_told_to_stop_puts_the_run_back_and_nothing_is_counted(
    in_home, monkeypatch
):
    monkeypatch.setattr(running, "LOOK_EVERY", 0.0)
    stop = threading.Event()
    monkeypatch.setattr(running, "_stop", stop)
    stop.set()
    with with_work(_half(0, None)):
        run = begin(in_home)
        carry()
        run.refresh_from_db()
        assert (run.state, run.done_count, run.finished_at) == ("waiting", 2, None)
        assert Job.objects.get().attempts == 0
        stop.clear()
        carry()
    run.refresh_from_db()
    assert (run.state, run.done_count) == ("done", 10)
    assert Sequence.objects.count() == 10


def test_a_long_run_lets_a_short_one_pass(in_home, monkeypatch):
    monkeypatch.setattr(running, "LOOK_EVERY", 0.0)
    monkeypatch.setattr(running, "SLICE", 0.0)
    order = []

    def ring(run: runs.Running) -> None:
        if run.data.get("short"):
            order.append("short")
            return
        _half(0, None)(run)
        order.append("long")

    with with_work(ring):
        begin(in_home, "long")
        begin(in_home, "short", short=True)
        while jobs.run_jobs(clock.now(), is_external=True, is_long=True, limit=1):
            pass
    assert order == ["short", "long"]
    assert Sequence.objects.count() == 10


def test_a_run_under_way_keeps_its_claim(in_home, monkeypatch):
    monkeypatch.setattr(running, "LOOK_EVERY", 0.0)
    monkeypatch.setattr(running, "RENEW_EVERY", 0.0)
    claims = []

    def ring(run: runs.Running) -> None:
        for number in range(3):
            time.sleep(0.002)
            run.progress(number, 3)
            claims.append(Job.objects.get().claimed_until)

    with with_work(ring):
        begin(in_home)
        carry()
    assert claims[0] < claims[1] < claims[2]
    assert Job.objects.get().done_at is not None


def test_a_cursor_outside_a_transaction_is_refused(in_home, monkeypatch):
    def ring(run: runs.Running) -> None:
        from types import SimpleNamespace

        no_block = SimpleNamespace(in_atomic_block=False)
        with monkeypatch.context() as patch:
            patch.setattr(running.transaction, "get_connection", lambda: no_block)
            with pytest.raises(RuntimeError):
                run.keep(1, done=1)

    with with_work(ring):
        run = begin(in_home)
        carry()
    run.refresh_from_db()
    assert run.state == "done"


@pytest.mark.django_db(transaction=True)
def test_the_running_worker_carries_a_run_and_stops_in_the_middle_of_one(in_home, monkeypatch):
    monkeypatch.setattr(running, "LOOK_EVERY", 0.0)
    monkeypatch.setattr(running, "_stop", threading.Event())
    begun = threading.Event()

    def endless(run: runs.Running) -> None:
        begun.set()
        while True:
            time.sleep(0.01)
            run.progress(run.done + 1)

    stop = threading.Event()
    with with_work(endless):
        begin(in_home)
        going = threading.Thread(target=worker.run_worker, args=(stop,))
        going.start()
        try:
            assert begun.wait(60)
        finally:
            stop.set()
            going.join(60)
        assert not going.is_alive()
    assert Run.objects.get().state == "waiting"
