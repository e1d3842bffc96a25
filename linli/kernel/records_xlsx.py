"""The first sheet of a workbook as rows of text, read as a stream.

The texts of a workbook lie apart from its cells, all of them: they go to a file on disk, so that a
hundred thousand messages cost no more memory than one. Declarations of entities, with which a small
file becomes a large one, are refused.
"""

import posixpath
import re
import tempfile
import zipfile
import zlib
from array import array
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import IO, Any, Final
from xml.parsers import expat

from django.utils.translation import gettext as _

from linli.kernel.records import MOST_CELL, MOST_COLUMNS, Record, tidy
from linli.kernel.sheets import BadSheet

_CHUNK: Final = 64 * 1024
_MOST_UNPACKED: Final = 2 * 1024**3
_REF: Final = re.compile(r"([A-Z]+)\d+")
# RuntimeError: the parts have a password, or are packed in a way that nothing here unpacks.
_BROKEN: Final = (
    expat.ExpatError, zipfile.BadZipFile, zlib.error, KeyError, ValueError, EOFError, OSError,
    RuntimeError,
)  # fmt: skip
# What stays in memory, however little of it was packed: texts, one of them, what a tag says, parts
# that only name others.
_MOST_TEXTS: Final = 5_000_000
_MOST_TOKEN: Final = 1024**2
_MOST_NAMING: Final = 8 * 1024**2
_MOST_DEPTH: Final = 50
_BOOLEANS: Final = {"1": "是", "0": "否"}


@contextmanager
def rows_of(file: IO[bytes]) -> Iterator[Iterator[Record]]:
    """Give the rows of the first visible sheet, empty ones included. Errors: BadSheet."""
    with tempfile.TemporaryFile() as texts, ExitStack() as kept:
        with _sound():
            book = kept.enter_context(zipfile.ZipFile(file))
            if sum(part.file_size for part in book.infolist()) > _MOST_UNPACKED:
                raise _too_large()
            rows = _guarded(_rows(book, _first_sheet(book), _Shared(book, texts)))
        # What goes wrong in the caller's hands is no fault of the file.
        yield rows


@contextmanager
def _sound() -> Iterator[None]:
    try:
        yield
    except BadSheet:
        raise
    except _BROKEN as error:
        raise BadSheet(_("这个表格打不开，用表格软件另存为 .xlsx 再上传。")) from error


def _guarded(rows: Iterator[Record]) -> Iterator[Record]:
    with _sound():
        yield from rows


class _Shared:
    """The shared texts: on disk one behind the other, in memory where each begins."""

    def __init__(self, book: zipfile.ZipFile, file: IO[bytes]) -> None:
        self._file, self._starts = file, array("Q")
        self._end = 0
        self._parts: list[str] = []
        self._room = 0  # for so many letters more
        self._is_text, self._is_phonetic = False, False
        path = "xl/sharedStrings.xml"
        if path in book.namelist():
            _parse(book, path, self._start, self._stop, self._take)
        file.flush()

    def __getitem__(self, number: int) -> str:
        if not 0 <= number < len(self._starts):
            raise ValueError("no such text")
        last = number + 1 == len(self._starts)
        start, end = self._starts[number], self._end if last else self._starts[number + 1]
        self._file.seek(start)
        return self._file.read(end - start).decode()

    def _start(self, name: str, _attributes: dict[str, str]) -> None:
        if name == "si":
            self._parts, self._room = [], MOST_CELL + 1
        self._is_phonetic = self._is_phonetic or name == "rPh"
        self._is_text = name == "t" and not self._is_phonetic

    def _stop(self, name: str) -> None:
        self._is_text = False
        if name == "rPh":
            self._is_phonetic = False
        elif name == "si":
            raw = "".join(self._parts)[: MOST_CELL + 1].encode("utf-8", "replace")
            if len(self._starts) >= _MOST_TEXTS:
                raise _too_large()
            self._starts.append(self._end)
            self._file.write(raw)
            self._end += len(raw)

    def _take(self, text: str) -> None:
        if self._is_text and self._room > 0:
            self._parts.append(text)
            self._room -= len(text)


class _Cells:
    """Collects the cells of rows as the parser meets them."""

    def __init__(self, shared: _Shared) -> None:
        self._shared = shared
        self.ready: list[Record] = []
        self._number, self._column, self._kind = 0, 0, ""
        self._cells: dict[int, str] = {}
        self._parts: list[str] = []
        self._room = 0  # for so many letters more
        self._is_text, self._is_phonetic = False, False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "row":
            said = attributes.get("r", "")
            self._number = int(said) if said.isdecimal() and len(said) < 9 else self._number + 1
            self._cells, self._column = {}, 0
        elif name == "c":
            self._column = _column_of(attributes.get("r", "")) or self._column + 1
            self._kind, self._parts = attributes.get("t", "n"), []
            self._room = MOST_CELL + 1
        elif name == "rPh":
            self._is_phonetic = True
        self._is_text = name in ("v", "t") and not self._is_phonetic

    def stop(self, name: str) -> None:
        self._is_text = False
        if name == "rPh":
            self._is_phonetic = False
        elif name == "c" and self._parts and self._column <= MOST_COLUMNS:
            self._cells[self._column] = self._value("".join(self._parts))
        elif name == "row":
            last = max(self._cells, default=0)
            cells = tuple(tidy(self._cells.get(n, "")) for n in range(1, last + 1))
            self.ready.append(_checked(self._number, cells))

    def take(self, text: str) -> None:
        if self._is_text and self._room > 0:
            self._parts.append(text)
            self._room -= len(text)

    def _value(self, raw: str) -> str:
        if self._kind == "s":
            return self._shared[int(raw)]
        if self._kind == "b":
            return _BOOLEANS.get(raw, raw)
        if self._kind == "e":  # #N/A and its like
            return ""
        return _number(raw) if self._kind == "n" else raw


def _checked(number: int, cells: tuple[str, ...]) -> Record:
    if any(len(cell) > MOST_CELL for cell in cells):
        return Record(number, (), _("有一格超过 %(n)d 个字。") % {"n": MOST_CELL})
    return Record(number, cells)


def _number(raw: str) -> str:
    """Write a number as people do: no exponent, no .0; phones and numbers of documents are some."""
    try:
        value = float(raw)
    except ValueError:
        return raw
    if value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return raw


def _column_of(ref: str) -> int:
    found = _REF.fullmatch(ref)
    if found is None:
        return 0
    number = 0
    for letter in found[1]:
        number = number * 26 + ord(letter) - 64
    return number


def _rows(book: zipfile.ZipFile, path: str, shared: _Shared) -> Iterator[Record]:
    cells = _Cells(shared)
    for _chunk in _parsing(book, path, cells.start, cells.stop, cells.take):
        yield from cells.ready
        cells.ready = []


def _first_sheet(book: zipfile.ZipFile) -> str:
    """Return where the first sheet lies that is not hidden."""
    targets: dict[str, str] = {}
    shown: list[str] = []

    def relation(name: str, attributes: dict[str, str]) -> None:
        if name == "Relationship":
            targets[attributes["Id"]] = attributes["Target"]

    def sheet(name: str, attributes: dict[str, str]) -> None:
        if name == "sheet" and attributes.get("state", "visible") == "visible":
            shown.extend(value for key, value in attributes.items() if key.endswith("id"))

    for path, said in (("xl/_rels/workbook.xml.rels", relation), ("xl/workbook.xml", sheet)):
        if book.getinfo(path).file_size > _MOST_NAMING:
            raise _too_large()
        _parse(book, path, said)
    found = [targets[one] for one in shown if one in targets]
    if not found:
        raise BadSheet(_("表格里没有工作表。"))
    return posixpath.normpath(posixpath.join("/xl", found[0])).lstrip("/")


def _parse(book: zipfile.ZipFile, path: str, *handlers: Any) -> None:
    for _chunk in _parsing(book, path, *handlers):
        pass


def _parsing(
    book: zipfile.ZipFile,
    path: str,
    start: Callable[[str, dict[str, str]], None],
    stop: Callable[[str], None] | None = None,
    take: Callable[[str], None] | None = None,
) -> Iterator[None]:
    """Parse a part chunk by chunk; names come without their namespace."""
    parser = expat.ParserCreate(namespace_separator=None)
    parser.buffer_text = True
    fed = 0
    parser.StartElementHandler, parser.EndElementHandler = _counting(start, stop)
    if take is not None:
        parser.CharacterDataHandler = take
    parser.EntityDeclHandler = _refuse
    parser.StartDoctypeDeclHandler = _refuse
    with book.open(path) as part:
        while chunk := part.read(_CHUNK):
            parser.Parse(chunk, False)
            fed += len(chunk)
            if fed - parser.CurrentByteIndex > _MOST_TOKEN:
                raise _too_large()
            yield
        parser.Parse(b"", True)
    yield


def _counting(
    start: Callable[[str, dict[str, str]], None], stop: Callable[[str], None] | None
) -> tuple[Callable[[str, dict[str, str]], None], Callable[[str], None]]:
    """Return the handlers, with plain names, that refuse what is nested without end."""
    depth = 0

    def begin(name: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > _MOST_DEPTH:
            raise _too_large()
        start(_local(name), attributes)

    def end(name: str) -> None:
        nonlocal depth
        depth -= 1
        if stop is not None:
            stop(_local(name))

    return begin, end


def _local(name: str) -> str:
    return name.rpartition(":")[2]


def _refuse(*_said: object) -> None:
    raise BadSheet(_("这个表格里有不该有的声明，用表格软件另存为 .xlsx 再上传。"))


def _too_large() -> BadSheet:
    return BadSheet(_("表格展开后太大，删掉图片和不用的工作表再上传。"))
