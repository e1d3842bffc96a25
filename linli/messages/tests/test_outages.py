"""A line that is down: nothing is lost, nobody is sent anything twice, staff hear of it once."""

from datetime import timedelta

import pytest

from linli.messages import selectors
from linli.messages.adapters import Receipt, Unreachable
from linli.messages.models import Delivery, Outage, Preference
from linli.messages.tests.makers import MORNING, make_contact, make_staff, send, tell_one

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _here(in_home, settings):
    settings.PUBLIC_URL = "https://linli.example.cn"


def down(*, is_untouched=True):
    return Unreachable("连不上。", is_untouched=is_untouched)


def test_pauses_between_attempts_are_exact(out, chief):
    out.answers = [down(is_untouched=False)] * 8
    tell_one(account_ids=[make_staff()], is_urgent=True)
    moment, pauses = MORNING, []
    for _attempt in range(8):
        send(moment)
        due_at = Delivery.objects.get().due_at
        send(due_at - timedelta(seconds=1))
        pauses.append((due_at - moment) // timedelta(minutes=1))
        moment = due_at
    assert pauses == [1, 2, 5, 10, 15, 30, 60, 60]
    assert Delivery.objects.get().attempts == 8
    send(moment)
    assert Delivery.objects.get().state == "sent"
    assert len(out.letters) == 1


def test_a_gateway_that_asks_for_time_gets_it(out):
    out.answers = [Unreachable("对方回答 429。", wait=timedelta(minutes=7))]
    tell_one(account_ids=[make_staff()], is_urgent=True)
    send(MORNING)
    assert Delivery.objects.get().due_at == MORNING + timedelta(minutes=7)


def test_while_the_gateway_is_down_one_message_probes_and_the_rest_wait_untouched(out):
    out.default = down()
    for number in range(20):
        tell_one(account_ids=[make_staff("甲", f"100000001{number:02}")], is_urgent=True)
    send(MORNING)
    assert set(Delivery.objects.values_list("state", "attempts")) == {("waiting", 0)}
    assert Outage.objects.get().probe_at == MORNING + timedelta(minutes=1)


def test_a_gateway_down_for_a_day_loses_nothing_and_staff_hear_once(out, chief):
    lin, mei = make_staff(), make_contact()
    out.default = down()
    moment, texts = MORNING, 0
    while moment < MORNING + timedelta(days=1):
        if texts < 12:
            tell_one(account_ids=[lin], now=moment)
            tell_one("cases.case.accepted", "reporter", contact_id=mei, link="/c/x.y", now=moment)
            texts += 2
        send(moment)
        moment += timedelta(minutes=10)
    heard = [one for one in selectors.notices_of(chief) if "没有送出" in one.title]
    assert [one.title for one in heard] == ["短信网关从 11 月 18 日 09:51 起没有送出"]
    assert "条在等" in heard[0].body
    assert Delivery.objects.filter(state="waiting").count() == 12
    assert out.letters == []

    out.default = Receipt(is_sent=True)
    send(moment + timedelta(hours=1))
    assert sorted((one.address, one.text[:12]) for one in out.letters) == [
        ("10000000001", "您有 6 件新工单：楼道"), ("10000000009", "您反映的事项有 6 条新"),
    ]  # fmt: skip
    assert Delivery.objects.filter(state="waiting").count() == 0
    back = [one.title for one in selectors.notices_of(chief) if "恢复" in one.title]
    assert back == ["短信网关恢复了"]
    assert Outage.objects.get().ended_at == moment + timedelta(hours=1)


def test_what_waited_for_more_than_a_day_and_a_half_is_given_up_and_told(out, chief):
    out.default = down()
    for number in range(3):
        tell_one(account_ids=[make_staff("甲", f"1000000010{number}")], is_urgent=True)
    send(MORNING + timedelta(hours=37))
    assert set(Delivery.objects.values_list("state", flat=True)) == {"failed"}
    (notice,) = selectors.notices_of(chief)
    assert notice.title == "短信网关有 3 条过期没有发出"


def test_what_waited_because_the_sender_slept_for_days_still_leaves(out):
    tell_one(account_ids=[make_staff()])
    send(MORNING + timedelta(days=3))
    assert len(out.letters) == 1


def test_mail_goes_on_while_texts_are_down(out):
    lin = make_staff(email="lin@example.cn")
    Preference.objects.create(account_id=lin, by_mail=True)
    tell_one(account_ids=[lin], is_urgent=True)
    out.answers = [down()]
    send(MORNING)
    assert sorted(Delivery.objects.values_list("channel", "state")) in (
        [("mail", "sent"), ("sms", "waiting")], [("mail", "waiting"), ("sms", "sent")],
    )  # fmt: skip


def test_one_poisonous_message_does_not_block_the_others(out):
    tell_one(account_ids=[make_staff()], is_urgent=True)
    out.answers = [down(is_untouched=False)]
    send(MORNING)
    tell_one(account_ids=[make_staff("周", "10000000002")], is_urgent=True, now=MORNING)
    send(MORNING + timedelta(minutes=1))
    assert [one.address for one in out.letters] == ["10000000002", "10000000001"]
