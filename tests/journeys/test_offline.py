"""The network goes and comes: in a real browser nothing is lost, nothing is doubled, nothing stays behind."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from linli.cases.models import Case, Entry, Photo
from linli.cases.services import desk, handling
from linli.cases.tests.makers import make_case
from linli.field.models import Device, Submission, Upload
from linli.kernel import clock
from tests.journeys.acting import picture

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


def in_hand(world, text):
    now = clock.now()
    case = make_case(world, at=now - timedelta(hours=1), text=text)
    desk.assign_case(case_id=case.pk, post_id=world.grid_post.pk, actor=world.desk, now=now)
    return handling.take_case(case_id=case.pk, actor=world.lin, now=now)


@pytest.fixture
def on_the_round(as_staff):
    """Open the field on a phone and wait until it keeps the day."""

    def open_as(actor):
        page = as_staff(actor, service_workers="allow")
        page.goto("/field/")
        keeps_the_day(page)
        return page

    return open_as


def keeps_the_day(page):
    until(page, "navigator.serviceWorker.controller && linliStore.get('day').then(Boolean)")


def until(page, truth):
    """Wait for something that a script can tell; the page's own policy forbids Playwright's way."""
    for _turn in range(100):
        if page.evaluate(truth):
            return
        page.wait_for_timeout(50)
    raise AssertionError(truth)


def write(page, link, text, *, photo=None, step="说说进展"):
    page.goto(link)
    page.get_by_label(step).check(force=True)
    page.get_by_label("做了什么").fill(text)
    if photo:
        page.locator("input[type=file]").set_input_files([picture(photo)])
        expect(page.locator(".photos__one")).to_have_count(1)
    page.get_by_role("button", name="记在手机上").click()
    page.wait_for_url("**/field/")


@pytest.mark.row("S4 4.8")
@pytest.mark.row("S2 2.10")
def test_three_records_with_photos_wait_for_the_network_and_come_once(world, on_the_round):
    cases = [in_hand(world, f"第 {number} 处垃圾没有清。") for number in (1, 2, 3)]
    lin = on_the_round(world.lin)
    lin.context.set_offline(True)
    lin.goto("/field/")
    expect(lin.get_by_role("heading", name="今天 3 件")).to_be_visible()
    for number, case in enumerate(cases, 1):
        write(lin, f"/field/cases/{case.pk}/", f"清了第 {number} 处。", photo="teal")
        expect(lin.locator("#outbox")).to_contain_text(f"{number} 条记录等待发送")
    expect(lin.get_by_text("已填好，等待发送")).to_have_count(3)
    assert not Submission.objects.exists()
    lin.context.set_offline(False)
    expect(lin.locator("#outbox")).to_contain_text("都发完了，3 条")
    assert Submission.objects.filter(state="taken").count() == 3
    assert Photo.objects.count() == 3
    told = Entry.objects.filter(text__startswith="清了第").order_by("created_at", "id")
    assert [one.text[:5] for one in told] == ["清了第 1", "清了第 2", "清了第 3"]
