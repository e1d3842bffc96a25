"""An old mailbox's file waits, is checked row by row, and files its messages when it is confirmed."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from linli.cases.events import MailboxDiscarded, MailboxImported
from linli.cases.models import MailboxFile, MailboxState
from linli.cases.selectors import catalogue
from linli.cases.selectors.mailboxes import get_mailbox
from linli.cases.services import mailbox_columns
from linli.kernel import events, records, run_files, runs
from linli.kernel.actor import Actor
from linli.kernel.errors import BadInput, DomainError
from linli.kernel.models import Run
from linli.kernel.sheets import BadSheet
from linli.places import selectors as places

CHECK: Final = "cases.mailbox_check"
IMPORT: Final = "cases.mailbox_import"
# A file that waits longer was forgotten.
KEPT_FOR: Final = timedelta(days=7)
SHORT: Final = 128 * 1024  # bytes: some hundred rows are looked at in the blink of an eye
SHORT_ROWS: Final = 50  # and as many filed


@transaction.atomic
def prepare_mailbox(
    *,
    community_id: UUID,
    source_name: str,
    file_name: str,
    chunks: Iterable[bytes],
    actor: Actor,
    now: datetime,
) -> MailboxFile:
    """Keep a file until somebody confirms it, its columns guessed; nothing else changes.

    Errors: NotAllowed, NotFound, BadInput (no name), BadSheet (no file that can be read), NoSpace.
    """
    community = places.get_community_by_id(community_id)
    actor.require("cases.enter", community.path)
    source_name = " ".join(source_name.split())
    if not 1 <= len(source_name) <= 40:
        raise BadInput(_("写一下是哪个信箱，例如“书记信箱”，最多 40 个字。"), field="source_name")
    path = run_files.keep_input(chunks)
    try:
        with run_files.open_file(path) as file, records.reading(file) as found:
            header = found.header
    except BaseException:
        run_files.discard(path)
        raise
    columns = mailbox_columns.guess(header)
    return MailboxFile.objects.create(
        community=community, source_name=source_name, file_name=file_name[-120:], path=path,
        header=list(header), columns=columns, created_at=now, created_by=actor.who,
    )  # fmt: skip


@transaction.atomic
def check_mailbox(
    *,
    mailbox_id: UUID,
    columns: Mapping[str, int],
    category_id: UUID,
    actor: Actor,
    now: datetime,
    key: str,
) -> runs.Run:
    """Say what the columns mean, and look at every row: a run, which changes nothing either.

    category_id: for the rows that name none that is known.
    Errors: NotAllowed, NotFound, BadInput (neither text nor title), DomainError (imported already).
    """
    mailbox = get_mailbox(mailbox_id, actor, lock=True)
    _still_waits(mailbox)
    sound = mailbox_columns.sound(columns, len(mailbox.header))
    if "text" not in sound and "title" not in sound:
        raise BadInput(_("选一下哪一列是内容。"), field="text")
    mailbox.columns, mailbox.category = sound, catalogue.get_category(category_id)
    mailbox.state, mailbox.found = MailboxState.WAITING, {}
    title = _("检查“%(name)s”") % {"name": mailbox.source_name}
    run = runs.start(
        CHECK, title=title, data={"mailbox": str(mailbox.pk)}, actor=actor, now=now, key=key
    )
    mailbox.check_run_id = run.pk
    mailbox.save(update_fields=["columns", "category", "state", "found", "check_run_id"])
    return run


@transaction.atomic
def import_mailbox(*, mailbox_id: UUID, actor: Actor, now: datetime) -> runs.Run:
    """File the good rows of a checked file, as a run; confirming twice does it once, and again only
    after a run that ended half-way.

    Errors: NotAllowed, NotFound, DomainError (not checked yet, thrown away, nothing to file).
    """
    mailbox = get_mailbox(mailbox_id, actor, lock=True)
    before = run_of(mailbox)
    if before is None or not may_go_on(mailbox, before):
        if before is not None:
            return before
        _still_waits(mailbox)
    rows = sum(mailbox.found.get(name, 0) for name in ("new", "history"))
    if mailbox.state == MailboxState.WAITING or not rows:
        raise DomainError(_("没有可以导入的行。先检查一遍，看看哪里要改。"))
    title = _("导入“%(name)s”") % {"name": mailbox.source_name}
    data = {"mailbox": str(mailbox.pk), "total": mailbox.found["rows"]}
    run = runs.start(
        IMPORT,
        title=title,
        data=data,
        actor=actor,
        now=now,
        key=f"{mailbox.pk}:{mailbox.import_run_id}",
    )
    mailbox.state, mailbox.import_run_id = MailboxState.STARTED, run.pk
    mailbox.save(update_fields=["state", "import_run_id"])
    imported = MailboxImported(subject_id=mailbox.pk, area_path=mailbox.community.path, rows=rows)
    events.record(imported, actor=actor, at=now)
    return run


@transaction.atomic
def discard_mailbox(*, mailbox_id: UUID, actor: Actor, now: datetime) -> None:
    """Throw a file away that was not imported. Errors: NotAllowed, NotFound, DomainError."""
    mailbox = get_mailbox(mailbox_id, actor, lock=True)
    _still_waits(mailbox)
    _discard(mailbox, actor, now)


@transaction.atomic
def discard_forgotten(*, actor: Actor, now: datetime) -> int:
    """Throw away the files that nobody confirmed in KEPT_FOR; the worker calls it."""
    waiting = (MailboxState.WAITING, MailboxState.CHECKED)
    old = MailboxFile.objects.filter(state__in=waiting, created_at__lt=now - KEPT_FOR)
    found = list(old.select_related("community").defer("community__polygon"))
    for mailbox in found:
        _discard(mailbox, actor, now)
    return len(found)


def is_short(mailbox: MailboxFile) -> bool:
    """Tell whether a file is so small that nobody would leave its page."""
    return bool(mailbox.path) and run_files.size_of(mailbox.path) < SHORT


def run_of(mailbox: MailboxFile) -> Run | None:
    """Return the run that files the messages, whoever started it; None before it is confirmed."""
    if mailbox.import_run_id is None:
        return None
    return Run.objects.filter(pk=mailbox.import_run_id).first()


def may_go_on(mailbox: MailboxFile, run: Run) -> bool:
    """Tell whether the run ended half-way and the file is still there."""
    ended = run.state in (runs.RunState.FAILED, runs.RunState.CANCELLED)
    return ended and bool(mailbox.path)


def _discard(mailbox: MailboxFile, actor: Actor, now: datetime) -> None:
    path, mailbox.path, mailbox.state = mailbox.path, "", MailboxState.DISCARDED
    mailbox.save(update_fields=["path", "state"])
    thrown = MailboxDiscarded(subject_id=mailbox.pk, area_path=mailbox.community.path)
    events.record(thrown, actor=actor, at=now)
    transaction.on_commit(lambda: run_files.discard(path))


def _still_waits(mailbox: MailboxFile) -> None:
    if mailbox.state == MailboxState.STARTED:
        raise DomainError(_("这个文件已经导入了。"))
    if mailbox.state == MailboxState.DISCARDED:
        raise DomainError(_("这个文件已经放弃了，要用就再上传一次。"))


def sample_of(mailbox: MailboxFile, most: int) -> list[tuple[str, ...]]:
    """Return the first rows of a waiting file as they stand; [] when they can't be read."""
    if not mailbox.path:
        return []
    try:
        with run_files.open_file(mailbox.path) as file, records.reading(file) as found:
            rows: Any = zip(range(most), found.rows, strict=False)
            return [_padded(row.cells, len(mailbox.header)) for _number, row in rows]
    except BadSheet:
        return []


def _padded(cells: tuple[str, ...], count: int) -> tuple[str, ...]:
    return (*cells, *[""] * (count - len(cells)))[:count]
