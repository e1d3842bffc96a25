"""Whistles on pages: blown at the desk, reported in on a phone, closed by the lead, answered from above."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.urls import reverse

from linli.cases.models import Arbitration, Case, Whistle, WhistleLimit, WhistlePart
from linli.cases.selectors import whistle_day
from linli.cases.services import arbitrating, whistle_ending
from linli.cases.tests.makers import make_case
from linli.cases.tests.test_resident_pages import photo
from linli.cases.tests.whistles import blow, make_town, part
from linli.kernel import clock, memory
from linli.people.tests.makers import sign_in


@pytest.fixture
def world(in_home) -> SimpleNamespace:
    return make_town()


def as_(actor):
    return sign_in(actor.account_id, actor.tenant_id)


def test_a_whistle_is_blown_at_the_desk_and_done_on_phones(world):
    case = make_case(world, at=clock.now())
    desk, urban, housing = as_(world.desk), as_(world.urban), as_(world.housing)
    address = reverse("cases:whistle_blow", args=[case.pk])
    assert "住建局" in desk.get(address).content.decode()
    assert desk.post(address, {"lead": ""}).status_code == 422
    sent = {
        "lead": str(world.offices["housing"].pk),
        "assisting": [str(world.offices["urban"].pk)],
        "brief": "南门外搭了棚，一起去看。",
        "limit_code": "usual",
        "version": case.version,
    }
    assert desk.post(address, sent).status_code == 302
    whistle = Whistle.objects.get()
    again = desk.post(address, sent | {"version": ""})
    assert (again.status_code, Whistle.objects.count()) == (422, 1)
    assert desk.get(address).status_code == 302  # to the one that is open
    assert "一起办" in desk.get(f"/desk/cases/{case.pk}/").content.decode()

    mine = part(world, whistle, "urban")
    Case.objects.update(title="南门搭棚，找我10012345678", text="南门搭棚，找我10012345678。")
    own = reverse("cases:field_whistle", args=[mine.pk])
    assert "10012345678" not in urban.get(reverse("cases:field_whistles")).content.decode()
    assert "10012345678" not in whistle_day.cards(world.urban, clock.now())[0].title
    assert "10012345678" in whistle_day.cards(world.housing, clock.now())[0].title
    assert own in urban.get(reverse("cases:field_whistles")).content.decode()
    page = urban.get(own).content.decode()
    assert "报到时限" in page
    assert "10012345678" not in page
    act = reverse("cases:field_part_act", args=[mine.pk, "report"])
    assert urban.post(act, {"place": "南门", "lat": "34.8", "lon": "119.1"}).status_code == 302
    act = reverse("cases:field_part_act", args=[mine.pk, "arrive"])
    refused = urban.post(act, {})
    assert (refused.status_code, "拍一张" in refused.content.decode()) == (422, True)
    assert urban.post(act, {"photos": photo()}).status_code == 302
    act = reverse("cases:field_part_act", args=[mine.pk, "finish"])
    urban.post(act, {"text": "劝离了三个摊位。", "after": photo()})
    mine.refresh_from_db()
    assert (mine.state, mine.photos.count()) == ("done", 2)
    shot = mine.photos.first().photo_id
    for door, who, status in (("field", urban, 200), ("desk", desk, 200)):
        shown = who.get(reverse(f"cases:{door}_whistle_photo", args=[shot, "thumb"]))
        assert shown.status_code == status
        b"".join(shown.streaming_content)  # to its end, where the file is closed
    market = as_(world.market)
    assert market.get(reverse("cases:field_whistle_photo", args=[shot, "thumb"])).status_code == 404
    assert market.get(own).status_code == 404
    assert market.get(reverse("cases:desk_whistle", args=[whistle.pk])).status_code == 404

    lead = part(world, whistle, "housing")
    housing.post(reverse("cases:field_part_act", args=[lead.pk, "report"]), {})
    close = reverse("cases:field_part_act", args=[lead.pk, "close"])
    assert housing.post(close, {"text": "棚子拆了。", "after": photo()}).status_code == 302
    case.refresh_from_db()
    assert case.state == "resolved"
    page = desk.get(reverse("cases:desk_whistle", args=[whistle.pk])).content.decode()
    assert "劝离了三个摊位。" in page
    rate = reverse("cases:desk_part_act", args=[mine.pk, "score"])
    assert desk.post(rate, {"score": "1"}).status_code == 422
    assert desk.post(rate, {"score": "3"}).status_code == 302
    back = reverse("cases:field_part_act", args=[mine.pk, "rate"])
    assert urban.post(back, {"score": "2", "remark": "地点没说清"}).status_code == 302


def test_a_part_without_a_result_is_asked_for_its_reason(world):
    whistle = blow(world, "housing", "market", at=clock.now())
    desk, late = as_(world.desk), part(world, whistle, "market")
    address = reverse("cases:desk_whistle_act", args=[whistle.pk, "close"])
    sent = {"text": "棚子拆了。", f"missing-{part(world, whistle, 'housing').pk}": ""}
    refused = desk.post(address, sent)
    assert (refused.status_code, "市场监管局" in refused.content.decode()) == (422, True)
    housing = as_(world.housing)
    own = part(world, whistle, "housing")
    close = reverse("cases:field_part_act", args=[own.pk, "close"])
    assert housing.post(close, {"text": "棚子拆了。"}).status_code == 422
    sent = {"text": "棚子拆了。", f"missing-{late.pk}": "一直没有来。"}
    assert housing.post(close, sent).status_code == 302
    late.refresh_from_db()
    assert (late.state, late.missing_reason) == ("missing", "一直没有来。")


def test_the_desk_changes_the_lead_calls_more_extends_and_takes_back(world):
    WhistleLimit.objects.create(
        code="fast", name="紧急", report_amount=1, report_unit="hour", arrive_amount=2,
        arrive_unit="hour", finish_amount=1, finish_unit="work_day", is_urgent=True,
    )  # fmt: skip
    memory.forget_all()
    whistle = blow(world, "housing", at=clock.now(), limit_code="fast")
    desk = as_(world.desk)

    def act(name, sent):
        return desk.post(reverse("cases:desk_whistle_act", args=[whistle.pk, name]), sent)

    assert act("more", {"organisation_id": str(world.offices["urban"].pk)}).status_code == 302
    assert act("lead", {"organisation_id": str(world.offices["urban"].pk)}).status_code == 302
    assert part(world, whistle, "urban").is_lead
    assert not part(world, whistle, "housing").is_lead
    own = part(world, whistle, "housing")
    extend = reverse("cases:desk_part_act", args=[own.pk, "extend"])
    day = clock.local(clock.now()).date() + timedelta(days=365)
    assert desk.post(extend, {"until": day, "reason": "等吊车"}).status_code == 302
    # A department telephones: the desk reports it in.
    told = reverse("cases:desk_part_act", args=[own.pk, "report"])
    assert desk.post(told, {"place": "电话里说到了"}).status_code == 302
    assert act("withdraw", {"reason": ""}).status_code == 422
    assert act("withdraw", {"reason": "自己拆了"}).status_code == 302
    assert act("nonsense", {}).status_code == 404
    for show in ("", "late", "all"):
        assert desk.get(reverse("cases:whistles"), {"show": show}).status_code == 200


def test_whistling_about_something_new_makes_one_case(world):
    desk = as_(world.desk)
    page = desk.get(reverse("cases:whistle_new"))
    key = str(page.context["form"]["key"].value())
    sent = {
        "key": key, "category_id": str(world.category.pk), "building_id": "", "text": "夜市占了消防通道。",
        "lead": str(world.offices["urban"].pk), "brief": "晚上八点南门。", "limit_code": "usual",
    }  # fmt: skip
    assert desk.post(reverse("cases:whistle_new"), sent).status_code == 302
    assert desk.post(reverse("cases:whistle_new"), sent).status_code == 302
    assert Case.objects.get().source == "whistle"
    assert Whistle.objects.count() == 1
    assert as_(world.lin).get(reverse("cases:whistle_new")).status_code == 404


def test_a_question_goes_up_and_its_answer_comes_down(world):
    case = make_case(world, at=clock.now())
    desk, above = as_(world.desk), as_(world.above)
    sent = {"clause_id": str(world.clause.pk), "text": "社区认定不了。"}
    assert desk.post(f"/desk/cases/{case.pk}/refer/", sent).status_code == 302
    asked = Arbitration.objects.get()
    own = reverse("cases:arbitration", args=[asked.pk])
    assert own in above.get(reverse("cases:arbitrations")).content.decode()
    assert "form" not in desk.get(own).context or desk.get(own).context["form"] is None
    assert desk.post(own, {"outcome": "stay", "text": "x"}).status_code == 404
    assert above.post(own, {"outcome": "", "text": ""}).status_code == 422
    take = {
        "outcome": "take",
        "text": "住建认定。",
        "organisation_id": str(world.offices["housing"].pk),
    }
    assert above.post(own, take).status_code == 302
    page = desk.get(f"/desk/cases/{case.pk}/").content.decode()
    assert "违法建设认定" in page
    sheet = reverse("cases:arbitration_sheet")
    assert "100.0%" in desk.get(sheet).content.decode()
    file = desk.get(sheet, {"kind": "xlsx", "month": f"{clock.local(clock.now()):%Y-%m}"})
    assert file.content.startswith(b"PK")
    for nonsense in ("nonsense", "9999-12", "0001-01"):
        assert desk.get(sheet, {"month": nonsense}).status_code == 200

    other = make_case(world, at=clock.now(), phone="10087654321")
    facts = {"clause_id": world.clause.pk, "text": "定不了。", "actor": world.desk}
    again = arbitrating.ask_arbitration(case_id=other.pk, now=clock.now(), **facts)
    back = reverse("cases:arbitration_withdrawal", args=[again.pk])
    assert desk.post(back).status_code == 302


def test_lists_cost_the_same_however_many_there_are(world, django_assert_max_num_queries):
    for number in range(4):
        blow(
            world, "housing", "urban", at=clock.now(),
            case=make_case(world, at=clock.now(), text=f"棚子 {number}", phone=f"1001234567{number}"),
        )  # fmt: skip
    desk, urban = as_(world.desk), as_(world.urban)
    for client, address in ((desk, "whistles"), (urban, "field_whistles"), (desk, "arbitrations")):
        client.get(reverse(f"cases:{address}"))
        with django_assert_max_num_queries(10):
            client.get(reverse(f"cases:{address}"))
    whistle = Whistle.objects.first()
    with django_assert_max_num_queries(26):
        desk.get(reverse("cases:desk_whistle", args=[whistle.pk]))
    whistle_ending.withdraw_whistle(
        whistle_id=whistle.pk, reason="不用了", actor=world.desk, now=clock.now()
    )
    assert WhistlePart.objects.filter(state="ended").count() == 2
