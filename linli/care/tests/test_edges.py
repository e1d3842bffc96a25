"""What others ask of care: whom a post leaves behind, what is forgotten in time, somebody's own copy."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from linli.care import field, services, subscribers
from linli.care.models import CareProfile, FamilyContact, Visit, VisitPhoto
from linli.care.services import AlertSheet, following, settling
from linli.care.tests.makers import (
    DAY,
    HOUR,
    MONDAY,
    make_block,
    make_profile,
    plan,
    register,
    visit,
)
from linli.cases.tests.makers import make_post
from linli.kernel import clock
from linli.people.selectors.privacy import Owner
from linli.places import selectors as places_selectors
from linli.places.tests.makers import make_grid
from linli.posts.models import PostDuty
from linli.posts.services import handover


@pytest.fixture
def world(in_home):
    block = make_block()
    block.profile = make_profile(block)
    return block


def test_a_post_leaves_behind_whom_it_visits_first_or_second_masked(world):
    make_profile(world, register(world, "陈桂英", "502"), post_id=world.grid_post.pk,
                 second_post_id=None)  # fmt: skip
    leaving = handover.Leaving(
        post_id=world.grid_post.pk, account_id=world.lin.account_id, role="grid_worker",
        area_path=world.grid.path, estate_id=None, is_shared=False, now=MONDAY + DAY,
    )  # fmt: skip
    found = field.open_care(leaving)
    assert {one.title[:3] for one in found} == {"梅**", "陈**"}
    assert all(one.is_late for one in found)
    assert "梅玉兰" not in str(found)


def test_old_visits_go_with_their_photos_and_where_somebody_stands_stays(world, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    (tmp_path / "a.jpg").write_bytes(b"x")
    first = visit(world.profile, world.sun, note="很好。")
    VisitPhoto.objects.create(visit=first, path="a.jpg", thumb_path="a.jpg", created_at=MONDAY)
    visit(world.profile, world.lin, after=DAY / 100)
    visit(world.profile, world.sun, after=300 * DAY)
    assert subscribers.forget_visits(MONDAY + 10 * DAY, 50, "delete") == 2
    assert subscribers.forget_visits(MONDAY + 10 * DAY, 50, "delete") == 0
    world.profile.refresh_from_db()
    assert world.profile.seen_at == MONDAY + 300 * DAY
    assert not VisitPhoto.objects.exists()


def test_a_profile_that_ended_long_ago_goes_whole(world):
    visit(world.profile, world.sun)
    services.name_family(profile_id=world.profile.pk, name="梅海", phone="10012340001",
                         relation="child", actor=world.desk, now=MONDAY)  # fmt: skip
    services.end_care(
        profile_id=world.profile.pk, reason="recovered", actor=world.desk, now=MONDAY + DAY
    )
    assert subscribers.forget_ended(MONDAY + 2 * DAY, 50, "delete") == 1
    left = [model.objects.count() for model in (CareProfile, FamilyContact, Visit)]
    assert left == [0, 0, 0]


def test_somebody_gets_what_is_kept_of_them(world):
    visit(world.profile, world.sun, note="很好。", answers={"pills": "12"})
    plans, visits = subscribers.care_of(Owner(person_id=world.mei.pk))
    assert plans.rows[0][:4] == ("每周看", "7", "长期用药", "高血压，一个人住。")
    assert visits.rows[0][1:] == ("平安", "很好。", "药还够几天：12")
    assert subscribers.care_of(Owner()) == []


def test_a_visit_that_comes_in_after_many_later_ones_is_kept_too(world, monkeypatch):
    monkeypatch.setattr(settling, "LATEST", 2)
    for days in (3, 2, 1):
        visit(world.profile, world.sun, after=days * DAY)
    world.profile.refresh_from_db()
    seen = world.profile.seen_at
    old = visit(world.profile, world.lin, "wrong", after=-30 * DAY, late=60 * DAY)
    world.profile.refresh_from_db()
    assert (old.case_id is not None, world.profile.seen_at) == (True, seen)


def test_when_the_last_visit_is_forgotten_nobody_has_never_been_met(world):
    visit(world.profile, world.sun)
    assert subscribers.forget_visits(MONDAY + 800 * DAY, 50, "delete") == 1
    sheet = plan(world, level_code="monthly", needs=())
    changed = services.change_care(
        profile_id=world.profile.pk,
        sheet=sheet,
        version=1,
        actor=world.desk,
        now=MONDAY + 800 * DAY,
    )
    today = clock.local(MONDAY).date()
    assert (changed.seen_at, changed.unseen_since, changed.due_on) == (
        MONDAY, today, today + 30 * DAY,
    )  # fmt: skip
    visit(world.profile, world.sun, "away", after=801 * DAY)
    changed.refresh_from_db()
    assert (changed.seen_at, changed.misses) == (MONDAY, 1)


def test_following_buildings_costs_the_same_for_few_and_for_many(world):
    grid = make_grid(world.community, "g09")
    PostDuty.objects.create(post=make_post("grid_worker", grid, ()), duty="care.visit")
    alert = services.start_alert(
        sheet=AlertSheet(kind="snow", area_id=world.grid.pk, until=MONDAY + DAY), key="",
        actor=world.desk, now=MONDAY,
    )  # fmt: skip

    def follow(to):
        type(world.building).objects.filter(pk=world.building.pk).update(grid=to)
        places_selectors.forget_communities()
        with CaptureQueriesContext(connection) as asked:
            following.follow_grids(
                building_ids=[world.building.pk], actor=world.desk, now=MONDAY + HOUR
            )
        return len(asked)

    follow(grid)
    few = follow(world.grid)
    for number in range(6):
        make_profile(world, register(world, f"陈桂{'英兰芳秀珍梅'[number]}", f"60{number}"))
    assert follow(grid) <= few + 2
    rows = CareProfile.objects.all()
    assert {one.area_path for one in rows} == {grid.path}
    assert {one.turn_post_id for one in rows} == {one.post_id for one in rows}
    gone = alert.tasks.values_list("gone_why", flat=True)
    assert set(gone) == {"moved"}
