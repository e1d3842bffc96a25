"""Phones as people write them, passwords as people choose them, codes and sessions in time."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.people import rules

NINE = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
HALF_DAY = rules.SessionLimits(age=timedelta(hours=12), idle=timedelta(hours=2))


@pytest.mark.parametrize(
    ("written", "phone"),
    [
        ("10000000001", "10000000001"),
        (" 100 0000 0001 ", "10000000001"),
        ("100-0000-0001", "10000000001"),
        ("１００００００ ０００１", "10000000001"),
        ("+86 100 0000 0001", "10000000001"),
        ("＋８６10000000001", "10000000001"),
        ("0086 10000000001", "10000000001"),
        ("8610000000001", "10000000001"),
        ("0518-86210000", "051886210000"),
        ("0518 8621000", "05188621000"),
        ("(010) 8888 8888", "01088888888"),
        ("（０１０）88888888", "01088888888"),
        ("+86 518 8621 0000", "051886210000"),
        ("+86 10 8888 8888", "01088888888"),
        ("+86 21 8888 8888", "02188888888"),
    ],
)
def test_a_phone_is_understood_however_it_is_written(written, phone):
    assert rules.normalise_phone(written) == phone


@pytest.mark.parametrize(
    "written",
    [
        "", "   ", "1234567", "86210000", "1000000000", "100000000011", "010 888", "12345",
        "not a phone", "１００００００000x", "+1 202 555 0100", "00112025550100", "0118888888888",
        "٠١٢٣٤٥٦٧٨٩٠", "1" * 40,
    ],
)  # fmt: skip
def test_what_cannot_be_called_is_no_phone(written):
    assert rules.normalise_phone(written) is None


@given(st.text(max_size=30))
def test_a_phone_that_was_understood_stays_itself(text):
    phone = rules.normalise_phone(text)
    assert phone is None or rules.normalise_phone(phone) == phone


@pytest.mark.parametrize(
    ("password", "login", "weakness"),
    [
        ("nine char", "lin", "short"),
        ("", "lin", "short"),
        ("1234567890", "lin", "common"),
        ("Password123", "lin", "common"),
        ("pass word 123", "lin", "common"),
        ("aaaaaaaaaaab", "lin", "common"),
        ("abcdefghijkl", "lin", "common"),
        ("98765432109876543210", "lin", ""),
        ("wang.fang123", "wang.fang", "like_login"),
        ("wang.fang and the quiet yard", "wang.fang", ""),
        ("a quiet courtyard", "lin", ""),
        ("院子里有两棵枣树呀", "lin", "short"),
        ("院子里有两棵老枣树呢呀", "lin", ""),
        ("something else", "", ""),
    ],
)
def test_a_password_is_refused_when_others_would_guess_it(password, login, weakness):
    assert rules.weakness(password, login=login) == weakness


def test_the_fifth_failure_in_a_row_locks_for_a_quarter_of_an_hour():
    count, locked_until = 0, None
    for _try in range(4):
        count, locked_until = rules.failures_after(count, NINE)
        assert locked_until is None
    assert rules.failures_after(count, NINE) == (0, NINE + timedelta(minutes=15))


def test_the_first_code_goes_out_at_once_and_the_next_after_a_minute():
    assert rules.code_wait([], NINE) <= timedelta(0)
    assert rules.code_wait([NINE], NINE + timedelta(seconds=20)) == timedelta(seconds=40)
    assert rules.code_wait([NINE], NINE + timedelta(seconds=60)) == timedelta(0)


def test_ten_codes_a_day_are_enough():
    sent = [NINE + timedelta(minutes=2 * n) for n in range(10)]
    assert rules.code_wait(sent, NINE + timedelta(hours=1)) == timedelta(hours=23)
    assert rules.code_wait(sent[:9], NINE + timedelta(hours=1)) <= timedelta(0)
    assert rules.code_wait(sent, NINE + timedelta(days=1)) <= timedelta(0)


@pytest.mark.parametrize(
    ("since", "seen", "is_alive"),
    [
        (timedelta(hours=1), timedelta(minutes=1), True),
        (timedelta(hours=12), timedelta(minutes=1), False),
        (timedelta(hours=5), timedelta(hours=2), False),
        (timedelta(hours=5), timedelta(hours=1, minutes=59), True),
    ],
)
def test_a_session_ends_by_age_and_by_idleness(since, seen, is_alive):
    found = rules.is_session_alive(since=NINE - since, seen=NINE - seen, limits=HALF_DAY, now=NINE)
    assert found is is_alive


@pytest.mark.parametrize(
    ("first", "second", "head"),
    [
        ("1/2/3/", "1/2/3/g1/", "1/2/3/"),
        ("1/2/3/", "1/2/4/", "1/2/"),
        ("1/2/3/", "1/", "1/"),
        ("", "1/2/", ""),
        ("1/2/", "12/", ""),
        ("1/2/3/", "1/2/33/", "1/2/"),
    ],
)
def test_two_areas_meet_where_their_paths_part(first, second, head):
    assert rules.common_head(first, second) == head
