"""The board: what was done and what cannot be, looked over by two people, read by everybody."""

import re
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from playwright.sync_api import expect

from linli.cases.tests.makers import DAY, HOUR, make_case
from linli.kernel import clock
from linli.publishing import services
from linli.publishing.tests.makers import make_article, make_declined, make_resolved, with_board
from linli.publishing.tests.makers import release as publish
from tests.journeys.acting import deliver, press, shoot

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

DESKTOP = {"width": 1440, "height": 900}
WALL = {"width": 1920, "height": 1080}
UUID = r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"
SAID = "楼道口的垃圾桶满了两天，我叫李小明，住2单元501室，电话 10012345678。"


@pytest.fixture
def town(world: SimpleNamespace) -> SimpleNamespace:
    """Return the small community with somebody who writes for its board and one who releases."""
    now = clock.now()
    make_resolved(world, with_photos=True, at=now - 4 * HOUR, text=SAID, name="李小明")
    make_declined(world, at=now - DAY, text="想在楼道口装一部电梯。")
    make_case(world, at=now - HOUR, text="路灯不亮。")
    deliver()
    return with_board(world)


@pytest.mark.row("S3 3.5", "S5 5.10", "S5 5.11")
def test_from_what_was_done_to_what_a_passer_by_reads_without_scripts(
    town: SimpleNamespace, as_staff: Callable[..., Any], open_page: Callable[..., Any], look_at: Any
) -> None:
    wen = as_staff(town.wen, viewport=DESKTOP)
    for words in ("楼道口的垃圾桶满了", "电梯"):
        prepare(wen, town, words, look_at)

    fang = as_staff(town.fang, viewport=DESKTOP)
    fang.goto("/desk/")
    fang.get_by_text("篇等着发布到公开栏").click()
    look_at(fang, "board-desk-list")
    for words in ("垃圾桶", "电梯"):
        fang.goto("/desk/publishing/?state=submitted")
        fang.locator(".queue__title", has_text=words).click()
        fang.get_by_role("link", name="看一遍，发布").click()
        look_at(fang, f"board-desk-release-{words}", sizes=words == "垃圾桶")
        press(fang, "发布到公开栏")
        fang.get_by_text("先从头看一遍").first.wait_for()
        fang.get_by_text("我从头看过了").click()
        press(fang, "发布到公开栏")
        fang.get_by_text("已公开，公开栏上马上看得到").wait_for()

    passer_by = open_page(java_script_enabled=False)
    passer_by.goto(f"/at/{town.at}/")
    passer_by.get_by_role("link", name="公开栏").click()
    read_it(passer_by)
    page = open_page()
    page.goto(f"/board/{town.at}/")
    look_at(page, "board-phone")
    wall = open_page(viewport=WALL)
    wall.goto(f"/board/{town.at}/")
    look_at(wall, "board-1920")
    fill(town)
    print_it(wall, look_at)


def prepare(wen: Any, town: SimpleNamespace, words: str, look_at: Any) -> None:
    """Pick a case, look at its words, hand it in."""
    wen.goto("/desk/publishing/cases/")
    look_at(wen, "board-desk-cases")
    wen.locator("tr", has_text=words).get_by_role("button", name="准备公开").click()
    look_at(wen, f"board-desk-edit-{words[:2]}")
    assert "李小明" not in wen.content()
    press(wen, "保存草稿")
    look_at(wen, f"board-desk-article-{words[:2]}")
    press(wen, "送去发布")
    wen.get_by_text("等人发布").first.wait_for()


def read_it(page: Any) -> None:
    """Read the numbers, what was done, what cannot be done: without a name anywhere."""
    body = page.locator("main")
    for words in ("收到", "响应率", "办之前", "办好后", "还可以", "再看"):
        expect(body).to_contain_text(words)
    expect(body).to_contain_text(
        re.compile(r"只有 \d+ 个，一个就能让它变 \d+ 个百分点"), use_inner_text=True
    )
    shown = re.sub(UUID, "", page.content())  # by chance they have any number in them
    for secret in ("李小明", "10012345678", "501", "林岚", "温如", "方正"):
        assert secret not in shown
    page.get_by_role("link", name="上一周").click()
    expect(page.get_by_role("link", name="下一周")).to_be_visible()
    page.get_by_role("link", name="按月").click()
    expect(page.locator("main")).to_contain_text("（本月，到今天）")


def fill(town: SimpleNamespace) -> None:
    """Put more on the board than one sheet holds."""
    now = clock.now()
    for number in range(4):
        done = make_resolved(town, at=now - 3 * HOUR, text=f"第{number}处" + "很长的话" * 40)
        not_done = make_declined(town, at=now - 3 * HOUR, text=f"第{number}件" + "办不了" * 40)
        for case in (done, not_done):
            publish(town, services.prepare_case(case_id=case.pk, actor=town.wen, now=now), now=now)
        publish(town, make_article(town, "notice", title="停水" * 30, text="说明" * 90), now=now)


def print_it(page: Any, look_at: Any) -> None:
    """Print the sheet: one page of A4, in every size of letters."""
    page.get_by_role("link", name="打印成一张 A4").click()
    look_at(page, "board-sheet")
    for size in ("standard", "larger"):
        page.context.add_cookies([{"name": "size", "value": size, "url": page.url}])
        page.reload()
        paper = page.pdf(format="A4", prefer_css_page_size=True)
        assert len(re.findall(rb"/Type\s*/Page\b", paper)) == 1, size


@pytest.mark.row("S4 4.7")
def test_a_guide_says_what_to_bring_and_changes_only_when_released(
    town: SimpleNamespace, as_staff: Callable[..., Any], page: Any, look_at: Any
) -> None:
    wen, fang = as_staff(town.wen, viewport=DESKTOP), as_staff(town.fang, viewport=DESKTOP)
    wen.goto("/desk/publishing/new/guide/")
    look_at(wen, "board-desk-new")
    wen.get_by_label("标题").fill("高龄津贴怎么申请")
    wen.get_by_label("正文").fill("## 带什么\n- [ ] 身份证\n- [ ] 户口本\n## 去哪里\n社区服务大厅")
    press(wen, "保存草稿")
    press(wen, "送去发布")
    home = "/" + wen.url.split("/", 3)[3].partition("?")[0]
    release(fang, home)

    page.goto(f"/board/{town.at}/")
    page.get_by_role("link", name="高龄津贴怎么申请").click()
    expect(page.locator(".text__list--checks li")).to_have_text(["身份证", "户口本"])
    look_at(page, "board-guide")

    wen.goto(f"{home}edit/")
    wen.get_by_label("正文").fill("## 带什么\n- [ ] 身份证")
    press(wen, "保存草稿")
    page.reload()
    expect(page.locator(".text__list--checks li")).to_have_count(2)
    press(wen, "送去发布")
    release(fang, home)
    page.reload()
    expect(page.locator(".text__list--checks li")).to_have_count(1)
    expect(page.get_by_text("第 2 版")).to_be_visible()
    fang.get_by_text("第 2 版").first.click()
    look_at(fang, "board-desk-revision")
    expect(fang.locator("del", has_text="户口本")).to_be_visible()
    shoot(page, "board-guide-second")


def release(fang: Any, home: str) -> None:
    fang.goto(f"{home}release/")
    fang.get_by_text("我从头看过了").click()
    press(fang, "发布到公开栏")
    fang.get_by_text("已公开，公开栏上马上看得到").wait_for()
