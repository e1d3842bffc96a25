"""Promises on the working calendar: when they fall due, and why."""

from datetime import date, datetime, time, timedelta

import pytest

from linli.kernel import worktime
from linli.kernel.clock import BEIJING
from linli.kernel.worktime import Day, Hours, Limit, Unit, WorkCalendar


def off(first: str, last: str, name: str) -> dict[date, Day]:
    """Return the weekdays of a holiday."""
    start, end = date.fromisoformat(first), date.fromisoformat(last)
    days = [start + timedelta(days=n) for n in range((end - start).days + 1)]
    return {day: Day(False, name) for day in days if day.weekday() < 5}


def work(*days: str) -> dict[date, Day]:
    """Return make-up workdays."""
    return {date.fromisoformat(day): Day(True, "调休上班") for day in days}


STATE = WorkCalendar(
    hours=Hours(time(8, 30), time(12), time(14), time(18)),
    days={
        **off("2024-10-01", "2024-10-07", "国庆节"),
        **work("2024-09-29", "2024-10-12", "2025-01-26", "2025-02-08"),
        **off("2025-01-01", "2025-01-01", "元旦"),
        **off("2025-01-28", "2025-02-04", "春节"),
        **off("2026-02-15", "2026-02-23", "春节"),
        **work("2026-02-14", "2026-02-28"),
    },
    years=frozenset({2024, 2025, 2026}),
)


def at(text: str) -> datetime:
    """Return a moment on the community's clock."""
    return datetime.fromisoformat(text).replace(tzinfo=BEIJING)


def due(start: str, amount: int, unit: str) -> datetime:
    """Return the deadline as the community's clock shows it."""
    return worktime.due_at(at(start), Limit(amount, Unit(unit)), STATE).astimezone(BEIJING)


@pytest.mark.parametrize(
    ("reported", "due_on"),
    [
        ("2024-09-26", "2024-09-30"),  # over a weekend of which one day is worked
        ("2024-09-29", "2024-10-09"),  # from a make-up Sunday over the national holiday
        ("2025-01-24", "2025-02-05"),  # over the spring festival
        ("2026-02-12", "2026-02-24"),
        ("2026-03-06", "2026-03-11"),  # an ordinary weekend
    ],
)
@pytest.mark.parametrize("clock", ["00:00", "10:30", "23:59"])
def test_three_working_days_end_at_closing_time(reported, due_on, clock):
    assert due(f"{reported}T{clock}", 3, "work_day") == at(f"{due_on}T18:00")


def test_hours_run_through_nights_and_days_off():
    assert due("2024-10-01T23:00", 2, "hour") == at("2024-10-02T01:00")


@pytest.mark.parametrize(
    ("reported", "hours", "due_at"),
    [
        ("2026-11-20T09:00", 2, "2026-11-20T11:00"),
        ("2026-11-20T11:30", 2, "2026-11-20T15:30"),  # over lunch
        ("2026-11-20T10:00", 2, "2026-11-20T12:00"),  # ends with the morning, not after lunch
        ("2026-11-20T17:00", 2, "2026-11-23T09:30"),  # over the weekend
        ("2026-11-20T12:30", 2, "2026-11-20T16:00"),  # reported at lunch
        ("2026-11-20T03:00", 1, "2026-11-20T09:30"),  # before opening
        ("2026-11-21T10:00", 8, "2026-11-24T09:00"),  # on a day off; a day has seven and a half
        ("2024-09-30T17:00", 2, "2024-10-08T09:30"),  # over a holiday
    ],
)
def test_working_hours_skip_lunch_nights_and_days_off(reported, hours, due_at):
    assert due(reported, hours, "work_hour") == at(due_at)


@pytest.mark.parametrize(
    ("reported", "due_at"),
    [
        ("2026-11-20T06:00", "2026-11-20T18:00"),
        ("2026-11-20T17:59", "2026-11-20T18:00"),
        ("2026-11-20T18:00", "2026-11-23T18:00"),  # closed: nobody is asked for the impossible
        ("2026-11-22T09:00", "2026-11-23T18:00"),
        ("2024-09-28T09:00", "2024-09-29T18:00"),  # the make-up Sunday is a working day
    ],
)
def test_reported_today_is_done_today(reported, due_at):
    assert due(reported, 1, "same_day") == at(due_at)


def test_without_a_lunch_break_the_day_is_one_stretch():
    calendar = WorkCalendar(hours=Hours(time(9), None, None, time(17)))
    start = at("2026-11-20T11:00")
    assert worktime.add_working_hours(start, 6, calendar) == at("2026-11-20T17:00")


@pytest.mark.parametrize(
    "times",
    [
        (time(9), None, None, time(9)),
        (time(9), time(12), None, time(18)),
        (time(9), None, time(13), time(18)),
        (time(9), time(13), time(12), time(18)),
        (time(9), time(12), time(19), time(18)),
    ],
)
def test_hours_out_of_order_are_no_hours(times):
    with pytest.raises(ValueError, match="in order"):
        Hours(*times)


@pytest.mark.parametrize("amount", [0, -1, 10_000])
def test_a_limit_has_a_sensible_amount(amount):
    with pytest.raises(ValueError, match="1 to 9999"):
        Limit(amount, Unit.HOUR)


def test_a_stored_unit_is_taken_by_its_name_and_no_other():
    assert Limit(2, "hour").unit is Unit.HOUR
    with pytest.raises(ValueError, match="fortnight"):
        Limit(2, "fortnight")


# --- the promise and its working ---


@pytest.mark.parametrize(
    ("reported", "amount", "unit", "text", "why"),
    [
        (
            "2024-09-26T10:00",
            3,
            "work_day",
            "9 月 30 日（周一）18:00 前",
            "3 个工作日，从 9 月 27 日（周五）算起；跳过 9 月 28 日（周六）；"
            "9 月 29 日（周日）调休上班，计 1 日",
        ),
        (
            "2026-11-20T17:00",
            3,
            "work_day",
            "11 月 25 日（周三）18:00 前",
            "3 个工作日，从 11 月 23 日（周一）算起；跳过 11 月 21 日（周六）、11 月 22 日（周日）",
        ),
        (
            "2024-09-29T10:00",
            3,
            "work_day",
            "10 月 9 日（周三）18:00 前",
            "3 个工作日，从 9 月 30 日（周一）算起；跳过 10 月 1 日至 7 日（国庆节）",
        ),
        (
            "2024-12-31T10:00",
            1,
            "work_day",
            "2025 年 1 月 2 日（周四）18:00 前",
            "1 个工作日，从 2025 年 1 月 2 日（周四）算起；跳过 1 月 1 日（周三）元旦",
        ),
        (
            "2025-01-27T10:00",
            1,
            "work_day",
            "2 月 5 日（周三）18:00 前",
            "1 个工作日，从 2 月 5 日（周三）算起；跳过 1 月 28 日至 2 月 4 日（春节）",
        ),
        (
            "2026-12-21T09:00",
            15,
            "work_day",
            "2027 年 1 月 11 日（周一）18:00 前",
            "15 个工作日，从 12 月 22 日（周二）算起；跳过周末 6 天；"
            "2027 年放假安排还没有导入，先按周末推算",
        ),
        (
            "2026-11-20T23:00",
            2,
            "hour",
            "11 月 21 日（周六）01:00 前",
            "2 小时，夜间和休息日也算在内",
        ),
        (
            "2026-11-20T10:30",
            2,
            "work_hour",
            "11 月 20 日（周五）14:30 前",
            "2 个工作小时（08:30–12:00、14:00–18:00）",
        ),
        (
            "2024-09-28T10:00",
            2,
            "work_hour",
            "9 月 29 日（周日）10:30 前",
            "2 个工作小时（08:30–12:00、14:00–18:00），从 9 月 29 日（周日）08:30 算起；"
            "跳过 9 月 28 日（周六）；9 月 29 日（周日）调休上班",
        ),
        ("2026-11-20T09:00", 1, "same_day", "11 月 20 日（周五）18:00 前", "当天的事当天办"),
        (
            "2026-11-20T19:00",
            1,
            "same_day",
            "11 月 23 日（周一）18:00 前",
            "当天的事当天办；11 月 20 日（周五）19:00 已经下班，顺延到下一个工作日；"
            "跳过 11 月 21 日（周六）、11 月 22 日（周日）",
        ),
        (
            "2026-11-22T09:00",
            1,
            "same_day",
            "11 月 23 日（周一）18:00 前",
            "当天的事当天办；11 月 22 日（周日）不上班，顺延到下一个工作日",
        ),
    ],
)
def test_a_promise_is_told_with_its_working(reported, amount, unit, text, why):
    promise = worktime.explain(at(reported), Limit(amount, unit), STATE)
    assert (promise.text, promise.why) == (text, why)
    assert promise.due_at == due(reported, amount, unit)


def test_a_holiday_without_a_name_is_told_as_a_day_off():
    calendar = WorkCalendar(days={date(2026, 11, 23): Day(False)}, years=frozenset({2026}))
    promise = worktime.explain(at("2026-11-20T09:00"), Limit(1, "work_day"), calendar)
    assert "跳过 11 月 21 日至 23 日（放假）" in promise.why


# --- time as people say it ---

NOW = at("2026-11-20T12:00")


@pytest.mark.parametrize(
    ("moment", "words"),
    [
        ("2026-11-20T09:40", "今天 09:40"),
        ("2026-11-19T08:12", "昨天 08:12"),
        ("2026-11-21T18:00", "明天 18:00"),
        ("2026-11-18T08:12", "11 月 18 日 08:12"),
        ("2025-11-19T08:12", "2025 年 11 月 19 日 08:12"),
    ],
)
def test_moments_are_told_in_human_words(moment, words):
    assert worktime.human_moment(at(moment), NOW) == words


def test_yesterday_is_yesterday_over_new_year():
    assert worktime.human_moment(at("2025-12-31T23:00"), at("2026-01-01T08:00")) == "昨天 23:00"


@pytest.mark.parametrize(
    ("due_at", "words"),
    [
        ("2026-11-20T15:48", "剩 3 小时 48 分"),
        ("2026-11-22T10:00", "剩 1 天 22 小时"),
        ("2026-11-20T12:05", "剩 5 分"),
        ("2026-11-20T14:00", "剩 2 小时"),
        ("2026-11-21T12:30", "剩 1 天"),
        ("2026-11-20T12:00:30", "剩不到 1 分"),
        ("2026-11-20T03:51", "已超 8 小时 9 分"),
    ],
)
def test_what_is_left_is_told_in_human_words(due_at, words):
    assert worktime.human_left(at(due_at), NOW) == words


def test_two_days_of_suspension_give_two_days_back():
    due_at = at("2026-11-25T18:00")
    resumed = worktime.shift(
        due_at,
        stopped_at=at("2026-11-23T10:00"),
        resumed_at=at("2026-11-25T10:00"),
        unit=Unit.WORK_DAY,
        calendar=STATE,
    )
    assert resumed == at("2026-11-27T18:00")
