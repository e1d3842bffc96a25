"""Care where two records turned out to be one person, and where they did not after all."""

import pytest

from linli.care import services
from linli.care.models import CareProfile
from linli.care.tests.makers import HOUR, MONDAY, make_block, make_profile, register, visit
from linli.kernel import outbox
from linli.people.services import merging


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
