"""What the field's scripts do with strange answers, other people and other windows: in a browser, before
a server that says what each story needs.
"""

import json
from types import SimpleNamespace
from uuid import UUID

import pytest

from tests.journeys.acting import PATIENCE, until, wait_for
from tests.journeys.phone import (
    DAY,
    DEVICE,
    HERE,
    HOTEL,
    LIN,
    SEND,
    SIGNS_OUT,
    WU,
    Server,
    own,
    write,
)

pytestmark = pytest.mark.journey

WAITING = "linliOutbox.waiting().then(all => all.length)"


@pytest.fixture(scope="module")
def browser_window(chromium):
    """One window for all stories: each begins with an empty store."""
    server = SimpleNamespace(now=Server())
    context = chromium.new_context(service_workers="block")
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    page.route("**/*", lambda route: server.now.answer(route))  # noqa: PLW0108 (it changes)
    page.goto(f"{HERE}/field/")
    yield SimpleNamespace(page=page, server=server)
    context.close()


@pytest.fixture
def phone(browser_window):
    found = browser_window
    found.page.evaluate("linliStore.wipe(true)")
    found.server.now = Server()
    return SimpleNamespace(
        server=found.server.now, do=found.page.evaluate, page=found.page,
        write=lambda text, **facts: write(found.page, text, **facts),
    )  # fmt: skip


def opens(phone):
    """Open the day as whoever is signed in."""
    phone.do("linliDay.refresh(true).catch(error => String(error))")


@pytest.mark.parametrize("status", [200, 201, 202, 403, 502])
def test_a_page_of_another_network_is_no_answer_of_ours(phone, status):
    opens(phone)
    phone.write("灯坏了。")
    phone.server.answers[SEND] = (status, *HOTEL[1:])
    for _turn in range(7):
        phone.do("linliOutbox.send()")
    assert phone.do(WAITING) == 1
    del phone.server.answers[SEND]
    phone.do("linliOutbox.send()")
    assert phone.do(WAITING) == 0
    assert phone.server.sent()[-1]["answers"] == {"text": "灯坏了。"}


def test_a_receipt_of_something_else_is_none(phone):
    opens(phone)
    phone.write("灯坏了。")
    phone.server.answers[SEND] = own(201, id=str(UUID(int=1)), state="taken", words="")
    phone.do("linliOutbox.send()")
    assert phone.do(WAITING) == 1


def test_a_photo_that_a_proxy_refuses_lets_the_others_pass(phone):
    opens(phone)
    phone.write("大照片。", photo=True)
    phone.write("没有照片。")
    phone.server.said = lambda path, request: (
        (413, "text/html", "too large") if "/photos/" in path else Server.said(phone.server, path, request)
    )  # fmt: skip
    for _turn in range(6):
        phone.do("linliOutbox.send()")
    assert {one["answers"]["text"] for one in phone.server.sent()} == {"没有照片。"}
    assert phone.do(WAITING) == 1


def test_what_was_refused_is_not_waited_for(phone):
    opens(phone)
    first = phone.write("写错的。")
    second = phone.write("写对的。")
    third = phone.write("又一条。")
    assert second != third

    def judge(request):
        said = json.loads(request.post_data)
        if said["id"] == first:
            return own(422, code="bad_input", detail="answers 的写法不对。")
        return own(201, id=said["id"], state="taken", words="收到。")

    phone.server.answers[SEND] = judge
    phone.do("linliOutbox.send()")
    assert [one["after"] for one in phone.server.sent()] == [[], [], [second]]
    assert phone.do("linliOutbox.all().then(all => all.map(one => one.words))") == [
        "answers 的写法不对。"
    ]


def test_a_record_that_cant_be_read_any_more_stops_nobody(phone):
    opens(phone)
    phone.write("坏了的。")
    phone.do(
        """async () => { const db = await linliStore.open(), [one] = await db.getAll("outbox");
        one.box.iv = new Uint8Array(12); await db.put("outbox", one); }"""
    )
    phone.write("好的。")
    phone.do("linliOutbox.send()")
    assert [one["answers"]["text"] for one in phone.server.sent()] == ["好的。"]
    (left,) = phone.do("linliOutbox.all()")
    assert (left["state"], "重写" in left["words"]) == ("refused", True)


def test_a_full_phone_sends_all_the_same(phone):
    opens(phone)
    phone.write("满了。")
    phone.server.answers[SEND] = lambda request: own(
        201, id=json.loads(request.post_data)["id"], state="taken", words="", clock="快了 1 天"
    )
    phone.do(
        """async () => { window.put = IDBObjectStore.prototype.put;
        IDBObjectStore.prototype.put = () => { throw new DOMException("full", "QuotaExceededError"); };
        await linliOutbox.send().finally(() => { IDBObjectStore.prototype.put = window.put; }); }"""
    )
    assert phone.do(WAITING) == 0


def test_the_next_one_on_the_same_phone_sees_nothing_of_the_former(phone):
    opens(phone)
    phone.write("第一个人写的。")
    phone.server.account = WU
    phone.server.answers[SEND] = HOTEL
    opens(phone)
    # Not sent yet: it stays, sealed, and the list of the former is gone at once.
    assert phone.do("linliStore.get('day')") is None
    assert phone.do(WAITING) == 1
    assert phone.do("linliStore.get('device')")["account"] == LIN
    del phone.server.answers[SEND]
    opens(phone)
    assert phone.do(WAITING) == 0
    known = phone.do("linliStore.get('device')")
    assert (known["account"], known["token"]) == (WU, f"token-{WU}-1")
    assert phone.do("linliStore.get('day')")["account"] == WU


def test_a_phone_that_was_ended_is_known_anew_and_keeps_its_drafts(phone):
    opens(phone)
    phone.do("linliStore.set('draft:x', {answers: {text: '写到一半'}})")
    phone.server.devices[:] = ["of-another-phone"]
    phone.page.wait_for_timeout(5)
    opens(phone)
    assert phone.do("linliStore.get('device')")["id"] == f"{LIN}-1"
    assert phone.do("linliStore.get('draft:x')")["answers"] == {"text": "写到一半"}


def test_two_windows_at_once_make_one_phone(phone):
    late = []  # of two answers that know of no phone, one comes when the phone was made
    phone.server.answers[DAY] = phone.server.said(DAY, None)
    answer = phone.server.answer

    def answer_late(route):
        if route.request.url == f"{HERE}{DAY}" and not late:
            late.append(route)
        else:
            answer(route)

    phone.server.answer = answer_late
    phone.do("void (window.both = Promise.all([linliDay.refresh(true), linliDay.refresh(true)]))")
    until(phone.page, "linliStore.get('device').then(Boolean)")
    answer(late[0])
    phone.do("window.both")
    assert len([one for one in phone.server.asked if one[1] == DEVICE]) == 1


def test_whoever_was_signed_out_everywhere_is_asked_to_sign_in(phone):
    opens(phone)
    phone.write("还没发的。", photo=True)
    heard = "window.heard = []; linliOutbox.listen(news => window.heard.push(news))"
    phone.do(f"() => {{ {heard} }}")
    phone.server.said = lambda path, request: (
        own(401, code="sign_in_again", detail="") if "/sync/" in path
        else Server.said(phone.server, path, request)
    )  # fmt: skip
    phone.do("linliOutbox.send()")
    last = phone.do("window.heard")[-1]
    assert (last["kind"], last["words"], last["isSignedOut"]) == (
        "stopped", "登录一次，就接着发。", True,
    )  # fmt: skip
    assert phone.do(WAITING) == 1


KEEPS_NOTHING = {
    "no worker": "",
    "no store": "Object.defineProperty(window, 'indexedDB', {value: undefined})",
    "a store that does not open": "IDBFactory.prototype.open = () => { throw new DOMException('no') }",
}


@pytest.mark.parametrize(
    ("lacking", "agent"),
    list(zip(KEEPS_NOTHING, ("MicroMessenger/8.0", "Firefox", "Safari"), strict=True)),
)
def test_a_browser_that_keeps_nothing_says_so_and_where_to_go(chromium, lacking, agent):
    server, faults = Server(), []
    context = chromium.new_context(
        user_agent=agent, service_workers="block" if lacking == "no worker" else "allow"
    )
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.add_init_script(KEEPS_NOTHING[lacking])
    page.route("**/*", server.answer)
    page.goto(f"{HERE}/field/")
    page.add_script_tag(url="/leaving.js")
    page.add_script_tag(url="/app.js")
    page.locator("#only-online").wait_for()
    told = page.locator("#only-online").inner_text()
    assert "只能有信号时用" in told
    assert ("在浏览器打开" in told) == ("MicroMessenger" in agent)
    assert not faults
    # Signing out works all the same.
    page.evaluate(SIGNS_OUT)
    if "open" in lacking:
        page.get_by_role("button", name="丢掉并退出").click()
    wait_for(lambda: ("POST", "/sign-out/") in [one[:2] for one in server.asked], page)
    context.close()
