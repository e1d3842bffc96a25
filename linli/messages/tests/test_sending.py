"""What leaves, when the gateway answers, when it does not, and when it is back."""

from datetime import timedelta

import pytest

from linli.kernel import events, jobs, memory, tenancy, worker
from linli.kernel.ids import new_id
from linli.kernel.models import Job
from linli.kernel.secrets import encrypt
from linli.messages import selectors, tasks
from linli.messages.adapters import Receipt, Refused, Unreachable
from linli.messages.models import Delivery, Notice, Outage, Preference, Robot
from linli.messages.services import sending, staff
from linli.messages.tests.makers import MORNING, at, make_contact, make_staff, tell_one

pytestmark = pytest.mark.django_db
LATER = MORNING + timedelta(minutes=11)


@pytest.fixture(autouse=True)
def _here(in_home, settings):
    settings.PUBLIC_URL = "https://linli.example.cn"
    memory.forget_all()


@pytest.fixture
def chief(monkeypatch):
    """Somebody who looks after the messages of the tenant."""
    account = make_staff("汤主任", "")
    monkeypatch.setattr(staff, "_keepers", lambda area_path, now: [account])
    return account


@pytest.fixture
def out(monkeypatch):
    """The outside world in a list: what arrived; `answers` are taken one by one, then all is well."""

    class Outside:
        def __init__(self):
            self.letters, self.answers, self.default = [], [], Receipt(is_sent=True, reference="7")

        def carry(self, letter):
            answer = self.answers.pop(0) if self.answers else self.default
            if isinstance(answer, Exception):
                raise answer
            self.letters.append(letter)
            return answer

    world = Outside()
    monkeypatch.setattr(tasks.adapters, "carry", world.carry)
    return world


def send(now):
    while parcels := sending.claim_parcels(now=now):
        tasks.carry_all(parcels, now)


def down(*, is_untouched=True):
    return Unreachable("连不上。", is_untouched=is_untouched)


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


def test_one_poisonous_message_does_not_block_the_others(out):
    tell_one(account_ids=[make_staff()], is_urgent=True)
    out.answers = [down(is_untouched=False)]
    send(MORNING)
    tell_one(account_ids=[make_staff("周", "10000000002")], is_urgent=True, now=MORNING)
    send(MORNING + timedelta(minutes=1))
    assert [one.address for one in out.letters] == ["10000000002", "10000000001"]


def test_mail_goes_on_while_texts_are_down(out):
    lin = make_staff(email="lin@example.cn")
    Preference.objects.create(account_id=lin, by_mail=True)
    tell_one(account_ids=[lin], is_urgent=True)
    out.answers = [down()]
    send(MORNING)
    assert sorted(Delivery.objects.values_list("channel", "state")) in (
        [("mail", "sent"), ("sms", "waiting")], [("mail", "waiting"), ("sms", "sent")],
    )  # fmt: skip


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


def code_data(now):
    runs_out_at = (now + timedelta(minutes=5)).isoformat()
    return {
        "phone": encrypt("10000000009"), "code": encrypt("482913"), "expires_at": runs_out_at,
    }  # fmt: skip


def test_a_one_time_code_leaves_at_night_and_is_kept_nowhere(out):
    now = at(18, 23, 30)
    jobs.enqueue("messages.send_code", key="k1", due_at=now, data=code_data(now))
    jobs.run_jobs(now, is_external=True)
    (letter,) = out.letters
    assert letter.text == "验证码 482913，5 分钟内有效。不要告诉别人，社区的人也不会问您要。"
    assert (letter.address, letter.key) == ("10000000009", "linli-code-k1")
    delivery, job = Delivery.objects.select_related("notice").get(), Job.objects.get()
    assert (delivery.state, delivery.text, job.data) == ("sent", "", {})
    assert "482913" not in delivery.notice.body


def test_a_code_that_ran_out_before_it_could_leave_is_not_sent_late(out):
    out.default = down()
    jobs.enqueue("messages.send_code", key="k1", due_at=MORNING, data=code_data(MORNING))
    for minutes in (0, 1, 6):
        jobs.run_jobs(MORNING + timedelta(minutes=minutes), is_external=True)
    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.error) == ("failed", "验证码过期前没有发出。")
    assert out.letters == []
