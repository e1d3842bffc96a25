"""The tenant's calendar: installed, imported, set by hand, and told to whoever keeps deadlines."""

from datetime import UTC, date, datetime, time

import pytest
from django.db import transaction

from linli.kernel import calendar, clock, tenancy, worktime
from linli.kernel.actor import Actor, ActorKind, Grant, system
from linli.kernel.calendar_file import read_year
from linli.kernel.errors import BadInput, NotAllowed
from linli.kernel.models import CalendarDay, EventRow
from linli.kernel.worktime import Limit, Unit

HERE, THERE = 101, 102
NOW = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)
LEAD = Actor(HERE, ActorKind.STAFF, name="社区书记", grants=(Grant("kernel.calendar"),))
CLERK = Actor(HERE, ActorKind.STAFF, name="社工", grants=(Grant("cases.accept"),))

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _here():
    calendar.forget()
    with tenancy.tenant(HERE):
        yield
    calendar.forget()


def three_working_days_from(day: str) -> date:
    """Return when three working days are over on the tenant's calendar."""
    start = datetime.fromisoformat(f"{day}T02:00+00:00")
    due_at = worktime.due_at(start, Limit(3, Unit.WORK_DAY), calendar.load())
    return clock.local(due_at).date()


@pytest.mark.parametrize(
    ("reported", "due_on"),
    [
        ("2024-09-26", "2024-09-30"),
        ("2024-09-29", "2024-10-09"),
        ("2025-01-24", "2025-02-05"),
        ("2026-02-12", "2026-02-24"),
    ],
)
def test_installed_years_keep_the_promises_of_the_state_calendar(reported, due_on):
    installed = calendar.install_known_years(first_year=2024, actor=LEAD, now=NOW)
    assert {2024, 2025, 2026} <= set(installed)
    assert three_working_days_from(reported) == date.fromisoformat(due_on)


def test_a_new_tenant_counts_weekends_and_the_usual_hours():
    assert three_working_days_from("2024-09-29") == date(2024, 10, 2)
    assert calendar.load().hours == worktime.Hours()


def test_known_years_are_installed_once():
    calendar.install_known_years(first_year=2025, actor=system(HERE), now=NOW)
    days = CalendarDay.objects.count()
    assert calendar.install_known_years(first_year=2025, actor=system(HERE), now=NOW) == []
    assert CalendarDay.objects.count() == days
    assert calendar.years()[-1].year == 2025


def test_days_carry_the_holidays_name():
    calendar.install_year(year=2024, actor=LEAD, now=NOW)
    names = {day.date: day.name for day in calendar.days_of(2024)}
    assert names[date(2024, 10, 1)] == "国庆节"
    assert names[date(2024, 9, 29)] == "国庆节调休上班"
    assert date(2024, 10, 5) not in names  # a Saturday off is as its weekday says


def test_a_year_that_is_not_published_is_refused_in_words():
    year = calendar.published_years().stop
    with pytest.raises(calendar.YearNotPublished, match=f"{year} 年的放假安排还没有收录"):
        calendar.install_year(year=year, actor=LEAD, now=NOW)
    assert not calendar.load().years


def test_a_day_set_by_hand_counts_and_outlives_a_new_installation():
    calendar.install_year(year=2026, actor=LEAD, now=NOW)
    storm = date(2026, 11, 23)
    calendar.edit_day(day=storm, is_workday=False, name="台风停工", actor=LEAD, now=NOW)
    calendar.edit_day(day=date(2026, 10, 1), is_workday=True, actor=LEAD, now=NOW)
    calendar.install_year(year=2026, actor=LEAD, now=NOW)
    assert calendar.load().days[storm] == (False, "台风停工")
    assert calendar.load().is_workday(date(2026, 10, 1))
    assert three_working_days_from("2026-11-20") == date(2026, 11, 26)


def test_a_days_name_is_short():
    with pytest.raises(BadInput, match="最多 30 个字"):
        calendar.edit_day(
            day=date(2026, 11, 23), is_workday=False, name="长" * 31, actor=LEAD, now=NOW
        )


def test_working_hours_are_the_tenants_own():
    calendar.set_working_hours(opens_at=time(9), closes_at=time(17, 30), actor=LEAD, now=NOW)
    calendar.set_working_hours(
        opens_at=time(9),
        closes_at=time(17),
        lunch_starts_at=time(12),
        lunch_ends_at=time(13),
        actor=LEAD,
        now=NOW,
    )
    assert calendar.load().hours == worktime.Hours(time(9), time(12), time(13), time(17))
    due_at = worktime.same_day(NOW, calendar.load())
    assert clock.local(due_at).time() == time(17)


def test_hours_out_of_order_are_refused_and_nothing_changes():
    with pytest.raises(BadInput, match="按先后来"):
        calendar.set_working_hours(opens_at=time(18), closes_at=time(9), actor=LEAD, now=NOW)
    assert calendar.get_hours() == worktime.Hours()


CHANGES = [
    lambda actor: calendar.install_year(year=2025, actor=actor, now=NOW),
    lambda actor: calendar.install_known_years(first_year=2025, actor=actor, now=NOW),
    lambda actor: calendar.import_days(year=2027, content=FILE, actor=actor, now=NOW),
    lambda actor: calendar.edit_day(day=date(2026, 11, 23), is_workday=False, actor=actor, now=NOW),
    lambda actor: calendar.set_working_hours(
        opens_at=time(9), closes_at=time(17), actor=actor, now=NOW
    ),
]


@pytest.mark.parametrize("change", CHANGES)
def test_only_whoever_keeps_the_calendar_changes_it(change):
    with pytest.raises(NotAllowed):
        change(CLERK)
    assert not EventRow.objects.exists()
    change(LEAD)
    assert EventRow.objects.exists()


def test_every_change_is_told_with_its_facts():
    calendar.install_year(year=2025, actor=LEAD, now=NOW)
    calendar.edit_day(day=date(2026, 11, 23), is_workday=False, actor=LEAD, now=NOW)
    calendar.set_working_hours(opens_at=time(9), closes_at=time(17), actor=LEAD, now=NOW)
    told = {event.name: event.data for event in EventRow.objects.all()}
    assert told["calendar.year.installed"]["year"] == 2025
    assert told["calendar.day.edited"] == {"day": "2026-11-23", "is_workday": False}
    assert told["calendar.hours.set"]["closes_at"] == "17:00"
    assert told["calendar.hours.set"]["lunch_starts_at"] == ""


def test_another_tenants_calendar_is_its_own():
    calendar.edit_day(day=date(2026, 11, 23), is_workday=False, actor=LEAD, now=NOW)
    with tenancy.tenant(THERE):
        assert calendar.load().is_workday(date(2026, 11, 23))
        assert calendar.days_of(2026) == []


# --- what is remembered, and for how long ---


@pytest.mark.django_db(transaction=True)
def test_the_calendar_is_read_once_and_a_change_is_seen_at_once(django_assert_num_queries):
    with django_assert_num_queries(3):
        calendar.load()
    with django_assert_num_queries(0):
        calendar.load()
    calendar.edit_day(day=date(2026, 11, 23), is_workday=False, actor=LEAD, now=NOW)
    assert not calendar.load().is_workday(date(2026, 11, 23))


@pytest.mark.django_db(transaction=True)
def test_what_another_process_changed_is_seen_within_half_a_minute(monkeypatch):
    calendar.load()
    CalendarDay.objects.create(date=date(2026, 11, 23), is_workday=False, name="", source="edited")
    assert calendar.load().is_workday(date(2026, 11, 23))
    later = calendar.clockwork.monotonic() + calendar.TTL_SECONDS
    monkeypatch.setattr(calendar.clockwork, "monotonic", lambda: later)
    assert not calendar.load().is_workday(date(2026, 11, 23))


@pytest.mark.django_db(transaction=True)
def test_a_change_that_was_rolled_back_is_not_remembered():
    with transaction.atomic():
        calendar.edit_day(day=date(2026, 11, 23), is_workday=False, actor=LEAD, now=NOW)
        assert not calendar.load().is_workday(date(2026, 11, 23))
        transaction.set_rollback(True)
    assert calendar.load().is_workday(date(2026, 11, 23))


# --- the warning in November ---


def test_staff_are_told_from_november_on_that_next_year_is_missing():
    calendar.install_year(year=2026, actor=LEAD, now=NOW)
    assert calendar.find_year_warning(date(2026, 10, 31)) is None
    warning = calendar.find_year_warning(date(2026, 11, 1))
    assert warning is not None
    assert warning.startswith("2027 年放假安排还没有导入，目前只按周末推算")
    calendar.import_days(year=2027, content=FILE, actor=LEAD, now=NOW)
    assert calendar.find_year_warning(date(2026, 11, 1)) is None


def test_a_year_that_runs_without_its_calendar_is_told_all_year():
    warning = calendar.find_year_warning(date(2027, 3, 1))
    assert warning is not None
    assert warning.startswith("2027 年")


# --- a file with the year's days ---

FILE = """日期,类型,名称
2027-01-01,放假,元旦
2027年1月2日,周末,
2027/2/20,上班,春节调休上班
2027.2.6,放假,除夕

20270208,放假,春节
""".encode()


def test_a_file_gives_a_year_its_days():
    calendar.import_days(year=2027, content=FILE, actor=LEAD, now=NOW)
    days = calendar.load().days
    assert days == {
        date(2027, 1, 1): (False, "元旦"),
        date(2027, 2, 20): (True, "春节调休上班"),
        date(2027, 2, 8): (False, "春节"),
    }
    assert calendar.years()[0].source == "imported"


def test_a_file_as_spreadsheets_save_it_is_read():
    text = FILE.decode()
    assert read_year(text.encode("gb18030"), 2027) == read_year(text.encode("utf-8-sig"), 2027)


def test_a_file_that_lists_every_day_with_a_number_is_read():
    content = (
        b"date,weekday,is_workday,kind,name\n2027-01-01,5,0,holiday,x\n2027-01-02,6,0,weekend,\n"
    )
    assert read_year(content, 2027).days == {date(2027, 1, 1): (False, "x")}


def test_a_file_with_mistakes_is_refused_row_by_row_and_nothing_changes():
    content = """日期,类型,名称
2027-13-01,放假,元旦
明天,放假,
2026-01-01,放假,元旦
2027-01-01,开心,元旦
2027-01-01,放假,元旦
2027-01-01,放假,又是元旦
2027-01-04
2027-01-05,放假,{}
""".format("长" * 31).encode()
    with pytest.raises(calendar.BadCalendarFile, match="7 处要改") as refused:
        calendar.import_days(year=2027, content=content, actor=LEAD, now=NOW)
    assert [(error.line, error.message) for error in refused.value.errors] == [
        (2, "“2027-13-01”不是日期，写成 2027-10-01 这样。"),
        (3, "“明天”不是日期，写成 2027-10-01 这样。"),
        (4, "2026-01-01 不在 2027 年里。"),
        (5, "“开心”看不出是上班还是放假，写“上班”或“放假”。"),
        (7, "1 月 1 日前面已经有一行，留一行就可以。"),
        (8, "“”看不出是上班还是放假，写“上班”或“放假”。"),
        (9, "名称太长，最多 30 个字。"),
    ]
    assert calendar.days_of(2027) == []


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "第一行要有列名"),
        ("日期,名称\n2027-01-01,元旦".encode(), "现在缺少：类型"),
        ("日期,类型\n".encode() + b"2027-01-01,0\n" * 1001, "不会超过 1000 行"),
    ],
)
def test_a_file_of_another_kind_is_told_so(content, message):
    with pytest.raises(calendar.BadCalendarFile) as refused:
        calendar.import_days(year=2027, content=content, actor=LEAD, now=NOW)
    assert message in refused.value.errors[0].message


def test_a_file_of_plain_weekdays_says_nothing_and_is_refused():
    content = "日期,类型\n2027-01-04,上班\n".encode()
    with pytest.raises(calendar.BadCalendarFile, match="没有和平常周末不一样的日子"):
        calendar.import_days(year=2027, content=content, actor=LEAD, now=NOW)
