"""Who holds which post, as a file: what the page of posts shows, for the whole area below."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final

from django.utils.translation import gettext as _

from linli.kernel import clock, lists, runs
from linli.kernel.actor import Actor
from linli.posts.selectors import staffing

KIND: Final = "posts.export"
DUTY: Final = "posts.manage"
HEADER: Final = (
    "岗位", "角色", "单位", "管哪里", "小区", "谁在岗", "从哪天", "任期到", "空缺",
)  # fmt: skip


def start_export(
    *, area_path: str, area_name: str, file_format: str, actor: Actor, now: datetime, key: str
) -> runs.Run:
    """Ask for the posts at and below an area as a file. Errors: NotAllowed, BadInput."""
    actor.require(DUTY, area_path)
    title = _("导出%(area)s的岗位") % {"area": area_name}
    asked = {"area_path": area_path, "area_name": area_name}
    return lists.start(
        KIND, title=title, asked=asked, file_format=file_format, actor=actor, now=now, key=key,
        duty=DUTY,
    )  # fmt: skip


def carry_export(run: runs.Running) -> None:
    """Write the file."""
    asked = run.data["asked"]
    found = staffing.post_lines(run.actor, run.now, area_path=asked["area_path"], with_below=True)
    title = _("%(area)s的岗位") % {"area": asked["area_name"]}
    lists.carry(run, title=title, header=HEADER, rows=_rows(found), total=None)


def _rows(found: list[staffing.PostLine]) -> Iterator[list[Any]]:
    """Give a row per post and holder; a post that nobody holds has one row too."""
    for line in found:
        head = [
            line.name,
            line.role_label,
            line.organisation_name,
            line.area_name,
            line.estate_name,
        ]
        vacant = _("空缺") if line.is_vacant else ""
        for term in line.terms:
            yield [*head, term.name, clock.local(term.starts_at).date(), term.last_on, vacant]
        if not line.terms:
            yield [*head, "", None, None, vacant]
