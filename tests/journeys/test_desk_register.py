"""The desk takes a call down; its lead keeps categories, promises and the calendar (stories 6, 7)."""

import os
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from linli.cases.models import Case, Category, Question
from linli.cases.services import intake
from linli.cases.tests.makers import make_category
from linli.kernel import calendar, clock
from linli.kernel.actor import reporter, system
from linli.people.tests.makers import PASSWORD
from linli.places import selectors as places

pytestmark = [pytest.mark.journey]

DESKTOP = {"width": 1440, "height": 900}
SHOTS = os.environ.get("LINLI_SHOTS")
CALLER = "10055556666"
# Every key, and every letter that comes without one.
COUNTS = """window.pressed = 0; ["keydown", "input"].forEach(
    kind => addEventListener(kind, () => { pressed += 1; }, true))"""


@pytest.fixture
def cast(live_server: Any, cast: Any) -> Any:
    """Return the named world, served, with a kind of case that asks and warns."""
    rubbish = make_category(hint="楼道堆物、垃圾桶满", danger_text="着火先打 119，人先离开。")
    make_category("noise", "噪声扰民", order=200)
    Question.objects.create(
        category=rubbish, code="blocked", text="挡住楼道了吗", kind="yes_no", is_required=True
    )
    return cast


@pytest.fixture
def look(axe: Any) -> Any:
    """Return what looks at a page: no fault of accessibility, nothing sideways, at three widths."""

    def at(page: Any, name: str) -> None:
        wide = page.viewport_size
        for width in (1440, 390, 320):
            page.set_viewport_size({"width": width, "height": 900})
            axe(page)
            if SHOTS:
                page.screenshot(path=str(Path(SHOTS) / f"{name}-{width}.png"), full_page=True)
        page.set_viewport_size(wide)

    return at


def enter(page: Any, login: str) -> None:
    page.goto("/sign-in/")
    page.get_by_label("登录名").fill(login)
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    page.wait_for_url("**/desk/**")


def reported(cast: Any, words: str, **facts: Any) -> Case:
    """Return a case that a neighbour reported before the call."""
    report = intake.Report(
        category_id=Category.objects.get(code="rubbish").pk,
        text=words,
        where=places.where_of(community_id=cast.community.pk, building_id=cast.building.pk),
        source="scan",
        **facts,
    )
    return intake.report_case(report=report, actor=reporter(cast.home.pk), now=clock.now())[0]


@pytest.mark.row("S3 3.6")
def test_a_call_is_taken_down_by_keyboard_in_under_a_minute(cast, open_page, look):
    reported(cast, "三楼堆了纸箱，上周就有。", phone=CALLER, name="王大妈")
    desk = open_page(viewport=DESKTOP)
    enter(desk, "desk")
    look(desk, "desk-home")
    desk.goto("/desk/cases/new/")
    look(desk, "register")
    desk.evaluate(COUNTS)
    expect(desk.locator("[name=phone]")).to_be_focused()
    keys = desk.keyboard
    keys.type(CALLER)
    keys.press("Enter")
    desk.get_by_text("打过电话").wait_for()
    expect(desk.get_by_text("王**")).to_be_visible()
    keys.type("王大妈")
    keys.press("Enter")
    keys.press("Enter")
    keys.type(f"{cast.estate.name}{cast.building.name}{cast.entrance.name}")
    keys.press("Enter")
    keys.type("门口")
    desk.get_by_label("类别").select_option(label="环境卫生")
    desk.get_by_text("着火先打 119").wait_for()
    desk.get_by_text("同类的还在办").wait_for()
    desk.get_by_text("挡住楼道了吗").wait_for()
    look(desk, "register-filled")
    desk.get_by_label("是", exact=True).check()
    desk.get_by_label("反映的事").fill("单元门口堆了旧沙发，出不去。")
    # Two keys in a second are slow.
    assert desk.evaluate("pressed") < 2 * 60
    keys.press("Control+Enter")
    desk.get_by_role("heading", name="念给反映人听").wait_for()
    look(desk, "register-done")
    case = Case.objects.order_by("-id").first()
    assert case.entrance_id == cast.entrance.pk
    assert case.answers == [{"text": "挡住楼道了吗", "answer": "是"}]

    desk.get_by_role("link", name="打印回执（大字）").click()
    expect(desk.get_by_role("heading", name=case.number)).to_be_visible()
    look(desk, "register-slip")
    desk.goto(f"/desk/cases/{case.pk}/sheet/")
    look(desk, "case-sheet")


@pytest.mark.row("S3 3.6")
def test_without_scripts_a_caller_is_counted_in_with_the_same_matter(cast, open_page):
    before = reported(cast, "三楼堆了纸箱，上周就有。")
    desk = open_page(viewport=DESKTOP, java_script_enabled=False)
    enter(desk, "desk")
    desk.goto("/desk/cases/new/")
    desk.locator("#id_phone").fill(CALLER)
    desk.get_by_text("从列表选地点").click()
    desk.locator("select[name=pick]").select_option(value=f"b{cast.building.pk}")
    desk.get_by_label("类别").select_option(label="环境卫生")
    desk.get_by_label("反映的事").fill("三楼全是纸箱")
    desk.get_by_role("button", name="登记", exact=True).click()
    expect(desk.get_by_text("还要问一句：挡住楼道了吗").first).to_be_visible()
    desk.get_by_label("是", exact=True).check()
    desk.get_by_role("button", name="并为同一件").click()
    expect(desk.get_by_text("反映人多了一位")).to_be_visible()
    before.refresh_from_db()
    assert (Case.objects.count(), before.follower_count) == (1, 1)


def test_a_queue_is_kept_under_a_name(cast, open_page, look):
    reported(cast, "三楼堆了纸箱，上周就有。")
    desk = open_page(viewport=DESKTOP)
    enter(desk, "desk")
    desk.goto("/desk/cases/?tab=reported&source=scan")
    desk.get_by_text("存下这个筛选").click()
    desk.get_by_label("起个名字").fill("扫码来的")
    desk.get_by_role("button", name="存下", exact=True).click()
    expect(desk.get_by_role("link", name="扫码来的")).to_have_attribute("aria-current", "true")
    look(desk, "queue-saved")


def test_the_lead_changes_a_category_and_a_promise_and_sees_what_it_means(cast, open_page, look):
    lead = open_page(viewport=DESKTOP)
    enter(lead, "lead")
    lead.goto("/desk/settings/")
    look(lead, "settings-categories")
    lead.get_by_role("link", name="环境卫生").click()
    lead.get_by_label("名称").fill("楼道堆物")
    look(lead, "settings-category")
    lead.get_by_role("button", name="保存类别").click()
    expect(lead.get_by_text("已保存")).to_be_visible()
    expect(lead.get_by_role("link", name="楼道堆物")).to_be_visible()

    lead.get_by_role("link", name="时限", exact=True).click()
    look(lead, "settings-levels")
    lead.get_by_role("link", name="三个工作日").click()
    lead.get_by_label("多久内办结").fill("1")
    lead.get_by_text("1 个工作日，从").wait_for()
    look(lead, "settings-level")
    lead.get_by_role("button", name="保存时限").click()
    lead.get_by_role("link", name="办理规则").click()
    look(lead, "settings-numbers")
    lead.get_by_role("link", name="答复模板").click()
    lead.get_by_role("link", name="写一条模板").click()
    lead.get_by_label("标题").fill("已清理")
    lead.get_by_label("正文").fill("已经清理干净了，谢谢您告诉我们。")
    look(lead, "settings-template")
    lead.get_by_role("button", name="保存模板").click()
    look(lead, "settings-templates")


def test_the_lead_sees_the_year_and_sets_a_day(cast, open_page, look):
    year = clock.local(clock.now()).year
    published = max(one for one in calendar.published_years() if one <= year)
    calendar.install_year(year=published, actor=system(cast.home.pk), now=clock.now())
    lead = open_page(viewport=DESKTOP)
    enter(lead, "lead")
    lead.goto(f"/desk/settings/calendar/?year={published}")
    look(lead, "calendar")
    lead.get_by_label("哪一天").fill(f"{published}-03-04")
    lead.get_by_label("放假").check()
    lead.get_by_label("名称").fill("停水抢修")
    lead.get_by_role("button", name="改这一天").click()
    expect(lead.get_by_text("停水抢修").first).to_be_visible()
    lead.get_by_role("link", name="从文件导入").click()
    look(lead, "calendar-import")
    text = f"日期,类型,名称\n{published}-05-04,放假,青年节\n{published}-13-01,放假,没有\n"
    file = {"name": "year.csv", "mimeType": "text/csv", "buffer": text.encode()}
    lead.get_by_label("CSV 文件").set_input_files(files=[file])
    lead.get_by_role("button", name="先看看文件里有什么").click()
    expect(lead.get_by_text("不是日期")).to_be_visible()
    lead.goto("/desk/settings/calendar/hours/")
    look(lead, "calendar-hours")
