"""A plan of grids gets its day, is taken back, takes effect; and how the desk does it."""

from datetime import timedelta

import pytest

from linli.kernel import clock, jobs, runs
from linli.kernel.errors import BadInput
from linli.kernel.models import EventRow, Job, Run
from linli.places import selectors
from linli.places.errors import PlanFixed
from linli.places.models import (
    Area,
    AreaKind,
    Building,
    GridPlan,
)
from linli.places.selectors import planning as plans
from linli.places.services import plan_making, planning
from linli.places.tests.makers import (
    NOW,
    make_area,
    make_building,
)
from linli.places.tests.pages import text_of, to
from linli.places.tests.plan_makers import (
    TODAY,
    carry,
    house,
    make_plan,
    make_town,
    schedule,
    take_effect,
)
from tests.hire import hire


@pytest.fixture
def town(east, monkeypatch):
    return make_town(east, monkeypatch)


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
    built = house(town.community, "文化巷7号", 12, 3, ends)
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
