"""The pages: a walk on the phone, the desk's coverage, what phones hand in, and outsiders."""

from io import BytesIO

import openpyxl
import pytest
from django.urls import reverse

from linli.cases.models import Case
from linli.field.selectors import day
from linli.field.services import submissions
from linli.field.services.submissions import Differs, Sent
from linli.kernel import clock
from linli.kernel.errors import BadInput
from linli.kernel.ids import new_id
from linli.patrols import field
from linli.patrols.models import Check, ItemList, Patrol, Persuasion, Point, Round, Stop
from linli.patrols.selectors import coverage
from linli.patrols.services import roots, rounds
from linli.patrols.tests.makers import DAY, ITEMS, MONDAY, make_clause, make_walk
from linli.people.tests.makers import sign_in
from linli.places.tests.makers import make_code
from linli.posts.services import handover

pytestmark = pytest.mark.usefixtures("in_home")


def phone(actor):
    return sign_in(actor.account_id, actor.tenant_id)


def to(name, *args):
    return reverse(f"patrols:{name}", args=args)


def sent(world, kind, subject_id, answers, **facts):
    usual = {
        "id": new_id(), "kind": kind, "subject_id": subject_id, "base_version": "",
        "answers": answers, "photos": (), "made_at": MONDAY, "actor": world.lin,
        "now": MONDAY + DAY / 8,
    }  # fmt: skip
    return Sent(**usual | facts)


def test_a_walk_on_the_phone_from_setting_out_to_the_end():
    world = make_walk()
    lin = phone(world.lin)
    assert "3 个点该看了" in lin.get(to("field_index")).content.decode()
    answer = lin.post(to("field_start", world.route.pk))
    patrol = Patrol.objects.get()
    assert answer["Location"] == to("field_walk", patrol.pk)
    assert "天山花园 3号楼" in lin.get(answer["Location"]).content.decode()
    fine = to("field_fine", patrol.pk, world.points[0].pk)
    lin.post(fine, {"lat": "nan", "lon": "inf"})
    assert Check.objects.get().how == "tap"
    lin.post(fine, {"lat": "44.1", "lon": "87.5"})
    assert Check.objects.get().how == "near"
    answer = lin.post(to("field_point", world.points[0].pk), {"fine": "1"})
    assert f"{to('field_walk', patrol.pk)}?done=fine" == answer["Location"]
    bad = {"item_way": "shut", "text": "", "key": str(new_id())}
    for _twice in range(2):
        answer = lin.post(to("field_point", world.points[1].pk), bad)
        assert "done=found" in answer["Location"]
    assert Case.objects.get().text == "消防通道：堵了。"
    settled = {"text": "纸箱", "is_settled": "on", "key": str(new_id())}
    assert lin.post(to("field_point", world.points[2].pk), settled).status_code == 422
    assert lin.post(to("field_skip", world.points[2].pk), {"reason": ""}).status_code == 422
    lin.post(to("field_skip", world.points[2].pk), {"reason": "围挡"})
    lin.post(to("field_finish", patrol.pk), {"note": "三号楼常堵"})
    patrol.refresh_from_db()
    assert (patrol.state, patrol.finding_count) == ("done", 1)
    assert "围挡" in lin.get(to("field_walk", patrol.pk)).content.decode()


def test_a_scanned_code_leads_to_its_point():
    world = make_walk()
    lin = phone(world.lin)
    world.points[0].place_code = make_code(world.doors[0], "home-4f7k2m")
    world.points[0].save()
    answer = lin.get(to("field_scan"), {"code": "https://x.cn/s/home-4f7k2m/"})
    assert answer["Location"] == to("field_point", world.points[0].pk) + "?code=home-4f7k2m"
    assert lin.get(answer["Location"]).status_code == 200
    assert lin.get(to("field_scan"), {"code": "home-999999"}).status_code == 422


def test_the_desk_sees_what_was_not_looked_at_for_how_long():
    world = make_walk()
    Point.objects.update(due_on=clock.local(clock.now()).date() - DAY)
    lead = phone(world.lead)
    page = lead.get(to("coverage")).content.decode()
    assert "3 个点，3 个过了该看的日子，3 个一周以上没看" in page
    assert "第一网格" in page
    assert lead.get(to("coverage") + f"?grid={world.grid.pk}").status_code == 200
    sheet = openpyxl.load_workbook(BytesIO(lead.get(to("coverage_export")).content)).active
    rows = list(sheet.iter_rows(values_only=True))
    assert rows[0] == coverage.HEADER
    assert rows[1][3:5] == ("天山花园 3号楼", "从没看过")
    (plan,) = coverage.plan_lines(world.lead, MONDAY + DAY, days=30)
    assert (plan.planned, plan.walked, plan.should) == (2, 0, 6)
    for name in ("plan", "walks", "routes", "rounds", "covenant", "roots"):
        assert lead.get(to(name)).status_code == 200, name
    assert phone(world.desk).get(to("coverage")).status_code == 404


def test_coverage_and_my_day_cost_a_fixed_number_of_queries(django_assert_max_num_queries):
    world = make_walk()
    rounds.make_round(
        area_id=world.grid.pk, title="停水", due_on=MONDAY.date(), actor=world.lead, now=MONDAY
    )
    with django_assert_max_num_queries(3):
        coverage.grid_lines(world.lead, MONDAY, world.community.pk)
    with django_assert_max_num_queries(5):
        found = field.cards(world.lin, MONDAY)
    assert [one.kind for one in found] == ["point"] * 3 + ["notice"] * 2
    assert [one.code for one in found[0].items][:3] == ["way", "lit", "note"]
    assert "patrols" in day.providers()


def test_the_desk_lays_a_route_and_moves_its_points():
    world = make_walk()
    lead = phone(world.lead)
    form = {
        "name": "夜巡", "area_id": world.grid.pk, "item_list_id": world.list.pk, "post_id": "",
        "weekdays": ["2", "6"], "every_days": "1", "starts_on": "2026-03-01", "partner_id": "",
    }  # fmt: skip
    answer = lead.post(to("route_new"), form)
    route_id = answer["Location"].split("/")[-2]
    parts = [f"building:{world.building.pk}", f"facility:{world.hydrant.pk}"]
    lead.post(to("route_points", route_id), {"parts": parts, "spot": "东门"})
    first = list(Point.objects.filter(route_id=route_id).order_by("order"))
    assert [one.name for one in first] == ["天山花园 3号楼", "天山花园 3号楼 消防栓", "东门"]
    lead.post(to("route_order", route_id), {"down": str(first[0].pk)})
    names = Point.objects.filter(route_id=route_id).order_by("order").values_list("name", flat=True)
    assert list(names)[:2] == ["天山花园 3号楼 消防栓", "天山花园 3号楼"]
    assert "每周二、六" in lead.get(to("route", route_id)).content.decode()
    assert lead.post(to("route_edit", route_id), form | {"name": " "}).status_code == 422
    lead.post(to("point_end", first[2].pk))
    lead.post(to("route_end", route_id))
    assert not Point.objects.filter(route_id=route_id, due_on__isnull=False).exists()
    assert phone(world.lin).post(to("route_end", world.route.pk)).status_code == 404


def test_a_round_is_made_at_the_desk_and_ticked_off_on_the_phone():
    world = make_walk()
    lead, lin = phone(world.lead), phone(world.lin)
    form = {
        "title": "停水通知",
        "text": "周三停水",
        "area_id": world.grid.pk,
        "due_on": "2099-01-01",
    }
    lead.post(to("round_new"), form)
    found = Round.objects.get()
    assert "整栋都送到了" in lin.get(to("field_round", found.pk)).content.decode()
    lin.post(to("field_round", found.pk), {"house": str(world.building.pk)})
    stop = Stop.objects.get(entrance=None)
    lin.post(to("field_round", found.pk), {f"stop_{stop.pk}": "posted"})
    found.refresh_from_db()
    assert (found.done_count, bool(found.ended_at)) == (3, True)
    assert "贴门口了" in lead.get(to("round", found.pk)).content.decode()
    assert phone(world.manager).get(to("round", found.pk)).status_code == 404


def test_a_kind_word_takes_three_taps_and_the_desk_counts_it():
    world, clause = make_walk(), make_clause()
    lin, key = phone(world.lin), str(new_id())
    form = {
        "clause": clause.pk,
        "outcome": "mended",
        "place": world.grid.pk,
        "count": 2,
        "key": key,
    }
    for _twice in range(2):
        assert lin.post(to("field_persuade"), form).status_code == 302
    assert Persuasion.objects.get().place_label == "第一网格"
    assert lin.post(to("field_persuade"), form | {"clause": "", "key": ""}).status_code == 422
    assert "遛狗牵绳" in phone(world.lead).get(to("covenant")).content.decode()


def test_the_desk_decides_a_root_on_its_page():
    world = make_walk()
    lead = phone(world.lead)
    made = [
        roots.propose_root(
            facility_id=world.hydrant.pk, fault_count=3, actor=world.lead, now=MONDAY + n * DAY
        )
        for n in range(2)
    ]
    assert made[1] is None, "one proposal at a time"
    assert lead.post(to("root_dismiss", made[0].pk), {"reason": ""}).status_code == 422
    lead.post(to("root", made[0].pk), {"category": world.category.pk, "text": "查根本原因"})
    assert Case.objects.get().place_label == world.hydrant.label
    assert "已立治本单" in lead.get(to("roots") + "?decided=1").content.decode()


def test_what_phones_hand_in_goes_by_the_same_services():
    world = make_walk()
    point = world.points[0]
    one = sent(world, field.CHECK, point.pk, {"way": "shut", "found": "纸箱", "result": "搬走了"})
    for _twice in range(2):
        taken = submissions.taker(field.CHECK)(one)
    assert "立单" in taken.words
    assert (Check.objects.get().at, Case.objects.get().state) == (MONDAY, "resolved")
    field.take_check(sent(world, field.CHECK, world.points[1].pk, {"skip": "围挡"}))
    assert Check.objects.filter(skip_reason="围挡").exists()
    clause = make_clause()
    answers = {"clause": str(clause.pk), "place": str(world.grid.pk), "outcome": "heard"}
    field.take_persuasion(sent(world, field.PERSUASION, None, answers))
    assert Persuasion.objects.count() == 1
    with pytest.raises(BadInput):
        field.take_check(sent(world, field.CHECK, None, {}))


def test_doors_ticked_off_offline_are_taken():
    world = make_walk()
    found = rounds.make_round(
        area_id=world.grid.pk, title="停水", due_on=MONDAY.date(), actor=world.lead, now=MONDAY
    )
    card = next(one for one in field.cards(world.lin, MONDAY) if one.kind == "notice")
    answers = {item.code: "given" for item in card.items} | {"x": "given"}
    field.take_round(sent(world, field.ROUND, found.pk, answers))
    found.refresh_from_db()
    assert found.done_count == 2


def test_a_list_changed_meanwhile_is_shown_side_by_side():
    world = make_walk()
    card = next(one for one in field.cards(world.lin, MONDAY) if one.kind == "point")
    changed = [
        ITEMS[0] | {"choices": [{"code": "a1", "label": "通"}, {"code": "a2", "label": "堵"}]}
    ]
    ItemList.objects.update(items=changed)
    Point.objects.update(version=2)
    late = sent(world, field.CHECK, world.points[0].pk, {"way": "shut"}, base_version=card.version)
    with pytest.raises(Differs) as met:
        field.take_check(late)
    (difference,) = met.value.differences
    assert (difference.name, difference.here) == ("way", "通、堵")
    assert not Check.objects.exists()


def test_a_post_that_changes_hands_names_its_routes():
    world = make_walk()
    leaving = handover.Leaving(
        post_id=world.grid_post.pk, account_id=world.lin.account_id, role="grid_worker",
        area_path=world.grid.path, estate_id=None, is_shared=False, now=MONDAY,
    )  # fmt: skip
    (line,) = field.left_behind(leaving)
    assert (line.title, line.note) == ("第一网格日巡", "3 个点")
