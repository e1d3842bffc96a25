"""A grid worker's own pages: the quick report, the contact, the notices, my grid, who I am."""

from datetime import timedelta

import pytest

from linli.cases.models import Case
from linli.cases.services import desk
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
        assert lin.get_by_role("alert").is_visible()
        lin.locator("input[name=photos]").set_input_files([picture("teal")])
        lin.get_by_label("环境卫生", exact=True).check(force=True)
        lin.get_by_label("看到了什么").fill("花坛边堆了建筑垃圾。")
        lin.get_by_label("在哪里").select_option(label="3号楼")
        lin.get_by_role("button", name="上报").click()
        assert lin.get_by_text("已上报").is_visible()
    assert Case.objects.filter(source="patrol", photo_count=1).count() == 2


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
    assert lin.get_by_role("link", name="拨打").get_attribute("href") == "tel:10012345678"
    look_at(lin, "loop-field-contact", sizes=False)
    lin.goto("/field/notices/")
    look_at(lin, "loop-field-notices")
    lin.goto("/field/me/")
    look_at(lin, "loop-field-me")
    lin.goto("/field/cases/")
    look_at(lin, "loop-field-list")
