"""Positions between datums, distances, and onto a drawing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.kernel import geo
from linli.kernel.geo import Box, Datum

# Published vectors of the formulas: coordtransform and eviltransform.
GCJ02_OF_WGS84 = [
    ((39.915, 116.404), (39.91640428150164, 116.41024449916938)),
    ((31.1774276, 121.5272106), (31.17530398364597, 121.531541859215)),
    ((22.543847, 113.912316), (22.540796131694766, 113.9171764808363)),
    ((39.911954, 116.377817), (39.91334545536069, 116.38404722455657)),
]
CHINA = st.tuples(st.floats(18.5, 53), st.floats(74, 134))


@pytest.mark.parametrize(("wgs84", "gcj02"), GCJ02_OF_WGS84)
def test_positions_are_shifted_as_chinese_maps_do(wgs84, gcj02):
    assert geo.wgs84_to_gcj02(*wgs84) == pytest.approx(gcj02, abs=1e-8)
    assert geo.distance_m(*geo.gcj02_to_wgs84(*gcj02), *wgs84) < 0.01


def test_baidu_shifts_once_more():
    assert geo.gcj02_to_bd09(39.915, 116.404) == pytest.approx(
        (39.92133699351021, 116.41036949371029), abs=1e-8
    )
    assert geo.wgs84_to_bd09(39.915, 116.404) == geo.gcj02_to_bd09(
        *geo.wgs84_to_gcj02(39.915, 116.404)
    )


@pytest.mark.parametrize("datum", Datum)
@given(position=CHINA)
def test_there_and_back_ends_within_a_centimetre(datum, position):
    there = geo.from_wgs84(*position, datum)
    assert geo.distance_m(*geo.to_wgs84(*there, datum), *position) < 0.01


@pytest.mark.parametrize("abroad", [(48.85, 2.35), (-33.9, 151.2), (35.0, 140.0), (0.0, 110.0)])
@pytest.mark.parametrize("datum", Datum)
def test_outside_china_nothing_is_shifted(datum, abroad):
    assert geo.from_wgs84(*abroad, datum) == abroad
    assert geo.to_wgs84(*abroad, datum) == abroad


def test_distances_are_in_metres():
    assert geo.distance_m(34.6, 119.2, 34.6, 119.2) == 0
    assert geo.distance_m(34.6, 119.2, 34.601, 119.2) == pytest.approx(111.2, abs=0.1)
    assert geo.distance_m(0, 0, 0, 180) == pytest.approx(20_015_115, rel=1e-6)


@given(CHINA, st.floats(1, 5000), st.floats(-1, 1), st.floats(-1, 1))
def test_a_box_around_a_place_holds_all_that_is_near(middle, radius_m, up, aside):
    box = geo.box_around(*middle, radius_m)
    lat = middle[0] + up * (box.north - middle[0])
    lon = middle[1] + aside * (box.east - middle[1])
    near = geo.distance_m(*middle, lat, lon) <= radius_m
    assert box.holds(lat, lon) or not near
    assert geo.distance_m(*middle, middle[0], box.east) == pytest.approx(radius_m, rel=0.01)


def test_one_box_holds_many():
    assert geo.box_of([Box(1, 2, 3, 4), Box(0, 3, 2, 5)]) == Box(0, 2, 3, 5)
    assert geo.box_of([]) is None


SQUARE_KM = geo.box_around(34.6, 119.2, 500)


def test_a_square_on_the_ground_is_a_square_on_the_drawing():
    view = geo.viewport(SQUARE_KM, width=1000, margin=0)
    assert view.height == pytest.approx(1000, abs=1)
    assert view.view_box == f"0 0 1000 {view.height:g}"
    assert view.point(34.6, 119.2) == pytest.approx((500, view.height / 2))


def test_north_is_up_and_the_margin_stays_free():
    view = geo.viewport(SQUARE_KM, width=1000, margin=20)
    assert view.point(SQUARE_KM.north, SQUARE_KM.west) == pytest.approx((20, 20))
    corner = view.point(SQUARE_KM.south, SQUARE_KM.east)
    assert corner == pytest.approx((980, view.height - 20))


def test_a_boundary_with_a_hole_becomes_one_path():
    view = geo.Viewport(Box(0, 0, 10, 10), 10, 10, 0)
    outer = [(0.0, 0.0), (10.0, 0.0), (10.0, 10.0), (0.0, 0.0)]
    hole = [(8.0, 4.0), (8.0, 4.001), (9.0, 4.0), (9.0, 5.0), (8.0, 4.0)]
    assert geo.svg_path([[outer, hole], [[]]], view) == (
        "M0.0 10.0L10.0 10.0L10.0 0.0L0.0 10.0ZM8.0 6.0L9.0 6.0L9.0 5.0L8.0 6.0Z"
    )


def test_a_single_point_still_has_ground_around_it():
    view = geo.viewport(Box(119.2, 34.6, 119.2, 34.6), width=100, margin=0)
    assert view.point(34.6, 119.2) == pytest.approx((50, view.height / 2))
