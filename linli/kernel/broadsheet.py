"""One page of A4 for a wall: a headline, large numbers, short lists, a code. It always fits one page.

Whoever fills it says what matters first: what does not fit below is left out, and long lines end in
an ellipsis. Put up in a stairwell it is read from a metre away.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from linli.kernel import pdf, qr
from linli.kernel.pdf import BRAND, BRAND_SOFT, INK_2, LINE, MARGIN, PAGE_WIDTH, WHITE

if TYPE_CHECKING:
    from linli.kernel.paper import Paper

WIDTH = PAGE_WIDTH - 2 * MARGIN
LISTS_BEGIN, LISTS_END = 124.0, 244.0  # between the rates and the foot
HEADING, LINE_STEP, SMALL_STEP = 13.0, 7.0, 5.2


@dataclass(frozen=True, slots=True)
class Number:
    """A number with what it counts; `of` and `note` are small lines below."""

    label: str
    value: str
    of: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Item:
    """A line of a list, and a smaller one below."""

    words: str
    small: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """A heading with its items."""

    heading: str
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Broadsheet:
    """What stands on the page, in its order."""

    sender: str
    title: str
    days: str
    counts: tuple[Number, ...]
    rates: tuple[Number, ...]
    parts: tuple[Part, ...]
    url: str
    site: str
    phone: str = ""


def broadsheet(sheet: Broadsheet) -> bytes:
    """Return the page as PDF: one page, whatever it says."""
    paper = pdf.new_paper(title=f"{sheet.sender} {sheet.title} {sheet.days}")
    paper.add_page()
    _head(paper, sheet)
    _numbers(paper, sheet.counts, 67, 27)
    _rates(paper, sheet.rates)
    _parts(paper, sheet.parts)
    _foot(paper, sheet)
    return pdf.printed(paper)


def _head(paper: Paper, sheet: Broadsheet) -> None:
    paper.block(MARGIN, 14, 12, 12, BRAND)
    paper.put(MARGIN + 6, 22.8, sheet.sender[:1], 22, colour=WHITE, weight=20, align=0.5)
    size = paper.fitting(sheet.sender, 22, WIDTH - 16, 12)
    paper.put(MARGIN + 16, 22.8, sheet.sender, size, colour=BRAND, weight=25)
    size = paper.fitting(sheet.title, 46, 88, 20)
    paper.put(MARGIN - 0.6, 47, sheet.title, size, weight=36)
    size = paper.fitting(sheet.days, 17, 84, 9)
    paper.put(PAGE_WIDTH - MARGIN, 47, sheet.days, size, colour=INK_2, align=1)


def _numbers(paper: Paper, numbers: Sequence[Number], y: float, size: float) -> None:
    width = WIDTH / max(len(numbers), 1)
    for at, one in enumerate(numbers):
        left = MARGIN + at * width
        paper.put(left, y - 11, one.label, 12.5, colour=INK_2)
        room = width - 3
        paper.put(left, y, one.value, paper.fitting(one.value, size, room, 12), weight=30)


def _rates(paper: Paper, rates: Sequence[Number]) -> None:
    top, height = 73.0, 40.0
    paper.block(MARGIN, top, WIDTH, height, BRAND_SOFT)
    width = WIDTH / max(len(rates), 1)
    for at, one in enumerate(rates):
        left, room = MARGIN + 5 + at * width, width - 7
        paper.put(left, top + 8.5, one.label, 14, colour=BRAND, weight=25)
        paper.put(left, top + 22, one.value, paper.fitting(one.value, 34, room, 14), weight=30)
        paper.put(left, top + 29, one.of, paper.fitting(one.of, 11, room, 6), colour=INK_2)
        paper.put(left, top + 35.5, one.note, paper.fitting(one.note, 11, room, 6), colour=INK_2)


def _parts(paper: Paper, parts: Sequence[Part]) -> None:
    y = LISTS_BEGIN
    for part, number in zip(parts, allotted(parts), strict=True):
        if not number:
            continue
        paper.put(MARGIN, y, part.heading, 16, colour=BRAND, weight=28)
        y += 2.5
        paper.set_draw_color(*LINE)
        paper.set_line_width(0.3)
        paper.line(MARGIN, y, PAGE_WIDTH - MARGIN, y)
        for item in part.items[:number]:
            y += LINE_STEP
            paper.put(MARGIN, y, cut(paper, item.words, 14, WIDTH), 14)
            if item.small:
                y += SMALL_STEP
                paper.put(MARGIN, y, cut(paper, item.small, 11, WIDTH), 11, colour=INK_2)
        y += HEADING - 2.5


def allotted(parts: Sequence[Part]) -> list[int]:
    """Return how many items of each part fit: a round takes one of each, so that none is left out."""
    room, numbers = LISTS_END - LISTS_BEGIN, [0] * len(parts)
    for turn in range(max([0, *(len(part.items) for part in parts)])):
        for at, part in enumerate(parts):
            if turn < len(part.items) and numbers[at] == turn:
                item = part.items[turn]
                height = LINE_STEP + (SMALL_STEP if item.small else 0) + (0 if turn else HEADING)
                if height <= room:
                    room -= height
                    numbers[at] += 1
    return numbers


def cut(paper: Paper, words: str, size: float, width: float) -> str:
    """Return the words, or as many as fit the width and an ellipsis."""
    line = " ".join(words.split())
    if paper.width_of(line, size) <= width:
        return line
    low, high = 0, len(line)
    while low < high:
        middle = (low + high + 1) // 2
        fits = paper.width_of(line[:middle] + "…", size) <= width
        low, high = (middle, high) if fits else (low, middle - 1)
    return line[:low] + "…"


def _foot(paper: Paper, sheet: Broadsheet) -> None:
    top = 245.0
    paper.set_draw_color(*LINE)
    paper.set_line_width(0.3)
    paper.line(MARGIN, top, PAGE_WIDTH - MARGIN, top)
    paper.image(qr.picture(sheet.url), MARGIN - 2, top + 1.5, 38, 38)
    left, room = MARGIN + 42, WIDTH - 42
    paper.put(left, top + 11, _("扫码看全部，带照片、办事指南和每一期"), 15, weight=22)
    where = _("或打开 %(site)s") % {"site": sheet.site}
    paper.put(left, top + 18, where, paper.fitting(where, 11, room, 6), colour=INK_2)
    if sheet.phone:
        paper.put(left, top + 32, _("社区电话"), 12, colour=INK_2)
        size = paper.fitting(sheet.phone, 26, room - 22, 12)
        paper.put(left + 22, top + 32.6, sheet.phone, size, colour=BRAND, weight=26)
