"""What the field's forms do when things cross each other: a draft that comes back late, two windows, a photo
that is not small yet, the way back. In a browser, before a server that says what each story needs.
"""

import pytest
from playwright.sync_api import expect

from tests.journeys.acting import picture, until, wait_for
from tests.journeys.phone import (
    DAY,
    IN_DRAFT,
    LONG_MOMENT,
    REFUSED,
    WAITS,
    at_card,
    choose,
    field,
    hand_over,
)

__all__ = ["field"]
pytestmark = pytest.mark.journey


def test_what_is_written_while_a_draft_comes_back_goes_along_with_it(field):
    at_card(field).locator("[name=text]").fill("旧的。")
    choose(field, "teal")
    until(field, f"{IN_DRAFT}.then(n => n === 1)")
    field.server.before = """const all = linliOutbox.all; const late = new Promise(go => { held.go = go; });
        linliOutbox.all = () => late.then(all);"""
    at_card(field).locator("[name=more]").fill("新的。")
    choose(field, "olive")
    expect(field.locator(".photos__one")).to_have_count(1)
    field.evaluate(IN_DRAFT)
    field.evaluate("held.go()")
    expect(field.locator(".photos__one")).to_have_count(2)
    ((answers, photos),) = hand_over(field)
    assert (answers, len(photos)) == ({"text": "旧的。", "more": "新的。"}, 2)


def test_a_refused_record_stays_until_the_mended_one_is_kept_and_its_photos_go_along(field):
    at_card(field).locator("[name=text]").fill("写错的。")
    choose(field, "teal")
    hand_over(field)
    refused = """linliOutbox.all().then(all => all.filter(one => one.state === "refused").length)"""
    field.evaluate(REFUSED)
    at_card(field)
    expect(field.locator("[name=text]")).to_have_value("写错的。")
    expect(field.locator(".photos__one")).to_have_count(1)
    field.locator("[name=text]").fill("")
    field.get_by_role("button", name="记在手机上").click()
    expect(field.get_by_role("alert")).to_contain_text("还差")
    assert field.evaluate(refused) == 1
    at_card(field)  # closed, and opened again
    expect(field.locator(".photos__one")).to_have_count(1)
    field.locator("[name=text]").fill("写对的。")
    ((answers, photos),) = hand_over(field)
    assert (answers, len(photos)) == ({"text": "写对的。"}, 1)
    until(field, f"{refused}.then(left => !left)")
    assert field.evaluate("linliStore.open().then(db => db.count('photos'))") == 1


def test_another_window_with_the_same_card_takes_no_photo_away(field):
    other = at_card(field.context.new_page())
    at_card(field).locator("[name=text]").fill("看过了。")
    choose(field, "teal")
    until(field, f"{IN_DRAFT}.then(n => n === 1)")
    choose(other, "olive")
    until(other, "linliStore.open().then(db => db.getAll('photos')).then(all => all.length === 1)")
    ((_answers, photos),) = hand_over(field)
    assert len(photos) >= 1


def test_a_photo_that_is_being_made_smaller_is_waited_for_a_moment(field):
    at_card(field).locator("[name=text]").fill("看过了。")
    field.evaluate(f"() => {{ {LONG_MOMENT} }}")
    field.evaluate(
        """() => { const make = HTMLCanvasElement.prototype.toBlob;
        const late = new Promise(go => { held.go = go; });
        HTMLCanvasElement.prototype.toBlob = function (done, ...how) {
            make.call(this, blob => { late.then(() => done(blob)); }, ...how); };
    }"""
    )
    large = {**picture("teal"), "buffer": picture("teal")["buffer"] + bytes(600 * 1024)}
    field.locator("input[type=file]").set_input_files([large])
    expect(field.locator(".photos__one")).to_have_count(1)
    field.get_by_role("button", name="记在手机上").click()
    field.evaluate(WAITS)
    field.evaluate("held.go()")
    field.wait_for_url("**/field/")
    ((_answers, photos),) = field.evaluate(WAITS)
    assert len(photos) == 1
    assert photos[0] < 100 * 1024


def test_a_photo_that_cannot_be_read_is_told_and_lets_the_words_go(field):
    at_card(field).locator("[name=text]").fill("看过了。")
    field.evaluate(
        """() => { File.prototype.arrayBuffer = async () => {
            throw new DOMException("gone", "NotReadableError"); }; }"""
    )
    choose(field, "teal")
    expect(field.get_by_role("alert")).to_contain_text("这张照片读不出来")
    expect(field.get_by_role("alert")).to_be_focused()
    assert hand_over(field) == [[{"text": "看过了。"}, []]]


def test_the_way_back_leads_to_an_empty_form(field):
    at_card(field).locator("[name=text]").fill("看过了。")
    field.server.answers["/field/"] = (
        204,
        "text/html",
        "",
    )  # the page stays, as in the cache of pages
    field.get_by_role("button", name="记在手机上").click()
    wait_for(lambda: [one[1] for one in field.server.asked].count("/field/") == 2, field)
    del field.server.answers["/field/"]
    field.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', {persisted: true}))")
    expect(field.locator("[name=text]")).to_have_value("")
    field.locator("[name=text]").fill("又看了。")
    assert len(hand_over(field)) == 2


def test_a_session_that_ends_waits_for_the_photo_that_is_being_kept(field):
    at_card(field).locator("[name=text]").fill("看过了。")
    field.evaluate(
        """() => { const read = File.prototype.arrayBuffer, late = new Promise(go => { held.go = go; });
        File.prototype.arrayBuffer = function () {
            held.asked = true; return late.then(() => read.call(this)); }; }"""
    )
    choose(field, "teal")
    until(field, "held.asked")
    field.server.answers[DAY] = (401, "application/json", "{}")
    field.evaluate("dispatchEvent(new Event('online'))")
    until(field, "linliStore.get('day').then(day => !day)")
    field.evaluate("linliOutbox.send(true)")
    del field.server.answers[DAY]
    field.evaluate("held.go()")
    field.wait_for_url("**/sign-in/**")
    until(field, f"{IN_DRAFT}.then(n => n === 1)")
