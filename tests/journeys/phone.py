"""A phone with the field's app and one card, before a server that says what each story needs."""

import json
from pathlib import Path

import pytest

from tests.journeys.acting import PATIENCE, picture, until
from tests.journeys.test_field_scripts import DAY, FILES, HERE, HOTEL, SEND, Server, own

CARD_AT, DRAFT = "/field/x/", "draft:k"
PHOTOS = Path(FILES).parents[2] / "kernel/static/kernel/photos.js"
CARD = """<h1>灯</h1><form data-outbox=tests.note data-key=k data-title=灯 data-subject="" data-base=""
 data-link=/field/x/ novalidate><div role=alert tabindex=-1 data-errors hidden><p></p></div>
<div data-item=text data-label=做了什么 data-required><textarea name=text></textarea></div>
<div data-item=more data-label=还有><textarea name=more></textarea></div>
<div data-item=photo data-label=照片><div data-photos data-remove=去掉 data-full=最多><input type=file
 multiple data-max=4 name=photo id=p><label class=photos__add for=p hidden>拍照</label></div></div>
<div data-keep><button>记在手机上</button></div></form>"""
SHELL = (
    "<!doctype html><title>今天</title><main id=main><h1 data-shell>今天</h1></main>"
    + '<meta name="field-worker" content="/app/field.js">'
    + "".join(f"<script src=/{one}.js></script>" for one in
              ("photos", "idb", "store", "outbox", "pictures", "day", "bar", "leaving", "app"))
)  # fmt: skip
WORKER = "navigator.serviceWorker.register = async () => ({}); window.held = {};"
# What the phone has of a record that waits: its answers, and how many bytes each of its photos has.
WAITS = """linliOutbox.waiting().then(all => Promise.all(all.map(async one => [
    (await linliStore.read(one.box)).answers,
    (await linliStore.photosOf(one.id)).map(photo => photo.data.byteLength)])))"""
# Nobody sends any more what the page sent by itself when it opened.
QUIET = "navigator.locks.request('linli-outbox', () => {})"
# What waited is refused; whoever is just sending it comes to an end before.
REFUSED = """navigator.locks.request("linli-outbox", async () => {
    const [one] = await linliOutbox.all();
    await linliOutbox.settle(one, "refused", "写得不对。");
})"""
# No moment is over before the story is.
LONG_MOMENT = """const later = setTimeout;
    window.setTimeout = (act, moment, ...more) => later(act, moment === 3000 ? 1e9 : moment, ...more);"""
IN_DRAFT = f"linliStore.photosOf('{DRAFT}').then(all => all.length)"


class Field(Server):
    """A server with one card, whose form the phone keeps. before: what runs before the app does."""

    before = ""

    def said(self, path, request):
        if path == "/photos.js":
            return 200, "text/javascript; charset=utf-8", PHOTOS.read_text()
        if path == "/app.js":
            app = (FILES / "app.js").read_text()
            return 200, "text/javascript; charset=utf-8", self.before + app
        if path == DAY and path not in self.answers:
            day = json.loads(super().said(path, request)[2])
            return own(200, **{**day, "cards": [{"key": "k", "link": CARD_AT, "html": CARD}]})
        if path in self.answers or not path.endswith("/"):
            return super().said(path, request)
        status, kind, text = super().said(path, request)
        return status, kind, SHELL if kind.startswith("text/html") else text


@pytest.fixture
def field(chromium):
    """A phone that has the day, and nothing of which reaches us; its pages complain of nothing."""
    server, faults = Field(), []
    server.answers[SEND] = HOTEL
    context = chromium.new_context(service_workers="block")
    context.set_default_timeout(PATIENCE)
    context.add_init_script(WORKER)
    context.route("**/*", server.answer)
    page = context.new_page()
    page.server = server
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.goto(f"{HERE}/field/")
    until(page, "linliStore.get('day').then(Boolean)")
    page.evaluate(QUIET)
    yield page
    context.close()
    assert not faults, faults


def at_card(page):
    page.goto(f"{HERE}{CARD_AT}")
    page.locator("textarea[name=text]").wait_for()
    return page


def choose(page, *colours):
    page.locator("input[type=file]").set_input_files([picture(one) for one in colours])


def hand_over(page):
    page.get_by_role("button", name="记在手机上").click()
    page.wait_for_url("**/field/")
    return page.evaluate(WAITS)
