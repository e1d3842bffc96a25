"""A city's system files what its people report: place, questions, photos, tokens, once per key."""

import io
import json

import pytest
from django.test import Client

from linli.cases.models import Case, Source
from linli.cases.services import closing
from linli.cases.tests.makers import DAY, make_case
from linli.cases.tests.residents import photo
from linli.cases.tests.systems import System, key_of, read, world
from linli.kernel import clock
from linli.people import selectors as people
from linli.places.models import PlaceCode

__all__ = ["world"]
BOTH = pytest.mark.parametrize("ext", ["json", "xml"])
BIN = {
    "service_code": "rubbish",
    "description": "垃圾桶满了两天。",
    "lat": "44.17",
    "long": "87.54",
}


def case_of(answer) -> Case:
    return Case.objects.get(number=answer[0]["service_request_id"])


@BOTH
def test_a_report_becomes_a_case_like_any_other(world, ext):
    system = System(world, key_of(world), ext)
    answer = system.send("requests", {
        **BIN, "address_string": "东门花坛旁", "first_name": "小雨", "last_name": "梅",
        "phone": "10000000001", "email": "mei@example.org", "account_id": "77",
    })  # fmt: skip
    assert system.last.status_code == 200
    (request,) = answer
    assert set(request) == {"service_request_id", "service_notice", "account_id"}
    case = case_of(answer)
    assert (case.source, case.text, case.spot) == (Source.API, BIN["description"], "东门花坛旁")
    assert (case.lat, case.lon) == (44.17, 87.54)
    card = people.reach_contact(case.reporter_id)
    assert (card.name, card.phone) == ("梅小雨", "10000000001")
    assert case.reporter.consent_version == "open311-1"
    assert case.reporter.address == "mei@example.org"
    shown = System(world, key_of(world, "cases.enter"), ext).ask(f"requests/{case.number}")
    assert shown[0]["status"] == "open"


def test_questions_are_answered_by_their_codes(world):
    answer = System(world, key_of(world)).send("requests", {
        **BIN, "service_code": "lamp", "attribute[pole]": "D-17", "attribute[since]": "2.5",
        "attribute[dark]": "是", "attribute[kind][]": "路灯",
    })  # fmt: skip
    assert case_of(answer).answers == [
        {"text": "灯杆编号", "answer": "D-17"},
        {"text": "坏了几天", "answer": "2.5"},
        {"text": "整条路都不亮吗", "answer": "是"},
        {"text": "哪种灯", "answer": "路灯"},
    ]


@BOTH
def test_everything_that_is_missing_is_told_at_once(world, ext):
    system = System(world, key_of(world), ext)
    wrong = {
        "service_code": "lamp", "attribute[since]": "long", "attribute[kind]": "探照灯",
        "attribute[colour]": "红", "lat": "44.17",
    }  # fmt: skip
    errors = system.send("requests", wrong)
    assert system.last.status_code == 400
    assert {one["code"] for one in errors} == {"400"}
    told = " ".join(one["description"] for one in errors)
    for name in ("lat", "pole", "since", "kind", "colour", "description"):
        assert name in told
    assert len(errors) == 6
    assert not Case.objects.exists()


@BOTH
def test_an_unknown_service_is_404_and_a_missing_one_400(world, ext):
    system = System(world, key_of(world), ext)
    for code, status in (("nothing", 404), ("quarrel", 404), ("", 400)):
        answer = system.send("requests", {**BIN, "service_code": code})
        assert system.last.status_code == status
        assert answer[0]["code"] == str(status)


@pytest.mark.parametrize("ext", ["json", "xml"])
def test_a_place_is_a_point_or_words_or_the_code_on_the_door(world, ext):
    system = System(world, key_of(world), ext)
    words = {"service_code": "rubbish", "description": "满了"}
    at_door = case_of(system.send("requests", {**words, "address_id": world.door.code.upper()}))
    assert at_door.building_id == world.building.pk
    long = "很长的地址" * 30
    in_words = case_of(system.send("requests", {**words, "address_string": long}))
    assert len(in_words.spot) == 80
    assert long in in_words.text
    for wrong in (
        {},
        {"address_id": "home-zzzzzz"},
        {"lat": "x", "long": "1"},
        {"lat": "nan", "long": "1"},
        {"lat": "91", "long": "1"},
        {"long": "1"},
    ):
        system.send("requests", {**words, **wrong})
        assert system.last.status_code == 400, wrong


def test_an_ended_code_is_refused(world):
    PlaceCode.objects.filter(pk=world.door.pk).update(ended_at=clock.now())
    system = System(world, key_of(world))
    system.send(
        "requests", {"service_code": "rubbish", "description": "x", "address_id": world.door.code}
    )
    assert system.last.status_code == 400


def test_a_point_finds_its_community_in_the_district(world):
    from linli.places.tests.makers import make_community

    make_community("西城社区", "659004003009")
    system = System(world, key_of(world))
    system.at = "home"
    system.send("requests", BIN)
    assert system.last.status_code == 400  # two communities without outlines: nobody can tell
    outline = {"type": "Polygon", "coordinates": [[[87, 44], [88, 44], [88, 45], [87, 44]]]}
    bounds = {"south": 44, "north": 45, "west": 87, "east": 88}
    type(world.grid).objects.filter(pk=world.grid.pk).update(polygon=json.dumps(outline), **bounds)
    assert case_of(system.send("requests", {**BIN, "long": "87.9"})).grid_id == world.grid.pk


# Keys


@BOTH
@pytest.mark.parametrize("key", ["", "lk_home_nonsense", "x" * 500, "lk_home_" + "a" * 40])
def test_without_a_good_key_nothing_is_filed(world, ext, key):
    for values, headers in (({"api_key": key}, {}), ({}, {"Authorization": f"Bearer {key}"})):
        answer = Client(headers=headers if key else {}).post(
            f"/open311/v2/requests.{ext}", {**BIN, **values, "jurisdiction_id": world.at}
        )
        assert answer.status_code == 403
        assert read(answer)[0]["code"] == "403"
    assert not Case.objects.exists()


@BOTH
def test_an_expired_or_revoked_key_is_403_as_the_standard_says(world, ext):
    now = clock.now()
    key = key_of(world, now=now - 3 * DAY, expires_at=now - DAY)
    for client, values in (
        (System(world, key, ext), {}),
        (System(world, "", ext), {"api_key": key}),
    ):
        answer = client.send("requests", {**BIN, **values})
        assert client.last.status_code == 403
        assert answer[0]["code"] == "403"


def test_a_key_in_the_form_or_the_address_opens_like_one_in_the_header(world):
    key = key_of(world)
    client = Client()
    body = {**BIN, "api_key": key}
    assert client.post("/open311/v2/requests.json", body).status_code == 200
    assert client.post(f"/open311/v2/requests.json?api_key={key}", BIN).status_code == 200
    found = client.get(f"/open311/v2/requests.json?api_key={key}").json()
    assert found[0]["description"] == BIN["description"]


def test_a_key_that_may_only_look_files_nothing(world):
    system = System(world, key_of(world, "cases.view"))
    system.send("requests", BIN)
    assert system.last.status_code == 403
    assert not Case.objects.exists()


def test_a_key_has_its_rate_also_in_the_form(world):
    key = key_of(world, per_minute=3)
    client = Client()
    codes = [
        client.get("/open311/v2/services.json", {"api_key": key}).status_code for _try in range(5)
    ]
    assert codes == [200, 200, 200, 429, 429]


# Once


@BOTH
def test_the_same_key_again_is_the_same_case(world, ext):
    system = System(world, key_of(world), ext)
    again = {"headers": {"Idempotency-Key": "fms-4711"}}
    first = system.send("requests", BIN, **again)
    assert system.send("requests", BIN, **again) == first
    assert Case.objects.count() == 1
    system.send("requests", {**BIN, "description": "别的"}, **again)
    assert system.last.status_code == 400
    system.send("requests", {**BIN, "description": "别的"})
    assert Case.objects.count() == 2


def test_the_same_words_from_the_same_device_within_the_hour_are_one_case(world):
    system = System(world, key_of(world))
    for _time in range(2):
        system.send("requests", {**BIN, "device_id": "phone-1"})
    system.send("requests", {**BIN, "device_id": "phone-2"})
    assert Case.objects.count() == 2


@BOTH
def test_whoever_does_not_wait_gets_a_token(world, ext):
    key = key_of(world)
    system = System(world, key, ext)
    (request,) = system.send("requests", BIN, headers={"Prefer": "respond-async"})
    assert "service_request_id" not in request
    token = request["token"]
    case = Case.objects.get()
    nobody = System(world, ext=ext)
    assert nobody.ask(f"tokens/{token}") == [{"service_request_id": case.number, "token": token}]
    nobody.ask("tokens/" + "0" * 64)
    assert nobody.last.status_code == 404


def test_a_senders_own_key_is_its_token_after_a_lost_answer(world):
    key = key_of(world)
    System(world, key).send("requests", BIN, headers={"Idempotency-Key": "fms-1"})
    found = System(world, key).ask("tokens/fms-1")
    assert found[0]["service_request_id"] == Case.objects.get().number
    for stranger in (System(world), System(world, key_of(world))):
        stranger.ask("tokens/fms-1")
        assert stranger.last.status_code == 404


def test_a_form_of_residents_is_no_token(world):
    case = make_case(world, key="0194a2b7-68d5-73a2-9e91-7695ad409e95")
    system = System(world)
    system.ask("tokens/0194a2b7-68d5-73a2-9e91-7695ad409e95")
    assert case.number
    assert system.last.status_code == 404


# Photos


def test_photos_come_with_the_form_whatever_their_field_is_called(world):
    key = key_of(world)
    system = System(world, key)
    answer = system.send("requests", {**BIN, "media": photo(), "media_2": photo("b.jpg", (50, 50))})
    case = case_of(answer)
    assert case.photo_count == 2
    (shown,) = system.ask(f"requests/{case.number}")
    picture = Client().get(shown["media_url"].removeprefix("http://testserver"))
    assert picture["Content-Type"] == "image/jpeg"
    assert System(world).ask(f"requests/{case.number}")[0]["media_url"] is None
    assert Client().get("/open311/photos/abc:def:ghi.jpg").status_code == 404


def test_what_is_no_photo_is_refused_and_nothing_filed(world):
    system = System(world, key_of(world))
    file = io.BytesIO(b"%PDF-1.4 not a photo")
    file.name = "x.jpg"
    system.send("requests", {**BIN, "media": file})
    assert system.last.status_code == 400
    assert not Case.objects.exists()


def test_four_thousand_characters_are_taken_and_not_one_more(world):
    system = System(world, key_of(world))
    assert len(case_of(system.send("requests", {**BIN, "description": "字" * 4000})).text) == 4000
    system.send("requests", {**BIN, "description": "字" * 4001})
    assert system.last.status_code == 400


def test_the_reporters_link_works_as_ever(world):
    from linli.cases.services.telling import token_of

    case = case_of(System(world, key_of(world)).send("requests", BIN))
    closing.withdraw_case(token=token_of(case), actor=world.desk, now=clock.now())
    (shown,) = System(world).ask(f"requests/{case.number}")
    assert (shown["status"], shown["status_notes"]) == ("closed", "已撤回")
