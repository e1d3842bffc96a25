"""What is drawn for paper: the result of a campaign on one page of A4, always one page."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any, Final

from django.utils.translation import gettext as _
from PIL import Image

from linli.kernel import pdf, pictures
from linli.kernel.pdf import BRAND, BRAND_SOFT, INK_2, LINE, MARGIN, PAGE_HEIGHT, PAGE_WIDTH, WHITE

if TYPE_CHECKING:
    from linli.campaigns.selectors.results import Pair, Result
    from linli.kernel.paper import Paper

WIDTH: Final = PAGE_WIDTH - 2 * MARGIN
FIGURES_TOP, FIGURE_HEIGHT, PAIRS_TOP = 82.0, 30.0, 152.0
PAIR_WIDTH, PAIR_HEIGHT = (WIDTH - 6) / 2, 44.0


def result_sheet(result: Result) -> bytes:
    """Return a campaign's result as PDF: the counts large, before and after, who took part."""
    campaign = result.campaign
    paper = pdf.new_paper(title=f"{campaign.community.name} {campaign.title}")
    paper.add_page()
    _head(paper, result)
    _figures(paper, result)
    _pairs(paper, result.pairs[:4])
    _foot(paper, result)
    return pdf.printed(paper)


def _head(paper: Paper, result: Result) -> None:
    campaign = result.campaign
    paper.block(MARGIN, 14, 12, 12, BRAND)
    name = campaign.community.name
    paper.put(MARGIN + 6, 22.8, name[:1], 22, colour=WHITE, weight=20, align=0.5)
    paper.put(MARGIN + 16, 22.8, name, paper.fitting(name, 20, 120, 12), colour=BRAND, weight=25)
    size = paper.fitting(campaign.title, 34, WIDTH, 16)
    paper.put(MARGIN - 0.5, 44, campaign.title, size, weight=36)
    days = f"{campaign.starts_on:%Y-%m-%d} — {campaign.ends_on:%Y-%m-%d}"
    line = _("%(days)s · 出动 %(n)d 天 · 清单 %(total)d 条") % {
        "days": days,
        "n": result.day_count,
        "total": result.total,
    }
    paper.put(MARGIN, 54, line, 12.5, colour=INK_2)
    text = result.text or _("还没有办好的。")
    for number, part in enumerate(_filled(paper, text, 15, WIDTH)[:2]):
        paper.put(MARGIN, 65 + number * 7.5, part, 15)


def _filled(paper: Paper, text: str, size: float, width: float) -> list[str]:
    lines, line = [], ""
    for character in text:
        if line and paper.width_of(line + character, size) > width:
            lines.append(line)
            line = ""
        line += character
    return [*lines, line]


def _figures(paper: Paper, result: Result) -> None:
    shown = [one for one in result.figures if one.count or one.left][:6]
    columns = 3
    width = WIDTH / columns
    for at, one in enumerate(shown):
        row, column = divmod(at, columns)
        left, top = MARGIN + column * width, FIGURES_TOP + row * (FIGURE_HEIGHT + 3)
        paper.block(left, top, width - 3, FIGURE_HEIGHT, BRAND_SOFT)
        size = paper.fitting(one.name, 13, width - 9, 8)
        paper.put(left + 4, top + 8, one.name, size, colour=BRAND, weight=25)
        paper.put(left + 4, top + 23, str(one.count), 34, weight=30)
        end = left + 6 + paper.width_of(str(one.count), 34)
        paper.put(end, top + 23, one.unit, 14, colour=INK_2)
        if one.left:
            words = _("未清 %(n)d") % {"n": one.left}
            paper.put(left + width - 7, top + 23, words, 10.5, colour=INK_2, align=1)


def _pairs(paper: Paper, pairs: tuple[Pair, ...]) -> None:
    for at, pair in enumerate(pairs):
        row, column = divmod(at, 2)
        left = MARGIN + column * (PAIR_WIDTH + 6)
        top = PAIRS_TOP + row * (PAIR_HEIGHT + 13)
        half = (PAIR_WIDTH - 2) / 2
        _shot(paper, pair.before.path, left, top, half)
        _shot(paper, pair.after.path, left + half + 2, top, half)
        words = f"{pair.entry.kind.name} · {pair.entry.place_label}"
        size = paper.fitting(words, 10, PAIR_WIDTH, 6)
        paper.put(left, top + PAIR_HEIGHT + 5, words, size, colour=INK_2)


def _shot(paper: Paper, path: str, left: float, top: float, width: float) -> None:
    picture = _cut(path, width / PAIR_HEIGHT)
    if picture is not None:
        paper.image(picture, left, top, width, PAIR_HEIGHT)


def _cut(path: str, ratio: float) -> Any:
    """Return a stored photo cut to a shape from its middle, small enough for paper; None when gone."""
    try:
        with pictures.open_stored(path) as file, Image.open(file) as image:
            whole = image.convert("RGB")
    except (FileNotFoundError, OSError):
        return None
    width, height = whole.size
    wide = min(width, round(height * ratio))
    tall = min(height, round(width / ratio))
    left, top = (width - wide) // 2, (height - tall) // 2
    cut = whole.crop((left, top, left + wide, top + tall))
    cut.thumbnail((500, 500))
    buffer = io.BytesIO()
    cut.save(buffer, "JPEG", quality=82)
    buffer.seek(0)
    return buffer


def _foot(paper: Paper, result: Result) -> None:
    paper.set_draw_color(*LINE)
    paper.set_line_width(0.3)
    paper.line(MARGIN, 267, PAGE_WIDTH - MARGIN, 267)
    bodies = "、".join(result.bodies) or result.campaign.community.name
    line = _("参加：%(bodies)s") % {"bodies": bodies}
    for number, part in enumerate(_filled(paper, line, 10.5, WIDTH)[:2]):
        paper.put(MARGIN, 273 + number * 5.5, part, 10.5, colour=INK_2)
    counts = result.by_state
    words = _(
        "已整治 %(done)d 条，转工单 %(handed)d 条，这次办不了 %(not_done)d 条，待整治 %(open)d 条"
    )
    said = words % {
        "done": counts["settled"],
        "handed": counts["handed"],
        "not_done": counts["impossible"],
        "open": counts["open"],
    }
    paper.put(MARGIN, min(285, PAGE_HEIGHT - 10), said, 10.5, colour=INK_2)
