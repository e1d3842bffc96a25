import json
from datetime import date

import pytest
from django.db import IntegrityError, transaction

from linli.kernel import events, geo, tenancy
from linli.kernel.errors import BadInput, NotFound
from linli.kernel.models import EventRow
from linli.places import selectors, services
from linli.places.errors import BadBoundary, NameTaken, StillInUse
from linli.places.models import Area, AreaKind, EstateKind, PlaceCode
from linli.places.tests.makers import (
    NOW,
    make_area,
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

pytestmark = pytest.mark.usefixtures("in_home")


@pytest.fixture
def east():
    return make_community()


@pytest.fixture
def lin(east):
    return manager(east)


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
    one, two, three = (
        make_building(estate, "1号楼", grid=grid),
        make_building(estate, "2号楼", grid=other),
        make_building(estate, "3号楼"),
    )
    services.assign_buildings(grid_id=grid.pk, building_ids=[two.pk, three.pk], actor=lin, now=NOW)
    assert set(selectors.buildings_of(east.pk).filter(grid=grid)) == {two, three}
    assert list(selectors.buildings_without_grid(east.pk)) == [one]
    data = events.timeline(grid.pk)[0].data
    assert data["removed"] == [str(one.pk)]
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


# Houses


def test_an_estate_with_its_buildings_and_doors(east, lin):
    estate = services.create_estate(
        community_id=east.pk, name="天山花园", kind=EstateKind.COMPANY, actor=lin, now=NOW
    )
    grid = make_grid(east)
    building = services.create_building(
        community_id=east.pk, estate_id=estate.pk, actor=lin, now=NOW,
        facts={"name": "１２ 号楼", "grid_id": grid.pk, "floor_count": 6},
        entrance_names=["2单元", "1 单元", "1单元"],
    )  # fmt: skip
    assert (building.name, building.order, building.grid_id) == ("12号楼", 1200, grid.pk)
    assert [door.name for door in selectors.entrances_of(building.pk)] == ["1单元", "2单元"]
    door = selectors.entrances_of(building.pk)[0]
    homes = services.create_homes(
        entrance_id=door.pk, numbers=["101", "201", "101"], actor=lin, now=NOW
    )
    assert [(home.number, home.floor) for home in homes] == [("101", 1), ("201", 2)]
    assert services.create_homes(entrance_id=door.pk, numbers=["101"], actor=lin, now=NOW) == []
    assert services.create_entrances(
        building_id=building.pk, entrance_names=["1单元"], actor=lin, now=NOW
    ) == []  # fmt: skip
    assert told(building) == ["places.building.created", "places.building.changed"]


def test_corrections_of_houses_keep_to_the_rules(east, lin):
    estate, grid = make_estate(east), make_grid(east)
    building, sister = make_building(estate, "3号楼"), make_building(estate, "4号楼")
    services.edit_building(
        building_id=building.pk, facts={"name": "10号楼", "grid_id": grid.pk}, actor=lin, now=NOW
    )
    building.refresh_from_db()
    assert (building.order, building.grid_id) == (1000, grid.pk)
    west_grid = make_grid(make_community("西城社区", "659004003003"))
    for wrong, refusal in (
        ({"name": "4号楼"}, NameTaken),
        ({"name": ""}, BadInput),
        ({"name": "楼" * 61}, BadInput),
        ({"lat": 44.1}, BadInput),
        ({"lat": 144.1, "lon": 87.0}, BadInput),
        ({"grid_id": west_grid.pk}, BadInput),
        ({"grid_id": east.pk}, BadInput),
    ):
        with pytest.raises(refusal):
            services.edit_building(building_id=building.pk, facts=wrong, actor=lin, now=NOW)
    services.edit_estate(
        estate_id=estate.pk, facts={"kind": EstateKind.SELF_RUN}, actor=lin, now=NOW
    )
    assert events.timeline(estate.pk)[0].data == {"changed": "kind"}
    make_estate(east, "西苑")
    with pytest.raises(NameTaken):
        services.edit_estate(estate_id=estate.pk, facts={"name": "西苑"}, actor=lin, now=NOW)
    door = make_entrance(sister, "1单元")
    make_entrance(sister, "2单元")
    services.rename_entrance(entrance_id=door.pk, name="甲单元", actor=lin, now=NOW)
    with pytest.raises(NameTaken):
        services.rename_entrance(entrance_id=door.pk, name="2单元", actor=lin, now=NOW)


def test_what_ends_takes_its_codes_along_and_frees_its_name(east, lin):
    estate = make_estate(east)
    door = make_entrance(make_building(estate))
    home, code = make_home(door), make_code(door)
    other = make_entrance(door.building, "2单元")
    services.end_entrance(entrance_id=other.pk, actor=lin, now=NOW)
    services.end_building(building_id=door.building_id, actor=lin, now=NOW)
    for row in (home, code):
        row.refresh_from_db()
    assert (home.ended_on, code.ended_at) == (date(2026, 3, 2), NOW)
    assert told(code) == ["places.code.ended"]
    again = make_building(estate)  # the same name, entered anew
    services.end_estate(estate_id=estate.pk, actor=lin, now=NOW)
    again.refresh_from_db()
    assert again.ended_on == date(2026, 3, 2)
    with pytest.raises(NotFound):
        services.edit_building(building_id=again.pk, facts={}, actor=lin, now=NOW)
    services.create_estate(
        community_id=east.pk, name=estate.name, kind=EstateKind.COMPANY, actor=lin, now=NOW
    )


def test_a_correction_that_changes_nothing_tells_nothing(east, lin):
    estate = make_estate(east)
    door = make_entrance(make_building(estate))
    services.edit_estate(estate_id=estate.pk, facts={"name": "天山花园"}, actor=lin, now=NOW)
    services.edit_building(building_id=door.building_id, facts={}, actor=lin, now=NOW)
    services.rename_entrance(entrance_id=door.pk, name="1 单元", actor=lin, now=NOW)
    assert EventRow.objects.count() == 0


def test_a_building_is_entered_only_in_an_estate_of_its_community(east, lin):
    stranger = make_estate(make_community("西城社区", "659004003003"), "西苑")
    with pytest.raises(NotFound):
        services.create_building(
            community_id=east.pk, estate_id=stranger.pk, facts={"name": "1号楼"}, actor=lin, now=NOW
        )


# Codes


def test_every_door_gets_one_code_and_no_second(east, lin):
    estate = make_estate(east)
    doors = [make_entrance(make_building(estate, f"{n}号楼")) for n in (10, 9)]
    make_entrance(make_building(make_estate(east, "西苑")))
    made = services.make_codes(community_id=east.pk, estate_id=estate.pk, actor=lin, now=NOW)
    assert [code.label for code in made] == ["天山花园 9号楼 1单元", "天山花园 10号楼 1单元"]
    assert all(code.code.startswith("home-") and len(code.code) == 11 for code in made)
    assert services.make_codes(
        community_id=east.pk, estate_id=estate.pk, actor=lin, now=NOW
    ) == []  # fmt: skip
    assert len(services.make_codes(community_id=east.pk, actor=lin, now=NOW)) == 1
    assert told(estate) == ["places.code.made"]
    with pytest.raises(IntegrityError), transaction.atomic():
        make_code(doors[0])


def test_a_torn_sticker_is_replaced(east, lin):
    door = make_entrance(make_building(make_estate(east)))
    old = make_code(door, "home-222222")
    assert selectors.find_place_code("home-222222") == old  # and is remembered
    new = services.replace_code(code_id=old.pk, actor=lin, now=NOW)
    assert (new.entrance_id, new.label) == (door.pk, old.label)
    assert selectors.find_place_code("home-222222").ended_at == NOW
    assert events.timeline(old.pk)[0].data == {"replaced_by_id": str(new.pk)}
    services.end_code(code_id=new.pk, actor=lin, now=NOW)
    with pytest.raises(StillInUse):
        services.end_code(code_id=new.pk, actor=lin, now=NOW)
    assert not selectors.codes_of(east.pk).exists()


def test_a_lamp_or_a_lift_has_a_code_of_its_own(east, lin):
    lamp = services.make_code(community_id=east.pk, spot="3 号路灯", actor=lin, now=NOW)
    assert (lamp.label, lamp.spot) == ("东城社区 3号路灯", "3号路灯")
    assert services.make_code(community_id=east.pk, spot="3号路灯", actor=lin, now=NOW) == lamp
    door = make_entrance(make_building(make_estate(east)))
    services.make_code(community_id=east.pk, entrance_id=door.pk, spot="电梯", actor=lin, now=NOW)
    services.make_codes(community_id=east.pk, actor=lin, now=NOW)
    assert PlaceCode.objects.filter(entrance=door, ended_at=None).count() == 2


def test_too_many_doors_at_once_are_made_by_estate(east, lin, monkeypatch):
    monkeypatch.setattr(services.codes, "MOST_AT_ONCE", 1)
    building = make_building(make_estate(east))
    make_entrance(building, "1单元")
    make_entrance(building, "2单元")
    with pytest.raises(BadInput, match="按小区分次"):
        services.make_codes(community_id=east.pk, actor=lin, now=NOW)


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
