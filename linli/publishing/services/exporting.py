"""The list of the board's articles as a file: what is written, by whom it was released, since when."""

from collections.abc import Iterator
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.utils.translation import gettext as _

from linli.kernel import lists, masking, runs
from linli.kernel.actor import Actor
from linli.publishing.models import Article
from linli.publishing.selectors import desk
from linli.publishing.states import ArticleState

KIND: Final = "publishing.export"
HEADER: Final = (
    "种类", "状态", "标题", "社区", "类别", "写的时间", "公开从", "公开到", "公开栏上有没有",
)  # fmt: skip


def start_export(
    *, asked: desk.Asked, file_format: str, actor: Actor, now: datetime, key: str
) -> runs.Run:
    """Ask for the articles of a filter as a file. Errors: NotAllowed, BadInput."""
    desk.reachable(actor)
    said = {name: str(value or "") for name, value in asdict(asked).items() if name != "before"}
    return lists.start(
        KIND, title=_("导出公开栏的内容"), asked=said, file_format=file_format, actor=actor,
        now=now, key=key, duty="",
    )  # fmt: skip


def carry_export(run: runs.Running) -> None:
    """Write the file."""
    said = run.data["asked"]
    community_id = UUID(said["community_id"]) if said["community_id"] else None
    asked = desk.Asked(kind=said["kind"], state=said["state"], community_id=community_id)
    words = _("没有公开的标题里，个人信息已遮住。")
    lists.carry(run, title=_("公开栏"), header=HEADER, rows=_rows(asked, run.actor), words=words)


def _articles(asked: desk.Asked, actor: Actor) -> Iterator[Article]:
    """Give all articles of a filter, those made last first, helping by helping."""
    while True:
        found = desk.articles(asked, actor)
        yield from found.rows
        if not found.has_more:
            return
        asked = replace(asked, before=found.rows[-1].pk)


def _rows(asked: desk.Asked, actor: Actor) -> Iterator[list[Any]]:
    for row in _articles(asked, actor):
        category: Any = row.category
        is_live: bool = row.is_live  # type: ignore[attr-defined]
        yield [
            row.get_kind_display(), ArticleState(row.state).label, _title(row, is_live=is_live),
            row.community.name if row.community else "", category.name if category else "",
            row.written_at, row.valid_from, row.valid_until, _("有") if is_live else "",
        ]  # fmt: skip


def _title(row: Article, *, is_live: bool) -> str:
    """A title that nobody released yet may still name somebody."""
    return row.title if is_live else masking.mask_text(row.title)
