"""What goes wrong around the product while it runs: a silent gateway, a full disk, clocks, gaps."""

import errno
import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.db import connection
from django.test import Client

from linli.cases.models import Case, DispatchMode, Photo
from linli.cases.selectors.conditions import Question
from linli.cases.selectors.queue import queue
from linli.cases.tests.makers import DAY, HOUR, MONDAY, make_case, make_post, make_staff
from linli.cases.tests.test_resident_pages import WORDS, photo, send
from linli.kernel import calendar, clock, pictures, worker
from linli.kernel.actor import system
from linli.kernel.ids import new_id
from linli.kernel.models import EventRow
from linli.messages.adapters import fake
from linli.messages.models import Delivery, Notice
from linli.posts import selectors as posts
from linli.posts.models import Holding

QUARTER = timedelta(minutes=15)


def open_door(world) -> Client:
    client = Client()
    client.get(world.report)
    return client


# The text gateway is down


@pytest.fixture
def gateway(settings):
    """Give a gateway of the real protocol on this machine."""
    with fake.serve(fake.Gateway()) as running:
        settings.SMS_URL, settings.SMS_KEY = f"{running.url}/sms", running.sms_key
        settings.PUBLIC_URL = "https://linli.example.cn"
        yield running


@pytest.mark.django_db(transaction=True)
def test_a_gateway_that_is_down_for_a_day_loses_no_text_and_staff_hear_once(world, gateway):
    start = clock.now().replace(hour=1, minute=0, second=0, microsecond=0)  # 09:00 in Beijing
    keeper_post = make_post("lead", world.community, ("messages.manage",), code="keeper")
    keeper = make_staff("汤宁", keeper_post)
    gateway.status = 500
    phones = [f"1000000000{number}" for number in range(4)]
    for number, phone in enumerate(phones):
        at = start + number * HOUR
        make_case(world, at=at, text=f"第 {number} 件。", phone=phone, consent_version="1")
        worker.tick(at)
    for quarter in range(16, 96):
        worker.tick(start + quarter * QUARTER)
    texts = Delivery.objects.filter(channel="sms")
    assert texts.filter(state="waiting").count() >= len(phones)
    assert gateway.texts == []

    gateway.status = 0
    for quarter in range(96, 120):
        worker.tick(start + quarter * QUARTER)

    assert not texts.filter(state__in=["waiting", "failed"]).exists()
    assert set(phones) <= {text["to"] for text in gateway.texts}
    keys = [text["key"] for text in gateway.texts]
    assert len(set(keys)) == len(keys)
    heard = Notice.objects.filter(account_id=keeper.account_id).order_by("id")
    lines = heard.filter(event_name__startswith="messages.line")
    assert list(lines.values_list("event_name", flat=True)) == [
        "messages.line.down",
        "messages.line.back",
    ]


# The disk is full


@pytest.fixture
def full_disk(monkeypatch):
    """Let every write of a file fail for want of room, as the system would say it."""

    def refuse(*_args, **_kwargs):
        raise OSError(errno.ENOSPC, "No space left on device")

    def fill() -> None:
        monkeypatch.setattr(pictures, "_write", refuse)

    return fill


def files() -> set[Path]:
    """Return the files of cases; photos that wait beside a form are swept after a day."""
    home = Path(default_storage.path(""))
    found = {one for one in home.rglob("*") if one.is_file()} if home.exists() else set()
    return {one for one in found if "waiting" not in one.parts}


def test_a_disk_too_full_for_photos_says_so_and_the_words_stay_on_the_page(world, full_disk):
    phone, before = open_door(world), files()
    full_disk()
    answer = send(phone, world, photos=[photo()], go="new")
    page = answer.content.decode()
    assert answer.status_code == 507
    assert "空间满了" in page
    assert WORDS in page
    assert (Case.objects.count(), Photo.objects.count()) == (0, 0)
    assert not EventRow.objects.filter(name="cases.case.reported").exists()
    assert files() == before
    assert send(phone, world, go="new").status_code == 302  # words alone still get through


@pytest.mark.django_db(transaction=True)
def test_a_database_without_room_refuses_clearly_and_writes_nothing_by_halves(world):
    if connection.vendor != "sqlite":
        pytest.skip("The limit that stands in for a full disk is SQLite's.")
    phone, before = open_door(world), files()
    with connection.cursor() as cursor:
        cursor.execute("VACUUM")
        cursor.execute("PRAGMA page_count")
        pages = cursor.fetchone()[0]
        cursor.execute(f"PRAGMA max_page_count = {pages}")
        try:
            answers = [
                send(
                    phone, world, photos=[photo()], go="new", text=f"第 {number} 件。" + "满" * 1900
                )
                for number in range(8)
            ]
        finally:
            cursor.execute("PRAGMA max_page_count = 1073741823")
    full = [answer for answer in answers if answer.status_code == 507]
    assert full
    assert "磁盘满了" in full[0].content.decode()
    assert "满满满" in full[0].content.decode()
    shown = sum(answer.status_code == 302 for answer in answers)
    assert (Case.objects.count(), Photo.objects.count()) == (shown, shown)
    assert EventRow.objects.filter(name="cases.case.reported").count() == shown
    assert len(files() - before) == 2 * shown
    assert send(open_door(world), world, go="new").status_code == 302  # there is room again


# Clocks and calendars


def test_a_clock_that_goes_back_gives_no_number_twice_and_does_nothing_again(world, caplog):
    first = make_case(world, at=MONDAY + 3 * HOUR)
    worker.tick(MONDAY + 30 * HOUR)
    done = list(EventRow.objects.filter(subject_id=first.pk).values_list("name", flat=True))

    second = make_case(world, at=MONDAY, text="又一件。")
    worker.tick(MONDAY)
    worker.tick(MONDAY + 30 * HOUR)

    assert first.number != second.number
    assert second.due_at == MONDAY + 2 * HOUR
    after = list(EventRow.objects.filter(subject_id=first.pk).values_list("name", flat=True))
    assert after == done
    assert EventRow.objects.filter(name="kernel.clock.set_back").count() == 1


def test_a_year_without_calendar_counts_weekends_alone_and_staff_are_told(world):
    calendar.install_known_years(
        first_year=2025, actor=system(world.community.tenant_id), now=MONDAY
    )
    thursday = datetime(2031, 1, 2, 1, 0, tzinfo=UTC)  # nobody has published that year's holidays
    case = make_case(world, at=thursday)
    assert clock.local(case.resolve_due_at).date() == date(2031, 1, 7)  # over one weekend
    assert "2031 年放假安排还没有导入" in calendar.find_year_warning(date(2031, 1, 2))
    assert "2031" in calendar.find_year_warning(date(2030, 11, 1))
    assert calendar.find_year_warning(date(2026, 6, 1)) is None


# Nobody there


def test_a_post_without_holder_leaves_the_case_at_the_desk_and_says_why(world):
    world.category.dispatch_mode = DispatchMode.ASSIGN
    world.category.save()
    Holding.objects.filter(post=world.grid_post).update(ends_at=MONDAY - DAY)
    posts.forget()
    case = make_case(world)
    worker.tick(MONDAY)

    assert case.state in ("reported", "assigned")
    assert [one.pk for one in queue(Question(), world.desk, MONDAY).cases] == [case.pk]
    told = Notice.objects.filter(subject_id=case.pk, account_id=world.desk.account_id)
    assert told.exists()
    assert case.handler_post_id != world.grid_post.pk


# Too much at once


def test_behind_one_address_a_house_is_served_until_its_budget_is_used_up(world):
    def report(phone: Client, words: str):
        return send(phone, world, text=words, go="new", key=str(new_id()))

    flooder = open_door(world)
    statuses = [report(flooder, f"第 {number} 件").status_code for number in range(20)]
    assert statuses.count(302) < 20
    assert 429 in statuses
    neighbours = [report(open_door(world), f"{number} 楼漏水") for number in range(20)]
    assert {answer.status_code for answer in neighbours} == {302}
    last = report(flooder, "还有")
    assert last.status_code == 429
    assert re.search("先歇一歇|稍后", last.content.decode())
