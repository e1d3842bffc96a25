"""A city's hotline is connected: its report reaches the grid, and every step finds its way back."""

from datetime import timedelta
from typing import Any

import pytest
import requests
from playwright.sync_api import expect

from linli.cases.models import Case
from linli.cases.tests.makers import make_category
from linli.cases.tests.residents import photo
from linli.kernel import clock
from linli.people.tests.makers import PASSWORD
from linli.posts import selectors as posts
from linli.posts.tests.makers import make_rule
from tests.journeys.acting import PATIENCE, deliver, open_act, press, shoot

pytestmark = [pytest.mark.journey]
DESKTOP = {"width": 1440, "height": 900}
WISHES = ("cases.view", "cases.enter")


@pytest.fixture
def cast(live_server: Any, cast: Any) -> Any:
    """Return the named world, served; rubbish goes to the grid worker."""
    make_category(dispatch_mode="assign")
    make_rule(cast.community, category_code="rubbish", role="grid_worker")
    posts.forget()
    return cast


def enter(page: Any, login: str, door: str) -> None:
    page.goto("/sign-in/")
    page.get_by_label("登录名").fill(login)
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    page.wait_for_url(f"**/{door}/**")


def make_key(desk: Any, cast: Any) -> str:
    """Let the lead open a key on the page made for it, and copy it."""
    desk.goto("/desk/clients/new/")
    desk.get_by_label("给哪个系统").fill("12345 热线平台")
    desk.get_by_label(cast.community.name).check()
    for duty in WISHES:
        desk.locator(f'input[name="duties"][value="{duty}"]').check()
    end = clock.local(clock.now()) + timedelta(days=100)
    desk.get_by_label("用到哪天").fill(f"{end:%Y-%m-%d}")
    press(desk, "开这把钥匙")
    shoot(desk, "key-made")
    return str(desk.locator(".key").inner_text())


class Hotline:
    """The city's system, which knows the standard and a key."""

    def __init__(self, url: str, key: str) -> None:
        self.url, self.headers = f"{url}/open311/v2", {"Authorization": f"Bearer {key}"}

    def ask(self, what: str, **asked: str) -> Any:
        answer = requests.get(
            f"{self.url}/{what}.json", params=asked, headers=self.headers, timeout=PATIENCE / 1000
        )
        assert answer.status_code == 200, answer.text
        return answer.json()

    def say(self, what: str, values: dict[str, str], **files: Any) -> Any:
        answer = requests.post(
            f"{self.url}/{what}.json",
            data=values,
            files=files or None,
            headers=self.headers,
            timeout=PATIENCE / 1000,
        )
        assert answer.status_code == 200, answer.text
        return answer.json()[0]


@pytest.mark.row("S5 5.9")
def test_a_report_of_the_citys_hotline_reaches_the_grid_and_comes_back_done(
    cast, open_page, live_server
):
    desk = open_page(viewport=DESKTOP)
    enter(desk, "lead", "desk")
    hotline = Hotline(live_server.url, make_key(desk, cast))

    (service,) = hotline.ask("services")
    said = hotline.say(
        "requests",
        {
            "service_code": service["service_code"], "address_id": cast.code.code,
            "description": "市民来电：三单元门口垃圾没人清。", "last_name": "梅", "phone": "10000000001",
        },
        media=("bin.jpg", photo().read(), "image/jpeg"),
    )  # fmt: skip
    number = said["service_request_id"]
    deliver()

    lin = open_page()
    enter(lin, "lin", "field")
    lin.goto(f"/field/cases/{Case.objects.get(number=number).pk}/")
    expect(lin.locator("main")).to_contain_text("市民来电")
    press(lin, "接单")
    form = open_act(lin, "办结")
    form.locator('textarea[name="text"]').fill("清走了，加派一次清运。")
    form.locator('button:not([type="button"])').first.click()
    expect(lin.get_by_text("等居民评价").first).to_be_visible()
    deliver()

    (shown,) = hotline.ask(f"requests/{number}")
    assert (shown["status"], shown["status_notes"]) == ("closed", "待评价")
    words = [
        one["description"]
        for one in hotline.ask("servicerequestupdates", service_request_id=number)
    ]
    assert words[-1] == "清走了，加派一次清运。"

    hotline.say("servicerequestupdates", {
        "service_request_id": number, "update_id": "r1", "status": "fixed", "satisfaction": "3",
        "description": "市民回访：满意。",
    })  # fmt: skip
    desk.goto(f"/desk/cases/{Case.objects.get(number=number).pk}/")
    expect(desk.locator("main")).to_contain_text("市民回访：满意。")
    assert Case.objects.get(number=number).state == "closed"
    desk.goto("/desk/clients/")
    expect(desk.locator("table")).to_contain_text("12345 热线平台")
    shoot(desk, "keys")
