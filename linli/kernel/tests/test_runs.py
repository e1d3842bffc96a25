"""Long work is seen, stopped, survives its worker, doubles nothing and leaves no file behind."""

import time
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.storage import default_storage

from linli.kernel import actor, clock, ids, jobs, run_files, running, runs, tenancy, worker
from linli.kernel.errors import BadInput, NotFound
from linli.kernel.models import EventRow, Job, Run

ACCOUNT = ids.new_id()


@pytest.fixture(autouse=True)
def empty_folder(home):
    for file in files(home):
        file.unlink()


@contextmanager
def with_work(function, kind="bells.ring"):
    runs.work(kind)(function)
    try:
        yield
    finally:
        del running._works[kind]


def somebody(tenant, account_id=ACCOUNT, *duties: str) -> actor.Actor:
    grants = tuple(actor.Grant(duty, "1/") for duty in duties)
    return actor.Actor(
        tenant.pk, actor.ActorKind.STAFF, account_id, name="林",
        post_ids=frozenset([ids.new_id()]), grants=grants,
    )  # fmt: skip


def begin(tenant, key="a", **data) -> Run:
    return runs.start(
        "bells.ring", title="敲钟", data=data, actor=somebody(tenant), now=clock.now(), key=key
    )


def carry(later=timedelta(0)) -> int:
    return jobs.run_jobs(clock.now() + later, is_external=True, is_long=True)


def files(tenant) -> list[Path]:
    return sorted(Path(default_storage.path(f"{tenant.pk}/runs")).glob("*"))


def test_a_run_is_started_once_carried_and_its_file_fetched(in_home):
    def ring(run: runs.Running) -> None:
        assert run.data == {"times": 3}
        assert run.actor.account_id == ACCOUNT
        for number in range(3):
            run.progress(number + 1, 3)
        run.result("钟声.txt", "text/plain", (b"ding " for _ in range(3)))
        run.say("敲了 3 下。", "/desk/")

    with with_work(ring):
        first = begin(in_home, times=3)
        assert begin(in_home, times=4).pk == first.pk
        assert carry() == 1
        assert carry() == 0
    done = Run.objects.get()
    assert (done.state, done.done_count, done.total_count) == ("done", 3, 3)
    assert done.message == "敲了 3 下。"
    _row, file = runs.open_result(run_id=done.pk, actor=somebody(in_home), now=clock.now())
    with file:
        assert file.read() == b"ding ding ding "
    told = list(EventRow.objects.order_by("id").values_list("name", flat=True))
    assert told == ["kernel.run.started", "kernel.run.ended", "kernel.run.fetched"]


def test_the_same_key_of_another_person_is_another_run(in_home):
    first = begin(in_home)
    other = runs.start(
        "bells.ring", title="敲钟", data={}, actor=somebody(in_home, ids.new_id()),
        now=clock.now(), key="a",
    )  # fmt: skip
    assert other.pk != first.pk


def test_who_asked_acts_with_what_was_granted_then(in_home):
    asked = somebody(in_home, ACCOUNT, "cases.view", "people.reveal")
    seen = []
    with with_work(lambda run: seen.append(run.actor)):
        runs.start("bells.ring", title="", data={}, actor=asked, now=clock.now(), key="a")
        carry()
    assert seen == [asked]


def test_what_was_asked_is_not_readable_in_the_database(in_home):
    begin(in_home, search="10000000001")
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute('SELECT "order" FROM kernel_run WHERE tenant_id = %s', [in_home.pk])
        assert "10000000001" not in cursor.fetchone()[0]


def test_only_its_owner_and_the_operator_find_it_and_only_the_owner_gets_the_file(in_home):
    with with_work(lambda run: run.result("a.txt", "text/plain", [b"a"])):
        run = begin(in_home)
        carry()
    stranger, operator = (
        somebody(in_home, ids.new_id()),
        somebody(in_home, ids.new_id(), "kernel.operate"),
    )
    assert runs.get_run(run.pk, operator)
    assert [one.pk for one in runs.my_runs(operator, is_all=True)] == [run.pk]
    for call in (
        lambda: runs.get_run(run.pk, stranger),
        lambda: runs.my_runs(stranger, is_all=True),
        lambda: runs.open_result(run_id=run.pk, actor=stranger, now=clock.now()),
        lambda: runs.open_result(run_id=run.pk, actor=operator, now=clock.now()),
        lambda: runs.cancel_run(run_id=run.pk, actor=stranger, now=clock.now()),
    ):
        with pytest.raises(NotFound):
            call()


def test_whoever_lost_the_duty_lost_the_run(in_home):
    with_duty = somebody(in_home, ACCOUNT, "cases.view")
    run = runs.start(
        "bells.ring", title="", data={}, actor=with_duty, now=clock.now(), key="a",
        duty="cases.view",
    )  # fmt: skip
    assert runs.get_run(run.pk, with_duty)
    with pytest.raises(NotFound):
        runs.get_run(run.pk, somebody(in_home))


def test_another_tenant_finds_nothing(in_home, abroad):
    run = begin(in_home)
    with tenancy.tenant(abroad.pk), pytest.raises(NotFound):
        runs.get_run(run.pk, somebody(abroad, ACCOUNT, "kernel.operate"))


def test_errors_are_all_counted_and_the_first_kept(in_home):
    def ring(run: runs.Running) -> None:
        for row in range(700):
            run.error(row, f"第 {row} 下没响。", "没响" if row % 2 else "走音")

    with with_work(ring):
        run = begin(in_home)
        carry()
    run.refresh_from_db()
    assert (run.state, run.error_count) == ("done", 700)
    assert run.error_kinds == {"没响": 350, "走音": 350}
    assert len(runs.errors_of(run)) == runs.MOST_ERRORS


def test_what_an_error_quotes_of_a_row_is_masked(in_home):
    with with_work(lambda run: run.error(3, "“10012345678”不是日期，例如 2024-09-26 14:30。")):
        run = begin(in_home)
        carry()
    (said,) = runs.errors_of(run)
    assert "10012345678" not in said.text
    assert "2024-09-26 14:30" in said.text


def test_kinds_of_errors_are_bounded(in_home):
    with with_work(lambda run: [run.error(n, "x", f"kind {n}") for n in range(100)] and None):
        run = begin(in_home)
        carry()
    run.refresh_from_db()
    assert len(run.error_kinds) <= running.MOST_KINDS + 1
    assert sum(run.error_kinds.values()) == 100


def test_a_run_that_has_not_begun_is_cancelled_at_once(in_home):
    seen = []
    with with_work(seen.append):
        run = begin(in_home)
        for _twice in range(2):
            runs.cancel_run(run_id=run.pk, actor=somebody(in_home), now=clock.now())
        carry()
    run.refresh_from_db()
    assert (run.state, seen) == ("cancelled", [])
    assert Job.objects.get().done_at is not None


def test_a_run_under_way_stops_when_asked_and_leaves_no_file(in_home, monkeypatch):
    monkeypatch.setattr(running, "LOOK_EVERY", 0.0)
    seen = []

    def ring(run: runs.Running) -> None:
        with run.open_result("a.txt", "text/plain") as file:
            for number in range(10):
                file.write(b"ding")
                seen.append(number)
                if number == 4:
                    runs.cancel_run(run_id=run.id, actor=run.actor, now=run.now)
                run.progress(number + 1, 10)

    with with_work(ring):
        run = begin(in_home)
        carry()
    run.refresh_from_db()
    assert (run.state, run.done_count, len(seen)) == ("cancelled", 5, 5)
    assert files(in_home) == []


def test_a_refusal_ends_the_run_in_words_and_is_not_tried_again(in_home):
    def ring(run: runs.Running) -> None:
        raise BadInput("钟不见了。")

    with with_work(ring):
        run = begin(in_home)
        carry()
        assert carry(timedelta(days=1)) == 0
    run.refresh_from_db()
    assert (run.state, run.message) == ("failed", "钟不见了。")


def test_a_result_is_deleted_after_its_days_and_the_run_after_its_own(in_home):
    with with_work(lambda run: run.result("a.txt", "text/plain", [b"a"])):
        run = begin(in_home)
        carry()
    now = clock.now()
    runs.sweep(now + runs.RESULT_KEPT - timedelta(minutes=1))
    assert len(files(in_home)) == 1
    # Even before the sweep comes by.
    with pytest.raises(NotFound):
        runs.open_result(run_id=run.pk, actor=somebody(in_home), now=now + timedelta(days=4))
    runs.sweep(now + timedelta(days=4))
    assert files(in_home) == []
    run.refresh_from_db()
    assert (run.state, run.result_path) == ("done", "")
    runs.sweep(now + timedelta(days=91))
    assert not Run.objects.exists()


def test_a_file_whose_disk_copy_is_gone_is_told_of(in_home):
    with with_work(lambda run: run.result("a.txt", "text/plain", [b"a"])):
        run = begin(in_home)
        carry()
    files(in_home)[0].unlink()
    with pytest.raises(NotFound):
        runs.open_result(run_id=run.pk, actor=somebody(in_home), now=clock.now())


def test_forgotten_files_are_swept(in_home):
    import os

    kept, old = run_files.keep_input([b"a"]), run_files.keep_input([b"b"])
    long_ago = time.time() - run_files.FORGOTTEN.total_seconds() - 10
    os.utime(default_storage.path(old), (long_ago, long_ago))
    assert run_files.discard_forgotten() == 1
    with run_files.open_file(kept) as file:
        assert file.read() == b"a"
    run_files.discard(kept)
    with pytest.raises(NotFound):
        run_files.open_file(kept)


def test_a_full_disk_ends_the_run_in_words(in_home, monkeypatch):
    import errno

    def full(fd):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(run_files.os, "fsync", full)
    with with_work(lambda run: run.result("a.txt", "text/plain", [b"a"])):
        run = begin(in_home)
        carry()
    run.refresh_from_db()
    assert run.state == "failed"
    assert "磁盘满了" in run.message
    assert files(in_home) == []


def test_a_command_carries_its_run_itself(in_home):
    with with_work(lambda run: run.say("好了。")):
        run = runs.carry_here(begin(in_home), clock.now(), lambda: None)
    assert (run.state, run.message) == ("done", "好了。")


def test_one_tick_of_the_worker_carries_runs_too(in_home):
    with with_work(lambda run: run.say("好了。")):
        run = begin(in_home)
        worker.tick(clock.now())
    run.refresh_from_db()
    assert run.state == "done"
