"""The work on a mailbox's file: look at every row, then file the good ones batch by batch.

A batch is one transaction with the place in the file behind it: a worker that dies repeats nothing.
Each message carries its own number or a hash of its content, which the database keeps unique: the
same file a year later doubles nothing either.
"""

import logging
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import InterfaceError, OperationalError, transaction
from django.utils.translation import gettext as _

from linli.cases.models import Case, ImportedMessage, MailboxFile, MailboxState
from linli.cases.services.intake import report_case
from linli.cases.services.mailbox_rows import Plan, RowReader, Status, known_keys
from linli.cases.services.past import file_answered
from linli.kernel import records, rows, run_files, runs
from linli.kernel.errors import DomainError, NotFound

logger = logging.getLogger(__name__)

BATCH: Final = 50
# A batch ends before anybody who wants to write has to wait for it.
BATCH_SECONDS: Final = 0.25
BREATH_SECONDS: Final = 0.005
MOST_WARNINGS: Final = 20  # kinds


def check_rows(run: runs.Running) -> None:
    """Look at every row of a file, count what would come of them, and tell what is wrong."""
    mailbox = _mailbox(run)
    reader, counts = _reader(mailbox, run), Counter[str]()
    warnings: Counter[str] = Counter()
    seen: set[int] = set()
    for batch in _batches(mailbox, after=0):
        plans = [reader.read(record) for record in batch]
        known = known_keys(mailbox.source_name, [plan.key for plan in plans])
        for plan in plans:
            status = _status(plan, known, seen)
            counts[status] += 1
            if status == Status.WRONG:
                run.error(plan.number, plan.problem, plan.kind)
            elif status != Status.SAME:
                for words in plan.warnings:
                    if words in warnings or len(warnings) < MOST_WARNINGS:
                        warnings[words] += 1
        run.progress(sum(counts.values()))
    found = {**counts, "rows": sum(counts.values()), "warnings": warnings.most_common()}
    mine = MailboxFile.objects.filter(pk=mailbox.pk, check_run_id=run.id)
    mine.filter(state=MailboxState.WAITING).update(state=MailboxState.CHECKED, found=found)
    run.say(_summary(counts), f"/desk/cases/imports/{mailbox.pk}/")


def _status(plan: Plan, known: set[str], seen: set[int]) -> Status:
    """Return what comes of a row beside those before it. Half a hash is remembered of each: the
    check counts, it is the database that decides.
    """
    if plan.status == Status.WRONG:
        return plan.status
    mark = hash(plan.key)
    if plan.key in known or mark in seen:
        return Status.SAME
    seen.add(mark)
    return plan.status


def _summary(counts: Counter[str]) -> str:
    return _("%(new)d 条待办，%(history)d 条已答复，%(same)d 条已在库里，%(wrong)d 条不对。") % {
        status: counts[status] for status in Status
    }


def file_rows(run: runs.Running) -> None:
    """File every good row of a file that is not here yet; the file is deleted at the end."""
    mailbox = _mailbox(run)
    reader = _reader(mailbox, run)
    counts = Counter[str](run.cursor["counts"] if run.cursor else {})
    after = run.cursor["row"] if run.cursor else 0
    run.progress(run.done, run.data["total"])
    for batch in _batches(mailbox, after=after) if mailbox.path else ():
        left: Sequence[Plan] = [reader.read(record) for record in batch]
        while left:
            left = left[_file_some(run, mailbox, left, counts) :]
            run.progress(run.done)
            time.sleep(BREATH_SECONDS)
    MailboxFile.objects.filter(pk=mailbox.pk).update(path="")
    run_files.discard(mailbox.path)
    run.say(_summary(counts), "/desk/cases/?tab=all&source=import")


@transaction.atomic
def _file_some(
    run: runs.Running, mailbox: MailboxFile, plans: Sequence[Plan], counts: Counter[str]
) -> int:
    """File plans in one transaction, for a short while; return how many were looked at."""
    stop_at = time.monotonic() + BATCH_SECONDS
    known = known_keys(mailbox.source_name, [plan.key for plan in plans])
    made: list[ImportedMessage] = []
    looked = 0
    for plan in plans:
        looked += 1
        counts[_file_one(run, mailbox, plan, known, made)] += 1
        if time.monotonic() > stop_at:
            break
    rows.insert_all(made)
    place = {"row": plans[looked - 1].number, "counts": dict(counts)}
    run.keep(place, done=run.done + looked)
    return looked


def _file_one(
    run: runs.Running,
    mailbox: MailboxFile,
    plan: Plan,
    known: set[str],
    made: list[ImportedMessage],
) -> Status:
    if plan.status == Status.WRONG:
        run.error(plan.number, plan.problem, plan.kind)
        return Status.WRONG
    if plan.key in known:
        return Status.SAME
    try:
        case = _case_of(plan, run, run.now)
    except DomainError as error:
        run.error(plan.number, error.message)
        return Status.WRONG
    except (OperationalError, InterfaceError):
        raise
    except Exception:
        # One row that nobody foresaw must not stop the thousands behind it.
        logger.exception("Unable to file row %d of %s", plan.number, mailbox.pk)
        run.error(plan.number, _("这一行没有办成，已记入运行日志。"))
        return Status.WRONG
    known.add(plan.key)
    made.append(ImportedMessage(source=mailbox.source_name, key=plan.key, case=case))
    return plan.status


def _case_of(plan: Plan, run: runs.Running, now: datetime) -> Case:
    assert plan.report is not None
    with transaction.atomic():  # a row that is refused leaves nothing behind
        if plan.status == Status.HISTORY:
            return file_answered(
                report=plan.report,
                answer=plan.answer,
                answered_at=plan.answered_at or now,
                actor=run.actor,
                now=now,
            )
        run.actor.require("cases.enter", plan.report.where.area_path)
        return report_case(report=plan.report, actor=run.actor, now=now)[0]


def _mailbox(run: runs.Running) -> MailboxFile:
    mailbox = MailboxFile.objects.filter(pk=UUID(run.data["mailbox"])).first()
    is_gone = mailbox is not None and not mailbox.path and run.cursor is None
    if mailbox is None or is_gone or mailbox.category_id is None:
        raise NotFound(_("这个文件已经不在了，要用就再上传一次。"))
    return mailbox


def _reader(mailbox: MailboxFile, run: runs.Running) -> RowReader:
    assert mailbox.category_id is not None
    return RowReader(
        columns=mailbox.columns,
        community_id=mailbox.community_id,
        category_id=mailbox.category_id,
        actor=run.actor,
        now=run.now,
    )


def _batches(mailbox: MailboxFile, *, after: int) -> Iterator[list[records.Record]]:
    """Return the rows behind a place in the file, some at a time."""
    with run_files.open_file(mailbox.path) as file, records.reading(file) as found:
        batch: list[records.Record] = []
        for record in found.rows:
            if record.number <= after:
                continue
            batch.append(record)
            if len(batch) == BATCH:
                yield batch
                batch = []
        if batch:
            yield batch
