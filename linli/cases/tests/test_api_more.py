"""Through the API: calls back, cases left out of the rates, those who follow, judgement, bulk."""

from linli.cases.models import Follower, FollowUp
from linli.cases.services.judging import judge_cases
from linli.cases.services.telling import token_of_follower
from linli.cases.tests.makers import make_case, make_category, make_post, make_staff
from linli.cases.tests.test_api import ALL, CASES, program, send, world
from linli.clients.tests.makers import Program, make_key
from linli.kernel import clock
from linli.kernel.actor import Actor, Grant
from linli.people import selectors as people
from linli.places.tests.makers import make_community
from linli.posts import selectors as posts

__all__ = ["program", "world"]


def test_bulk_steps_are_done_one_by_one_and_undone_together(world, program):
    ids = [str(make_case(world).pk) for _number in range(3)]
    done = send(program, f"{CASES}/bulk/acceptance", case_ids=ids).json()
    assert (done["done"], done["refused"]) == (3, [])
    undone = program.delete(f"{CASES}/bulk/{done['action_id']}")
    assert undone.json()["done"] == 3


def test_a_hotline_calls_back_and_its_answer_stands_beside_the_reporters(world, program):
    case = make_case(world)
    send(program, f"{CASES}/{case.pk}/resolution", text="清走了。")
    followup = FollowUp.objects.create(
        case=case, community=world.community, area_path=case.area_path, week_on="2026-03-02"
    )
    caller = Program(make_key(world.lead, world.community, ("cases.view", "cases.follow_up")).text)
    one = f"/api/v1/followups/{followup.pk}"
    (row,) = caller.get("/api/v1/followups").json()
    assert row["number"] == case.number
    tried = send(caller, f"{one}/attempts", outcome="no_answer")
    assert tried.json()["attempts"] == 1, tried.content
    said = send(caller, f"{one}/answers", is_solved=True, satisfaction=2, remarks="还行。")
    assert (said.json()["state"], said.json()["own_satisfaction"]) == ("answered", None)
    assert send(program, "/api/v1/followups/x/answers").status_code == 404
    reader = Program(make_key(world.lead, world.community, ("cases.view",)).text)
    assert reader.get("/api/v1/followups").status_code == 404


def test_a_case_is_left_out_of_the_rates_by_two_names(world, program):
    case = make_case(world)
    address = f"{CASES}/{case.pk}/exclusion"
    send(program, f"{CASES}/{case.pk}/resolution", text="查过了，没有这回事。")
    asked = send(program, address, reason="false", text="现场核实没有这回事。")
    assert asked.status_code == 200, asked.content
    assert send(program, address, "put", is_approved=True).status_code == 409
    may = ("cases.view", "cases.approve")
    own = Program(make_key(world.lead, world.community, may).text)
    assert send(own, address, "put", is_approved=True).status_code == 409  # the same person's
    post = make_post("second", world.community, (*may, "clients.manage"))
    second = Program(make_key(make_staff("谢红", post), world.community, may).text)
    assert send(second, address, "put", is_approved=True).status_code == 200
    case.refresh_from_db()
    assert case.is_excluded
    again = send(second, f"{CASES}/{case.pk}/inclusion", text="核实有误，重新计入。")
    assert again.status_code == 200


def test_somebody_who_met_the_same_follows_with_a_secret_of_their_own(world, program, client):
    case = make_case(world)
    met = send(program, f"{CASES}/{case.pk}/followers", phone="10012345670", text="我也闻到了。")
    assert met.json()["follower_count"] == 1, met.content
    secret = token_of_follower(Follower.objects.get())
    mine = f"/api/v1/follows/{secret}"
    assert client.get(mine).json()["number"] == f"{case.number}-1"
    assert send(client, f"{mine}/urging").status_code == 200
    assert send(client, f"{mine}/leaving").status_code == 204
    assert client.get(mine).status_code == 404
    assert client.get(f"/api/v1/reports/{secret}").status_code == 404


def test_what_the_words_speak_for_is_told_and_decided_by_whoever_asks(world, program):
    other = make_category("light", "公共照明")
    case = make_case(world)
    one = f"{CASES}/{case.pk}"
    empty = program.get(f"{one}/opinion").json()
    assert (empty["suggestions"], empty["earlier_id"]) == ([], None)
    judge_cases([case.pk], now=clock.now())
    assert program.get(f"{one}/opinion").status_code == 200
    taken = send(program, f"{one}/suggestion", category=other.code)
    assert taken.json()["category"] == "light", taken.content
    assert send(program, f"{one}/doubts", about="category").status_code in (200, 409)


def test_the_timeline_the_trail_and_the_log_of_contacts_name_the_system(world, program):
    made = make_case(world)
    send(program, f"{CASES}/{made.pk}/notes", text="问过了。")
    send(program, f"{CASES}/{made.pk}/contact", purpose="verify")
    steps = program.get(f"{CASES}/{made.pk}").json()["timeline"]
    assert next(one for one in steps if one["name"] == "cases.case.noted")["who"] == "热线平台"
    office = Actor(
        tenant_id=world.community.tenant_id,
        grants=(Grant("kernel.audit"), Grant("kernel.security")),
    )
    (noted,) = posts.trail(office, wanted=posts.TrailFilter(name="cases.case.noted"))
    assert noted.who == "热线平台"
    assert people.reveals(office)[0].who == "热线平台"


def test_a_key_of_the_community_next_door_finds_nothing(world, program):
    made = make_case(world)
    door = make_community("西城社区", "659004003099")
    lead = make_staff("吴", make_post("lead", door, (*ALL, "clients.manage")))
    neighbour = Program(make_key(lead, door, ALL).text)
    one = f"{CASES}/{made.pk}"
    assert neighbour.get(CASES, {"tab": "all"}).json()["items"] == []
    assert neighbour.get(CASES, {"community_id": str(world.community.pk)}).json()["items"] == []
    assert neighbour.get(CASES, {"tab": "all", "q": made.number}).json()["items"] == []
    for step, body in (("notes", {"text": "x"}), ("acceptance", {}), ("followers", {})):
        assert send(neighbour, f"{one}/{step}", **body).status_code == 404
    place = {"community_id": str(world.community.pk)}
    sent = {"category": world.category.code, "text": "路灯不亮。", "place": place}
    assert send(neighbour, CASES, **sent).status_code == 404
    assert program.get(one).status_code == 200
