"""An old mailbox comes in: checked row by row, confirmed, filed once, without a false alarm."""

from datetime import timedelta
from types import SimpleNamespace

import pytest

from linli.cases.models import Case, Entry, ImportedMessage, MailboxFile
from linli.cases.selectors import reading
from linli.cases.services import mailbox_filing, mailboxes
from linli.cases.tests.makers import make_neighbourhood
from linli.kernel import clock, jobs, rows, run_files, running, runs, worker
from linli.kernel.actor import system
from linli.kernel.errors import DomainError, NotFound
from linli.kernel.models import EventRow, Run
from linli.kernel.sheets import BadSheet
from linli.messages.models import Delivery, Notice

HEADER = "留言编号,留言主题,留言时间,留言详情,类别,小区,姓名,电话,答复意见,答复时间"
OPEN = "1,路灯,2024-09-26 14:30,门口路灯不亮,环境卫生,天山花园3栋,梅小雨,10000000077,,"
OLD = "2,井盖,2023/3/1,井盖松动,,,,,已更换井盖。,2023年3月9日"
WRONG = "3,,昨天,垃圾没人清,,,,,,"
EMPTY = "4,,2024-09-26,,,,,,,"


@pytest.fixture
def world(in_home) -> SimpleNamespace:
    return make_neighbourhood()


def csv(*rows: str, header: str = HEADER) -> bytes:
    return "\n".join([header, *rows]).encode()


def prepare(world, content: bytes, actor=None, **facts) -> MailboxFile:
    usual = {
        "community_id": world.community.pk,
        "source_name": "书记信箱",
        "file_name": "信箱.csv",
        "chunks": [content],
    }
    return mailboxes.prepare_mailbox(**usual | facts, actor=actor or world.desk, now=clock.now())


def carried(run: Run) -> Run:
    return runs.carry_here(run, clock.now(), lambda: None)


def check(world, kept: MailboxFile, columns=None, key="a") -> Run:
    run = mailboxes.check_mailbox(
        mailbox_id=kept.pk,
        columns=columns or kept.columns,
        category_id=world.category.pk,
        actor=world.desk,
        now=clock.now(),
        key=key,
    )
    run = carried(run)
    kept.refresh_from_db()
    return run


def bring_in(world, content: bytes, **facts) -> tuple[MailboxFile, Run]:
    kept = prepare(world, content, **facts)
    check(world, kept, key=str(kept.pk))
    run = mailboxes.import_mailbox(mailbox_id=kept.pk, actor=world.desk, now=clock.now())
    return kept, carried(run)


def test_good_rows_become_cases_and_wrong_ones_stay_behind(world):
    kept, run = bring_in(world, csv(OPEN, OLD, WRONG))
    assert (run.state, run.done_count, run.error_count) == ("done", 3, 1)
    assert Case.objects.count() == 2
    kept.refresh_from_db()
    assert (kept.state, kept.path) == ("started", "")


def test_what_nobody_answered_waits_at_the_desk_and_its_promise_runs_from_now(world):
    before = clock.now()
    bring_in(world, csv(OPEN))
    case = Case.objects.get()
    assert (case.state, case.source) == ("reported", "import")
    assert f"{clock.local(case.reported_at):%Y-%m-%d %H:%M}" == "2024-09-26 14:30"
    assert case.clock_started_at >= before
    assert case.respond_due_at > before
    assert case.lateness == 0
    assert case.text == "路灯\n门口路灯不亮"
    assert case.category == world.category
    assert (case.reporter.name, case.reporter.phone) == ("梅小雨", "10000000077")


def test_what_was_answered_long_ago_is_history_without_alarm(world):
    bring_in(world, csv(OLD))
    case = Case.objects.get()
    assert (case.state, case.is_closed_by_silence, case.is_excluded) == ("closed", True, True)
    assert (case.due_at, case.check_at, case.lateness) == (None, None, 0)
    assert clock.local(case.closed_at).date().isoformat() == "2023-03-09"
    assert case.number.startswith(f"{world.community.code[-4:]}2303")
    assert Entry.objects.get().text == "已更换井盖。"
    lines = reading.timeline(case, for_staff=True)
    assert [(line.title, line.text) for line in lines] == [
        ("从旧信箱导入，当时已经答复", "已更换井盖。")
    ]
    # It stands among what happened then, behind everything newer.
    bring_in(world, csv(OPEN), source_name="另一个")
    assert Case.objects.order_by("id").first() == case


def test_the_clock_never_looks_at_history_and_nobody_is_told_of_an_import(world):
    bring_in(world, csv(OPEN, OLD))
    worker.tick(clock.now())
    worker.tick(clock.now() + timedelta(minutes=1))
    assert not Notice.objects.exists()
    assert not Delivery.objects.exists()
    assert not EventRow.objects.filter(
        name__in=("cases.case.late", "cases.case.escalated")
    ).exists()


def test_the_same_file_again_doubles_nothing(world):
    bring_in(world, csv(OPEN, OLD))
    kept, run = bring_in(world, csv(OPEN, OLD, "9,新,2024-10-01,又一件,,,,,,"))
    assert kept.found["same"] == 2
    assert run.message.startswith("1 条待办，0 条已答复，2 条已在库里")
    assert Case.objects.count() == 3
    assert ImportedMessage.objects.count() == 3


def test_a_file_without_anything_new_is_not_imported(world):
    bring_in(world, csv(OPEN))
    kept = prepare(world, csv(OPEN))
    check(world, kept)
    with pytest.raises(DomainError):
        mailboxes.import_mailbox(mailbox_id=kept.pk, actor=world.desk, now=clock.now())


def test_nothing_is_imported_before_it_was_checked_nor_after_it_was_thrown_away(world):
    kept = prepare(world, csv(OPEN))
    ask = {"mailbox_id": kept.pk, "actor": world.desk, "now": clock.now()}
    with pytest.raises(DomainError):
        mailboxes.import_mailbox(**ask)
    path = kept.path
    mailboxes.discard_mailbox(**ask)
    for call in (mailboxes.import_mailbox, mailboxes.discard_mailbox):
        with pytest.raises(DomainError):
            call(**ask)
    assert path
    assert not Run.objects.exists()


def test_confirming_twice_files_once(world):
    kept = prepare(world, csv(OPEN))
    check(world, kept)
    asked = {"mailbox_id": kept.pk, "actor": world.desk, "now": clock.now()}
    first, second = mailboxes.import_mailbox(**asked), mailboxes.import_mailbox(**asked)
    assert first.pk == second.pk


def test_a_run_that_was_cancelled_can_be_gone_on_with(world, monkeypatch):
    monkeypatch.setattr(running, "LOOK_EVERY", 0.0)
    monkeypatch.setattr(mailbox_filing, "BATCH", 2)
    monkeypatch.setattr(mailbox_filing, "BATCH_SECONDS", 60.0)
    kept = prepare(world, csv(*[f"{n},,2024-09-26,第 {n} 件,,,,,," for n in range(6)]))
    check(world, kept)
    asked = {"mailbox_id": kept.pk, "actor": world.desk, "now": clock.now()}
    run = mailboxes.import_mailbox(**asked)
    file_some, calls = mailbox_filing._file_some, []

    def cancel_after_one(*given):
        if calls == [1]:
            runs.cancel_run(run_id=run.pk, actor=world.desk, now=clock.now())
        calls.append(1)
        return file_some(*given)

    monkeypatch.setattr(mailbox_filing, "_file_some", cancel_after_one)
    assert carried(run).state == "cancelled"
    assert Case.objects.count() == 4
    again = mailboxes.import_mailbox(**asked)
    assert again.pk != run.pk
    assert carried(again).state == "done"
    assert Case.objects.count() == 6
    assert mailboxes.import_mailbox(**asked).pk == again.pk


class Killed(BaseException):
    """The process ends here."""


@pytest.mark.django_db(transaction=True)
def test_a_worker_killed_half_way_leaves_nothing_doubled_and_nothing_lost(world, monkeypatch):
    monkeypatch.setattr(mailbox_filing, "BATCH", 3)
    monkeypatch.setattr(mailbox_filing, "BATCH_SECONDS", 60.0)
    kept = prepare(world, csv(*[f"{n},,2024-09-26,第 {n} 件,,,,,," for n in range(10)], WRONG))
    check(world, kept)
    run = mailboxes.import_mailbox(mailbox_id=kept.pk, actor=world.desk, now=clock.now())
    calls = []

    def deadly(made):
        calls.append(1)
        if len(calls) == 3:
            raise Killed
        rows.insert_all(made)

    monkeypatch.setattr(mailbox_filing, "rows", SimpleNamespace(insert_all=deadly))
    with pytest.raises(Killed):
        carried(run)
    assert Case.objects.count() == 6
    later = clock.now() + jobs.CLAIM + timedelta(seconds=5)
    assert jobs.run_jobs(later, is_external=True, is_long=True) == 1
    run.refresh_from_db()
    assert (run.state, run.attempt, run.done_count, run.error_count) == ("done", 2, 11, 1)
    assert Case.objects.count() == 10


@pytest.mark.django_db(transaction=True)
def test_two_people_with_the_same_file_at_the_same_time_double_nothing(world):
    from linli.kernel.tests.test_outbox import in_threads

    runs_of_both = []
    for _person in range(2):
        kept = prepare(world, csv(*[f"{n},,2024-09-26,第 {n} 件,,,,,," for n in range(30)]))
        check(world, kept, key=str(kept.pk))
        runs_of_both.append(
            mailboxes.import_mailbox(mailbox_id=kept.pk, actor=world.desk, now=clock.now())
        )
    now = clock.now()

    def work() -> None:
        while jobs.run_jobs(now, is_external=True, is_long=True, limit=1):
            pass

    in_threads(2, work, world.community.tenant_id)
    for minutes in (2, 10, 40):  # whoever was second tries again
        jobs.run_jobs(now + timedelta(minutes=minutes), is_external=True, is_long=True)
    assert Case.objects.count() == 30
    assert {Run.objects.get(pk=run.pk).state for run in runs_of_both} == {"done"}


def test_one_row_that_nobody_foresaw_stops_no_other(world, monkeypatch):
    report_case = mailbox_filing.report_case

    def moody(*, report, **more):
        if "坏" in report.text:
            raise RuntimeError("10000000077")
        return report_case(report=report, **more)

    monkeypatch.setattr(mailbox_filing, "report_case", moody)
    lines = ["1,,2024-09-26,坏的,,,,,,", "2,,2024-09-26,好的,,,,,,"]
    _kept, run = bring_in(world, csv(*lines))
    assert (run.state, run.error_count) == ("done", 1)
    assert "10000000077" not in runs.errors_of(run)[0].text
    assert [case.text for case in Case.objects.all()] == ["好的"]


@pytest.mark.parametrize("content", [b"", b"\x00\x01", b"PK\x03\x04x", "只有一列\nx".encode()])
def test_a_file_that_is_none_is_not_kept(world, content):
    with pytest.raises(BadSheet):
        prepare(world, content)
    assert not MailboxFile.objects.exists()


def test_forgotten_files_are_thrown_away(world):
    kept = prepare(world, csv(OPEN))
    now = clock.now()
    house = system(world.community.tenant_id)
    assert mailboxes.discard_forgotten(actor=house, now=now + timedelta(days=6)) == 0
    assert mailboxes.discard_forgotten(actor=house, now=now + timedelta(days=8)) == 1
    kept.refresh_from_db()
    assert (kept.state, kept.path) == ("discarded", "")


def test_a_file_waits_no_longer_on_disk_than_it_is_needed(world):
    kept = prepare(world, csv(OPEN))
    check(world, kept)
    path = kept.path
    carried(mailboxes.import_mailbox(mailbox_id=kept.pk, actor=world.desk, now=clock.now()))
    with pytest.raises(NotFound):
        run_files.open_file(path)
