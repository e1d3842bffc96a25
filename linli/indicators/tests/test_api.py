"""Figures through the API: the same numbers as the page, with what they rest on and their rows."""

import json
from datetime import timedelta

import pytest

from linli.cases.tests.makers import make_case
from linli.clients.tests.makers import Program, make_key
from linli.indicators.tests.test_pages import solved
from linli.indicators.tests.test_tallies import count
from linli.indicators.tests.test_targets import world
from linli.kernel import clock
from linli.posts.models import PostDuty
from linli.posts.selectors import actor_of

__all__ = ["world"]
V1 = "/api/v1/figures"


@pytest.fixture
def program(world):
    (post_id,) = world.lead.post_ids
    PostDuty.objects.create(post_id=post_id, duty="clients.manage")
    lead = actor_of(world.lead.account_id, clock.now())
    return Program(make_key(lead, world.community, ("cases.view", "indicators.configure")).text)


def send(program, method, address, **body):
    return program.generic(
        method, f"{V1}/{address}", json.dumps(body), content_type="application/json"
    )


def test_a_program_reads_what_the_page_shows(world, program):
    solved(world)
    make_case(world, phone="10000000600")
    count()
    assert len(program.get(V1).json()) > 15
    assert [one["name"] for one in program.get(f"{V1}/areas").json()] == [world.community.name]
    found = program.get(f"{V1}/areas/{world.community.pk}", {"period": "2026-03"}).json()
    assert (found["counts"]["received"], found["in_hand"]) == (2, 1)
    rate = next(one for one in found["rates"] if one["code"] == "resolution")
    assert (rate["answers"], rate["raw"]["rate"]) == (1, 1.0)
    assert [one["name"] for one in found["areas"]] == ["第一网格"]
    empty = program.get(f"{V1}/areas/{world.community.pk}", {"period": "2020"}).json()
    assert empty["rates"][0]["raw"]["rate"] is None


def test_a_program_walks_the_rows_by_cursor(world, program):
    for number in range(27):
        make_case(world, phone=f"100{number:08d}")
    count()
    address = f"{V1}/areas/{world.community.pk}/cases/received"
    first = program.get(address, {"period": "2026-03"}).json()
    rest = program.get(address, {"period": "2026-03", "cursor": first["next"]}).json()
    assert (len(first["items"]), len(rest["items"]), rest["next"]) == (25, 2, None)
    assert program.get(f"{address}x").status_code == 404
    assert program.get(address, {"period": "soon"}).status_code == 422


def test_a_program_sets_targets_and_issues_a_report(world, program):
    area = f"areas/{world.community.pk}"
    assert send(program, "PUT", f"{area}/targets/2026", values={"resolution": 0.9}).json() == [
        {"figure": "resolution", "value": 0.9, "area_path": world.community.path}
    ]
    assert send(program, "PUT", f"{area}/targets/2026", values={"received": 1}).status_code == 422
    over = clock.local(clock.now()).date().replace(day=1) - timedelta(days=1)
    made = send(program, "POST", f"{area}/reports", period=f"{over:%Y-%m}")
    assert made.status_code == 201, made.content
    again = send(program, "POST", f"{area}/reports", period=f"{over:%Y-%m}")
    assert again.status_code == 422
    report = program.get(f"{V1}/reports/{made.json()['id']}").json()
    assert report["content"] == made.json()["content"]
    assert len(program.get(f"{V1}/{area}/reports").json()) == 1


def test_a_key_of_another_grid_finds_nothing(world, program):
    lead = actor_of(world.lead.account_id, clock.now())
    small = Program(make_key(lead, world.grid, ("cases.view",)).text)
    assert small.get(f"{V1}/areas/{world.community.pk}").status_code == 404
    assert small.get(f"{V1}/areas/{world.grid.pk}").status_code == 200
    assert send(small, "PUT", f"areas/{world.grid.pk}/targets/2026", values={}).status_code == 404
