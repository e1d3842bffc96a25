"""What journeys walk in: a served product with its worker, and a phone that notices every fault."""

import atexit
import os
import re
import shutil
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import cache
from types import SimpleNamespace
from typing import Any

import pytest

# Playwright keeps a loop running in the thread of the test, where stories also read the database.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    # No story leaves this machine, and none waits for what knows the names of others.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
]
PHONE = {"width": 390, "height": 844}
# The browser notes refusals (a form with errors, a link that is gone) as if they were faults of the page,
# and what was on its way in the moment when a story cuts the network.
_EXPECTED = re.compile(
    r"Failed to load resource: (the server responded with a status of 4\d\d"
    r"|net::ERR_(INTERNET_DISCONNECTED|NETWORK_CHANGED|FAILED))"
)


NOON = datetime(2026, 3, 4, 4, 0, tzinfo=UTC)  # a Wednesday of an ordinary week, in Beijing
_START = time.monotonic()


@pytest.fixture(autouse=True)
def noon(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let it be early one afternoon in every story, whatever the day and the hour are; time goes on
    from story to story.

    Not where a phone keeps the day: it has a clock of its own, and both must agree.
    """
    from linli.kernel import clock

    if "on_the_round" not in request.fixturenames:
        monkeypatch.setattr(
            clock, "now", lambda: NOON + timedelta(seconds=time.monotonic() - _START)
        )


@pytest.fixture(scope="session")
def chromium() -> Any:
    """Return the browser: LINLI_CHROMIUM, or the one that is installed (scripts/browser)."""
    return _browser()


@cache
def _browser() -> Any:
    """Start the browser once in this process, whichever folder's tests ask first; it ends with it."""
    from playwright.sync_api import Locator, expect, sync_playwright

    from tests.journeys.acting import PATIENCE, click_and_settle

    names = map(shutil.which, ("chromium-headless-shell", "chromium"))
    path = os.environ.get("LINLI_CHROMIUM") or next(filter(None, names), None)
    playwright = sync_playwright().start()
    expect.set_options(timeout=PATIENCE)
    Locator.click = click_and_settle(Locator.click)  # type: ignore[method-assign]
    browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
    atexit.register(playwright.stop)
    atexit.register(browser.close)
    return browser


@pytest.fixture
def working(live_server: Any) -> Iterator[None]:
    """Let the worker run beside the served pages, as in production."""
    from django.db import connections

    from linli.kernel import worker
    from tests.journeys.acting import PATIENCE

    stop = threading.Event()

    def work() -> None:
        try:
            worker.run_worker(stop)
        finally:
            connections.close_all()

    thread = threading.Thread(target=work, name="worker")
    thread.start()
    yield
    stop.set()
    thread.join(timeout=PATIENCE / 1000)
    assert not thread.is_alive()


@pytest.fixture
def open_page(chromium: Any, live_server: Any) -> Iterator[Callable[..., Any]]:
    """Return what opens a fresh browser window; at the end none of them may have noted a fault.

    Options are those of Playwright's contexts, such as java_script_enabled=False or viewport.
    """
    from tests.journeys.acting import PATIENCE, follow

    faults: list[str] = []
    contexts = []

    def open_one(**options: Any) -> Any:
        usual = {
            "viewport": PHONE,
            "locale": "zh-CN",
            "base_url": live_server.url,
            # Only the stories of a lost network want the field's worker (test_offline.py).
            "service_workers": "block",
        }
        context = chromium.new_context(**usual | options)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        follow(page)
        page.on("pageerror", lambda error: faults.append(f"{page.url}: {error}"))
        page.on("console", lambda message: _note(faults, page, message))
        return page

    with _answering() as is_answering:
        yield open_one
        for context in contexts:
            context.close()
        _hear_out(live_server)
        for _look in range(PATIENCE // 50):
            if not is_answering():
                break
            time.sleep(0.05)
    assert not faults, "\n".join(faults)


@contextmanager
def _answering() -> Iterator[Callable[[], bool]]:
    """Yield what tells whether a request is still being answered: nothing of a story may be written
    into the next one.
    """
    from django.core.signals import request_finished, request_started

    begun: list[bool] = []
    ended: list[bool] = []

    def begin(**_facts: Any) -> None:
        begun.append(True)

    def end(**_facts: Any) -> None:
        ended.append(True)

    request_started.connect(begin)
    request_finished.connect(end)
    try:
        yield lambda: len(ended) < len(begun)
    finally:
        request_started.disconnect(begin)
        request_finished.disconnect(end)


def _hear_out(live_server: Any) -> None:
    """Let what was asked last begin: connections are taken in their order, so once ours is closed, each
    earlier one has its thread. A line that somebody keeps open for later is not waited for long.
    """
    from tests.journeys.acting import PATIENCE

    address = (live_server.thread.host, live_server.thread.port)
    with socket.create_connection(address, timeout=PATIENCE / 1000) as line:
        line.shutdown(socket.SHUT_WR)
        while line.recv(1024):
            pass
    for _look in range(60):
        if not any("process_request_thread" in one.name for one in threading.enumerate()):
            break
        time.sleep(0.05)


def _note(faults: list[str], page: Any, message: Any) -> None:
    # A violation of the content security policy is told on the console too.
    if message.type == "error" and not _EXPECTED.match(message.text):
        faults.append(f"{page.url}: {message.text}")


@pytest.fixture
def page(open_page: Callable[..., Any]) -> Any:
    """Return a phone's browser window."""
    return open_page()


@pytest.fixture
def axe() -> Callable[[Any], None]:
    """Return what fails when the page in a window has any fault of accessibility, or moves sideways."""
    from tests.journeys.acting import faults, settle, too_wide

    def look(page: Any) -> None:
        settle(page)
        told = faults(page)
        assert not told, f"{page.url}: {told}"
        assert too_wide(page) <= 0, f"{page.url} is {too_wide(page)} px too wide"

    return look


@pytest.fixture
def world(live_server: Any, in_home: Any) -> SimpleNamespace:
    """Return a small community at work, with a door code (linli/cases/tests/makers.py)."""
    from linli.cases.tests.makers import make_neighbourhood

    found = make_neighbourhood()
    found.at = f"home-{found.community.code}"
    return found


@pytest.fixture
def as_staff(open_page: Callable[..., Any], live_server: Any) -> Callable[..., Any]:
    """Return what opens a window in which somebody of staff is signed in."""

    from linli.people.tests.makers import sign_in

    def open_as(actor: Any, **options: Any) -> Any:
        page = open_page(**options)
        cookie = sign_in(actor.account_id, actor.tenant_id).cookies["sessionid"].value
        page.context.add_cookies([{"name": "sessionid", "value": cookie, "url": live_server.url}])
        return page

    return open_as


@pytest.fixture
def on_the_round(as_staff: Callable[..., Any]) -> Callable[..., Any]:
    """Return what opens the field on a phone and waits until it keeps the day."""
    from tests.journeys.acting import until
    from tests.journeys.offline import LISTENS

    def open_as(actor: Any, at: datetime | None = None) -> Any:
        page = as_staff(actor, service_workers="allow")
        page.context.add_init_script(LISTENS)
        if at:
            page.clock.install(time=at)
            # The worker's clock stays right: it is the page that has to send.
            page.add_init_script(
                "Object.defineProperty(ServiceWorkerRegistration.prototype, 'sync', {value: null})"
            )
        page.goto("/field/")
        until(page, "navigator.serviceWorker.controller && linliStore.get('day').then(Boolean)")
        return page

    return open_as


@pytest.fixture
def look_at(axe: Callable[[Any], None]) -> Callable[..., None]:
    """Return what looks at a page: no fault of accessibility, nothing sideways.

    With `sizes` in large type too: for states of a page that the gates (tests/gates) don't come by.
    """

    from tests.journeys.acting import set_size, shoot

    def at(page: Any, name: str, *, sizes: bool = False) -> None:
        axe(page)
        shoot(page, name)
        for size in ("large", "larger") if sizes else ():
            set_size(page, size)
            axe(page)
            shoot(page, f"{name}-{size}")
        if sizes:
            set_size(page, "standard")

    return at
