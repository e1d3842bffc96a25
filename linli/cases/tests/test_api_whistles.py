"""Whistles through the API: a department's own system is called, reports in, answers from above."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from linli.cases.models import Clause
from linli.cases.tests.makers import make_case
from linli.cases.tests.test_api import send
from linli.cases.tests.test_resident_pages import photo
from linli.cases.tests.whistles import make_town
from linli.clients.tests.makers import Program, make_key
from linli.kernel import clock
from linli.people.tests.makers import sign_in
from linli.posts import selectors as posts
from linli.posts.models import Holding, PostDuty

DUTIES = ("cases.view", "cases.dispatch", "cases.whistle", "cases.arbitrate", "cases.enter")


@pytest.fixture
def world(in_home) -> SimpleNamespace:
    found = make_town()
    held = Holding.objects.get(account_id=found.lead.account_id)
    for duty in ("clients.manage", "cases.handle"):
        PostDuty.objects.get_or_create(post_id=held.post_id, duty=duty)
    found.lead = posts.actor_of(found.lead.account_id, clock.now())
    found.program = Program(make_key(found.lead, found.community, DUTIES).text)
    return found


def shot(program) -> str:
    return program.post("/api/v1/photos", {"photos": [photo()]}).json()["names"][0]


def test_a_whistle_from_the_call_to_the_closing(world):
    program, case = world.program, make_case(world, at=clock.now())
    body = {
        "lead_id": str(world.offices["housing"].pk),
        "assisting": [str(world.offices["urban"].pk)],
        "words": "一起去看。",
    }
    blown = send(program, f"/api/v1/cases/{case.pk}/whistle", **body)
    assert blown.status_code == 200, blown.content
    whistle = blown.json()
    assert [one["state"] for one in whistle["parts"]] == ["called", "called"]
    assert send(program, f"/api/v1/cases/{case.pk}/whistle", **body).status_code == 409
    base = f"/api/v1/whistles/{whistle['id']}"
    lead, urban = (f"/api/v1/whistles/parts/{one['id']}" for one in whistle["parts"])
    assert send(program, f"{urban}/reporting", place="南门").json()["reported_at"]
    assert send(program, f"{urban}/arrival", photos=[]).status_code == 422
    assert send(program, f"{urban}/arrival", photos=[shot(program)]).json()["state"] == "arrived"
    day = (clock.local(clock.now()) + timedelta(days=365)).isoformat()
    assert send(program, f"{lead}/promise", "put", until=day, reason="等吊车").status_code == 200
    missing = send(program, f"{base}/closing", text="拆了。")
    assert missing.status_code == 422
    assert send(program, f"{urban}/result", text="劝离了。").json()["state"] == "done"
    named = {whistle["parts"][0]["id"]: "牵头的在外地。"}
    closed = send(program, f"{base}/closing", text="拆了。", missing=named)
    assert closed.json()["state"] == "closed", closed.content
    assert send(program, f"{urban}/score", "put", score=3).json()["score"] == 3
    assert send(program, f"{urban}/return-score", "put", score=2).status_code == 404
    assert program.get("/api/v1/whistles").json() == []
    assert program.get(base).json()["ending"] == "拆了。"


def test_more_are_called_the_lead_changes_and_it_is_taken_back(world):
    program, case = world.program, make_case(world, at=clock.now())
    lead = {"lead_id": str(world.offices["housing"].pk), "words": "一起去看。"}
    whistle = send(program, f"/api/v1/cases/{case.pk}/whistle", **lead).json()
    base = f"/api/v1/whistles/{whistle['id']}"
    urban = str(world.offices["urban"].pk)
    assert len(send(program, f"{base}/parts", organisation_id=urban).json()["parts"]) == 2
    changed = send(program, f"{base}/lead", "put", organisation_id=urban).json()
    assert changed["parts"][0]["organisation"] == "城管局"
    with CaptureQueriesContext(connection) as alone:
        assert [one["id"] for one in program.get("/api/v1/whistles").json()] == [whistle["id"]]
    other = make_case(world, at=clock.now(), phone="10087654321")
    send(program, f"/api/v1/cases/{other.pk}/whistle", **lead)
    with CaptureQueriesContext(connection) as both:
        assert len(program.get("/api/v1/whistles").json()) == 2
    assert len(both) <= len(alone)
    back = send(program, f"{base}/withdrawal", reason="自己拆了。").json()
    assert (back["state"], back["parts"][0]["state"]) == ("withdrawn", "ended")


def test_a_question_goes_up_and_only_above_answers(world):
    program, case = world.program, make_case(world, at=clock.now())
    clause = Clause.objects.get()
    asked = send(
        program, f"/api/v1/cases/{case.pk}/referral", clause_id=str(clause.pk), text="定不了。"
    ).json()
    base = f"/api/v1/whistles/arbitrations/{asked['id']}"
    assert [one["id"] for one in program.get("/api/v1/whistles/arbitrations").json()] == [
        asked["id"]
    ]
    answer = {"outcome": "stay", "text": "你们办。"}
    assert send(program, f"{base}/answer", "put", **answer).status_code == 404
    assert program.get(base).json()["state"] == "asked"


def test_the_leaders_page_counts_departments(world):
    lead = sign_in(world.lead.account_id, world.lead.tenant_id)
    case = make_case(world, at=clock.now())
    facts = {"lead_id": str(world.offices["housing"].pk), "words": "一起去看。"}
    whistle = send(world.program, f"/api/v1/cases/{case.pk}/whistle", **facts).json()
    part = whistle["parts"][0]["id"]
    send(world.program, f"/api/v1/whistles/parts/{part}/reporting")
    address = f"/desk/figures/{world.community.pk}/whistles/"
    page = lead.get(address).content.decode()
    assert "住建局" in page
    assert "100%" in page
    assert (
        sign_in(world.manager.account_id, world.manager.tenant_id).get(address).status_code == 404
    )
