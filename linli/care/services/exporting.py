"""The list as a file: who is looked after, masked; needs only as many as somebody has."""

from collections.abc import Iterator
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.utils.translation import gettext as _

from linli.care.events import CareExported
from linli.care.selectors import lists
from linli.care.selectors.access import MANAGE
from linli.care.states import Turn
from linli.kernel import clock, events, runs, tables
from linli.kernel.actor import Actor

KIND: Final = "care.export"
_HELPING: Final = 500


def header() -> list[str]:
    """Return the heads of the columns."""
    return [
        _("姓名"), _("年龄"), _("住处"), _("社区"), _("关怀等级"), _("几天一次"), _("第一走访人"),
        _("第二走访人"), _("现在轮到"), _("最后见到"), _("几天没见"), _("下次"), _("没见到几次"),
        _("列入日期"),
    ]  # fmt: skip


def start_export(*, asked: lists.Asked, actor: Actor, now: datetime, key: str) -> runs.Run:
    """Ask for the list behind a question as a file; the same key gives the same run.

    Errors: NotAllowed.
    """
    actor.require(MANAGE)
    data = {
        name: str(value) if isinstance(value, UUID) else value
        for name, value in asdict(replace(asked, after="")).items()
    }
    return runs.start(
        KIND, title=_("导出关怀名单"), data={"asked": data, "asked_at": now.isoformat()},
        actor=actor, now=now, key=key, duty=MANAGE,
    )  # fmt: skip


def carry_export(run: runs.Running) -> None:
    """Write the file of an export; names are masked, what somebody suffers from stays out."""
    said = run.data["asked"]
    asked = lists.Asked(**said | {"post_id": UUID(said["post_id"]) if said["post_id"] else None})
    asked_at = datetime.fromisoformat(run.data["asked_at"])
    name = f"{_('关怀名单')} {clock.local(asked_at):%Y-%m-%d %H%M}.xlsx"
    with run.open_result(name, tables.TYPES["xlsx"]) as file:
        rows = _rows(asked, run.actor, asked_at)
        count = tables.write(
            file, "xlsx", _("关怀名单"), header(), rows, tell=lambda done: run.progress(done, None)
        )
    event = CareExported(subject_id=run.id, count=count)
    events.record(event, actor=run.actor, at=run.now)
    run.say(_("共 %(n)d 位，姓名已遮住。") % {"n": count})


def _rows(asked: lists.Asked, actor: Actor, at: datetime) -> Iterator[list[Any]]:
    while True:
        page = lists.care_list(asked, actor, at, limit=_HELPING)
        yield from (_cells(one) for one in page.rows)
        if not page.next_after:
            return
        asked = replace(asked, after=page.next_after)


def _cells(one: lists.Row) -> list[Any]:
    row, line = one.profile, one.line
    return [
        line.name_masked if line else "", line.age if line else None,
        line.home_label if line else "", row.community.name, row.level.name, row.every_days,
        row.post.name, row.second_post.name if row.second_post else "", str(Turn(row.turn).label),
        row.seen_at, one.days, row.due_on, row.misses, clock.local(row.started_at).date(),
    ]  # fmt: skip
