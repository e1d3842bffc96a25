"""What others ask of care: whom a post leaves behind, what is forgotten in time, somebody's own copy."""

import pytest

from linli.care import field, services, subscribers
from linli.care.models import CareProfile, FamilyContact, Visit, VisitPhoto
from linli.care.services import settling
from linli.care.tests.makers import DAY, MONDAY, make_block, make_profile, register, visit
from linli.people.selectors.privacy import Owner
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
