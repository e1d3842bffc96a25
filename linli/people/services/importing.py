"""A list of people waits, is checked row by row, and comes in when somebody confirms it."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from linli.kernel import events, records, run_files, runs
from linli.kernel.actor import Actor
from linli.kernel.errors import BadInput, DomainError, NotFound
from linli.kernel.models import Run
from linli.people.events import ListDiscarded, ListImported
from linli.people.models import ImportState, PersonImport
from linli.people.rules.import_rows import COLUMNS, guess_columns
from linli.people.selectors.finding import REGISTER
from linli.people.services import secret_files
from linli.places import selectors as places

CHECK: Final = "people.import_check"
IMPORT: Final = "people.import"
KEPT_FOR: Final = timedelta(days=7)  # a list that waits longer was forgotten
SHORT: Final = 64 * 1024  # bytes: looked at in the blink of an eye
SHORT_ROWS: Final = 300


@transaction.atomic
def prepare_import(
    *, community_id: UUID, file_name: str, chunks: Iterable[bytes], actor: Actor, now: datetime
) -> PersonImport:
    """Keep a list, encrypted, until somebody confirms it, its columns guessed; nothing else changes.

    Errors: NotAllowed, NotFound, BadSheet (no file that can be read), NoSpace.
    """
    community = places.get_community_by_id(community_id)
    _require(actor, community.path)
    path = secret_files.keep(chunks)
    try:
        with secret_files.opened(path) as file, records.reading(file) as found:
            header = found.header
    except BaseException:
        run_files.discard(path)
        raise
    return PersonImport.objects.create(
        community_id=community.pk, file_name=file_name[-120:], path=path, header=list(header),
        columns=guess_columns(header), created_at=now, created_by=actor.who,
    )  # fmt: skip


@transaction.atomic
def check_import(
    *,
    import_id: UUID,
    columns: Mapping[str, int],
    makes_homes: bool,
    actor: Actor,
    now: datetime,
    key: str,
) -> runs.Run:
    """Say what the columns mean, and look at every row: a run, which changes nothing either.

    makes_homes: homes that a known entrance lacks are added with their people.
    Errors: NotAllowed, NotFound, BadInput (no name, no address), DomainError (imported already).
    """
    waiting = get_import(import_id, actor, lock=True)
    _still_waits(waiting)
    sound = {
        name: at
        for name, at in columns.items()
        if name in COLUMNS and 0 <= at < len(waiting.header)
    }
    if "name" not in sound:
        raise BadInput(_("选一下哪一列是姓名。"), field="name")
    if not ({"building", "home"} <= sound.keys() or "address" in sound):
        raise BadInput(_("选一下哪一列是楼栋、房号，或哪一列是完整的地址。"), field="building")
    waiting.columns, waiting.makes_homes = sound, makes_homes
    waiting.state, waiting.found = ImportState.WAITING, {}
    run = runs.start(
        CHECK, title=_("检查居民名单"), data={"import": str(waiting.pk)}, actor=actor, now=now,
        key=key, duty=REGISTER,
    )  # fmt: skip
    waiting.check_run_id = run.pk
    waiting.save(update_fields=["columns", "makes_homes", "state", "found", "check_run_id"])
    return run


@transaction.atomic
def confirm_import(*, import_id: UUID, actor: Actor, now: datetime) -> runs.Run:
    """Take the good rows of a checked list in, as a run; confirming twice does it once, and again
    only after a run that ended half-way.

    Errors: NotAllowed, NotFound, DomainError (not checked, thrown away, nothing to take).
    """
    waiting = get_import(import_id, actor, lock=True)
    before = run_of(waiting)
    if before is not None and not may_go_on(waiting, before):
        return before
    if before is None:
        _still_waits(waiting)
    if waiting.state == ImportState.WAITING or not waiting.found.get("new"):
        raise DomainError(_("没有可以登记的人。先检查一遍，看看哪里要改。"))
    data = {"import": str(waiting.pk), "total": waiting.found["rows"]}
    run = runs.start(
        IMPORT, title=_("导入居民名单，%(n)d 行") % {"n": waiting.found["rows"]}, data=data,
        actor=actor, now=now, key=f"{waiting.pk}:{waiting.import_run_id}", duty=REGISTER,
    )  # fmt: skip
    waiting.state, waiting.import_run_id = ImportState.STARTED, run.pk
    waiting.save(update_fields=["state", "import_run_id"])
    event = ListImported(
        subject_id=waiting.pk, area_path=waiting.community.path, rows=waiting.found["new"]
    )
    events.record(event, actor=actor, at=now)
    return run


@transaction.atomic
def discard_import(*, import_id: UUID, actor: Actor, now: datetime) -> None:
    """Throw a list away that was not imported. Errors: NotAllowed, NotFound, DomainError."""
    waiting = get_import(import_id, actor, lock=True)
    _still_waits(waiting)
    _discard(waiting, actor, now)


@transaction.atomic
def discard_forgotten(*, actor: Actor, now: datetime) -> int:
    """Throw away the lists that nobody confirmed in KEPT_FOR; the worker calls it."""
    states = (ImportState.WAITING, ImportState.CHECKED)
    old = PersonImport.objects.filter(state__in=states, created_at__lt=now - KEPT_FOR)
    found = list(old.select_related("community").defer("community__polygon"))
    for waiting in found:
        _discard(waiting, actor, now)
    return len(found)


def get_import(import_id: UUID, actor: Actor, *, lock: bool = False) -> PersonImport:
    """Return an uploaded list. Errors: NotFound, NotAllowed."""
    rows = PersonImport.objects.select_related("community").defer("community__polygon")
    found = (rows.select_for_update(of=("self",)) if lock else rows).filter(pk=import_id).first()
    if found is None:
        raise NotFound(_("没有找到这份名单。"))
    _require(actor, found.community.path)
    return found


def imports_of(actor: Actor, *, after: UUID | None = None, most: int = 20) -> list[PersonImport]:
    """Return the lists of the actor's communities, newest first. after: where the page before ended."""
    mine = [one.pk for one in places.communities_of(actor.scopes(REGISTER))]
    own = Q(created_by=actor.who) if actor.who else Q(pk=None)
    rows = PersonImport.objects.filter(Q(community_id__in=mine) | own)
    if after is not None:
        rows = rows.filter(pk__lt=after)
    rows = rows.select_related("community").defer("community__polygon")
    return list(rows.order_by("-id")[:most])


def run_of(waiting: PersonImport) -> Run | None:
    """Return the run that takes the people in; None before it is confirmed."""
    return Run.objects.filter(pk=waiting.import_run_id).first() if waiting.import_run_id else None


def may_go_on(waiting: PersonImport, run: Run) -> bool:
    """Tell whether the run ended half-way and the file is still there."""
    return run.state in (runs.RunState.FAILED, runs.RunState.CANCELLED) and bool(waiting.path)


def is_short(waiting: PersonImport) -> bool:
    """Tell whether a list is so small that nobody would leave its page."""
    return bool(waiting.path) and run_files.size_of(waiting.path) < SHORT


def _require(actor: Actor, path: str) -> None:
    """Lists are for whoever registers in the community, or in a grid of it: rows are looked at."""
    if not any(
        scope.startswith(path) or path.startswith(scope) for scope in actor.scopes(REGISTER)
    ):
        actor.require(REGISTER, path)


def _discard(waiting: PersonImport, actor: Actor, now: datetime) -> None:
    path, waiting.path, waiting.state = waiting.path, "", ImportState.DISCARDED
    waiting.save(update_fields=["path", "state"])
    thrown = ListDiscarded(subject_id=waiting.pk, area_path=waiting.community.path)
    events.record(thrown, actor=actor, at=now)
    transaction.on_commit(lambda: run_files.discard(path))


def _still_waits(waiting: Any) -> None:
    if waiting.state == ImportState.STARTED:
        raise DomainError(_("这份名单已经导入了。"))
    if waiting.state == ImportState.DISCARDED:
        raise DomainError(_("这份名单已经放弃了，要用就再上传一次。"))
