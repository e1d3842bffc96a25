"""An uploaded file becomes raw rows: which column is which, which feature is which grid."""

import json
from dataclasses import dataclass
from typing import Any, Final

from django.utils.translation import gettext as _

from linli.kernel import sheets
from linli.places.errors import BadFile
from linli.places.models import ImportKind
from linli.places.rules import facility_rows, import_rows

MAX_GRIDS: Final = 500
_MAX_GEOJSON: Final = 5 * 1024 * 1024
_CODE_KEYS: Final = ("网格编号", "编号", "code", "grid_code")
_NAME_KEYS: Final = ("网格名称", "名称", "name", "网格")


@dataclass(frozen=True, slots=True)
class RawFile:
    """What a file brings. `remarks`: what was left aside, in words."""

    kind: ImportKind
    rows: list[dict[str, Any]]
    remarks: tuple[str, ...] = ()


def read_file(kind: ImportKind, file_name: str, content: bytes) -> RawFile:
    """Return the raw rows of an uploaded list. Errors: BadFile, BadSheet: it is no such list."""
    if kind == ImportKind.GRIDS:
        return _read_geojson(content)
    sheet = sheets.read(file_name, content)
    texts = [row.cells for row in sheet.rows]
    if kind == ImportKind.FACILITIES:
        return _table(kind, sheet, facility_rows.find_header(texts))
    return _table(ImportKind.BUILDINGS, sheet, import_rows.find_header(texts))


def _table(
    kind: ImportKind, sheet: sheets.Sheet, found: tuple[int, dict[str, int]] | None
) -> RawFile:
    if found is None:
        raise BadFile(_no_header(kind) % {"n": import_rows.HEADER_ROWS})
    at, columns = found
    rows = [_raw(row, columns) for row in sheet.rows[at + 1 :]]
    rows = [row for row in rows if row["cells"]]
    if not rows:
        raise BadFile(_("只有列名，没有可以导入的行。"))
    return RawFile(kind, rows, _remarks(sheet, sheet.rows[at].cells, columns))


def _no_header(kind: ImportKind) -> str:
    if kind == ImportKind.FACILITIES:
        return _(
            "前 %(n)d 行里没有找到列名。要有一行写着：类别、名称（可以再有编号、小区、楼栋、单元、"
            "纬度、经度、状态、负责单位、电话、面积、安装日期、备注）。"
        )
    return _(
        "前 %(n)d 行里没有找到列名。要有一行写着：小区、楼栋、单元"
        "（可以再有小区类型、户号、网格、层数、户数、纬度、经度）。"
    )


def _raw(row: sheets.Row, columns: dict[str, int]) -> dict[str, Any]:
    cells = {
        key: row.cells[at] for key, at in columns.items() if at < len(row.cells) and row.cells[at]
    }
    dates = [key for key, at in columns.items() if at in row.dates]
    return {"number": row.number, "cells": cells, "dates": dates}


def _remarks(
    sheet: sheets.Sheet, header: tuple[str, ...], columns: dict[str, int]
) -> tuple[str, ...]:
    remarks = []
    unused = [name for at, name in enumerate(header) if name and at not in columns.values()]
    if unused:
        remarks.append(_("这些列没有用到：%(names)s。") % {"names": "、".join(unused)[:200]})
    if sheet.unread:
        remarks.append(
            _("只读了第一张工作表，没有读：%(names)s。") % {"names": "、".join(sheet.unread)[:200]}
        )
    return tuple(remarks)


def _read_geojson(content: bytes) -> RawFile:
    if len(content) > _MAX_GEOJSON:
        raise BadFile(_("文件超过 5 MB，先在地图软件里简化边界再上传。"))
    try:
        data = json.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        raise BadFile(_("这不是 GeoJSON 文件（UTF-8），换一个试试。")) from None
    features = data.get("features") if isinstance(data, dict) else None
    if not isinstance(features, list) or not features:
        raise BadFile(_("要的是 FeatureCollection，里面每个网格一个面，带“网格编号”或“名称”。"))
    if len(features) > MAX_GRIDS:
        raise BadFile(_("一次最多导入 %(n)d 个网格。") % {"n": MAX_GRIDS})
    return RawFile(
        ImportKind.GRIDS, [_grid(number, one) for number, one in enumerate(features, start=1)]
    )


def _grid(number: int, feature: Any) -> dict[str, Any]:
    feature = feature if isinstance(feature, dict) else {}
    facts = feature.get("properties")
    facts = facts if isinstance(facts, dict) else {}
    return {
        "number": number,
        "code": _first(facts, _CODE_KEYS),
        "name": _first(facts, _NAME_KEYS),
        "geometry": feature.get("geometry"),
    }


def _first(facts: dict[str, Any], keys: tuple[str, ...]) -> str:
    found = next((facts[key] for key in keys if facts.get(key) not in (None, "")), "")
    return str(found).strip()[:100]
