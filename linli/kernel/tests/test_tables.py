"""Long tables open in spreadsheets, hold no formula, and cost the memory of a row."""

import csv
import io
import tracemalloc
from datetime import UTC, date, datetime

import pytest
from openpyxl import load_workbook

from linli.kernel import tables

HEADER = ("编号", "内容", "时间")
NIGHT = datetime(2026, 3, 1, 16, 30, tzinfo=UTC)  # half past midnight in the community


def written(kind: str, rows, title="工单", header=HEADER) -> bytes:
    out = io.BytesIO()
    assert tables.write(out, kind, title, header, rows) == len(list(rows))
    return out.getvalue()


def cells_of(content: bytes) -> list[tuple]:
    return list(load_workbook(io.BytesIO(content)).worksheets[0].iter_rows(values_only=True))


DANGEROUS = ["=1+1", "+1+1", "-1+cmd|' /C calc'!A0", "@SUM(A1)", "\t=1", "\r=1", "\n=1", " =1"]


@pytest.mark.parametrize("text", DANGEROUS)
def test_no_cell_becomes_a_formula(text):
    content = written("xlsx", [("1", text, None)])
    book = load_workbook(io.BytesIO(content))
    cell = book.worksheets[0]["B2"]
    assert cell.data_type == "s"
    assert cell.value.startswith("'")
    told = written("csv", [("1", text, None)]).decode("utf-8-sig")
    assert next(iter(csv.reader([*told.splitlines(keepends=True)][1:])))[1].startswith("'")


def test_moments_are_local_moments_in_both_kinds():
    rows = [("1", "半夜", NIGHT), ("2", "某天", date(2026, 3, 2)), ("3", "没有", None)]
    found = cells_of(written("xlsx", rows))
    assert found[0] == HEADER
    assert found[1] == ("1", "半夜", datetime.fromisoformat("2026-03-02 00:30"))
    assert found[2][2] == datetime.fromisoformat("2026-03-02")
    assert found[3] == ("3", "没有", None)
    told = written("csv", rows)
    assert told.startswith(b"\xef\xbb\xbf")
    assert "1,半夜,2026-03-02 00:30\r\n" in told.decode("utf-8-sig")


def test_numbers_stay_numbers_and_odd_characters_break_nothing():
    odd = 'a&b<c>"d" \x00\x0b\ufffe\ud800 表\U0001f600\n第二行'
    found = cells_of(written("xlsx", [(7, odd, 2.5), (True, "x" * 40_000, "'")]))
    assert found[1] == (7, 'a&b<c>"d"  表\U0001f600\n第二行', 2.5)
    assert found[2][0] is True
    assert len(found[2][1]) == 32_000


def test_a_sheet_that_is_full_goes_on_in_another(monkeypatch):
    monkeypatch.setattr(tables, "ROWS_PER_SHEET", 3)
    content = written("xlsx", [(n, "", "") for n in range(7)], title="a[b]:c'*?/\\")
    book = load_workbook(io.BytesIO(content))
    assert [sheet.max_row for sheet in book.worksheets] == [4, 4, 2]
    assert [row[0].value for sheet in book for row in sheet.iter_rows(min_row=2)] == list(range(7))


def test_an_empty_table_has_its_header():
    assert cells_of(written("xlsx", [])) == [HEADER]
    assert written("csv", []).decode("utf-8-sig") == "编号,内容,时间\r\n"


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_memory_stays_flat(kind, tmp_path):
    rows = ((str(n), "路灯不亮" * 10, NIGHT) for n in range(20_000))
    tracemalloc.start()
    with open(tmp_path / "x", "wb") as file:
        tables.write(file, kind, "工单", HEADER, rows)
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 2 * 2**20
