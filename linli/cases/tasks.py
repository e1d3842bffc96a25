"""What cases do by the clock: promises that come near, are missed, go up; silence that closes."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from linli.cases.services import (
    chat_splitting,
    chats,
    clocks,
    exporting,
    followup_export,
    judging,
    learning,
    mailbox_filing,
    mailboxes,
    media,
    sampling,
    stash,
    whistle_clock,
    whistle_promises,
)
from linli.kernel import actor, clock, jobs, runs, tenancy

if TYPE_CHECKING:
    from linli.kernel.models import Job


@jobs.sweep("cases.check", every=timedelta(seconds=10))
def check_cases(now: datetime) -> bool:
    """Look at cases whose next look is due; tell whether there are more."""
    return clocks.check_due_cases(now) >= clocks.LOOKS


@jobs.sweep("cases.whistles", every=timedelta(seconds=30))
def check_whistles(now: datetime) -> bool:
    """Look at parts of whistles, and questions to the rung above, whose next look is due; tell whether
    there are more.
    """
    return whistle_clock.check_due(now) >= whistle_clock.BATCH


@jobs.task("cases.move_deadlines")
def move_deadlines(job: "Job") -> None:
    """Work the promises of open cases out again: the calendar changed, or one service level.

    A batch at a time, the rest in a job of its own: nobody waits for ten thousand locked rows.
    """
    level, after = job.data.get("level"), job.data.get("after")
    if not level and not after:
        whistle_promises.work_out_again(job.due_at)
    ids = clocks.open_case_ids(UUID(level) if level else None, after=UUID(after) if after else None)
    for case_id in ids:
        clocks.move_deadlines(case_id=case_id, now=job.due_at)
    if len(ids) == clocks.BATCH:
        key, data = job.key.partition("+")[0], {**job.data, "after": str(ids[-1])}
        jobs.enqueue(job.task, key=f"{key}+{ids[-1]}", due_at=job.due_at, data=data)


@jobs.task("cases.judge", is_external=True)
def judge(job: "Job") -> None:
    """Suggest categories and the likely earlier report of a few cases."""
    at = datetime.fromisoformat(job.data["at"])
    judging.judge_cases([UUID(one) for one in job.data["case_ids"]], now=at)


@jobs.sweep("cases.followups", every=timedelta(hours=1))
def draw_followups(now: datetime) -> None:
    """Draw last week's cases to call about, once the week is over."""
    sampling.draw_last_week(now)


@jobs.sweep("cases.stash", every=timedelta(hours=1))
def sweep_stash(now: datetime) -> None:
    """Throw away photos of reports that nobody sent within a day."""
    stash.sweep_stash(now)


@jobs.task("cases.media", is_external=True)
def fetch_media(job: "Job") -> None:
    """Fetch a photo that another system named by its address."""
    entry = job.data.get("entry")
    media.fetch_photo(
        case_id=UUID(job.data["case"]),
        address=job.data["address"],
        stage=job.data["stage"],
        entry_id=UUID(entry) if entry else None,
        now=clock.now(),
    )


@runs.work(exporting.KIND)
def export(run: runs.Running) -> None:
    """Write the file of an export."""
    exporting.carry_export(run)


@runs.work(followup_export.KIND)
def export_followups(run: runs.Running) -> None:
    """Write the calls of one state."""
    followup_export.carry_export(run)


@runs.work(learning.KIND)
def learn(run: runs.Running) -> None:
    """Learn suggestions anew from what staff found right."""
    learning.carry_learning(run)


@runs.work(mailboxes.CHECK)
def check_mailbox(run: runs.Running) -> None:
    """Look at every row of an old mailbox's file."""
    mailbox_filing.check_rows(run)


@runs.work(mailboxes.IMPORT)
def import_mailbox(run: runs.Running) -> None:
    """File the messages of an old mailbox."""
    mailbox_filing.file_rows(run)


@runs.work(chats.SPLIT)
def split_chat(run: runs.Running) -> None:
    """Split a pasted chat into matters."""
    chat_splitting.split_chat(run)


@jobs.sweep("cases.mailboxes", every=timedelta(hours=1))
def sweep_mailboxes(now: datetime) -> None:
    """Throw away files of old mailboxes that nobody confirmed."""
    mailboxes.discard_forgotten(actor=actor.system(tenancy.current_tenant_id()), now=now)
