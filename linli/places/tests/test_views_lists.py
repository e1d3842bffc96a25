"""The desk's pages of codes and lists, and what leaves as a file."""

import io
import json
from urllib.parse import unquote

import pytest
from openpyxl import load_workbook

from linli.kernel import clock, runs
from linli.kernel.models import Run
from linli.places.models import Building, Estate, PlaceCode, PlaceImport
from linli.places.tests.makers import (
    make_entrance,
    make_facility,
    make_facility_kind,
    make_grid,
    make_home,
    square,
)
from linli.places.tests.pages import text_of, to, upload

# Codes


def test_codes_are_made_shown_and_printed(cast, lead):
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


def test_a_torn_code_is_replaced_and_an_unwanted_one_ended(cast, lead):
    old = cast.code
    answer = lead.post(to("code_replacement", old.pk))
    assert "旧码已停用" in text_of(lead.get(answer["Location"]))
    assert "这张码已停用" in text_of(lead.get(to("code", old.pk)))
    assert lead.get(to("poster", old.pk)).status_code == 404
    new = PlaceCode.objects.get(ended_at=None)
    assert "停用“" in text_of(lead.get(to("code_end", new.pk)))
    lead.post(to("code_end", new.pk))
    assert lead.post(to("code_end", new.pk)).status_code == 409
    ended = text_of(lead.get(to("codes", cast.community.pk, ended=1)))
    assert old.code in ended
    assert new.code in ended


def test_a_spot_gets_a_code_of_its_own(cast, lead):
    where = to("code_spot", cast.community.pk)
    lead.post(where, {"spot": "公告栏", "building_id": str(cast.building.pk)})
    assert PlaceCode.objects.get(spot="公告栏").label == "天山花园 3号楼 公告栏"
    lead.post(where, {"spot": "3 号路灯", "building_id": ""})
    assert PlaceCode.objects.get(spot="3号路灯").label == "东城社区 3号路灯"
    missing = lead.post(where, {"spot": ""})
    assert missing.status_code == 422


# Lists


def test_a_list_is_uploaded_previewed_and_confirmed(cast, lead):
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


def test_a_list_with_mistakes_can_not_be_confirmed_only_thrown_away(cast, lead):
    page = to("imports", cast.community.pk)
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


def carried(lead, address: str, kind: str) -> bytes:
    """Ask for a list as a file, carry its run as the worker does, and fetch it."""
    asked = lead.post(address, {"file_format": kind})
    run = runs.carry_here(Run.objects.order_by("-id")[0], clock.now(), lambda: None)
    assert asked["Location"] == runs.url_of(run)
    return b"".join(lead.get(f"{runs.url_of(run)}result/").streaming_content)


def test_lists_leave_as_they_are_filtered(cast, lead):
    lamp, hydrant = make_facility_kind(), make_facility_kind("hydrant", "消防栓")
    make_facility(cast.community, "3 号路灯", kind=lamp)
    make_facility(cast.community, "东侧消防栓", kind=hydrant)
    table = carried(lead, to("table", cast.community.pk, "facilities", kind="hydrant"), "csv")
    assert "东侧消防栓" in table.decode("utf-8-sig")
    assert "3 号路灯" not in table.decode("utf-8-sig")
    code = cast.code
    codes = carried(lead, to("table", cast.community.pk, "codes", estate=cast.estate.pk), "csv")
    assert code.code in codes.decode("utf-8-sig")
    ended = carried(lead, to("table", cast.community.pk, "codes", ended=1), "csv")
    assert code.code not in ended.decode("utf-8-sig")


def test_what_is_exported_can_be_brought_back(cast, lead):
    make_home(cast.entrance)
    Estate.objects.filter(pk=cast.estate.pk).update(name="=天山花园")
    where = to("table", cast.community.pk, "homes")
    csv = carried(lead, where, "csv")
    assert csv.startswith("\ufeff小区,小区类型,楼栋,单元,户号,网格".encode())
    assert "'=天山花园,有物业小区,3号楼,1单元,301,g01" in csv.decode("utf-8-sig")
    assert Run.objects.get().result_name.startswith("东城社区户 ")
    Estate.objects.filter(pk=cast.estate.pk).update(name="天山花园")
    book = carried(lead, where, "xlsx")
    sheet = load_workbook(io.BytesIO(book)).active
    assert [cell.value for cell in sheet[2]][:6] == [
        "天山花园", "有物业小区", "3号楼", "1单元", "301", "g01",
    ]  # fmt: skip
    lead.post(
        to("imports", cast.community.pk),
        {"kind": "buildings", "file": upload("x.xlsx", book), "source_crs": "wgs84"},
    )
    assert "和现在的一样" in text_of(lead.get(to("import", PlaceImport.objects.get().pk)))


def test_grids_leave_as_tables_and_as_boundaries(cast, lead):
    make_grid(cast.community, "g02", "第二网格", square(87.51, 44.11))
    table = carried(lead, to("table", cast.community.pk, "grids"), "csv").decode("utf-8-sig")
    assert "g01,第一网格,,1,0,0,2020-01-01,否" in table
    plain = json.loads(lead.get(to("export", cast.community.pk, "grids", "geojson")).content)
    assert plain["features"][0]["properties"] == {"网格编号": "g02", "网格名称": "第二网格"}
    assert plain["features"][0]["geometry"]["coordinates"][0][0] == [87.51, 44.11]
    shifted = lead.get(to("export", cast.community.pk, "grids", "geojson", crs="gcj02"))
    lon, lat = json.loads(shifted.content)["features"][0]["geometry"]["coordinates"][0][0]
    assert 0.001 < lon - 87.51 < 0.01
    assert lat != 44.11
    assert lead.post(to("table", cast.community.pk, "people")).status_code == 404
    for wrong in (("grids", "pdf"), ("homes", "geojson")):
        assert lead.get(to("export", cast.community.pk, *wrong)).status_code == 404
    bad = to("export", cast.community.pk, "grids", "geojson", crs="mars")
    assert lead.get(bad).status_code == 404
