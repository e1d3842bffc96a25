"""The log of what was sent as a file: what its page shows, addresses masked as there."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.utils.translation import gettext as _

from linli.kernel import clock, runs, tables
from linli.kernel.actor import Actor
from linli.kernel.errors import BadInput
from linli.messages.selectors.log import DeliveryLine, count_deliveries, deliveries

KIND: Final = "messages.export"
DUTY: Final = "messages.manage"
HELPING: Final = 500
HEADER: Final = tuple(map(str, (
    _("时间"), _("说什么"), _("事项"), _("告诉谁"), _("地址"), _("方式"), _("结果"), _("原因"), _("试了几次"),
    _("生成时间"),
)))  # fmt: skip


def start_export(
    *,
    state: str,
    channel: str,
    subject_id: UUID | None,
    file_format: str,
    actor: Actor,
    now: datetime,
    key: str,
) -> runs.Run:
    """Ask for the filtered log as a file. Errors: NotAllowed, BadInput."""
    actor.require(DUTY)
    if file_format not in tables.TYPES:
        raise BadInput(_("选 Excel 或 CSV。"), field="file_format")
    data = {
        "state": state,
        "channel": channel,
        "subject_id": str(subject_id) if subject_id else None,
        "file_format": file_format,
    }
    title = _("导出发送记录")
    return runs.start(KIND, title=title, data=data, actor=actor, now=now, key=key, duty=DUTY)


def carry_export(run: runs.Running) -> None:
    """Write the file, newest first."""
    asked: dict[str, Any] = {
        "state": run.data["state"],
        "channel": run.data["channel"],
        "subject_id": UUID(run.data["subject_id"]) if run.data["subject_id"] else None,
    }
    run.progress(0, count_deliveries(run.actor, **asked))
    kind = run.data["file_format"]
    name = f"{_('发送记录')} {clock.local(run.now):%Y-%m-%d %H%M}.{kind}"
    with run.open_result(name, tables.TYPES[kind]) as file:
        rows = _rows(run.actor, asked)
        count = tables.write(file, kind, _("发送记录"), HEADER, rows, tell=run.progress)
    run.say(_("共 %(n)d 条，地址已遮住。") % {"n": count})


def _rows(actor: Actor, asked: dict[str, Any]) -> Iterator[list[Any]]:
    before: UUID | None = None
    while True:
        lines = deliveries(actor, **asked, before=before, limit=HELPING)
        if not lines:
            return
        yield from map(_cells, lines)
        before = lines[-1].id


def _cells(line: DeliveryLine) -> list[Any]:
    return [
        line.at, line.title, line.event_label, line.to, line.address, line.channel_label,
        line.state_label, line.error, line.attempts, line.created_at,
    ]  # fmt: skip
