"""Family is told only when they agreed, and who looks at why somebody is visited says why."""

import pytest
from django.test import Client

from linli.care import services
from linli.care.models import FamilyContact
from linli.care.selectors import family as families
from linli.care.services import AlertSheet
from linli.care.tests.makers import DAY, HOUR, MONDAY, make_block, make_profile, visit
from linli.kernel import clock
from linli.kernel.errors import BadInput, NotFound
from linli.messages.models import Delivery, Notice
from linli.people.models import Reveal


@pytest.fixture
def world(in_home):
    return make_block()


@pytest.fixture
def mei(world):
    return make_profile(world)


def test_family_is_told_only_when_they_agreed_and_takes_it_back_by_their_link(world, mei):
    facts = {"profile_id": mei.pk, "relation": "child", "actor": world.desk, "now": MONDAY}
    son = services.name_family(name="梅海", phone="10012340001", agreed_how="phone", **facts)
    services.name_family(name="梅河", phone="10012340002", **facts)
    visit(mei, world.sun, "wrong", trouble="ill")
    told = Notice.objects.filter(event_name="care.family.trouble")
    assert [one.contact_id for one in told] == [son.contact_id]
    text = Delivery.objects.get(notice__in=told).text
    assert "/care/" in text
    assert "生病" not in text
    token = text.split("/care/")[1].split("/")[0]
    services.withdraw_by_link(token=token, actor=world.desk, now=MONDAY + HOUR)
    services.withdraw_by_link(token=token, actor=world.desk, now=MONDAY + HOUR)
    row = FamilyContact.objects.get(pk=son.pk)
    assert (row.may_be_told, row.withdrawn_at) == (False, MONDAY + HOUR)
    visit(mei, world.sun, "wrong", after=DAY, trouble="ill")
    assert told.count() == 1
    with pytest.raises(NotFound):
        services.withdraw_by_link(token=token[:-2] + "xx", actor=world.desk, now=MONDAY)


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"name": "", "phone": "10012340001"}, "name"),
        ({"name": "梅海", "phone": ""}, "phone"),
        ({"name": "梅海", "phone": "12"}, "phone"),
        ({"name": "梅海", "phone": "10012340001", "relation": "cat"}, "relation"),
    ],
)
def test_family_without_a_way_to_reach_them_is_refused(world, mei, facts, field):
    with pytest.raises(BadInput) as refusal:
        services.name_family(
            profile_id=mei.pk, actor=world.desk, now=MONDAY, **{"relation": "child"} | facts
        )
    assert refusal.value.field == field


def test_looking_at_why_asks_for_a_purpose_and_leaves_a_row(world, mei):
    with pytest.raises(BadInput):
        services.reveal_care(profile_id=mei.pk, purpose="", actor=world.sun, now=MONDAY)
    shown = services.reveal_care(profile_id=mei.pk, purpose="visit", actor=world.sun, now=MONDAY)
    assert (shown.why, shown.person.name) == ("高血压，一个人住。", "梅玉兰")
    row = Reveal.objects.get()
    assert (row.account_id, row.purpose, row.subject_id) == (world.sun.account_id, "visit", mei.pk)


def test_family_sees_what_was_agreed_without_signing_in_and_takes_it_back(world, mei):
    son = services.name_family(
        profile_id=mei.pk, name="梅海", phone="10012340001", relation="child",
        agreed_how="phone", actor=world.desk, now=MONDAY,
    )  # fmt: skip
    link = families.link_of(son)
    page = Client().get(link).content.decode()
    assert "梅**" in page
    assert "子女" in page
    Client().post(link)
    assert "现在不会给您发消息" in Client().get(link).content.decode()
    services.start_alert(
        sheet=AlertSheet(kind="snow", area_id=world.community.pk, until=clock.now() + DAY,
                         tells_family=True),
        key="", actor=world.desk, now=clock.now(),
    )  # fmt: skip
    assert not Delivery.objects.exists()
    assert Client().get(link[:-3] + "x/").status_code == 404
