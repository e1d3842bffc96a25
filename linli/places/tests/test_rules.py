"""Names, paths, codes and boundaries, without a database."""

import json

import pytest

from linli.places.rules import boundaries, codes, names, paths
from linli.places.tests.makers import square


def test_buildings_stand_as_people_count_them():
    mixed = ["10号楼", "A2", "2号楼", "十二栋", "1号楼", "三号楼", "A1", "物业楼", "3甲楼", "4号楼"]
    assert sorted(mixed, key=names.natural_key) == [
        "1号楼", "2号楼", "三号楼", "3甲楼", "4号楼", "10号楼", "十二栋", "物业楼", "A1", "A2",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("三", 3),
        ("十", 10),
        ("十二", 12),
        ("二十", 20),
        ("一百零二", 102),
        ("二〇三", 203),
        ("两", 2),
    ],
)
def test_chinese_numerals_are_numbers(text, value):
    assert names.chinese_number(text) == value


def test_doors_without_numbers_have_an_order_too():
    assert sorted(["乙单元", "甲单元"], key=names.natural_key) == ["甲单元", "乙单元"]
    assert sorted(["西单元", "东单元"], key=names.natural_key) == ["东单元", "西单元"]
    assert names.natural_order("百合楼") == names.natural_order("千禧楼")  # names, not numbers


@pytest.mark.parametrize(
    ("written", "kept"),
    [(" ３ 号楼 ", "3号楼"), ("Block  A 座", "Block A座"), ("1\t单元", "1单元"), ("A B", "A B")],
)
def test_a_name_is_kept_in_one_spelling(written, kept):
    assert names.clean_name(written) == kept


def test_two_spellings_of_one_building_are_recognised():
    assert names.same_name_key("三号楼") == names.same_name_key("3 号楼")
    assert names.first_number("三栋") == names.first_number("3幢") == 3
    assert names.first_number("物业楼") is None


@pytest.mark.parametrize(
    ("number", "floor"), [("301", 3), ("1203", 12), ("商铺5", None), ("7", None)]
)
def test_a_homes_number_tells_its_floor(number, floor):
    assert names.floor_of(number) == floor


def test_a_label_never_outgrows_its_column():
    assert names.place_label("天山花园", "", "3号楼") == "天山花园 3号楼"
    assert len(names.place_label("园" * 100, "楼" * 60)) == names.LABEL_MAX


def test_paths_name_everything_above():
    assert paths.child_path("659004/", "g01") == "659004/g01/"
    assert paths.ancestor_paths("a/b/c/") == ("a/", "a/b/", "a/b/c/")
    assert paths.ancestor_paths("") == ()
    assert paths.next_grid_code(["g01", "g09", "320707"]) == "g10"
    assert paths.is_area_code("659004-x")
    assert not paths.is_area_code("a/b")


def test_codes_avoid_letters_that_are_taken_for_each_other():
    assert not set("01ilou") & set(codes.ALPHABET)
    assert codes.code_of("wjq", 0) == "wjq-222222"
    assert codes.code_of("wjq", codes.SPACE - 1) == "wjq-zzzzzz"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [(" WJQ-4F7K2M ", "wjq-4f7k2m"), ("wjq 4f7k2m", ""), ("wjq－4f7k2m", "wjq-4f7k2m"),
     ("'; drop", ""), ("wjq-" + "a" * 40, "")],
)  # fmt: skip
def test_a_code_typed_by_hand_is_tidied(typed, kept):
    assert codes.tidy_code(typed) == kept


@pytest.mark.parametrize(
    ("code", "head"), [("wjq-4f7k2m", "wjq"), ("WJQ-AbC_x", "wjq"), ("-x", ""), ("a" * 99, "")]
)
def test_the_head_of_a_code_is_the_tenant(code, head):
    assert codes.head_of(code) == head


def stay(lat, lon):
    return lat, lon


def test_a_boundary_holds_its_points_and_its_line():
    line = boundaries.read_outline(json.loads(square(87.5, 44.1)), stay)
    assert (line.west, line.north) == (87.5, 44.11)
    assert boundaries.holds(line.text, 44.105, 87.505)
    assert boundaries.holds(line.text, 44.1, 87.505)
    assert not boundaries.holds(line.text, 44.2, 87.505)
    assert not boundaries.holds("", 44.2, 87.505)
    assert boundaries.rings(line.text)[0][0][0] == (87.5, 44.1)


def test_a_feature_and_many_polygons_are_boundaries_too():
    one, other = json.loads(square(87.5, 44.1)), json.loads(square(87.6, 44.1))
    both = {"type": "MultiPolygon", "coordinates": [one["coordinates"], other["coordinates"]]}
    line = boundaries.read_outline({"type": "Feature", "properties": {}, "geometry": both}, stay)
    assert boundaries.holds(line.text, 44.105, 87.605)
    assert len(boundaries.rings(line.text)) == 2
    alone = {"type": "FeatureCollection", "features": [{"type": "Feature", "geometry": one}]}
    assert boundaries.read_outline(alone, stay).east == 87.51


METRES = [[5e5, 4e6], [5.1e5, 4e6], [5.1e5, 4.1e6], [5e5, 4e6]]
BOW = [[0, 0], [2, 2], [2, 0], [0, 1], [0, 0]]


@pytest.mark.parametrize(
    ("geometry", "reason"),
    [
        ({"type": "Point", "coordinates": [1, 2]}, "kind"),
        ("text", "kind"),
        ({"type": "FeatureCollection", "features": []}, "many"),
        ({"type": "Polygon", "coordinates": [[["a", "b"], [1, 2], [3, 4], [1, 2]]]}, "broken"),
        ({"type": "Polygon", "coordinates": 7}, "broken"),
        ({"type": "Polygon", "coordinates": []}, "empty"),
        ({"type": "Polygon", "coordinates": [[[1, 1], [2, 2], [3, 3], [1, 1]]]}, "empty"),
        ({"type": "Polygon", "coordinates": [BOW]}, "crossed"),
        ({"type": "Polygon", "coordinates": [METRES]}, "range"),
    ],
)  # fmt: skip
def test_what_is_no_boundary_is_named(geometry, reason):
    with pytest.raises(boundaries.NotABoundary) as refused:
        boundaries.read_outline(geometry, stay)
    assert refused.value.reason == reason


def test_a_boundary_of_too_many_points_is_refused():
    step = 1e-6
    ring = [[87 + n * step, 44.0] for n in range(boundaries.MAX_POINTS)] + [[87.01, 45], [87, 44.0]]
    with pytest.raises(boundaries.NotABoundary, match="points"):
        boundaries.read_outline({"type": "Polygon", "coordinates": [ring]}, stay)


def test_overlap_is_a_share_of_the_smaller():
    big, small, far = square(87.5, 44.1, 0.02), square(87.51, 44.11, 0.02), square(88, 45)
    assert boundaries.overlap_share(big, small) == pytest.approx(0.25)
    assert boundaries.overlap_share(big, far) == 0
    assert boundaries.overlap_share(big, "") == 0
