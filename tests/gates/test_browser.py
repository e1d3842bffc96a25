"""Every page in a real browser: axe in three sizes of letters, nothing sideways, no fault noted."""

import pytest
from django.conf import settings
from django.test import Client

from tests.gates.addresses import routes
from tests.gates.test_routes import NOT_TO_BE_SHOWN, is_html
from tests.journeys.conftest import chromium, open_page

__all__ = ["chromium", "open_page"]
pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

WIDTHS = (320, 390, 1440, 1920)
# In which widths axe looks: a phone's and a desk's in the usual letters, each once in larger ones.
AXE_WIDTHS = {"standard": (390, 1440), "large": (390,), "larger": (1440,)}
SIZES = tuple(AXE_WIDTHS)
VIOLATIONS = {"resultTypes": ["violations"]}
PARTS = 3  # of the pages of staff, so that two processes share them


_SHOWING: dict[
    bool, list[str]
] = {}  # the names of routes that show a page: asked once in a process


def addresses(client: Client, things, *, is_public: bool) -> list[str]:
    """Return the addresses that show a page of HTML."""
    there = [route for route in routes() if route.is_public is is_public]
    if is_public not in _SHOWING:
        _SHOWING[is_public] = [
            route.name
            for route in there
            if route.name not in NOT_TO_BE_SHOWN and _shows(client.get(route.address(things)))
        ]
    return [route.address(things) for route in there if route.name in _SHOWING[is_public]]


def _shows(answer) -> bool:
    if answer.streaming:
        b"".join(answer.streaming_content)
        return False
    return is_html(answer) and answer.content.lstrip().lower().startswith(b"<!doctype")


def look_at_all(page, paths: list[str], size: str) -> list[str]:
    """Open each page and return what is wrong with it."""
    from axe_playwright_python.sync_playwright import Axe

    axe, wrong = Axe(), []
    for path in paths:
        page.set_viewport_size({"width": 390, "height": 900})
        page.goto(path)
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
            if wide > 0:
                wrong.append(f"{path} {size} {width}: {wide} px too wide")
            if width in AXE_WIDTHS[size]:
                for one in axe.run(page, options=VIOLATIONS).response["violations"]:
                    where = [node["target"] for node in one["nodes"]][:3]
                    wrong.append(f"{path} {size} {width}: {one['id']} {where}")
    return wrong


def with_size(page, size: str, url: str) -> None:
    page.context.add_cookies([{"name": "size", "value": size, "url": url}])


@pytest.mark.parametrize("size", SIZES)
def test_every_page_of_residents_passes_in_every_size(town, open_page, live_server, size):
    page = open_page()
    with_size(page, size, live_server.url)
    paths = addresses(Client(), town.things, is_public=True)
    assert len(paths) > 10
    wrong = look_at_all(page, paths, size)
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("part", range(PARTS))
@pytest.mark.parametrize("size", SIZES)
def test_every_page_of_staff_passes_in_every_size(town, open_page, live_server, size, part):
    page, client = open_page(), town.browser("keeper")
    with_size(page, size, live_server.url)
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies(
        [{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}]
    )
    paths = addresses(client, town.things, is_public=False)
    assert len(paths) > 40
    wrong = look_at_all(page, paths[part::PARTS], size)
    assert not wrong, "\n".join(wrong)
