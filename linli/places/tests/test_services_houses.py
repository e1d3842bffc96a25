"""Estates, buildings, doors, homes and the codes on doors."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from linli.kernel import events
from linli.kernel.errors import BadInput, NotFound
from linli.kernel.models import EventRow
from linli.places import selectors, services
from linli.places.errors import NameTaken, StillInUse
from linli.places.models import EstateKind, PlaceCode
from linli.places.tests.makers import (
    NOW,
    make_building,
    make_code,
    make_community,
    make_entrance,
    make_estate,
    make_facility,
    make_grid,
    make_home,
)


def told(subject) -> list[str]:
    return [row.name for row in events.timeline(subject.pk)]


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
    lamp = make_facility(building)
    services.edit_building(
        building_id=building.pk, facts={"name": "10号楼", "grid_id": grid.pk}, actor=lin, now=NOW
    )
    building.refresh_from_db()
    assert (building.order, building.grid_id) == (1000, grid.pk)
    # What stands there goes along, and who follows grids hears of it, into one and out again.
    lamp.refresh_from_db()
    assert lamp.area_path == grid.path
    services.edit_building(building_id=building.pk, facts={"grid_id": None}, actor=lin, now=NOW)
    lamp.refresh_from_db()
    assert (lamp.grid, lamp.area_path) == (None, east.path)
    moves = [(row.data["added"], row.data["removed"]) for row in events.timeline(grid.pk)]
    assert sorted(moves) == [([], [str(building.pk)]), ([str(building.pk)], [])]
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
