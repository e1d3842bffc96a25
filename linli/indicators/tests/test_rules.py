"""Rules: periods by name, shares with how sure they are, what needs attention, how facts differ."""

from datetime import date
from math import inf

import pytest

from linli.indicators.rules import measures
from linli.indicators.rules.attention import Situation, findings, worst
from linli.indicators.rules.figures import Figure, Unit, rate_of, total
from linli.indicators.rules.periods import period_of, read_period, steps_of
from linli.indicators.rules.shares import Rate, median, share
from linli.indicators.selectors import words


def test_the_hot_colour_is_for_the_one_or_two_that_are_late_most_beyond_the_rest():
    assert worst({"a/": (5, 20), "b/": (5, 20), "c/": (5, 20)}) == set()  # all alike
    assert worst({"a/": (9, 20), "b/": (8, 20), "c/": (7, 20), "d/": (0, 40)}) == {"a/", "b/"}
    assert worst({"a/": (1, 1), "b/": (20, 40), "c/": (0, 40)}) == {"b/"}  # one case says little
    assert worst({"a/": (3, 3)}) == worst({}) == set()


def test_a_change_is_written_with_its_sign_and_none_where_it_rounds_to_nothing():
    assert words.change(-8.24, 1, "个百分点") == "−8.2 个百分点"
    assert words.change(1200.0, 0) == "+1,200"
    assert words.change(-0.04, 1, "天") == words.change(0.0, 1) == words.change(0.4, 0) == "持平"


@pytest.mark.parametrize("name", ["2026-W10", "2026-03", "2026-Q1", "2026", "2020-W53"])
def test_a_period_is_called_as_it_was_named(name):
    assert read_period(name).name == name


@pytest.mark.parametrize(
    "name", ["", "2026-13", "2026-W54", "2025-W53", "2026-Q5", "1999", "2100", "heute", "２０２６"]
)
def test_what_is_no_period_is_none(name):
    assert read_period(name) is None


def test_weeks_begin_on_monday_and_may_belong_to_the_other_year():
    week = period_of("week", date(2027, 1, 1))
    assert (week.first_day, week.last_day, week.name) == (
        date(2026, 12, 28), date(2027, 1, 3), "2026-W53",
    )  # fmt: skip
    assert week.after().name == "2027-W01"


def test_half_a_month_is_held_against_half_a_month():
    march = read_period("2026-03")
    assert march.same_part_before(date(2026, 3, 10)) == (date(2026, 2, 1), date(2026, 2, 10))
    assert march.same_part_before(date(2026, 3, 30)) == (date(2026, 2, 1), date(2026, 2, 28))
    assert march.same_part_before(date(2026, 5, 1)) == (date(2026, 2, 1), date(2026, 2, 28))
    assert march.until(date(2026, 3, 10)) == date(2026, 3, 10)
    assert march.until(date(2027, 1, 1)) == date(2026, 3, 31)


@pytest.mark.parametrize(
    ("name", "steps", "span"),
    [
        ("2026-W10", 7, "day"),
        ("2026-02", 28, "day"),
        ("2026-Q1", 14, "week"),
        ("2026", 12, "month"),
    ],
)
def test_a_chart_has_a_step_for_each_part_and_none_outside(name, steps, span):
    period = read_period(name)
    found = steps_of(period)
    assert (len(found), {one.span for one in found}) == (steps, {span})
    assert (found[0].first_day, found[-1].last_day) == (period.first_day, period.last_day)
    assert sum(one.days for one in found) == period.days


def test_a_share_of_nothing_is_none_and_has_no_interval():
    found = share(0, 0)
    assert (found.rate, found.low, found.high) == (None, None, None)


def test_thirteen_answers_say_less_than_thirteen_hundred():
    few, many = share(12, 13), share(1200, 1300)
    assert few.low == pytest.approx(0.667, abs=0.001)
    assert few.high == pytest.approx(0.986, abs=0.001)
    assert many.high - many.low < 0.03
    assert share(3, 3).high == 1.0
    assert share(0, 5).low == pytest.approx(0.0)


def test_the_median_lies_where_half_of_them_are():
    assert median([]) is None
    assert median([(1, 0), (2, 0)]) is None
    assert median([(1, 0), (2, 4), (4, 0)]) == 1.5
    assert median([(1, 2), (2, 2)]) == 1.0
    assert median([(1, 1), (8, 0), (inf, 9)]) == 8


def test_a_rate_without_an_official_sum_has_it_twice():
    figure = Figure(code="x", name="x", unit=Unit.RATE, words="", part=("a",), whole=("b", "-c"))
    found = rate_of(figure, {"a": 1, "b": 5, "c": 1})
    assert (found.raw.part, found.raw.whole) == (1, 4)
    assert found.official == found.raw
    assert total(("missing",), {}) == 0


def situation(**facts):
    usual = {"overdue": {"": (0, 5)}, "rates": {}, "before": {}, "targets": {}, "received": {}}
    return Situation(**usual | facts)


def rate(part, whole):
    return Rate(share(part, whole), share(part, whole))


def kinds(**facts):
    return [one.kind for one in findings(situation(**facts))]


def test_nothing_to_say_is_a_good_answer():
    assert kinds() == []
    assert kinds(rates={"resolution": rate(0, 0)}, targets={"resolution": 0.9}) == []
    assert kinds(targets={"resolution": 0.9}) == []


def test_the_worst_comes_first_and_three_are_enough():
    found = kinds(
        overdue={"": (3, 4), "a/": (1, 2), "b/": (2, 2)},
        rates={"resolution": rate(10, 40), "satisfaction": rate(5, 40)},
        before={"satisfaction": rate(38, 40)},
        targets={"resolution": 0.9},
        received={"noise": (30, 5)},
        reopened=(6, 40),
    )
    assert found[0] == "overdue"
    assert len(found) == 3


def test_the_area_with_most_that_is_late_is_named():
    (one,) = findings(situation(overdue={"": (3, 4), "a/": (1, 2), "b/": (2, 2)}))
    assert (one.subject, one.number, one.value) == ("b/", 3, 2)
    (one,) = findings(situation(overdue={"": (1, 1)}))
    assert one.subject == ""


def test_what_chance_explains_is_no_finding():
    assert kinds(rates={"resolution": rate(4, 5)}, targets={"resolution": 0.9}) == []
    assert kinds(rates={"x": rate(8, 10)}, before={"x": rate(10, 10)}) == []
    assert kinds(rates={"x": rate(2, 40)}, before={"x": rate(38, 40)}) == ["fell"]
    assert kinds(rates={"x": rate(2, 4)}, before={"x": rate(0, 0)}) == []
    assert kinds(received={"noise": (6, 3), "light": (4, 0)}) == []
    assert kinds(received={"noise": (20, 4)}) == ["rose"]
    assert kinds(reopened=(4, 10)) == []
    assert kinds(reopened=(6, 30)) == ["again"]


def fact(day="2026-03-02", *, path="a/b/", organisation="", took="", **counts):
    days = dict.fromkeys(measures.DAYS) | {"reported_on": day}
    row = {"id": 1, "tenant_id": 1, "is_confidential": False, "area_path": path, "took": took,
           "category": "rubbish", "organisation": organisation, **days}  # fmt: skip
    row |= dict.fromkeys(measures.CODES, 0) | counts
    return tuple(row[name] for name in measures.FACT)


def test_what_does_not_change_moves_nothing():
    assert measures.differences([fact(received=1)], [fact(received=1)]) == {}


def test_another_place_takes_the_number_along_on_every_level():
    moved = measures.differences([fact(received=1)], [fact(received=1, path="a/c/")])
    cells = measures.spread(moved)
    at = measures.CODES.index("received")
    found = {cell[0]: counts[at] for cell, counts in cells.items() if cell[1] == ""}
    assert found == {"a/b/": -1, "a/c/": 1}  # the district's stays


def test_a_day_that_is_none_counts_nowhere():
    assert measures.differences([], [fact(day=None, received=1)]) == {}


def test_every_measure_has_a_day_and_every_code_is_there_once():
    assert len(set(measures.CODES)) == len(measures.CODES)
    assert {one.day for one in measures.MEASURES} == set(measures.DAYS)
    assert measures.above("a/b/c/") == ["a/", "a/b/", "a/b/c/"]
