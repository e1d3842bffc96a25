"""Lists of houses: previewed in words, put in place all at once, or thrown away."""

import io
from datetime import date, timedelta

import pytest
from openpyxl import Workbook
from openpyxl.styles import PatternFill

from linli.kernel import events, geo, tenancy
from linli.kernel.errors import BadInput, NotFound
from linli.kernel.models import EventRow
from linli.places import selectors, services, tasks
from linli.places.errors import AlreadyApplied, BadFile, HasErrors
from linli.places.models import Area, Building, Entrance, Estate, Home, ImportKind, PlaceImport
from linli.places.tests.lists import FIRST, HEADER, confirm, notes, prepared, preview, uploaded
from linli.places.tests.makers import (
    NOW,
    make_building,
    make_community,
    make_entrance,
    make_estate,
    make_grid,
    make_home,
    manager,
)

pytestmark = pytest.mark.usefixtures("east_grid")


def test_a_list_is_shown_first_and_put_in_place_when_confirmed(east, lin):
    waiting = uploaded(
        east, lin, FIRST, "天山花园,,3号楼,1单元,302,,,,,", "天山花园,,3号楼,2单元,,,,,,",
        ",单体楼,老供销社楼,,,,3,12,,",
    )  # fmt: skip
    shown = preview(waiting, lin)
    assert (shown.new, shown.changed, shown.same, shown.wrong) == (4, 0, 0, 0)
    assert shown.rows[0].number == 2
    assert shown.rows[0].notes == [
        "新建小区“天山花园”", "新建3号楼", "新建1单元", "新增 301 户",
    ]  # fmt: skip
    assert Building.objects.count() == 0

    confirm(waiting, lin)
    estate = Estate.objects.get()
    building = Building.objects.get(estate=estate)
    assert (estate.kind, building.grid.name, building.floor_count) == ("company", "第一网格", 6)
    assert (building.household_count, building.lat, building.lon) == (36, 44.171, 87.531)
    assert [door.name for door in selectors.entrances_of(building.pk)] == ["1单元", "2单元"]
    assert {(home.number, home.floor) for home in Home.objects.all()} == {("301", 3), ("302", 3)}
    lone = Building.objects.get(estate=None)
    assert (lone.name, lone.floor_count) == ("老供销社楼", 3)
    applied = events.timeline(waiting.pk)[0]
    assert applied.data == {"kind": "buildings", "created": 4, "changed": 0, "unchanged": 0}
    assert [row.name for row in events.timeline(building.pk)] == ["places.building.created"]


def test_confirming_twice_does_it_once_and_the_same_list_again_changes_nothing(east, lin):
    waiting = uploaded(east, lin, FIRST)
    confirm(waiting, lin)
    before = EventRow.objects.count()
    confirm(waiting, lin)
    assert EventRow.objects.count() == before
    again = uploaded(east, lin, FIRST)
    shown = preview(again, lin)
    assert (shown.same, shown.can_be_applied) == (1, False)
    confirm(again, lin)
    assert (Building.objects.count(), Entrance.objects.count(), Home.objects.count()) == (1, 1, 1)
    with pytest.raises(AlreadyApplied):
        preview(waiting, lin)
    with pytest.raises(AlreadyApplied):
        services.discard_import(import_id=waiting.pk, actor=lin, now=NOW)


def test_only_what_differs_is_changed_and_empty_cells_change_nothing(east, lin):
    old = make_grid(east, "g02", "第二网格")
    estate = make_estate(east, kind="self_run")
    building = make_building(estate, grid=old, floor_count=6, household_count=36)
    make_home(make_entrance(building, "1 单元"))
    waiting = uploaded(
        east, lin, "天山花园,有物业,三号楼,一单元,301,g01,7,,,", "天山花园,,3 号楼,2单元,,,,,,",
        "天山花园,,3号楼,1单元,302,,,,,",
    )  # fmt: skip
    assert notes(waiting, lin) == [
        "小区类型 无物业自治小区 → 有物业小区", "网格 第二网格 → 第一网格", "层数 6 → 7",
        "新建2单元", "新增 302 户",
    ]  # fmt: skip
    confirm(waiting, lin)
    building.refresh_from_db()
    estate.refresh_from_db()
    assert (building.floor_count, building.household_count, building.grid.code) == (7, 36, "g01")
    assert (building.name, estate.kind) == ("3号楼", "company")
    assert [row.data["changed"] for row in events.timeline(building.pk)] == [
        "grid_id,floor_count,entrances,homes"
    ]


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("天山花园,有物业小区,,1单元,,,,,,", "没有写楼栋。"),
        ("天山花园,有物业小区,3号楼,,301,,,,,", "写了户号“301”，没有写单元。"),
        ("天山花园,别墅区,3号楼,,,,,,,", "小区类型“别墅区”认不出来，可以写：有物业小区、"),
        (",有物业小区,3号楼,,,,,,,", "没有写小区；不在小区里的楼写“单体楼”。"),
        ("西苑,,3号楼,,,,,,,", "“西苑”是新小区，要写小区类型"),
        (f"{'园' * 61},有物业小区,3号楼,,,,,,,", "太长。"),
        (f"天山花园,有物业小区,3号楼,{'单' * 31},,,,,,", "单元“"),
        ("天山花园,有物业小区,3号楼,,,,六层楼,,,", "层数“六层楼”不是整数。"),
        ("天山花园,有物业小区,3号楼,,,,600,,,", "层数“600”太大"),
        ("天山花园,有物业小区,3号楼,,,,,-3,,", "户数“-3”不是整数。"),
        ("天山花园,有物业小区,3号楼,,,,,,44.1,", "要么都填，要么都不填"),
        ("天山花园,有物业小区,3号楼,,,,,,北纬44度,87.5", "不在国内的经纬度范围里"),
        ("天山花园,有物业小区,3号楼,,,,,,0,0", "不在国内的经纬度范围里"),
        ("天山花园,有物业小区,3号楼,,,,,,nan,87", "不在国内的经纬度范围里"),
        ("天山花园,有物业小区,3号楼,,,,,,87.531,44.171", "写反了"),
        ("天山花园,有物业小区,3号楼,,,第九网格,,,,", "本社区没有网格“第九网格”"),
        ("天山花园,有物业小区,3号楼,,,同名网格,,,,", "有 2 个网格叫“同名网格”"),
    ],
)
def test_each_mistake_is_told_in_words_and_blocks_the_whole_list(east, lin, line, words):
    micro = make_grid(east, "m01", "微社区")
    make_grid(east, "g07", "同名网格")
    make_grid(micro, "g08", "同名网格")
    waiting = uploaded(east, lin, "天山花园,有物业小区,1号楼,,,,,,,", line)
    assert waiting.error_count == 1
    shown = preview(waiting, lin)
    assert (shown.wrong, shown.can_be_applied) == (1, False)
    assert words in "".join(shown.rows[1].notes)
    with pytest.raises(HasErrors, match="有 1 行不对"):
        confirm(waiting, lin)
    assert Building.objects.count() == 0


def test_rows_that_contradict_each_other_are_wrong_and_repeats_count_once(east, lin):
    waiting = uploaded(
        east, lin, FIRST, FIRST, "天山花园,,3号楼,2单元,,,7,,,", "天山花园,单体楼,4号楼,,,,,,,"
    )
    rows = preview(waiting, lin).rows
    assert rows[1].warnings == ["与第 2 行重复，只算一次。"]
    assert rows[2].notes[0] == "层数与第 2 行不一样。"
    assert rows[3].notes[0] == "“天山花园”的小区类型与第 2 行不一样。"
    assert [row.status for row in rows] == ["new", "same", "wrong", "wrong"]


def test_a_bare_number_means_the_building_that_is_there(east, lin):
    building = make_building(make_estate(east), "3栋")
    waiting = uploaded(east, lin, "天山花园,,3,1,,,,,,", "天山花园,,3号楼,,,,,,,")
    rows = preview(waiting, lin).rows
    assert rows[0].notes == ["新建1单元"]
    assert rows[1].warnings == ["已有“3栋”，这里会另建一栋；是同一栋就改成一样的写法。"]
    confirm(waiting, lin)
    assert [door.name for door in selectors.entrances_of(building.pk)] == ["1单元"]


def test_a_title_above_and_other_names_for_the_columns(east, lin):
    content = "东城社区楼栋表\n\n备注,所属小区,类型,楼号*,门洞,房号(室)\n好,天山花园,社区托管小区,１,2,101"
    waiting = prepared(east, lin, ImportKind.BUILDINGS, "表.csv", content.encode("gb18030"))
    assert waiting.remarks == "这些列没有用到：备注。"
    assert preview(waiting, lin).rows[0].label == "天山花园 1号楼 2单元 101"
    assert preview(waiting, lin).rows[0].number == 4


def test_a_spreadsheet_with_five_thousand_empty_formatted_rows(east, lin):
    book = Workbook()
    sheet = book.active
    sheet.append(HEADER.split(","))
    sheet.append(
        ["天山花园", "有物业小区", "3号楼", "1单元", 301, "第一网格", 6, 36, 44.171, 87.531]
    )
    for row in range(3, 5003):
        sheet.cell(row, 1).fill = PatternFill("solid", fgColor="FFFF00")
    out = io.BytesIO()
    book.save(out)
    waiting = prepared(east, lin, ImportKind.BUILDINGS, "楼栋.xlsx", out.getvalue())
    assert waiting.row_count == 1
    confirm(waiting, lin)
    assert Home.objects.get().number == "301"


def test_an_entrance_that_became_a_date_is_noticed(east, lin):
    book = Workbook()
    book.active.append(["小区", "小区类型", "楼栋", "单元", "层数"])
    book.active.append(["天山花园", "有物业小区", "3号楼", date(2026, 1, 2), date(2026, 1, 6)])
    book.create_sheet("去年的")
    out = io.BytesIO()
    book.save(out)
    waiting = prepared(east, lin, ImportKind.BUILDINGS, "楼栋.xlsx", out.getvalue())
    told = notes(waiting, lin)
    assert "单元被表格软件改成了日期（2026-01-02）" in told[0]
    assert told[1:] == ["层数“2026-01-06”不是整数。"]
    assert waiting.remarks == "只读了第一张工作表，没有读：去年的。"


def test_positions_from_chinese_maps_are_converted(east, lin):
    lat, lon = geo.wgs84_to_bd09(44.171, 87.531)
    line = f"天山花园,有物业小区,3号楼,,,,,,{lat:.7f},{lon:.7f}"
    confirm(uploaded(east, lin, line, source_crs="bd09"), lin)
    building = Building.objects.get()
    assert (building.lat, building.lon) == pytest.approx((44.171, 87.531), abs=2e-6)
    assert preview(uploaded(east, lin, line, source_crs="bd09"), lin).same == 1
    with pytest.raises(BadInput):
        uploaded(east, lin, line, source_crs="mars")


@pytest.mark.parametrize(
    ("content", "words"),
    [("编号,备注\n1,2", "没有找到列名"), (HEADER, "只有列名"), (f"{HEADER}\n,,,,\n", "只有列名")],
)
def test_a_file_that_is_no_list_is_refused(content, words):
    with pytest.raises(BadFile, match=words):
        services.read_file(ImportKind.BUILDINGS, "x.csv", content.encode())


def test_what_changed_since_the_preview_is_seen_when_confirming(east, lin):
    waiting = uploaded(east, lin, FIRST)
    assert preview(waiting, lin).can_be_applied
    Area.objects.filter(code="g01").update(name="改了名的网格")
    with pytest.raises(HasErrors):
        confirm(waiting, lin)
    waiting.refresh_from_db()
    assert waiting.applied_at is None


def test_a_list_can_be_thrown_away(east, lin):
    waiting = uploaded(east, lin, FIRST)
    services.discard_import(import_id=waiting.pk, actor=lin, now=NOW)
    assert [row.name for row in events.timeline(waiting.pk)] == ["places.import.discarded"]
    with pytest.raises(NotFound):
        preview(waiting, lin)


def test_a_list_that_nobody_confirms_is_forgotten_after_a_month(in_home, east, lin):
    uploaded(east, lin, FIRST)
    confirm(uploaded(east, lin, FIRST), lin)
    forget = tasks.forget_imports
    forget(NOW + timedelta(days=30))
    assert PlaceImport.objects.count() == 2
    forget(NOW + timedelta(days=31))
    assert [one.applied_at for one in PlaceImport.objects.all()] == [NOW]
    assert PlaceImport.objects.get().rows == []


def test_nobody_elses_list(east, lin, abroad):
    west = manager(make_community("西城社区", "659004003003"))
    waiting = uploaded(east, lin, FIRST)
    for attempt in (
        lambda who: preview(waiting, who),
        lambda who: confirm(waiting, who),
        lambda who: services.discard_import(import_id=waiting.pk, actor=who, now=NOW),
        lambda who: uploaded(east, who, FIRST),
    ):
        with pytest.raises(NotFound):
            attempt(west)
        with tenancy.tenant(abroad.pk), pytest.raises(NotFound):
            attempt(manager())
