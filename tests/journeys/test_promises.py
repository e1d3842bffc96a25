"""What was promised is kept: mended the same day, mediated in confidence, classified and counted."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from playwright.sync_api import expect

from linli.cases.models import Case, PhotoStage
from linli.cases.services import telling
from linli.cases.tests.makers import (
    make_case,
    make_category,
    make_level,
    make_post,
    make_staff,
)
from linli.kernel import calendar, clock, worktime
from linli.messages.models import Delivery, Notice
from linli.posts.tests import makers as posts_makers
from tests.journeys.acting import deliver, open_act, picture, press

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

DESKTOP = {"width": 1440, "height": 900}
TUESDAY = datetime(2026, 3, 3, 1, 40, tzinfo=UTC)  # 09:40 in Beijing
FRIDAY_EVENING = datetime(2026, 3, 6, 10, 30, tzinfo=UTC)  # 18:30, work is over
PIPE = "三楼楼道水管漏水，一直在滴。"
QUARREL = "隔壁半夜打麻将，劝了几次，他动手推了我母亲。"


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> Callable[[datetime], None]:
    """Return what sets the product's one clock, so that a story has its day on any day."""

    def set_to(moment: datetime) -> None:
        monkeypatch.setattr(clock, "now", lambda: moment)

    return set_to


@pytest.fixture
def repairs(world: SimpleNamespace) -> Any:
    """Return a category that is promised for the same day and shown done with a photo."""
    level = make_level(
        "same_day",
        name="当天办结",
        respond_amount=1,
        respond_unit="work_hour",
        resolve_amount=1,
        resolve_unit="same_day",
    )
    return make_category("repairs", "小修小补", service_level=level, needs_result_photo=True)


def report(
    page: Any, world: SimpleNamespace, category: str, words: str, *, beside: bool = False
) -> Case:
    """Say something at the door as a resident does, up to the receipt.

    beside: neighbours' reports of the category are shown first, and it is none of them.
    """
    page.goto(f"/s/{world.door.code}/report/")
    page.get_by_label(category, exact=True).check(force=True)
    page.get_by_label("看到了什么？").fill(words)
    page.get_by_label("联系电话").fill("10012345678")
    press(page, "提交给社区")
    if beside:
        press(page, "不是同一件，继续上报")
    page.wait_for_url("**/receipt/")
    deliver()
    return Case.objects.latest("id")


def same_day_promise(reported_at: datetime) -> worktime.Promise:
    limit = worktime.Limit(1, worktime.Unit.SAME_DAY)
    return worktime.explain(reported_at, limit, calendar.load())


def has_titles(page: Any, expected: set[str]) -> None:
    expect(page.locator(".queue__title")).to_have_count(len(expected))
    for title in expected:
        expect(page.locator(".queue__title", has_text=title)).to_have_count(1)


def has_counts(page: Any, **expected: int) -> None:
    for tab, count in expected.items():
        expect(page.locator(f".tabs a[href*='tab={tab}'] small")).to_have_text(str(count))


@pytest.mark.row("S1 1.11")
@pytest.mark.usefixtures("repairs")
def test_reported_in_the_morning_mended_by_the_property_company_the_same_day(
    world, at, page, as_staff, look_at
):
    at(TUESDAY)
    case = report(page, world, "小修小补", PIPE)
    promise = same_day_promise(TUESDAY)
    closing = datetime(2026, 3, 3, 18, tzinfo=clock.BEIJING)
    assert (case.resolve_due_at, promise.due_at) == (closing, closing)
    expect(page.locator(".receipt__promise")).to_contain_text(f"{promise.text}办好")
    page.locator("summary", has_text="为什么是这个时间").click()
    expect(page.get_by_text("当天的事当天办")).to_be_visible()

    at(TUESDAY + timedelta(minutes=15))
    clerk = as_staff(world.desk, viewport=DESKTOP)
    clerk.goto("/desk/cases/?due=today")
    clerk.get_by_role("link", name=case.title).click()
    form = open_act(clerk, "派单")
    form.get_by_label("派给").select_option(value=f"organisation:{world.property_company.pk}")
    form.get_by_role("button", name="派单").click()
    expect(clerk.get_by_text("已派单。")).to_be_visible()
    deliver()

    at(TUESDAY + timedelta(minutes=40))
    manager = as_staff(world.manager)
    manager.goto("/field/")
    expect(manager.get_by_role("heading", name="待接单 1 件")).to_be_visible()
    press(manager, f"接单 {case.title}")
    manager.goto(f"/field/cases/{case.pk}/")
    expect(manager.locator(".promise")).to_contain_text("今天 18:00")
    page.goto(f"/c/{telling.token_of(case)}/")
    expect(page.locator(".hero")).to_contain_text("石磊正在处理，预计今天 18:00 前完成")

    # The session of the morning ended with lunch.
    at(TUESDAY + timedelta(hours=5))
    manager = as_staff(world.manager)
    manager.goto(f"/field/cases/{case.pk}/")
    form = open_act(manager, "办结")
    form.get_by_label("办理结果").fill("接头已换，不漏了。")
    form.get_by_role("button", name="办结").click()
    expect(manager.get_by_role("alert")).to_be_visible()
    form = manager.locator("#act-resolve form").first
    form.locator("input[name=after]").set_input_files([picture("olive")])
    form.locator(".photos__one img").first.wait_for()
    form.get_by_role("button", name="办结").click()
    expect(manager.get_by_text("等居民评价").first).to_be_visible()
    deliver()

    page.goto(f"/c/{telling.token_of(case)}/")
    expect(page.locator(".hero")).to_contain_text("已办好")
    expect(page.locator(".timeline")).to_contain_text("接头已换，不漏了。")
    expect(page.locator(".timeline")).to_contain_text("今天 14:40")
    expect(page.locator(".timeline img")).to_have_count(1)
    look_at(page, "promise-same-day")
    case.refresh_from_db()
    assert list(case.photos.values_list("stage", flat=True)) == [PhotoStage.AFTER]
    assert case.resolved_at < case.resolve_due_at
    assert (case.lateness, case.handler_organisation) == (0, world.property_company)


@pytest.mark.row("S1 1.11")
@pytest.mark.usefixtures("repairs")
def test_reported_after_work_the_receipt_says_which_day_counts_and_why(world, at, page):
    at(FRIDAY_EVENING)
    case = report(page, world, "小修小补", PIPE)

    promise = same_day_promise(FRIDAY_EVENING)
    assert case.resolve_due_at == datetime(2026, 3, 9, 18, tzinfo=clock.BEIJING) == promise.due_at
    expect(page.locator(".receipt__promise")).to_contain_text(f"{promise.text}办好")
    page.locator("summary", has_text="为什么是这个时间").click()
    expect(page.get_by_text("18:30 已经下班，顺延到下一个工作日")).to_be_visible()


@pytest.fixture
def mediator(world: SimpleNamespace) -> Any:
    """Return who mediates: quarrels come to this post at once, and to nobody else."""
    make_category("mediation", "邻里调解", is_confidential=True, dispatch_mode="assign")
    duties = ("cases.confidential", "cases.handle")
    post = make_post("mediator", world.community, duties, name="人民调解员")
    posts_makers.make_rule(world.community, category_code="mediation", post=post)
    return make_staff("田禾", post)


@pytest.mark.row("S2 2.5")
def test_a_quarrel_is_mediated_and_recorded_and_nobody_else_finds_it(
    world, mediator, page, as_staff, look_at
):
    open_one = make_case(world, at=clock.now(), text="隔壁单元门口的垃圾桶满了。")
    case = report(page, world, "邻里调解", QUARREL)

    clerk = as_staff(world.desk, viewport=DESKTOP)
    for asked in ("", "?tab=all", "?q=隔壁", f"?tab=all&q={open_one.number}"):
        clerk.goto(f"/desk/cases/{asked}")
        has_titles(clerk, {open_one.title})
    has_counts(clerk, all=1)
    for asked in ("tab=assigned", "tab=all&q=麻将", f"tab=all&q={case.number}"):
        clerk.goto(f"/desk/cases/?{asked}")
        has_titles(clerk, set())
    assert clerk.goto(f"/desk/cases/{case.pk}/").status == 404
    assert clerk.goto(f"/field/cases/{case.pk}/").status == 404
    assert clerk.goto(f"/desk/cases/{open_one.pk}/").status == 200
    assert case.number not in clerk.content()

    tian = as_staff(mediator)
    tian.goto("/field/notices/")
    expect(tian.locator(".lines a")).to_have_count(2)
    assert "麻将" not in tian.content()
    tian.locator(".lines a").first.click()
    tian.wait_for_url(f"**/field/cases/{case.pk}/")
    tian.goto("/field/cases/?q=麻将")
    tian.get_by_role("link", name=case.title).click()
    expect(tian.get_by_text(QUARREL).first).to_be_visible()
    press(tian, "接单")
    form = open_act(tian, "记录处理情况")
    form.get_by_label("处理情况").fill("两家都来了，当面说开了。")
    form.get_by_role("button", name="记录处理情况").click()
    expect(tian.get_by_text("已记录")).to_be_visible()
    form = open_act(tian, "办结")
    form.get_by_label("办理结果").fill("签了和解书，晚上十点后不再打牌。")
    form.get_by_role("button", name="办结").click()
    expect(tian.get_by_text("等居民评价").first).to_be_visible()
    look_at(tian, "promise-mediated")
    deliver()

    page.goto(f"/c/{telling.token_of(case)}/")
    expect(page.locator(".timeline")).to_contain_text("当面说开了")
    expect(page.locator(".timeline")).to_contain_text("签了和解书")
    said = str(
        [*Notice.objects.values_list("title", "body"), *Delivery.objects.values_list("text")]
    )
    for words in ("麻将", "母亲", "说开", "和解书", "打牌"):
        assert words not in said
    of_it = Notice.objects.filter(subject_id=case.pk).exclude(account_id=None)
    assert {one.account_id for one in of_it} == {mediator.account_id}
    assert clerk.goto(f"/desk/cases/{case.pk}/").status == 404


@pytest.mark.row("S3 3.2")
def test_a_wrong_category_is_put_right_and_the_queue_counts_it_where_it_belongs(
    world, page, as_staff, look_at
):
    level = make_level("one_day", name="一个工作日", resolve_amount=1)
    water = make_category("water", "上下水", service_level=level)
    others = {
        make_case(world, at=clock.now(), text=text).title
        for text in ("花坛边有碎玻璃。", "单元门口堆了纸箱。")
    }
    case = report(page, world, "环境卫生", PIPE, beside=True)

    clerk = as_staff(world.desk, viewport=DESKTOP)
    clerk.goto("/desk/cases/")
    clerk.get_by_label("类别", exact=True).select_option(label="上下水")
    clerk.get_by_role("button", name="筛选", exact=True).click()
    has_titles(clerk, set())
    clerk.goto("/desk/cases/")
    has_titles(clerk, {case.title} | others)
    has_counts(clerk, open=3, reported=3, assigned=0)

    clerk.get_by_role("link", name=case.title).click()
    clerk.locator("summary", has_text="更多").click()
    clerk.get_by_role("link", name="更正类别、地点").click()
    form = clerk.locator("#act-correct form")
    form.get_by_label("类别", exact=True).select_option(label="上下水")
    look_at(clerk, "promise-correct")
    form.get_by_role("button", name="更正类别、地点").click()
    expect(clerk.get_by_text("已更正。")).to_be_visible()
    form = open_act(clerk, "派单")
    form.get_by_label("派给").select_option(label="第一网格网格员（林岚）")
    form.get_by_role("button", name="派单").click()
    expect(clerk.get_by_text("已派单。")).to_be_visible()
    deliver()

    for category, expected in (("上下水", {case.title}), ("环境卫生", others)):
        clerk.goto("/desk/cases/")
        clerk.get_by_label("类别", exact=True).select_option(label=category)
        clerk.get_by_role("button", name="筛选", exact=True).click()
        has_titles(clerk, expected)
    has_counts(clerk, open=3, reported=2, assigned=1)
    clerk.goto("/desk/cases/?tab=assigned")
    has_titles(clerk, {case.title})

    due_before = case.resolve_due_at
    case.refresh_from_db()
    assert case.category_id == water.pk
    assert case.resolve_due_at < due_before
    page.goto(f"/c/{telling.token_of(case)}/")
    expect(page.locator(".facts").get_by_text("上下水", exact=True)).to_be_visible()
