"""Somebody is looked after: two taps at the door, a search when nobody is at home, a day of snow."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from linli.care import services
from linli.care.models import CareProfile, Visit
from linli.care.tests.makers import make_block, make_profile, register
from linli.cases.models import Case
from linli.kernel import clock
from tests.journeys.acting import press

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
DESKTOP = {"width": 1440, "height": 900}


@pytest.fixture
def block(live_server, in_home):
    """Return a small community whose desk cares for Mei; Sun knocks, Lin goes second."""
    return make_block()


def knock(page, button):
    page.locator(".calls a", has_text="梅**").first.click()
    press(page, button)


@pytest.mark.row("S1 1.6")
def test_an_old_woman_who_lives_alone_is_put_on_the_list_and_visited(block, as_staff, look_at):
    desk = as_staff(block.desk, viewport=DESKTOP)
    desk.goto("/desk/care/")
    desk.get_by_role("link", name="列入关怀").click()
    desk.get_by_role("searchbox", name="搜索").fill("梅玉兰")
    press(desk, "搜索")
    desk.locator(".lines a", has_text="梅**").click()
    desk.get_by_label("每周看").check()
    desk.get_by_label("长期用药").check()
    desk.get_by_label("为什么要常去看看").fill("八十三岁，一个人住，耳背。")
    desk.get_by_label("第一走访人").select_option(label="3号楼楼栋长（孙河）")
    desk.get_by_label("第二走访人").select_option(label="第一网格网格员（林岚）")
    look_at(desk, "care-plan")
    press(desk, "列入关怀")
    expect(desk.get_by_text("已列入关怀，今天起走访。")).to_be_visible()
    for scripts in (True, False):
        sun = as_staff(block.sun, java_script_enabled=scripts)
        sun.goto("/field/care/")
        if scripts:
            look_at(sun, "care-day")
            knock(sun, "平安")
            expect(sun.get_by_text("记下了：平安。")).to_be_visible()
    profile = CareProfile.objects.get()
    assert profile.due_on == clock.local(clock.now()).date() + timedelta(days=7)
    desk.goto(f"/desk/care/{profile.pk}/")
    look_at(desk, "care-profile")
    expect(desk.get_by_text("孙河 · 3号楼楼栋长")).to_be_visible()


@pytest.mark.row("S2 2.10")
def test_at_the_door_what_is_needed_is_recorded_on_the_spot(block, as_staff, look_at):
    profile = make_profile(block, post_id=block.grid_post.pk, second_post_id=None)
    lin = as_staff(block.lin)
    lin.goto("/field/care/")
    lin.locator(".calls a", has_text="梅**").click()
    lin.locator("summary", has_text="走访记录").click()
    lin.get_by_label("差", exact=True).check()
    lin.get_by_label("药还够几天").fill("2")
    lin.get_by_label("补充一句").first.fill("想请人帮忙换灯泡。")
    press(lin, "有事")
    lin.get_by_label("药断了").check()
    press(lin, "报给社区")
    expect(lin.get_by_text("已经报给社区")).to_be_visible()
    visit = Visit.objects.get(profile=profile)
    case = Case.objects.get(pk=visit.case_id)
    assert (case.is_confidential, case.building_id) == (True, block.building.pk)
    lin.goto(f"/field/care/{profile.pk}/")
    look_at(lin, "care-card")


@pytest.mark.row("S1 1.6")
def test_nobody_at_home_twice_the_second_visitor_goes_today_and_then_the_desk(block, as_staff):
    make_profile(block)
    sun, lin = as_staff(block.sun), as_staff(block.lin)
    for number in range(2):
        sun.goto("/field/care/")
        if number:  # she is on tomorrow's list; he tries again today
            sun.locator("summary", has_text="以后的 1 位").click()
        sun.locator("a", has_text="梅**").first.click()
        press(sun, "不在家")
        if not number:
            Visit.objects.update(at=clock.now() - timedelta(hours=3))
    expect(sun.get_by_text("今天该看的都看过了。")).to_be_visible()
    lin.goto("/field/care/")
    expect(lin.get_by_text("敲门 2 次没见到人")).to_be_visible()
    knock(lin, "不在家")
    expect(lin.get_by_text("一直没见到人，已经报给社区")).to_be_visible()
    desk = as_staff(block.desk, viewport=DESKTOP)
    desk.goto("/desk/care/?tab=desk")
    desk.get_by_role("link", name="梅**").click()
    expect(desk.get_by_text("一直没见到人，已经立了工单。")).to_be_visible()
    press(desk, "平安")
    expect(desk.get_by_text("记下了：平安。")).to_be_visible()
    expect(desk.get_by_text("一直没见到人，已经立了工单。")).to_have_count(0)
    assert Case.objects.get().is_urgent


@pytest.mark.row("S1 1.6")
def test_a_day_of_snow_turns_the_list_into_those_who_need_medicine(
    block, as_staff, look_at, open_page
):
    mei = make_profile(block)
    make_profile(block, register(block, "周福田", "502"), needs=())
    services.name_family(
        profile_id=mei.pk, name="梅海", phone="10012340001", relation="child", agreed_how="phone",
        actor=block.desk, now=clock.now(),
    )  # fmt: skip
    desk = as_staff(block.desk, viewport=DESKTOP)
    desk.goto("/desk/care/alerts/new/")
    desk.get_by_label("大雪").check(force=True)
    desk.get_by_label("要大家做什么").fill("问药够几天")
    desk.get_by_label("告诉同意收消息的家人").check()
    look_at(desk, "care-switch")
    press(desk, "开启")
    expect(desk.get_by_text("联系上 0 / 1 位")).to_be_visible()
    sun = as_staff(block.sun)
    sun.goto("/field/care/")
    expect(sun.get_by_role("heading", name="先看这些人")).to_be_visible()
    look_at(sun, "care-snow")
    knock(sun, "平安")
    desk.reload()
    expect(desk.get_by_text("联系上 1 / 1 位")).to_be_visible()
    look_at(desk, "care-board")
    desk.get_by_role("link", name="大厅看的").click()
    expect(desk.locator("main.hall")).to_be_visible()
    look_at(desk, "care-hall")
    assert "梅" not in desk.content()
