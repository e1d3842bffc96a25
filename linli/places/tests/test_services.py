"""Areas come, change and end; boundaries; who may do what."""

import json
from datetime import date

import pytest

from linli.kernel import events, geo, tenancy
from linli.kernel.errors import BadInput, NotFound
from linli.kernel.models import EventRow
from linli.places import selectors, services
from linli.places.errors import BadBoundary, NameTaken, StillInUse
from linli.places.models import Area, AreaKind
from linli.places.tests.makers import (
    NOW,
    make_area,
    make_building,
    make_code,
    make_community,
    make_entrance,
    make_estate,
    make_facility,
    make_grid,
    manager,
    square,
)


def told(subject) -> list[str]:
    return [row.name for row in events.timeline(subject.pk)]


# Areas


def test_a_grid_gets_the_next_code_and_tells(east, lin):
    first = services.create_area(
        kind=AreaKind.GRID, name=" 第 一 网格", parent_id=east.pk, actor=lin, now=NOW
    )
    second = services.create_area(
        kind=AreaKind.GRID, name="第二网格", parent_id=east.pk, actor=lin, now=NOW,
        facts={"phone": "100-0000-0002"},
    )  # fmt: skip
    assert (first.name, first.path) == ("第一网格", east.path + "g01/")
    assert (second.code, second.phone, second.starts_on) == (
        "g02",
        "100-0000-0002",
        date(2026, 3, 2),
    )
    assert told(first) == ["places.area.created"]
    micro = services.create_area(
        kind=AreaKind.MICRO, name="微社区", parent_id=east.pk, actor=lin, now=NOW
    )
    inner = services.create_area(
        kind=AreaKind.GRID, name="第三网格", parent_id=micro.pk, actor=lin, now=NOW
    )
    assert (micro.code, inner.code) == ("m03", "g03")
    assert inner.path == east.path + "m03/g03/"


def test_a_new_community_is_known_at_once(east):
    boss = manager()
    assert selectors.community_ids(("",)) == [east.pk]
    new = services.create_area(
        kind=AreaKind.COMMUNITY, name="南城社区", code="659004003009", parent_id=east.parent_id,
        actor=boss, now=NOW,
    )  # fmt: skip
    assert selectors.community_ids(("",)) == [east.pk, new.pk]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"kind": AreaKind.DISTRICT}, "kind"),
        ({"code": "a/b"}, "code"),
        ({"starts_on": date(2026, 3, 3)}, "starts_on"),
        ({"code": "g01"}, "code"),
        ({"name": "老网格"}, "name"),
    ],
)
def test_an_area_that_does_not_fit_is_refused(east, lin, wrong, field):
    make_grid(east, "g01", "老网格")
    values = {"kind": AreaKind.GRID, "name": "新网格", "parent_id": east.pk} | wrong
    with pytest.raises((BadInput, NameTaken)) as refused:
        services.create_area(**values, actor=lin, now=NOW)
    assert refused.value.field == field


def test_a_community_needs_a_code_that_nobody_has(east):
    boss = manager()
    values = {"kind": AreaKind.COMMUNITY, "name": "新社区", "parent_id": east.parent_id}
    with pytest.raises(BadInput, match="统计用区划代码"):
        services.create_area(**values, actor=boss, now=NOW)
    elsewhere = make_area(AreaKind.SUBDISTRICT, "659004004", "别处街道", east.parent.parent)
    values["parent_id"] = elsewhere.pk
    with pytest.raises(NameTaken):
        services.create_area(**values, code=east.code, actor=boss, now=NOW)


def test_nothing_grows_below_an_area_that_ended(east, lin):
    east.ends_on = date(2026, 1, 1)
    east.save(update_fields=["ends_on"])
    with pytest.raises(BadInput):
        services.create_area(kind=AreaKind.GRID, name="新", parent_id=east.pk, actor=lin, now=NOW)


def test_correcting_an_area_tells_what_changed(east, lin):
    services.edit_area(
        area_id=east.pk,
        facts={"name": "东城社区", "slogan": "一家亲", "code": "x"},
        actor=lin,
        now=NOW,
    )
    east.refresh_from_db()
    assert (east.slogan, east.code) == ("一家亲", "659004003002")
    assert events.timeline(east.pk)[0].data == {"changed": "slogan"}
    services.edit_area(area_id=east.pk, facts={"slogan": "一家亲"}, actor=lin, now=NOW)
    assert len(told(east)) == 1


def test_an_ended_grids_buildings_move_or_fall_back(east, lin):
    old, new = make_grid(east, "g01", "老网格"), make_grid(east, "g02", "新网格")
    building = make_building(make_estate(east), grid=old)
    services.end_area(area_id=old.pk, move_to_id=new.pk, actor=lin, now=NOW)
    building.refresh_from_db()
    old.refresh_from_db()
    assert (building.grid_id, old.ends_on) == (new.pk, date(2026, 3, 2))
    assert events.timeline(old.pk)[0].data == {"moved_to_id": str(new.pk), "building_count": 1}
    services.end_area(area_id=new.pk, actor=lin, now=NOW)
    building.refresh_from_db()
    assert building.grid_id is None
    with pytest.raises(StillInUse):
        services.edit_area(area_id=old.pk, facts={"name": "x"}, actor=lin, now=NOW)
    # The code is free again for a grid that comes later, and the old one keeps its days.
    again = services.create_area(
        kind=AreaKind.GRID, code="g01", name="又一网格", parent_id=east.pk, actor=lin, now=NOW
    )
    assert again.path == old.path


def test_buildings_move_only_to_a_live_grid_of_the_same_community(east, lin):
    old, west = make_grid(east), make_community("西城社区", "659004003003")
    stranger = make_grid(west)
    for target in (stranger, old, east):
        with pytest.raises(BadInput):
            services.end_area(area_id=old.pk, move_to_id=target.pk, actor=lin, now=NOW)
    with pytest.raises(BadInput):
        services.end_area(area_id=old.pk, ends_on=date(2026, 3, 3), actor=lin, now=NOW)


def test_a_community_ends_last(east):
    boss, grid = manager(), make_grid(east)
    with pytest.raises(StillInUse, match="区域"):
        services.end_area(area_id=east.pk, actor=boss, now=NOW)
    services.end_area(area_id=grid.pk, actor=boss, now=NOW)
    estate = make_estate(east)
    with pytest.raises(StillInUse, match="小区或楼栋"):
        services.end_area(area_id=east.pk, actor=boss, now=NOW)
    services.end_estate(estate_id=estate.pk, actor=boss, now=NOW)
    services.end_area(area_id=east.pk, actor=boss, now=NOW)
    assert not selectors.communities().exists()


def test_a_grids_list_is_exactly_what_was_ticked(east, lin):
    grid, other = make_grid(east), make_grid(east, "g02", "第二网格")
    estate = make_estate(east)
    held = (grid, other, None)
    one, two, three = (make_building(estate, f"{n}号楼", grid=held[n - 1]) for n in (1, 2, 3))
    lamp, pump = make_facility(two), make_facility(one, "水泵")
    services.assign_buildings(grid_id=grid.pk, building_ids=[two.pk, three.pk], actor=lin, now=NOW)
    assert set(selectors.buildings_of(east.pk).filter(grid=grid)) == {two, three}
    assert list(selectors.buildings_without_grid(east.pk)) == [one]
    assert events.timeline(grid.pk)[0].data["removed"] == [str(one.pk)]
    lamp.refresh_from_db()
    pump.refresh_from_db()
    assert (lamp.grid, lamp.area_path) == (grid, grid.path)
    assert (pump.grid, pump.area_path) == (None, east.path)
    services.assign_buildings(grid_id=grid.pk, building_ids=[three.pk, two.pk], actor=lin, now=NOW)
    assert len(told(grid)) == 1
    stranger = make_building(make_community("西城社区", "659004003003"), "9号楼")
    with pytest.raises(BadInput):
        services.assign_buildings(grid_id=grid.pk, building_ids=[stranger.pk], actor=lin, now=NOW)
    with pytest.raises(BadInput):
        services.assign_buildings(grid_id=east.pk, building_ids=[], actor=lin, now=NOW)


# Boundaries


def test_a_boundary_from_a_chinese_map_is_stored_as_wgs84(east, lin):
    grid = make_grid(east)
    ring = json.loads(square(87.53, 44.17))["coordinates"][0]
    shifted = [list(reversed(geo.wgs84_to_gcj02(lat, lon))) for lon, lat in ring]
    drawn = json.dumps({"type": "Polygon", "coordinates": [shifted]})
    services.set_boundary(area_id=grid.pk, geojson=drawn, source_crs="gcj02", actor=lin, now=NOW)
    grid.refresh_from_db()
    assert (grid.west, grid.south) == pytest.approx((87.53, 44.17), abs=2e-6)
    assert grid.source_crs == "gcj02"
    assert told(grid) == ["places.area.changed"]
    assert selectors.where_of(community_id=east.pk, lat=44.175, lon=87.535).grid_id == grid.pk
    services.set_boundary(area_id=grid.pk, geojson=None, actor=lin, now=NOW)
    grid.refresh_from_db()
    assert (grid.polygon, grid.west) == ("", None)


def test_an_overlap_with_a_sister_is_a_warning_and_no_refusal(east, lin):
    make_grid(east, "g01", "第一网格", square(87.5, 44.1, 0.02))
    grid = make_grid(east, "g02", "第二网格")
    warnings = services.set_boundary(
        area_id=grid.pk, geojson=square(87.51, 44.11, 0.02), actor=lin, now=NOW
    )
    assert warnings == ("与“第一网格”重叠 25%，重叠处的事件按编号在前的网格算。",)
    assert services.set_boundary(
        area_id=grid.pk, geojson=square(87.6, 44.11), actor=lin, now=NOW
    ) == ()  # fmt: skip


@pytest.mark.parametrize(
    ("drawn", "words"),
    [
        ("{", "不是 GeoJSON"),
        ("[" * 200_000, "不是 GeoJSON"),
        ('{"type":"Point","coordinates":[1,2]}', "面"),
        (json.dumps({"type": "Polygon", "coordinates": [[[0, 0], [2, 2], [2, 0], [0, 1], [0, 0]]]}),
         "交叉"),
        (" " * (2 * 1024 * 1024 + 1), "2 MB"),
    ],
)  # fmt: skip
def test_a_boundary_that_is_none_is_refused_in_words(east, lin, drawn, words):
    grid = make_grid(east)
    with pytest.raises(BadBoundary, match=words):
        services.set_boundary(area_id=grid.pk, geojson=drawn, actor=lin, now=NOW)


def test_a_boundary_needs_a_live_grid_and_a_known_datum(east, lin):
    grid = make_grid(east)
    with pytest.raises(BadInput, match="坐标的来源"):
        services.set_boundary(
            area_id=grid.pk, geojson=square(87, 44), source_crs="beijing54", actor=lin, now=NOW
        )
    services.end_area(area_id=grid.pk, actor=lin, now=NOW)
    with pytest.raises(StillInUse):
        services.set_boundary(area_id=grid.pk, geojson=square(87, 44), actor=lin, now=NOW)


# Who may


def test_without_the_duty_nothing_is_there(east, in_home, abroad):
    west = make_community("西城社区", "659004003003")
    grid, estate = make_grid(east), make_estate(east)
    building = make_building(estate)
    door = make_entrance(building)
    code = make_code(door)
    neighbour, reader = manager(west), manager(east, duty="cases.view")
    attempts = [
        lambda who: services.create_area(
            kind=AreaKind.GRID, name="新", parent_id=east.pk, actor=who, now=NOW
        ),
        lambda who: services.edit_area(area_id=east.pk, facts={"name": "x"}, actor=who, now=NOW),
        lambda who: services.end_area(area_id=grid.pk, actor=who, now=NOW),
        lambda who: services.assign_buildings(
            grid_id=grid.pk, building_ids=[building.pk], actor=who, now=NOW
        ),
        lambda who: services.set_boundary(
            area_id=grid.pk, geojson=square(87, 44), actor=who, now=NOW
        ),
        lambda who: services.create_estate(
            community_id=east.pk, name="新", kind="company", actor=who, now=NOW
        ),
        lambda who: services.edit_estate(estate_id=estate.pk, facts={}, actor=who, now=NOW),
        lambda who: services.end_estate(estate_id=estate.pk, actor=who, now=NOW),
        lambda who: services.create_building(
            community_id=east.pk, estate_id=None, facts={"name": "新"}, actor=who, now=NOW
        ),
        lambda who: services.edit_building(building_id=building.pk, facts={}, actor=who, now=NOW),
        lambda who: services.end_building(building_id=building.pk, actor=who, now=NOW),
        lambda who: services.create_entrances(
            building_id=building.pk, entrance_names=["9单元"], actor=who, now=NOW
        ),
        lambda who: services.rename_entrance(entrance_id=door.pk, name="x", actor=who, now=NOW),
        lambda who: services.end_entrance(entrance_id=door.pk, actor=who, now=NOW),
        lambda who: services.create_homes(entrance_id=door.pk, numbers=["1"], actor=who, now=NOW),
        lambda who: services.make_codes(community_id=east.pk, actor=who, now=NOW),
        lambda who: services.make_code(community_id=east.pk, actor=who, now=NOW),
        lambda who: services.end_code(code_id=code.pk, actor=who, now=NOW),
        lambda who: services.replace_code(code_id=code.pk, actor=who, now=NOW),
    ]
    before = EventRow.objects.count()
    for attempt in attempts:
        for who in (neighbour, reader):
            with pytest.raises(NotFound):
                attempt(who)
    assert EventRow.objects.count() == before
    with tenancy.tenant(abroad.pk):
        stranger = manager()
        for attempt in attempts:
            with pytest.raises(NotFound):
                attempt(stranger)
    assert Area.objects.get(pk=grid.pk).ends_on is None
