"""A page of paper with a Chinese font inside; lines are put by their baseline, in millimetres.

Loading fpdf2 takes 0.4 s; pdf.py imports this module only when somebody prints.
"""

import re
from datetime import UTC, datetime
from typing import Final

import pylopdf_fonts_zh_cn
from fpdf import FPDF
from fpdf.enums import TextMode

FONT: Final = "sans"
# No moment of printing is written into the file: the same call gives the same bytes.
TIMELESS = datetime(2000, 1, 1, tzinfo=UTC)

Colour = tuple[int, int, int]
INK: Colour = (0x15, 0x26, 0x2B)


class Paper(FPDF):
    """Pages of A4 without margins."""

    def __init__(self, title: str) -> None:
        super().__init__(format="A4")
        self.set_auto_page_break(False)
        self.set_margin(0)
        self.set_title(title)
        self.set_lang("zh-CN")
        self.set_creation_date(TIMELESS)
        self.add_font(FONT, fname=pylopdf_fonts_zh_cn.sans_path())

    def let_go(self) -> None:
        """Close the font's file; nothing can be drawn afterwards."""
        for font in self.fonts.values():
            font.ttfont.close()  # type: ignore[union-attr]
        self.fonts.clear()

    def width_of(self, text: str, size: float) -> float:
        """Return how wide a line is in millimetres."""
        self.set_font(FONT, size=size)
        return float(self.get_string_width(text))

    def put(
        self,
        x: float,
        y: float,
        text: str,
        size: float,
        *,
        colour: Colour = INK,
        weight: float = 0,
        align: float = 0,
    ) -> None:
        """Write a line with its baseline at y.

        weight: thickens the strokes, in thousandths of the size; the font has one weight only.
        align: 0 starts at x, 0.5 is centred on it, 1 ends there.
        """
        left = x - align * self.width_of(text, size)
        with self.local_context():
            self.set_font(FONT, size=size)
            self.set_text_color(*colour)
            if weight:
                self.text_mode = TextMode.FILL_STROKE
                self.set_draw_color(*colour)
                self.set_line_width(size * 0.3528 * weight / 1000)
            self.text(left, y, text)

    def fitting(self, text: str, size: float, width: float, smallest: float) -> float:
        """Return the largest size, at most `size`, at which the line is no wider than `width`."""
        wide = self.width_of(text, size)
        return max(smallest, size * min(1, width / wide)) if wide else size

    def wrapped(self, name: str, size: float, width: float, lines: int) -> list[str]:
        """Return a place's name in lines of that width; what does not fit ends in an ellipsis.

        A name that needs two lines breaks before its first number: 金桂园小区 / 3 栋 2 单元.
        """
        if self.width_of(name, size) <= width:
            return [name]
        result: list[str] = []
        for part in re.split(r"(?<=[^\W\d])\s*(?=\d)", name, maxsplit=1):
            result += self._filled(part, size, width)
        if len(result) > lines:
            result = [*result[: lines - 1], result[lines - 1][:-1] + "…"]
        return result

    def _filled(self, text: str, size: float, width: float) -> list[str]:
        result, line = [], ""
        # A number stays with its unit, a Latin word whole; anything else may break.
        for piece in re.findall(r"\d+\s?[号栋幢座楼层室门单元]+|[!-~]+|\s|.", text):
            if line and self.width_of(line + piece, size) > width:
                result.append(line.strip())
                line = ""
            line += piece
        return [*result, line.strip()]

    def block(self, x: float, y: float, width: float, height: float, colour: Colour) -> None:
        """Fill a rectangle with round corners."""
        self.set_fill_color(*colour)
        radius = min(4, width / 5, height / 5)
        self.rect(x, y, width, height, style="F", round_corners=True, corner_radius=radius)
