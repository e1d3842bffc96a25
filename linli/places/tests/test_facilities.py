"""Facilities: entered, found again by their code, brought in by lists; the third fault is told once."""

from datetime import timedelta

import pytest

from linli.kernel import sheets
from linli.kernel.errors import BadInput, NotAllowed, NotFound
from linli.kernel.ids import new_id
from linli.kernel.models import EventRow
from linli.places import selectors, services
from linli.places.errors import HasErrors, NameTaken
from linli.places.models import Facility, ImportKind
from linli.places.selectors import facilities as found
from linli.places.services import facilities, facility_faults
from linli.places.services.facilities import FacilityFacts
from linli.places.tests.makers import (
    NOW,
    make_building,
    make_community,
    make_estate,
    make_facility,
    make_facility_kind,
    make_grid,
    manager,
)

DAY = timedelta(days=1)
HEADER = "类别,名称,编号,小区,楼栋,状态,面积,安装日期,纬度,经度"
pytestmark = pytest.mark.usefixtures("in_home")


@pytest.fixture
def building():
    community = make_community()
    grid = make_grid(community)
    return make_building(make_estate(community), grid=grid, lat=44.1, lon=87.5)


def fault(facility, at, case_id=None):
    return facility_faults.note_fault(
        facility_id=facility.pk, case_id=case_id or new_id(), number="DC26030001",
        title="灯不亮", actor=manager(), at=at,
    )  # fmt: skip


def test_a_facility_stands_in_the_grid_of_its_building_and_is_found_by_its_words(building):
    lamp = make_facility(building)
    assert lamp.label == "天山花园 3号楼 3号路灯"
    assert (lamp.area_path, lamp.lat) == (building.grid.path, 44.1)
    said = found.find_facilities_said(building.community_id, {lamp.label, "别处"})
    assert said == {lamp.label: lamp}
    assert found.where_of_facility(lamp).label == lamp.label


def test_its_code_carries_the_words_that_its_faults_are_found_by(building):
    lamp = make_facility(building)
    code = facilities.code_facility(facility_id=lamp.pk, actor=manager(), now=NOW)
    again = facilities.code_facility(facility_id=lamp.pk, actor=manager(), now=NOW)
    assert again == code
    assert found.find_facility_of_code(code.pk) == lamp
    assert selectors.where_of_code(selectors.get_code(code.pk)).label == lamp.label
    kind_id = lamp.kind_id
    facts = FacilityFacts(kind_id=kind_id, name="西侧路灯", building_id=building.pk)
    lamp = facilities.edit_facility(facility_id=lamp.pk, facts=facts, actor=manager(), now=NOW)
    assert selectors.where_of_code(selectors.get_code(code.pk)).label == lamp.label


def test_what_cannot_stand_is_refused(building):
    make_facility(building, number="LD-3")
    with pytest.raises(NameTaken):
        make_facility(building)
    with pytest.raises(NameTaken):
        make_facility(building, "4 号路灯", number="LD-3")
    with pytest.raises(BadInput):
        make_facility(building, " ")
    with pytest.raises(BadInput):
        make_facility(building, "5 号路灯", installed_on=NOW.date() + 2 * DAY)
    other = make_community("别的社区", "659004003009")
    with pytest.raises(BadInput):
        make_facility(other, "6 号路灯", building_id=building.pk)
    facts = FacilityFacts(kind_id=make_facility_kind().pk, name="7 号路灯")
    with pytest.raises(NotAllowed):
        facilities.create_facility(
            community_id=building.community_id, facts=facts, actor=manager(other), now=NOW
        )


def test_the_third_fault_in_ninety_days_is_told_once(building):
    lamp = make_facility(building)
    fault(lamp, NOW - 115 * DAY)
    fault(lamp, NOW - 40 * DAY)
    fault(lamp, NOW - 20 * DAY)
    troubled = EventRow.objects.filter(name="places.facility.troubled")
    assert not troubled.exists(), "the first lies too far back"
    case_id = new_id()
    assert fault(lamp, NOW, case_id)
    assert not fault(lamp, NOW, case_id), "the same case is one fault"
    assert [row.data["fault_count"] for row in troubled] == [3]
    fault(lamp, NOW + DAY)
    assert troubled.all().count() == 1, "what was told of does not count again"
    fault(lamp, NOW + 2 * DAY)
    fault(lamp, NOW + 3 * DAY)
    assert troubled.all().count() == 2


def test_what_is_told_behind_a_code_names_nobody(building):
    lamp = make_facility(building)
    facility_faults.note_fault(
        facility_id=lamp.pk, case_id=new_id(), number="1", title="灯不亮，打我电话10012345678",
        actor=manager(), at=NOW,
    )  # fmt: skip
    assert "10012345678" not in found.faults_of(lamp.pk)[0].title


def test_what_was_merged_or_declined_is_no_fault_and_settled_ones_free_the_facility(building):
    lamp, cases = make_facility(building), [new_id() for _n in range(3)]
    for number, case_id in enumerate(cases[:2]):
        fault(lamp, NOW - (9 - number) * DAY, case_id)
    assert Facility.objects.get().status == "faulty"
    facility_faults.settle_fault(case_id=cases[0], is_counted=False, at=NOW)
    facility_faults.settle_fault(case_id=cases[1], is_counted=True, at=NOW)
    facility_faults.settle_fault(case_id=new_id(), is_counted=True, at=NOW)
    assert Facility.objects.get().status == "in_use"
    fault(lamp, NOW, cases[2])
    assert not EventRow.objects.filter(name="places.facility.troubled").exists()
    facility_faults.reopen_fault(case_id=cases[1])
    assert len(found.open_faults_of(lamp.pk)) == 2


def bring(community, text):
    raw = services.read_file(ImportKind.FACILITIES, "x.csv", f"{HEADER}\n{text}".encode())
    waiting = services.prepare_import(
        community_id=community.pk, file_name="x.csv", raw=raw, actor=manager(), now=NOW
    )
    return waiting, services.preview_import(import_id=waiting.pk, actor=manager())[1]


def test_a_list_says_row_by_row_what_is_wrong_and_changes_nothing(building):
    make_facility_kind()
    rows = [
        "路灯,1号路灯,LD-1,天山花园,3号楼,在用,,2024-05-01,,",
        "风车,2号路灯,,,,,,,,",
        ",3号路灯,,,,,,,,",
        "路灯,,,,,,,,,",
        "路灯,4号路灯,,没有的小区,,,,,,",
        "路灯,5号路灯,,天山花园,99号楼,,,,,",
        "路灯,6号路灯,,,,半坏,,,,",
        "路灯,7号路灯,,,,,很大,,,",
        "路灯,8号路灯,,,,,,去年春天,,",
        "路灯,9号路灯,,,,,,,87.5,44.1",
        "路灯,10号路灯,LD-1,,,,,,,",
    ]
    waiting, plan = bring(building.community, "\n".join(rows))
    assert [row.status for row in plan.rows] == ["new"] + ["wrong"] * 10
    assert "类别“风车”没有，可以写：路灯。" in plan.rows[1].notes
    with pytest.raises(HasErrors):
        services.apply_import(import_id=waiting.pk, actor=manager(), now=NOW)
    assert not Facility.objects.exists()


def test_a_list_makes_changes_and_comes_back_unchanged(building):
    make_facility_kind()
    waiting, plan = bring(
        building.community,
        "路灯,1号路灯,LD-1,天山花园,3号楼,在用,,2024-05-01,,\n路灯,广场灯,,,,停用,,,44.2,87.6",
    )
    assert plan.new == 2
    services.apply_import(import_id=waiting.pk, actor=manager(), now=NOW)
    assert {one.label for one in Facility.objects.all()} == {
        "天山花园 3号楼 1号路灯",
        "东城社区 广场灯",
    }
    waiting, plan = bring(building.community, "路灯,1号灯,LD-1,,,有故障,,,,")
    assert (plan.changed, plan.rows[0].notes) == (1, ["改：名称、状态"])
    services.apply_import(import_id=waiting.pk, actor=manager(), now=NOW)
    assert Facility.objects.get(number="LD-1").label == "天山花园 3号楼 1号灯"
    rows = selectors.facility_rows(building.community_id)
    content = sheets.write_xlsx("设施", selectors.FACILITY_HEADER, rows)
    raw = services.read_file(ImportKind.FACILITIES, "x.xlsx", content)
    waiting = services.prepare_import(
        community_id=building.community_id, file_name="x", raw=raw, actor=manager(), now=NOW
    )
    plan = services.preview_import(import_id=waiting.pk, actor=manager())[1]
    assert (plan.same, plan.wrong) == (2, 0), [row.notes for row in plan.rows]


def test_targets_stand_beside_what_there_is(building):
    make_facility_kind("kindergarten", "幼儿园", target_count=1)
    rooms = make_facility_kind("rooms", "用房", target_area_m2=400)
    make_facility(building, "活动室", kind=rooms, area_m2=380)
    make_facility(building)
    lines = {line.kind.code: line for line in found.target_lines(building.community)}
    assert {code: line.is_met for code, line in lines.items()} == {
        "kindergarten": False, "rooms": False, "lamp": None,
    }  # fmt: skip
    make_facility(building, "书屋", kind=rooms, area_m2=20)
    lines = {line.kind.code: line for line in found.target_lines(building.community)}
    assert (lines["rooms"].area_m2, lines["rooms"].is_met) == (400, True)


def test_the_desk_enters_shows_codes_and_ends_a_facility(cast, sign_in):
    kind, desk = make_facility_kind(), sign_in("lead")
    home = f"/desk/places/{cast.community.pk}/facilities/"
    sent = {
        "kind_id": kind.pk, "name": "2 号路灯", "place": f"building:{cast.building.pk}",
        "status": "in_use",
    }  # fmt: skip
    answer = desk.post(f"{home}new/", sent)
    lamp = Facility.objects.get()
    assert answer["Location"].startswith(f"/desk/places/facilities/{lamp.pk}/")
    assert desk.post(f"{home}new/", sent).status_code == 422
    assert "2号路灯" in desk.get(f"{home}?kind=lamp&words=2").content.decode()
    assert desk.post(f"/desk/places/facilities/{lamp.pk}/code/").status_code == 302
    assert "生成点位码" not in desk.get(f"/desk/places/facilities/{lamp.pk}/").content.decode()
    assert desk.post(f"/desk/places/facilities/{lamp.pk}/end/").status_code == 302
    with pytest.raises(NotFound):
        found.get_facility(new_id())
    assert "没有这样的设施" in desk.get(home).content.decode()
    assert sign_in("lin").get(home).status_code == 404


def test_the_list_of_facilities_costs_a_fixed_number_of_queries(
    building, django_assert_max_num_queries
):
    for number in range(5):
        make_facility(building, f"{number} 号路灯")
    with django_assert_max_num_queries(1):
        shown = [(one.kind.name, one.label) for one in found.facilities_of(building.community_id)]
    assert len(shown) == 5
