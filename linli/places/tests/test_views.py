"""The desk's pages of communities, estates, buildings and grids."""

from linli.places import selectors
from linli.places.models import Area, Building, Entrance, Estate, Home
from linli.places.tests.makers import (
    make_building,
    make_community,
    make_entrance,
    make_estate,
    make_grid,
    square,
)
from linli.places.tests.pages import text_of, to, upload
from tests.hire import hire

# Communities and estates


def test_a_single_community_opens_at_once(cast, lead):
    answer = lead.get(to("index"))
    assert answer.status_code == 302
    page = text_of(lead.get(answer["Location"]))
    assert "天山花园" in page
    assert "有物业小区" in page
    assert "1 / 1" in page  # doors with a code


def test_whoever_keeps_several_communities_chooses_one(cast):
    make_community("西城社区", "659004003003")
    browser = hire(cast.community.parent.parent, "places.manage")
    page = text_of(browser.get(to("index")))
    assert "东城社区" in page
    assert "西城社区" in page


def test_the_communitys_details_are_corrected(cast, lead):
    facts = {
        "name": "东城社区",
        "phone": "100-0000-0009",
        "household_count": 3000,
        "resident_count": 8000,
    }
    answer = lead.post(to("community_edit", cast.community.pk), facts)
    page = text_of(lead.get(answer["Location"]))
    assert "已保存。" in page
    assert "100-0000-0009" in page
    wrong = lead.post(to("community_edit", cast.community.pk), facts | {"household_count": "很多"})
    assert wrong.status_code == 422
    assert 'value="很多"' in text_of(wrong)


def test_an_estate_is_entered_corrected_and_ended(cast, lead):
    new = to("estate_new", cast.community.pk)
    assert lead.get(new).status_code == 200
    taken = lead.post(new, {"name": "天山花园", "kind": "company"})
    assert taken.status_code == 422
    assert "这个社区已有“天山花园”" in text_of(taken)
    answer = lead.post(new, {"name": "西苑", "kind": "self_run", "lat": "44.1", "lon": "87.5"})
    estate = Estate.objects.get(name="西苑")
    assert answer["Location"] == to("estate", estate.pk, done="saved")
    assert "还没有楼栋" in text_of(lead.get(to("estate", estate.pk)))
    half = lead.post(
        to("estate_edit", estate.pk), {"name": "西苑", "kind": "self_run", "lat": "44"}
    )
    assert "要么都填" in text_of(half)
    lead.post(to("estate_edit", estate.pk), {"name": "西苑二区", "kind": "self_run"})
    asked = text_of(lead.get(to("estate_end", estate.pk)))
    assert "结束“西苑二区”" in asked
    assert "0 栋楼" in asked
    lead.post(to("estate_end", estate.pk))
    estate.refresh_from_db()
    assert (estate.name, estate.ended_on is not None) == ("西苑二区", True)
    assert lead.get(to("estate", estate.pk)).status_code == 404


def test_long_lists_come_in_pages(cast, lead, django_assert_max_num_queries):
    estate = make_estate(cast.community, "大苑")
    for number in range(1, 61):
        make_entrance(make_building(estate, f"{number}号楼"))
    with django_assert_max_num_queries(20):
        page = text_of(lead.get(to("estate", estate.pk)))
    assert "50号楼" in page
    assert "51号楼" not in page
    assert "60号楼" in text_of(lead.get(to("estate", estate.pk, page=2)))
    assert "60号楼" in text_of(lead.get(to("estate", estate.pk, page="99")))


# Buildings


def test_a_building_with_its_doors_and_homes(cast, lead):
    new = to("building_new", cast.community.pk, estate=cast.estate.pk)
    assert "新建楼栋 · 天山花园" in text_of(lead.get(new))
    facts = {
        "name": "12号楼",
        "floor_count": 6,
        "household_count": 36,
        "grid_id": str(cast.grid.pk),
    }
    answer = lead.post(new, facts | {"entrances": "1-3 单元", "estate": str(cast.estate.pk)})
    building = Building.objects.get(name="12号楼")
    assert (building.estate_id, building.grid_id) == (cast.estate.pk, cast.grid.pk)
    page = text_of(lead.get(answer["Location"]))
    assert "3单元" in page
    assert "还没有" in page  # a code
    lead.post(to("entrances", building.pk), {"names": "东单元、西单元"})
    assert Entrance.objects.filter(building=building).count() == 5
    empty = lead.post(to("entrances", building.pk), {"names": ""})
    assert empty.status_code == 422
    taken = lead.post(to("building", building.pk), facts | {"name": "3号楼"})
    assert "这里已有“3号楼”" in text_of(taken)
    lead.post(to("building", building.pk), facts | {"name": "12号楼", "grid_id": ""})
    building.refresh_from_db()
    assert building.grid_id is None

    door = building.entrances.get(name="东单元")
    lead.post(to("homes", door.pk), {"numbers": "101 102\n201"})
    assert Home.objects.filter(entrance=door).count() == 3
    assert "201" in text_of(lead.get(to("entrance", door.pk)))
    assert lead.post(to("homes", door.pk), {"numbers": ""}).status_code == 422
    assert lead.post(to("entrance", door.pk), {"name": "西单元"}).status_code == 422
    lead.post(to("entrance", door.pk), {"name": "东门"})
    assert "结束“12号楼 东门”" in text_of(lead.get(to("entrance_end", door.pk)))
    lead.post(to("entrance_end", door.pk))
    assert not selectors.entrances_of(building.pk).filter(pk=door.pk).exists()
    assert lead.get(to("building_end", building.pk)).status_code == 200
    ended = lead.post(to("building_end", building.pk))
    assert ended["Location"] == to("estate", cast.estate.pk, done="ended")


def test_a_building_that_stands_alone(cast, lead):
    lead.post(
        to("building_new", cast.community.pk),
        {"name": "老供销社楼", "floor_count": 3, "household_count": 0},
    )
    building = Building.objects.get(estate=None)
    assert "老供销社楼" in text_of(lead.get(to("standalone", cast.community.pk)))
    assert "不在小区里的楼" in text_of(lead.get(to("community", cast.community.pk)))
    answer = lead.post(to("building_end", building.pk))
    assert answer["Location"] == to("community", cast.community.pk, done="ended")


# Grids


def test_a_grid_from_its_name_to_its_end(cast, lead):
    lead.post(
        to("grid_new", cast.community.pk),
        {"name": "第二网格", "household_count": 0, "resident_count": 0},
    )
    grid = Area.objects.get(name="第二网格")
    assert grid.code == "g02"
    taken = lead.post(
        to("grid_new", cast.community.pk),
        {"name": "第三网格", "code": "g01", "household_count": 0, "resident_count": 0},
    )
    assert "编号“g01”已经用了" in text_of(taken)
    lead.post(
        to("grid", grid.pk),
        {
            "name": "东二网格",
            "phone": "100-0000-0003",
            "household_count": 300,
            "resident_count": 800,
        },
    )
    lead.post(to("grid_buildings", grid.pk), {"building": [str(cast.building.pk)]})
    page = text_of(lead.get(to("grid", grid.pk)))
    assert "东二网格" in page
    assert "清单里的 1 栋楼" in page
    listing = text_of(lead.get(to("grid_buildings", grid.pk)))
    assert 'checked><span class="check__text">3号楼' in listing
    assert lead.post(to("grid_buildings", grid.pk), {"building": ["x"]}).status_code == 422
    assert "100-0000-0003" in text_of(lead.get(to("grids", cast.community.pk)))
    assert "第一网格" in text_of(lead.get(to("grid_end", grid.pk)))
    lead.post(to("grid_end", grid.pk), {"move_to_id": str(cast.grid.pk)})
    cast.building.refresh_from_db()
    assert cast.building.grid_id == cast.grid.pk
    assert lead.get(to("grid", grid.pk)).status_code == 404


def test_a_boundary_is_uploaded_looked_at_and_taken_away(cast, lead):
    make_grid(cast.community, "g02", "第二网格", square(87.51, 44.11, 0.02))
    where = to("boundary", cast.grid.pk)
    drawn = upload("g01.geojson", square(87.5, 44.1, 0.02))
    lead.post(where, {"file": drawn, "source_crs": "wgs84"})
    page = text_of(lead.get(to("grid", cast.grid.pk)))
    assert "边界与“第二网格”重叠 25%" in page
    assert "data-map=" in page
    assert "已有边界。" in page
    for wrong, words in (
        ("{", "不是 GeoJSON"), ('{"type":"Point","coordinates":[1,2]}', "点和线不能当边界"),
        (b"\xff\xff", "不是 GeoJSON"),
    ):  # fmt: skip
        answer = lead.post(where, {"file": upload("x.json", wrong), "source_crs": "wgs84"})
        assert answer.status_code == 422
        assert words in text_of(answer)
    assert lead.post(where, {"source_crs": "wgs84"}).status_code == 422
    lead.post(where, {"remove": "1"})
    cast.grid.refresh_from_db()
    assert cast.grid.polygon == ""


def test_an_empty_community_says_what_to_do_next(cast):
    community = make_community("新城社区", "659004003008")
    browser = hire(community, "places.manage")
    for name, words in (
        ("community", "还没有小区和楼栋"), ("grids", "还没有网格"), ("codes", "还没有点位码"),
        ("imports", "还没有导入过"),
    ):  # fmt: skip
        assert words in text_of(browser.get(to(name, community.pk)))
    grid = make_grid(community)
    assert "还没有楼栋" in text_of(browser.get(to("grid_buildings", grid.pk)))
    assert browser.get(to("stickers", community=community.pk)).status_code == 404
