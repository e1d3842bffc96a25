"""Paper: the poster for a door and sheets of stickers, A4, with a Chinese font inside.

The same call gives the same bytes, so a poster printed again is the poster that hangs there.
Posters stay 15 mm from the edge, which office printers do not reach.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from linli.kernel import qr

if TYPE_CHECKING:
    from linli.kernel.paper import Paper

PAGE_WIDTH, PAGE_HEIGHT, MARGIN = 210.0, 297.0, 15.0

Colour = tuple[int, int, int]
BRAND: Colour = (0x12, 0x59, 0x5F)
BRAND_SOFT: Colour = (0xE2, 0xEF, 0xED)
INK: Colour = (0x15, 0x26, 0x2B)
INK_2: Colour = (0x44, 0x56, 0x5C)
KAKI: Colour = (0xB2, 0x3A, 0x20)
LINE: Colour = (0xC3, 0xCD, 0xC9)
WHITE: Colour = (0xFF, 0xFF, 0xFF)


@dataclass(frozen=True, slots=True)
class Place:
    """What a code on a wall leads to.

    url: what the QR holds. code: the same in characters, to be typed at `site`.
    """

    url: str
    name: str
    code: str


@dataclass(frozen=True, slots=True)
class Sender:
    """Who puts it up: the community, where its page is, under which number it answers."""

    community: str
    site: str
    phone: str = ""
    headline: tuple[str, str] = ("有事扫一扫", "件件有回音")


@dataclass(frozen=True, slots=True)
class Sheet:
    """How stickers stand on a page: ready-cut A4 labels are 3 x 8 (70 x 37 mm) or 2 x 5."""

    columns: int = 3
    rows: int = 8


def poster(place: Place, sender: Sender) -> bytes:
    """Return an A4 poster as PDF: one place, its code as large as the page allows."""
    paper = new_paper(title=f"{sender.community} {place.name}")
    paper.add_page()
    _head(paper, sender)
    _panel(paper, place, sender)
    _steps(paper)
    _foot(paper, sender)
    return printed(paper)


def sticker_sheet(
    places: Sequence[Place],
    sender: Sender,
    sheet: Sheet | None = None,
    *,
    tell: Callable[[int], None] = lambda count: None,
) -> bytes:
    """Return stickers as PDF, as many pages of A4 as the places need.

    The grid starts at the corner of the page, as on ready-cut labels; hairlines show where to cut.
    tell: hears after each sticker how many are drawn, and may raise to stop.
    """
    sheet = sheet or Sheet()
    paper = new_paper(title=f"{sender.community} 点位码")
    try:
        _draw_stickers(paper, places, sender, sheet, tell)
    except BaseException:
        _let_go(paper)
        raise
    return printed(paper)


def _draw_stickers(
    paper: Paper,
    places: Sequence[Place],
    sender: Sender,
    sheet: Sheet,
    tell: Callable[[int], None],
) -> None:
    width, height = PAGE_WIDTH / sheet.columns, PAGE_HEIGHT / sheet.rows
    for number, place in enumerate(places):
        row, column = divmod(number % (sheet.columns * sheet.rows), sheet.columns)
        if row == column == 0:
            paper.add_page()
            _cutting_lines(paper, sheet)
        _sticker(paper, place, sender, (column * width, row * height, width, height))
        tell(number + 1)
    if not places:
        paper.add_page()


def new_paper(title: str) -> Paper:
    """Return empty paper. Imported here, for start-up: most processes never print."""
    from linli.kernel.paper import Paper

    return Paper(title)


def printed(paper: Paper) -> bytes:
    """Return the file, and let the font go."""
    content = bytes(paper.output())
    _let_go(paper)
    return content


def _let_go(paper: Paper) -> None:
    """Let the font go: its parts hold each other, 16 MB a print would stay."""
    paper.let_go()
    gc.collect()


def _head(paper: Paper, sender: Sender) -> None:
    paper.block(MARGIN, 15, 13, 13, BRAND)
    paper.put(MARGIN + 6.5, 24.6, "邻", 25, colour=WHITE, weight=20, align=0.5)
    size = paper.fitting(sender.community, 22, 160, 14)
    paper.put(MARGIN + 17, 24.4, sender.community, size, colour=BRAND, weight=25)
    for number, line in enumerate(sender.headline):
        size = paper.fitting(line, 70, PAGE_WIDTH - 2 * MARGIN, 30)
        paper.put(MARGIN - 0.8, 59 + number * 29, line, size, weight=38)


def _panel(paper: Paper, place: Place, sender: Sender) -> None:
    top, height = 101.0, 116.0
    paper.block(MARGIN, top, PAGE_WIDTH - 2 * MARGIN, height, BRAND_SOFT)
    paper.block(MARGIN + 5, top + 5, 106, 106, WHITE)
    paper.image(qr.picture(place.url), MARGIN + 5, top + 5, 106, 106)
    left, width = MARGIN + 118, 57.0
    paper.put(left, top + 16, _("这里是"), 13, colour=INK_2)
    y = top + 27
    for line in paper.wrapped(place.name, 23, width, 4):
        paper.put(left, y, line, 23, colour=BRAND, weight=28)
        y += 10.5
    y = top + height - 30
    paper.put(left, y, _("扫不了？也可以打开"), 11.5, colour=INK_2)
    paper.put(left, y + 7, sender.site, paper.fitting(sender.site, 13, width, 7))
    paper.put(left, y + 14.5, _("输入"), 11.5, colour=INK_2)
    paper.put(left, y + 23, place.code, paper.fitting(place.code, 21, width, 10), weight=25)


def _steps(paper: Paper) -> None:
    steps = (
        (_("扫码"), _("相机或微信都可以，"), _("不用注册")),
        (_("说一句"), _("哪里不对，"), _("能拍照就拍一张")),
        (_("等回音"), _("谁在办、几时办好，"), _("手机上随时看")),
    )
    for number, (title, *lines) in enumerate(steps):
        left = MARGIN + number * 62.5
        paper.set_fill_color(*BRAND)
        paper.circle(left + 5.5, 232, 5.5, style="F")
        paper.put(left + 5.5, 234.2, str(number + 1), 17, colour=WHITE, weight=30, align=0.5)
        paper.put(left + 15, 234.6, title, 21, weight=30)
        for row, line in enumerate(lines):
            paper.put(left + 15, 242.4 + row * 6, line, 12, colour=INK_2)


def _foot(paper: Paper, sender: Sender) -> None:
    paper.set_draw_color(*LINE)
    paper.set_line_width(0.3)
    paper.line(MARGIN, 257, PAGE_WIDTH - MARGIN, 257)
    if sender.phone:
        paper.put(MARGIN, 266, _("不用手机也行，打电话给社区"), 12.5, colour=INK_2)
        size = paper.fitting(sender.phone, 30, 96, 16)
        paper.put(MARGIN, 279, sender.phone, size, colour=BRAND, weight=28)
    else:
        paper.put(MARGIN, 266, _("不用手机也行，直接到社区来说"), 12.5, colour=INK_2)
    paper.put(PAGE_WIDTH - MARGIN, 266, _("紧急情况请直接拨打"), 12.5, colour=KAKI, align=1)
    paper.put(PAGE_WIDTH - MARGIN, 279, "110 / 119 / 120", 28, colour=KAKI, weight=28, align=1)


def _cutting_lines(paper: Paper, sheet: Sheet) -> None:
    paper.set_draw_color(*LINE)
    paper.set_line_width(0.1)
    for column in range(1, sheet.columns):
        x = PAGE_WIDTH / sheet.columns * column
        paper.line(x, 0, x, PAGE_HEIGHT)
    for row in range(1, sheet.rows):
        y = PAGE_HEIGHT / sheet.rows * row
        paper.line(0, y, PAGE_WIDTH, y)


def _sticker(
    paper: Paper, place: Place, sender: Sender, cell: tuple[float, float, float, float]
) -> None:
    x, y, width, height = cell
    scale = min(width / 70, height / 37)
    inset = 3.5 * scale
    side = min(height - 2 * inset, width * 0.45)
    paper.image(qr.picture(place.url), x + inset, y + (height - side) / 2, side, side)
    left = x + inset + side + 1.5 * scale
    room = x + width - left - inset
    top = y + height / 2 - 15.5 * scale
    paper.put(left, top + 5.5 * scale, _("有事扫一扫"), 13 * scale, colour=BRAND, weight=30)
    size = paper.fitting(sender.community, 7.5 * scale, room, 5)
    paper.put(left, top + 9.8 * scale, sender.community, size, colour=INK_2)
    name = paper.wrapped(place.name, 10 * scale, room, 3)
    size, step, first = (10, 4.6, 15) if len(name) < 3 else (8, 3.6, 14)
    name = paper.wrapped(place.name, size * scale, room, 3)
    for number, line in enumerate(name):
        paper.put(left, top + (first + step * number) * scale, line, size * scale)
    code = paper.fitting(place.code, 11 * scale, room, 6)
    paper.put(left, top + 26.6 * scale, place.code, code, weight=25)
    hint = _("打开 %(site)s 输入也行") % {"site": sender.site}
    size = paper.fitting(hint, 7 * scale, room, 4.5)
    paper.put(left, top + 30.4 * scale, hint, size, colour=INK_2)
