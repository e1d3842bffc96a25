"""Long files are read row by row, whatever old systems put into them, and never into memory."""

import io
import json
import tracemalloc
import zipfile
from datetime import datetime

import pytest
from openpyxl import Workbook
from openpyxl.styles import PatternFill

from linli.kernel import records, tables
from linli.kernel.moments import read_moment
from linli.kernel.sheets import BadSheet

HEADER = ("时间", "内容")


def read(content: bytes) -> tuple[tuple[str, ...], list[records.Record]]:
    with records.reading(io.BytesIO(content)) as found:
        return found.header, list(found.rows)


def workbook(rows, *, colour: int = 0) -> bytes:
    book = Workbook()
    sheet = book.active
    for row in rows:
        sheet.append(row)
    if colour:
        fill = PatternFill("solid", fgColor="FFFF00")
        for number in range(colour):
            sheet.cell(row=len(rows) + 1 + number, column=1).fill = fill
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le-bom", "utf-16-be-bom"]
)
def test_one_encoding_or_another_reads_the_same(encoding):
    text = "时间,内容\r\n2024-09-26,路灯不亮\r\n"
    if encoding.endswith("-bom"):
        name = encoding.removesuffix("-bom")
        content = "\ufeff".encode(name) + text.encode(name)
    else:
        content = text.encode(encoding)
    header, rows = read(content)
    assert header == HEADER
    assert rows == [records.Record(2, ("2024-09-26", "路灯不亮"))]


def test_lines_of_two_encodings_in_one_file_are_each_read_as_they_are():
    lines = [f"2024-09-{day:02},第 {day} 件：井盖松了" for day in range(1, 21)]
    content = "时间,内容\n".encode() + b"".join(
        f"{line}\n".encode("gb18030" if n % 2 else "utf-8") for n, line in enumerate(lines)
    )
    _header, rows = read(content)
    assert [",".join(row.cells) for row in rows] == lines
    assert not any(row.problem for row in rows)


def test_what_happens_to_be_utf8_in_a_gb_file_is_still_chinese():
    told = "时间,内容\n" + "1,路灯坏了\n" * 9 + "2,默默\n"  # C4AC C4AC: two letters of Latin
    rows = read(told.encode("gb18030"))[1]
    assert rows[-1].cells == ("2", "默默")


def test_a_line_that_no_encoding_reads_is_told_and_stops_nobody():
    content = "时间,内容\n1,好\n".encode() + b"2,\xff\xfe\xff\n" + "3,好\n".encode()
    rows = read(content)[1]
    assert [bool(row.problem) for row in rows] == [False, True, False]
    assert rows[1].number == 3


@pytest.mark.parametrize("delimiter", [",", "\t", ";", "，", "|"])
def test_delimiters_of_all_countries(delimiter):
    assert read(f"时间{delimiter}内容\n1{delimiter}二\n".encode())[1][0].cells == ("1", "二")


def test_lines_in_quotes_titles_above_and_empty_lines_between():
    content = '某某信箱导出,\n时间,内容\n1,"第一行\n第二行"\n,\n\n2,"他说""不亮"""\n'.encode()
    header, rows = read(content)
    assert header == HEADER
    assert [(row.number, row.cells) for row in rows] == [
        (3, ("1", "第一行\n第二行")), (6, ("2", '他说"不亮"')),
    ]  # fmt: skip


def test_json_lines_give_their_names_as_columns():
    lines = [
        {"时间": "2024-09-26", "内容": "路灯", "n": 3},
        {"内容": None, "附": {"a": [1]}, "急": True},
    ]
    content = "\n".join(json.dumps(one, ensure_ascii=False) for one in lines)
    header, rows = read(f"{content}\n坏的\n[1]\n\n".encode())
    assert header == ("时间", "内容", "n", "附", "急")
    assert rows[0].cells == ("2024-09-26", "路灯", "3", "", "")
    assert rows[1].cells == ("", "", "", '{"a": [1]}', "是")
    assert [(row.number, bool(row.problem)) for row in rows[2:]] == [(3, True), (4, True)]


def test_a_workbook_gives_texts_numbers_and_day_numbers():
    told = datetime.fromisoformat("2024-09-26 14:30")
    rows = read(workbook([HEADER, (told, "路灯"), (10000000021, 2.5), (True, "a\nb")]))[1]
    assert read_moment(rows[0].cells[0]) == read_moment("2024-09-26 14:30")
    assert rows[1].cells == ("10000000021", "2.5")
    assert rows[2].cells == ("是", "a\nb")


def test_what_we_wrote_ourselves_can_be_read_again():
    out = io.BytesIO()
    tables.write(out, "xlsx", "工单", HEADER, [("1", "路灯"), ("2", "=1")])
    assert [row.cells for row in read(out.getvalue())[1]] == [("1", "路灯"), ("2", "'=1")]


def test_sixty_five_thousand_empty_rows_with_a_colour_are_not_waited_for():
    content = workbook([HEADER, ("1", "路灯")], colour=65_000)
    assert len(read(content)[1]) == 1


def test_only_visible_sheets_are_read():
    book = Workbook()
    book.active.append(("暗", "处"))
    book.active.sheet_state = "hidden"
    shown = book.create_sheet("信件")
    shown.append(HEADER)
    shown.append(("1", "路灯"))
    out = io.BytesIO()
    book.save(out)
    assert read(out.getvalue())[0] == HEADER


PARTS = {
    "xl/_rels/workbook.xml.rels": '<Relationships><Relationship Id="rId1" Target="worksheets/a.xml"/>'
    "</Relationships>",
    "xl/workbook.xml": '<workbook xmlns:r="x"><sheets><sheet name="a" r:id="rId1"/></sheets></workbook>',
    "xl/sharedStrings.xml": "<sst><si><t>时间</t></si><si><r><t>内</t></r><r><t>容</t></r>"
    "<rPh><t>neirong</t></rPh></si><si><t>路灯</t></si></sst>",
    "xl/worksheets/a.xml": '<worksheet><sheetData><row r="1"><c r="A1" t="s"><v>0</v></c>'
    '<c r="B1" t="s"><v>1</v></c></row><row r="5"><c r="B5" t="s"><v>2</v></c></row>'
    '<row r="6"><c r="A6"><v>1.0000000021E10</v></c><c r="B6" t="e"><v>#N/A</v></c></row>'
    "</sheetData></worksheet>",
}


def as_office_writes(part: str = "", text: bytes | None = None) -> bytes:
    """A workbook whose texts lie apart, one part of it replaced."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as book:
        for name, usual in PARTS.items():
            book.writestr(name, usual if name != part or text is None else text)
    return out.getvalue()


def test_texts_that_lie_apart_come_back_to_their_cells():
    header, rows = read(as_office_writes())
    assert header == HEADER
    assert [(row.number, row.cells) for row in rows] == [
        (5, ("", "路灯")), (6, ("10000000021", "")),
    ]  # fmt: skip


BOMB = (
    b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "bb"><!ENTITY c "&b;&b;">]>'
    b"<sst><si><t>&c;</t></si></sst>"
)
TEXTS = "xl/sharedStrings.xml"
DEEP = b"<sst>" + b"<a>" * 200_000


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"  \n ",
        b"PK\x03\x04 broken",
        workbook([HEADER, ("1", "路灯")])[:-200],
        b"\xd0\xcf\x11\xe0old",
        b"\x00\x01\x02 binary",
        b"only one column\nx\n",
        b'a,b\n1,"never closed ' + b"x" * 200_000,
        b"a,b\n" + b"x" * (1024 * 1024 + 10),
        b'{"a": 1',
        as_office_writes(TEXTS, BOMB),
        as_office_writes(TEXTS, DEEP),
        as_office_writes(TEXTS, b"<sst>" + b"<a>" * 60 + b"</a>" * 60 + b"</sst>"),
        as_office_writes(TEXTS, b"<sst a='" + b"a" * 2_000_000 + b"'></sst>"),
        as_office_writes("xl/workbook.xml", b"<workbook>" + b" " * 9_000_000 + b"</workbook>"),
        as_office_writes()[:200] + bytes(60) + as_office_writes()[260:],
        as_office_writes(TEXTS, b"<sst><si><t>0"),
        as_office_writes(TEXTS, b"<sst></sst>"),
        as_office_writes("xl/workbook.xml", b"<workbook><sheets/></workbook>"),
        as_office_writes(
            "xl/worksheets/a.xml", b"<worksheet><sheetData><row><c t='s'><v>x</v></c>"
        ),
    ],
)
def test_a_file_that_is_none_is_refused_in_words(content):
    with pytest.raises(BadSheet) as refused:
        read(content)
    assert refused.value.message


@pytest.mark.parametrize(
    ("part", "head"),
    [
        (TEXTS, b"<sst><si><t>"),
        ("xl/worksheets/a.xml", b"<worksheet><sheetData><row><c t='inlineStr'><is><t>"),
    ],
)
def test_a_text_without_end_is_not_held_in_memory(part, head):
    text = head + b"a" * 40_000_000 + b"</t>"
    content = as_office_writes(part, text)
    tracemalloc.start()
    with pytest.raises(BadSheet):
        read(content)
    _now, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 8_000_000


def test_a_cell_without_end_spoils_its_own_row_only():
    content = f"时间,内容\n1,{'长' * 20_001}\n2,短\n".encode()
    rows = read(content)[1]
    assert [bool(row.problem) for row in rows] == [True, False]


def test_what_goes_wrong_in_the_callers_hands_is_not_the_files_fault():
    with (
        pytest.raises(ValueError, match="mine"),
        records.reading(io.BytesIO(workbook([HEADER, ("1", "路灯")]))),
    ):
        raise ValueError("mine")


@pytest.mark.parametrize("kind", ["csv", "xlsx", "jsonl"])
def test_memory_stays_flat(kind, tmp_path):
    path = tmp_path / "x"
    rows = ((str(n), f"第 {n} 件：" + "路灯不亮" * 20) for n in range(20_000))
    with open(path, "wb") as file:
        if kind == "jsonl":
            for number, text in rows:
                line = json.dumps({"时间": number, "内容": text}, ensure_ascii=False)
                file.write(f"{line}\n".encode())
        else:
            tables.write(file, kind, "信件", HEADER, rows)
    tracemalloc.start()
    with open(path, "rb") as file, records.reading(file) as found:
        count = sum(not row.problem for row in found.rows)
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert count == 20_000
    assert peak < 4 * 2**20
