"""A plan of grids from the first question to the day it holds, and what it refuses."""

from datetime import date, timedelta
from types import SimpleNamespace

import pytest

from linli.kernel import clock, jobs, runs
from linli.kernel.errors import BadInput, NotFound
from linli.kernel.models import EventRow, Job, Run
from linli.places import selectors
from linli.places.errors import PlanFixed, PlanHasGaps
from linli.places.models import (
    Area,
    AreaKind,
    Building,
    GridPlan,
    PlannedBuilding,
    PlannedGrid,
)
from linli.places.rules import boundaries, plan_match
from linli.places.selectors import planning as plans
from linli.places.services import plan_effect, plan_making, planning
from linli.places.tests.makers import (
    NOW,
    make_area,
    make_building,
    make_entrance,
    make_estate,
    make_grid,
    make_home,
    manager,
    square,
)
from linli.places.tests.pages import text_of, to
from tests.hire import hire

STEP = 1 / 111_320 * 50  # fifty metres
TODAY = date(2026, 3, 2)


@pytest.fixture
def town(east, monkeypatch) -> SimpleNamespace:
    """东城社区 with an estate, two lanes and two grids that are far from equal."""
    monkeypatch.setattr(plan_making, "propose", plan_match.propose)
    west, far = make_grid(east, "g01", "一网格"), make_grid(east, "g02", "二网格")
    estate = make_estate(east, "槐园")
    houses = [_house(estate, f"{n}号楼", n % 3, n // 3, west) for n in range(1, 7)]
    houses += [_house(east, f"红旗路{n}号", 5 + n, 0, west) for n in range(1, 6)]
    houses += [_house(east, f"文化巷{n}号", 5 + n, 3, far) for n in range(1, 4)]
    return SimpleNamespace(
        community=east, estate=estate, west=west, far=far, houses=houses,
        lin=manager(east, duty="places.plan"),
    )  # fmt: skip


def _house(place, name: str, column: int, row: int, grid=None, *, households: int = 40):
    spot = {"lat": 44.16 + row * STEP, "lon": 87.54 + column * STEP * 1.4}
    return make_building(place, name, household_count=households, grid=grid, **spot)


def ask(town, target: int = 200, count: int | None = None) -> Run:
    return plan_making.start_planning(
        community_id=town.community.pk, target=target, count=count, actor=town.lin, now=NOW
    )


def carry() -> None:
    assert jobs.run_jobs(clock.now(), is_external=True, is_long=True) == 1


def make_plan(town, **asked) -> GridPlan:
    run = ask(town, **asked)
    carry()
    run.refresh_from_db()
    assert run.state == "done", run.message
    return GridPlan.objects.select_related("community").get(run_id=run.pk)


def schedule(town, plan, day=TODAY, *, is_sure: bool = True, now=NOW) -> GridPlan:
    return planning.schedule_plan(
        plan_id=plan.pk, starts_on=day, is_sure=is_sure, actor=town.lin, now=now
    )


def take_effect(town, plan, now=NOW) -> bool:
    return plan_effect.take_effect(plan_id=plan.pk, actor=town.lin, now=now)


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
    block = _house(town.community, "文化巷9号", 10, 3, town.far, households=0)
    for number in range(1, 6):
        make_home(make_entrance(block, f"{number}单元"))
    _house(town.community, "文化巷10号", 11, 3, town.far, households=0)
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
    _house(town.community, "云塔", 14, 0, households=900)
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


def test_on_its_day_a_plan_becomes_the_grids(town):
    micro = make_area(AreaKind.MICRO, "m01", "槐园微社区", town.community)
    Area.objects.filter(pk=town.far.pk).update(parent=micro)
    plan = make_plan(town, count=3)
    schedule(town, plan, TODAY + timedelta(days=3))
    assert not take_effect(town, plan)
    later = NOW + timedelta(days=3)
    assert Job.objects.get(task=planning.TASK).due_at == later.replace(hour=16) - timedelta(days=1)
    assert take_effect(town, plan, later)
    assert not take_effect(town, plan, later)
    plan.refresh_from_db()
    assert plan.state == "applied"
    grids = list(selectors.grids_of(town.community.pk))
    assert len(grids) == 3
    new = next(one for one in grids if one.code == "g03")
    assert new.starts_on == TODAY + timedelta(days=3)
    for row in plan.buildings.select_related("building", "target__grid"):
        assert row.building.grid == row.target.grid
    # A matter in a building finds the grid of the list and of the boundary alike.
    house = town.houses[0]
    where = selectors.where_of(community_id=town.community.pk, building_id=house.pk)
    point = selectors.where_of(community_id=town.community.pk, lat=house.lat, lon=house.lon)
    assert where.grid_id == point.grid_id == Building.objects.get(pk=house.pk).grid_id
    told = EventRow.objects.get(name="places.plan.applied").data
    assert (told["new"], told["kept"], told["ended"]) == (1, 2, 0)


def test_a_grid_too_many_ends_and_what_was_built_since_goes_to_its_neighbours(town):
    plan = make_plan(town, count=1)
    assert [one.code for one in plans.picture_of(plan).ended] in (["g01"], ["g02"])
    schedule(town, plan)
    ends = plans.picture_of(plan).ended[0]
    built = _house(town.community, "文化巷7号", 12, 3, ends)
    unplaced = make_building(town.community, "新楼", grid=ends)
    gone = town.houses[-1]
    Building.objects.filter(pk=gone.pk).update(ended_on=TODAY, grid=None)
    assert take_effect(town, plan)
    ends.refresh_from_db()
    assert ends.ends_on == TODAY
    left = selectors.grids_of(town.community.pk).get()
    built.refresh_from_db()
    unplaced.refresh_from_db()
    gone.refresh_from_db()
    assert (built.grid, unplaced.grid, gone.grid) == (left, None, None)


def test_a_grid_that_ended_meanwhile_comes_again_as_a_new_one(town):
    plan = make_plan(town, count=2)
    schedule(town, plan)
    Area.objects.filter(pk=town.far.pk).update(ends_on=TODAY)
    assert take_effect(town, plan)
    assert {one.code for one in selectors.grids_of(town.community.pk)} == {"g01", "g03"}


def test_a_plan_is_taken_back_before_its_day(town):
    plan = make_plan(town)
    schedule(town, plan, TODAY + timedelta(days=3))
    with pytest.raises(PlanFixed, match="先撤回"):
        planning.discard_plan(plan_id=plan.pk, actor=town.lin, now=NOW)
    other = plan_making.start_planning(
        community_id=town.community.pk, target=100, count=None, actor=town.lin, now=NOW
    )
    carry()
    with pytest.raises(PlanFixed, match="待生效"):
        schedule(town, GridPlan.objects.get(run_id=other.pk))
    planning.withdraw_plan(plan_id=plan.pk, actor=town.lin, now=NOW)
    assert not take_effect(town, plan, NOW + timedelta(days=9))
    # The same day again is another job; then it has its day.
    schedule(town, plan, TODAY + timedelta(days=3), now=NOW + timedelta(minutes=1))
    assert Job.objects.filter(task=planning.TASK).count() == 2
    assert take_effect(town, plan, NOW + timedelta(days=9))
    with pytest.raises(PlanFixed, match="已经生效"):
        planning.withdraw_plan(plan_id=plan.pk, actor=town.lin, now=NOW)


def test_a_plan_has_no_day_in_the_past(town):
    with pytest.raises(BadInput):
        schedule(town, make_plan(town), TODAY - timedelta(days=1))


def test_the_worker_lets_it_take_effect(town):
    plan = make_plan(town)
    today = clock.local(clock.now()).date()
    schedule(town, plan, today, now=clock.now())
    jobs.run_jobs(clock.now() + timedelta(seconds=1), is_external=False)
    plan.refresh_from_db()
    assert plan.state == "applied"


def test_the_desk_plans_looks_moves_and_decides(town, django_assert_max_num_queries):
    browser = hire(town.community, "places.plan", "places.manage")
    page = text_of(browser.get(to("grids", town.community.pk)))
    assert to("plans", town.community.pk) in page
    asked = to("plans", town.community.pk)
    assert browser.post(asked, {"target": "3"}).status_code == 422
    answer = browser.post(asked, {"target": "200"})
    carry()
    run = Run.objects.get()
    assert answer["Location"] == runs.url_of(run)
    plan = GridPlan.objects.get()
    assert to("plan", plan.pk) in text_of(browser.get(runs.url_of(run)))
    with django_assert_max_num_queries(22):
        page = text_of(browser.get(to("plan", plan.pk)))
    assert "槐园 1号楼" in page
    assert "plan-map" in page
    first = plan.grids.order_by("order")[0]
    house = plan.buildings.exclude(target=first)[0]
    nothing = browser.post(to("plan_move", plan.pk), {"to_grid": str(first.pk)})
    assert nothing.status_code == 422
    sent = {"building": [str(house.building_id)], "to_grid": str(first.pk)}
    assert browser.post(to("plan_move", plan.pk), sent).status_code == 302
    house.refresh_from_db()
    assert house.target == first
    name = to("plan_grid", plan.pk, first.pk)
    assert browser.get(name).status_code == 200
    assert browser.post(name, {"name": ""}).status_code == 422
    assert browser.post(name, {"name": "东网格"}).status_code == 302
    late = {"starts_on": "2020-01-01", "is_sure": "on"}
    assert browser.post(to("plan_schedule", plan.pk), late).status_code == 422
    day = {"starts_on": "2099-01-01", "is_sure": "on"}
    assert browser.post(to("plan_schedule", plan.pk), day).status_code == 302
    page = text_of(browser.get(to("plan", plan.pk)))
    assert "2099-01-01 零点生效" in page
    assert browser.post(to("plan_withdraw", plan.pk)).status_code == 302
    assert browser.post(to("plan_discard", plan.pk)).status_code == 302
    assert not GridPlan.objects.exists()
    assert "还没有划过" in text_of(browser.get(asked))
