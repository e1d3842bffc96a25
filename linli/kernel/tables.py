"""Long tables written as they come: XLSX and CSV of any length in the memory of one row.

Spreadsheets of staff's own lists have a hundred thousand rows and twenty columns; the library that
reads ours takes half a minute of CPU to write as much, this takes a few seconds. Cells become safe
here (`sheets.safe_cell`): none is a formula. Moments are local and stay moments.
"""

import csv
import io
import re
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from typing import IO, Any, Final, Protocol
from xml.sax.saxutils import escape

from linli.kernel import clock
from linli.kernel.sheets import CSV_TYPE, XLSX_TYPE, safe_cell

TYPES: Final = {"xlsx": XLSX_TYPE, "csv": CSV_TYPE}
ROWS_PER_SHEET: Final = 1_000_000  # the format ends at 1,048,576
_MOST_CHARACTERS: Final = 32_000  # in one cell, of 32,767
_EPOCH: Final = datetime(1899, 12, 30, tzinfo=UTC)  # local time, as if it were UTC
_WIDTHS: Final = (8.0, 60.0)
_NOT_IN_XML: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_MOMENT, _DAY, _HEAD, _WRAP = 1, 2, 3, 4  # styles, as `_STYLES` numbers them


class Table(Protocol):
    """A table that is being written."""

    def append(self, row: Sequence[Any]) -> None:
        """Write one row."""


@contextmanager
def writing(file: IO[bytes], kind: str, title: str, header: Sequence[str]) -> Iterator[Table]:
    """Give a table to append rows to; the file is whole when the block ends.

    kind: xlsx or csv. title: of the sheet.
    """
    table = _Csv(file, header) if kind == "csv" else _Xlsx(file, title, header)
    yield table
    table.finish()


def write(
    file: IO[bytes],
    kind: str,
    title: str,
    header: Sequence[str],
    rows: Iterable[Sequence[Any]],
    *,
    tell: Callable[[int], None] = lambda count: None,
) -> int:
    """Write all rows and return how many; `tell` hears after each row how many there are."""
    count = 0
    with writing(file, kind, title, header) as table:
        for row in rows:
            table.append(row)
            count += 1
            tell(count)
    return count


class _Csv:
    def __init__(self, file: IO[bytes], header: Sequence[str]) -> None:
        # With its mark, so that spreadsheets know it is UTF-8 without asking.
        self._text = io.TextIOWrapper(file, "utf-8-sig", newline="")
        self._writer = csv.writer(self._text)
        self.append(header)

    def append(self, row: Sequence[Any]) -> None:
        self._writer.writerow([safe_cell(_in_words(cell)) for cell in row])

    def finish(self) -> None:
        self._text.flush()
        self._text.detach()


def _in_words(value: Any) -> Any:
    if isinstance(value, datetime):
        return f"{clock.local(value):%Y-%m-%d %H:%M}"
    return value.isoformat() if isinstance(value, date) else value


class _Xlsx:
    """The parts of a workbook that readers ask for; texts stand in their cells, no table of them."""

    def __init__(self, file: IO[bytes], title: str, header: Sequence[str]) -> None:
        self._zip = zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=3)
        self._title = re.sub(r"[\[\]:*?/\\']", " ", title)[:25] or "Sheet"
        self._header = header
        self._sheets = 0
        self._row = 0
        self._part: IO[bytes] | None = None
        self._waiting: list[str] = []
        self._open()

    def append(self, row: Sequence[Any]) -> None:
        if self._row > ROWS_PER_SHEET:
            self._close()
            self._open()
        self._row += 1
        self._put("".join(_cell(value) for value in row))

    def finish(self) -> None:
        self._close()
        numbers = range(1, self._sheets + 1)
        self._zip.writestr("[Content_Types].xml", _types(numbers))
        self._zip.writestr("_rels/.rels", _RELS)
        self._zip.writestr("xl/workbook.xml", _book(self._title, numbers))
        self._zip.writestr("xl/_rels/workbook.xml.rels", _book_rels(numbers))
        self._zip.writestr("xl/styles.xml", _STYLES)
        self._zip.close()

    def _open(self) -> None:
        self._sheets += 1
        self._row = 1
        part = zipfile.ZipInfo(f"xl/worksheets/sheet{self._sheets}.xml", (2020, 1, 1, 0, 0, 0))
        part.compress_type = zipfile.ZIP_DEFLATED
        self._part = self._zip.open(part, "w", force_zip64=True)
        self._waiting = [_SHEET_HEAD, _columns(self._header), "<sheetData>"]
        self._put("".join(_cell(name, _HEAD) for name in self._header))

    def _put(self, cells: str) -> None:
        self._waiting.append(f'<row r="{self._row}">{cells}</row>')
        if len(self._waiting) > 200:
            self._flush()

    def _flush(self) -> None:
        assert self._part is not None
        self._part.write("".join(self._waiting).encode())
        self._waiting = []

    def _close(self) -> None:
        assert self._part is not None
        self._waiting.append("</sheetData></worksheet>")
        self._flush()
        self._part.close()


def _cell(value: Any, style: int = 0) -> str:
    if value is None or value == "":
        return "<c/>"
    if isinstance(value, bool):
        return f'<c t="b"><v>{int(value)}</v></c>'
    if isinstance(value, int | float):
        return f"<c><v>{value}</v></c>"
    if isinstance(value, datetime):
        return f'<c s="{_MOMENT}"><v>{_serial(clock.local(value).replace(tzinfo=UTC)):.10f}</v></c>'
    if isinstance(value, date):
        return f'<c s="{_DAY}"><v>{(value - _EPOCH.date()).days}</v></c>'
    text = safe_cell(str(value))[:_MOST_CHARACTERS]
    text = escape(_NOT_IN_XML.sub("", text))
    style = style or (_WRAP if "\n" in text else 0)
    mark = f' s="{style}"' if style else ""
    return f'<c t="inlineStr"{mark}><is><t xml:space="preserve">{text}</t></is></c>'


def _serial(moment: datetime) -> float:
    return (moment - _EPOCH).total_seconds() / 86400


def _columns(header: Sequence[str]) -> str:
    columns = "".join(
        f'<col min="{n}" max="{n}" width="{min(max(len(name) * 2.6 + 4, _WIDTHS[0]), _WIDTHS[1]):.1f}"'
        ' customWidth="1"/>'
        for n, name in enumerate(header, start=1)
    )
    return f"<cols>{columns}</cols>"


_XML: Final = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN: Final = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE: Final = "http://schemas.openxmlformats.org/package/2006"
_KIND: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_SHEET_HEAD: Final = (
    f'{_XML}<worksheet xmlns="{_MAIN}"><sheetViews><sheetView workbookViewId="0">'
    '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>'
    "</sheetView></sheetViews>"
)
_RELS: Final = (
    f'{_XML}<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1" '
    f'Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>'
)
_STYLES: Final = (
    f'{_XML}<styleSheet xmlns="{_MAIN}">'
    '<numFmts count="2"><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd\\ hh:mm"/>'
    '<numFmt numFmtId="165" formatCode="yyyy\\-mm\\-dd"/></numFmts>'
    '<fonts count="2"><font><sz val="11"/><name val="Calibri"/></font>'
    '<font><b/><sz val="11"/><name val="Calibri"/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill>'
    '<fill><patternFill patternType="gray125"/></fill></fills>'
    '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
    '<cellXfs count="5"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'
    '<xf numFmtId="164" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>'
    '<xf numFmtId="165" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>'
    '<xf numFmtId="0" fontId="1" fillId="0" borderId="0" xfId="0" applyFont="1"/>'
    '<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0" applyAlignment="1">'
    '<alignment wrapText="1" vertical="top"/></xf></cellXfs>'
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles>'
    "</styleSheet>"
)


def _types(numbers: Iterable[int]) -> str:
    sheets = "".join(
        f'<Override PartName="/xl/worksheets/sheet{n}.xml" ContentType="{_KIND}.worksheet+xml"/>'
        for n in numbers
    )
    return (
        f'{_XML}<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{_KIND}.sheet.main+xml"/>'
        f'<Override PartName="/xl/styles.xml" ContentType="{_KIND}.styles+xml"/>{sheets}</Types>'
    )


def _book(title: str, numbers: Iterable[int]) -> str:
    names = "".join(
        f'<sheet name="{escape(title, {chr(34): "&quot;"})}{f" {n}" if n > 1 else ""}" '
        f'sheetId="{n}" r:id="rId{n}"/>'
        for n in numbers
    )
    return (
        f'{_XML}<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>{names}</sheets></workbook>'
    )


def _book_rels(numbers: Iterable[int]) -> str:
    sheets = [(n, "worksheet", f"worksheets/sheet{n}.xml") for n in numbers]
    links = "".join(
        f'<Relationship Id="rId{n}" Type="{_OFFICE}/{kind}" Target="{target}"/>'
        for n, kind, target in [*sheets, (len(sheets) + 1, "styles", "styles.xml")]
    )
    return f'{_XML}<Relationships xmlns="{_PACKAGE}/relationships">{links}</Relationships>'
