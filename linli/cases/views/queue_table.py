"""The queue's table, drawn in one go: a row has thirty small parts, and in a template each of them is
looked up, escaped and joined by itself, which is most of what the page costs.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from html import escape
from typing import Any, Final

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from linli.cases.selectors.queue import Row
from linli.cases.views.showing import SOURCE_WORDS, STATE_WORDS, TONES, marks_line
from linli.kernel import marks
from linli.kernel.ids import new_id

_COLUMNS: Final = ("事项", "状态", "网格", "时限", "承办", "来源", "上报时间")


def draw(rows: Iterable[Row], now: datetime, *, may_pick: bool) -> SafeString:
    """Return the table of a page of the queue; may_pick: cases can be chosen for many at once."""
    head = "".join(f"<th>{escape(_(word))}</th>" for word in _COLUMNS)
    pick = _PICK_ALL.format(all=escape(_("全选"))) if may_pick else ""
    body = "\n".join(_rows(rows, now, may_pick=may_pick))
    return SafeString(
        f'<table class="queue" data-queue>\n<thead><tr>{pick}{head}</tr></thead>\n'
        f"<tbody>\n{body}\n</tbody>\n</table>"
    )


_PICK_ALL: Final = (
    '<th class="queue__pick"><label for="all"><span class="vh">{all}</span>'
    '<input class="pick" type="checkbox" id="all" data-all></label></th>'
)


def _rows(rows: Iterable[Row], now: datetime, *, may_pick: bool) -> Iterator[str]:
    cell, address = _cells(), _addresses()
    hush = f'<span class="hush">{escape(_("未指派"))}</span>'
    arbitration = marks.status("back", _("待裁定"))
    flag = f" {marks.urgent()}"
    for row in rows:
        status = marks.status(TONES[row.state], STATE_WORDS[row.state])
        limit = marks.limit(
            row.clock_started_at, row.due_at, now, is_stopped=row.state == "suspended"
        )
        yield (
            f"<tr data-row>{_pick(row) if may_pick else ''}"
            f'<td><a class="queue__title" href="{address(row)}" data-open>{escape(row.title)}</a>'
            f'{flag if row.is_urgent else ""}<br><span class="meta">{escape(marks_line(row))}</span></td>'
            f"{cell(1)}{arbitration if row.is_in_arbitration else status}</td>"
            f"{cell(2)}{escape(row.grid or '—')}</td>"
            f"{cell(3)}{limit}</td>"
            f"{cell(4)}{escape(row.hands) if row.hands else hush}</td>"
            f"{cell(5)}{escape(SOURCE_WORDS[row.source])}</td>"
            f"{cell(6)}{marks.moment(row.reported_at, now)}</td></tr>"
        )


def _pick(row: Row) -> str:
    return (
        f'<td class="queue__pick"><label for="p{row.id.hex}"><span class="vh">{escape(_("选"))} '
        f'{escape(row.number)}</span><input class="pick" type="checkbox" id="p{row.id.hex}"'
        f' name="case" value="{row.id}"></label></td>'
    )


def _cells() -> Callable[[int], str]:
    """Return the opening of each column's cell, with the label that a phone shows before it."""
    return [f'<td data-label="{escape(_(word))}">' for word in _COLUMNS].__getitem__


def _addresses() -> Callable[[Row], str]:
    """Return how a row's page is addressed: the pattern is looked up once for all rows."""
    some = new_id()
    pattern: Any = reverse("cases:desk_case", args=[some]).replace(str(some), "{}")
    return lambda row: pattern.format(row.id)
