"""A round on the phone, two sides that sign, a kind word, a lamp that keeps going out."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from linli.cases.models import Case
from linli.cases.services.intake import Report, report_case
from linli.kernel import clock
from linli.kernel.actor import reporter
from linli.patrols.models import Patrol, Persuasion, Root
from linli.patrols.services import routes, walking
from linli.patrols.services.walking import Seen
from linli.patrols.tests.makers import make_clause, make_walk, route_facts
from linli.places import selectors as places
from linli.places.services import facilities
from tests.journeys.acting import deliver, picture, press

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
DESK = {"viewport": {"width": 1440, "height": 900}}


@pytest.fixture
def ground(live_server, in_home):
    """Return a neighbourhood with a route of three points."""
    return make_walk()


@pytest.mark.row("S1 1.5")
def test_a_grid_worker_walks_three_points_and_the_desk_sees_what_is_left(ground, as_staff, look_at):
    lin = as_staff(ground.lin)
    lin.goto("/field/patrols/")
    expect(lin.get_by_text("3 个点该看了")).to_be_visible()
    press(lin, "开始巡查")
    press(lin, "看过了，都正常")
    expect(lin.get_by_role("heading", name="天山花园 3号楼 消防栓")).to_be_visible()
    lin.get_by_role("link", name="有问题，或者逐条填").click()
    lin.get_by_label("堵了", exact=True).check(force=True)
    lin.locator("input[name=photos]").set_input_files([picture("teal")])
    press(lin, "看过了")
    expect(lin.get_by_text("发现 1 件")).to_be_visible()
    look_at(lin, "patrol-walk")
    case = Case.objects.get()
    assert (case.source, case.text, case.photo_count) == ("patrol", "消防通道：堵了。", 1)
    lin.locator("summary", has_text="没看成").click()
    lin.get_by_label("为什么没看成").fill("施工围挡")
    press(lin, "跳过这个点")
    press(lin, "走完了")
    expect(lin.get_by_text("这次巡查结束了")).to_be_visible()
    lead = as_staff(ground.lead, **DESK)
    lead.goto("/desk/patrols/")
    expect(lead.get_by_text("3 个点，1 个过了该看的日子")).to_be_visible()
    look_at(lead, "patrol-coverage")


@pytest.mark.row("S5 5.15")
def test_grid_worker_and_property_walk_together_settle_and_both_sign(ground, as_staff, look_at):
    facts = route_facts(ground, is_joint=True, partner_id=ground.property_company.pk)
    routes.edit_route(route_id=ground.route.pk, facts=facts, actor=ground.lead, now=clock.now())
    lin = as_staff(ground.lin)
    lin.goto(f"/field/patrols/points/{ground.points[0].pk}/")
    lin.get_by_label("发现了什么").fill("门口堆了纸箱")
    lin.locator("input[name=photos]").set_input_files([picture("teal")])
    lin.locator("summary", has_text="当场办好了").click()
    lin.get_by_label("当场就办好了").check()
    lin.get_by_label("怎么办好的").fill("和物业一起搬走了。")
    lin.locator("input[name=after]").set_input_files([picture("green")])
    look_at(lin, "patrol-point")
    press(lin, "看过了")
    expect(lin.get_by_text("当场办好").first).to_be_visible()
    press(lin, "走完了，我签字")
    expect(lin.get_by_text("等另一方也签了才算走完")).to_be_visible()
    assert (Case.objects.get().state, Case.objects.get().photo_count) == ("resolved", 2)
    manager = as_staff(ground.manager)
    manager.goto("/field/patrols/")
    manager.get_by_role("link", name="第一网格日巡").first.click()
    press(manager, "属实，我签字")
    expect(manager.get_by_text("已签字")).to_be_visible()
    assert Patrol.objects.get().signatures.count() == 2


@pytest.mark.row("S5 5.13")
def test_a_kind_word_is_three_taps_and_names_nobody(ground, as_staff, look_at):
    make_clause()
    lin = as_staff(ground.lin)
    lin.goto("/field/patrols/persuasions/")
    lin.get_by_label("遛狗牵绳").check(force=True)
    lin.get_by_label("当场改了").check(force=True)
    press(lin, "记一次")
    expect(lin.get_by_text("记下了。只记哪一条")).to_be_visible()
    look_at(lin, "patrol-kind-word")
    assert Persuasion.objects.get().outcome == "mended"
    lead = as_staff(ground.lead, **DESK)
    lead.goto("/desk/patrols/covenant/")
    expect(lead.get_by_text("劝导 1 人次")).to_be_visible()


@pytest.mark.row("S5 5.8")
def test_the_third_report_of_a_lamp_is_proposed_to_the_desk_and_opened(
    ground, open_page, as_staff, look_at
):
    now = clock.now()
    code = facilities.code_facility(facility_id=ground.hydrant.pk, actor=ground.lead, now=now)
    where = places.where_of_code(places.get_code(code.pk))
    for days in (40, 12):
        report = Report(
            category_id=ground.category.pk, text="消防栓漏水", where=where, source="scan",
            key=f"old{days}",
        )  # fmt: skip
        at = now - timedelta(days=days)
        report_case(report=report, actor=reporter(ground.community.tenant_id), now=at)
    deliver()
    rider = open_page()
    rider.goto(f"/s/{code.code}/")
    expect(rider.get_by_role("heading", name="消防栓", exact=True)).to_be_visible()
    look_at(rider, "patrol-facility")
    rider.get_by_role("button", name="我也遇到了").first.click()
    expect(rider.get_by_text("也遇到").first).to_be_visible()
    report = Report(
        category_id=ground.category.pk, text="又漏了", where=where, source="scan", key="third"
    )
    report_case(report=report, actor=reporter(ground.community.tenant_id), now=now)
    deliver()
    deliver()
    root = Root.objects.get()
    lead = as_staff(ground.lead, **DESK)
    lead.goto("/desk/patrols/roots/")
    lead.get_by_role("link", name=ground.hydrant.label).click()
    look_at(lead, "patrol-root")
    press(lead, "立治本单")
    expect(lead.get_by_text("已立治本单").first).to_be_visible()
    root.refresh_from_db()
    assert (root.state, root.case.place_label) == ("opened", ground.hydrant.label)


def test_a_scanned_code_on_the_round_is_the_point_itself(ground, as_staff):
    now = clock.now()
    facilities.code_facility(facility_id=ground.hydrant.pk, actor=ground.lead, now=now)
    ground.hydrant.refresh_from_db()
    lin = as_staff(ground.lin, java_script_enabled=False)
    lin.goto(f"/s/{ground.hydrant.place_code.code}/")
    lin.get_by_role("link", name="巡查：我到这个点了").click()
    expect(lin.get_by_text("已扫码")).to_be_visible()
    lin.get_by_label("畅通", exact=True).check(force=True)
    press(lin, "看过了")
    seen = Seen(at=now)
    walking.check_point(point_id=ground.points[0].pk, seen=seen, actor=ground.lin, now=now)
    assert sorted(one.how for one in Patrol.objects.get().checks.all()) == ["scan", "tap"]
