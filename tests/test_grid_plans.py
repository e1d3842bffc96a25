"""What a plan of grids changes for cases and posts: new matters find the new grid's worker, old ones stay."""

from linli.cases.tests import makers as cases
from linli.kernel import clock
from linli.kernel.actor import system
from linli.places import selectors as places
from linli.places.models import Area, GridPlan
from linli.places.services import plan_effect
from linli.places.tests.makers import make_grid, make_grid_plan
from linli.posts import selectors as posts


def test_new_matters_of_a_building_go_to_its_new_grid_and_open_ones_stay(in_home):
    world, now = cases.make_neighbourhood(), clock.now()
    south = make_grid(world.community, "g02", "第二网格")
    zhao = cases.make_staff("赵南", cases.make_post("grid_worker", south, cases.WORKER))
    assert routed(world) in world.lin.post_ids
    case = cases.make_case(world, at=now)
    before = (case.handler_post_id, case.area_path)

    plan, row = make_grid_plan(world.community)
    row.grid = south
    row.save()
    today = clock.local(now).date()
    GridPlan.objects.filter(pk=plan.pk).update(state="scheduled", starts_on=today)
    assert plan_effect.take_effect(plan_id=plan.pk, actor=system(in_home.pk), now=now)
    posts.forget()
    places.forget_communities()

    assert routed(world) in zhao.post_ids
    case.refresh_from_db()
    assert (case.handler_post_id, case.area_path) == before
    assert Area.objects.get(pk=world.grid.pk).ends_on == today


def routed(world):
    where = places.where_of(community_id=world.community.pk, building_id=world.building.pk)
    return posts.route(category_code="rubbish", where=where, now=clock.now()).post_id
