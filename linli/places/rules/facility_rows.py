"""One row of an imported list of facilities: which column means what, and what is wrong with a row."""

import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from linli.places.rules import import_rows, names
from linli.places.rules.columns import columns_of
from linli.places.rules.import_rows import HouseRow, Mistake

COLUMNS: Final[dict[str, tuple[str, ...]]] = {
    "number": ("编号", "设施编号", "资产编号"),
    "kind": ("类别", "设施类别", "设施类型"),
    "name": ("名称", "设施名称", "设施"),
    "estate": ("小区", "小区名称", "所属小区"),
    "building": ("楼栋", "楼栋号", "楼号"),
    "entrance": ("单元", "单元号"),
    "lat": ("纬度", "lat", "latitude"),
    "lon": ("经度", "lon", "lng", "longitude"),
    "status": ("状态",),
    "keeper": ("负责单位", "责任单位", "管理单位", "权属单位"),
    "keeper_phone": ("电话", "单位电话", "联系电话"),
    "area_m2": ("面积", "建筑面积"),
    "installed_on": ("安装日期", "启用日期"),
    "note": ("备注", "说明"),
}
_NEEDED: Final = {"name", "kind"}
_LONGEST: Final = {"number": 30, "name": 60, "keeper": 60, "keeper_phone": 20, "note": 200}
_DAY: Final = re.compile(r"(\d{4})[-/.年](\d{1,2})(?:[-/.月](\d{1,2})日?)?")


@dataclass(slots=True)
class FacilityRow:
    """A row as understood. Empty means that the row says nothing of it.

    wrong: (what: a word of the table in `import_facilities`, the value).
    """

    number: int
    said: dict[str, str] = field(default_factory=dict)
    house: HouseRow = field(default_factory=lambda: HouseRow(0))
    area_m2: int | None = None
    installed_on: date | None = None
    wrong: list[tuple[str, str]] = field(default_factory=list)
    mistakes: list[Mistake] = field(default_factory=list)


def find_header(rows: Sequence[Sequence[str]]) -> tuple[int, dict[str, int]] | None:
    """Return which of the first rows is the header, and the column of each known name; or None."""
    for number, cells in enumerate(rows[: import_rows.HEADER_ROWS]):
        columns = columns_of(cells, COLUMNS)
        if columns.keys() >= _NEEDED:
            return number, columns
    return None


def read_row(number: int, cells: Mapping[str, str], dates: Sequence[str]) -> FacilityRow:
    """Return a row as understood, with its mistakes. dates: columns that held a date."""
    row = FacilityRow(number)
    for column in ("number", "kind", "name", "status", "keeper", "keeper_phone", "note"):
        text = names.clean_name(cells.get(column, ""))
        if len(text) > _LONGEST.get(column, 60):
            row.wrong.append(("too_long", text[:20]))
        row.said[column] = text[: _LONGEST.get(column, 60)]
    for column in ("kind", "name"):
        if not row.said[column]:
            row.wrong.append((f"no_{column}", ""))
    place = {
        key: cells[key] for key in ("estate", "building", "entrance", "lat", "lon") if key in cells
    }
    row.house = import_rows.read_row(number, place, [one for one in dates if one in place], {})
    # A facility may stand anywhere: only houses need a building.
    row.mistakes = [one for one in row.house.mistakes if one.wrong != import_rows.Wrong.NO_BUILDING]
    row.area_m2 = _area(row, cells.get("area_m2", ""))
    row.installed_on = _day(row, cells.get("installed_on", ""))
    return row


def _area(row: FacilityRow, text: str) -> int | None:
    plain = names.clean_name(text).replace(",", "").lower().removesuffix("m2").rstrip("平方米㎡")
    if not plain:
        return None
    try:
        value = round(float(plain))
    except (ValueError, OverflowError):
        value = -1
    if not 0 <= value <= 1_000_000:
        row.wrong.append(("area", text[:20]))
        return None
    return value


def _day(row: FacilityRow, text: str) -> date | None:
    if not text.strip():
        return None
    found = _DAY.match(text.strip())
    if found is not None:
        with suppress(ValueError):
            return date(int(found[1]), int(found[2]), int(found[3] or 1))
    row.wrong.append(("day", text[:20]))
    return None
