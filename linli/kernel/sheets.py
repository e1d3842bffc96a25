"""Tables in files: CSV and XLSX, read with patience and written so that no cell becomes a formula.

Reading gives text cells with their row numbers as people see them; what the columns mean is the
rooms' matter. Spreadsheets bring title rows, merged cells, thousands of empty formatted rows and
names that were turned into dates: all of that is met here once.
"""

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any, Final, cast

from django.utils.translation import gettext as _

from linli.kernel.errors import BadInput
from linli.kernel.forms import clean_text

MAX_BYTES: Final = 10 * 1024 * 1024
MAX_ROWS: Final = 20_000  # with something in them
_MAX_SCANNED: Final = 200_000  # empty ones included
_MAX_COLUMNS: Final = 60
_MAX_UNPACKED: Final = 200 * 1024 * 1024
_MAX_CELL: Final = 2000
_OLD_EXCEL: Final = b"\xd0\xcf\x11\xe0"
_FORMULA: Final = re.compile(r"^\s*[=+\-@\t\r＝＋－＠]")
_NUMBER: Final = re.compile(r"-?\d+(\.\d+)?")
_MERGED: Final = re.compile(rb'<mergeCell [^>]*ref="([A-Z]+\d+:[A-Z]+\d+)"')

CSV_TYPE: Final = "text/csv; charset=utf-8"
XLSX_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class BadSheet(BadInput):
    """The file is no table that can be read; the message says why and what to do."""

    code = "bad_sheet"


@dataclass(frozen=True, slots=True)
class Row:
    """A row with something in it. `number` counts from 1, as the spreadsheet shows it; the last
    cell is not empty.

    dates: the columns (from 0) that the spreadsheet had turned into a date.
    """

    number: int
    cells: tuple[str, ...]
    dates: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Sheet:
    """The rows of a file, and the names of further sheets that were not read."""

    rows: tuple[Row, ...]
    unread: tuple[str, ...] = ()


def read(file_name: str, content: bytes) -> Sheet:
    """Return the rows of a CSV or XLSX file; what it is shows in the content, not in the name.

    Errors: BadSheet for a file that is too large, too long, empty or no table.
    """
    if len(content) > MAX_BYTES:
        raise BadSheet(_("文件超过 %(n)d MB，分成几份再上传。") % {"n": MAX_BYTES // 1024**2})
    if content.startswith(_OLD_EXCEL):
        raise BadSheet(_("这是旧格式或加了密码的表格，用表格软件另存为 .xlsx 再上传。"))
    is_zip = content.startswith(b"PK")
    sheet = _read_xlsx(content) if is_zip else Sheet(tuple(_counted(_csv_rows(content))))
    if not sheet.rows:
        raise BadSheet(_("“%(name)s”是空的，没有可以导入的行。") % {"name": file_name[:60]})
    return sheet


def write_xlsx(title: str, header: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    """Return an XLSX file with one sheet, its first row in bold and kept in view."""
    from openpyxl import Workbook  # 7 MB in every process, and tables are made now and then
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Font

    book = Workbook(write_only=True)
    sheet = book.create_sheet(re.sub(r"[\[\]:*?/\\]", " ", title)[:31])
    sheet.freeze_panes = "A2"
    heads = []
    for name in header:
        cell = WriteOnlyCell(sheet, value=name)
        cell.font = Font(bold=True)
        heads.append(cell)
    sheet.append(heads)
    for row in rows:
        sheet.append([safe_cell(cell) for cell in row])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def safe_cell(value: Any) -> Any:
    """Return what may stand in a cell: text that a spreadsheet would calculate gets a leading '.

    Numbers stay numbers, also when they come as text with a sign.
    """
    if value is None:
        return ""
    if not isinstance(value, str):
        return value
    text = clean_text(value)
    return f"'{text}" if _FORMULA.match(text) and not _NUMBER.fullmatch(text) else text


# CSV


def _csv_rows(content: bytes) -> Iterator[tuple[list[str], frozenset[int]]]:
    text = _decoded(content)
    first = text.lstrip("\r\n").partition("\n")[0]
    delimiter = max(",\t;，", key=first.count)
    try:
        for cells in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter):
            yield [_tidy(cell) for cell in cells[:_MAX_COLUMNS]], frozenset()
    except csv.Error:
        raise BadSheet(_("这个 CSV 文件读不完整，用表格软件另存一次再上传。")) from None


def _decoded(content: bytes) -> str:
    """Decode as spreadsheets in China write: UTF-8, UTF-16 with a mark, or GB 18030."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", errors="replace")
    if b"\x00" in content:
        raise BadSheet(_("这不是表格文件。能导入的是 .xlsx 和 .csv。"))
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise BadSheet(_("文件的文字编码认不出来，另存为 UTF-8 的 CSV 或 .xlsx 再上传。"))


# XLSX


def _read_xlsx(content: bytes) -> Sheet:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if sum(part.file_size for part in archive.infolist()) > _MAX_UNPACKED:
                raise BadSheet(_("表格展开后太大，删掉图片和不用的工作表再上传。"))
        from openpyxl import load_workbook

        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        shown = [one for one in book.worksheets if one.sheet_state == "visible"]
        if not shown:
            raise BadSheet(_("表格里没有工作表。"))
        sheet = shown[0]
        # What the file says of its own size is often wrong; the rows are counted as they come.
        sheet.reset_dimensions()
        merged = _merged(content, sheet)
        rows = tuple(_counted(_filled(_xlsx_rows(sheet), merged)))
        book.close()
    except BadSheet:
        raise
    # openpyxl tells of a damaged file in as many ways as a file can be damaged.
    except Exception as error:
        raise BadSheet(_("这个表格打不开，用表格软件另存为 .xlsx 再上传。")) from error
    return Sheet(rows, tuple(one.title for one in shown[1:]))


def _xlsx_rows(sheet: Any) -> Iterator[tuple[list[str], frozenset[int]]]:
    for values in sheet.iter_rows(max_col=_MAX_COLUMNS, values_only=True):
        dates = {n for n, value in enumerate(values) if isinstance(value, date | time)}
        yield [_text(value) for value in values], frozenset(dates)


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return _("是") if value else _("否")
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime):
        return value.date().isoformat()
    return _tidy(str(value))


def _merged(content: bytes, sheet: Any) -> list[tuple[int, int, int, int]]:
    """Return the merged ranges; reading row by row tells only of their first cell.

    Shape: (first column, first row, last column, last row), from 1.
    """
    path = str(getattr(sheet, "_worksheet_path", "")).lstrip("/")
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        if path not in archive.namelist():
            return []
        found = _MERGED.findall(archive.read(path))
    from openpyxl.utils import range_boundaries

    return [cast(tuple[int, int, int, int], range_boundaries(ref.decode())) for ref in found]


def _filled(
    rows: Iterator[tuple[list[str], frozenset[int]]], merged: list[tuple[int, int, int, int]]
) -> Iterator[tuple[list[str], frozenset[int]]]:
    """Write a value that spans several rows into each of them, as the eye reads it."""
    spans = {(top, left): bottom for left, top, _right, bottom in merged if bottom > top}
    running: dict[int, tuple[int, str]] = {}
    for number, (cells, dates) in enumerate(rows, start=1):
        for column, (bottom, value) in list(running.items()):
            if number > bottom:
                del running[column]
            elif column <= len(cells) and not cells[column - 1]:
                cells[column - 1] = value
        for column, value in enumerate(cells, start=1):
            if (number, column) in spans and value:
                running[column] = spans[number, column], value
        yield cells, dates


# Both


def _counted(rows: Iterator[tuple[list[str], frozenset[int]]]) -> Iterator[Row]:
    kept = 0
    for number, (cells, dates) in enumerate(rows, start=1):
        if number > _MAX_SCANNED:
            raise BadSheet(_("表格太长（大多是空行），删掉后面的空行再上传。"))
        if not any(cells):
            continue
        kept += 1
        if kept > MAX_ROWS + 1:  # and a header
            raise BadSheet(_("超过 %(n)d 行，分成几份再上传。") % {"n": MAX_ROWS})
        if any(len(cell) > _MAX_CELL for cell in cells):
            raise BadSheet(
                _("第 %(row)d 行有一格超过 %(n)d 个字。") % {"row": number, "n": _MAX_CELL}
            )
        while not cells[-1]:
            cells.pop()
        yield Row(number, tuple(cells), dates)


def _tidy(text: str) -> str:
    return clean_text(text).strip()
