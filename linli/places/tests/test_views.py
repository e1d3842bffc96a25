import io
import json
from datetime import date
from urllib.parse import unquote

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import resolve, reverse
from openpyxl import load_workbook

from linli.kernel import tenancy
from linli.places import selectors, services, urls
from linli.places.models import Area, Building, Entrance, Estate, Home, PlaceCode, PlaceImport
from linli.places.tests.makers import (
    make_building,
    make_code,
    make_community,
    make_entrance,
    make_estate,
    make_grid,
    make_home,
    manager,
    square,
)
from tests.cast import make_cast
from tests.hire import hire


@pytest.fixture
def cast(home, abroad):
    return make_cast(home, abroad)


@pytest.fixture
def lead(cast):
    return cast.client("lead")


@pytest.fixture
def in_cast(cast):
    with tenancy.tenant(cast.home.pk):
        yield cast


def to(name: str, *args, **query) -> str:
    asked = "&".join(f"{key}={value}" for key, value in query.items())
    return reverse(f"places:{name}", args=args) + (f"?{asked}" if asked else "")


def text_of(answer) -> str:
    return answer.content.decode()


def upload(name: str, content: str | bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content.encode() if isinstance(content, str) else content)


# Communities and estates


def test_a_single_community_opens_at_once(cast, lead):
    answer = lead.get(to("index"))
    assert answer.status_code == 302
    page = text_of(lead.get(answer["Location"]))
    assert "天山花园" in page
    assert "有物业小区" in page
    assert "1 / 1" in page  # doors with a code


def test_whoever_keeps_several_communities_chooses_one(in_cast):
    make_community("西城社区", "659004003003")
    browser = hire(in_cast.community.parent.parent, "places.manage")
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


def test_an_estate_is_entered_corrected_and_ended(in_cast, lead):
    cast = in_cast
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
    assert "结束“西苑二区”" in text_of(lead.get(to("estate_end", estate.pk)))
    lead.post(to("estate_end", estate.pk))
    estate.refresh_from_db()
    assert (estate.name, estate.ended_on is not None) == ("西苑二区", True)
    assert lead.get(to("estate", estate.pk)).status_code == 404


def test_long_lists_come_in_pages(in_cast, lead, django_assert_max_num_queries):
    estate = make_estate(in_cast.community, "大苑")
    for number in range(1, 61):
        make_entrance(make_building(estate, f"{number}号楼"))
    with django_assert_max_num_queries(20):
        page = text_of(lead.get(to("estate", estate.pk)))
    assert "50号楼" in page
    assert "51号楼" not in page
    assert "60号楼" in text_of(lead.get(to("estate", estate.pk, page=2)))
    assert "60号楼" in text_of(lead.get(to("estate", estate.pk, page="99")))


# Buildings


def test_a_building_with_its_doors_and_homes(in_cast, lead):
    cast = in_cast
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


def test_a_building_that_stands_alone(in_cast, lead):
    lead.post(
        to("building_new", in_cast.community.pk),
        {"name": "老供销社楼", "floor_count": 3, "household_count": 0},
    )
    building = Building.objects.get(estate=None)
    assert "老供销社楼" in text_of(lead.get(to("standalone", in_cast.community.pk)))
    assert "不在小区里的楼" in text_of(lead.get(to("community", in_cast.community.pk)))
    answer = lead.post(to("building_end", building.pk))
    assert answer["Location"] == to("community", in_cast.community.pk, done="ended")


# Grids


def test_a_grid_from_its_name_to_its_end(in_cast, lead):
    cast = in_cast
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


def test_a_boundary_is_uploaded_looked_at_and_taken_away(in_cast, lead):
    cast = in_cast
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


def test_an_empty_community_says_what_to_do_next(in_cast):
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


# Codes


def test_codes_are_made_shown_and_printed(in_cast, lead):
    cast = in_cast
    make_entrance(cast.building, "2单元")
    made = lead.post(to("codes_new", cast.community.pk), {"estate": str(cast.estate.pk)})
    assert "已生成" in text_of(lead.get(made["Location"]))
    again = lead.post(to("codes_new", cast.community.pk), {"estate": ""})
    assert "没有新生成" in text_of(lead.get(again["Location"]))
    code = PlaceCode.objects.get(label="天山花园 3号楼 2单元")
    page = text_of(lead.get(to("code", code.pk)))
    assert f"http://testserver/s/{code.code}/" in page
    assert '<svg class="qr"' in page
    poster = lead.get(to("poster", code.pk))
    assert (poster["Content-Type"], poster.content[:5]) == ("application/pdf", b"%PDF-")
    for query in ({"estate": cast.estate.pk}, {"community": cast.community.pk}, {"code": code.pk}):
        sheet = lead.get(to("stickers", **query))
        assert (sheet.status_code, sheet.content[:5]) == (200, b"%PDF-")
        assert "点位码.pdf" in unquote(sheet["Content-Disposition"])
    for wrong in ({}, {"estate": "x"}, {"code": cast.grid.pk}):
        assert lead.get(to("stickers", **wrong)).status_code == 404


def test_a_torn_code_is_replaced_and_an_unwanted_one_ended(in_cast, lead):
    old = in_cast.code
    answer = lead.post(to("code_replacement", old.pk))
    assert "旧码已停用" in text_of(lead.get(answer["Location"]))
    assert "这张码已停用" in text_of(lead.get(to("code", old.pk)))
    assert lead.get(to("poster", old.pk)).status_code == 404
    new = PlaceCode.objects.get(ended_at=None)
    assert "停用“" in text_of(lead.get(to("code_end", new.pk)))
    lead.post(to("code_end", new.pk))
    assert lead.post(to("code_end", new.pk)).status_code == 409
    ended = text_of(lead.get(to("codes", in_cast.community.pk, ended=1)))
    assert old.code in ended
    assert new.code in ended


def test_a_spot_gets_a_code_of_its_own(in_cast, lead):
    where = to("code_spot", in_cast.community.pk)
    lead.post(where, {"spot": "公告栏", "building_id": str(in_cast.building.pk)})
    assert PlaceCode.objects.get(spot="公告栏").label == "天山花园 3号楼 公告栏"
    lead.post(where, {"spot": "3 号路灯", "building_id": ""})
    assert PlaceCode.objects.get(spot="3号路灯").label == "东城社区 3号路灯"
    missing = lead.post(where, {"spot": ""})
    assert missing.status_code == 422


# Lists


def test_a_list_is_uploaded_previewed_and_confirmed(in_cast, lead):
    cast = in_cast
    page = to("imports", cast.community.pk)
    content = "小区,楼栋,单元,备注\n天山花园,5号楼,1单元,好\n天山花园,3号楼,1单元,"
    answer = lead.post(
        page, {"kind": "buildings", "file": upload("楼栋.csv", content), "source_crs": "wgs84"}
    )
    waiting = PlaceImport.objects.get()
    assert answer["Location"] == to("import", waiting.pk)
    shown = text_of(lead.get(answer["Location"]))
    assert "新建5号楼" in shown
    assert "这些列没有用到：备注。" in shown
    assert "确认导入" in shown
    only_same = text_of(lead.get(to("import", waiting.pk, status="same")))
    assert "新建5号楼" not in only_same
    assert "没有这样的行" in text_of(lead.get(to("import", waiting.pk, status="warned")))
    assert not Building.objects.filter(name="5号楼").exists()
    done = lead.post(to("import_confirm", waiting.pk))
    assert "已导入" in text_of(lead.get(done["Location"]))
    assert Building.objects.filter(name="5号楼").exists()
    assert lead.post(to("import_confirm", waiting.pk)).status_code == 302
    assert lead.get(to("import", waiting.pk)).status_code == 409


def test_a_list_with_mistakes_can_not_be_confirmed_only_thrown_away(in_cast, lead):
    page = to("imports", in_cast.community.pk)
    sent = {"kind": "buildings", "source_crs": "wgs84"}
    lead.post(page, sent | {"file": upload("x.csv", "小区,楼栋\n新苑,1号楼")})
    waiting = PlaceImport.objects.get()
    shown = text_of(lead.get(to("import", waiting.pk)))
    assert "“新苑”是新小区" in shown
    assert "确认导入" not in shown
    assert lead.post(to("import_confirm", waiting.pk)).status_code == 409
    gone = lead.post(to("import_discard", waiting.pk))
    assert "已放弃" in text_of(lead.get(gone["Location"]))
    assert not PlaceImport.objects.exists()


@pytest.mark.parametrize(
    ("kind", "content", "words"),
    [
        ("buildings", "", "空的"),
        ("buildings", "甲,乙\n1,2", "没有找到列名"),
        ("buildings", b"\x89PNG\x00", "不是表格文件"),
        ("grids", "小区,楼栋", "不是 GeoJSON"),
        ("nothing", "小区,楼栋\n甲,乙", "这个选项现在没有了"),
    ],
)
def test_a_file_that_can_not_be_read_is_refused_at_the_field(cast, lead, kind, content, words):
    answer = lead.post(
        to("imports", cast.community.pk),
        {"kind": kind, "file": upload("x.csv", content), "source_crs": "wgs84"},
    )
    assert answer.status_code == 422
    assert words in text_of(answer)


def test_what_is_exported_can_be_brought_back(in_cast, lead):
    cast = in_cast
    make_home(cast.entrance)
    Estate.objects.filter(pk=cast.estate.pk).update(name="=天山花园")
    where = (cast.community.pk, "homes")
    csv = lead.get(to("export", *where, "csv"))
    assert csv.content.startswith("\ufeff小区,小区类型,楼栋,单元,户号,网格".encode())
    assert "'=天山花园,有物业小区,3号楼,1单元,301,g01" in csv.content.decode("utf-8-sig")
    assert "东城社区户.csv" in unquote(csv["Content-Disposition"])
    Estate.objects.filter(pk=cast.estate.pk).update(name="天山花园")
    book = lead.get(to("export", *where, "xlsx"))
    sheet = load_workbook(io.BytesIO(book.content)).active
    assert [cell.value for cell in sheet[2]][:6] == [
        "天山花园", "有物业小区", "3号楼", "1单元", "301", "g01",
    ]  # fmt: skip
    lead.post(
        to("imports", cast.community.pk),
        {"kind": "buildings", "file": upload("x.xlsx", book.content), "source_crs": "wgs84"},
    )
    assert "和现在的一样" in text_of(lead.get(to("import", PlaceImport.objects.get().pk)))


def test_grids_leave_as_tables_and_as_boundaries(in_cast, lead):
    cast = in_cast
    make_grid(cast.community, "g02", "第二网格", square(87.51, 44.11))
    table = lead.get(to("export", cast.community.pk, "grids", "csv")).content.decode("utf-8-sig")
    assert "g01,第一网格,,1,0,0,2020-01-01,否" in table
    plain = json.loads(lead.get(to("export", cast.community.pk, "grids", "geojson")).content)
    assert plain["features"][0]["properties"] == {"网格编号": "g02", "网格名称": "第二网格"}
    assert plain["features"][0]["geometry"]["coordinates"][0][0] == [87.51, 44.11]
    shifted = lead.get(to("export", cast.community.pk, "grids", "geojson", crs="gcj02"))
    lon, lat = json.loads(shifted.content)["features"][0]["geometry"]["coordinates"][0][0]
    assert 0.001 < lon - 87.51 < 0.01
    assert lat != 44.11
    for wrong in (("grids", "pdf"), ("people", "csv")):
        assert lead.get(to("export", cast.community.pk, *wrong)).status_code == 404
    bad = to("export", cast.community.pk, "grids", "geojson", crs="mars")
    assert lead.get(bad).status_code == 404


# Who may


def every_page(cast, waiting) -> list[str]:
    c, e, b, d = cast.community.pk, cast.estate.pk, cast.building.pk, cast.entrance.pk
    g, k, i = cast.grid.pk, cast.code.pk, waiting.pk
    return [
        to("community", c), to("community_edit", c), to("estate_new", c), to("standalone", c),
        to("estate", e), to("estate_edit", e), to("estate_end", e), to("building_new", c),
        to("building", b), to("entrances", b), to("building_end", b), to("entrance", d),
        to("homes", d), to("entrance_end", d), to("grids", c), to("grid_new", c), to("grid", g),
        to("boundary", g), to("grid_buildings", g), to("grid_end", g), to("codes", c),
        to("codes_new", c), to("code_spot", c), to("stickers", estate=e), to("stickers", community=c),
        to("stickers", code=k), to("code", k), to("code_end", k), to("code_replacement", k),
        to("poster", k), to("imports", c), to("import", i), to("import_confirm", i),
        to("import_discard", i), to("export", c, "houses", "csv"),
    ]  # fmt: skip


@pytest.mark.parametrize("who", ["away_lead", "lin", "desk", "property", "mei"])
def test_nobody_else_finds_any_of_these_pages(in_cast, who):
    raw = services.read_file("buildings", "x.csv", "小区,楼栋\n天山花园,9号楼".encode())
    waiting = services.prepare_import(
        community_id=in_cast.community.pk, file_name="x.csv", raw=raw,
        actor=manager(), now=in_cast.code.created_at,
    )  # fmt: skip
    browser = in_cast.client(who)
    for address in every_page(in_cast, waiting):
        for answer in (
            browser.get(address),
            browser.post(address, {"name": "x", "kind": "company"}),
        ):
            assert answer.status_code in (404, 405), (address, answer.status_code)
    assert not Building.objects.filter(name="9号楼").exists()
    assert PlaceImport.objects.filter(applied_at=None).count() == 1
    assert Area.objects.get(pk=in_cast.grid.pk).ends_on is None
    assert PlaceCode.objects.filter(ended_at=None).count() == 1


def test_every_address_of_the_room_is_in_that_walk(in_cast):
    names = {pattern.name for pattern in urls.urlpatterns}

    walked = {
        resolve(address.partition("?")[0]).url_name
        for address in every_page(in_cast, waiting=in_cast.code)  # any id will do
    }
    assert names - walked == {"index"}


def test_without_signing_in_there_is_only_the_door(cast, client):
    answer = client.get(to("community", cast.community.pk))
    assert answer.status_code == 302
    assert answer["Location"].startswith("/sign-in/")


def test_the_index_is_not_there_for_a_post_without_the_duty(cast):
    assert cast.client("lin").get(to("index")).status_code == 404


def test_the_rail_shows_the_room_to_those_who_keep_it(cast, lead):
    assert "小区与点位码" in text_of(lead.get(to("community", cast.community.pk)))


def test_an_ended_community_is_gone(in_cast, lead):
    Area.objects.filter(pk=in_cast.community.pk).update(ends_on=date(2026, 1, 1))
    assert lead.get(to("community", in_cast.community.pk)).status_code == 404
    make_code(in_cast.community, "home-999999")
