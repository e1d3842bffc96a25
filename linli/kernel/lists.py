"""Lists that leave as files: asked for with one button, written as a run, the same for every room.

A room names its columns and gives its rows; the run shows progress and can be stopped, cells are no
formulas, and the file opens in Excel without a question (`kernel.tables`).
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from linli.kernel import clock, runs, tables
from linli.kernel.actor import Actor
from linli.kernel.errors import BadInput
from linli.kernel.ids import new_id
from linli.kernel.web import Request


def start(
    kind: str, *, title: str, asked: dict[str, Any], file_format: str, actor: Actor, now: datetime,
    key: str, duty: str,
) -> runs.Run:  # fmt: skip
    """Ask for a list as a file; the same key again gives the same run.

    asked: the list's filter, as JSON can hold it. Whoever may ask was looked at by the caller.
    Errors: BadInput (no such format).
    """
    if file_format not in tables.TYPES:
        raise BadInput(_("选 Excel 或 CSV。"), field="file_format")
    data = {"asked": asked, "file_format": file_format, "asked_at": now.isoformat()}
    return runs.start(kind, title=title, data=data, actor=actor, now=now, key=key, duty=duty)


def carry(
    run: runs.Running, *, title: str, header: Sequence[str], rows: Iterable[Sequence[Any]],
    total: int | None = None, words: str = "",
) -> int:  # fmt: skip
    """Write the rows of a list and return how many there were. words: what else is said at the end."""
    run.progress(0, total)
    kind, at = run.data["file_format"], datetime.fromisoformat(run.data["asked_at"])
    name = f"{title} {clock.local(at):%Y-%m-%d %H%M}.{kind}"
    with run.open_result(name, tables.TYPES[kind]) as file:
        count = tables.write(
            file, kind, title, header, rows, tell=lambda done: run.progress(done, total)
        )
    run.say(_("共 %(n)d 行。") % {"n": count} + words)
    return count


def wish_of(request: Request) -> dict[str, Any]:
    """Return what the button says: the format, and the key by which pressing twice counts once."""
    return {
        "file_format": request.POST.get("file_format", "xlsx"),
        "key": request.POST.get("key", "")[:64] or new_id().hex,
    }
