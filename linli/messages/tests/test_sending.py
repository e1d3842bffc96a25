"""What leaves, when the gateway answers, when it does not, and when it is back."""

from datetime import timedelta

import pytest

from linli.kernel import events, memory, tenancy, worker
from linli.kernel.ids import new_id
from linli.messages import selectors, tasks
from linli.messages.adapters import Refused
from linli.messages.models import Delivery, Notice, Robot
from linli.messages.services import sending
from linli.messages.tests.makers import MORNING, at, make_contact, make_staff, send, tell_one

pytestmark = pytest.mark.django_db
LATER = MORNING + timedelta(minutes=11)


@pytest.fixture(autouse=True)
def _here(in_home, settings):
    settings.PUBLIC_URL = "https://linli.example.cn"
    memory.forget_all()


def test_one_message_leaves_once(out):
    tell_one(account_ids=[make_staff()])
    send(MORNING)
    assert out.letters == []
    send(LATER)
    send(LATER)
    (letter,) = out.letters
    delivery = Delivery.objects.get()
    assert letter.text.startswith("新工单 DC26111042")
    assert letter.key == f"linli-{delivery.id.hex}"
    assert (delivery.state, delivery.settled_at, delivery.reference) == ("sent", LATER, "7")


def test_ten_new_cases_are_one_text_and_ten_notices(out):
    lin = make_staff()
    for number in range(10):
        facts = {
            "title": f"第 {number} 盏灯",
            "place": "3 幢",
            "number": str(number),
            "due": "周三",
        }
        tell_one(account_ids=[lin], facts=facts, now=MORNING + timedelta(seconds=number))
    send(LATER)
    (letter,) = out.letters
    assert letter.text == (
        "您有 10 件新工单：第 0 盏灯；第 1 盏灯；第 2 盏灯；第 3 盏灯；第 4 盏灯 等。"
        "查看：https://linli.example.cn/field/notices/"
    )
    assert len(selectors.notices_of(lin)) == 10
    assert sorted(Delivery.objects.values_list("state", flat=True)) == ["folded"] * 9 + ["sent"]


def test_two_people_get_a_text_each(out):
    tell_one(account_ids=[make_staff(), make_staff("周", "10000000002")])
    send(LATER)
    assert {one.address for one in out.letters} == {"10000000001", "10000000002"}


def test_danger_goes_alone_and_in_its_own_words(out):
    lin = make_staff()
    tell_one(account_ids=[lin])
    tell_one(account_ids=[lin])
    tell_one("cases.case.late", account_ids=[lin], is_urgent=True, now=LATER)
    send(LATER)
    texts = sorted(one.text[:6] for one in out.letters)
    assert texts == ["已超时 DC", "您有 2 件"]


def test_the_night_gathers_for_a_reporter_what_happened_and_tells_it_in_the_morning(out):
    mei = make_contact()
    for hour, event in ((21, "reported"), (22, "accepted"), (23, "suspended")):
        tell_one(
            f"cases.case.{event}", "reporter", contact_id=mei, link="/c/x.y", now=at(18, hour, 5)
        )
    send(at(19, 2))
    assert out.letters == []
    send(at(19, 8))
    (letter,) = out.letters
    assert letter.text == (
        "您反映的事项有 3 条新进展：已收到：楼道灯不亮；已受理：楼道灯不亮；要多等几天：楼道灯不亮。"
        "查看：https://linli.example.cn/c/x.y"
    )


def test_what_was_late_because_the_sender_slept_does_not_leave_at_night(out):
    tell_one(account_ids=[make_staff()])
    send(at(18, 23))
    assert out.letters == []
    assert Delivery.objects.get().due_at == at(19, 8)


def test_without_a_gateway_it_is_written_down_and_not_called_sent(settings):
    settings.SMS_URL = ""
    tell_one(account_ids=[make_staff()])
    send(LATER)
    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.get_state_display()) == (
        "recorded", "已记录，没有发出（未配置）",
    )  # fmt: skip


def test_two_senders_never_send_the_same(out):
    tell_one(account_ids=[make_staff()])
    mine = sending.claim_parcels(now=LATER)
    assert len(mine) == 1
    assert sending.claim_parcels(now=LATER) == []


def test_a_sender_that_died_is_followed_by_another_with_the_same_key_and_text(out):
    lin = make_staff()
    tell_one(account_ids=[lin])
    tell_one(account_ids=[lin])
    (first,) = sending.claim_parcels(now=LATER)
    tell_one(account_ids=[lin], now=LATER)  # Came later: must not change what may have left.
    after = LATER + sending.CLAIM
    (second,) = [one for one in sending.claim_parcels(now=after) if one.attempt == 2]
    assert (second.key, second.text) == (first.key, first.text)
    # The one that was thought dead comes back: its claim no longer counts.
    sending.note_refused(first, reason="号码不对", now=after)
    assert Delivery.objects.get(pk=first.delivery_id).state == "waiting"
    sending.note_sent(second, reference="1", now=after)
    assert Delivery.objects.get(pk=first.delivery_id).state == "sent"


def test_a_number_that_does_not_exist_fails_for_good_and_staff_are_told(out, chief):
    out.answers = [Refused("号码不对")]
    tell_one("cases.case.accepted", "reporter", contact_id=make_contact())
    send(LATER)
    send(LATER + timedelta(days=1))
    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.error, delivery.attempts) == ("failed", "号码不对", 1)
    (notice,) = selectors.notices_of(chief)
    assert notice.title == "没有送达：已受理：楼道灯不亮"
    assert "反映人 100****0009" in notice.body
    assert "10000000009" not in notice.body
    (event,) = events.timeline(delivery.id)
    assert event.name == "messages.delivery.failed"
    assert Notice.objects.filter(event_name="messages.delivery.failed").count() == 1


def test_an_address_that_fails_all_day_is_told_once(out, chief):
    lin = make_staff()
    out.default = Refused("停机")
    for number in range(4):
        tell_one(account_ids=[lin], now=MORNING, is_urgent=True)
        send(MORNING + timedelta(minutes=number))
    assert Delivery.objects.filter(state="failed").count() == 4
    assert len(selectors.notices_of(chief)) == 1


def test_a_robot_that_was_switched_off_meanwhile_says_nothing(out, chief):
    organisation = new_id()
    robot = Robot.objects.create(
        organisation_id=organisation, kind="wecom", name="群", address="https://q.cn/1"
    )
    tell_one("cases.case.reported", "desk", organisation_id=organisation)
    Robot.objects.filter(pk=robot.pk).update(is_active=False)
    send(LATER)
    assert out.letters == []
    assert Delivery.objects.get(channel="robot", notice__robot=robot).error == "群机器人已停用。"


def test_the_worker_sends_what_is_due(out):
    tell_one(account_ids=[make_staff()])
    tenant = tenancy.current_tenant_id()
    worker.tick(LATER)
    assert len(out.letters) == 1
    with tenancy.tenant(tenant):
        assert Delivery.objects.get().settled_at == LATER


def test_half_a_year_later_the_log_knows_that_but_not_whom_and_what(out):
    lin = make_staff()
    tell_one(account_ids=[lin])
    tell_one(account_ids=[lin])
    send(LATER)
    tasks.forget_old(LATER + timedelta(days=180))
    assert Delivery.objects.get(state="sent").address == "10000000001"
    tasks.forget_old(LATER + timedelta(days=181))
    for delivery in Delivery.objects.all():
        assert (delivery.address, delivery.text, delivery.folded_text) == ("", "", "")
    assert Delivery.objects.get(state="sent").settled_at == LATER


def test_a_case_page_says_what_reached_whom(out):
    subject, lin = new_id(), make_staff()
    tell_one("cases.case.accepted", "reporter", contact_id=make_contact(), subject_id=subject)
    tell_one(account_ids=[lin], subject_id=subject)
    send(LATER)
    lines = selectors.deliveries_of_subject(subject)
    assert [one.sentence for one in lines] == ["已短信告知反映人", "已短信告知林干事"]
    assert lines[0].at == LATER
