"""A property company's own system: told of a case by webhook, it takes and resolves it over the API."""

import json
from typing import Any

import pytest
import requests
from playwright.sync_api import expect
from standardwebhooks import Webhook

from linli.cases.models import Case
from linli.cases.tests.makers import make_category
from linli.clients.tests.receiver import Receiver, serve
from linli.kernel import clock
from linli.posts import selectors as posts
from linli.posts.tests.makers import make_rule
from tests.journeys.acting import PATIENCE, deliver, press, shoot
from tests.journeys.test_city_system import DESKTOP, enter

pytestmark = [pytest.mark.journey]


@pytest.fixture
def cast(live_server: Any, cast: Any) -> Any:
    """Return the named world, served; rubbish goes to the property company."""
    make_category(dispatch_mode="assign")
    make_rule(cast.community, category_code="rubbish", organisation=cast.company)
    posts.forget()
    return cast


@pytest.fixture
def receiver(settings: Any) -> Any:
    settings.ROBOT_HOSTS = frozenset({"127.0.0.1"})
    with serve(Receiver()) as other:
        yield other


def make_company_key(desk: Any, cast: Any) -> str:
    desk.goto("/desk/clients/new/")
    desk.get_by_label("给哪个系统").fill("物业报修系统")
    desk.get_by_label(cast.community.name).check()
    desk.get_by_label("只看派给一个单位的").select_option(label=cast.company.name)
    for duty in ("cases.view", "cases.handle"):
        desk.locator(f'input[name="duties"][value="{duty}"]').check()
    press(desk, "开这把钥匙")
    return str(desk.locator(".key").inner_text())


def make_hook(desk: Any, receiver: Receiver) -> str:
    """Let the lead add the company's address, and copy the secret."""
    desk.goto("/desk/clients/webhooks/new/")
    desk.get_by_label("通知哪个系统").fill("物业报修系统")
    desk.get_by_label("对方的地址").fill(receiver.url)
    for topic in ("cases.case.assigned", "cases.case.closed"):
        desk.locator(f'input[name="topics"][value="{topic}"]').check()
    press(desk, "保存")
    return str(desk.locator(".key").inner_text())


@pytest.mark.row("S1 1.9")
def test_a_company_hears_of_a_case_and_resolves_it_from_its_own_system(
    cast, open_page, live_server, receiver
):
    desk = open_page(viewport=DESKTOP)
    enter(desk, "lead", "desk")
    headers = {"Authorization": f"Bearer {make_company_key(desk, cast)}"}
    secret = make_hook(desk, receiver)
    desk.get_by_role("link", name="记好了，去试一下").click()
    press(desk, "试发一条")
    expect(desk.get_by_text("试发的消息已经出发")).to_be_visible()
    deliver()
    desk.reload()
    expect(desk.locator("main")).to_contain_text("已送达")
    shoot(desk, "webhook-log")

    mei = open_page()
    mei.goto(f"/s/{cast.code.code}/report/?category=rubbish")
    mei.locator('textarea[name="text"]').fill("垃圾桶满了两天。")
    mei.locator('button[name="go"][value="send"], button.btn--primary').last.click()
    mei.wait_for_url("**/receipt/")
    deliver()
    deliver(clock.now())

    case = Case.objects.get()
    told = [Webhook(secret).verify(body, headers_) for headers_, body in receiver.taken]
    assert [one["type"] for one in told] == ["clients.webhook.tried", "cases.case.assigned"]
    assert told[-1]["data"]["id"] == str(case.pk)
    assert "垃圾桶" not in json.dumps(told, ensure_ascii=False)

    api = f"{live_server.url}/api/v1/cases/{case.pk}"
    whole = requests.get(api, headers=headers, timeout=PATIENCE / 1000).json()
    assert whole["text"] == "垃圾桶满了两天。"
    for step, body in (("taking", {}), ("resolution", {"text": "已清运。"})):
        answer = requests.post(f"{api}/{step}", json=body, headers=headers, timeout=PATIENCE / 1000)
        assert answer.status_code == 200, answer.text
    desk.goto(f"/desk/cases/{case.pk}/")
    expect(desk.locator("main")).to_contain_text("已清运。")
    expect(desk.locator("main")).to_contain_text("物业报修系统")
