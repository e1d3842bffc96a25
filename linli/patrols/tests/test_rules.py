"""The days of a plan, what answers say."""

from datetime import date, timedelta

import pytest

from linli.field.selectors.items import Choice, Item, ItemKind
from linli.patrols import rules

MONDAY = date(2026, 3, 2)
BY_DAYS = {"weekdays": "", "every_days": 3, "starts_on": MONDAY}
BY_WEEKDAYS = {"weekdays": "135", "every_days": 1, "starts_on": MONDAY}


@pytest.mark.parametrize("plan", [BY_DAYS, BY_WEEKDAYS])
def test_planned_days_are_counted_as_they_are_named(plan):
    for length in range(1, 24):
        for start in range(-3, 9):
            first = MONDAY + timedelta(days=start)
            last = first + timedelta(days=length - 1)
            named = sum(rules.is_planned(first + timedelta(days=n), **plan) for n in range(length))
            assert rules.planned_days(first, last, **plan) == named


@pytest.mark.parametrize("plan", [BY_DAYS, BY_WEEKDAYS])
def test_the_first_day_is_planned_and_none_lies_before_it(plan):
    for start in range(-3, 12):
        day = MONDAY + timedelta(days=start)
        found = rules.first_day(day, **plan)
        assert found >= day
        assert rules.is_planned(found, **plan)
        assert rules.planned_days(day, found, **plan) == 1


def test_a_point_comes_back_on_the_next_day_of_the_week_or_after_so_many_days():
    assert rules.next_day(MONDAY, **BY_WEEKDAYS) == MONDAY + timedelta(days=2)
    assert rules.next_day(MONDAY + timedelta(days=4), **BY_WEEKDAYS) == MONDAY + timedelta(days=7)
    assert rules.next_day(MONDAY + timedelta(days=1), **BY_DAYS) == MONDAY + timedelta(days=4)


def test_only_bad_answers_are_something_to_act_on():
    way = Item(
        code="way", label="消防通道", kind=ItemKind.CHOICE,
        choices=(Choice(code="free", label="畅通"), Choice(code="shut", label="堵了", is_bad=True)),
    )  # fmt: skip
    lit = Item(code="lit", label="灯亮着吗？", kind=ItemKind.YES_NO, bad_if="no")
    note = Item(code="note", label="备注", kind=ItemKind.TEXT)
    items = (way, lit, note)
    assert rules.bad_items(items, {"way": "free", "lit": "yes", "note": "堵了"}) == []
    bad = rules.bad_items(items, {"way": "shut", "lit": "no"})
    assert rules.sentence_of(bad) == "消防通道：堵了；灯亮着吗？没有。"
    assert rules.bad_items(items, rules.fine_answers(items)) == []
    assert rules.fine_answers(items) == {"way": "free", "lit": "yes"}
