"""One list for the day: late first, then by promise, then by walk; one room's fault takes nothing away."""

from datetime import timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from linli.field import rules
from linli.field.selectors import day, today
from linli.field.selectors.day import Card
from linli.field.tests.makers import HOUR, NINE
from linli.kernel.actor import Actor, ActorKind

LIN = Actor(1, kind=ActorKind.STAFF, name="林")


def card(key, **facts):
    return Card(key=key, kind="case", title=key, why="在我手上", link=f"/field/{key}/", **facts)


def keys(cards):
    return [one.key for one in cards]


def test_late_and_urgent_come_first_then_promises_of_today_then_the_walk():
    cards = [
        card("far", lat=34.1, lon=119.0),
        card("near", lat=34.001, lon=119.0),
        card("nowhere"),
        card("tonight", due_at=NINE + 8 * HOUR),
        card("noon", due_at=NINE + 3 * HOUR),
        card("next week", due_at=NINE + timedelta(days=7), lat=34.05, lon=119.0),
        card("urgent", is_urgent=True),
        card("late", is_late=True, due_at=NINE - HOUR),
    ]
    assert keys(today.in_order(cards, NINE, (34.0, 119.0))) == [
        "late", "urgent", "noon", "tonight", "near", "next week", "far", "nowhere",
    ]  # fmt: skip


def test_without_a_position_the_walk_begins_at_the_first_place():
    cards = [
        card("a", lat=34.0, lon=119.0),
        card("c", lat=34.2, lon=119.0),
        card("b", lat=34.1, lon=119.0),
    ]
    assert keys(today.in_order(cards, NINE, None)) == ["a", "b", "c"]


place = st.tuples(st.integers(-80, 80), st.integers(-180, 180))


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.none() | place, max_size=12), st.none() | place)
def test_a_walk_passes_every_place_once_and_ends_with_those_that_have_none(places, start):
    order = rules.walk(places, start)
    assert sorted(order) == list(range(len(places)))
    blank = [at for at, place in enumerate(places) if place is None]
    assert order[len(order) - len(blank) :] == blank


def test_a_room_that_fails_is_named_and_the_others_are_shown(monkeypatch, caplog):
    def broken(actor, now):
        raise RuntimeError("no table")

    monkeypatch.setattr(
        day,
        "_PROVIDERS",
        {"care": lambda a, n: [card("visit")], "patrols": broken, "cases": broken},
    )
    found = today.my_day(LIN, NINE, known={"cases": [card("case", is_late=True)]})
    assert keys(found.cards) == ["case", "visit"]
    assert (found.failed, found.late_count) == (("patrols",), 1)
    assert "Unable to get the cards of patrols" in caplog.text


def test_the_same_thing_from_two_rooms_is_there_once(monkeypatch):
    monkeypatch.setattr(
        day, "_PROVIDERS", {"a": lambda a, n: [card("x")], "b": lambda a, n: [card("x"), card("y")]}
    )
    assert keys(today.my_day(LIN, NINE).cards) == ["x", "y"]


def test_a_blank_form_that_fails_takes_no_other_away(monkeypatch):
    def broken(actor, now):
        raise RuntimeError("no table")

    monkeypatch.setattr(day, "_KEEPERS", {"a": broken, "b": lambda a, n: [card("report")]})
    assert keys(today.blank_forms(LIN, NINE)) == ["report"]


def test_lengths_and_paths_read_as_people_say_them():
    assert [rules.length_of(one) for one in (5, 60, 75, 1440, 1500)] == [
        "5 分钟", "1 小时", "1 小时 15 分", "1 天", "1 天 1 小时",
    ]  # fmt: skip
    assert rules.common_path(["1/2/3/", "1/2/4/"]) == "1/2/"
    assert rules.common_path(["1/", "2/"]) == rules.common_path([]) == ""
    assert rules.common_path(["1/2/", "1/2/"]) == "1/2/"
