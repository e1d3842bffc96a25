"""What the field's app does when the store or the network does not answer, and when somebody signs out:
nothing waits for ever, and nothing is lost unasked.
"""

import pytest
from playwright.sync_api import expect

from tests.journeys.acting import until, wait_for
from tests.journeys.phone import (
    DRAFT,
    HERE,
    HOTEL,
    QUIET,
    REFUSED,
    SEND,
    SIGNS_OUT,
    WAITS,
    at_card,
    field,
    hand_over,
    write,
)

__all__ = ["field"]
pytestmark = pytest.mark.journey


# Another step holds the store of drafts for ever; it is one of the browser's.
STUCK = """() => new Promise(go => { const asked = indexedDB.open("linli-field"); asked.onsuccess = () => {
    const turn = asked.result.transaction(["kept", "outbox", "photos"], "readwrite");
    const on = () => { go(); if (!held.free) turn.objectStore("kept").get("x").onsuccess = on; }; on();
}; })"""


def test_a_store_that_does_not_answer_holds_nobody_for_ever(field):
    field.clock.install()
    at_card(field).locator("[name=text]").fill("看过了。")
    until(field, f"linliStore.get('{DRAFT}').then(Boolean)")
    field.evaluate(STUCK)
    field.evaluate("() => { linliOutbox.send(true).catch(() => { held.sent = true; }); }")
    field.get_by_role("button", name="记在手机上").click()
    field.clock.run_for(32_000)
    expect(field.get_by_role("alert")).to_contain_text("没有存上")
    expect(field.get_by_role("alert")).not_to_contain_text("存满")
    until(field, "held.sent")
    field.evaluate("held.free = true")
    ((answers, _photos),) = hand_over(field)
    assert answers == {"text": "看过了。"}


def test_signing_out_waits_for_no_other_window_and_no_answer(field):
    field.clock.install()
    field.goto(f"{HERE}/field/")
    field.evaluate(
        """() => new Promise(go => { const asked = indexedDB.open("linli-field"); asked.onsuccess = go; })"""
    )
    field.evaluate(
        """() => { const real = fetch; window.fetch = (url, how) => url.includes("leaving")
            ? new Promise((go, fail) => how.signal?.addEventListener("abort", fail)) : real(url, how); }"""
    )
    field.evaluate(SIGNS_OUT)

    def is_out():
        field.clock.run_for(2000)
        return ("POST", "/sign-out/") in [one[:2] for one in field.server.asked]

    wait_for(is_out, field)


def test_a_session_whose_end_did_not_arrive_is_ended_within_a_minute(field):
    field.clock.install()
    field.goto(f"{HERE}/field/")
    field.evaluate(QUIET)
    field.server.answers["/sign-out/"] = (503, *HOTEL[1:])
    until_then = field.evaluate("linliStore.get('day').then(day => day.until)")
    field.evaluate("until => localStorage.setItem('linli-leaving', until)", until_then)
    field.evaluate("linliLeaving.finish().catch(() => {})")
    assert field.evaluate("localStorage.getItem('linli-leaving')") == until_then
    field.server.answers["/sign-out/"] = (200, *HOTEL[1:])
    field.clock.run_for(61_000)
    field.wait_for_url("**/sign-in/")


def test_a_phone_whose_key_is_gone_begins_anew(field):
    field.evaluate("linliStore.open().then(db => db.delete('keys', 'key'))")
    field.reload()
    until(field, "linliStore.get('day').then(Boolean)")
    assert field.evaluate("linliStore.get('device').then(Boolean)")


def test_a_photo_that_cannot_be_read_any_more_stops_no_other_record(field):
    first = write(field, "有照片的。", photo=True)
    field.evaluate(
        """async id => { const [photo] = await linliStore.photosOf(id);
        await (await linliStore.open()).put("photos", Object.assign(photo, {iv: new Uint8Array(12)})); }""",
        first,
    )
    write(field, "没有照片的。")
    del field.server.answers[SEND]
    field.evaluate("linliOutbox.send(true)")
    assert [one["answers"]["text"] for one in field.server.sent()] == ["没有照片的。"]
    (left,) = field.evaluate("linliOutbox.all()")
    assert (left["state"], left["words"]) == ("refused", "有一张照片在手机上读不出来了，请重拍。")


def test_an_answer_that_comes_to_no_end_keeps_no_other_window_from_sending(field):
    field.clock.install()
    field.goto(f"{HERE}/field/")
    write(field, "看过了。")
    field.evaluate(
        """() => { const real = fetch; window.fetch = async (url, how) => url.includes("submissions")
            ? new Response(new ReadableStream({start(body) { held.asked = true;
                how.signal.addEventListener("abort", () => body.error(new Error())); }}), {status: 201})
            : real(url, how);
        linliOutbox.send(true).then(() => { held.ended = true; }); }"""
    )
    until(field, "held.asked")
    # The page sends by itself as well: one after the other.
    wait_for(lambda: field.clock.run_for(61_000) or field.evaluate("held.ended"), field)
    assert len(field.evaluate(WAITS)) == 1


def test_signing_out_asks_about_what_is_only_on_this_phone(field):
    at_card(field).locator("[name=text]").fill("写错的。")
    hand_over(field)
    field.evaluate(REFUSED)
    at_card(field).locator("[name=more]").fill("写到一半。")
    until(field, f"linliStore.get('{DRAFT}').then(Boolean)")
    field.evaluate(SIGNS_OUT)
    expect(field.locator("#outbox")).to_contain_text("还有 1 条记录没有发出去，1 张单子写了一半")


def test_nothing_is_kept_for_whoever_signs_in_next(field):
    at_card(field).locator("[name=text]").fill("看过了。")
    other = field.context.new_page()
    other.goto(f"{HERE}/field/")
    other.evaluate("linliStore.wipe()")
    field.get_by_role("button", name="记在手机上").click()
    expect(field.get_by_role("alert")).to_contain_text("已经退出登录")
    expect(field.locator("[name=text]")).to_have_value("看过了。")
    assert field.evaluate(WAITS) == []


def test_whoever_presses_in_the_bar_stays_there(field):
    write(field, "看过了。")
    field.get_by_role("button", name="现在发").click()
    expect(field.locator("#outbox")).to_contain_text("过一会儿会再试")
    expect(field.locator("#outbox")).to_be_focused()
