"""What happened reaches whoever subscribed: once, later if need be, parked if it never works."""

import threading
from datetime import timedelta

import pytest
from django.db import IntegrityError, OperationalError, connection, connections

from linli.kernel import outbox, tenancy
from linli.kernel.jobs import PAUSES
from linli.kernel.models import EventRow, Job, Retry, Sequence
from linli.kernel.numbers import last_number
from linli.kernel.tests.makers import MONDAY, ring, subscribed


def count_bell(row: EventRow) -> None:
    """A subscriber whose work is a row in the database."""
    Job.objects.create(task="bell", key=f"{row.pk}", due_at=MONDAY, created_at=MONDAY)


def rung() -> int:
    return Job.objects.filter(task="bell").count()


def test_an_event_reaches_its_subscribers_once(in_home):
    with subscribed(count_bell):
        ring()
        assert outbox.deliver_events(MONDAY) == 1
        assert outbox.deliver_events(MONDAY) == 0
    assert rung() == 1
    assert EventRow.objects.get().delivered_at == MONDAY


def test_an_event_without_subscribers_waits_for_nobody(in_home):
    assert ring().delivered_at == MONDAY


def test_events_arrive_in_the_order_in_which_they_happened(in_home):
    heard = []
    with subscribed(lambda row: heard.append(row.data["times"])):
        for times in range(120):
            ring(times=times)
        while outbox.deliver_events(MONDAY):
            pass
    assert heard == list(range(120))


def test_a_subscriber_that_fails_stops_nobody_and_is_tried_again(in_home):
    mood = {"is_ill": True}

    def moody(row: EventRow) -> None:
        Sequence.objects.create(name="half", value=1)
        if mood["is_ill"]:
            raise ValueError("联系人张三 100-0000-0000")
        count_bell(row)

    heard = []
    with subscribed(moody, lambda row: heard.append(row.pk)):
        ring()
        ring()
        assert outbox.deliver_events(MONDAY) == 2
        assert len(heard) == 2
        assert not Sequence.objects.exists()  # nothing half-done stays
        retry = Retry.objects.order_by("id").first()
        assert (retry.attempts, retry.due_at) == (1, MONDAY + PAUSES[0])
        assert "ValueError" in retry.error
        assert "张三" not in retry.error
        assert "0000" not in retry.error

        Retry.objects.exclude(pk=retry.pk).delete()
        assert outbox.run_retries(MONDAY) == 0  # not yet due
        mood["is_ill"] = False
        assert outbox.run_retries(MONDAY + PAUSES[0]) == 1
    assert rung() == 1
    assert not Retry.objects.exists()


def test_a_subscriber_that_never_works_is_parked_and_can_be_taken_out(in_home):
    mood = {"is_ill": True}

    def moody(row: EventRow) -> None:
        if mood["is_ill"]:
            raise RuntimeError
        count_bell(row)

    now = MONDAY
    with subscribed(moody):
        ring()
        outbox.deliver_events(now)
        for pause in PAUSES:
            now += pause
            assert outbox.run_retries(now) == 1
        retry = Retry.objects.get()
        assert (retry.attempts, retry.parked_at) == (len(PAUSES) + 1, now)
        assert outbox.run_retries(now + timedelta(days=30)) == 0

        mood["is_ill"] = False
        assert outbox.try_again(retry.pk, now)
        assert not outbox.try_again(retry.pk, now)
        assert outbox.run_retries(now) == 1
    assert rung() == 1


def test_a_subscriber_that_a_release_dropped_is_noted_not_forgotten(in_home):
    def gone(row: EventRow) -> None:
        raise RuntimeError

    with subscribed(gone):
        ring()
        outbox.deliver_events(MONDAY)
    with subscribed(count_bell):
        assert outbox.run_retries(MONDAY + PAUSES[0]) == 1
    assert "KeyError" in Retry.objects.get().error


@pytest.mark.django_db(transaction=True)
def test_a_worker_killed_in_the_middle_loses_nothing_and_does_nothing_twice(in_home, monkeypatch):
    monkeypatch.setattr(outbox, "BATCH_SECONDS", 60)  # a slow machine would part the batch

    class Killed(BaseException):
        """The process ends here."""

    deaths = [1, 2]

    def deadly(row: EventRow) -> None:
        count_bell(row)
        if row.data["times"] == 3 and deaths:
            deaths.pop()
            raise Killed

    with subscribed(deadly):
        for times in range(5):
            ring(times=times)
        for _death in (1, 2):
            with pytest.raises(Killed):
                outbox.deliver_events(MONDAY)
            assert rung() == 0
            assert EventRow.objects.filter(delivered_at=None).count() == 5
        assert outbox.deliver_events(MONDAY) == 5
    assert rung() == 5


@pytest.mark.django_db(transaction=True)
def test_one_poisonous_event_does_not_keep_back_the_others(in_home):
    """A key checked at commit breaks the whole transaction, not its subscriber's savepoint."""

    def poisonous(row: EventRow) -> None:
        count_bell(row)
        if row.data["times"] == 2:
            # The event that this retry is about does not exist; the database says so at commit.
            Retry(event_id=row.subject_id, subscriber="nobody", due_at=MONDAY).save(
                force_insert=True
            )

    with subscribed(poisonous):
        for times in range(5):
            ring(times=times)
        assert outbox.deliver_events(MONDAY) == 5
        assert rung() == 4
        retry = Retry.objects.get()
        assert (retry.event.data["times"], retry.attempts, retry.due_at) == (2, 0, MONDAY)

        assert outbox.run_retries(MONDAY) == 1
        retry.refresh_from_db()
        assert (retry.attempts, retry.due_at) == (1, MONDAY + PAUSES[0])
        assert "IntegrityError" in retry.error
    assert rung() == 4


@pytest.mark.django_db(transaction=True)
def test_nothing_is_noted_as_failed_while_the_database_is_gone(in_home, monkeypatch):
    def gone(*_args, **_kwargs):
        raise OperationalError("server closed the connection")

    with subscribed(count_bell):
        ring()
        with monkeypatch.context() as patch:
            patch.setattr(outbox, "_deliver_together", gone)
            patch.setattr(outbox, "_postpone", gone)
            with pytest.raises(OperationalError):
                outbox.deliver_events(MONDAY)
        assert outbox.deliver_events(MONDAY) == 1
    assert not Retry.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_two_workers_share_the_work_and_double_none_of_it(in_home):
    with subscribed(count_bell):
        for _bell in range(60):
            ring()
        errors = in_threads(2, lambda: outbox.deliver_events(MONDAY), in_home.pk)
        while outbox.deliver_events(MONDAY):
            pass
    assert not errors
    assert rung() == 60  # the key of `count_bell` would have refused a double
    assert not Retry.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_two_workers_try_a_retry_once(in_home):
    def once(row: EventRow) -> None:
        if last_number("x") == 0 and not Job.objects.filter(task="go").exists():
            raise IntegrityError
        count_bell(row)

    with subscribed(once):
        ring()
        outbox.deliver_events(MONDAY)
        Job.objects.create(task="go", key="go", due_at=MONDAY, created_at=MONDAY)
        later = MONDAY + PAUSES[0]
        assert not in_threads(2, lambda: outbox.run_retries(later), in_home.pk)
    assert rung() == 1
    assert not Retry.objects.exists()


def in_threads(number: int, work, tenant_id: int) -> list[Exception]:
    """Run the same work at the same time; return what went wrong."""
    errors: list[Exception] = []
    barrier = threading.Barrier(number)

    def run() -> None:
        try:
            with tenancy.tenant(tenant_id):
                barrier.wait(60)
                work()
        except Exception as error:  # noqa: BLE001 (told to the test)
            errors.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run) for _number in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    connection.ensure_connection()
    return errors


def test_what_sums_up_gets_a_delivery_together_and_the_bad_one_alone(in_home):
    heard = []

    def sum_up(rows: list[EventRow]) -> None:
        heard.append(len(rows))
        for row in rows:
            if row.data["times"] == 1:
                raise ValueError("the bad one")
            count_bell(row)

    with subscribed(outbox.Together(sum_up)):
        for times in range(3):
            ring(times=times)
        assert outbox.deliver_events(MONDAY) == 3
    assert heard == [3, 1, 1, 1]
    assert rung() == 2
    assert Retry.objects.get().event.data["times"] == 1
