"""The weather switch: who is on the board, whose day it changes, what is told, how it ends."""

import pytest

from linli.care import services, tasks
from linli.care.models import AlertTask
from linli.care.selectors import alerts, boards
from linli.care.selectors import day as days
from linli.care.services import AlertSheet
from linli.care.tests.makers import (
    DAY,
    HOUR,
    MONDAY,
    make_block,
    make_profile,
    plan,
    register,
    visit,
)
from linli.kernel import events
from linli.kernel.errors import BadInput, NotAllowed, NotFound
from linli.messages.models import Notice
from linli.places.tests.makers import make_building


@pytest.fixture
def world(in_home):
    block = make_block()
    block.mei_profile = make_profile(block, needs=("medicine", "warmth"))
    block.chen = make_profile(block, register(block, "陈桂英", "101"), needs=("oxygen",))
    block.zhou = make_profile(block, register(block, "周福田", "502"), needs=())
    return block


def switch_on(world, kind="snow", **facts):
    now = facts.pop("now", MONDAY)
    actor = facts.pop("actor", world.desk)
    usual = {"kind": kind, "area_id": world.community.pk, "until": now + DAY}
    return services.start_alert(
        sheet=AlertSheet(**usual | facts), key=facts.get("words", ""), actor=actor, now=now
    )


def on_board(alert):
    rows = AlertTask.objects.filter(alert=alert).order_by("priority")
    return [row.profile_id for row in rows]


def board(alert, world, state=""):
    return boards.rows_after(alert, world.desk, state, None, limit=9)


def test_snow_is_about_medicine_and_a_power_cut_about_oxygen(world):
    assert on_board(switch_on(world)) == [world.mei_profile.pk]
    assert on_board(switch_on(world, "power")) == [world.chen.pk, world.mei_profile.pk]


def test_a_lift_is_about_those_who_live_above_the_ground_floor_of_its_building(world):
    alert = switch_on(world, "lift", building_ids=(world.building.pk,))
    # Oxygen on the ground floor stays on the board too: an ambulance needs the lift's building known.
    assert set(on_board(alert)) == {world.mei_profile.pk, world.zhou.pk, world.chen.pk}
    assert AlertTask.objects.get(alert=alert, profile=world.zhou).is_upstairs
    elsewhere = make_building(world.estate, "5号楼", grid=world.grid)
    assert on_board(switch_on(world, "lift", building_ids=(elsewhere.pk,), words="另一栋")) == []


def test_the_days_list_becomes_those_who_cannot_wait_and_goes_back_by_itself(world):
    usual = days.day_of(world.sun, MONDAY)
    assert (len(usual.alerts), len(usual.due)) == (0, 3)
    switch_on(world, words="问药够几天")
    found = days.day_of(world.sun, MONDAY + HOUR)
    assert [one.profile.pk for one in found.alerts] == [world.mei_profile.pk]
    assert (found.alerts[0].why, found.alerts[0].advice) == ("大雪 · 长期用药", "问药够几天")
    assert len(found.due) == 2
    # The moment counts, not the sweep.
    assert days.day_of(world.sun, MONDAY + DAY + HOUR).alerts == []
    tasks.end_alerts(MONDAY + DAY + HOUR)
    assert not AlertTask.objects.filter(is_on=True).exists()


def test_the_board_shows_who_is_reached_and_the_family_that_agreed_is_told(world):
    son = services.name_family(
        profile_id=world.mei_profile.pk, name="梅海", phone="10012340001", relation="child",
        agreed_how="phone", actor=world.desk, now=MONDAY,
    )  # fmt: skip
    alert = switch_on(world, tells_family=True)
    visit(world.mei_profile, world.sun, "away", after=HOUR)
    found = alerts.get_alert(alert.pk, world.desk, MONDAY + HOUR)
    assert (found.tally.away, found.tally.met, found.tally.percent) == (1, 0, 0)
    made = visit(world.mei_profile, world.sun, "safe", after=2 * HOUR)
    found = alerts.get_alert(alert.pk, world.desk, MONDAY + 2 * HOUR)
    assert (found.tally.reached, found.tally.percent, found.tally.left) == (1, 100, 0)
    (row,) = board(alert, world)
    assert (row.by, row.needs, row.task.visit_id) == ("孙河", "长期用药", made.pk)
    told = Notice.objects.filter(contact_id=son.contact_id).order_by("id")
    assert [one.event_name for one in told] == ["care.family.alert", "care.family.reached"]
    assert days.day_of(world.sun, MONDAY + 3 * HOUR).alerts == []


def test_a_long_board_is_read_in_pages_and_misses_nobody_who_is_reached_meanwhile(world):
    alert = switch_on(world, "power")
    (first,) = boards.rows_after(alert, world.desk, "", None, limit=1)
    assert first.task.profile_id == world.chen.pk
    visit(world.chen, world.sun, after=HOUR)
    rest = boards.rows_after(alert, world.desk, "", boards.mark_of(first), limit=9)
    assert [(one.task.profile_id, one.task.state) for one in rest] == [
        (world.mei_profile.pk, "open"), (world.chen.pk, "reached"),
    ]  # fmt: skip
    counts = boards.counts(alert, world.desk)
    assert (counts[""], counts["open"], counts["reached"], counts["away"]) == (2, 1, 1, 0)


def test_what_comes_in_late_does_not_take_somebody_off_the_reached(world):
    alert = switch_on(world)
    visit(world.mei_profile, world.sun, "safe", after=3 * HOUR)
    visit(world.mei_profile, world.sun, "away", after=HOUR, late=4 * HOUR)
    visit(world.mei_profile, world.sun, "away", after=-HOUR, late=6 * HOUR)
    assert alerts.get_alert(alert.pk, world.desk, MONDAY).tally.reached == 1


def test_it_ends_once_by_hand_and_says_what_came_of_it(world):
    alert = switch_on(world)
    visit(world.mei_profile, world.sun, "wrong", after=HOUR)
    services.end_alert(alert_id=alert.pk, actor=world.desk, now=MONDAY + 2 * HOUR)
    services.end_alert(alert_id=alert.pk, actor=world.desk, now=MONDAY + 3 * HOUR)
    services.end_due_alerts(MONDAY + 9 * DAY)
    told = events.timeline(alert.pk)
    assert [one.name for one in told] == ["care.alert.started", "care.alert.ended"]
    assert told[1].data == {"kind": "snow", "people": 1, "reached": 1, "by_itself": False}
    with pytest.raises(NotFound):
        services.end_alert(alert_id=alert.pk, actor=world.sun, now=MONDAY)


def test_two_alerts_at_once_make_one_line_and_one_visit_settles_both(world):
    switch_on(world, "snow")
    switch_on(world, "cold")
    (line,) = days.day_of(world.sun, MONDAY).alerts
    assert "大雪" in line.why
    assert "寒潮" in line.why
    visit(world.mei_profile, world.sun, after=HOUR)
    assert set(AlertTask.objects.values_list("state", flat=True)) == {"reached"}


def test_whoever_is_passed_on_is_on_the_second_visitors_board(world):
    switch_on(world)
    visit(world.mei_profile, world.sun, "away", after=HOUR)
    visit(world.mei_profile, world.sun, "away", after=3 * HOUR)
    assert [one.profile.pk for one in days.day_of(world.lin, MONDAY + 4 * HOUR).alerts] == [
        world.mei_profile.pk
    ]
    assert days.day_of(world.sun, MONDAY + 4 * HOUR).alerts == []


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"kind": "locusts"}, "kind"),
        ({"until": MONDAY}, "until"),
        ({"until": MONDAY + 15 * DAY}, "until"),
        ({"kind": "lift"}, "buildings"),
        ({"words": "长" * 121}, "words"),
    ],
)
def test_a_switch_that_makes_no_sense_is_refused(world, facts, field):
    with pytest.raises(BadInput) as refusal:
        switch_on(world, **facts)
    assert refusal.value.field == field


def test_only_the_desk_switches_on_and_only_at_home(world):
    with pytest.raises(NotAllowed):
        switch_on(world, actor=world.lin)
    with pytest.raises(NotFound):
        alerts.get_alert(world.community.pk, world.desk, MONDAY)


def test_whoever_joins_the_list_or_needs_more_while_it_is_on_is_put_on_the_board(world):
    alert = switch_on(world, "power", words="查电")
    wu = make_profile(world, register(world, "吴金花", "303"), needs=("oxygen",), at=MONDAY + HOUR)
    assert set(on_board(alert)) == {world.chen.pk, world.mei_profile.pk, wu.pk}
    services.change_care(
        profile_id=world.zhou.pk, sheet=plan(world, needs=("dialysis",)), version=1,
        actor=world.desk, now=MONDAY + HOUR,
    )  # fmt: skip
    assert AlertTask.objects.get(profile=world.zhou).is_on
    assert alerts.get_alert(alert.pk, world.desk, MONDAY + HOUR).tally.total == 4
    joined = [one for one in events.timeline(alert.pk) if one.name == "care.alert.board_changed"]
    assert [one.data["profile_id"] for one in joined] == [str(wu.pk), str(world.zhou.pk)]
    elsewhere = make_building(world.estate, "5号楼", grid=world.grid)
    other = switch_on(world, "lift", building_ids=(elsewhere.pk,), words="另一栋")
    make_profile(world, register(world, "郑有福", "404"), needs=("oxygen",), at=MONDAY + HOUR)
    assert on_board(other) == []


def test_whoever_leaves_dies_or_needs_it_no_more_is_taken_off_with_a_word(world):
    alert = switch_on(world, "power")
    visit(world.mei_profile, world.sun, "safe", after=HOUR)
    services.follow_death(person_id=world.chen.person_id, actor=world.desk, now=MONDAY + HOUR)
    gone = AlertTask.objects.get(profile=world.chen)
    assert (gone.state, gone.gone_why, gone.is_on) == ("gone", "died", False)
    # Whom somebody met stays counted as met, also when they are not meant any more.
    sheet = plan(world, needs=())
    services.change_care(
        profile_id=world.mei_profile.pk, sheet=sheet, version=1, actor=world.desk,
        now=MONDAY + HOUR,
    )  # fmt: skip
    met = AlertTask.objects.get(profile=world.mei_profile)
    assert (met.state, met.gone_why, met.is_on) == ("reached", "changed", False)
    found = alerts.get_alert(alert.pk, world.desk, MONDAY + HOUR).tally
    assert (found.total, found.left, found.gone, found.percent) == (1, 0, 1, 100)
    assert [one.task.get_gone_why_display() for one in board(alert, world)] == [
        "情况变了，这次不用问", "去世了",
    ]  # fmt: skip
    sheet = plan(world, needs=("oxygen",))
    services.change_care(
        profile_id=world.mei_profile.pk, sheet=sheet, version=2, actor=world.desk,
        now=MONDAY + 2 * HOUR,
    )  # fmt: skip
    met.refresh_from_db()
    assert (met.state, met.gone_why, met.is_on) == ("reached", "", True)
