"""A walk: looks, passes, findings, signatures, each once and by those who may."""

from dataclasses import replace
from datetime import date

import pytest

from linli.cases.models import Case
from linli.kernel.errors import BadInput, NotAllowed, NotFound
from linli.kernel.models import EventRow
from linli.patrols import field
from linli.patrols.errors import AlreadyDone, NothingSeen, SamePerson
from linli.patrols.models import Check, Finding, Patrol, Point, Route
from linli.patrols.selectors import access
from linli.patrols.selectors import walking as selected
from linli.patrols.services import routes, walking
from linli.patrols.services.finding import Found
from linli.patrols.services.walking import Seen
from linli.patrols.tests.makers import DAY, HOUR, MONDAY, allow, make_walk, route_facts
from linli.places.models import Facility, FacilityFault
from linli.places.tests.makers import make_code

pytestmark = pytest.mark.usefixtures("in_home")


def look(world, at=0, actor=None, found=None, **seen):
    moment = seen.pop("moment", MONDAY)
    return walking.check_point(
        point_id=world.points[at].pk, seen=Seen(at=moment, **seen), found=found,
        actor=actor or world.lin, now=max(moment, MONDAY),
    )  # fmt: skip


def test_a_look_says_when_a_place_was_seen_and_when_it_is_due_again():
    world = make_walk()
    assert [one.due_on for one in world.points] == [date(2026, 3, 1)] * 3
    check = look(world, 1, answers={"way": "free", "lit": "yes", "unknown": "x"})
    assert check.answers == {"way": "free", "lit": "yes"}
    point = Point.objects.get(pk=world.points[1].pk)
    assert (point.last_seen_at, point.due_on, point.last_was_fine) == (
        MONDAY,
        date(2026, 3, 3),
        True,
    )
    assert Facility.objects.get().checked_at == MONDAY
    look(world, 1, moment=MONDAY - 5 * HOUR)
    point.refresh_from_db()
    assert point.last_seen_at == MONDAY, "what is learnt late does not go back"
    assert not Case.objects.exists()


def test_the_first_look_begins_the_walk_and_the_same_key_is_one_look():
    world = make_walk()
    look(world, key="a")
    look(world, key="a")
    look(world, 1, key="b")
    patrol = Patrol.objects.get()
    assert (patrol.seen_count, patrol.point_count) == (2, 3)
    assert (
        walking.start_patrol(route_id=world.route.pk, actor=world.lin, now=MONDAY + HOUR) == patrol
    )
    assert EventRow.objects.filter(name="patrols.patrol.started").count() == 1
    assert EventRow.objects.filter(name="patrols.point.checked").count() == 2


def test_of_two_looks_on_a_day_the_one_that_happened_last_counts():
    world = make_walk()
    look(world, answers={"way": "free"}, key="later", moment=MONDAY + 5 * HOUR)
    late = look(world, answers={"way": "shut"}, key="earlier", moment=MONDAY + HOUR)
    check = Check.objects.get()
    assert late == check
    assert (check.key, check.at, check.is_fine) == ("later", MONDAY + 5 * HOUR, True)
    # What was found in the morning is a case all the same, once.
    look(world, answers={"way": "shut"}, key="earlier", moment=MONDAY + HOUR)
    assert Case.objects.count() == 1
    assert Finding.objects.get().at == MONDAY + HOUR
    look(world, answers={"way": "shut"}, moment=MONDAY + 6 * HOUR)
    look(world, answers={"way": "shut"}, moment=MONDAY + 7 * HOUR)
    assert Case.objects.count() == 3, "two looks without a key are two"


def test_a_look_that_comes_in_late_makes_a_walk_whole():
    world = make_walk()
    for at in (0, 1):
        look(world, at)
    patrol = Patrol.objects.get()
    assert walking.finish_patrol(patrol_id=patrol.pk, actor=world.lin, now=MONDAY).state == (
        "broken_off"
    )
    look(world, 2, key="from the cellar")
    patrol.refresh_from_db()
    assert patrol.state == "done"


def test_a_bad_answer_is_a_case_on_the_spot_and_a_fault_of_what_stands_there():
    world = make_walk()
    look(world, 1, answers={"way": "shut", "lit": "no"}, key="a")
    case = Case.objects.get()
    assert case.text == "消防通道：堵了；楼道灯亮：没有。"
    assert (case.source, case.place_label) == ("patrol", "天山花园 3号楼 消防栓")
    assert Finding.objects.get().kind == "reported"
    assert FacilityFault.objects.get().case_id == case.pk
    look(world, 1, answers={"way": "shut"}, key="a")
    assert Case.objects.count() == 1


def test_what_takes_a_minute_is_settled_on_the_spot():
    world = make_walk()
    found = Found(text="纸箱堵门", is_settled=True, result="和保洁一起清走了。")
    check = look(world, found=found, answers={"way": "free"})
    assert not check.is_fine
    assert (Case.objects.get().state, Finding.objects.get().kind) == ("resolved", "settled")
    assert Patrol.objects.get().finding_count == 1
    with pytest.raises(BadInput):
        look(world, 2, found=Found(text="又堵了", is_settled=True))
    assert Check.objects.count() == 1, "what was refused left nothing"


def test_standing_at_the_point_is_known_by_code_or_position():
    world = make_walk()
    world.points[0].place_code = make_code(world.doors[0], "home-4f7k2m")
    world.points[0].save()
    assert look(world, code="https://x/s/home-4f7k2m/").how == "scan"
    assert look(world, lat=44.1001, lon=87.5).how == "near"
    far = look(world, lat=44.11, lon=87.5)
    assert (far.how, far.metres) == ("far", 1112)
    assert look(world, 2, lat=44.1, lon=87.5).how == "tap"
    with pytest.raises(BadInput):
        look(world, 1, code="home-4f7k2m")


def test_bad_answers_and_clocks_are_met():
    world = make_walk()
    for answers in ({"way": "gone"}, {"lit": True}, {"note": "长" * 501}):
        with pytest.raises(BadInput):
            look(world, answers=answers)
    check = walking.check_point(
        point_id=world.points[0].pk, seen=Seen(at=MONDAY + DAY), actor=world.lin, now=MONDAY
    )
    assert check.at == MONDAY, "nobody stood there tomorrow"


def test_a_point_is_passed_over_with_a_reason_and_stays_unseen():
    world = make_walk()
    with pytest.raises(BadInput):
        walking.skip_point(
            point_id=world.points[0].pk, reason=" ", at=MONDAY, actor=world.lin, now=MONDAY
        )
    walking.skip_point(
        point_id=world.points[0].pk, reason="围挡", at=MONDAY, actor=world.lin, now=MONDAY
    )
    point = Point.objects.get(pk=world.points[0].pk)
    assert (point.last_seen_at, point.skipped_on) == (None, MONDAY.date())
    with pytest.raises(NothingSeen):
        walking.finish_patrol(patrol_id=Patrol.objects.get().pk, actor=world.lin, now=MONDAY)
    for at in (1, 2):
        look(world, at)
    done = walking.finish_patrol(patrol_id=Patrol.objects.get().pk, actor=world.lin, now=MONDAY)
    assert (done.state, done.seen_count, done.skipped_count) == ("done", 2, 1)
    with pytest.raises(AlreadyDone):
        walking.finish_patrol(patrol_id=done.pk, actor=world.lin, now=MONDAY)


def test_a_joint_walk_is_done_when_both_sides_signed():
    world = make_walk(is_joint=True)
    facts = route_facts(world, is_joint=True, partner_id=world.property_company.pk)
    routes.edit_route(route_id=world.route.pk, facts=facts, actor=world.lead, now=MONDAY)
    (card,) = field.cards(world.manager, MONDAY)
    assert (card.title, card.why) == ("第一网格日巡", "和网格员一起走，3 个点该看了")
    look(world)
    patrol = walking.finish_patrol(patrol_id=Patrol.objects.get().pk, actor=world.lin, now=MONDAY)
    assert patrol.state == "signing"
    assert "03-02 走完了，等您签字" in [one.why for one in field.cards(world.manager, MONDAY)]
    # A colleague of the side that has signed cannot, and is not asked to.
    colleague = allow(world.lead, "patrols.walk")
    assert selected.to_sign(colleague) == []
    with pytest.raises(SamePerson):
        walking.sign_patrol(patrol_id=patrol.pk, actor=world.lin, now=MONDAY)
    patrol = walking.sign_patrol(patrol_id=patrol.pk, actor=world.manager, now=MONDAY)
    assert (patrol.state, patrol.signatures.count()) == ("broken_off", 2)
    assert len(field.cards(world.manager, MONDAY)) == 1
    with pytest.raises(AlreadyDone):
        walking.sign_patrol(patrol_id=patrol.pk, actor=world.manager, now=MONDAY)


def test_a_joint_route_without_a_partner_is_walked_by_the_companies_of_the_place_alone():
    world = make_walk(is_joint=True)
    Route.objects.update(is_joint=True, partner=None)
    route = Route.objects.select_related("partner").get(pk=world.route.pk)
    assert access.side_of(route, world.manager) == "partner"
    there = [replace(one, area_path="elsewhere/") for one in world.manager.grants]
    assert not access.may_walk(route, replace(world.manager, grants=tuple(there)))


def test_who_has_no_business_there_finds_nothing():
    world = make_walk()
    for actor in (world.desk, world.manager):
        with pytest.raises((NotFound, NotAllowed)):
            look(world, actor=actor)
    viewer = allow(world.desk, "patrols.view")
    with pytest.raises(NotAllowed):
        look(world, actor=viewer)
    routes.end_route(route_id=world.route.pk, actor=world.lead, now=MONDAY)
    with pytest.raises(AlreadyDone):
        walking.start_patrol(route_id=world.route.pk, actor=world.lin, now=MONDAY)
    look(world)  # what was looked at offline, before the phone heard of it
    assert Point.objects.get(pk=world.points[0].pk).due_on is None


def test_points_lie_in_the_routes_area_once_and_in_order():
    world = make_walk()
    again = routes.add_points(
        route_id=world.route.pk, parts=[routes.Part(building_id=world.building.pk)],
        actor=world.lead, now=MONDAY,
    )  # fmt: skip
    assert again == []
    (spot,) = routes.add_points(
        route_id=world.route.pk,
        parts=[routes.Part(name="东门配电房")],
        actor=world.lead,
        now=MONDAY,
    )
    assert (spot.grid_id, spot.order) == (world.grid.pk, 4)
    ids = [spot.pk, world.points[2].pk]
    routes.order_points(route_id=world.route.pk, point_ids=ids, actor=world.lead, now=MONDAY)
    names = Point.objects.order_by("order").values_list("name", flat=True)
    assert list(names)[:2] == ["东门配电房", "天山花园 4号楼"]
    routes.end_point(point_id=spot.pk, actor=world.lead, now=MONDAY)
    world.route.refresh_from_db()
    assert world.route.point_count == 3
    with pytest.raises(NotAllowed):
        routes.end_point(point_id=world.points[0].pk, actor=world.lin, now=MONDAY)
