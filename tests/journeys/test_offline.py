"""The network goes and comes: in a real browser nothing is lost, nothing is doubled, nothing stays behind."""

import io
import re
from datetime import timedelta

import pytest
from playwright.sync_api import Error, expect

from linli.care.models import Visit
from linli.care.tests import makers as care
from linli.cases.models import Case, Entry, Photo
from linli.cases.services import handling
from linli.field.models import Device, Submission
from linli.kernel import clock, pictures
from linli.posts import selectors as posts
from linli.posts.models import Holding, PostDuty
from linli.posts.selectors import forget
from tests.journeys.acting import cut_off, picture, until, wait_for
from tests.journeys.offline import heard, in_hand, write

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

# One more record of a case, as the form writes it.
ANOTHER = """subject => linliOutbox.add({id: crypto.randomUUID(), kind: "cases.progress", title: "路灯",
    subject_id: subject, base_version: "", answers: {step: "progress", text: "又看了一次。"}, told: [],
    made_at: new Date().toISOString()}, "/field/", "draft:x")"""
# The phone has no room for photos any more.
FULL = """() => { IDBObjectStore.prototype.put = new Proxy(IDBObjectStore.prototype.put, {
    apply(put, store, given) {
        if (store.name === "photos") throw new DOMException("full", "QuotaExceededError");
        return Reflect.apply(put, store, given);
    }}); }"""


@pytest.mark.row("S4 4.8")
@pytest.mark.row("S2 2.10")
def test_three_records_with_photos_wait_for_the_network_and_come_once(world, on_the_round):
    cases = [in_hand(world, f"第 {number} 处垃圾没有清。") for number in (1, 2, 3)]
    seen = pictures.clean(io.BytesIO(picture("green")["buffer"]))
    facts = {"case_id": cases[0].pk, "actor": world.lin, "now": clock.now()}
    handling.add_progress(text="去看过。", before=[seen], **facts)
    lin = on_the_round(world.lin)
    until(lin, "linliStore.photosOf('day').then(all => all.length)")
    cut_off(lin)
    lin.goto(f"/field/cases/{cases[0].pk}/")
    expect(lin.locator("[data-kept] img")).to_have_js_property("naturalWidth", 400)
    lin.goto("/field/")
    expect(lin.get_by_role("heading", name="今天 3 件")).to_be_visible()
    for number, case in enumerate(cases, 1):
        write(lin, f"/field/cases/{case.pk}/", f"清了第 {number} 处。", photo="teal")
        expect(lin.locator("#outbox")).to_contain_text(f"{number} 条记录等待发送")
    expect(lin.get_by_text("已填好，等待发送")).to_have_count(3)
    assert not Submission.objects.exists()
    lin.context.set_offline(False)
    heard(lin, "都发完了，3 条")
    assert Submission.objects.filter(state="taken").count() == 3
    assert Photo.objects.filter(stage="after").count() == 3
    told = Entry.objects.filter(text__startswith="清了第").order_by("created_at", "id")
    assert [one.text[:5] for one in told] == ["清了第 1", "清了第 2", "清了第 3"]


@pytest.mark.row("S4 4.8")
def test_signing_out_leaves_nothing_and_loses_nothing(world, on_the_round):
    case = in_hand(world, "路灯不亮。")
    lin = on_the_round(world.lin)
    cut_off(lin)
    write(lin, f"/field/cases/{case.pk}/", "灯泡换了。")
    lin.context.set_offline(False)
    lin.goto("/field/me/")
    cut_off(lin)
    lin.evaluate(ANOTHER, str(case.pk))
    lin.get_by_role("button", name="退出", exact=True).click()
    expect(lin.locator("#outbox")).to_contain_text("条记录没有发出去")
    # News come in meanwhile; the question waits for its answer.
    lin.evaluate("linliBar.tell('没有信号')")
    expect(lin.locator("#outbox")).to_contain_text("条记录没有发出去")
    lin.get_by_role("button", name="先不退出").click()
    lin.context.set_offline(False)
    wait_for(lambda: Submission.objects.filter(state="taken").count() == 2, lin)
    lin.get_by_role("button", name="退出", exact=True).click()
    lin.wait_for_url("**/sign-in/**")
    left = lin.evaluate("Promise.all([indexedDB.databases(), caches.keys()])")
    assert left == [[], []]
    cut_off(lin)
    with pytest.raises(Error, match="ERR_INTERNET_DISCONNECTED"):
        lin.goto("/field/")


@pytest.mark.row("S4 4.8")
def test_signing_out_without_a_network_ends_the_session_once_there_is_one(world, on_the_round):
    lin = on_the_round(world.lin)
    lin.goto("/field/me/")
    cut_off(lin)
    lin.get_by_role("button", name="退出", exact=True).click()
    expect(lin.get_by_text("手机上没有今天的单子")).to_be_visible()
    lin.context.set_offline(False)
    lin.wait_for_url(re.compile("/sign-in/$"))
    lin.goto("/field/")
    lin.wait_for_url(re.compile("/sign-in/.next="))


@pytest.mark.row("S4 4.8")
def test_what_a_colleague_did_meanwhile_is_laid_beside_what_the_phone_says(world, on_the_round):
    case = in_hand(world, "水管漏水。")
    lin = on_the_round(world.lin)
    cut_off(lin)
    write(lin, f"/field/cases/{case.pk}/", "阀门关上了。", step="办好了")
    handling.resolve_case(case_id=case.pk, text="物业修好了。", actor=world.lin, now=clock.now())
    lin.context.set_offline(False)
    lin.get_by_role("link", name="两边不一样").click()
    expect(lin.get_by_role("heading", name="两边不一样")).to_be_visible()
    assert Submission.objects.get().state == "conflict"
    lin.get_by_label("留现在的").check(force=True)
    lin.get_by_role("button", name="就这样定").click()
    expect(lin.get_by_text("进展已记到")).to_be_visible()
    assert Entry.objects.filter(case=case, text__startswith="阀门关上了").count() == 1


@pytest.mark.row("S4 4.8")
def test_a_post_that_ended_meanwhile_hands_its_queue_to_the_desk(world, on_the_round, as_staff):
    case = in_hand(world, "楼道堆了纸箱。")
    lin = on_the_round(world.lin)
    cut_off(lin)
    write(lin, f"/field/cases/{case.pk}/", "纸箱搬走了。", photo="teal")
    lead_post = Holding.objects.select_related("post").get(account_id=world.lead.account_id).post
    PostDuty.objects.create(post=lead_post, duty="field.quarantine")
    Holding.objects.filter(account_id=world.lin.account_id).update(ends_at=clock.now())
    forget()
    lin.context.set_offline(False)
    expect(lin.locator("#outbox")).to_contain_text("等社区核实")
    lead = as_staff(world.lead, viewport={"width": 1440, "height": 900})
    lead.goto("/desk/handed-in/")
    lead.get_by_role("link", name="楼道堆了纸箱").click()
    expect(lead.get_by_text("纸箱搬走了。")).to_be_visible()
    lead.locator("#take_reason").fill("当天在岗，打电话问过。")
    lead.get_by_role("button", name="收下").click()
    expect(lead.get_by_text("已收下")).to_be_visible()
    assert Entry.objects.filter(case=case, account_id=world.lin.account_id).count() >= 1


@pytest.mark.row("S4 4.8")
def test_a_clock_a_day_fast_and_a_full_phone_are_told(world, on_the_round):
    case = in_hand(world, "树枝断了。")
    lin = on_the_round(world.lin, at=clock.now() + timedelta(days=1))
    cut_off(lin)
    lin.goto(f"/field/cases/{case.pk}/")
    lin.get_by_label("说说进展").check(force=True)
    lin.get_by_label("做了什么").fill("拉了警戒线。")
    lin.evaluate(FULL)
    lin.locator("input[type=file]").set_input_files([picture("teal")])
    expect(lin.get_by_role("alert")).to_contain_text("手机存满了，这张照片没有存上")
    expect(lin.locator(".photos__one")).to_have_count(0)
    expect(lin.get_by_label("做了什么")).to_have_value("拉了警戒线。")
    lin.get_by_role("button", name="记在手机上").click()
    lin.wait_for_url("**/field/")
    lin.context.set_offline(False)
    expect(lin.locator("#outbox")).to_contain_text("手机时间快了 1 天")
    sent = Submission.objects.get()
    assert abs(sent.made_at - clock.now()) < timedelta(hours=1)
    assert Device.objects.get().skew_seconds == pytest.approx(-86400, abs=3600)


@pytest.mark.row("S4 4.8")
def test_a_report_is_written_down_without_a_network(world, on_the_round):
    lin = on_the_round(world.lin)
    cut_off(lin)
    lin.goto("/field/")
    lin.get_by_role("link", name="上报").first.click()
    lin.get_by_label("环境卫生").check(force=True)
    lin.get_by_label("看到了什么").fill("围墙边倒了建筑垃圾。")
    lin.locator("[data-item=place] input, [data-item=place] option").nth(1).evaluate(
        "one => { if (one.type === 'radio') one.checked = true; else one.selected = true; }"
    )
    lin.get_by_role("button", name="记在手机上").click()
    lin.wait_for_url("**/field/")
    lin.context.set_offline(False)
    wait_for(lambda: Case.objects.filter(source="patrol").exists(), lin)
    assert Case.objects.get().text.startswith("围墙边倒了建筑垃圾。")


@pytest.mark.row("S4 4.8")
def test_a_knock_card_is_filled_in_where_no_network_reaches(live_server, in_home, on_the_round):
    block = care.make_block()
    care.make_profile(block, at=clock.now() - timedelta(days=9))
    sun = on_the_round(posts.actor_of(block.sun.account_id, clock.now()))
    cut_off(sun)
    sun.goto("/field/")
    sun.locator("a.task__link", has_text="梅").first.click()
    expect(sun.get_by_role("button", name="记在手机上")).to_be_visible()
    sun.get_by_role("button", name="记在手机上").click()
    expect(sun.get_by_role("alert")).to_contain_text("还差")
    for box in sun.locator("fieldset[data-required]").all():
        box.locator("input").first.check(force=True)
    sun.get_by_role("button", name="记在手机上").click()
    sun.wait_for_url("**/field/")
    expect(sun.get_by_text("已填好，等待发送")).to_have_count(1)
    expect(sun.locator("[data-score] .ring")).to_contain_text("1/1")
    sun.context.set_offline(False)
    heard(sun, "都发完了")
    assert (Visit.objects.count(), Submission.objects.get().state) == (1, "taken")
