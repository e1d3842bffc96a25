"""The whole loop as everybody meets it: from a scanned code to the resident's word (story 2 to 5)."""

import re
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from playwright.sync_api import expect

from linli.cases.models import Case, PhotoStage
from linli.cases.services import desk, handling, telling
from linli.cases.tests.makers import make_case
from linli.kernel import clock
from linli.messages.models import Notice
from tests.journeys.acting import deliver, open_act, picture, press, read_notice

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

DESKTOP = {"width": 1440, "height": 900}
WORDS = "楼道口的垃圾桶满了两天，味道很大。"


def report(page: Any, world: SimpleNamespace) -> Case:
    page.goto(f"/s/{world.door.code}/report/")
    page.get_by_label("环境卫生", exact=True).check(force=True)
    page.get_by_label("看到了什么？").fill(WORDS)
    page.get_by_label("联系电话").fill("10012345678")
    press(page, "提交给社区")
    page.wait_for_url("**/receipt/")
    deliver()
    return Case.objects.get()


def rate(page: Any, case: Case, solved: str, word: str) -> None:
    page.goto(f"/c/{telling.token_of(case)}/")
    page.get_by_label(solved, exact=True).check(force=True)
    page.get_by_label(word, exact=True).check(force=True)
    press(page, "提交评价")
    expect(page.get_by_text(re.compile("谢谢您的评价|已经交到上一级重办"))).to_be_visible()
    deliver()


@pytest.mark.row("S3 3.1", "S3 3.3", "S5 5.9", "S5 5.10", "S4 4.9")
def test_from_the_door_code_to_the_residents_word(world, page, as_staff, look_at):
    case = report(page, world)

    clerk = as_staff(world.desk, viewport=DESKTOP)
    clerk.goto("/desk/cases/")
    look_at(clerk, "loop-queue")
    clerk.get_by_role("link", name=case.title).click()
    look_at(clerk, "loop-desk-case")
    form = open_act(clerk, "派单")
    form.get_by_label("派给").select_option(label="第一网格网格员（林岚）")
    form.get_by_role("button", name="派单").click()
    expect(clerk.get_by_text("已派单。")).to_be_visible()
    deliver()

    lin = as_staff(world.lin)
    lin.goto("/field/")
    expect(lin.get_by_role("heading", name="待接单 1 件")).to_be_visible()
    expect(lin.get_by_text("为什么派给我")).to_be_visible()
    look_at(lin, "loop-field-today")
    lin.goto("/field/notices/")
    read_notice(lin, case.title)
    lin.wait_for_url(f"**/field/cases/{case.pk}/")
    look_at(lin, "loop-field-case")
    press(lin, "接单")
    expect(lin.get_by_text("已接单")).to_be_visible()

    form = open_act(lin, "记录处理情况")
    form.get_by_label("处理情况").fill("已联系保洁公司，正在清。")
    form.locator("input[name=before]").set_input_files([picture("maroon")])
    form.locator(".photos__one img").first.wait_for()
    look_at(lin, "loop-field-progress")
    form.get_by_role("button", name="记录处理情况").click()
    expect(lin.get_by_text("已记录")).to_be_visible()

    form = open_act(lin, "办结")
    form.get_by_label("办理结果").fill("已清运，并加了一个桶。")
    form.locator("input[name=after]").set_input_files([picture("olive")])
    form.locator(".photos__one img").first.wait_for()
    form.get_by_role("button", name="办结").click()
    expect(lin.get_by_text("等居民评价").first).to_be_visible()
    expect(lin.locator(".gallery img")).to_have_count(2)
    look_at(lin, "loop-field-resolved")
    stages = sorted(case.photos.values_list("stage", flat=True))
    assert stages == [PhotoStage.AFTER, PhotoStage.BEFORE]
    deliver()

    rate(page, case, "没有解决", "不满意")
    case.refresh_from_db()
    assert (case.state, case.handler_post.name, case.reopen_count) == ("assigned", "社区书记", 1)

    lead = as_staff(world.lead)
    lead.goto("/field/")
    expect(lead.get_by_text("重办").first).to_be_visible()
    press(lead, f"接单 {case.title}")
    form = open_act(lead, "办结")
    form.get_by_label("办理结果").fill("和保洁公司定了每天两次清运。")
    form.get_by_role("button", name="办结").click()
    expect(lead.get_by_text("等居民评价").first).to_be_visible()
    deliver()

    rate(page, case, "解决了", "满意")
    case.refresh_from_db()
    assert (case.state, case.is_solved, case.satisfaction) == ("closed", True, 3)
    for words in ("已派给第一网格网格员", "林岚开始处理", "每天两次清运", "没有解决"):
        expect(page.locator(".timeline")).to_contain_text(words)
    look_at(page, "loop-resident-closed")


@pytest.mark.row("S1 1.10", "S3 3.3", "S2 2.2")
def test_the_property_company_returns_what_is_not_theirs_and_the_lead_decides(
    world, as_staff, look_at
):
    case = make_case(world, at=clock.now())
    desk.assign_case(
        case_id=case.pk,
        organisation_id=world.property_company.pk,
        actor=world.desk,
        now=clock.now(),
    )
    deliver()
    manager = as_staff(world.manager)
    manager.goto("/field/")
    expect(manager.get_by_role("link", name="网格", exact=True)).to_have_count(0)
    manager.get_by_role("link", name=case.title).click()
    form = open_act(manager, "退回")
    form.get_by_role("button", name="退回").click()
    expect(manager.get_by_role("alert")).to_be_visible()
    look_at(manager, "loop-field-error")
    expect(manager.locator("#act-return")).to_have_attribute("open", "")
    form = manager.locator("#act-return form")
    form.get_by_label("为什么不归这里办").fill("这是公共道路，物业合同里没有。")
    form.get_by_role("button", name="退回").click()
    expect(manager.get_by_text("已退回，等裁定。")).to_be_visible()
    assert manager.goto(f"/field/cases/{case.pk}/").status == 404
    deliver()

    lead = as_staff(world.lead, viewport=DESKTOP)
    lead.goto("/desk/cases/?mark=arbitration")
    lead.get_by_role("link", name=case.title).click()
    expect(lead.get_by_text("这是公共道路，物业合同里没有。")).to_be_visible()
    form = open_act(lead, "裁定")
    form.get_by_label("派给").select_option(label="第一网格网格员（林岚）")
    form.get_by_label("裁定理由").fill("先由网格员联系环卫。")
    form.get_by_role("button", name="裁定").click()

    case.refresh_from_db()
    assert (case.state, case.is_in_arbitration) == ("assigned", False)
    lin = as_staff(world.lin)
    lin.goto("/field/")
    expect(lin.get_by_role("link", name=case.title)).to_be_visible()


@pytest.mark.row("S5 5.10")
def test_the_clock_stops_only_when_somebody_else_agrees(world, as_staff, look_at):
    case = make_case(world, at=clock.now())
    desk.assign_case(case_id=case.pk, post_id=world.grid_post.pk, actor=world.desk, now=clock.now())
    case = handling.take_case(case_id=case.pk, actor=world.lin, now=clock.now())
    lin = as_staff(world.lin)
    lin.goto(f"/field/cases/{case.pk}/")
    form = open_act(lin, "申请挂起")
    form.get_by_label("为什么要等").fill("等配件到货。")
    day = (clock.local(clock.now()) + timedelta(days=5)).date()
    form.get_by_label("等到哪一天").fill(day.isoformat())
    form.get_by_role("button", name="申请挂起").click()
    expect(lin.get_by_text("审批前照常计时")).to_be_visible()
    deliver()

    lead = as_staff(world.lead, viewport=DESKTOP)
    lead.goto("/desk/notices/")
    read_notice(lead, "挂起")
    form = open_act(lead, "审批挂起")
    form.get_by_label("同意", exact=True).check(force=True)
    form.get_by_role("button", name="审批挂起").click()
    expect(lead.get_by_text("已审批。")).to_be_visible()
    case.refresh_from_db()
    assert (case.state, case.due_at) == ("suspended", None)

    lin.goto("/field/")
    expect(lin.get_by_text("挂起中")).to_be_visible()
    look_at(lin, "loop-field-suspended")


@pytest.mark.row("S3 3.3", "S3 3.4", "S2 2.9", "S4 4.9")
def test_what_nobody_takes_goes_amber_red_and_up_and_each_is_told_once(world, as_staff, look_at):
    case = make_case(world, at=clock.now())
    desk.assign_case(case_id=case.pk, post_id=world.grid_post.pk, actor=world.desk, now=clock.now())
    case.refresh_from_db()
    start, due_at = case.clock_started_at, case.due_at
    assert due_at is not None
    amber = start + (due_at - start) * 0.8
    after = due_at + timedelta(minutes=1)
    for moment in (
        amber,
        amber,
        after,
        after,
        after + timedelta(days=2),
        after + timedelta(days=2),
    ):
        deliver(moment)

    case.refresh_from_db()
    assert (case.lateness, case.level) == (3, "community")
    lin = Notice.objects.filter(account_id=world.lin.account_id, subject_id=case.pk)
    names = list(lin.order_by("id").values_list("event_name", flat=True))
    for name in ("cases.case.due_soon", "cases.case.late", "cases.case.escalated"):
        assert names.count(name) == 1, names
    above = Notice.objects.filter(account_id=world.lead.account_id, subject_id=case.pk)
    assert above.filter(event_name="cases.case.escalated").count() == 1
