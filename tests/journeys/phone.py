"""A phone with the field's app and one card, before a server that says what each story needs."""

import json
from pathlib import Path

import pytest

from tests.journeys.acting import PATIENCE, picture, until

HERE = "https://linli.test"
FILES = Path(__file__).resolve().parents[2] / "linli/field/static/field"
HOTEL = (200, "text/html", "<html>请先登录酒店网络</html>")
SEND, DAY, DEVICE = "/field/sync/submissions/", "/field/day/", "/field/sync/device/"
LIN, WU = "account-lin", "account-wu"
CARD_AT, DRAFT = "/field/x/", "draft:k"
PHOTOS = FILES.parents[2] / "kernel/static/kernel/photos.js"
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
PAGE = (
    "<!doctype html><title>今天</title><main id=main><h1>今天</h1><p>单子</p></main>"
    + '<meta name="field-worker" content="/app/field.js">'
    + "".join(f"<script src=/{one}.js></script>" for one in
              ("idb", "store", "outbox", "pictures", "day", "bar"))
)  # fmt: skip
SIGNS_OUT = """() => { const form = document.createElement("form");
    form.append(document.createElement("button"));
    Object.assign(form, {action: "/sign-out/", method: "post"}); document.body.append(form);
    form.firstChild.click(); }"""


class Server:
    """Answers by address; what was asked stays in `asked` as (method, path, body)."""

    def __init__(self):
        self.asked, self.answers, self.account, self.devices = [], {}, LIN, []

    def answer(self, route):
        request = route.request
        path = request.url.removeprefix(HERE).partition("?")[0]
        self.asked.append((request.method, path, request.post_data or ""))
        status, kind, said = self.said(path, request)
        headers = {"content-type": kind}
        if path.startswith("/field/sync/photos/") and kind == "own":
            headers = {"Upload-Offset": said}
            said = ""
        route.fulfill(status=status, headers=headers, body=said)

    def said(self, path, request):
        if path.endswith(".js"):
            return 200, "text/javascript; charset=utf-8", (FILES / Path(path).name).read_text()
        if path in self.answers:
            found = self.answers[path]
            return found(request) if callable(found) else found
        if path == SEND:
            return own(201, id=json.loads(request.post_data)["id"], state="taken", words="收到。")
        if path == DAY:
            return own(
                200, account=self.account, devices=self.devices, csrf="c", page="", cards=[],
                now="2026-03-02T01:00:00Z", until="2999-01-01T00:00:00Z",
            )  # fmt: skip
        if path == DEVICE:
            self.devices.append(f"{self.account}-{len(self.devices)}")
            return own(201, id=self.devices[-1], token=f"token-{self.devices[-1]}")
        return 200, "text/html; charset=utf-8", PAGE

    def sent(self):
        return [json.loads(body) for _method, path, body in self.asked if path == SEND]


def own(status, **said):
    return status, "application/json", json.dumps(said)


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


def write(page, text, photo=False):
    """Write something down; return its id."""
    return page.evaluate(
        """async ([text, photo]) => {
            const id = linliStore.newId();
            if (photo) await linliStore.keepPhoto(
                {id: linliStore.newId(), of: "draft:x", item: "door", type: "image/jpeg"},
                new TextEncoder().encode("photo"));
            await linliOutbox.add({id, kind: "tests.note", answers: {text}}, "/field/", "draft:x");
            return id;
        }""",
        [text, photo],
    )
