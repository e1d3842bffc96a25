"""Reads a year's holidays from a CSV file, and says row by row what is wrong with it. Pure."""

import csv
import io
import re
from dataclasses import dataclass, field
from datetime import date

from linli.kernel.workdays import Day

MAX_ROWS = 1000
MAX_NAME = 30
COLUMNS = {
    "date": ("date", "日期"),
    "kind": ("is_workday", "是否上班", "kind", "类型"),
    "name": ("name", "说明", "名称"),
}
WORK = {"1", "上班", "调休上班", "补班", "工作日", "是", "workday", "true"}
OFF = {"0", "放假", "休息", "节假日", "假日", "周末", "否", "holiday", "weekend", "false"}
_DATE = re.compile(r"(\d{4})\D?(\d{1,2})\D?(\d{1,2})\D?")


@dataclass(frozen=True, slots=True)
class RowError:
    """What is wrong with one line of the file; line 1 is the header."""

    line: int
    message: str


@dataclass(slots=True)
class YearFile:
    """What a file says of a year: days that differ from their weekday, and its mistakes."""

    days: dict[date, Day] = field(default_factory=dict)
    errors: list[RowError] = field(default_factory=list)


def read_year(content: bytes, year: int) -> YearFile:
    """Read one year's days from a CSV file with the columns 日期, 类型 and 名称.

    A file may list every day of the year; those that are as their weekday says are left out.
    """
    table = list(csv.reader(io.StringIO(_text(content))))
    result = YearFile()
    columns = _columns(table[0] if table else [])
    if missing := [COLUMNS[key][-1] for key in ("date", "kind") if key not in columns]:
        needed = "、".join(missing)
        result.errors.append(RowError(1, f"第一行要有列名：日期、类型、名称。现在缺少：{needed}。"))
    elif len(table) > MAX_ROWS:
        result.errors.append(
            RowError(MAX_ROWS, f"一年的安排不会超过 {MAX_ROWS} 行，文件可能选错了。")
        )
    else:
        _read_rows(table[1:], columns, year, result)
    return result


def _text(content: bytes) -> str:
    """Decode as spreadsheets in China write: UTF-8 or GB 18030."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("gb18030", errors="replace")


def _columns(header: list[str]) -> dict[str, int]:
    """Return where each column stands; of two that would do, the one that says it in numbers."""
    names = [name.strip().lower() for name in header]
    found = {key: [n for n in aliases if n in names] for key, aliases in COLUMNS.items()}
    return {key: names.index(hits[0]) for key, hits in found.items() if hits}


def _read_rows(rows: list[list[str]], columns: dict[str, int], year: int, result: YearFile) -> None:
    seen: set[date] = set()
    for line, row in enumerate(rows, start=2):
        cells = {key: row[at].strip() if at < len(row) else "" for key, at in columns.items()}
        if not any(cells.values()):
            continue
        try:
            day, entry = _day(cells["date"], year), _entry(cells["kind"], cells.get("name", ""))
        except ValueError as error:
            result.errors.append(RowError(line, str(error)))
            continue
        if day in seen:
            message = f"{day.month} 月 {day.day} 日前面已经有一行，留一行就可以。"
            result.errors.append(RowError(line, message))
        elif entry.is_workday != (day.weekday() < 5):
            result.days[day] = entry
        seen.add(day)


def _day(text: str, year: int) -> date:
    match = _DATE.fullmatch(text)
    try:
        day = date(*map(int, match.groups())) if match else None
    except ValueError:
        day = None
    if day is None:
        raise ValueError(f"“{text[:20]}”不是日期，写成 {year}-10-01 这样。")
    if day.year != year:
        raise ValueError(f"{text[:20]} 不在 {year} 年里。")
    return day


def _entry(kind: str, name: str) -> Day:
    if len(name) > MAX_NAME:
        raise ValueError(f"名称太长，最多 {MAX_NAME} 个字。")
    if kind.lower() in WORK:
        return Day(True, name or "调休上班")
    if kind.lower() in OFF:
        return Day(False, name or "放假")
    raise ValueError(f"“{kind[:20]}”看不出是上班还是放假，写“上班”或“放假”。")
