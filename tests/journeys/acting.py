"""What people do in a window, in few words: press, open, take a picture, let the worker work; and
what axe, the accessibility checker, says of it.
"""

import io
import os
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

from axe_playwright_python.sync_playwright import Axe
from PIL import Image
from playwright.sync_api import Error

from linli.kernel import clock, tenancy, worker
from linli.kernel.web import SIZES

# Which windows are on their way to another page, and by which request.
_LEAVING: WeakKeyDictionary[Any, set[Any]] = WeakKeyDictionary()
SHOTS = os.environ.get("LINLI_SHOTS")
# Milliseconds; a loaded machine is slow, and only a fault waits so long: three times what a phone
# waits at most before it sends again by itself (field/app.js).
PATIENCE = 180_000


def shoot(page: Any, name: str) -> None:
    if SHOTS:
        page.screenshot(path=str(Path(SHOTS) / f"{name}.png"), full_page=True)


def picture(colour: str) -> dict[str, Any]:
    buffer = io.BytesIO()
    Image.new("RGB", (1200, 900), colour).save(buffer, "JPEG")
    return {"name": f"{colour}.jpg", "mimeType": "image/jpeg", "buffer": buffer.getvalue()}


def follow(page: Any) -> None:
    """Know of the page whether it is on its way to another, and let every click wait for the arrival."""
    leaving: set[Any] = set()

    def leave(request: Any) -> None:
        if request.is_navigation_request() and request.frame == page.main_frame:
            leaving.add(request)

    def stay(request: Any) -> None:
        leaving.discard(request)

    def arrive(frame: Any) -> None:
        if frame == page.main_frame:
            leaving.clear()

    page.on("request", leave)
    page.on("requestfailed", stay)
    page.on("framenavigated", arrive)
    _LEAVING[page] = leaving


def settle(page: Any) -> None:
    """Wait until the page that a click led to is there whole."""
    page.wait_for_timeout(20)  # what the browser has to tell arrives
    last = time.monotonic() + PATIENCE / 1000
    while _LEAVING.get(page) and time.monotonic() < last:
        page.wait_for_timeout(20)
    page.wait_for_load_state("load")


def wait_for(truth: Callable[[], Any], page: Any = None) -> None:
    """Wait until it is so, by looks and not by the clock: a machine may stand still meanwhile."""
    for _look in range(PATIENCE // 50):
        if truth():
            return
        page.wait_for_timeout(50) if page else time.sleep(0.05)
    raise AssertionError("It never came.")


def until(page: Any, truth: str) -> None:
    """Wait for something that a script can tell; pages' own policy forbids Playwright's way."""

    def is_so() -> Any:
        try:
            return page.evaluate(truth)
        except Error as error:  # asked between one page and the next
            if "context was destroyed" in str(error):
                return False
            raise

    wait_for(is_so, page)


def follow_run(page: Any, words: str) -> None:
    """Without scripts, look again until the page of a run says so."""

    def is_there() -> bool:
        if page.get_by_text(words).count():
            return True
        page.wait_for_timeout(500)
        refresh = page.get_by_role("link", name="刷新")
        refresh.click() if refresh.count() else page.reload()
        return False

    wait_for(is_there, page)


def cut_off(page: Any) -> None:
    """Take the network away; the page knows."""
    page.context.set_offline(True)
    until(page, "!navigator.onLine")


def click_and_settle(click: Callable[..., None]) -> Callable[..., None]:
    """Return a click after which the next line of a story sees the next page."""

    def clicked(locator: Any, **options: Any) -> None:
        click(locator, **options)
        if not locator.page.is_closed():
            settle(locator.page)

    return clicked


# The class of <html> in a size of letters, as the cookie of /display/ would set it.
_PUT = """const put = own => {
      document.documentElement.classList.remove(...all.filter(Boolean));
      document.documentElement.classList.add(...own);
    };"""
_EVERY = [word for words in SIZES.values() for word in words.split()]
# What asks for itself anew every few seconds stays as it is while axe looks at it; it asks again later.
_HOLD = """if (!("isLookedAt" in window)) ["htmx:beforeRequest", "htmx:beforeSwap"].forEach(kind =>
      document.addEventListener(kind, event => {
        const often = /^every /.test(event.detail.elt.getAttribute("hx-trigger") || "");
        if (window.isLookedAt && often) event.preventDefault();
      }, true));"""


def set_size(page: Any, size: str) -> None:
    """Show the page in a size of letters."""
    page.evaluate(f"([own, all]) => {{ {_PUT} put(own); }}", [SIZES[size].split(), _EVERY])


def too_wide_in(page: Any, sizes: Iterable[str]) -> dict[str, int]:
    """Return by how many pixels the page moves sideways in each size of letters; it is in the last."""
    measure = f"""([owns, all]) => {{ {_PUT} return owns.map(own => {{
      put(own);
      return document.documentElement.scrollWidth - window.innerWidth;
    }}); }}"""
    asked = list(sizes)
    told = page.evaluate(measure, [[SIZES[size].split() for size in asked], _EVERY])
    return dict(zip(asked, told, strict=True))


def faults(page: Any, *rules: str) -> list[Any]:
    """Return what axe finds wrong, by all its rules or by some; its script goes into a page once."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(Axe().axe_script)
    run = f"""async options => {{
      {_HOLD}
      window.isLookedAt = true;
      try {{
        const found = await axe.run(options);
        return found.violations.map(one => [one.id, one.nodes.slice(0, 3).map(node => node.target)]);
      }} finally {{ window.isLookedAt = false; }}
    }}"""
    options: dict[str, Any] = {"resultTypes": ["violations"]}
    if rules:
        options["runOnly"] = {"type": "rule", "values": list(rules)}
    found: list[Any] = page.evaluate(run, options)
    return found


def too_wide(page: Any) -> int:
    """Return by how many pixels the page moves sideways."""
    return int(page.evaluate("document.documentElement.scrollWidth - window.innerWidth"))


def press(page: Any, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).first.click()


def open_act(page: Any, label: str) -> Any:
    """Open one of the things that may be done, also one under "more", and return its form."""
    act = page.locator("details.act").filter(has=page.locator("> summary", has_text=label)).last
    if not act.is_visible():
        page.locator("summary", has_text="更多").click()
    act.locator("> summary").click()
    return act.locator("form").first


def deliver(now: Any = None) -> None:
    """Let the worker do what is due."""
    with tenancy.all_tenants():
        worker.tick(now or clock.now())


def read_notice(page: Any, words: str) -> None:
    """Open the notice that says so, at the door of the page."""
    page.locator(".lines a", has_text=words).first.click()
