"""The community's lead appoints, ends, substitutes and routes in pages made for that (story 7)."""

import os
from datetime import timedelta
from pathlib import Path
from typing import Any

import pyotp
import pytest
from playwright.sync_api import expect

from linli.kernel import clock
from linli.people.tests.makers import PASSWORD
from linli.posts.selectors import book

pytestmark = [pytest.mark.journey]

DESKTOP = {"width": 1280, "height": 900}
SHOTS = os.environ.get("LINLI_SHOTS")


@pytest.fixture
def cast(live_server: Any, cast: Any, monkeypatch: Any) -> Any:
    """Return the named world, served; categories are two, so that rules can name them."""
    monkeypatch.setattr(book, "_sources", [lambda: [("litter", "环境卫生"), ("lamp", "路灯照明")]])
    return cast


@pytest.fixture
def look(axe: Any) -> Any:
    """Return what looks at a page: no fault of accessibility, nothing sideways, at three widths."""

    def at(page: Any, name: str) -> None:
        wide = page.viewport_size
        for width in (1280, 390, 320):
            page.set_viewport_size({"width": width, "height": 900})
            axe(page)
            if SHOTS:
                page.screenshot(path=str(Path(SHOTS) / f"{name}-{width}.png"), full_page=True)
        page.set_viewport_size(wide)

    return at


def enter(page: Any, login: str, password: str = PASSWORD) -> None:
    page.goto("/sign-in/")
    page.get_by_label("登录名").fill(login)
    page.get_by_label("密码").fill(password)
    page.get_by_role("button", name="登录").click()


@pytest.mark.row("S2 2.3")
def test_the_lead_appoints_somebody_new_who_signs_in_and_is_there(cast, open_page, look):
    lead = open_page(viewport=DESKTOP)
    lead.goto("/sign-in/")
    look(lead, "sign-in")
    enter(lead, "lead", "wrong password")
    expect(lead.get_by_text("登录名或密码不对").first).to_be_visible()
    enter(lead, "lead")
    lead.goto("/desk/posts/")
    look(lead, "posts")
    lead.get_by_role("link", name="第一网格网格员").click()
    look(lead, "post")
    lead.get_by_text("任命新来的人").click()
    form = lead.locator("form[action$='/newcomers/']")
    form.get_by_label("姓名").fill("吴")
    form.get_by_label("登录名").fill("wu.min")
    form.get_by_role("button", name="开通账号并任命").click()
    look(lead, "newcomer")
    password = lead.locator(".receipt__number").inner_text()

    wu = open_page()
    enter(wu, "wu.min", password)
    expect(wu.get_by_role("heading", name="先换一个自己的密码")).to_be_visible()
    look(wu, "password")
    wu.get_by_label("现在的密码").fill(password)
    wu.get_by_label("新密码", exact=True).fill("two old jujube trees")
    wu.get_by_label("新密码再写一遍").fill("two old jujube trees")
    wu.get_by_role("button", name="换成新密码").click()
    wu.goto("/me/")
    expect(wu.get_by_text("wu.min")).to_be_visible()
    look(wu, "me")


@pytest.mark.row("S2 2.3")
def test_the_lead_sets_up_a_post_and_somebody_stands_in(cast, open_page, look):
    lead = open_page(viewport=DESKTOP)
    enter(lead, "lead")
    lead.goto("/desk/posts/")
    lead.get_by_role("link", name="设岗").first.click()
    lead.get_by_label("岗位名称").fill("第二受理岗")
    lead.get_by_label("看范围内的工单").check()
    look(lead, "post-form")
    lead.get_by_role("button", name="保存岗位").click()
    expect(lead.get_by_text("空缺").first).to_be_visible()
    look(lead, "post-vacant")

    lead.goto("/desk/posts/")
    lead.get_by_role("link", name="第一网格网格员").click()
    lead.locator("summary", has_text="安排代班").click()
    form = lead.locator("form[action$='/substitutions/']")
    form.get_by_label("谁来代班").select_option(label="何（desk）")
    form.get_by_label("到哪天").fill(clock.local(clock.now()).date().isoformat())
    form.get_by_label("原因").fill("年假")
    form.get_by_role("button", name="安排代班").click()
    expect(lead.get_by_text("年假")).to_be_visible()
    look(lead, "post-substitute")
    lead.get_by_role("link", name="结束任期").click()
    look(lead, "term-end")


def test_the_lead_edits_routing_and_tries_it_without_scripts(cast, open_page):
    lead = open_page(viewport=DESKTOP, java_script_enabled=False)
    enter(lead, "lead")
    lead.goto("/desk/posts/routing/")
    lead.get_by_role("link", name="新增规则").click()
    lead.get_by_label("什么类别").select_option(label="环境卫生")
    lead.get_by_label("在哪里").select_option(label="东城社区全部")
    lead.get_by_label("派给谁").select_option(label="网格员")
    lead.get_by_role("button", name="保存规则").click()
    lead.get_by_label("什么类别").select_option(label="环境卫生")
    lead.get_by_label("在哪里").select_option(label="第一网格")
    lead.get_by_role("button", name="试一试").click()
    expect(lead.get_by_text("环境卫生 · 第一网格 → 网格员")).to_be_visible()


def test_the_pages_of_accounts_and_offices_have_no_fault(cast, open_page, look):
    lead = open_page(viewport=DESKTOP)
    enter(lead, "lead")
    for name, path in {
        "accounts": "/desk/people/accounts/",
        "account-new": "/desk/people/accounts/new/",
        "account": f"/desk/people/accounts/{cast.lin.account_id}/",
        "routing": "/desk/posts/routing/",
        "rule-new": "/desk/posts/routing/new/",
        "organisation": f"/desk/posts/organisations/{cast.company.pk}/",
    }.items():
        lead.goto(path)
        look(lead, name)
    for login, path in {
        "security": "/desk/people/security/",
        "auditor": "/desk/audit/",
        "operator": "/desk/operate/",
    }.items():
        page = open_page(viewport=DESKTOP)
        enter(page, login)
        page.goto(path)
        look(page, login)


def test_a_second_step_is_turned_on_with_the_phone_and_used(cast, open_page, look, monkeypatch):
    moment = clock.now()  # a code holds for half a minute, and a slow machine types slowly
    monkeypatch.setattr(clock, "now", lambda: moment)
    lin = open_page()
    enter(lin, "lin")
    lin.goto("/me/totp/")
    look(lin, "totp")
    secret = lin.locator("[name=secret]").input_value()
    lin.get_by_label("验证器里的 6 位数字").fill(pyotp.TOTP(secret).at(moment))
    lin.get_by_role("button", name="打开").click()
    expect(lin.get_by_text("验证码已打开，下次登录会用到")).to_be_visible()
    again = open_page()
    enter(again, "lin")
    look(again, "sign-in-code")
    again.get_by_label("验证器里的 6 位数字").fill(
        pyotp.TOTP(secret).at(moment + timedelta(seconds=30))
    )
    again.get_by_role("button", name="登录").click()
    again.goto("/me/")
    expect(again.get_by_role("heading", name="我的账号")).to_be_visible()


def test_a_resident_signs_in_with_the_phone(cast, open_page, look, settings):
    settings.DEMO = True
    page = open_page()
    page.goto(f"/resident/sign-in/?at=home-{cast.community.code}")
    look(page, "resident-sign-in")
    page.get_by_label("手机号").fill("100 0000 0061")
    page.get_by_role("button", name="获取验证码").click()
    look(page, "resident-code")
    told = page.get_by_text("验证码是").inner_text()
    page.get_by_label("短信里的 6 位数字").fill(told.strip()[-6:])
    page.get_by_role("button", name="登录").click()
    page.goto("/me/")
    expect(page.get_by_role("heading", name="我的账号")).to_be_visible()
    look(page, "resident-me")
