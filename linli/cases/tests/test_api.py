"""Through the API: another system reports, follows, works and lets the reporter speak."""

import json
from types import SimpleNamespace

import pytest

from linli.cases.models import Case
from linli.cases.selectors import catalogue
from linli.cases.services.telling import token_of
from linli.cases.tests.makers import (
    HOUR,
    make_case,
    make_neighbourhood,
    make_post,
    make_staff,
)
from linli.cases.tests.test_resident_pages import photo
from linli.clients.tests.makers import Program, make_key
from linli.kernel import clock, tenancy
from linli.kernel.api import cursor
from linli.places.tests.makers import make_community
from linli.posts.models import PostDuty

CASES = "/api/v1/cases"
ALL = (
    "cases.view", "cases.enter", "cases.dispatch", "cases.handle", "cases.arbitrate",
    "cases.approve", "cases.supervise", "people.reveal",
)  # fmt: skip


@pytest.fixture
def world(in_home):
    found = make_neighbourhood()
    (post_id,) = found.lead.post_ids
    for duty in ("clients.manage", "cases.handle", "cases.follow_up"):
        PostDuty.objects.get_or_create(post_id=post_id, duty=duty)
    from linli.posts.selectors import actor_of

    found.lead = actor_of(found.lead.account_id, clock.now())
    return found


@pytest.fixture
def program(world):
    return Program(make_key(world.lead, world.community, ALL).text)


def send(program, address: str, method: str = "post", **body):
    more = body.pop("headers", {})
    return program.generic(
        method.upper(), address, json.dumps(body), content_type="application/json", headers=more
    )


def report(world, **facts):
    usual = {
        "category": world.category.code, "text": "路灯不亮，天黑看不见路。",
        "place": {"building_id": str(world.building.pk), "community_id": str(world.community.pk)},
    }  # fmt: skip
    return usual | facts


def test_a_report_comes_back_in_the_list_and_by_itself(world, program):
    made = send(program, CASES, **report(world, name="梅小雨", phone="10012345678"))
    assert made.status_code == 201, made.content
    case = made.json()["case"]
    assert (case["state"], case["source"]) == ("reported", "api")
    (row,) = program.get(CASES).json()["items"]
    assert row == case
    whole = program.get(f"{CASES}/{case['id']}").json()
    assert whole["text"] == "路灯不亮，天黑看不见路。"
    assert whole["contact"]["phone"] != "10012345678"
    assert "accept" in whole["offers"]
    assert whole["timeline"][-1]["name"] == "cases.case.reported"
    shown = send(program, f"{CASES}/{case['id']}/contact", purpose="verify")
    assert shown.json()["phone"] == "10012345678"


def test_the_same_key_makes_one_case_and_other_words_are_refused(world, program):
    key = {"Idempotency-Key": "hotline-4711"}
    first = send(program, CASES, headers=key, **report(world))
    again = send(program, CASES, headers=key, **report(world))
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json()["case"]["id"] == again.json()["case"]["id"]
    assert Case.objects.count() == 1
    other = send(program, CASES, headers=key, **report(world, text="换了一句。"))
    assert (other.status_code, other.json()["code"]) == (409, "conflict")


def test_every_step_from_report_to_rating(world, program):
    made = send(program, CASES, **report(world)).json()
    one = f"{CASES}/{made['case']['id']}"
    hand = {"organisation_id": str(world.property_company.pk)}
    assert send(program, f"{one}/acceptance", text="收到了。").json()["state"] == "accepted"
    assert send(program, f"{one}/assignment", **hand).json()["state"] == "assigned"
    until = (clock.now() + 48 * HOUR).isoformat()
    asked = send(program, f"{one}/suspension", reason="等配件。", until=until)
    assert asked.status_code == 200, asked.content
    own = send(program, f"{one}/suspension", "put", is_approved=True)
    assert (own.status_code, own.json()["code"]) == (409, "refused")
    assert send(program, f"{one}/notes", text="问过了。").status_code == 200
    assert send(program, f"{one}/supervision", text="盯一下。").json()["is_supervised"]
    done = send(program, f"{one}/resolution", text="换了灯泡。")
    assert done.json()["state"] == "resolved", done.content
    mine = f"/api/v1/reports/{made['secret']}"
    assert Program("").get(mine).status_code == 401  # a wrong key is wrong here too
    from django.test import Client

    assert Client().get(mine).json()["can_rate"]
    rated = send(Client(), f"{mine}/rating", is_solved=True, satisfaction=3)
    assert rated.json()["state"] == "closed", rated.content


def test_photos_are_sent_ahead_and_named(world, program):
    sent = program.post("/api/v1/photos", {"photos": [photo()]})
    assert sent.status_code == 201, sent.content
    made = send(program, CASES, **report(world, photos=sent.json()["names"])).json()["case"]
    assert made["photo_count"] == 1
    (shot,) = program.get(f"{CASES}/{made['id']}").json()["photos"]
    assert program.get(shot["thumb_url"])["Content-Type"] == "image/jpeg"
    lost = send(program, CASES, **report(world, photos=["x.y"]))
    assert (lost.status_code, lost.json()["field"]) == (422, "photos")
    nothing = program.post(
        "/api/v1/photos", {"photos": [SimpleNamespace(read=lambda *_a: b"", name="x")]}
    )
    assert nothing.status_code == 422


def test_a_repeated_step_is_taken_once(world, program):
    case = make_case(world)
    key = {"Idempotency-Key": "note-1"}
    for _time in range(2):
        assert (
            send(program, f"{CASES}/{case.pk}/notes", headers=key, text="记一下。").status_code
            == 200
        )
    assert case.entries.count() == 1


def test_two_reporters_may_choose_the_same_key(world, client):
    for _reporter in range(2):
        case = make_case(world)
        mine = f"/api/v1/reports/{token_of(case)}/additions"
        for _time in range(2):
            said = send(client, mine, text="还没有人来。", headers={"Idempotency-Key": "1"})
            assert said.status_code == 200, said.content
        assert case.entries.count() == 1


def test_a_stale_version_is_refused(world, program):
    case = make_case(world)
    assert send(program, f"{CASES}/{case.pk}/acceptance", version=1).status_code == 200
    late = send(program, f"{CASES}/{case.pk}/answers", text="好的。", version=1)
    assert late.status_code == 409


def test_the_list_is_walked_by_its_cursor_without_a_gap(world, program):
    made = {str(make_case(world).pk) for _number in range(27)}
    found, cursor = [], ""
    for _page in range(3):
        page = program.get(CASES, {"cursor": cursor} if cursor else {}).json()
        found += [row["id"] for row in page["items"]]
        cursor = page["next"]
        if cursor is None:
            break
    assert len(found) == len(set(found)) == 27
    assert set(found) == made


def test_the_list_asks_the_database_a_few_times_only(world, program, django_assert_max_num_queries):
    for _number in range(5):
        make_case(world)
    program.get(CASES)
    with django_assert_max_num_queries(8):
        program.get(CASES)


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"cursor": "§"}, "cursor"), ({"tab": "x"}, "tab"), ({"community_id": "x"}, "community_id"),
        ({"category": "nothing"}, None),
    ],
)  # fmt: skip
def test_a_question_that_makes_no_sense_is_told_so(world, program, asked, field):
    answer = program.get(CASES, asked)
    assert answer.status_code in (404, 422), answer.content
    assert answer.json().get("field") == field


def test_a_cursor_from_before_all_time_begins_anew(program):
    asked = {"cursor": cursor(f"0001-01-01T00:00:00+14:00~{'0' * 32}")}
    assert program.get(CASES, asked).status_code == 200


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        ("{", "application/json", 400),
        ('{"text": NaN}', "application/json", 400),
        ("[" * 100_000, "application/json", 400),
        ('{"text": "x"}', "text/plain", 415),
        ("text=x", "application/x-www-form-urlencoded", 415),
        ('"x"', "application/json", 422),
        ('{"text": ""}', "application/json", 422),
        ('{"text": "\\u0000\\ud800"}', "application/json", 422),
        ('{"text": "x", "nonsense": 1}', "application/json", 422),
        ('{"text": ' + "[" * 600 + "]" * 600 + "}", "application/json", 422),
        ('{"text": "x", "version": 99999999999999999999}', "application/json", 422),
    ],
)
def test_a_body_that_can_not_be_used_is_refused(world, program, body, kind, status):
    case = make_case(world)
    answer = program.generic("POST", f"{CASES}/{case.pk}/notes", body, content_type=kind)
    assert answer.status_code == status, answer.content
    assert answer["Content-Type"] == "application/problem+json"
    assert case.entries.count() == 0


def test_without_a_key_nothing_is_told(world, client):
    for address in (CASES, f"{CASES}/{make_case(world).pk}"):
        answer = client.get(address)
        assert (answer.status_code, answer.json()["code"]) == (401, "sign_in_first")
        assert answer["WWW-Authenticate"] == 'Bearer realm="linli"'


def test_a_key_of_another_community_finds_nothing(world, abroad):
    case = make_case(world)
    with tenancy.tenant(abroad.pk):
        community = make_community("佳运社区", "510402009011")
        lead = make_staff("吴", make_post("lead", community, (*ALL, "clients.manage")))
        stranger = Program(make_key(lead, community, ALL).text)
    one = f"{CASES}/{case.pk}"
    assert stranger.get(one).status_code == 404
    assert stranger.get(CASES).json()["items"] == []
    for step, body in (
        ("notes", {"text": "x"}),
        ("acceptance", {}),
        ("contact", {"purpose": "verify"}),
    ):
        assert send(stranger, f"{one}/{step}", **body).status_code == 404


def test_confidential_cases_are_for_keys_that_may_see_them(world, program):
    world.category.is_confidential = True
    world.category.save()
    catalogue.forget()
    case = make_case(world)
    assert program.get(f"{CASES}/{case.pk}").status_code == 404
    assert program.get(CASES, {"tab": "all"}).json()["items"] == []


def test_a_key_for_one_company_sees_what_it_is_handed_and_works_on_it(world, program):
    only = {"organisation_id": world.property_company.pk}
    key = make_key(world.lead, world.community, ("cases.view", "cases.handle"), **only)
    company = Program(key.text)
    case = make_case(world)
    assert company.get(f"{CASES}/{case.pk}").status_code == 404
    send(program, f"{CASES}/{case.pk}/assignment", organisation_id=str(world.property_company.pk))
    assert send(company, f"{CASES}/{case.pk}/taking").json()["state"] == "in_hand"
    gone = send(company, f"{CASES}/{case.pk}/return", text="不归我们管。")
    assert gone.status_code == 204
    assert company.get(f"{CASES}/{case.pk}").status_code == 404


def test_an_address_that_is_none_and_a_method_that_is_none(program):
    assert program.get("/api/v1/nothing").json()["code"] == "not_found"
    answer = program.put(CASES)
    assert (answer.status_code, answer.json()["code"]) == (405, "not_allowed")
    assert set(answer["Allow"].replace(",", " ").split()) >= {"GET", "POST"}
