"""Long files that come in, read row by row in flat memory: CSV, XLSX, JSON lines.

Old systems hand out what they have: lines in two encodings in one file, sixty thousand empty rows
that only have a colour, quotes that nobody closed. A row that can't be read says why and stops
nobody; what makes the whole file unreadable is a `BadSheet` with words.
"""

import csv
import io
import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import chain, islice
from typing import IO, Any, Final, NamedTuple

from django.utils.translation import gettext as _

from linli.kernel.forms import clean_text
from linli.kernel.sheets import BadSheet

MOST_BYTES: Final = 200 * 1024 * 1024
MOST_COLUMNS: Final = 60
MOST_CELL: Final = 20_000
EMPTY_END: Final = 1000  # so many empty rows in a row, and nothing more is expected
_MOST_LINE: Final = 1024 * 1024
_SAMPLE: Final = 256 * 1024
_HEAD: Final = 50  # lines of JSON that say which fields there are
_OLD_EXCEL: Final = b"\xd0\xcf\x11\xe0"
_MARKS: Final = ((b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))


class Record(NamedTuple):
    """A row with something in it. number: as the spreadsheet, or the editor, counts it.

    problem: why it can't be read, in words; then the cells mean nothing.
    """

    number: int
    cells: tuple[str, ...]
    problem: str = ""


class Records(NamedTuple):
    """The names of a file's columns, and its rows."""

    header: tuple[str, ...]
    rows: Iterator[Record]


@contextmanager
def reading(file: IO[bytes]) -> Iterator[Records]:
    """Give the header and the rows of a file; what it is shows in its content, not in its name.

    Errors: BadSheet, here or while the rows are read.
    """
    head = _head_of(file)
    if head.startswith(b"PK"):
        from linli.kernel import records_xlsx  # most processes never read one

        with records_xlsx.rows_of(file) as found:
            yield _headed(_filled(found))
    elif head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{"):
        yield _json(file)
    else:
        yield _headed(_filled(_csv(file)))


def tidy(text: str) -> str:
    """Return a cell as it is kept: without characters that nobody types, cut off nowhere."""
    return clean_text(text).strip()


def _head_of(file: IO[bytes]) -> bytes:
    size = file.seek(0, 2)
    file.seek(0)
    if size > MOST_BYTES:
        raise BadSheet(_("文件超过 %(n)d MB，分成几份再来。") % {"n": MOST_BYTES // 1024**2})
    head = file.read(4096)
    file.seek(0)
    if not head.strip():
        raise BadSheet(_("文件是空的，没有可以导入的行。"))
    if head.startswith(_OLD_EXCEL):
        raise BadSheet(_("这是旧格式或加了密码的表格，用表格软件另存为 .xlsx 再上传。"))
    is_utf16 = head.startswith(tuple(mark for mark, _name in _MARKS))
    if b"\x00" in head and not (is_utf16 or head.startswith(b"PK")):
        raise BadSheet(_("这不是表格文件。能导入的是 .xlsx、.csv 和 .jsonl。"))
    return head


def _headed(rows: Iterator[Record]) -> Records:
    """Take the first row with two names for the header: titles above it are passed over."""
    for row in islice(rows, 20):
        if sum(bool(cell) for cell in row.cells) > 1 and not row.problem:
            return Records(row.cells, rows)
    raise BadSheet(_("没有找到表头：第一行写各列的名称，例如“时间、内容、电话”。"))


def _filled(rows: Iterable[Record]) -> Iterator[Record]:
    """Pass on the rows with something in them; stop where only empty ones follow."""
    empty = 0
    for row in rows:
        if row.problem or any(row.cells):
            empty = 0
            yield row
        else:
            empty += 1
            if empty >= EMPTY_END:
                return


# Text, line by line


class _Lines:
    """The lines of a file as text, each decoded by itself; `broken` are the numbers of bad ones."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._is_chinese_code = _is_mostly_gb(file.read(_SAMPLE))
        file.seek(0)
        self.number = 0
        self.broken: set[int] = set()

    def __iter__(self) -> Iterator[str]:
        for raw in self._raw():
            if len(raw) > _MOST_LINE:
                raise BadSheet(
                    _("第 %(n)d 行长得不像表格，检查一下是不是选错了文件。")
                    % {"n": self.number + 1}
                )
            self.number += 1
            line = raw.removeprefix(b"\xef\xbb\xbf") if self.number == 1 else raw
            yield self._decoded(line)

    def _raw(self) -> Iterator[bytes]:
        head = self._file.read(2)
        self._file.seek(0)
        for mark, name in _MARKS:
            if head == mark:
                yield from _of_utf16(self._file, name)
                return
        while line := self._file.readline(_MOST_LINE + 1):
            yield line

    def _decoded(self, line: bytes) -> str:
        """UTF-8 if it is, else GB 18030. In a file of the latter, what happens to be UTF-8 without
        a Chinese character in it is none.
        """
        for encoding in ("utf-8", "gb18030"):
            try:
                text = line.decode(encoding)
            except UnicodeDecodeError:
                continue
            by_chance = self._is_chinese_code and encoding == "utf-8" and not text.isascii()
            if not by_chance or any(character >= "\u2e80" for character in text):
                return text
        self.broken.add(self.number)
        return line.decode("utf-8", "replace")


def _of_utf16(file: IO[bytes], name: str) -> Iterator[bytes]:
    text = io.TextIOWrapper(file, name, errors="replace", newline="\n")
    try:
        text.read(1)  # its mark
        while line := text.readline(_MOST_LINE + 1):
            yield line.encode("utf-8", "replace")
    finally:
        text.detach()


def _is_mostly_gb(sample: bytes) -> bool:
    kinds = {True: 0, False: 0}
    for line in sample.split(b"\n")[:-1] or [sample]:
        if not line.isascii():
            try:
                line.decode("utf-8")
                kinds[False] += 1
            except UnicodeDecodeError:
                kinds[True] += 1
    return kinds[True] > kinds[False]


def _csv(file: IO[bytes]) -> Iterator[Record]:
    lines = _Lines(file)
    texts = iter(lines)
    first = list(islice(texts, 1))
    delimiter = max(",\t;，|", key=first[0].count) if first else ","
    reader = csv.reader(_without_nul(chain(first, texts)), delimiter=delimiter)
    number, before = 0, 0
    while True:
        number += 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            words = _("第 %(n)d 行的引号没有配对，从这里往后读不下去。") % {"n": number}
            raise BadSheet(words) from None
        own = range(before + 1, lines.number + 1)
        before = lines.number
        problem = _("这一行的文字编码坏了。") if lines.broken.intersection(own) else ""
        lines.broken.difference_update(own)
        yield _record(number, cells, problem)


def _without_nul(lines: Iterable[str]) -> Iterator[str]:
    for line in lines:
        yield line.replace("\x00", "")


def _record(number: int, cells: Sequence[str], problem: str = "") -> Record:
    if any(len(cell) > MOST_CELL for cell in cells):
        problem = problem or _("有一格超过 %(n)d 个字。") % {"n": MOST_CELL}
        return Record(number, (), problem)
    return Record(number, tuple(tidy(cell) for cell in cells[:MOST_COLUMNS]), problem)


# JSON lines


def _json(file: IO[bytes]) -> Records:
    lines = _Lines(file)
    texts = iter(lines)
    first = list(islice(texts, _HEAD))
    names: dict[str, None] = {}
    for text in first:
        found = _object(text)
        if isinstance(found, dict):
            names.update(dict.fromkeys(map(str, found)))
    header = tuple(names)[:MOST_COLUMNS]
    if not header:
        raise BadSheet(_('每一行应当是一个 JSON 对象，例如 {"内容": "…"}。'))
    return Records(header, _json_rows(chain(first, texts), header))


def _json_rows(texts: Iterable[str], header: Sequence[str]) -> Iterator[Record]:
    for number, text in enumerate(texts, start=1):
        if not text.strip():
            continue
        found = _object(text)
        if isinstance(found, dict):
            yield _record(number, [_value(found.get(name)) for name in header])
        else:
            yield Record(number, (), _("这一行不是一个 JSON 对象。"))


def _object(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _value(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return _("是") if value else _("否")
    return json.dumps(value, ensure_ascii=False)
