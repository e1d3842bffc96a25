"""Words and days of campaigns: what a count is called, when the same people meet again."""

import calendar
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final

MOST_DAYS: Final = 31
TEXT_LIMIT: Final = 300

# What the columns of a list that comes in may be called.
COLUMNS: Final = {
    "kind": ("类型", "种类", "问题类型", "类别"),
    "place": ("地点", "位置", "小区楼栋", "地址"),
    "text": ("说明", "情况", "问题", "内容", "描述"),
    "count": ("数量", "处数", "个数"),
}


def sentence(done: str, name: str, count: int, unit: str) -> str:
    """Return a count as the report says it: 清理乱堆乱放 31 处. Source: S1 1.4."""
    return f"{done}{name} {count} {unit}"


def days_between(first: date, last: date) -> list[date]:
    """Return the days of a campaign, both ends included; at most MOST_DAYS of them."""
    count = min((last - first).days + 1, MOST_DAYS)
    return [first + timedelta(days=number) for number in range(max(count, 0))]


def next_month(day: date) -> date:
    """Return the same day of the next month, or its last one. Source: S5 5.2, on the 5th."""
    year, month = (day.year + 1, 1) if day.month == 12 else (day.year, day.month + 1)
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def columns_of(header: Sequence[str]) -> dict[str, int]:
    """Return which column holds what, by the names in the header row."""
    cells = [cell.strip() for cell in header]
    found = {}
    for field, names in COLUMNS.items():
        number = next((at for at, cell in enumerate(cells) if cell in names), None)
        if number is not None:
            found[field] = number
    return found


def share(part: int, whole: int) -> int:
    """Return a share in percent, rounded down; 100 only when nothing is left."""
    return part * 100 // whole if whole else 0
