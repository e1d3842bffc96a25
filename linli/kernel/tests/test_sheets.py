"""Tables as people keep them come in; what goes out is never a formula."""

import io
from datetime import date

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.styles import PatternFill

from linli.kernel import sheets
from linli.kernel.sheets import BadSheet


def book(*rows, merge=(), other="") -> bytes:
    workbook = Workbook()
    sheet = workbook.active
    for row in rows:
        sheet.append(row)
    for span in merge:
        sheet.merge_cells(span)
    if other:
        workbook.create_sheet(other)
    out = io.BytesIO()
    workbook.save(out)
    return out.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("mark", [",", "\t", ";", "，"])
def test_a_csv_is_read_however_it_was_saved(encoding, mark):
    text = f"小区{mark}楼栋\r\n\r\n天山花园{mark} 3号楼 \r\n"
    rows = sheets.read("楼栋.csv", text.encode(encoding)).rows
    assert [(row.number, row.cells) for row in rows] == [
        (1, ("小区", "楼栋")), (3, ("天山花园", "3号楼")),
    ]  # fmt: skip


def test_a_spreadsheet_gives_text_and_says_what_became_a_date():
    content = book(["楼栋", "单元", "层数"], ["3号楼", date(2026, 1, 2), 6.0], [True, 1.5, None])
    head, first, second = sheets.read("楼栋.xlsx", content).rows
    assert first.cells == ("3号楼", "2026-01-02", "6")
    assert (head.dates, first.dates) == (frozenset(), {1})
    assert second.cells == ("是", "1.5")


def test_five_thousand_empty_formatted_rows_are_nothing():
    workbook = Workbook()
    sheet = workbook.active
    sheet.append(["楼栋"])
    sheet.append(["3号楼"])
    for row in range(3, 5003):
        sheet.cell(row, 1).fill = PatternFill("solid", fgColor="FFFF00")
    out = io.BytesIO()
    workbook.save(out)
    assert len(sheets.read("楼栋.xlsx", out.getvalue()).rows) == 2


def test_merged_cells_hold_for_all_their_rows():
    content = book(
        ["小区", "楼栋"], ["天山花园", "1号楼"], [None, "2号楼"], [None, "9号楼"], merge=["A2:A3"]
    )
    rows = sheets.read("楼栋.xlsx", content).rows
    assert [row.cells[0] for row in rows] == ["小区", "天山花园", "天山花园", ""]


def test_further_sheets_are_named_and_not_read():
    assert sheets.read("x.xlsx", book(["楼栋"], other="备用")).unread == ("备用",)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "空的"),
        (b"\n\n,,\n", "空的"),
        (b"PK\x03\x04 broken", "打不开"),
        (b"\xd0\xcf\x11\xe0 old", "另存为 .xlsx"),
        (b"\x89PNG\x00\x00", "不是表格"),
        (b"\xff\xfa\x81\xff," * 9, "编码"),
        (b"a" * (sheets.MAX_BYTES + 1), "10 MB"),
        (b"a\n" * (sheets.MAX_ROWS + 2), "20000 行"),
        (b"a" * 2001, "2000 个字"),
        (b"\n" * 200_001, "空行"),
    ],
)
def test_a_file_that_is_no_table_is_refused_in_words(content, words):
    with pytest.raises(BadSheet, match=words):
        sheets.read("文件", content)


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("=1+1", "'=1+1"), ("+86", "+86"), ("+cmd|' /C calc'!A0", "'+cmd|' /C calc'!A0"),
        ("-3", "-3"), ("-x", "'-x"), ("@SUM(A1)", "'@SUM(A1)"), (" =x", "' =x"), ("3号楼", "3号楼"),
        (None, ""), (7, 7), ("\x00a", "a"),
    ],
)  # fmt: skip
def test_what_is_written_is_never_a_formula(value, written):
    if value == "+86":  # a plus is no number to a spreadsheet, so it is quoted
        written = "'+86"
    assert sheets.safe_cell(value) == written


def test_what_is_written_can_be_read_back():
    rows = [["3号楼", 6], ["=A1", None]]
    content = sheets.write_xlsx("楼栋/单元", ["楼栋", "层数"], rows)
    again = sheets.read("x.xlsx", content).rows
    assert [row.cells for row in again] == [("楼栋", "层数"), ("3号楼", "6"), ("'=A1",)]
    assert load_workbook(io.BytesIO(content)).sheetnames == ["楼栋 单元"]
