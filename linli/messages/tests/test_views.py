"""The desk's pages: the log, the words, the night, the group robots."""

from datetime import timedelta

import pytest
from django.urls import reverse

from linli.kernel import clock, events
from linli.messages.models import Delivery, QuietHours, Robot, Template
from linli.messages.selectors import catalogue
from linli.messages.services import sending, tell
from linli.messages.tests.makers import FACTS

pytestmark = pytest.mark.django_db


def tell_lin(cast, title="楼道灯不亮", **more):
    given = {
        "event_name": "cases.case.assigned", "audience": "handler", "key": f"k:{title}",
        "facts": {**FACTS, "title": title}, "link": "/field/cases/1/", "subject_id": cast.grid.pk,
        "account_ids": [cast.lin.account_id], "area_path": cast.grid.path, "now": clock.now(),
    }  # fmt: skip
    (notice,) = tell(**{**given, **more})
    return notice


def tell_mei(cast, mei, **more):
    given = {
        "event_name": "cases.case.accepted", "audience": "reporter", "key": "mei", "facts": FACTS,
        "link": "/c/home.x/", "subject_id": cast.grid.pk, "contact_id": mei,
        "area_path": cast.grid.path, "now": clock.now(),
    }  # fmt: skip
    return tell(**{**given, **more})


@pytest.fixture
def mei(cast):
    from linli.messages.tests.makers import make_contact

    return make_contact()


# What reached whom


def test_the_lead_sees_what_reached_whom_without_seeing_numbers(cast, sign_in, mei):
    tell_mei(cast, mei)
    page = sign_in("lead").get("/desk/messages/").content.decode()
    assert "已受理：楼道灯不亮" in page
    assert "100****0009" in page
    assert "10000000009" not in page
    assert "home.x" not in page
    assert "等待发送" in page
    assert "还没有接通短信、邮件" in page


def test_the_log_is_filtered_by_state_channel_and_case(cast, sign_in, mei):
    tell_mei(cast, mei)
    lead = sign_in("lead")
    for query, is_there in (
        ("state=waiting", True), ("state=failed", False), ("channel=sms", True),
        ("channel=mail", False), (f"about={cast.grid.pk}", True),
        (f"about={cast.estate.pk}", False), ("state=nonsense&before=nonsense", True),
    ):  # fmt: skip
        assert ("100****0009" in lead.get(f"/desk/messages/?{query}").content.decode()) is is_there


def test_what_was_only_recorded_can_be_sent_again(cast, sign_in, mei):
    tell_mei(cast, mei, is_urgent=True)
    (parcel,) = sending.claim_parcels(now=clock.now())
    sending.note_recorded(parcel, now=clock.now())
    lead = sign_in("lead")
    assert "没有发出（未配置）" in lead.get("/desk/messages/").content.decode()
    address = f"/desk/messages/{parcel.delivery_id}/again/"
    assert lead.post(address).status_code == 302
    assert Delivery.objects.get().state == "waiting"
    assert [one.name for one in events.timeline(parcel.delivery_id)] == [
        "messages.delivery.repeated"
    ]
    assert lead.post(address).status_code == 409


def test_a_gateway_that_is_down_stands_above_the_log(cast, sign_in, mei):
    tell_mei(cast, mei, is_urgent=True)
    (parcel,) = sending.claim_parcels(now=clock.now())
    sending.note_unreachable(
        parcel, reason="连不上。", is_untouched=True, wait=timedelta(minutes=1), now=clock.now()
    )
    page = sign_in("lead").get("/desk/messages/").content.decode()
    assert "短信网关" in page
    assert "1 条在等" in page


def test_the_log_costs_the_same_for_fifty_lines(cast, sign_in, django_assert_max_num_queries):
    for number in range(60):
        tell_lin(cast, f"第 {number} 件", organisation_id=None, key=f"n{number}")
    lead = sign_in("lead")
    with django_assert_max_num_queries(12):
        lead.get("/desk/messages/")


# The words


def edit_url(channel="sms", area=""):
    address = reverse("messages:template", args=["cases.case.accepted", "reporter", channel])
    return f"{address}?area={area}" if area else address


def test_every_message_is_on_the_list_of_words(cast, sign_in):
    page = sign_in("lead").get("/desk/messages/templates/").content.decode()
    for message in catalogue.messages().values():
        assert (message.label in page) is not message.is_fixed
    assert "东城社区怎么说" in page


def test_the_lead_changes_the_words_of_the_community(cast, sign_in, mei):
    words = "街坊，“{title}”我们接了。进展：{link}"
    answer = sign_in("lead").post(edit_url(), {"body": words, "is_active": "on", "act": "save"})
    assert answer.status_code == 302
    assert Template.objects.get().area_path == cast.community.path
    tell_mei(cast, mei)
    assert Delivery.objects.get().text.startswith("街坊，“楼道灯不亮”我们接了。")
    listed = sign_in("lead").get("/desk/messages/templates/").content.decode()
    assert "改过" in listed


def test_words_that_cannot_be_filled_are_refused_and_kept_in_the_form(cast, sign_in):
    words = "“{titel}”我们接了。"
    answer = sign_in("lead").post(edit_url(), {"body": words, "is_active": "on", "act": "save"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "{titel} 填不进去" in page
    assert words in page
    assert Template.objects.count() == 0


def test_a_preview_shows_examples_and_the_price_and_changes_nothing(cast, sign_in):
    words = "“{title}”我们接了，" + "好" * 70
    answer = sign_in("lead").post(edit_url(), {"body": words, "is_active": "on", "act": "preview"})
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "“楼道灯不亮”我们接了，" in page
    assert "2 条短信的钱" in page
    assert Template.objects.count() == 0


def test_words_are_blank_only_when_they_are_switched_off(cast, sign_in):
    lead = sign_in("lead")
    assert lead.post(edit_url(), {"body": " ", "is_active": "on", "act": "save"}).status_code == 422
    assert lead.post(edit_url(), {"body": "", "act": "save"}).status_code == 302
    assert catalogue.words_for("cases.case.accepted", "reporter", cast.grid.path).keys() == {
        "page", "mail", "robot",
    }  # fmt: skip


def test_the_product_s_words_come_back(cast, sign_in):
    lead = sign_in("lead")
    lead.post(edit_url(), {"body": "好。", "is_active": "on", "act": "save"})
    assert "改回原来的话" in lead.get(edit_url()).content.decode()
    lead.post(edit_url(), {"act": "default"})
    assert Template.objects.count() == 0
    assert "改回原来的话" not in lead.get(edit_url()).content.decode()


@pytest.mark.parametrize(
    "parts",
    [
        ("cases.case.sung", "desk", "sms"), ("cases.case.accepted", "lead", "sms"),
        ("cases.case.accepted", "reporter", "pigeon"), ("people.code.sent", "reporter", "sms"),
    ],
)  # fmt: skip
def test_words_that_do_not_exist_are_not_found(cast, sign_in, parts):
    assert sign_in("lead").get(reverse("messages:template", args=parts)).status_code == 404


# The night


def test_the_lead_sets_the_night_of_the_community(cast, sign_in):
    data = {"starts_at": "22:00", "ends_at": "07:00"}
    answer = sign_in("lead").post("/desk/messages/quiet/", data)
    assert answer.status_code == 302
    hours = QuietHours.objects.get()
    assert (hours.area_path, f"{hours.starts_at:%H:%M}") == (cast.community.path, "22:00")
    assert 'value="22:00"' in sign_in("lead").get("/desk/messages/quiet/").content.decode()


def test_a_night_that_is_none_is_told_at_its_field(cast, sign_in):
    answer = sign_in("lead").post("/desk/messages/quiet/", {"starts_at": "25:99", "ends_at": ""})
    assert answer.status_code == 422


# Group robots

ROBOT = {
    "kind": "wecom", "name": "值班群", "is_active": "on",
    "address": "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=secret-1",
}  # fmt: skip


def test_the_lead_adds_a_robot_whose_address_is_never_shown_again(cast, sign_in):
    lead = sign_in("lead")
    answer = lead.post("/desk/messages/robots/new/", {**ROBOT, "organisation_id": cast.office.pk})
    assert answer.status_code == 302
    robot = Robot.objects.get()
    assert robot.address.endswith("secret-1")
    for address in ("/desk/messages/robots/", f"/desk/messages/robots/{robot.pk}/"):
        page = lead.get(address).content.decode()
        assert "值班群" in page
        assert "secret-1" not in page


def test_a_robot_changes_and_keeps_its_address_when_none_is_given(cast, sign_in):
    lead = sign_in("lead")
    lead.post("/desk/messages/robots/new/", {**ROBOT, "organisation_id": cast.office.pk})
    robot = Robot.objects.get()
    changed = {"kind": "wecom", "name": "新群", "organisation_id": cast.company.pk}
    assert lead.post(f"/desk/messages/robots/{robot.pk}/", changed).status_code == 302
    robot.refresh_from_db()
    assert (robot.name, robot.organisation_id, robot.is_active) == ("新群", cast.company.pk, False)
    assert robot.address.endswith("secret-1")


@pytest.mark.parametrize("address", ["", "http://qyapi.weixin.qq.com/", "https://10.0.0.1/x"])
def test_an_address_that_we_do_not_call_is_refused_at_its_field(cast, sign_in, address):
    data = {**ROBOT, "address": address, "organisation_id": cast.office.pk}
    answer = sign_in("lead").post("/desk/messages/robots/new/", data)
    assert answer.status_code == 422
    assert Robot.objects.count() == 0


def test_a_robot_is_tried_out_at_once_even_at_night(cast, sign_in):
    lead = sign_in("lead")
    lead.post("/desk/messages/robots/new/", {**ROBOT, "organisation_id": cast.office.pk})
    robot = Robot.objects.get()
    assert lead.post(f"/desk/messages/robots/{robot.pk}/trial/").status_code == 302
    delivery = Delivery.objects.get()
    assert delivery.text == "高在试这个群机器人。看到这句话，就是接通了。"
    assert delivery.due_at <= clock.now()
    assert "等待发送" in lead.get("/desk/messages/robots/").content.decode()
    Robot.objects.update(is_active=False)
    assert lead.post(f"/desk/messages/robots/{robot.pk}/trial/").status_code == 422
