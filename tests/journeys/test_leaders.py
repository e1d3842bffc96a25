"""Leaders: what needs attention first, each number down to its cases, targets, the wall, the report."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from linli.cases.services import desk, handling
from linli.cases.tests.makers import DAY, HOUR, make_case
from linli.indicators.tests.test_tallies import rate
from linli.kernel import clock, tenancy, worker
from linli.kernel.models import Run
from linli.posts.models import PostDuty
from linli.posts.selectors import actor_of
from tests.journeys.acting import press, shoot

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

DESKTOP = {"width": 1440, "height": 900}
WALL = {"width": 1920, "height": 1080}


@pytest.fixture
def town(world: SimpleNamespace) -> SimpleNamespace:
    """Return the small community with a month behind it: eight answers, two of them "solved"."""
    (post_id,) = world.lead.post_ids
    PostDuty.objects.create(post_id=post_id, duty="indicators.configure")
    world.lead = actor_of(world.lead.account_id, clock.now())
    now = clock.now()
    for number in range(8):
        at = now - 3 * DAY - number * HOUR
        case = make_case(world, at=at, phone=f"100000009{number:02}")
        desk.accept_case(case_id=case.pk, actor=world.desk, now=at + HOUR / 6)
        case = handling.resolve_case(
            case_id=case.pk, text="清了。", actor=world.desk, now=at + HOUR
        )
        rate(case, is_solved=number < 2, satisfaction=3, at=at + 2 * HOUR)
    make_case(world, at=now - 2 * DAY, text="路灯不亮，晚上看不清路。")
    carry(now)
    return world


def carry(now: Any) -> None:
    with tenancy.all_tenants():
        worker.tick(now)


@pytest.mark.row("S2 2.15", "S3 3.2", "S4 4.9", "S4 4.11", "S5 5.10")
def test_from_the_sentence_to_the_case_and_to_a_report_that_does_not_change(
    town: SimpleNamespace, as_staff: Callable[..., Any], look_at: Any
) -> None:
    lead = as_staff(town.lead, viewport=DESKTOP)
    set_a_target(lead, look_at)

    lead.get_by_role("link", name="数字").first.click()
    attention = lead.locator(".attention")
    attention.get_by_text("件超时还没办完").wait_for()
    attention.get_by_text("解决率 25%（8 人评价），低于目标 90%").wait_for()
    look_at(lead, "leaders-area")
    lead.locator(".kpi", has_text="超时在办").get_by_text("怎么算的").click()
    lead.get_by_text("此刻还没有办结、并且已经过了答应时间").wait_for()
    lead.locator(".kpi a", has_text="收到").first.click()
    lead.locator("h1", has_text="收到").wait_for()
    look_at(lead, "leaders-rows")
    lead.get_by_role("link", name="路灯不亮").click()
    lead.get_by_text("晚上看不清路").first.wait_for()

    see_the_wall(lead, look_at)
    issue_the_report(lead, look_at)


def set_a_target(lead: Any, look_at: Any) -> None:
    lead.goto("/desk/figures/")
    lead.get_by_role("link", name="年度目标").click()
    lead.get_by_label("解决率").fill("90")
    press(lead, "保存目标")
    lead.get_by_text("已保存").wait_for()
    lead.locator("input[name=name]").fill("用房达到 400 平方米的社区")
    lead.get_by_label("要达到").fill("1")
    lead.get_by_label("单位").fill("个")
    press(lead, "记下目标")
    lead.locator("tr", has_text="用房达到 400 平方米的社区").wait_for()
    look_at(lead, "leaders-targets")


def see_the_wall(lead: Any, look_at: Any) -> None:
    lead.set_viewport_size(WALL)
    lead.goto("/screen/")
    lead.get_by_text("运行态势").wait_for()
    look_at(lead, "leaders-wall")
    lead.set_viewport_size(WALL)
    high = lead.evaluate("document.documentElement.scrollHeight")
    assert high <= WALL["height"], f"the wall scrolls: {high}"
    lead.set_viewport_size(DESKTOP)


def issue_the_report(lead: Any, look_at: Any) -> None:
    lead.goto("/desk/figures/")
    lead.get_by_role("link", name="报告").click()
    press(lead, "出报告")
    lead.wait_for_url("**/desk/runs/**")
    carry(clock.now())
    assert Run.objects.get().state == "done"
    lead.reload()
    shoot(lead, "leaders-run")
    lead.goto("/desk/figures/")
    lead.get_by_role("link", name="报告").click()
    lead.locator(".queue__title").first.click()
    lead.get_by_text("办理情况报告").wait_for()
    look_at(lead, "leaders-report")
    with lead.expect_download() as found:
        lead.get_by_role("link", name="下载 Excel").click()
    assert found.value.suggested_filename.endswith(".xlsx")
