"""A grid worker's own pages: the quick report, the contact, the notices, my grid, who I am."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from linli.cases.models import Case
from linli.cases.services import desk, telling
from linli.cases.tests.makers import make_case
from linli.kernel import clock
from tests.journeys.acting import deliver, picture, press

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


@pytest.mark.row("S4 4.8")
def test_a_grid_worker_reports_on_the_round_without_and_with_scripts(world, as_staff, look_at):
    for scripts in (True, False):
        lin = as_staff(world.lin, java_script_enabled=scripts)
        lin.goto("/field/")
        lin.get_by_role("link", name="上报").first.click()
        if scripts:
            look_at(lin, "loop-field-report")
        lin.get_by_role("button", name="上报").click()
        expect(lin.get_by_role("alert")).to_be_visible()
        lin.locator("input[name=photos]").set_input_files([picture("teal")])
        lin.get_by_label("环境卫生", exact=True).check(force=True)
        lin.get_by_label("看到了什么").fill("花坛边堆了建筑垃圾。")
        lin.get_by_label("在哪里").select_option(label="3号楼")
        lin.get_by_role("button", name="上报").click()
        expect(lin.get_by_text("已上报")).to_be_visible()
    assert Case.objects.filter(source="patrol", photo_count=1).count() == 2


@pytest.mark.row("S2 2.10")
def test_at_the_door_a_word_is_recorded_and_settled_on_the_spot(
    world, as_staff, look_at, open_page
):
    lin = as_staff(world.lin)
    lin.goto("/field/report/")
    lin.locator("input[name=photos]").set_input_files([picture("teal")])
    lin.get_by_label("环境卫生", exact=True).check(force=True)
    lin.get_by_label("看到了什么").fill("302 的老人说楼道堆了纸箱，进出绊脚。")
    lin.get_by_label("在哪里").select_option(label="3号楼")
    lin.locator("summary", has_text="当场就办好了").click()
    lin.get_by_label("当场就办好了").check()
    lin.get_by_label("怎么办好的").fill("和邻居说好，纸箱当场搬下楼了。")
    lin.locator("input[name=after]").set_input_files([picture("green")])
    lin.locator("summary", has_text="有人告诉我的").click()
    lin.locator("#id_phone").fill("10012340000")
    look_at(lin, "loop-field-settled")
    lin.get_by_role("button", name="上报").click()
    expect(lin.get_by_text("先当面问一句").first).to_be_visible()  # no number without a yes
    lin.locator("input[name=photos]").set_input_files([picture("teal")])
    lin.locator("input[name=after]").set_input_files([picture("green")])
    lin.get_by_label("已当面说明", exact=False).check()
    lin.get_by_role("button", name="上报").click()
    expect(lin.get_by_text("当场办好").first).to_be_visible()
    case = Case.objects.get()
    assert (case.state, case.photo_count) == ("resolved", 2)
    mei = open_page()
    mei.goto(f"/c/{telling.token_of(case)}/")
    mei.get_by_label("没有解决").check(force=True)
    mei.get_by_label("不满意").check(force=True)
    press(mei, "提交评价")
    expect(mei.get_by_text("已经交到上一级重办")).to_be_visible()
    case.refresh_from_db()
    assert case.is_open
    assert case.reopen_count == 1


def test_my_page_and_my_grid_read_well(world, as_staff, look_at):
    for number in range(3):
        make_case(world, at=clock.now() - timedelta(hours=number), text=f"路灯 {number} 不亮了。")
    case = make_case(world, at=clock.now(), text="电梯有异响。")
    desk.assign_case(case_id=case.pk, post_id=world.grid_post.pk, actor=world.desk, now=clock.now())
    deliver()
    lin = as_staff(world.lin)
    lin.goto(f"/field/cases/{case.pk}/")
    lin.locator("summary", has_text="联系反映人").click()
    lin.get_by_label("用来做什么").select_option("visit")
    press(lin, "看电话，并留下记录")
    expect(lin.get_by_role("link", name="拨打")).to_have_attribute("href", "tel:10012345678")
    look_at(lin, "loop-field-contact")
    lin.goto("/field/notices/")
    look_at(lin, "loop-field-notices")
    lin.goto("/field/me/")
    look_at(lin, "loop-field-me")
    lin.goto("/field/cases/")
    look_at(lin, "loop-field-list")
