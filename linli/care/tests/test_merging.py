"""Care where two records turned out to be one person, and where they did not after all."""

import pytest

from linli.care import services
from linli.care.models import CareProfile
from linli.care.selectors import access
from linli.care.tests.makers import HOUR, MONDAY, make_block, make_profile, register, visit
from linli.cases.tests.makers import make_post, make_staff
from linli.kernel import outbox
from linli.kernel.actor import system
from linli.people.services import merging
from linli.places.services.areas import assign_buildings
from linli.places.tests.makers import make_grid
from linli.posts import selectors as posts


@pytest.fixture
def world(in_home):
    return make_block()


@pytest.fixture
def mei(world):
    return make_profile(world, world.mei)


def test_a_doubled_record_leaves_one_profile(world, mei):
    twin = make_profile(world, register(world, "梅玉蓝", "302"))
    visit(twin, world.sun)
    services.follow_merge(
        person_id=twin.person_id, into_id=mei.person_id, actor=world.desk, now=MONDAY
    )
    twin.refresh_from_db()
    assert (twin.ended_reason, twin.person_id) == ("merged", mei.person_id)


@pytest.mark.parametrize("both", [True, False])
def test_a_merge_that_is_undone_gives_care_back_to_whom_it_was_for(world, both):
    twin = make_profile(world, register(world, "梅玉蓝", "302"))
    mine = make_profile(world, world.mei) if both else None
    merge = merging.merge_people(
        kept_id=world.mei.pk, gone_id=twin.person_id, actor=world.desk, now=MONDAY
    )
    outbox.deliver_events(MONDAY)
    assert set(CareProfile.objects.values_list("person_id", flat=True)) == {world.mei.pk}
    merging.part_people(merge_id=merge.pk, actor=world.desk, now=MONDAY + HOUR)
    outbox.deliver_events(MONDAY + HOUR)
    before = twin.person_id
    twin.refresh_from_db()
    assert (twin.person_id, twin.ended_at, twin.ended_reason) == (before, None, "")
    if mine:
        mine.refresh_from_db()
        assert (mine.person_id, mine.ended_at) == (world.mei.pk, None)


def test_care_goes_with_its_building_to_another_grid_and_out_of_sight_of_the_old_one(world, mei):
    other = make_grid(world.community, "g77", "七十七网格")
    post = make_post("grid_worker", other, ("care.view", "care.visit"), name="七十七网格员")
    new = posts.actor_of(make_staff("周山", post).account_id, MONDAY)
    assert CareProfile.objects.filter(access.scope_of(world.lin).condition()).exists()
    assign_buildings(
        grid_id=other.pk, building_ids=[world.building.pk], actor=system(mei.tenant_id), now=MONDAY
    )
    outbox.deliver_events(MONDAY)
    mei.refresh_from_db()
    assert mei.area_path == other.path
    assert not CareProfile.objects.filter(access.scope_of(world.lin).condition()).exists()
    assert CareProfile.objects.filter(access.scope_of(new).condition()).exists()
