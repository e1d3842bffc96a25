"""What people do in a window, in few words: press, open, take a picture, let the worker work."""

import io
import os
from pathlib import Path
from typing import Any

from PIL import Image

from linli.kernel import clock, tenancy, worker

SHOTS = os.environ.get("LINLI_SHOTS")


def shoot(page: Any, name: str) -> None:
    if SHOTS:
        page.screenshot(path=str(Path(SHOTS) / f"{name}.png"), full_page=True)


def picture(colour: str) -> dict[str, Any]:
    buffer = io.BytesIO()
    Image.new("RGB", (1200, 900), colour).save(buffer, "JPEG")
    return {"name": f"{colour}.jpg", "mimeType": "image/jpeg", "buffer": buffer.getvalue()}


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
