"""A plan of grids from the first question to a draft put right by hand, and what it refuses."""

from types import SimpleNamespace

import pytest

from linli.kernel import runs
from linli.kernel.errors import BadInput, NotFound
from linli.kernel.models import EventRow, Run
from linli.places import selectors
from linli.places.errors import PlanHasGaps
from linli.places.models import (
    Area,
    Building,
    GridPlan,
    PlannedBuilding,
    PlannedGrid,
)
from linli.places.rules import boundaries
from linli.places.selectors import planning as plans
from linli.places.services import plan_making, planning
from linli.places.tests.makers import (
    NOW,
    make_building,
    make_entrance,
    make_grid,
    make_home,
    manager,
    square,
)
from linli.places.tests.plan_makers import (
    ask,
    carry,
    house,
    make_plan,
    make_town,
    schedule,
    take_effect,
)


@pytest.fixture
def town(east, monkeypatch):
    return make_town(east, monkeypatch)


def test_a_plan_is_a_draft_that_changes_nothing(town):
    before = list(Building.objects.order_by("id").values_list("id", "grid"))
    plan = make_plan(town)
    assert list(Building.objects.order_by("id").values_list("id", "grid")) == before
    picture = plans.picture_of(plan)
    assert sum(len(line.buildings) for line in picture.lines) == 14
    assert picture.households == 560
    assert not picture.stops
    # The estate is one grid, and today's grids go on with their codes.
    homes = {one.target_id for one in PlannedBuilding.objects.filter(building__estate=town.estate)}
    assert len(homes) == 1
    assert {line.row.grid for line in picture.lines if line.row.grid} == {town.west, town.far}
    # Today's grids have no boundary: they are drawn from their lists.
    assert [(one.buildings, one.households) for one in picture.today] == [(11, 440), (3, 120)]
    assert all(boundaries.is_sound(one.outline) for one in picture.today)
    assert EventRow.objects.filter(name="places.plan.made").exists()


def test_the_search_runs_in_a_process_of_its_own_and_can_be_stopped(town, monkeypatch):
    monkeypatch.undo()
    plan = make_plan(town)
    assert plan.buildings.count() == 14
    run = ask(town, target=150)
    monkeypatch.setattr(runs.Running, "progress", _stopped)
    carry()
    run.refresh_from_db()
    assert run.state == "cancelled"
    assert GridPlan.objects.count() == 1


def _stopped(self: runs.Running, done: int, total: int | None = None) -> None:
    raise runs.Cancelled


def test_asking_twice_in_a_minute_is_one_run_and_one_plan(town):
    assert ask(town).pk == ask(town).pk
    carry()
    run = Run.objects.get()
    running = SimpleNamespace(
        id=run.pk, data={"community": str(town.community.pk), "target": 200, "count": None},
        actor=town.lin, now=NOW, progress=lambda *_: None, say=lambda *_: None,
    )  # fmt: skip
    plan_making.carry_planning(running)
    assert GridPlan.objects.count() == 1


@pytest.mark.parametrize(("target", "count"), [(5, None), (9000, None), (300, 0), (300, 99)])
def test_what_makes_no_sense_is_refused(town, target, count):
    with pytest.raises(BadInput):
        ask(town, target, count)


def test_a_community_without_buildings_is_told_so(east):
    with pytest.raises(BadInput, match="还没有楼栋"):
        plan_making.start_planning(
            community_id=east.pk, target=300, count=None,
            actor=manager(east, duty="places.plan"), now=NOW,
        )  # fmt: skip


def test_without_the_duty_there_is_no_plan(town):
    plan = make_plan(town)
    other = manager(town.community, duty="places.manage")
    for change in (
        lambda: plan_making.start_planning(
            community_id=town.community.pk, target=300, count=None, actor=other, now=NOW
        ),
        lambda: planning.withdraw_plan(plan_id=plan.pk, actor=other, now=NOW),
        lambda: planning.discard_plan(plan_id=plan.pk, actor=other, now=NOW),
    ):
        with pytest.raises(NotFound):
            change()


def test_figures_that_are_missing_come_from_the_homes_that_were_entered(town):
    block = house(town.community, "文化巷9号", 10, 3, town.far, households=0)
    for number in range(1, 6):
        make_home(make_entrance(block, f"{number}单元"))
    house(town.community, "文化巷10号", 11, 3, town.far, households=0)
    plan = make_plan(town)
    assert plan.buildings.get(building=block).households == 5
    assert any(
        "不知道有几户" in words and "文化巷10号" in words for words in plans.picture_of(plan).words
    )


def test_a_building_without_position_is_placed_by_hand(town):
    lost = make_building(town.community, "供销社宿舍", household_count=12, grid=town.far)
    plan = make_plan(town)
    picture = plans.picture_of(plan)
    assert [one.building for one in picture.loose] == [lost]
    assert "供销社宿舍" in picture.words[0]
    with pytest.raises(PlanHasGaps, match="不在任何网格里"):
        schedule(town, plan)
    home = picture.lines[0].row
    planning.move_buildings(
        plan_id=plan.pk, building_ids=[lost.pk], to_grid_id=home.pk, actor=town.lin, now=NOW
    )
    schedule(town, plan)


def test_a_tower_larger_than_a_grid_is_one_by_itself(town):
    house(town.community, "云塔", 14, 0, households=900)
    picture = plans.picture_of(make_plan(town))
    assert any("云塔一栋就有 900 户" in words for words in picture.words)


def test_broken_and_overlapping_boundaries_of_today_are_named_and_do_no_harm(town):
    bow = '{"type":"Polygon","coordinates":[[[87.5,44.1],[87.6,44.2],[87.6,44.1],[87.5,44.2],[87.5,44.1]]]}'
    Area.objects.filter(pk=town.community.pk).update(polygon=bow)
    for grid in (town.west, town.far):
        Area.objects.filter(pk=grid.pk).update(polygon=square(87.53, 44.15))
    make_grid(town.community, "g03", "三网格")
    Area.objects.filter(code="g03").update(polygon=bow)
    plan = make_plan(town)
    assert "社区的边界自己和自己交叉" in plan.remarks
    assert "“三网格”边界自己和自己交叉" in plan.remarks
    assert "“一网格”与“二网格”边界重叠 100%" in plan.remarks
    schedule(town, plan)
    assert take_effect(town, plan)
    grids = list(selectors.grids_of(town.community.pk))
    assert all(boundaries.is_sound(one.polygon) for one in grids)
    for one in grids:
        assert selectors.overlaps_of(one, town.community.pk) == []


def test_buildings_are_moved_by_hand_and_the_plan_says_what_that_does(town):
    plan = make_plan(town)
    estate = plan.buildings.filter(building__estate=town.estate).order_by("order")
    away = plan.grids.exclude(pk=estate[0].target_id).order_by("-order")[0]
    planning.move_buildings(
        plan_id=plan.pk, building_ids=[estate[0].building_id], to_grid_id=away.pk,
        actor=town.lin, now=NOW,
    )  # fmt: skip
    moved = plan.buildings.get(building=estate[0].building_id)
    assert (moved.target, moved.is_moved) == (away, True)
    words = plans.picture_of(plan).words
    assert any("不连成一片" in one for one in words)
    with pytest.raises(PlanHasGaps, match="已经看过"):
        schedule(town, plan, is_sure=False)


def test_a_new_grid_is_made_by_moving_into_it_and_an_empty_one_is_no_more(town):
    plan = make_plan(town)
    first = plan.grids.order_by("order")[0]
    inside = list(plan.buildings.filter(target=first).values_list("building_id", flat=True))
    planning.move_buildings(
        plan_id=plan.pk, building_ids=inside, to_grid_id=None, actor=town.lin, now=NOW
    )
    assert not PlannedGrid.objects.filter(pk=first.pk).exists()
    new = plan.buildings.filter(building__in=inside)[0].target
    assert new.name == "新网格 1"
    planning.name_planned_grid(
        plan_id=plan.pk, grid_id=new.pk, name=" 槐园网格 ", actor=town.lin, now=NOW
    )
    new.refresh_from_db()
    assert new.name == "槐园网格"
    other = plan.grids.exclude(pk=new.pk)[0]
    with pytest.raises(BadInput):
        planning.name_planned_grid(
            plan_id=plan.pk, grid_id=other.pk, name="槐园网格", actor=town.lin, now=NOW
        )
