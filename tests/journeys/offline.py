"""What stories of a lost network have in common: a case in somebody's hands, a phone that keeps the day,
a record written on it.
"""

from datetime import timedelta

from playwright.sync_api import expect

from linli.cases.services import desk, handling
from linli.cases.tests.makers import make_case
from linli.kernel import clock
from tests.journeys.acting import picture, until

# What the bar says, some of it for a moment only.
LISTENS = """window.heard = []; new MutationObserver(() => {
    const bar = document.getElementById("outbox");
    if (bar && bar.textContent !== heard.at(-1)) heard.push(bar.textContent);
}).observe(document, {childList: true, subtree: true, characterData: true})"""


def in_hand(world, text):
    now = clock.now()
    case = make_case(world, at=now - timedelta(hours=1), text=text)
    desk.assign_case(case_id=case.pk, post_id=world.grid_post.pk, actor=world.desk, now=now)
    return handling.take_case(case_id=case.pk, actor=world.lin, now=now)


def heard(page, words):
    """Wait until the bar has said so, also when it says something else by now."""
    until(page, f"heard.some(words => words.includes({words!r}))")


def write(page, link, text, *, photo=None, step="说说进展"):
    page.goto(link)
    page.get_by_label(step).check(force=True)
    page.get_by_label("做了什么").fill(text)
    if photo:
        page.locator("input[type=file]").set_input_files([picture(photo)])
        expect(page.locator(".photos__one")).to_have_count(1)
    page.get_by_role("button", name="记在手机上").click()
    page.wait_for_url("**/field/")
