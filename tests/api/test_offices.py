"""Through the API: who is on duty, what a post is paid, what is handed over, how grids could be cut."""

import json
from datetime import timedelta

import pytest

from linli.clients.tests.makers import Program, make_key
from linli.kernel import clock
from linli.people.tests.makers import make_account
from linli.places.tests.makers import make_grid_plan
from linli.posts.services import keep_belonging
from tests.api.world import make_world

V1 = "/api/v1"
DAY = timedelta(days=1)


@pytest.fixture
def world(in_home):
    return make_world()


@pytest.fixture
def program(world):
    return Program(world.key)


def send(program, method: str, address: str, key: str = "", **body):
    return program.generic(
        method, f"{V1}/{address}", json.dumps(body), content_type="application/json",
        headers={"Idempotency-Key": key} if key else {},
    )  # fmt: skip


def test_a_station_is_set_up_its_days_filled_and_somebody_put_on_duty(world, program):
    shifts = [
        {"weekday": day, "opens_at": opens, "closes_at": closes}
        for day in range(7)
        for opens, closes in (("09:00", "12:00"), ("14:00", "17:00"))
    ]
    sheet = {
        "name": "红小楼", "area_id": str(world.community.pk), "is_open_on_holidays": True,
        "seats": [{"label": "社区工作者", "count": 1}], "shifts": shifts,
    }  # fmt: skip
    made = send(program, "POST", "stations", "s1", **sheet)
    assert made.status_code == 201, made.content
    assert send(program, "POST", "stations", "s1", **sheet).json()["id"] == made.json()["id"]
    one, (seat,) = f"stations/{made.json()['id']}", made.json()["seats"]
    somebody = {"account_id": str(world.lin.account_id)}
    seated = send(program, "POST", f"seats/{seat['id']}/members", **somebody)
    (member,) = seated.json()["seats"][0]["members"]
    assert send(program, "POST", f"seats/{seat['id']}/members", **somebody).status_code == 409
    first = clock.local(clock.now()).date() + DAY
    days = {"first_on": first.isoformat(), "last_on": first.isoformat()}
    (day,) = send(program, "POST", f"{one}/roster", **days).json()
    assert [slot["gap"] for slot in day["slots"]] == [0, 0]
    turn = day["slots"][0]["turns"][0]
    assert send(program, "DELETE", f"turns/{turn['id']}").status_code == 204
    at = day["slots"][0]["starts_at"]
    put = send(program, "POST", f"{one}/turns", starts_at=at, **somebody)
    assert put.status_code == 201, put.content
    (again,) = program.get(f"{V1}/{one}/roster", {"first_on": days["first_on"], "days": 1}).json()
    assert again["slots"][0]["turns"][0]["id"] == put.json()["id"]
    (line,) = program.get(f"{V1}/areas/{world.community.pk}/stations").json()
    assert (line["name"], line["free_count"]) == ("红小楼", 0)
    wrong = send(program, "PUT", one, **sheet | {"shifts": [shifts[0], shifts[0]]})
    assert (wrong.status_code, wrong.json()["field"]) == (422, "shifts")
    assert send(program, "DELETE", f"members/{member['id']}").status_code == 204
    assert send(program, "DELETE", one).status_code == 204
    assert send(program, "PUT", one, **sheet).json()["code"] == "post_ended"


def test_an_allowance_is_worked_out_by_days_and_frozen(world, program):
    today = clock.local(clock.now()).date()
    month = (today.replace(day=1) - DAY).replace(day=1)
    sheet = {"label": "网格员补贴", "area_id": str(world.community.pk), "role": "grid_worker",
             "monthly_fen": 80_000, "starts_on": month.isoformat()}  # fmt: skip
    made = send(program, "POST", "allowances", **sheet)
    assert made.status_code == 201, made.content
    one = f"allowances/{made.json()['id']}"
    said = {"month": month.isoformat()}
    assert program.get(f"{V1}/{one}/month", said).json()["frozen_at"] is None
    frozen = send(program, "POST", f"{one}/freezing", "f1", **said).json()
    assert send(program, "POST", f"{one}/freezing", "f1", **said).json() == frozen
    assert send(program, "POST", f"{one}/freezing", **said).status_code == 409
    assert frozen["total_fen"] == sum(line["amount_fen"] for line in frozen["lines"])
    assert send(program, "POST", f"{one}/ending", ends_on=month.isoformat()).status_code == 422
    ended = send(program, "POST", f"{one}/ending", ends_on=today.isoformat())
    assert ended.json()["ends_on"] == today.isoformat()
    (listed,) = program.get(f"{V1}/areas/{world.community.pk}/allowances").json()
    assert listed["label"] == "网格员补贴"


def test_a_handover_is_seen_line_by_line_and_led(world, program):
    keep_belonging(
        post_id=world.grid_post.pk, kind="key", name="钥匙", actor=world.lead, now=clock.now()
    )
    held = program.get(f"{V1}/posts/{world.grid_post.pk}").json()["terms"][0]["holding_id"]
    body = {"ends_at": (clock.now() + 3 * DAY).isoformat()}
    assert send(program, "POST", f"holdings/{held}/ending", **body).status_code == 204
    (line,) = program.get(f"{V1}/areas/{world.community.pk}/handovers").json()["items"]
    one = f"handovers/{line['id']}"
    seen = program.get(f"{V1}/{one}").json()
    assert [(part["title"], part["state"]) for part in seen["lines"]] == [("钥匙", "open")]
    next_one = make_account("吴", area_path=world.community.path)
    named = send(program, "PUT", f"{one}/successor", account_id=str(next_one.pk)).json()
    assert named["incoming_name"] == "吴"
    refused = send(program, "POST", f"{one}/signature", reason="联系不上")
    assert (refused.status_code, refused.json()["detail"]) == (409, "交出的人还在岗，由本人签字。")
    line_ids = [part["id"] for part in seen["lines"]]
    kept = send(program, "POST", f"{one}/keeping", line_ids=line_ids, reason="还没到岗").json()
    assert [part["state"] for part in kept["lines"]] == ["kept"]
    assert send(program, "POST", f"{one}/withdrawal").json()["state"] == "withdrawn"
    assert program.get(f"{V1}/areas/{world.community.pk}/handovers").json()["items"] == []


def test_a_plan_of_grids_is_asked_for_put_right_and_given_a_day(world, program):
    at = f"communities/{world.community.pk}/grid-plans"
    run = send(program, "POST", at, "p1", target=100)
    assert run.status_code == 202, run.content
    assert send(program, "POST", at, "p1", target=100).json()["id"] == run.json()["id"]
    plan, _grid = make_grid_plan(world.community)
    one = f"grid-plans/{plan.pk}"
    (listed,) = program.get(f"{V1}/{at}").json()["items"]
    assert (listed["id"], listed["state"]) == (str(plan.pk), "draft")
    seen = program.get(f"{V1}/{one}").json()
    buildings = [house["building_id"] for grid in seen["grids"] for house in grid["buildings"]]
    buildings += [house["building_id"] for house in seen["loose"]]
    moved = send(program, "POST", f"{one}/moves", building_ids=buildings).json()
    (grid,) = moved["grids"]
    assert (len(grid["buildings"]), moved["loose"]) == (len(buildings), [])
    named = send(program, "PATCH", f"{one}/grids/{grid['id']}", name="东网格").json()
    assert named["grids"][0]["name"] == "东网格"
    day = (clock.local(clock.now()).date() + DAY).isoformat()
    late = send(program, "POST", f"{one}/schedule", starts_on="2026-01-01", is_sure=True)
    assert (late.status_code, late.json()["field"]) == (422, "starts_on")
    given = send(program, "POST", f"{one}/schedule", starts_on=day, is_sure=True).json()
    assert (given["state"], given["starts_on"]) == ("scheduled", day)
    assert send(program, "DELETE", one).status_code == 409
    assert send(program, "POST", f"{one}/withdrawal").json()["state"] == "draft"
    assert send(program, "DELETE", one).status_code == 204


def test_without_the_duty_there_is_nothing(world):
    reader = Program(make_key(world.lead, world.community, ("cases.view",)).text)
    area, (plan, _grid) = world.community.pk, make_grid_plan(world.community)
    sheet = {"name": "红小楼", "area_id": str(area)}
    for method, address, body in (
        ("GET", f"areas/{area}/stations", {}),
        ("POST", "stations", sheet),
        ("GET", f"areas/{area}/allowances", {}),
        ("GET", f"areas/{area}/handovers", {}),
        ("GET", f"communities/{area}/grid-plans", {}),
        ("POST", f"communities/{area}/grid-plans", {}),
        ("GET", f"grid-plans/{plan.pk}", {}),
        ("DELETE", f"grid-plans/{plan.pk}", {}),
    ):
        assert send(reader, method, address, **body).status_code == 404, address
