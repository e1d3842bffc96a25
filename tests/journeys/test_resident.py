"""A resident with a phone: scans, says, follows, rates; with and without scripts, in all sizes of letters."""

import io
import re
from types import SimpleNamespace
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import expect

from linli.cases.models import Case, Question
from linli.cases.services import desk, handling, telling
from linli.cases.tests.makers import HOUR, make_case, make_category
from linli.kernel import clock, tenancy
from tests.journeys.acting import until

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

WORDS = "楼道口的垃圾桶满了两天，味道很大。"
# How many drafts and draft's photos the phone holds.
HELD = """new Promise(tell => {
    const asked = indexedDB.open("linli", 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore("photos");
    asked.onsuccess = () => {
        const photos = asked.result.transaction("photos").objectStore("photos").count();
        const drafts = Object.keys(localStorage).filter(key => key.startsWith("linli:draft:")).length;
        photos.onsuccess = () => { asked.result.close(); tell(drafts + photos.result); };
    };
})"""


def picture(name: str = "IMG_0001.jpg", size: tuple[int, int] = (1200, 900)) -> dict[str, Any]:
    buffer = io.BytesIO()
    Image.new("RGB", size, "olive").save(buffer, "JPEG")
    return {"name": name, "mimeType": "image/jpeg", "buffer": buffer.getvalue()}


def press(page: Any, name: str) -> None:
    page.get_by_role("button", name=name).first.click()


def choose(page: Any, name: str) -> None:
    page.get_by_label(name, exact=True).check(force=True)


@pytest.mark.row("S3 3.1")
def test_from_the_code_on_the_door_to_the_receipt(page, world, working):
    page.goto(f"/s/{world.door.code}/")
    page.get_by_role("link", name="上报问题").click()
    expect(page.get_by_text("扫码自动填写")).to_be_visible()
    choose(page, "环境卫生")
    page.get_by_label("看到了什么？").fill(WORDS)
    page.locator("input[type=file]").set_input_files([picture()])
    page.locator(".photos__one img").wait_for()
    page.get_by_label("联系电话").fill("10012345678")
    press(page, "提交给社区")

    page.wait_for_url("**/receipt/")
    case = Case.objects.get()
    expect(page.locator(".receipt__number")).to_have_text(case.number)
    expect(page.locator(".receipt__promise")).to_contain_text("办好")
    expect(page.locator("svg.qr")).to_be_visible()
    assert case.photo_count == 1
    expect(page.get_by_role("button", name="复制链接")).to_be_visible()

    page.get_by_role("link", name="看进度").click()
    expect(page.locator("h1")).to_contain_text("已收到，等社区受理")
    page.goto("/find/")
    page.get_by_label("编号").fill(case.number)
    page.get_by_label("手机尾号").fill("5678")
    press(page, "查进度")
    page.wait_for_url("**/c/**")
    expect(page.get_by_text(case.number)).to_be_visible()


@pytest.mark.row("S3 3.1")
def test_without_scripts_everything_works(open_page, world):
    page = open_page(java_script_enabled=False)
    page.goto("/")
    page.get_by_role("link", name="东城社区").click()
    page.get_by_role("link", name="上报问题").click()
    page.get_by_label("看到了什么？").fill(WORDS)
    press(page, "选地点")
    press(page, "天山花园")
    press(page, "3号楼")
    expect(page.get_by_label("看到了什么？")).to_have_value(WORDS)
    expect(page.get_by_text("天山花园 3号楼")).to_be_visible()
    page.locator("input[type=file]").set_input_files([picture()])
    page.get_by_label("联系电话").fill("12")
    press(page, "提交给社区")
    expect(page.get_by_role("alert")).to_be_visible()
    expect(page.get_by_text("已收下 1 张照片")).to_be_visible()
    choose(page, "环境卫生")
    page.get_by_label("联系电话").fill("10012345678")
    press(page, "提交给社区")
    page.wait_for_url("**/receipt/")
    case = Case.objects.get()
    assert (case.photo_count, case.building_id, case.text) == (1, world.building.pk, WORDS)


def test_the_first_button_is_not_pressed_by_enter(page, world):
    page.goto(f"/s/{world.door.code}/report/")
    choose(page, "环境卫生")
    page.get_by_label("看到了什么？").fill(WORDS)
    page.get_by_label("联系电话").fill("10012345678")
    page.get_by_label("联系电话").press("Enter")
    page.wait_for_url("**/receipt/")


def test_what_a_category_asks_appears_with_its_picture(page, world):
    water = make_category("water", "上下水", danger_text="漏电先拉闸，人不要碰水。")
    Question.objects.create(
        category=water, code="still", text="现在还在冒水吗", kind="yes_no", is_required=True
    )
    page.goto(f"/s/{world.door.code}/report/")
    expect(page.get_by_text("现在还在冒水吗")).not_to_be_visible()
    choose(page, "上下水")
    page.get_by_text("现在还在冒水吗").wait_for()
    expect(page.get_by_role("link", name="119 火警")).to_be_visible()
    choose(page, "环境卫生")
    expect(page.get_by_text("现在还在冒水吗")).not_to_be_visible()
    choose(page, "上下水")
    choose(page, "是")
    page.get_by_label("看到了什么？").fill("厨房地漏往外冒水")
    press(page, "提交给社区")
    page.wait_for_url("**/receipt/")
    assert Case.objects.get().answers == [{"text": "现在还在冒水吗", "answer": "是"}]


@pytest.mark.row("S3 3.1")
def test_a_neighbours_report_is_followed_instead_of_making_another(page, world):
    case = make_case(world, at=clock.now())
    page.goto(f"/s/{world.door.code}/report/")
    choose(page, "环境卫生")
    page.get_by_label("看到了什么？").fill("垃圾桶满了")
    press(page, "提交给社区")
    press(page, "我也遇到了")
    page.get_by_text("记下了，您也遇到了这件事").wait_for()
    case.refresh_from_db()
    assert case.follower_count == 1


def test_a_draft_stays_on_the_phone_until_it_is_sent(page, world):
    url = f"/s/{world.door.code}/report/"
    page.goto(url)
    page.get_by_label("看到了什么？").fill(WORDS)
    page.locator("input[type=file]").set_input_files([picture()])
    page.locator(".photos__one img").wait_for()
    until(page, f"{HELD}.then(count => count === 2)")
    page.goto("/find/")
    page.goto(url)
    page.get_by_text("上次没发出去的内容还在").wait_for()
    expect(page.get_by_label("看到了什么？")).to_have_value(WORDS)
    page.locator(".photos__one img").wait_for()
    choose(page, "环境卫生")
    press(page, "提交给社区")
    page.wait_for_url("**/receipt/")
    until(page, f"{HELD}.then(count => count === 0)")
    page.goto(url)
    expect(page.get_by_label("看到了什么？")).to_have_value("")
    expect(page.locator(".photos__one")).to_have_count(0)
    assert Case.objects.get().photo_count == 1


@pytest.mark.row("S3 3.4")
def test_every_step_in_plain_words_to_the_residents_word(page, world, working):
    now = clock.now()
    case = make_case(world, at=now - 2 * HOUR)
    link = f"/c/{telling.token_of(case)}/"
    page.goto(link)
    page.get_by_text("补充情况或照片").click()
    page.get_by_label("想补充什么").fill("今天更多了")
    press(page, "补充给社区")
    page.get_by_text("已补充，处理的人看得到").wait_for()
    press(page, "催一催")
    page.get_by_text("已帮您催了").wait_for()

    with tenancy.tenant(case.tenant_id):
        desk.assign_case(case_id=case.pk, post_id=world.grid_post.pk, actor=world.desk, now=now)
        handling.take_case(case_id=case.pk, actor=world.lin, now=now)
        page.goto(link)
        expect(page.locator(".hero")).to_contain_text("林岚正在处理")
        handling.resolve_case(case_id=case.pk, text="已清运。", actor=world.lin, now=now)
    page.goto(link)
    press(page, "提交评价")
    expect(page.get_by_role("alert")).to_be_visible()
    choose(page, "没有解决")
    choose(page, "不满意")
    page.get_by_label("想说的话").fill("桶还是满的")
    press(page, "提交评价")
    page.get_by_text("已经交到上一级重办").wait_for()
    case.refresh_from_db()
    assert (case.state, case.handler_post.name) == ("assigned", "社区书记")


def test_withdrawing_asks_first(page, world):
    case = make_case(world, at=clock.now())
    page.goto(f"/c/{telling.token_of(case)}/")
    page.get_by_role("link", name="不用办了，撤回").click()
    press(page, "撤回上报")
    page.get_by_role("heading", name="您已撤回").wait_for()


@pytest.mark.row("S5 5.8")
def test_a_courier_needs_three_taps(open_page, world, live_server):
    make_category("light", "路灯", shown_in_snapshot=True)
    page = open_page(
        permissions=["geolocation"], geolocation={"latitude": 44.1722, "longitude": 87.5594}
    )
    page.goto(f"/at/{world.at}/snap/")
    page.locator("input[type=file]").set_input_files([picture()])
    page.get_by_text("位置已记下").wait_for()
    choose(page, "路灯")
    press(page, "发给社区")
    page.wait_for_url("**/receipt/")
    case = Case.objects.get()
    assert (case.source, round(case.lat, 4)) == ("snapshot", 44.1722)


def test_one_question_per_page_in_large_type(page, world, live_server):
    page.context.add_cookies([{"name": "size", "value": "large", "url": live_server.url}])
    page.goto(f"/s/{world.door.code}/")
    page.get_by_role("link", name="一步一步来上报").click()
    press(page, "下一步")
    choose(page, "环境卫生")
    press(page, "下一步")
    page.get_by_label("看到了什么？").fill(WORDS)
    press(page, "下一步")
    page.locator("input[type=file]").set_input_files([picture()])
    press(page, "下一步")
    page.get_by_text("第 5 步，共 5 步").wait_for()
    press(page, "提交给社区")
    page.wait_for_url("**/receipt/")
    assert Case.objects.get().photo_count == 1


@pytest.mark.parametrize("size", ["standard", "large", "larger"])
def test_nothing_stands_in_anybodys_way(page, world, axe, live_server, size):
    page.context.add_cookies([{"name": "size", "value": size, "url": live_server.url}])
    for url in addresses(world):
        page.goto(url)
        axe(page)
        page.set_viewport_size({"width": 320, "height": 700})
        axe(page)
        page.set_viewport_size({"width": 390, "height": 844})


def addresses(world: SimpleNamespace) -> list[str]:
    now = clock.now()
    fire = make_category("fire", "消防", danger_text="看见明火，先离开并拨打 119。")
    open_one = make_case(world, at=now)
    done = make_case(world, at=now - 3 * HOUR, category_id=fire.pk)
    desk.assign_case(case_id=done.pk, post_id=world.grid_post.pk, actor=world.desk, now=now)
    handling.take_case(case_id=done.pk, actor=world.lin, now=now)
    handling.resolve_case(case_id=done.pk, text="已清运。", actor=world.lin, now=now)
    report = f"/s/{world.door.code}/report/"
    mine = f"/c/{telling.token_of(open_one)}/"
    return [
        "/?choose=1",
        f"/s/{world.door.code}/",
        report,
        f"{report}?step=1",
        f"{report}?place=1",
        f"{report}?category=fire",
        mine,
        f"{mine}receipt/",
        f"{mine}withdrawal/",
        f"/c/{telling.token_of(done)}/",
        "/find/",
        f"/at/{world.at}/snap/",
        "/c/home.nothing/",
    ]


def test_targets_are_large_enough_for_a_thumb(page, world, live_server):
    for size, least in (("standard", 44), ("large", 60)):
        page.context.add_cookies([{"name": "size", "value": size, "url": live_server.url}])
        for url in (f"/s/{world.door.code}/", f"/s/{world.door.code}/report/", "/find/"):
            page.goto(url)
            small = page.evaluate(
                """least => [...document.querySelectorAll("a, button, select, summary, .tile, .photos__add")]
                .filter(one => one.offsetParent && !one.matches(".skip, .vh"))
                .map(one => [one.textContent.trim().slice(0, 12), one.getBoundingClientRect()])
                .filter(([, box]) => box.height < least - .5 || box.width < least - .5)
                .map(([words, box]) => `${words} ${box.width}x${box.height}`)""",
                least,
            )
            assert not small, (url, size, small)


def test_the_receipt_prints_without_buttons(page, world):
    case = make_case(world, at=clock.now())
    page.goto(f"/c/{telling.token_of(case)}/receipt/")
    page.emulate_media(media="print")
    expect(page.locator(".receipt__number")).to_be_visible()
    expect(page.locator("svg.qr")).to_be_visible()
    expect(page.get_by_role("link", name="看进度")).not_to_be_visible()
    size = page.locator(".receipt__number").evaluate("one => getComputedStyle(one).fontSize")
    assert float(re.sub("[^0-9.]", "", size)) >= 36
