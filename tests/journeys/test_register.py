"""Who lives where: registered at the door on a phone, kept in order at the desk, asked once for all."""

import pytest
from playwright.sync_api import expect

from linli.kernel import clock
from linli.kernel.actor import system
from linli.people.models import Duplicate, Fact, FieldKind, Person, UpperForm
from linli.people.tests.makers import make_home, make_tag, register
from linli.places.tests.makers import make_entrance
from linli.posts.models import Holding, PostDuty

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def register_world(world):
    """Let grid worker and desk register people; give the building a door and the form its fields."""
    for actor in (world.lin, world.desk):
        post = Holding.objects.get(account_id=actor.account_id).post
        for duty in ("people.register", "people.sensitive", "people.reveal"):
            PostDuty.objects.get_or_create(post=post, duty=duty)
    world.door = make_entrance(world.building, "31单元")
    make_tag()
    FieldKind.objects.create(
        code="phone", name="手机", subject="person", value="phone", column="phone", shelf_days=365
    )
    FieldKind.objects.create(
        code="work", name="就业情况", subject="person", value="choice", choices=["在职", "退休"],
        shelf_days=180,
    )  # fmt: skip
    UpperForm.objects.create(
        code="jobs", name="就业情况摸底表", office="人社部门", fields=["phone", "work"], per_year=4,
        subject="person",
    )  # fmt: skip
    return world


@pytest.mark.row("S1 1.5")
@pytest.mark.row("S2 2.8")
@pytest.mark.row("S2 2.10")
def test_a_household_is_registered_at_the_door_and_asked_only_once(
    register_world, as_staff, look_at
):
    world = register_world
    lin = as_staff(world.lin)
    lin.goto(f"/field/people/buildings/{world.building.pk}/")
    lin.get_by_role("link", name="登记一个人").click()
    lin.get_by_label("单元").select_option(label="31单元")
    lin.get_by_label("房号").fill("501")
    lin.get_by_label("姓名").fill("梅小雨")
    lin.get_by_label("手机").fill("10000000001")
    lin.get_by_role("button", name="登记", exact=True).click()
    expect(lin.get_by_text("登记好了")).to_be_visible()
    look_at(lin, "register-home")
    lin.get_by_role("link", name="上门核对").click()
    expect(lin.get_by_text("已经知道，不用再问")).to_be_visible()
    lin.get_by_label("就业情况").select_option(label="退休")
    lin.get_by_role("button", name="核对好了").click()
    expect(lin.get_by_text("核对好了。")).to_be_visible()
    assert Fact.objects.get(field__code="work").value == "退休"
    lin.goto("/field/people/?q=mxy")
    expect(lin.get_by_text("梅**")).to_be_visible()


@pytest.mark.row("S2 2.8")
def test_the_desk_finds_shows_with_a_reason_merges_and_counts_what_it_saves(
    register_world, as_staff, look_at
):
    world = register_world
    home, other = make_home(world.door, "601"), make_home(world.door, "602")
    actor = system(world.community.tenant_id)
    facts = {"phone": "10000000002", "now": clock.now(), "actor": actor}
    first = register(home.id, "林大山", **facts)
    register(other.id, "林大山", **facts)
    desk = as_staff(world.desk)
    desk.goto("/desk/people/")
    desk.get_by_label("姓名、拼音首字母").fill("lds 601")
    desk.get_by_role("button", name="找人").click()
    desk.get_by_role("link", name="林**").click()
    look_at(desk, "register-person")
    desk.locator("summary", has_text="看完整的姓名和电话").click()
    desk.get_by_label("为什么要看").select_option("visit")
    desk.get_by_role("button", name="看完整信息").click()
    expect(desk.get_by_text("10000000002").first).to_be_visible()
    desk.goto(f"/desk/people/duplicates/{Duplicate.objects.get().pk}/")
    look_at(desk, "register-pair")
    desk.get_by_role("button", name="是同一人，留先登记的").click()
    expect(desk).to_have_url(f"{desk.url.split('/desk/')[0]}/desk/people/persons/{first.pk}/")
    assert Person.objects.filter(state="merged").count() == 1
    desk.goto("/desk/people/forms/")
    expect(desk.get_by_text("就业情况摸底表")).to_be_visible()
    look_at(desk, "register-forms")
