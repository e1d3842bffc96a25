"""The lead keeps the working calendar in pages made for it; nobody else finds them."""

from datetime import date
from io import BytesIO

import pytest
from django.urls import reverse

from linli.kernel import calendar
from linli.kernel.views.calendar import runs_of
from linli.kernel.workdays import Day, WorkCalendar

pytestmark = pytest.mark.django_db
YEAR = reverse("kernel:calendar") + "?year=2025"
ROUTES = {
    "calendar": ("get", []),
    "calendar_day": ("post", []),
    "calendar_hours": ("post", []),
    "calendar_install": ("post", [2025]),
    "calendar_import": ("post", [2025]),
    "calendar_confirm": ("post", [2025]),
}


def post(client, name, data, *args):
    return client.post(reverse(f"kernel:{name}", args=args), data)


def a_file(text: str) -> BytesIO:
    file = BytesIO(text.encode("gb18030"))
    file.name = "假期.csv"
    return file


def test_a_year_is_installed_and_shown_with_words_not_only_colours(cast, sign_in):
    lead = sign_in("lead")
    assert "还没有放假安排" in lead.get(YEAR).content.decode()
    assert post(lead, "calendar_install", {}, 2025).status_code == 302
    page = lead.get(YEAR).content.decode()
    assert "国庆节" in page
    assert "<i>休</i>" in page
    assert "<i>班</i>" in page


def test_a_file_with_mistakes_changes_nothing_and_says_where(cast, sign_in):
    lead = sign_in("lead")
    answer = post(
        lead, "calendar_import", {"file": a_file("日期,类型,名称\n2025-13-40,放假,没有这天")}, 2025
    )
    assert answer.status_code == 422
    assert "不是日期" in answer.content.decode()
    assert not calendar.days_of(2025)


def test_a_file_is_seen_before_it_counts(cast, sign_in):
    lead = sign_in("lead")
    text = "日期,类型,名称\n2025-10-01,放假,国庆节\n2025-10-11,上班,调休"
    page = post(lead, "calendar_import", {"file": a_file(text)}, 2025)
    assert "放假 1 天，调休上班 1 天" in page.content.decode()
    assert not calendar.days_of(2025)
    post(lead, "calendar_confirm", {"content": page.context["content"]}, 2025)
    assert [row.date for row in calendar.days_of(2025)] == [date(2025, 10, 1), date(2025, 10, 11)]


def test_one_day_and_the_hours_are_set_by_hand(cast, sign_in):
    lead = sign_in("lead")
    post(lead, "calendar_day", {"day": "2025-03-08", "is_workday": "0", "name": "妇女节"})
    post(lead, "calendar_day", {"day": "2025-03-07", "is_workday": "0", "name": "停水"})
    assert not calendar.load().is_workday(date(2025, 3, 7))
    sent = {"opens_at": "10:00", "lunch_starts_at": "14:00", "lunch_ends_at": "16:00"}
    assert post(lead, "calendar_hours", sent | {"closes_at": "19:30"}).status_code == 302
    assert post(lead, "calendar_hours", sent | {"closes_at": "09:00"}).status_code == 422
    assert f"{calendar.get_hours().closes_at:%H:%M}" == "19:30"


def test_a_slip_of_the_keyboard_is_said_at_the_field(cast, sign_in):
    answer = post(sign_in("lead"), "calendar_day", {"day": "20025-03-08", "is_workday": "0"})
    assert answer.status_code == 422


@pytest.mark.parametrize("name", ROUTES)
@pytest.mark.parametrize("who", ["desk", "lin", "mei", "zhou"])
def test_who_does_not_keep_the_calendar_finds_nothing(cast, sign_in, name, who):
    method, args = ROUTES[name]
    answer = getattr(sign_in(who), method)(reverse(f"kernel:{name}", args=args))
    assert answer.status_code == 404


def test_days_off_that_only_a_weekend_parts_are_one_run():
    days = {date(2025, 10, n): Day(False, "国庆节") for n in (1, 2, 3, 6, 7, 8)}
    rows = [(one, *said) for one, said in sorted(days.items())]
    (run,) = runs_of(rows, WorkCalendar(days=days))
    assert (run.first, run.last, run.count) == (date(2025, 10, 1), date(2025, 10, 8), 8)
