"""Where something is, who answers for it, and whose it is."""

from datetime import date

import pytest

from linli.kernel import tenancy
from linli.kernel.errors import BadInput, NotFound
from linli.places import selectors
from linli.places.models import AreaKind
from linli.places.tests.makers import (
    make_area,
    make_building,
    make_code,
    make_community,
    make_entrance,
    make_estate,
    make_grid,
    square,
)


@pytest.fixture
def door(east):
    grid = make_grid(east)
    estate = make_estate(east, lat=44.17, lon=87.53)
    return make_entrance(make_building(estate, grid=grid, lat=44.171, lon=87.531))


def test_a_scanned_code_says_everything_without_another_query(door, django_assert_num_queries):
    make_code(door, "home-4f7k2m", spot="门口")
    with django_assert_num_queries(1):
        where = selectors.where_of_code(selectors.find_place_code("HOME-4F7K2M "))
    assert where.label == "天山花园 3号楼 1单元 门口"
    assert where.area_path == "659004/659004003/659004003002/g01/"
    assert (where.estate_kind, where.grid_name) == ("company", "第一网格")
    assert (where.lat, where.lon) == (44.171, 87.531)
    assert (where.community_name, where.community_phone) == ("东城社区", "100-0000-0001")
    assert where.code == "home-4f7k2m"
    with django_assert_num_queries(0):  # the next scan within seconds
        assert selectors.where_of_code(selectors.find_place_code("home-4f7k2m")) == where


def test_a_code_that_is_made_in_a_moment_is_found_then(east):
    assert selectors.find_place_code("home-777777") is None
    made = make_code(east, "home-777777")
    assert selectors.find_place_code("home-777777") == made


def test_a_code_on_an_unlisted_building_goes_by_position_in_two_queries(
    east, django_assert_num_queries
):
    make_grid(east, "g01", "第一网格", square(87.5, 44.1))
    second = make_grid(east, "g02", "第二网格", square(87.6, 44.1))
    building = make_building(make_estate(east), lat=44.105, lon=87.605)
    make_code(building, "home-222222")
    with django_assert_num_queries(2):
        where = selectors.where_of_code(selectors.find_place_code("home-222222"))
    assert (where.grid_id, where.area_path) == (second.pk, second.path)


def test_the_list_of_a_grid_wins_over_its_boundary(east):
    listed = make_grid(east, "g01", "第一网格")
    make_grid(east, "g02", "第二网格", square(87.6, 44.1))
    building = make_building(make_estate(east), grid=listed, lat=44.105, lon=87.605)
    assert selectors.where_of(community_id=east.pk, building_id=building.pk).grid_id == listed.pk


def test_a_point_on_the_map_finds_its_grid(east, django_assert_num_queries):
    grid = make_grid(east, polygon=square(87.5, 44.1))
    with django_assert_num_queries(2):
        where = selectors.where_of(community_id=east.pk, lat=44.105, lon=87.505, spot=" 路灯 下 ")
    assert (where.grid_id, where.label, where.spot) == (grid.pk, "东城社区 路灯下", "路灯下")
    outside = selectors.where_of(community_id=east.pk, lat=45.0, lon=87.505)
    assert (outside.grid_id, outside.area_path) == (None, east.path)


def test_a_chosen_place_is_two_queries_at_most(east, door, django_assert_num_queries):
    with django_assert_num_queries(1):
        where = selectors.where_of(
            community_id=east.pk,
            estate_id=door.building.estate_id,
            building_id=door.building_id,
            entrance_id=door.pk,
        )
    assert where.entrance_id == door.pk
    with django_assert_num_queries(2):
        estate = selectors.where_of(community_id=east.pk, estate_id=door.building.estate_id)
    assert (estate.label, estate.lat, estate.building_id) == ("天山花园", 44.17, None)


def test_a_grid_of_a_micro_community_lies_in_its_path(east):
    micro = make_area(AreaKind.MICRO, "m01", "第一微社区", east)
    grid = make_grid(micro, "g07", "第七网格", square(87.5, 44.1))
    where = selectors.where_of(community_id=east.pk, lat=44.105, lon=87.505)
    assert (where.grid_id, where.area_path) == (grid.pk, east.path + "m01/g07/")


def test_parts_that_do_not_belong_together_are_refused(east, door):
    west = make_community("西城社区", "659004003003")
    other = make_estate(west, "西苑")
    stranger = make_building(other, "9号楼")
    for wrong in (
        {"community_id": west.pk, "entrance_id": door.pk},
        {"community_id": east.pk, "estate_id": other.pk},
        {"community_id": east.pk, "estate_id": other.pk, "building_id": door.building_id},
        {"community_id": east.pk, "building_id": stranger.pk},
        {"community_id": east.pk, "building_id": stranger.pk, "entrance_id": door.pk},
        {"community_id": other.pk},
        {"community_id": east.pk, "lat": 44.1},
        {"community_id": east.pk, "lat": 944.1, "lon": 87.5},
    ):
        with pytest.raises(BadInput):
            selectors.where_of(**wrong)


def test_what_has_ended_can_not_be_chosen(east, door):
    door.ended_on = date(2026, 1, 1)
    door.save(update_fields=["ended_on"])
    with pytest.raises(BadInput):
        selectors.where_of(community_id=east.pk, entrance_id=door.pk)
    assert list(selectors.entrances_of(door.building_id)) == []


def test_the_picker_goes_from_the_community_to_the_door(east, door):
    estate = door.building.estate
    tenth = make_building(estate, "10号楼")
    lone = make_building(east, "老供销社楼")
    assert [area.name for area in selectors.communities()] == ["东城社区"]
    assert list(selectors.estates_of(east.pk)) == [estate]
    assert list(selectors.buildings_of(east.pk, estate.pk)) == [door.building, tenth]
    assert list(selectors.buildings_of(east.pk)) == [door.building, tenth, lone]
    assert list(selectors.buildings_of(east.pk, is_standalone=True)) == [lone]
    assert list(selectors.entrances_of(door.building_id)) == [door]
    assert list(selectors.buildings_without_grid(east.pk)) == [tenth, lone]


def test_communities_below_paths_are_kept_for_half_a_minute(east, django_assert_num_queries):
    west = make_community("西城社区", "659004003003")
    assert selectors.community_ids(("659004/",)) == [east.pk, west.pk]
    with django_assert_num_queries(0):
        selectors.community_ids(("659004/",))
    assert selectors.community_ids(("",)) == [east.pk, west.pk]
    assert selectors.community_ids((west.path, west.path + "g01/")) == [west.pk]
    assert selectors.community_ids((west.path + "g01/",)) == []
    assert selectors.community_ids(()) == []
    third = make_community("南城社区", "659004003004")  # making one drops what was kept
    assert selectors.community_ids(("659004/",)) == [east.pk, west.pk, third.pk]


def test_the_tree_of_an_earlier_day(east):
    old = make_grid(east, "g01", "老网格")
    old.starts_on, old.ends_on = date(2020, 1, 1), date(2025, 6, 1)
    old.save(update_fields=["starts_on", "ends_on"])
    new = make_grid(east, "g02", "新网格")
    new.starts_on = date(2025, 6, 1)
    new.save(update_fields=["starts_on"])
    assert list(selectors.areas_at(date(2025, 5, 31), path=east.path)) == [east, old]
    assert list(selectors.areas_at(date(2025, 6, 1), path=east.path)) == [east, new]
    assert list(selectors.grids_of(east.pk)) == [new]
    assert list(selectors.areas_below(east.path)) == [east, new]


def test_a_path_knows_its_community(east):
    grid = make_grid(east)
    assert selectors.community_of_path(grid.path) == east
    assert selectors.community_of_path("659004/") is None
    assert selectors.area_of_path(grid.path) == grid
    assert selectors.get_community("659004003002") == east


def test_a_code_finds_its_tenant_and_nothing_else(in_home, abroad, east):
    make_code(east, "home-222222")
    assert selectors.tenant_of("home-222222") == in_home
    assert selectors.tenant_of("nowhere-222222") is None
    assert selectors.tenant_of("no-such/../thing") is None
    with tenancy.tenant(abroad.pk):
        assert selectors.find_place_code("home-222222") is None
        assert list(selectors.communities()) == []
        with pytest.raises(NotFound):
            selectors.get_community("659004003002")
        with pytest.raises(BadInput):
            selectors.where_of(community_id=east.pk)


def test_an_ended_code_is_still_found_so_that_the_page_can_say_so(east):
    code = make_code(east, "home-333333", ended_at="2026-01-01T00:00:00Z")
    assert selectors.find_place_code("home-333333") == code
    assert list(selectors.codes_of(east.pk)) == []
    assert list(selectors.codes_of(east.pk, is_ended=True)) == [code]
    assert selectors.find_place_code("home-nothing") is None
    assert selectors.find_place_code("<script>") is None
