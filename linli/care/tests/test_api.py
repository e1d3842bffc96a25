"""Care for other systems: who is due, a visit once per key, who is reached; nothing for who may not know."""

import json

import pytest

from linli.care.models import Visit
from linli.care.tests.makers import DAY, MONDAY, _grant, make_block, make_profile, register
from linli.clients.tests.makers import Program, make_key
from linli.kernel import api, clock
from linli.people.models import Reveal
from linli.places.tests.makers import make_grid
from linli.posts import selectors as posts

V1 = "/api/v1/care"
DUTIES = ("care.view", "care.visit", "care.manage", "people.register", "people.reveal")


@pytest.fixture
def world(in_home):
    block = make_block()
    _grant(block.desk_post, (*DUTIES, "clients.manage"))
    block.desk = posts.actor_of(block.desk.account_id, MONDAY)
    block.profile = make_profile(block)
    block.program = Program(make_key(block.desk, block.community, DUTIES).text)
    return block


def send(program, method, address, key="", **body):
    headers = {"Idempotency-Key": key} if key else {}
    return program.generic(
        method, f"{V1}/{address}", json.dumps(body), content_type="application/json",
        headers=headers,
    )  # fmt: skip


def plan(world, **facts):
    usual = {"level": "weekly", "post_id": str(world.head_post.pk), "needs": ["oxygen"]}
    return usual | facts


def test_who_is_due_is_listed_masked_and_a_visit_counts_once(world):
    program, one = world.program, f"profiles/{world.profile.pk}"
    (line,) = program.get(f"{V1}/profiles").json()["items"]
    assert (line["name"], line["level"], line["late_days"] > 0) == ("梅**", "weekly", True)
    assert program.get(f"{V1}/profiles", {"tab": "desk"}).json() == {"items": [], "next": None}
    card = program.get(f"{V1}/{one}")
    assert card.json()["needs"] == ["medicine"]
    assert "高血压" not in card.content.decode()
    assert program.get(f"{V1}/levels").json()[0]["code"] in ("weekly", "monthly")
    sent = {"outcome": "safe", "manner": "call", "answers": {"pills": "12"}}
    first = send(program, "POST", f"{one}/visits", "v1", **sent).json()
    again = send(program, "POST", f"{one}/visits", "v1", **sent).json()
    assert (first["is_new"], again["is_new"], again["id"]) == (True, False, first["id"])
    assert Visit.objects.count() == 1
    assert send(program, "POST", f"{one}/visits", "v1", outcome="away").status_code == 409
    wrong = send(program, "POST", f"{one}/visits", outcome="wrong")
    assert (wrong.status_code, wrong.json()["field"]) == (422, "trouble")
    (word,) = program.get(f"{V1}/{one}/visits").json()
    assert (word["outcome"], word["answers"]) == ("safe", {"pills": 12})


def test_somebody_is_put_on_the_list_changed_and_taken_off(world):
    person = register(world, "陈桂英", "502")
    made = send(world.program, "POST", "profiles", "p1", person_id=str(person.pk), **plan(world))
    assert made.status_code == 201, made.content
    one = f"profiles/{made.json()['id']}"
    assert send(world.program, "POST", "profiles", person_id=str(person.pk),
                **plan(world)).status_code == 409  # fmt: skip
    sheet = plan(world, level="monthly", version=made.json()["version"])
    assert send(world.program, "PUT", f"{one}/plan", **sheet).json()["every_days"] == 30
    assert send(world.program, "PUT", f"{one}/plan", **sheet).status_code == 409
    ended = send(world.program, "POST", f"{one}/ending", reason="recovered").json()
    assert (ended["ended_reason"], ended["ended_at"] is None) == ("recovered", False)


def test_an_alert_says_who_is_reached(world):
    until = (clock.now() + DAY).isoformat()
    sent = {"kind": "snow", "area_id": str(world.community.pk), "until": until}
    alert = send(world.program, "POST", "alerts", "a1", **sent).json()
    assert (alert["total"], alert["reached"]) == (1, 0)
    send(world.program, "POST", f"profiles/{world.profile.pk}/visits", outcome="safe")
    board = world.program.get(f"{V1}/alerts/{alert['id']}/board").json()
    assert [(one["name"], one["state"], one["needs"]) for one in board["items"]] == [
        ("梅**", "reached", "长期用药")
    ]
    left = world.program.get(f"{V1}/alerts/{alert['id']}/board", {"state": "open"}).json()
    assert left == {"items": [], "next": None}
    for bad in ("x", "MX4y", api.cursor("1", "9" * 6, "0")):
        refused = world.program.get(f"{V1}/alerts/{alert['id']}/board", {"cursor": bad})
        assert refused.json()["field"] == "cursor"
    assert world.program.get(f"{V1}/alerts").json()[0]["reached"] == 1
    assert not send(world.program, "POST", f"alerts/{alert['id']}/ending").json()["is_on"]
    assert world.program.get(f"{V1}/alerts", {"which": "over"}).json()[0]["id"] == alert["id"]


def test_family_is_named_seen_for_a_purpose_and_dropped(world):
    sent = {"name": "梅大山", "phone": "10000000009", "relation": "child", "agreed_how": "phone"}
    at = f"profiles/{world.profile.pk}/family"
    made = send(world.program, "POST", at, "f1", **sent)
    assert made.status_code == 201, made.content
    send(world.program, "POST", at, "f1", **sent)
    (one,) = made.json()["family"]
    assert (one["name"], one["phone"], one["may_be_told"]) == ("梅**", "100****0009", True)
    wrong = send(world.program, "POST", at, **sent | {"phone": "1"})
    assert (wrong.status_code, wrong.json()["field"]) == (422, "phone")
    shown = send(world.program, "POST", f"family/{one['id']}/reveals", purpose="visit")
    assert shown.json() == {"name": "梅大山", "phone": "10000000009"}
    assert shown.headers["Cache-Control"] == "no-store"
    left = world.program.delete(f"{V1}/family/{one['id']}").json()["family"]
    assert left[0]["withdrawn_at"] is not None


def test_why_is_told_for_a_purpose_only(world):
    address = f"profiles/{world.profile.pk}/reveals"
    assert send(world.program, "POST", address, purpose="").status_code == 422
    shown = send(world.program, "POST", address, purpose="visit")
    assert shown.json()["why"] == "高血压，一个人住。"
    assert shown.headers["Cache-Control"] == "no-store"
    assert Reveal.objects.get().person_id == world.profile.person_id


@pytest.mark.parametrize("duties", [("cases.view",), ("care.view",)])
def test_without_the_duty_there_is_nothing(world, duties):

    area = world.community if duties == ("cases.view",) else make_grid(world.community, "g09")
    _grant(world.desk_post, duties)
    desk = posts.actor_of(world.desk.account_id, MONDAY)
    program, one = Program(make_key(desk, area, duties).text), f"profiles/{world.profile.pk}"
    until = (clock.now() + DAY).isoformat()
    alert = {"kind": "snow", "area_id": str(world.community.pk), "until": until}
    found = [
        program.get(f"{V1}/{one}"),
        program.get(f"{V1}/{one}/visits"),
        send(program, "POST", f"{one}/visits", outcome="safe"),
        send(program, "PUT", f"{one}/plan", **plan(world, version=1)),
        send(program, "POST", f"{one}/ending", reason="moved"),
        send(program, "POST", f"{one}/reveals", purpose="visit"),
        send(program, "POST", "profiles", person_id=str(world.mei.pk), **plan(world)),
        send(program, "POST", "alerts", **alert),
        send(
            program, "POST", f"{one}/family", name="梅大山", phone="10000000009", relation="child"
        ),
        program.get(f"{V1}/alerts/{world.profile.pk}"),
    ]
    assert [answer.status_code for answer in found] == [404] * 10
    if duties == ("care.view",):
        assert program.get(f"{V1}/profiles", {"tab": "all"}).json()["items"] == []
    else:
        assert program.get(f"{V1}/profiles").status_code == 404
