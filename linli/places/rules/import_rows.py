"""One row of an imported list of houses: which column means what, and what is wrong with a row.

Mistakes are told as a word of `Wrong` and its facts; services put them into words.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final

from linli.places.rules import names
from linli.places.rules.columns import columns_of

# Headers as people write them, after blanks and brackets with units are taken out.
COLUMNS: Final[dict[str, tuple[str, ...]]] = {
    "estate": ("小区", "小区名称", "小区名", "所属小区"),
    "estate_kind": ("小区类型", "类型", "物业类型"),
    "building": ("楼栋", "楼栋号", "楼栋名称", "楼号", "栋", "栋号", "幢", "幢号", "楼幢"),
    "entrance": ("单元", "单元号", "单元名称", "门洞"),
    "home": ("户号", "房号", "室号", "房间号", "门牌", "门牌号", "室"),
    "grid": ("网格", "网格编号", "网格名称", "所属网格"),
    "floors": ("层数", "楼层数", "总层数", "楼层"),
    "households": ("户数", "总户数", "住户数"),
    "lat": ("纬度", "lat", "latitude"),
    "lon": ("经度", "lon", "lng", "longitude"),
}
HEADER_ROWS: Final = 10  # titles and notes may stand above the header
_BARE: Final = re.compile(r"[0-9]+")
_LONGEST: Final = {"estate": 60, "building": 60, "entrance": 30, "home": 20}
_SUFFIX: Final = {"building": "号楼", "entrance": "单元"}
_MOST: Final = {"floors": 200, "households": 5000}


class Wrong(StrEnum):
    """What may be wrong with a row."""

    NO_BUILDING = "no_building"
    NO_ENTRANCE = "no_entrance"
    KIND = "kind"
    KIND_WITHOUT_ESTATE = "kind_without_estate"
    TOO_LONG = "too_long"
    NUMBER = "number"
    RANGE = "range"
    HALF_POSITION = "half_position"
    POSITION = "position"
    SWAPPED = "swapped"
    DATE = "date"


@dataclass(frozen=True, slots=True)
class Mistake:
    """What is wrong, in which column, with which value."""

    wrong: Wrong
    column: str = ""
    value: str = ""


@dataclass(slots=True)
class HouseRow:
    """A row as understood. Empty means that the row says nothing of it."""

    number: int
    estate: str = ""
    estate_kind: str = ""
    building: str = ""
    entrance: str = ""
    home: str = ""
    grid: str = ""
    floors: int | None = None
    households: int | None = None
    lat: float | None = None
    lon: float | None = None
    # "3" was written for the building: it also means an existing "3栋" or "3幢".
    has_bare_building: bool = False
    mistakes: list[Mistake] = field(default_factory=list)


def find_header(rows: Sequence[Sequence[str]]) -> tuple[int, dict[str, int]] | None:
    """Return which of the first rows is the header, and the column of each known name.

    None when no row names a building.
    """
    for number, cells in enumerate(rows[:HEADER_ROWS]):
        columns = columns_of(cells, COLUMNS)
        if "building" in columns:
            return number, columns
    return None


def read_row(
    number: int, cells: Mapping[str, str], dates: Sequence[str], kinds: Mapping[str, str]
) -> HouseRow:
    """Return a row as understood, with its mistakes.

    cells: the text of each known column. dates: the columns that a spreadsheet turned into dates.
    kinds: the word for each kind of estate, to its value.
    """
    row = HouseRow(number)
    wrong = row.mistakes.append
    for column in dates:
        if column in ("building", "entrance", "home", "estate", "grid"):
            wrong(Mistake(Wrong.DATE, column, cells.get(column, "")))
    for column, longest in _LONGEST.items():
        name = names.clean_name(cells.get(column, ""))
        if _BARE.fullmatch(name) and column in _SUFFIX:
            name = f"{int(name)}{_SUFFIX[column]}"
            row.has_bare_building |= column == "building"
        if len(name) > longest:
            wrong(Mistake(Wrong.TOO_LONG, column, name[:20]))
        setattr(row, column, name[:longest])
    row.grid = names.clean_name(cells.get("grid", ""))
    _read_kind(row, cells.get("estate_kind", ""), kinds)
    row.floors = _whole(row, "floors", cells.get("floors", ""))
    row.households = _whole(row, "households", cells.get("households", ""))
    _read_position(row, cells.get("lat", ""), cells.get("lon", ""))
    _check_levels(row, cells)
    return row


def _read_kind(row: HouseRow, word: str, kinds: Mapping[str, str]) -> None:
    word = names.clean_name(word)
    if not word:
        return
    row.estate_kind = kinds.get(word) or kinds.get(word.removesuffix("小区")) or ""
    if not row.estate_kind:
        row.mistakes.append(Mistake(Wrong.KIND, "estate_kind", word[:20]))
    elif not row.estate and row.estate_kind != "standalone":
        row.mistakes.append(Mistake(Wrong.KIND_WITHOUT_ESTATE, "estate", word[:20]))


def _whole(row: HouseRow, column: str, text: str) -> int | None:
    plain = names.clean_name(text).replace(",", "").rstrip("层户")
    if not plain:
        return None
    if not _BARE.fullmatch(plain):
        row.mistakes.append(Mistake(Wrong.NUMBER, column, text[:20]))
        return None
    if int(plain) > _MOST[column]:
        row.mistakes.append(Mistake(Wrong.RANGE, column, text[:20]))
        return None
    return int(plain)


def _read_position(row: HouseRow, lat: str, lon: str) -> None:
    if not lat and not lon:
        return
    if not lat or not lon:
        row.mistakes.append(Mistake(Wrong.HALF_POSITION, "lat"))
        return
    try:
        north, east = float(lat), float(lon)
    except ValueError:
        row.mistakes.append(Mistake(Wrong.POSITION, "lat", f"{lat[:12]}, {lon[:12]}"))
        return
    # The country lies between 3 and 54 degrees north, 73 and 136 east.
    if 3 <= north <= 54 and 73 <= east <= 136:
        row.lat, row.lon = north, east
    else:
        swapped = 3 <= east <= 54 and 73 <= north <= 136
        wrong = Wrong.SWAPPED if swapped else Wrong.POSITION
        row.mistakes.append(Mistake(wrong, "lat", f"{lat[:12]}, {lon[:12]}"))


def _check_levels(row: HouseRow, cells: Mapping[str, Any]) -> None:
    if not row.building:
        row.mistakes.append(Mistake(Wrong.NO_BUILDING, "building"))
    if row.home and not row.entrance:
        row.mistakes.append(Mistake(Wrong.NO_ENTRANCE, "entrance", row.home))
