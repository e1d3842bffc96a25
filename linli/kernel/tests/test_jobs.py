"""What is due is done once, by one worker, and tried again when it failed or its worker died."""

import threading
from datetime import timedelta

import pytest

from linli.kernel import jobs, tenancy
from linli.kernel.jobs import CLAIM, PAUSES
from linli.kernel.models import Job, Sequence
from linli.kernel.tests.makers import MONDAY, with_task
from linli.kernel.tests.test_outbox import in_threads


def run(now=MONDAY, *, is_external: bool = False) -> int:
    return jobs.run_jobs(now, is_external=is_external)


def test_a_job_runs_when_it_is_due_and_only_once(in_home):
    ran = []
    with with_task("call", lambda job: ran.append(job.data["number"])):
        jobs.enqueue("call", key="a", due_at=MONDAY, data={"number": 7})
        jobs.enqueue("call", key="a", due_at=MONDAY, data={"number": 8})
        assert run(MONDAY - timedelta(seconds=1)) == 0
        assert run() == 1
        assert run() == 0
    assert ran == [7]
    assert Job.objects.get().done_at == MONDAY


def test_a_job_that_fails_leaves_nothing_half_done_and_is_tried_again_later(in_home):
    mood = {"is_ill": True}

    def moody(job: Job) -> None:
        Sequence.objects.create(name="half", value=1)
        if mood["is_ill"]:
            raise RuntimeError

    with with_task("call", moody):
        jobs.enqueue("call", key="a", due_at=MONDAY)
        run()
        assert not Sequence.objects.exists()
        assert run() == 0
        mood["is_ill"] = False
        assert run(MONDAY + PAUSES[0]) == 1
    assert Job.objects.get().done_at is not None
    assert Sequence.objects.count() == 1


def test_a_job_that_never_works_is_parked_and_can_be_taken_out(in_home):
    def broken(job: Job) -> None:
        raise RuntimeError

    now = MONDAY
    with with_task("call", broken):
        job = jobs.enqueue("call", key="a", due_at=now)
        for pause in (timedelta(0), *PAUSES):
            now += pause
            assert run(now) == 1
        job.refresh_from_db()
        assert job.parked_at == now
        assert "RuntimeError" in job.error
        assert run(now + timedelta(days=9)) == 0
        assert jobs.try_again(job.pk, now)
        assert run(now) == 1


def test_a_task_that_nobody_knows_is_noted(in_home):
    jobs.enqueue("nobody.knows", key="a", due_at=MONDAY)
    run()
    assert "KeyError" in Job.objects.get().error


def test_what_calls_the_outside_world_runs_in_its_own_lane_outside_a_transaction(in_home):
    ran = []
    with with_task("ring", ran.append, is_external=True):
        jobs.enqueue("ring", key="a", due_at=MONDAY)
        assert run() == 0
        assert run(is_external=True) == 1
    assert ran[0].claimed_until == MONDAY + CLAIM


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("is_external", [True, False])
def test_a_worker_that_dies_leaves_its_job_to_the_next(in_home, is_external):
    class Killed(BaseException):
        """The process ends here."""

    deaths = [1]

    def deadly(job: Job) -> None:
        Sequence.objects.create(name=f"half {len(deaths)}", value=1)
        if deaths:
            deaths.pop()
            raise Killed

    with with_task("call", deadly, is_external=is_external):
        jobs.enqueue("call", key="a", due_at=MONDAY)
        with pytest.raises(Killed):
            run(is_external=is_external)
        assert run(MONDAY + CLAIM - timedelta(seconds=1), is_external=is_external) == 0
        assert run(MONDAY + CLAIM, is_external=is_external) == 1
    job = Job.objects.get()
    assert (job.done_at, job.attempts) == (MONDAY + CLAIM, 2)
    # What is in the database was undone with its transaction; the outside world can't be.
    assert Sequence.objects.count() == (2 if is_external else 1)


@pytest.mark.django_db(transaction=True)
def test_a_job_that_kills_every_worker_is_parked(in_home):
    class Killed(BaseException):
        """The process ends here."""

    def deadly(job: Job) -> None:
        raise Killed

    now = MONDAY
    with with_task("call", deadly):
        jobs.enqueue("call", key="a", due_at=now)
        for _death in range(len(PAUSES) + 1):
            with pytest.raises(Killed):
                run(now)
            now += CLAIM
        assert run(now) == 1
    assert "WorkerDied" in Job.objects.get(parked_at__isnull=False).error


def test_a_worker_whose_claim_ran_out_keeps_its_hands_off(in_home):
    """The task took so long that another worker has the job now."""

    def slow(job: Job) -> None:
        Sequence.objects.create(name="half", value=1)
        Job.objects.update(claimed_until=MONDAY + 2 * CLAIM, attempts=2)

    with with_task("call", slow, is_external=True):
        jobs.enqueue("call", key="a", due_at=MONDAY)
        run(is_external=True)
    job = Job.objects.get()
    assert (job.done_at, job.attempts, job.error) == (None, 2, "")


def test_a_claim_from_before_the_clock_was_set_back_does_not_hold(in_home):
    ran = []
    with with_task("call", ran.append):
        jobs.enqueue("call", key="a", due_at=MONDAY)
        Job.objects.update(claimed_until=MONDAY + timedelta(days=365))
        assert run() == 1
    assert len(ran) == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("is_external", [True, False])
def test_two_workers_run_each_job_once(in_home, is_external):
    ran, lock = [], threading.Lock()

    def note(job: Job) -> None:
        with lock:
            ran.append(job.key)

    with with_task("call", note, is_external=is_external):
        for number in range(40):
            jobs.enqueue("call", key=str(number), due_at=MONDAY)

        def work() -> None:
            while run(is_external=is_external):
                pass

        assert not in_threads(2, work, in_home.pk)
        assert run(is_external=is_external) == 0
    assert sorted(ran, key=int) == [str(number) for number in range(40)]


def test_another_tenants_jobs_are_not_seen(in_home, abroad):
    ran = []
    with with_task("call", ran.append):
        with tenancy.tenant(abroad.pk):
            jobs.enqueue("call", key="a", due_at=MONDAY)
        assert run() == 0
