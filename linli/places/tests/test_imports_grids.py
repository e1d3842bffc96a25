"""Files of grid boundaries: previewed in words, put in place all at once."""

import json

import pytest

from linli.kernel.models import EventRow
from linli.places import selectors, services
from linli.places.errors import BadFile, HasErrors
from linli.places.models import ImportKind, PlaceImport
from linli.places.rules import import_rows
from linli.places.tests.lists import confirm, notes, prepared, preview
from linli.places.tests.makers import (
    make_grid,
    square,
)

pytestmark = pytest.mark.usefixtures("east_grid")


def feature(geometry: str | dict | None, **facts) -> dict:
    geometry = json.loads(geometry) if isinstance(geometry, str) else geometry
    return {"type": "Feature", "properties": facts, "geometry": geometry}


def grids(east, lin, *features, **options) -> PlaceImport:
    content = json.dumps({"type": "FeatureCollection", "features": features}).encode()
    return prepared(east, lin, ImportKind.GRIDS, "网格.geojson", content, **options)


def test_grids_come_from_a_file_of_boundaries(east, lin):
    waiting = grids(
        east, lin,
        feature(square(87.5, 44.1), 网格编号="g01"),
        feature(square(87.51, 44.1), 名称="第五网格"),
        feature(square(87.52, 44.1), code="g09", name="第九网格"),
    )  # fmt: skip
    assert notes(waiting, lin) == ["补上边界", "新建网格“第五网格”", "新建网格“第九网格”"]
    confirm(waiting, lin)
    found = {grid.code: grid.name for grid in selectors.grids_of(east.pk)}
    assert found == {"g01": "第一网格", "g02": "第五网格", "g09": "第九网格"}
    assert selectors.where_of(community_id=east.pk, lat=44.105, lon=87.525).grid_name == "第九网格"
    again = grids(east, lin, feature(square(87.5, 44.1), 网格编号="g01", 名称="东一网格"))
    assert notes(again, lin) == ["名称 第一网格 → 东一网格"]
    confirm(again, lin)
    same = grids(east, lin, feature(square(87.5, 44.1), 网格编号="g01", 名称="东一网格"))
    assert preview(same, lin).same == 1
    moved = grids(
        east, lin,
        feature(square(87.5, 44.1, 0.005), 网格编号="g01"),
        feature(square(87.52, 44.1), code="g09"),
    )  # fmt: skip
    assert notes(moved, lin) == ["更新边界"]
    before = EventRow.objects.count()
    confirm(moved, lin)
    assert EventRow.objects.count() == before + 2  # the one grid, and the import


@pytest.mark.parametrize(
    ("one", "words"),
    [
        (feature(square(87.5, 44.1)), "没有写网格编号"),
        (feature(square(87.5, 44.1), code="a/b", name="x"), "编号只用字母"),
        (feature(square(87.5, 44.1), code="g77"), "新网格要有名称"),
        (feature(square(87.5, 44.1), name="网" * 61), "最多 60 个字"),
        (feature({"type": "Point", "coordinates": [87, 44]}, code="g01"), "点和线不能当边界"),
        (feature(None, code="g01"), "点和线不能当边界"),
        (feature({"type": "Polygon", "coordinates": [[[0, 0], [2, 2], [2, 0], [0, 1], [0, 0]]]},
                 code="g01"), "交叉"),
        ("nothing", "没有写网格编号"),
        (feature(square(87.7, 44.1), name="第二网格"), "与第 1 个面是同一个网格"),
    ],
)  # fmt: skip
def test_a_wrong_feature_is_told_in_words(east, lin, one, words):
    waiting = grids(east, lin, feature(square(87.6, 44.1), name="第二网格"), one)
    assert waiting.error_count == 1
    assert words in "".join(preview(waiting, lin).rows[1].notes)
    with pytest.raises(HasErrors):
        confirm(waiting, lin)
    assert selectors.grids_of(east.pk).count() == 1


def test_overlaps_are_warnings(east, lin):
    make_grid(east, "g05", "第五网格", square(87.5, 44.1, 0.02))
    waiting = grids(
        east, lin,
        feature(square(87.51, 44.11, 0.02), name="甲"),
        feature(square(87.52, 44.12, 0.02), name="乙"),
    )  # fmt: skip
    rows = preview(waiting, lin).rows
    assert rows[0].warnings == ["与“乙”重叠 25%。", "与“第五网格”重叠 25%。"]
    assert preview(waiting, lin).can_be_applied


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"{", "不是 GeoJSON"),
        (b"\xff\xfe\x00", "不是 GeoJSON"),
        (b'{"type":"Polygon"}', "FeatureCollection"),
        (b'{"features":[]}', "FeatureCollection"),
        (b'{"features":[' + b"1," * 500 + b"1]}", "最多导入 500 个"),
        (b" " * (5 * 1024 * 1024 + 1), "5 MB"),
    ],
)
def test_a_file_without_boundaries_is_refused(content, words):
    with pytest.raises(BadFile, match=words):
        services.read_file(ImportKind.GRIDS, "x.geojson", content)


def test_the_header_is_looked_for_in_the_first_rows():
    rows = [("标题",), ("小区", "楼 栋（号）")]
    assert import_rows.find_header(rows) == (1, {"estate": 0, "building": 1})
    assert import_rows.find_header([("小区", "备注")]) is None
