"""A resident in a hurry, on a slow phone: what was chosen early, late or twice goes along once."""

import io
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import expect

from linli.cases.models import Case
from tests.journeys.acting import picture, until
from tests.journeys.phone import LONG_MOMENT
from tests.journeys.test_resident import HELD, WORDS

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

# What the phone is slow with waits until the story lets it go: the draft's photo that comes back, and the
# small copy of a large one. What leaves the page is written down.
SLOW = (
    LONG_MOMENT
    + """const held = window.held = {};
    for (const name of ["restore", "shrink"]) held[name] = new Promise(go => { held[name + "Go"] = go; });
    const tell = EventTarget.prototype.dispatchEvent, make = HTMLCanvasElement.prototype.toBlob;
    EventTarget.prototype.dispatchEvent = function (event) {
        if (event.type === "photos:restore") held.restore.then(() => tell.call(this, event));
        else return tell.call(this, event);
    };
    HTMLCanvasElement.prototype.toBlob = function (done, ...how) {
        make.call(this, blob => { held.shrink.then(() => done(blob)); }, ...how);
    };
    addEventListener("submit", event => {
        const files = [...event.target.querySelector("[type=file]").files];
        if (!event.defaultPrevented) sessionStorage.sent = Math.max(...files.map(one => one.size));
    });"""
)


def large_picture() -> dict[str, Any]:
    """A photo as a camera makes it: many bytes that become few."""
    buffer = io.BytesIO()
    Image.new("RGB", (2400, 1800), "olive").save(buffer, "BMP")
    return {"name": "IMG_0002.bmp", "mimeType": "image/bmp", "buffer": buffer.getvalue()}


@pytest.mark.row("S3 3.1")
def test_photos_chosen_early_and_sent_in_a_hurry_go_along_once_and_small(page, world):
    url = f"/s/{world.door.code}/report/"
    page.goto(url)
    page.get_by_label("看到了什么？").fill(WORDS)
    page.locator("input[type=file]").set_input_files([picture("teal")])
    until(page, f"{HELD}.then(count => count === 2)")
    page.add_init_script(SLOW)
    page.goto(url)
    page.locator("input[type=file]").set_input_files([large_picture()])
    expect(page.locator(".photos__one")).to_have_count(1)
    page.evaluate("held.restoreGo()")
    expect(page.locator(".photos__one")).to_have_count(2)
    page.get_by_label("环境卫生", exact=True).check(force=True)
    send = page.locator("button.btn--primary", has_text="提交给社区")
    send.click(force=True)
    send.click(force=True)
    page.evaluate("held.shrinkGo()")
    page.wait_for_url("**/receipt/")
    assert Case.objects.get().photo_count == 2
    assert int(page.evaluate("sessionStorage.sent")) < 1024 * 1024


def test_what_was_sent_does_not_become_a_draft_again_on_the_way_back(page, world):
    page.goto(f"/s/{world.door.code}/report/")
    page.get_by_label("看到了什么？").fill(WORDS)
    until(page, "Object.keys(localStorage).length === 1")
    # The receipt forgot it; the page comes out of the browser's cache of pages, and is left again.
    page.evaluate("localStorage.clear(); dispatchEvent(new PageTransitionEvent('pagehide'))")
    assert page.evaluate("Object.keys(localStorage).length") == 0


def test_a_draft_that_is_too_old_takes_its_photos_along(page, world):
    url = f"/s/{world.door.code}/report/"
    page.goto(url)
    page.locator("input[type=file]").set_input_files([picture("teal")])
    until(page, f"{HELD}.then(count => count === 2)")
    page.evaluate('for (const one in localStorage) localStorage[one] = \'{"at": 0, "values": {}}\'')
    page.goto(url)
    page.get_by_label("看到了什么？").fill(WORDS)
    until(page, f"{HELD}.then(count => count === 1)")
    page.goto(url)
    expect(page.get_by_label("看到了什么？")).to_have_value(WORDS)
    expect(page.locator(".photos__one")).to_have_count(0)
