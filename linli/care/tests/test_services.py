"""Stories of care: a knock, nobody at home, something wrong, the same visit twice, the register moves on."""

from itertools import permutations

import pytest
from django.db import connection

from linli.care import services
from linli.care.errors import AlreadyCaredFor, CareEnded, StaleProfile
from linli.care.models import CareProfile, Visit
from linli.care.selectors import history
from linli.care.services import VisitSheet
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
from linli.cases.models import Case, Entry
from linli.kernel import clock, events, outbox
from linli.kernel.errors import BadInput, Conflict, NotAllowed, NotFound
from linli.messages.models import Notice
from linli.people.services import moving
from linli.people.services import register as registering
from linli.people.services.register import Stay
from linli.people.tests.makers import make_home as make_home_at
from linli.places.tests.makers import make_building, make_entrance

TODAY = clock.local(MONDAY).date()


@pytest.fixture
def world(in_home):
    return make_block()


@pytest.fixture
def mei(world):
    return make_profile(world)


def test_care_begins_with_a_plan_and_the_first_visit_is_due_today(world, mei):
    assert (mei.due_on, mei.turn, mei.turn_post_id) == (TODAY, "first", world.head_post.pk)
    assert (mei.every_days, mei.risk, mei.list_code, mei.floor) == (7, 3, "elder", 3)
    assert mei.area_path == world.grid.path
    assert [one.name for one in events.timeline(mei.pk)] == ["care.profile.started"]
    with pytest.raises(AlreadyCaredFor):
        make_profile(world)


def test_what_somebody_suffers_from_is_not_readable_in_the_database(world, mei):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT needs, why FROM care_careprofile WHERE tenant_id = %s", [mei.tenant_id]
        )
        ((needs, why),) = cursor.fetchall()
    assert "medicine" not in needs
    assert "血压" not in why
    assert CareProfile.objects.get().need_codes == ["medicine"]


def test_safe_takes_one_word_and_is_due_again_in_a_week(world, mei):
    made = visit(mei, world.sun, answers={"pills": "12", "stove": "yes", "spirits": "bad"})
    mei.refresh_from_db()
    assert (mei.seen_at, mei.unseen_since) == (MONDAY, TODAY)
    assert mei.due_on == made.next_on == TODAY + 7 * DAY
    (line,) = history.visits_of(mei)
    assert line.first.answers == [
        ("精神怎么样", "差", True), ("灶具关好了吗", "是", False), ("药还够几天", "12", False),
    ]  # fmt: skip
    assert (line.first.who, line.first.post) == ("孙河", "3号楼楼栋长")


def test_twice_nobody_at_home_the_second_visitor_is_told_and_then_the_desk_gets_a_case(world, mei):
    visit(mei, world.sun, "away")
    visit(mei, world.sun, "away", after=DAY)
    mei.refresh_from_db()
    assert (mei.turn, mei.turn_post_id, mei.due_on) == ("second", world.grid_post.pk, TODAY + DAY)
    notice = Notice.objects.get(event_name="care.turn.passed")
    assert notice.account_id == world.lin.account_id
    visit(mei, world.lin, "away", after=DAY + HOUR)
    mei.refresh_from_db()
    assert (mei.turn, mei.turn_post_id) == ("desk", None)
    case = Case.objects.get(pk=mei.missing_case_id)
    assert (case.is_urgent, case.is_confidential, case.category.code) == (True, True, "elder")
    assert (case.building_id, case.state) == (world.building.pk, "reported")
    assert "梅玉兰" not in case.text + str(case.answers)
    visit(mei, world.desk, "safe", after=2 * DAY, manner="call")
    mei.refresh_from_db()
    assert (mei.turn, mei.missing_case_id, mei.misses) == ("first", None, 0)
    assert "见到人了" in Entry.objects.filter(case=case, kind="note").get().text


def test_something_wrong_becomes_a_case_with_its_place_urgent_where_there_is_danger(world, mei):
    made = visit(mei, world.sun, "wrong", trouble="fall", is_danger=True, note="摔在门口，起不来。")
    case = Case.objects.get(pk=made.case_id)
    assert (case.is_urgent, case.building_id) == (True, world.building.pk)
    assert "摔倒" in case.text
    mei.refresh_from_db()
    assert mei.due_on == TODAY + DAY
    mild = visit(mei, world.sun, "wrong", after=DAY, trouble="home")
    assert not Case.objects.get(pk=mild.case_id).is_urgent


def test_one_visit_written_down_by_two_counts_once_and_nothing_is_lost(world, mei):
    one = visit(mei, world.lin, "wrong", trouble="ill", note="有点发烧。")
    other = visit(mei, world.sun, "wrong", after=HOUR / 4, trouble="medicine", note="药断了两天。")
    assert Case.objects.count() == 1
    assert other.case_id == one.case_id
    (line,) = history.visits_of(mei)
    assert [word.visit.note for word in line.words] == ["有点发烧。", "药断了两天。"]
    # An earlier word that comes in late becomes the first one.
    visit(mei, world.desk, "safe", after=-HOUR / 6, late=HOUR, manner="call")
    (line,) = history.visits_of(mei)
    assert [word.visit.outcome for word in line.words] == ["safe", "wrong", "wrong"]


def test_the_same_key_is_one_visit_and_other_content_under_it_is_refused(world, mei):
    sheet = VisitSheet(outcome="safe")
    facts = {"profile_id": mei.pk, "key": "k1", "at": MONDAY, "actor": world.sun, "now": MONDAY}
    first, is_new = services.record_visit(sheet=sheet, **facts)
    again, is_again_new = services.record_visit(sheet=sheet, **facts)
    assert (first.pk, is_new, is_again_new) == (again.pk, True, False)
    with pytest.raises(Conflict):
        services.record_visit(sheet=VisitSheet(outcome="away"), **facts)
    assert Visit.objects.count() == 1


def test_any_order_of_handing_in_ends_in_the_same_standing(world):
    made = [("sun", "away", 0 * DAY), ("sun", "away", DAY), ("lin", "away", DAY + HOUR),
            ("sun", "safe", 3 * DAY)]  # fmt: skip
    ends = set()
    for number, order in enumerate(permutations(made)):
        if number % 4:
            continue
        person = register(world, f"陈{chr(0x4E00 + number)}", f"{number + 400}")
        profile = make_profile(world, person, at=MONDAY - DAY)
        for who, outcome, after in order:
            visit(profile, getattr(world, who), outcome, after=after, late=4 * DAY - after)
        profile.refresh_from_db()
        ends.add((profile.turn, profile.misses, profile.seen_at, profile.due_on))
    assert len(ends) == 1


def test_bad_input_is_told_where_it_is(world, mei):
    def refused(**facts):
        sheet = VisitSheet(**{"outcome": "safe"} | facts)
        with pytest.raises(BadInput) as refusal:
            services.record_visit(
                profile_id=mei.pk, sheet=sheet, key="", at=MONDAY, actor=world.sun, now=MONDAY
            )
        return refusal.value.field

    assert refused(outcome="fine") == "outcome"
    assert refused(outcome="wrong") == "trouble"
    assert refused(outcome="wrong", trouble="other") == "note"
    assert refused(manner="drone") == "manner"
    assert refused(note="长" * 501) == "note"
    assert refused(again_on=TODAY - DAY) == "again_on"
    assert refused(answers={"pills": "many"}) == "pills"
    assert refused(answers={"pills": "91"}) == "pills"
    assert refused(answers={"pills": "nan"}) == "pills"
    assert refused(answers={"stove": "maybe"}) == "stove"
    assert refused(answers={"spirits": "fine"}) == "spirits"
    assert refused(answers={f"x{n}": "1" for n in range(61)}) == "answers"
    assert not Visit.objects.exists()


def test_an_older_list_on_the_phone_and_a_clock_ahead_lose_nothing(world, mei):
    made, _new = services.record_visit(
        profile_id=mei.pk, sheet=VisitSheet(outcome="safe", answers={"old": "留着"}), key="",
        at=MONDAY + DAY, actor=world.sun, now=MONDAY,
    )  # fmt: skip
    assert made.at == MONDAY
    (line,) = history.visits_of(mei)
    assert line.first.answers == [("old", "留着", False)]


def test_what_was_answered_by_an_earlier_list_stays_in_words(world, mei):
    visit(mei, world.sun, answers={"stove": "yes"})
    before = history.visits_of(mei)[0].first.answers
    mei.list_code = "gone"
    assert history.visits_of(mei)[0].first.answers == before
    assert before[0][0] != "stove"


def test_a_building_head_sees_their_own_people_and_no_others(world, mei):
    other = make_profile(
        world, register(world, "周桂芝", "502"), post_id=world.grid_post.pk, second_post_id=None
    )
    with pytest.raises(NotFound):
        visit(other, world.sun)
    with pytest.raises(NotFound):
        visit(mei, world.manager)
    with pytest.raises(NotFound):
        services.end_care(profile_id=other.pk, reason="moved", actor=world.sun, now=MONDAY)
    with pytest.raises(NotAllowed):
        services.end_care(profile_id=mei.pk, reason="moved", actor=world.lin, now=MONDAY)


def test_a_plan_changes_once_and_where_somebody_stands_follows(world, mei):
    visit(mei, world.sun)
    sheet = plan(world, level_code="monthly", needs=("oxygen",))
    changed = services.change_care(
        profile_id=mei.pk, sheet=sheet, version=1, actor=world.desk, now=MONDAY + HOUR
    )
    assert (changed.due_on, changed.version) == (TODAY + 30 * DAY, 2)
    with pytest.raises(StaleProfile):
        services.change_care(
            profile_id=mei.pk, sheet=sheet, version=1, actor=world.desk, now=MONDAY
        )
    for facts, field in (
        ({"second_post_id": world.head_post.pk}, "second_post_id"),
        ({"every_days": 400}, "every_days"),
        ({"needs": ("magic",)}, "needs"),
        ({"list_code": "gone"}, "list_code"),
        ({"agreed_how": "winked"}, "agreed_how"),
        ({"post_id": world.mei.pk}, "post_id"),
    ):
        with pytest.raises(BadInput) as refusal:
            services.change_care(
                profile_id=mei.pk, sheet=plan(world, **facts), version=2, actor=world.desk,
                now=MONDAY,
            )  # fmt: skip
        assert refusal.value.field == field


def test_somebody_dies_and_care_ends_and_a_visit_made_before_is_kept(world, mei):
    registering.record_death(
        person_id=world.mei.pk, died_on=TODAY, actor=world.desk, now=MONDAY + HOUR
    )
    outbox.deliver_events(MONDAY + HOUR)
    mei.refresh_from_db()
    assert (mei.ended_reason, mei.is_over) == ("died", True)
    made = visit(mei, world.sun, "safe", late=2 * HOUR)
    assert not made.is_counted
    with pytest.raises(CareEnded):
        services.end_care(profile_id=mei.pk, reason="moved", actor=world.desk, now=MONDAY)


def test_somebody_moves_next_door_and_care_goes_along_or_out_of_town_and_it_ends(world, mei):
    building = make_building(world.estate, "8号楼", grid=world.grid)
    home = make_home_at(make_entrance(building), "1203")
    moving.move_in(
        person_id=world.mei.pk, home_id=home.id, stay=Stay(starts_on=TODAY), actor=world.desk,
        now=MONDAY + HOUR,
    )  # fmt: skip
    outbox.deliver_events(MONDAY + HOUR)
    mei.refresh_from_db()
    assert (mei.building_id, mei.floor, mei.is_over) == (building.pk, 12, False)
    moving.move_out(
        person_id=world.mei.pk, home_id=home.id, ends_on=TODAY, actor=world.desk,
        now=MONDAY + 2 * HOUR,
    )  # fmt: skip
    outbox.deliver_events(MONDAY + 2 * HOUR)
    mei.refresh_from_db()
    assert mei.ended_reason == "moved"
