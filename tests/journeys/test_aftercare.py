"""After the promise and after the end: another day, a neighbour's page, a call, two names."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from linli.cases.models import Case, FollowUp
from linli.cases.services import closing, desk, handling, sampling, telling
from linli.cases.tests.makers import DESK, LEAD, make_case, make_post, make_staff
from linli.cases.tests.test_followups import WEEK_ON, closed
from linli.kernel import clock
from linli.kernel.actor import reporter
from tests.journeys.acting import open_act, press

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
WIDE = {"width": 1440, "height": 900}


def in_hand(world):
    case = make_case(world, at=clock.now())
    desk.assign_case(case_id=case.pk, post_id=world.grid_post.pk, actor=world.desk, now=clock.now())
    return handling.take_case(case_id=case.pk, actor=world.lin, now=clock.now())


def test_another_day_is_asked_on_the_phone_and_granted_at_the_desk(
    world, as_staff, open_page, look_at
):
    case = in_hand(world)
    lin = as_staff(world.lin)
    lin.goto(f"/field/cases/{case.pk}/")
    form = open_act(lin, "申请延期")
    form.get_by_label("为什么要延期").fill("配件要从外地发来。")
    day = clock.local(case.resolve_due_at + timedelta(days=5)).date()
    form.get_by_label("延到哪一天").fill(str(day))
    form.get_by_role("button", name="申请延期").click()
    expect(lin.get_by_text("批准前仍按原来的时限").first).to_be_visible()

    lead = as_staff(world.lead, viewport=WIDE)
    lead.goto("/desk/cases/?mark=extension")
    lead.get_by_role("link", name=case.title).first.click()
    form = open_act(lead, "审批延期")
    form.get_by_label("同意", exact=True).check(force=True)
    form.get_by_role("button", name="审批延期").click()
    expect(lead.get_by_text("已审批").first).to_be_visible()
    look_at(lead, "loop-desk-extended")

    mei = open_page()
    mei.goto(f"/c/{telling.token_of(case)}/")
    expect(mei.get_by_text("约定的时间往后延了")).to_be_visible()
    expect(mei.get_by_text("配件要从外地发来。").first).to_be_visible()


def test_a_neighbour_has_a_page_of_their_own_and_the_matter_outlives_the_reporter(
    world, open_page, look_at
):
    case = make_case(world, at=clock.now())
    phone = open_page()
    phone.goto(f"/s/{world.door.code}/report/?category=rubbish")
    phone.get_by_label("环境卫生", exact=True).check(force=True)
    phone.locator("textarea[name=text]").fill("楼道口的垃圾桶又满了，我家也闻得到。")
    press(phone, "提交给社区")
    phone.get_by_role("button", name="我也遇到了").first.click()
    phone.wait_for_url("**/f/**")
    expect(phone.get_by_text(f"{case.number}-1")).to_be_visible()
    expect(phone.get_by_text(case.text)).to_have_count(0)
    look_at(phone, "loop-follower")

    closing.withdraw_case(
        token=telling.token_of(case), actor=reporter(case.tenant_id), now=clock.now()
    )
    phone.reload()
    expect(phone.get_by_text("这件事照常办").first).to_be_visible()
    phone.get_by_role("link", name="不跟了，退出").click()
    press(phone, "退出")
    expect(phone.get_by_role("heading", name="已退出")).to_be_visible()
    assert Case.objects.get().state == "withdrawn"  # nobody waits any more


def test_somebody_else_calls_and_a_second_name_leaves_a_case_out(world, as_staff, look_at):
    calls = (*DESK, "cases.follow_up")
    caller = make_staff("程芳", make_post("desk", world.community, calls, code="calls"))
    second = make_staff("孟洁", make_post("lead", world.community, LEAD, code="second"))
    case = closed(world)
    sampling.draw_week(week_on=WEEK_ON, now=clock.now())
    row = FollowUp.objects.get()
    page = as_staff(caller, viewport=WIDE)
    page.goto("/desk/followups/")
    look_at(page, "loop-followups")
    page.get_by_role("link", name=case.title).click()
    press(page, "看电话，并留下记录")
    expect(page.get_by_role("link", name="10012345678")).to_be_visible()
    look_at(page, "loop-followup")
    page.goto(f"/desk/followups/{row.pk}/")
    page.get_by_label("没有解决").check(force=True)
    page.get_by_label("一般").check(force=True)
    page.get_by_label("反映人怎么说").fill("第二天又满了。")
    press(page, "记下回访")
    expect(page.get_by_text("已记下").first).to_be_visible()
    page.goto("/desk/followups/samples/")
    page.get_by_role("link", name="重抽一遍核对").first.click()
    expect(page.get_by_text("一致", exact=True)).to_be_visible()
    look_at(page, "loop-followup-samples")

    page.goto(f"/desk/cases/{case.pk}/")
    form = open_act(page, "申请不计入考核")
    form.get_by_label("理由").select_option("repeated")
    form.get_by_label("具体情况").fill("同一人第四次反映同一件。")
    form.get_by_role("button", name="申请不计入考核").click()
    other = as_staff(second, viewport=WIDE)
    other.goto(f"/desk/cases/{case.pk}/")
    form = open_act(other, "审批不计入考核")
    form.get_by_label("同意", exact=True).check(force=True)
    form.get_by_role("button", name="审批不计入考核").click()
    page.goto("/desk/followups/exclusions/")
    expect(page.get_by_text("孟洁")).to_be_visible()
    look_at(page, "loop-exclusions")
    assert Case.objects.get().is_excluded
