"""Told once, on the channel that reaches them, never at night."""

from datetime import timedelta

import pytest
from django.db import transaction

from linli.kernel import memory
from linli.kernel.ids import new_id
from linli.messages import selectors
from linli.messages.errors import MissingFact, UnknownMessage
from linli.messages.models import Delivery, Notice, Preference, QuietHours, Robot, Template
from linli.messages.tests.makers import (
    FACTS,
    HERE,
    MORNING,
    at,
    make_contact,
    make_staff,
    tell_one,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _here(in_home, settings):
    settings.PUBLIC_URL = "https://linli.example.cn"
    memory.forget_all()


def test_a_grid_worker_finds_the_new_case_on_the_page_and_gets_a_text_ten_minutes_later():
    lin = make_staff()
    tell_one(account_ids=[lin])
    (notice,) = selectors.notices_of(lin)
    assert notice.title == "新工单：楼道灯不亮"
    assert notice.body == (
        "幸福家园 3 幢：楼道灯不亮（公共照明）。11 月 25 日（周三）18:00 前办结。"
    )
    assert (notice.link, notice.read_at) == ("/field/cases/1/", None)
    delivery = Delivery.objects.get()
    assert (delivery.channel, delivery.address) == ("sms", "10000000001")
    assert delivery.text == (
        "新工单 DC26111042：幸福家园 3 幢，楼道灯不亮。11 月 25 日（周三）18:00 前办结。"
        "https://linli.example.cn/field/cases/1/"
    )
    assert delivery.due_at == MORNING + timedelta(minutes=10)
    assert selectors.unread_count(lin) == 1


def test_telling_twice_tells_once():
    lin, zhou = make_staff(), make_staff("周", "10000000002")
    assert len(tell_one(key="assigned:1", account_ids=[lin])) == 1
    assert tell_one(key="assigned:1", account_ids=[lin, lin]) == []
    assert len(tell_one(key="assigned:1", account_ids=[lin, zhou])) == 1
    assert Notice.objects.count() == Delivery.objects.count() == 2


def test_a_reporter_is_told_within_the_minute_and_the_secret_link_is_in_no_notice():
    mei = make_contact()
    tell_one("cases.case.accepted", "reporter", contact_id=mei, link="/c/home.secret")
    notice, delivery = Notice.objects.get(), Delivery.objects.get()
    assert delivery.text.endswith("查看进展：https://linli.example.cn/c/home.secret")
    assert "secret" not in notice.body + notice.link + notice.title
    assert delivery.due_at <= MORNING + timedelta(minutes=1)


def test_a_reporter_without_a_phone_is_told_by_nobody_but_the_page():
    from linli.kernel import tenancy
    from linli.kernel.actor import system
    from linli.people import services as people

    contact = people.keep_contact(name="梅", actor=system(tenancy.current_tenant_id()), now=MORNING)
    tell_one("cases.case.accepted", "reporter", contact_id=contact.id)
    assert (Notice.objects.count(), Delivery.objects.count()) == (1, 0)


def test_nobody_is_woken_at_night():
    tell_one(account_ids=[make_staff()], now=at(18, 22, 30))
    assert Delivery.objects.get().due_at == at(19, 8)


def test_what_would_leave_in_the_quiet_time_waits_for_its_end():
    tell_one(account_ids=[make_staff()], now=at(18, 20, 55))
    assert Delivery.objects.get().due_at == at(19, 8)


def test_danger_wakes():
    tell_one(account_ids=[make_staff()], now=at(19, 2, 30), is_urgent=True)
    assert Delivery.objects.get().due_at == at(19, 2, 30)


def test_a_community_has_quiet_hours_of_its_own():
    from datetime import time

    QuietHours.objects.create(starts_at=time(20), ends_at=time(9))
    QuietHours.objects.create(area_path=HERE, starts_at=time(22), ends_at=time(7))
    lin = make_staff()
    tell_one(account_ids=[lin], now=at(18, 21))
    tell_one(account_ids=[make_staff("周", "10000000002")], now=at(18, 21), area_path="320707/9/")
    assert sorted(Delivery.objects.values_list("due_at", flat=True)) == [at(18, 21, 10), at(19, 9)]


def test_the_second_message_joins_the_first_instead_of_waiting_its_own_ten_minutes():
    lin = make_staff()
    tell_one(account_ids=[lin], now=at(18, 9, 0))
    tell_one("cases.case.urged", account_ids=[lin], now=at(18, 9, 8))
    assert set(Delivery.objects.values_list("due_at", flat=True)) == {at(18, 9, 10)}


def test_who_wants_one_message_a_day_gets_it_in_the_morning():
    lin = make_staff()
    Preference.objects.create(account_id=lin, daily_digest=True)
    tell_one(account_ids=[lin], now=at(18, 9))
    tell_one("cases.case.urged", account_ids=[lin], now=at(18, 15))
    assert set(Delivery.objects.values_list("due_at", flat=True)) == {at(19, 8)}


def test_who_wants_no_texts_but_mail_gets_mail():
    lin = make_staff(email="lin@example.cn")
    Preference.objects.create(account_id=lin, by_sms=False, by_mail=True)
    tell_one(account_ids=[lin])
    delivery = Delivery.objects.get()
    assert (delivery.channel, delivery.address) == ("mail", "lin@example.cn")
    assert delivery.text.endswith("\nhttps://linli.example.cn/field/cases/1/")


def test_the_robots_of_an_organisation_say_it_in_the_group():
    organisation = new_id()
    for name, is_active in (("值班群", True), ("旧群", False)):
        Robot.objects.create(
            organisation_id=organisation, kind="wecom", name=name, address=f"https://q.cn/{name}",
            is_active=is_active,
        )  # fmt: skip
    tell_one("cases.case.reported", "desk", organisation_id=organisation)
    delivery = Delivery.objects.get()
    assert (delivery.channel, delivery.address) == ("robot", "https://q.cn/值班群")
    assert delivery.text.startswith("幸福家园 3 幢：楼道灯不亮（公共照明）。")


def test_a_community_says_it_in_its_own_words_and_the_neighbours_keep_theirs():
    Template.objects.create(
        area_path=HERE, event_name="cases.case.accepted", audience="reporter", channel="sms",
        body="街坊，“{title}”我们接了。",
    )  # fmt: skip
    memory.forget_all()
    tell_one("cases.case.accepted", "reporter", contact_id=make_contact())
    tell_one("cases.case.accepted", "reporter", contact_id=make_contact("10000000008"),
             area_path="320707/9/")  # fmt: skip
    texts = [one.text for one in Delivery.objects.order_by("id")]
    assert texts[0] == "街坊，“楼道灯不亮”我们接了。"
    assert texts[1].startswith("您反映的“楼道灯不亮”（DC26111042）已受理。")


def test_a_channel_that_was_switched_off_stays_silent():
    Template.objects.create(
        event_name="cases.case.assigned", audience="handler", channel="sms", body="…",
        is_active=False,
    )  # fmt: skip
    memory.forget_all()
    tell_one(account_ids=[make_staff()])
    assert (Notice.objects.count(), Delivery.objects.count()) == (1, 0)


def test_what_has_no_words_is_a_mistake_that_shows():
    with pytest.raises(UnknownMessage):
        tell_one("cases.case.sung", "desk", account_ids=[new_id()])
    with pytest.raises(UnknownMessage):
        tell_one("cases.case.declined", "lead", account_ids=[new_id()])


def test_a_message_that_could_say_nothing_is_a_mistake_that_shows():
    with pytest.raises(MissingFact):
        tell_one("cases.case.accepted", "reporter", contact_id=make_contact(), facts={}, link="")


def test_nothing_is_told_when_the_change_is_undone():
    lin = make_staff()
    with transaction.atomic():
        tell_one(account_ids=[lin])
        transaction.set_rollback(True)
    assert Notice.objects.count() == 0


def test_another_tenant_hears_nothing(abroad):
    from linli.kernel import tenancy

    lin = make_staff()
    tell_one(account_ids=[lin])
    with tenancy.tenant(abroad.pk):
        assert selectors.unread_count(lin) == 0
        assert Delivery.objects.count() == 0


def test_telling_on_the_page_costs_four_queries(django_assert_max_num_queries):
    accounts = [make_staff(phone=f"1000000010{n}") for n in range(3)]
    tell_one("cases.case.reported", "desk", account_ids=accounts)
    with django_assert_max_num_queries(8):  # with savepoint; addresses and wishes once for all
        tell_one("cases.case.reported", "desk", account_ids=accounts)


def test_every_message_of_the_product_can_be_said_with_the_facts_it_promises():
    from linli.messages import rules
    from linli.messages.selectors import catalogue

    for message in catalogue.messages().values():
        given = catalogue.examples(message.facts)
        assert set(given) == set(message.facts), message.event_name
        for audience, channels in message.words.items():
            for channel, words in channels.items():
                for text in (words.title, words.body):
                    assert not catalogue.unknown_in(text, message.event_name), (audience, channel)
                assert rules.fill(words.body, given)
                assert "{" not in rules.fill(words.body, FACTS)


def test_every_event_that_the_cases_room_tells_has_words():
    from linli.messages.selectors import catalogue

    told = {
        "reported": "desk", "accepted": "reporter", "assigned": "handler", "returned": "desk",
        "answered": "reporter", "resolved": "reporter", "closed": "reporter",
        "declined": "reporter", "merged": "reporter", "added": "handler", "withdrawn": "handler",
        "suspension_asked": "lead", "suspended": "reporter", "suspension_refused": "handler",
        "resumed": "reporter", "due_soon": "handler", "escalated": "lead", "supervised": "handler",
    }  # fmt: skip
    several = {"reopened": ("lead", "desk"), "urged": ("handler", "desk"),
               "late": ("handler", "desk", "reporter")}  # fmt: skip
    pairs = [*told.items(), *((event, one) for event, all_ in several.items() for one in all_)]
    for event, audience in pairs:
        assert catalogue.words_for(f"cases.case.{event}", audience, "")
