"""A list gathered on the desk, cleared on a phone, counted on one page; a meeting's problem to its end."""

import re
from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from playwright.sync_api import expect

from linli.campaigns.models import Campaign, Entry, Matter
from linli.campaigns.selectors import dockets
from linli.campaigns.tests.makers import make_ground, tenant_code
from linli.cases.models import Case
from linli.cases.services import telling
from linli.cases.tests.makers import make_case
from linli.kernel import clock
from tests.journeys.acting import deliver, picture, press

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

DESKTOP = {"width": 1440, "height": 900}


@pytest.fixture
def ground(live_server: Any, in_home: Any) -> SimpleNamespace:
    """Return a community whose desk plans campaigns, with a department that joins them."""
    return make_ground()


@pytest.mark.row("S1 1.4")
def test_a_list_is_gathered_cleared_on_site_and_ends_as_one_page(
    ground: SimpleNamespace, as_staff: Callable[..., Any], look_at: Any, open_page: Any
) -> None:
    case = make_case(ground, at=clock.now())
    desk = as_staff(ground.desk, viewport=DESKTOP)
    plan_it(desk, ground)
    desk.get_by_role("link", name="接着排清单").click()
    desk.get_by_role("link", name="从工单里选").click()
    desk.get_by_label(case.title).check()
    press(desk, "列入清单")
    expect(desk.get_by_text("已列入清单")).to_be_visible()
    desk.goto(f"/desk/campaigns/{Campaign.objects.get().pk}/")
    press(desk, "开始行动")
    expect(desk.get_by_text("清单 1 条")).to_be_visible()

    clear_it(as_staff(ground.cai), look_at)
    case.refresh_from_db()
    assert case.state == "resolved"
    deliver()
    resident = open_page()
    resident.goto(f"/c/{telling.token_of(case)}/")
    expect(resident.get_by_text("问题解决了吗")).to_be_visible()

    desk.goto(f"/desk/campaigns/{Campaign.objects.get().pk}/")
    look_at(desk, "campaign")
    press(desk, "结束并出结果单")
    desk.get_by_role("link", name="结果单").first.click()
    expect(desk.get_by_text("清理乱堆乱放 3 处。")).to_be_visible()
    look_at(desk, "campaign-result")
    desk.get_by_role("link", name=re.compile("乱堆乱放")).click()
    expect(desk.get_by_role("link", name=re.compile("东墙根"))).to_be_visible()


def plan_it(desk: Any, ground: SimpleNamespace) -> None:
    today = clock.local(clock.now()).date()
    desk.goto("/desk/campaigns/")
    desk.get_by_role("link", name="安排一次").click()
    desk.get_by_label("这次行动叫什么").fill("西片集中整治")
    desk.get_by_label("从哪天").fill(today.isoformat())
    desk.get_by_label("到哪天").fill((today + timedelta(days=1)).isoformat())
    press(desk, "下一步：片区和队伍")
    desk.get_by_label("单位或岗位").select_option(label="城市管理局")
    desk.get_by_label("牵头").check()
    press(desk, "列入队伍")
    expect(desk.get_by_text("所有片区 · 牵头")).to_be_visible()


def clear_it(cai: Any, look_at: Any) -> None:
    """On a phone: the entry of the case in three taps, then one more that was met on site."""
    cai.goto("/field/campaigns/")
    cai.get_by_role("link", name=re.compile("西片集中整治")).click()
    look_at(cai, "campaign-site")
    cai.get_by_role("link", name=re.compile("乱堆乱放")).click()
    cai.locator("input[name=after]").set_input_files([picture("green")])
    look_at(cai, "campaign-entry")
    press(cai, "整治好了")
    expect(cai.get_by_text("这一条办好了")).to_be_visible()
    cai.get_by_role("link", name="现场又发现一处").click()
    cai.get_by_label("乱堆乱放", exact=True).check(force=True)
    cai.locator("input[name=photos]").set_input_files([picture("red")])
    cai.get_by_label("具体位置").fill("东墙根")
    cai.get_by_label("有几处").fill("2")
    press(cai, "列入清单")
    cai.locator("input[name=after]").set_input_files([picture("green")])
    press(cai, "整治好了")
    expect(cai.get_by_text("这一条办好了")).to_be_visible()
    assert list(Entry.objects.values_list("state", flat=True)) == ["settled", "settled"]
    assert Case.objects.count() == 1


@pytest.mark.row("S5 5.3", "S5 5.2")
def test_a_meetings_problem_closes_on_evidence_and_the_word_of_who_raised_it(
    ground: SimpleNamespace, as_staff: Callable[..., Any], look_at: Any, open_page: Any
) -> None:
    desk = as_staff(ground.desk, viewport=DESKTOP)
    desk.goto("/desk/lists/")
    desk.get_by_role("link", name="新建").click()
    desk.get_by_label("会议或检查的名字").fill("三方联席会")
    press(desk, "建立三张清单")
    desk.get_by_label("什么问题").fill("东门道闸坏了两周")
    desk.get_by_label("谁提出的").fill("业主代表 王小河")
    desk.get_by_label("谁负责").select_option(label="安居物业")
    desk.get_by_label("怎么改").fill("换电机")
    press(desk, "列入清单")
    expect(desk.get_by_role("link", name=re.compile("东门道闸"))).to_be_visible()

    manager = as_staff(ground.manager)
    manager.goto("/field/matters/")
    manager.get_by_role("link", name=re.compile("东门道闸")).click()
    manager.get_by_label("做了什么").fill("电机换了，试了十次。")
    press(manager, "改好了，请提出人确认")
    expect(manager.get_by_text("等提出人说好了才销号")).to_be_visible()
    look_at(manager, "matter")

    matter = Matter.objects.get()
    raiser = open_page()
    raiser.goto(f"/m/{dockets.token_of(matter, tenant_code(ground))}/")
    raiser.get_by_label("改好了", exact=True).check()
    look_at(raiser, "matter-word")
    press(raiser, "确认")
    expect(raiser.get_by_text("记下了，谢谢您。")).to_be_visible()
    desk.reload()
    expect(desk.get_by_text("本人在链接里确认")).to_be_visible()
    look_at(desk, "three-lists")
    desk.get_by_role("link", name="打印三张").click()
    expect(desk.get_by_role("heading", name="整改清单")).to_be_visible()
    look_at(desk, "three-lists-paper")
