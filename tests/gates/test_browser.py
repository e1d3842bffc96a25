"""Every page in a real browser: axe in three sizes of letters, nothing sideways, no fault noted."""

import pytest
from django.conf import settings
from django.test import Client

from linli.kernel.web import SIZE_COOKIE, SIZES
from tests.gates.addresses import routes
from tests.gates.test_routes import NOT_TO_BE_SHOWN, is_html
from tests.journeys.acting import faults, set_size, too_wide_in
from tests.journeys.conftest import chromium, noon, open_page

__all__ = ["chromium", "noon", "open_page"]
pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

# Nothing moves sideways in any width and size. Axe looks at a phone's page and a desk's by all its
# rules, and in larger letters by those that go by the size of things.
AXE_SIZES: dict[int, tuple[str, ...]] = {
    320: (),
    390: ("standard", "large"),
    1440: ("standard", "larger"),
    1920: (),
}
BY_SIZE = ("color-contrast", "target-size", "scrollable-region-focusable")
PARTS = 4  # of the pages of staff, so that two processes share them


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


def look_at_all(page, paths: list[str]) -> list[str]:
    """Open each page and return what is wrong with it."""
    wrong = []
    for path in paths:
        page.goto(path)
        for width, axe_sizes in AXE_SIZES.items():
            page.set_viewport_size({"width": width, "height": 900})
            for size, more in too_wide_in(page, SIZES).items():
                wrong += [f"{path} {size} {width}: {more} px too wide"] if more > 0 else []
            for size in axe_sizes:
                set_size(page, size)
                found = faults(page, *(() if size == "standard" else BY_SIZE))
                wrong += [f"{path} {size} {width}: {one}" for one in found]
    return wrong


def test_every_page_of_residents_passes_in_every_size(town, open_page):
    paths = addresses(Client(), town.things, is_public=True)
    assert len(paths) > 10
    wrong = look_at_all(open_page(), paths)
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("part", range(PARTS))
def test_every_page_of_staff_passes_in_every_size(town, open_page, live_server, part):
    page, client = open_page(), town.browser("keeper")
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies(
        [{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}]
    )
    paths = addresses(client, town.things, is_public=False)
    assert len(paths) > 40
    wrong = look_at_all(page, paths[part::PARTS])
    assert not wrong, "\n".join(wrong)


def test_a_page_comes_in_the_size_that_was_chosen(town, open_page, live_server):
    page = open_page()
    for size, words in SIZES.items():
        page.context.add_cookies([{"name": SIZE_COOKIE, "value": size, "url": live_server.url}])
        page.goto("/find/")
        said = page.locator("html").get_attribute("class") or ""
        assert [word for word in said.split() if word.startswith("elder")] == words.split()
