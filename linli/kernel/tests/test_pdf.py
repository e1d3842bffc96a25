"""Posters and stickers on paper, and the codes on them."""

import io
import re

import pytest
import segno
from pypdfium2 import PdfDocument

from linli.kernel import pdf, qr
from linli.kernel.paper import Paper

SENDER = pdf.Sender("东城社区", "linli.example.cn", "100-0000-0000")
DOOR = pdf.Place("https://linli.example.cn/s/djc-4f7k2m", "金桂园小区 3 栋 2 单元", "DJC-4F7K2M")


def doors(count: int) -> list[pdf.Place]:
    return [
        pdf.Place(f"https://linli.example.cn/s/djc-{n:06}", f"金桂园小区 {n} 栋", f"DJC-{n:06}")
        for n in range(count)
    ]


def page_count(content: bytes) -> int:
    return len(re.findall(rb"/Type /Page\b", content))


def words_of(content: bytes) -> str:
    """Return the text of a PDF without spaces, as a screen reader finds it."""
    with PdfDocument(content) as document:
        words = [page.get_textpage().get_text_bounded() for page in document]
    return "".join("".join(words).split())


@pytest.fixture(scope="module")
def poster() -> bytes:
    return pdf.poster(DOOR, SENDER)


@pytest.fixture(scope="module")
def stickers() -> bytes:
    return pdf.sticker_sheet(doors(25), SENDER)


def test_a_poster_says_where_one_is_what_to_do_and_whom_to_call(poster):
    words = words_of(poster)
    for part in (
        "东城社区", "有事扫一扫", "件件有回音", "金桂园小区", "3栋2单元", "linli.example.cn",
        "DJC-4F7K2M", "扫码", "说一句", "等回音", "100-0000-0000", "110/119/120",
    ):  # fmt: skip
        assert part in words
    assert "！" not in words


def test_a_poster_is_one_page_of_a4_with_its_font_inside(poster):
    assert page_count(poster) == 1
    assert b"/MediaBox [0 0 595.28 841.89]" in poster
    assert b"/FontFile3" in poster
    assert len(poster) < 60_000


def test_the_same_poster_printed_again_is_the_same(poster, stickers):
    assert pdf.poster(DOOR, SENDER) == poster
    assert pdf.sticker_sheet(doors(25), SENDER) == stickers


def test_without_a_phone_people_are_asked_to_come():
    words = words_of(pdf.poster(DOOR, pdf.Sender("东城社区", "linli.example.cn")))
    assert "直接到社区来说" in words


def test_stickers_fill_as_many_pages_as_they_need(stickers):
    assert page_count(stickers) == 2
    assert page_count(pdf.sticker_sheet([], SENDER)) == 1


def test_larger_stickers_are_fewer_on_a_page():
    assert page_count(pdf.sticker_sheet(doors(11), SENDER, pdf.Sheet(2, 5))) == 2


def test_every_sticker_bears_its_place_and_its_code(stickers):
    words = words_of(stickers)
    assert all(f"DJC-{n:06}" in words and f"{n}栋" in words for n in range(25))


def test_names_of_every_length_and_with_rare_signs_find_room():
    place = pdf.Place(
        "https://x.cn/" + "a" * 300, "幸福里东苑 12 号楼" + "很长的名字" * 20, "A" * 19
    )
    sender = pdf.Sender(
        "某某新区" * 10 + "🏠社区", "a-very-long-name." * 5 + "example.cn", "1" * 40
    )
    assert page_count(pdf.poster(place, sender)) == 1
    assert page_count(pdf.sticker_sheet([place, pdf.Place("https://x.cn", "", "")], sender)) == 1


@pytest.mark.parametrize(
    ("name", "lines"),
    [
        ("金桂园小区", ["金桂园小区"]),
        ("金桂园小区 3 栋 2 单元", ["金桂园小区", "3 栋 2 单元"]),
        ("金桂园小区3栋2单元", ["金桂园小区", "3栋2单元"]),
        ("朝阳东路背街小巷北段路灯", ["朝阳东路背街", "小巷北段路灯"]),
        ("12 号楼南侧消防通道旁边的配电箱和消火栓", ["12 号楼南侧", "消防通道旁…"]),
    ],
)
def test_a_name_breaks_where_people_would_break_it(name, lines):
    paper = Paper("")
    wrapped = paper.wrapped(name, 10, 22, 2)
    paper.let_go()
    assert wrapped == lines


# --- the code itself ---


def test_a_code_on_a_page_has_a_name_and_no_style():
    svg = qr.svg("https://linli.example.cn/c/x", "这件事的进展 <东城>")
    assert 'aria-label="这件事的进展 &lt;东城&gt;"' in svg
    assert 'viewBox="0 0 33 33"' in svg or 'viewBox="0 0 37 37"' in svg
    assert "style" not in svg


def test_a_code_is_drawn_module_by_module():
    matrix = segno.make("https://linli.example.cn/c/x", error="m", micro=False).matrix
    drawn = qr.picture("https://linli.example.cn/c/x", dots=1)
    assert drawn.size == (len(matrix) + 8, len(matrix) + 8)
    inner = drawn.crop((4, 4, 4 + len(matrix), 4 + len(matrix)))
    assert [bool(dark) for row in matrix for dark in row] == [
        not light for light in inner.convert("L").get_flattened_data()
    ]
    path = re.search(r'd="([^"]+)"', qr.svg("https://linli.example.cn/c/x", ""))
    assert path is not None
    dark_in_svg = sum(int(length) for length in re.findall(r"h(\d+)v", path[1]))
    assert dark_in_svg == sum(sum(row) for row in matrix)


def test_a_picture_of_a_code_is_small():
    file = io.BytesIO()
    qr.picture(DOOR.url).save(file, "PNG")
    assert file.tell() < 4000
