"""Buildings change their grid: what is looked at and carried round there follows."""

import pytest

from linli.cases.models import Case
from linli.cases.tests import makers as cases
from linli.field.services import deciding
from linli.field.services.submissions import Delivery, hand_in
from linli.kernel.actor import system
from linli.kernel.errors import NotFound
from linli.kernel.ids import new_id
from linli.kernel.outbox import deliver_events
from linli.patrols.models import Check, Point, Route
from linli.patrols.selectors import access, walking
from linli.patrols.selectors.rounds import houses_of_day, open_rounds
from linli.patrols.services import following, rounds
from linli.patrols.tests.makers import DAY, HOUR, MONDAY, allow, make_walk
from linli.places.models import Building
from linli.places.selectors.ground import Moved
from linli.places.services import areas
from linli.places.tests import makers as places
from linli.posts.selectors import actor_of, forget

pytestmark = pytest.mark.usefixtures("in_home")


@pytest.fixture
def world():
    """The usual walk, a round of its grid, and a second grid with a worker."""
    found = make_walk()
    rounds.make_round(
        title="停水通知", area_id=found.grid.pk, due_on=(MONDAY + DAY).date(), actor=found.lead,
        now=MONDAY,
    )  # fmt: skip
    found.next_grid = places.make_grid(found.community, "g02", "第二网格")
    post = cases.make_post("grid_worker", found.next_grid, ("patrols.walk",))
    found.wu = cases.make_staff("吴", post)
    forget()
    return found


def hand_over(world, *buildings):
    areas.assign_buildings(
        grid_id=world.next_grid.pk, building_ids=[one.pk for one in buildings], actor=world.lead,
        now=MONDAY,
    )  # fmt: skip
    deliver_events(MONDAY)
    forget()
    world.wu = actor_of(world.wu.account_id, MONDAY)


def test_points_and_doors_go_with_their_building(world):
    hand_over(world, world.other)
    point = Point.objects.select_related("route").get(building=world.other)
    assert (point.grid_id, point.area_path) == (world.next_grid.pk, world.next_grid.path)
    assert (point.route.grid_id, point.route.post_id) == (world.next_grid.pk, *world.wu.post_ids)
    assert [one.pk for one in walking.due_points(world.wu, MONDAY)] == [point.pk]
    assert len(walking.due_points(world.lin, MONDAY)) == 2
    with pytest.raises(NotFound):
        access.get_point(point.pk, world.lin)
    world.route.refresh_from_db()
    assert (world.route.point_count, point.route.point_count) == (2, 1)
    # The round is both grids' now, each sees their own doors.
    for worker, house in ((world.lin, world.building), (world.wu, world.other)):
        (found,) = open_rounds(worker)
        assert {one.building_id for one in houses_of_day(worker, [found])} == {house.pk}
    # A second building goes to the route that is there.
    hand_over(world, world.other, world.building)
    assert Route.objects.filter(grid=world.next_grid).count() == 1


def test_what_was_seen_before_the_grids_changed_counts_once_the_desk_vouches_for_it(world):
    world.lead = allow(world.lead, "field.quarantine")
    stop = next(one for one in open_rounds(world.lin)[0].stops.all() if "4号楼" in one.label)
    old = Point.objects.get(building=world.other)
    hand_over(world, world.other)

    def came(kind, subject_id, answers, **facts):
        one = Delivery(
            id=new_id(), kind=kind, subject_id=subject_id, answers=answers, said_at=MONDAY, **facts
        )
        lin = actor_of(world.lin.account_id, MONDAY)
        row = hand_in(delivery=one, actor=lin, now=MONDAY + HOUR).submission
        assert (row.state, "现在归" in row.words) == ("quarantined", True)
        done = deciding.take_quarantined(
            submission_id=row.pk, reason="当天还归她走。", actor=world.lead, now=MONDAY + HOUR
        )
        assert done.state == "taken", done.words

    came("patrols.check", old.pk, {"way": "shut"}, base_version=str(old.version))
    check = Check.objects.select_related("patrol").get()
    assert (check.at, check.patrol.account_id) == (MONDAY, world.lin.account_id)
    assert check.patrol.area_path == Case.objects.get().area_path == world.next_grid.path
    assert not walking.due_points(world.wu, MONDAY), "nobody goes there again"
    came("patrols.round", stop.round_id, {f"s{stop.pk.hex}": "given"})
    stop.refresh_from_db()
    assert (stop.outcome, stop.done_by) == ("given", world.lin.account_id)


def test_a_grid_that_ends_leaves_nothing_behind(world, django_assert_max_num_queries):
    Building.objects.filter(grid=world.grid).update(grid=world.next_grid)
    moved = Moved(world.community, set(), {world.grid.path})
    with django_assert_max_num_queries(30):
        following.follow_grids(moved=moved, actor=system(world.community.tenant_id), now=MONDAY)
    assert set(Point.objects.values_list("area_path", flat=True)) == {world.next_grid.path}
    world.route.refresh_from_db()
    assert world.route.ended_on == MONDAY.date()
    assert Route.objects.get(ended_on=None).point_count == 3
