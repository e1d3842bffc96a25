"""The calls of one state as a file: what the page shows, the reporter by nothing but the case's number."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final

from django.utils.translation import gettext as _

from linli.cases.selectors import followups as calling
from linli.cases.selectors.progress import SATISFACTION
from linli.kernel import lists, masking, runs
from linli.kernel.actor import Actor
from linli.kernel.errors import BadInput

KIND: Final = "cases.followup_export"
HEADER: Final = (
    "工单编号", "标题", "类别", "哪一周办结", "居民自己：解决了吗", "居民自己：满意度", "回访",
    "打过几次", "回访：解决了吗", "回访：满意度", "回访：原话", "回访结束",
)  # fmt: skip


def start_export(
    *, state: str, file_format: str, actor: Actor, now: datetime, key: str
) -> runs.Run:
    """Ask for the calls of a state as a file. Errors: NotAllowed, BadInput."""
    actor.require(calling.DUTY)
    if state not in dict(calling.STATES):
        raise BadInput(_("选一种进度。"), field="state")
    return lists.start(
        KIND, title=_("导出回访"), asked={"state": state}, file_format=file_format, actor=actor,
        now=now, key=key, duty=calling.DUTY,
    )  # fmt: skip


def carry_export(run: runs.Running) -> None:
    """Write the file."""
    state = run.data["asked"]["state"]
    total = calling.counts(run.actor)[state]
    words = _("标题和原话里的个人信息已遮住。")
    rows = _rows(run.actor, state)
    lists.carry(run, title=_("回访"), header=HEADER, rows=rows, total=total, words=words)


def _rows(actor: Actor, state: str) -> Iterator[list[Any]]:
    yes_no = {True: _("是"), False: _("否"), None: ""}
    states = dict(calling.STATES)
    for row in calling.all_followups(actor, state):
        case: Any = row.case
        yield [
            case.number, masking.mask_text(case.title), case.category.name, row.week_on,
            yes_no[case.is_solved], _word(case.satisfaction), states[row.state], row.attempts,
            yes_no[row.is_solved], _word(row.satisfaction), masking.mask_text(row.remarks),
            row.ended_at,
        ]  # fmt: skip


def _word(satisfaction: int | None) -> str:
    return str(SATISFACTION.get(satisfaction or 0, ""))
