"""A post changes hands, a station is staffed, duties are read and allowances settled."""

from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from playwright.sync_api import expect

from linli.kernel import clock
from linli.people.services import consents, looking
from linli.people.tests.makers import PASSWORD, make_account, make_home, register, sign_in
from linli.posts import services
from linli.posts.models import Post
from linli.posts.tests.makers import make_post, post_of
from tests.cast import MEIS_PHONE
from tests.journeys.acting import press, shoot

pytestmark = [pytest.mark.journey]

DESKTOP = {"width": 1440, "height": 900}


@pytest.fixture
def cast(live_server: Any, cast: Any) -> Any:
    """Return the named world, served, with a colleague for Lin."""
    wu = make_account("吴敏", login="wu", area_path=cast.community.path)
    make_post(cast.office, "grid_worker", holder=wu, name="第二网格网格员")
    return cast


def enter(page: Any, login: str) -> Any:
    page.goto("/sign-in/")
    page.get_by_label("登录名").fill(login)
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    return page


@pytest.mark.row("S2 2.3")
def test_a_post_changes_hands_and_nothing_is_orphaned(cast, open_page):
    now = clock.now()
    for kind, name in (("key", "水表间钥匙"), ("agreement", "和物业的巡查约定")):
        services.keep_belonging(
            post_id=post_of("lin").pk, kind=kind, name=name, actor=cast.lin, now=now
        )
    lead = enter(open_page(viewport=DESKTOP), "lead")
    lead.goto(f"/desk/posts/{post_of('lin').pk}/")
    lead.get_by_role("link", name="结束任期").click()
    lead.get_by_label("最后一天").fill((clock.local(now) + timedelta(days=3)).date().isoformat())
    lead.get_by_label("谁来接任").select_option(label="吴敏（wu）")
    press(lead, "结束任期")
    expect(lead.get_by_text("还有 2 项没有接")).to_be_visible()
    shoot(lead, "handover-desk")

    lin = enter(open_page(), "lin")
    lin.goto("/field/handovers/")
    lin.get_by_role("link", name="第一网格网格员").click()
    lin.locator("li", has_text="水表间钥匙").get_by_placeholder("交代一句").fill("在值班室抽屉里")
    shoot(lin, "handover-outgoing")
    press(lin, "签字交出")

    wu = enter(open_page(), "wu")
    wu.goto("/field/handovers/")
    wu.get_by_role("link", name="第一网格网格员").click()
    expect(wu.get_by_text("在值班室抽屉里")).to_be_visible()
    line = wu.locator("li", has_text="巡查约定")
    line.get_by_label("有出入").check()
    line.get_by_placeholder("有出入的写一句").fill("约定上个月到期了")
    shoot(wu, "handover-incoming")
    press(wu, "签字接收")
    expect(wu.get_by_text("还有 1 项没有接")).to_be_visible()

    lead.reload()
    lead.locator("li", has_text="巡查约定").get_by_label("由负责人接管").check()
    lead.get_by_label("由负责人接管勾选的").fill("我去和物业续签")
    press(lead, "接管勾选的")
    expect(lead.get_by_text("已交接").first).to_be_visible()
    lead.get_by_role("link", name="打印交接单").click()
    expect(lead.get_by_role("heading", name="第一网格网格员交接单")).to_be_visible()
    expect(lead.get_by_text("负责人接管").first).to_be_visible()


@pytest.mark.row("S1 1.2")
@pytest.mark.row("S2 2.2")
def test_a_station_is_staffed_and_two_change_turns(cast, open_page):
    lead = enter(open_page(viewport=DESKTOP), "lead")
    lead.goto("/desk/posts/stations/new/")
    lead.get_by_label("站点名称").fill("利源服务站")
    lead.get_by_label("地址").fill("利源小区 1 号")
    lead.get_by_label("配什么人").fill("社区工作者 2\n专职网格员 1\n支部成员 3")
    lead.get_by_label("开放时间").fill("每日 00:00-23:59 1 人")
    lead.get_by_label("节假日也开").check()
    press(lead, "保存站点")
    for who in ("林（lin）", "吴敏（wu）"):
        form = lead.locator("form[action$='/members/']")
        if not form.is_visible():
            lead.locator("summary", has_text="加一个人").click()
        form.get_by_label("谁", exact=True).select_option(label=who)
        form.get_by_role("button", name="加进站点").click()
    lead.locator("summary", has_text="轮流排班").click()
    press(lead, "排班")
    expect(lead.locator(".due--late")).to_have_count(0)
    shoot(lead, "station-week")

    visitor = open_page()
    visitor.goto(f"/at/{cast.home.code}-{cast.community.code}/")
    expect(visitor.get_by_text("谁在值班")).to_be_visible()
    shoot(visitor, "station-resident")

    lin = enter(open_page(), "lin")
    lin.goto("/field/turns/")
    shoot(lin, "turns")
    lin.get_by_role("link", name="换班").first.click()
    lin.get_by_label("请谁来值").select_option(index=1)
    press(lin, "问一下")
    expect(lin.get_by_text("等吴敏答应换班")).to_be_visible()

    wu = enter(open_page(), "wu")
    wu.goto("/field/turns/")
    expect(wu.get_by_text("林想和您换班")).to_be_visible()
    press(wu, "答应")
    expect(wu.get_by_text("林想和您换班")).to_have_count(0)

    lead.get_by_role("link", name="打印本月").click()
    expect(lead.get_by_role("heading", name="值班表")).to_be_visible()


@pytest.mark.row("S2 2.3")
@pytest.mark.row("S4 4.10")
def test_duties_are_read_and_a_month_is_settled(cast, open_page):
    post = post_of("lin")
    Post.objects.filter(pk=post.pk).update(written_duties="每天走一遍楼道\n有事两小时内回话")
    lin = enter(open_page(), "lin")
    lin.goto(f"/field/posts/{post.pk}/duties/")
    shoot(lin, "duties")
    press(lin, "看过了，就按这个做")
    expect(lin.get_by_text("您已经看过这一版")).to_be_visible()

    lead = enter(open_page(viewport=DESKTOP), "lead")
    lead.goto(f"/desk/posts/{post.pk}/")
    lead.get_by_role("link", name="上墙职责和签收").click()
    expect(lead.get_by_text("已读")).to_be_visible()
    lead.goto("/desk/posts/allowances/")
    lead.get_by_label("每月多少元").fill("800")
    lead.get_by_label("从哪天起").fill("2020-01-01")
    press(lead, "定下")
    press(lead, "月结")
    expect(lead.get_by_text("月结", exact=False).first).to_be_visible()
    expect(lead.get_by_text("800 元").first).to_be_visible()
    shoot(lead, "allowance")


def test_somebody_reads_who_looked_and_takes_a_consent_back(cast, open_page, live_server):
    now = clock.now()
    mei = register(make_home(cast.entrance).id, actor=cast.lead, phone=MEIS_PHONE)
    consents.link_account(
        person_id=mei.pk, account_id=cast.mei.account_id, actor=cast.lead, now=now
    )
    looking.reveal_person(person_id=mei.pk, purpose="visit", actor=cast.lead, now=now)
    page = open_page()
    session = sign_in(cast.mei.account_id, cast.mei.tenant_id).cookies[settings.SESSION_COOKIE_NAME]
    page.context.add_cookies(
        [{"name": session.key, "value": session.value, "url": live_server.url}]
    )
    page.goto("/me/privacy/")
    expect(page.get_by_text("约时间上门")).to_be_visible()
    shoot(page, "privacy")
    care = page.locator("#consent-care")
    care.get_by_role("button", name="同意").click()
    expect(page.get_by_text("已记下您的同意")).to_be_visible()
    care.locator("summary").click()
    care.get_by_role("button", name="撤回").click()
    expect(page.get_by_text("已撤回")).to_be_visible()
    page.get_by_role("link", name="看全部资料").click()
    expect(page.get_by_role("heading", name="登记资料")).to_be_visible()
    shoot(page, "own-data")
