"""Targets by year: an area's own, or those from above; goals that nobody can count but by hand."""

import pytest
from django.urls import reverse

from linli.cases.tests.makers import DAY, MONDAY, make_case, make_neighbourhood
from linli.indicators.models import Goal, Target
from linli.indicators.selectors.targets import aims_of
from linli.indicators.services import targets
from linli.indicators.services.targets import GoalSheet
from linli.indicators.tests.test_pages import page, solved
from linli.indicators.tests.test_tallies import count
from linli.kernel import memory
from linli.kernel.errors import BadInput, NotFound
from linli.kernel.models import EventRow
from linli.people.tests.makers import sign_in
from linli.posts.models import Holding, PostDuty
from linli.posts.selectors import actor_of


@pytest.fixture
def world(in_home):
    world = make_neighbourhood()
    post = Holding.objects.get(account_id=world.lead.account_id).post
    PostDuty.objects.create(post=post, duty="indicators.configure")
    world.lead = actor_of(world.lead.account_id, MONDAY)
    return world


@pytest.fixture
def leader(world):
    return sign_in(world.lead.account_id, world.lead.tenant_id)


def aim(world, **values):
    return targets.set_targets(
        area_id=world.community.pk, year=2026, values=values, actor=world.lead, now=MONDAY
    )


def test_a_community_s_target_holds_for_its_grids_too(world, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        assert aim(world, resolution=0.9, median_days=3.0) == ["resolution", "median_days"]
    memory.forget_all()
    assert aims_of(world.grid.path, 2026)["resolution"].value == 0.9
    assert aims_of(world.grid.path, 2025) == {}
    assert aim(world, resolution=0.9) == []
    assert aim(world, resolution=None) == ["resolution"]
    assert EventRow.objects.filter(name="indicators.targets.set").count() == 2


def test_a_target_over_a_hundred_percent_is_refused(world):
    with pytest.raises(BadInput):
        aim(world, resolution=1.2)
    with pytest.raises(BadInput):
        aim(world, received=5.0)


def test_only_the_duty_sets_targets_and_only_at_home(world):
    with pytest.raises(NotFound):
        targets.set_targets(
            area_id=world.community.pk, year=2026, values={}, actor=world.lin, now=MONDAY
        )


def test_a_rate_that_proves_to_be_below_its_target_needs_attention(world, leader):
    for number in range(8):
        solved(world, is_solved=number > 5, satisfaction=3, phone=f"1000000010{number}")
    aim(world, resolution=0.95)
    memory.forget_all()
    count()
    text = page(leader, world.community).content.decode()
    assert "解决率 25%（8 人评价），低于目标 95%。" in text
    assert "95% 未到" in text


def test_a_rate_of_one_answer_proves_nothing_about_its_target(world, leader):
    solved(world, is_solved=False, satisfaction=3)
    make_case(world, at=MONDAY + DAY, phone="10000000400")
    aim(world, resolution=0.5)
    memory.forget_all()
    count()
    assert "低于目标" not in page(leader, world.community).content.decode()


def test_the_form_keeps_percents_as_shares_and_says_what_is_wrong(world, leader):
    address = reverse("indicators:targets", args=[world.community.pk]) + "?year=2026"
    assert leader.get(address).status_code == 200
    assert leader.post(address, {"resolution": "92.5", "median_days": "3"}).status_code == 302
    assert Target.objects.get(figure="resolution").value == 0.925
    assert 'value="92.5"' in leader.get(address).content.decode()
    wrong = leader.post(address, {"resolution": "150"})
    assert wrong.status_code == 422
    assert 'value="150"' in wrong.content.decode()


def test_a_goal_kept_by_hand_names_its_day_and_where_it_is_from(world, leader):
    sheet = GoalSheet(name="用房达到 400 平方米的社区", unit="个", target=30, reached=12)
    with pytest.raises(BadInput):
        targets.keep_goal(
            area_id=world.community.pk, year=2026, sheet=sheet, actor=world.lead, now=MONDAY
        )
    address = reverse("indicators:goal", args=[world.community.pk]) + "?year=2026"
    sent = {"name": sheet.name, "unit": "个", "target": "30", "reached": "12"}
    assert leader.post(address, sent).status_code == 422
    sent |= {"reached_on": "2026-03-01", "source": "民政台账"}
    assert leader.post(address, sent).status_code == 302
    goal = Goal.objects.get()
    assert "民政台账" in page(leader, world.community).content.decode()
    drop = reverse("indicators:goal_drop", args=[world.community.pk, goal.pk])
    assert leader.post(drop).status_code == 302
    assert not Goal.objects.exists()
