"""The whole loop as everybody meets it: from a scanned code to the resident's word (story 2 to 5)."""

import io
import os
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import quote

import pytest
from PIL import Image

from linli.cases.models import Case, PhotoStage
from linli.cases.services import desk, handling, telling
from linli.cases.tests.makers import make_case
from linli.kernel import clock, tenancy, worker
from linli.messages.models import Notice
from linli.people.tests.makers import sign_in

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

DESKTOP = {"width": 1440, "height": 900}
WORDS = "楼道口的垃圾桶满了两天，味道很大。"
SHOTS = os.environ.get("LINLI_SHOTS")


@pytest.fixture
def as_staff(open_page: Callable[..., Any], live_server: Any) -> Callable[..., Any]:
    """Return what opens a window in which somebody of staff is signed in."""

    def open_as(actor: Any, **options: Any) -> Any:
        page = open_page(**options)
        cookie = sign_in(actor.account_id, actor.tenant_id).cookies["sessionid"].value
        page.context.add_cookies([{"name": "sessionid", "value": cookie, "url": live_server.url}])
        return page

    return open_as


@pytest.fixture
def look(axe: Callable[[Any], None]) -> Callable[..., None]:
    """Return what looks at a page in normal and large type: no fault of accessibility, nothing sideways."""

    def at(page: Any, name: str, *, sizes: bool = True) -> None:
        axe(page)
        shoot(page, name)
        here = "/" + page.url.split("/", 3)[3].partition("#")[0]
        for size in ("large", "larger") if sizes else ():
            page.goto(f"/display/?size={size}&next={quote(here)}")
            axe(page)
            shoot(page, f"{name}-{size}")
        if sizes:
            page.goto(f"/display/?size=standard&next={quote(here)}")

    return at


def shoot(page: Any, name: str) -> None:
    if SHOTS:
        page.screenshot(path=str(Path(SHOTS) / f"{name}.png"), full_page=True)


def picture(colour: str) -> dict[str, Any]:
    buffer = io.BytesIO()
    Image.new("RGB", (1200, 900), colour).save(buffer, "JPEG")
    return {"name": f"{colour}.jpg", "mimeType": "image/jpeg", "buffer": buffer.getvalue()}


def press(page: Any, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).first.click()


def open_act(page: Any, label: str) -> Any:
    """Open one of the things that may be done, also one under "more", and return its form."""
    act = page.locator("details.act").filter(has=page.locator("> summary", has_text=label)).last
    if not act.is_visible():
        page.locator("summary", has_text="更多").click()
    act.locator("> summary").click()
    return act.locator("form").first


def deliver(now: Any = None) -> None:
    """Let the worker do what is due."""
    with tenancy.all_tenants():
        worker.tick(now or clock.now())


def read_notice(page: Any, words: str) -> None:
    """Open the notice that says so, at the door of the page."""
    page.locator(".lines a", has_text=words).first.click()


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
    page.wait_for_load_state()
    deliver()


@pytest.mark.row("S3 3.1", "S3 3.3", "S5 5.9", "S5 5.10", "S4 4.9")
def test_from_the_door_code_to_the_residents_word(world, page, as_staff, look):
    case = report(page, world)

    clerk = as_staff(world.desk, viewport=DESKTOP)
    clerk.goto("/desk/cases/")
    look(clerk, "loop-queue", sizes=False)
    clerk.get_by_role("link", name=case.title).click()
    look(clerk, "loop-desk-case", sizes=False)
    form = open_act(clerk, "派单")
    form.get_by_label("派给").select_option(label="第一网格网格员（林岚）")
    form.get_by_role("button", name="派单").click()
    assert clerk.get_by_text("已派单。").is_visible()
    deliver()

    lin = as_staff(world.lin)
    lin.goto("/field/")
    assert lin.get_by_role("heading", name="待接单 1 件").is_visible()
    assert lin.get_by_text("为什么派给我").is_visible()
    look(lin, "loop-field-today")
    lin.goto("/field/notices/")
    read_notice(lin, case.title)
    assert lin.url.endswith(f"/field/cases/{case.pk}/")
    look(lin, "loop-field-case")
    press(lin, "接单")
    assert lin.get_by_text("已接单").is_visible()

    form = open_act(lin, "记录处理情况")
    form.get_by_label("处理情况").fill("已联系保洁公司，正在清。")
    form.locator("input[name=before]").set_input_files([picture("maroon")])
    form.locator(".photos__one img").first.wait_for()
    look(lin, "loop-field-progress", sizes=False)
    form.get_by_role("button", name="记录处理情况").click()
    assert lin.get_by_text("已记录").is_visible()

    form = open_act(lin, "办结")
    form.get_by_label("办理结果").fill("已清运，并加了一个桶。")
    form.locator("input[name=after]").set_input_files([picture("olive")])
    form.locator(".photos__one img").first.wait_for()
    form.get_by_role("button", name="办结").click()
    assert lin.get_by_text("等居民评价").first.is_visible()
    assert lin.locator(".gallery img").count() == 2
    look(lin, "loop-field-resolved")
    stages = sorted(case.photos.values_list("stage", flat=True))
    assert stages == [PhotoStage.AFTER, PhotoStage.BEFORE]
    deliver()

    rate(page, case, "没有解决", "不满意")
    case.refresh_from_db()
    assert (case.state, case.handler_post.name, case.reopen_count) == ("assigned", "社区书记", 1)

    lead = as_staff(world.lead)
    lead.goto("/field/")
    assert lead.get_by_text("重办").first.is_visible()
    press(lead, f"接单 {case.title}")
    form = open_act(lead, "办结")
    form.get_by_label("办理结果").fill("和保洁公司定了每天两次清运。")
    form.get_by_role("button", name="办结").click()
    deliver()

    rate(page, case, "解决了", "满意")
    case.refresh_from_db()
    assert (case.state, case.is_solved, case.satisfaction) == ("closed", True, 3)
    told = "\n".join(page.locator(".timeline li").all_inner_texts())
    for words in ("已派给第一网格网格员", "林岚开始处理", "每天两次清运", "没有解决"):
        assert words in told
    look(page, "loop-resident-closed")


@pytest.mark.row("S1 1.10", "S3 3.3", "S2 2.2")
def test_the_property_company_returns_what_is_not_theirs_and_the_lead_decides(
    world, as_staff, look
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
    assert manager.get_by_role("link", name="网格", exact=True).count() == 0
    manager.get_by_role("link", name=case.title).click()
    form = open_act(manager, "退回")
    form.get_by_role("button", name="退回").click()
    assert manager.get_by_role("alert").is_visible()
    look(manager, "loop-field-error")
    assert manager.locator("#act-return").get_attribute("open") is not None
    form = manager.locator("#act-return form")
    form.get_by_label("为什么不归这里办").fill("这是公共道路，物业合同里没有。")
    form.get_by_role("button", name="退回").click()
    assert manager.get_by_text("已退回，等裁定。").is_visible()
    assert manager.goto(f"/field/cases/{case.pk}/").status == 404
    deliver()

    lead = as_staff(world.lead, viewport=DESKTOP)
    lead.goto("/desk/cases/?mark=arbitration")
    lead.get_by_role("link", name=case.title).click()
    assert lead.get_by_text("这是公共道路，物业合同里没有。").is_visible()
    form = open_act(lead, "裁定")
    form.get_by_label("派给").select_option(label="第一网格网格员（林岚）")
    form.get_by_label("裁定理由").fill("先由网格员联系环卫。")
    form.get_by_role("button", name="裁定").click()

    case.refresh_from_db()
    assert (case.state, case.is_in_arbitration) == ("assigned", False)
    lin = as_staff(world.lin)
    lin.goto("/field/")
    assert lin.get_by_role("link", name=case.title).is_visible()


@pytest.mark.row("S5 5.10")
def test_the_clock_stops_only_when_somebody_else_agrees(world, as_staff, look):
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
    assert lin.get_by_text("审批前照常计时").is_visible()
    deliver()

    lead = as_staff(world.lead, viewport=DESKTOP)
    lead.goto("/desk/notices/")
    read_notice(lead, "挂起")
    form = open_act(lead, "审批挂起")
    form.get_by_label("同意", exact=True).check(force=True)
    form.get_by_role("button", name="审批挂起").click()
    case.refresh_from_db()
    assert (case.state, case.due_at) == ("suspended", None)

    lin.goto("/field/")
    assert lin.get_by_text("已挂起").is_visible()
    look(lin, "loop-field-suspended", sizes=False)


@pytest.mark.row("S3 3.3", "S3 3.4", "S2 2.9", "S4 4.9")
def test_what_nobody_takes_goes_amber_red_and_up_and_each_is_told_once(world, as_staff, look):
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


@pytest.mark.row("S4 4.8")
def test_a_grid_worker_reports_on_the_round_without_and_with_scripts(
    world, open_page, as_staff, look
):
    for scripts in (True, False):
        lin = as_staff(world.lin, java_script_enabled=scripts)
        lin.goto("/field/")
        lin.get_by_role("link", name="上报").first.click()
        if scripts:
            look(lin, "loop-field-report")
        lin.get_by_role("button", name="上报").click()
        assert lin.get_by_role("alert").is_visible()
        lin.locator("input[name=photos]").set_input_files([picture("teal")])
        lin.get_by_label("环境卫生", exact=True).check(force=True)
        lin.get_by_label("看到了什么").fill("花坛边堆了建筑垃圾。")
        lin.get_by_label("在哪里").select_option(label="3号楼")
        lin.get_by_role("button", name="上报").click()
        assert lin.get_by_text("已上报").is_visible()
    assert Case.objects.filter(source="patrol", photo_count=1).count() == 2


def test_my_page_and_my_grid_read_well(world, as_staff, look):
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
    look(lin, "loop-field-contact", sizes=False)
    lin.goto("/field/notices/")
    look(lin, "loop-field-notices")
    lin.goto("/field/me/")
    look(lin, "loop-field-me")
    lin.goto("/field/cases/")
    look(lin, "loop-field-list")
