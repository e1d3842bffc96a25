"""Through the API, as a system that sets a community up and keeps it: places, posts, words, calendar."""

import json
from datetime import timedelta

import pytest

from linli.clients.tests.makers import Program, make_key
from linli.kernel import clock
from linli.messages.models import Template
from linli.people.tests.makers import make_account
from tests.api.world import make_world

V1 = "/api/v1"


@pytest.fixture
def world(in_home):
    return make_world()


@pytest.fixture
def program(world):
    return Program(world.key)


@pytest.fixture
def reader(world):
    """Return a system that may look at cases and nothing else."""
    return Program(make_key(world.lead, world.community, ("cases.view",)).text)


def send(program, method: str, address: str, headers=None, **body):
    return program.generic(
        method, f"{V1}/{address}", json.dumps(body), content_type="application/json",
        headers=headers or {},
    )  # fmt: skip


def test_an_estate_with_a_building_a_door_and_its_code(world, program):
    place = f"communities/{world.community.pk}"
    estate = send(program, "POST", f"{place}/estates", name="枫林苑", kind="community").json()
    made = send(program, "POST", f"{place}/buildings", name="3号楼", estate_id=estate["id"],
                entrances=["1单元", "2单元"])  # fmt: skip
    assert made.status_code == 201, made.content
    building = made.json()
    doors = program.get(f"{V1}/buildings/{building['id']}/entrances").json()
    assert [door["name"] for door in doors] == ["1单元", "2单元"]
    codes = send(program, "POST", f"{place}/place-codes/all", estate_id=estate["id"]).json()
    assert len(codes) == 2
    found = program.get(f"{V1}/place-codes", {"code": codes[0]["code"]}).json()
    assert found["label"] == codes[0]["label"]
    listed = program.get(f"{V1}/{place}/place-codes", {"estate_id": estate["id"]}).json()
    assert [one["id"] for one in listed["items"]] == [one["id"] for one in codes]
    assert listed["next"] is None
    replaced = send(program, "POST", f"place-codes/{codes[0]['id']}/replacement")
    assert replaced.status_code == 201
    renamed = send(program, "PATCH", f"estates/{estate['id']}", name="枫林苑二期").json()
    assert (renamed["name"], renamed["kind"]) == ("枫林苑二期", "community")
    shown = program.get(f"{V1}/{place}/estates").json()
    assert "枫林苑二期" in [one["name"] for one in shown]


def test_a_grid_with_its_buildings_and_boundary(world, program):
    grid = send(program, "POST", "areas", kind="grid", name="第九网格",
                parent_id=str(world.community.pk))  # fmt: skip
    assert grid.status_code == 201, grid.content
    grid_id = grid.json()["id"]
    put = send(program, "PUT", f"grids/{grid_id}/buildings", building_ids=[str(world.building.pk)])
    assert put.status_code == 200, put.content
    assert program.get(f"{V1}/areas/{grid_id}/boundary").status_code == 404
    ring = [[117.0, 34.0], [117.01, 34.0], [117.01, 34.01], [117.0, 34.01], [117.0, 34.0]]
    shape = {"type": "Polygon", "coordinates": [ring]}
    drawn = send(program, "PUT", f"areas/{grid_id}/boundary", geojson=shape)
    assert drawn.status_code == 200, drawn.content
    assert program.get(f"{V1}/areas/{grid_id}/boundary").json()["type"] in (
        "Polygon",
        "MultiPolygon",
    )
    bad = send(program, "PUT", f"areas/{grid_id}/boundary", geojson={"type": "Point"})
    assert bad.status_code == 422
    kinds = {one["kind"] for one in program.get(f"{V1}/areas").json()}
    assert {"community", "grid"} <= kinds


def test_the_same_key_makes_one_estate(world, program):
    address, key = f"communities/{world.community.pk}/estates", {"Idempotency-Key": "estate-1"}
    first = send(program, "POST", address, headers=key, name="枫林苑").json()
    assert send(program, "POST", address, headers=key, name="枫林苑").json()["id"] == first["id"]
    other = send(program, "POST", address, headers=key, name="桂花园")
    assert (other.status_code, other.json()["code"]) == (409, "conflict")


def test_a_post_is_set_up_filled_stood_in_for_and_routed_to(world, program):
    body = {"kind": "team", "name": "志愿队", "area_id": str(world.community.pk)}
    team = send(program, "POST", "organisations", **body).json()
    sheet = {"name": "巡查员", "role": "roaming", "level": "community",
             "area_id": str(world.community.pk), "duties": ["cases.enter", "cases.handle"]}  # fmt: skip
    post = send(program, "POST", f"organisations/{team['id']}/posts", **sheet)
    assert post.status_code == 201, post.content
    post_id = post.json()["id"]
    assert post.json()["is_vacant"]
    now = clock.now()
    somebody = make_account("许")
    term = {"account_id": str(somebody.pk), "starts_at": now.isoformat()}
    filled = send(program, "POST", f"posts/{post_id}/holdings", **term)
    assert [one["name"] for one in filled.json()["terms"]] == ["许"]
    away = {"absent_id": str(somebody.pk), "substitute_id": str(world.lin.account_id),
            "starts_at": now.isoformat(), "ends_at": (now + timedelta(days=3)).isoformat()}  # fmt: skip
    stood = send(program, "POST", f"posts/{post_id}/substitutions", **away)
    assert stood.status_code == 201, stood.content
    assert send(program, "DELETE", f"substitutions/{stood.json()['id']}").status_code == 204
    held = filled.json()["terms"][0]["holding_id"]
    end = {
        "ends_at": (now + timedelta(days=9)).isoformat(),
        "incoming_id": str(world.lin.account_id),
    }
    assert send(program, "POST", f"holdings/{held}/ending", **end).status_code == 204
    terms = program.get(f"{V1}/posts/{post_id}").json()["terms"]
    assert [one["account_id"] for one in terms] == [str(somebody.pk), end["incoming_id"]]
    never, key = str(terms[1]["holding_id"]), {"Idempotency-Key": "taken-back"}
    for _twice in range(2):  # a term that has not begun is taken back, once
        back = send(
            program, "POST", f"holdings/{never}/ending", headers=key, **end | {"incoming_id": None}
        )
        assert back.status_code == 204, back.content
    hands = program.get(f"{V1}/areas/{world.community.pk}/hands").json()
    assert "巡查员" in " ".join(one["label"] for one in hands)
    rule = {"category_code": world.category.code, "area_id": str(world.community.pk),
            "post_id": post_id, "order": 1}  # fmt: skip
    assert send(program, "POST", "routing-rules", **rule).status_code == 201
    place = f"community:{world.community.pk}"
    asked = {"category": world.category.code, "place": place}
    assert program.get(f"{V1}/routing", asked).status_code == 200
    rules = program.get(f"{V1}/areas/{world.community.pk}/routing-rules").json()
    mine = next(one for one in rules if "巡查员" in one["target"])
    assert send(program, "DELETE", f"routing-rules/{mine['id']}").status_code == 204
    beyond = send(program, "PUT", f"posts/{post_id}", **{**sheet, "duties": ["kernel.security"]})
    assert (beyond.status_code, beyond.json()["code"]) == (422, "beyond_own_rights")


def test_a_category_with_its_promise_and_questions(world, program):
    promise = {"name": "两小时", "respond_amount": 1, "respond_unit": "hour", "resolve_amount": 2,
               "resolve_unit": "hour"}  # fmt: skip
    level = send(program, "POST", "service-levels", **promise).json()
    sheet = {"name": "电梯困人", "service_level_id": level["id"], "is_urgent": True,
             "questions": [{"text": "有几个人？", "kind": "number"}]}  # fmt: skip
    made = send(program, "POST", "categories", **sheet)
    assert made.status_code == 201, made.content
    category = made.json()
    assert category["service_level"]["name"] == "两小时"
    assert category["questions"][0]["text"] == "有几个人？"
    names = [one["name"] for one in program.get(f"{V1}/categories").json()]
    assert "电梯困人" in names
    assert send(program, "DELETE", f"categories/{category['id']}").status_code == 204
    wrong = send(
        program,
        "POST",
        "categories",
        **{**sheet, "name": "别的", "service_level_id": str(world.case.pk)},
    )
    assert (wrong.status_code, wrong.json()["field"]) == (422, "service_level_id")


def test_an_areas_own_words_and_the_way_back(world, program):
    address = f"areas/{world.community.pk}/templates/cases.case.accepted/reporter/page"
    said = {"title": "受理了：{title}", "body": "“{title}”已受理。"}
    changed = send(program, "PUT", address, **said)
    assert changed.json()["is_changed"], changed.content
    assert Template.objects.count() == 1
    unknown = send(program, "PUT", address, title="x", body="{nonsense}")
    assert unknown.status_code == 422
    assert not send(program, "DELETE", address).json()["is_changed"]
    none = send(program, "PUT", address.replace("accepted", "nothing"), **said)
    assert none.status_code == 404
    assert program.get(f"{V1}/deliveries").status_code == 200


def test_the_calendar_is_read_by_all_and_changed_by_who_may(world, program, reader):
    assert (
        send(program, "PUT", "calendar/days/2026-12-31", is_workday=False, name="盘点").json()[
            "name"
        ]
        == "盘点"
    )
    days = reader.get(f"{V1}/calendar/2026").json()
    assert [one["date"] for one in days] == ["2026-12-31"]
    assert reader.get(f"{V1}/calendar/hours").json()["opens_at"] == "08:30:00"
    assert send(reader, "PUT", "calendar/days/2026-12-30", is_workday=False).status_code == 404
    assert reader.get(f"{V1}/calendar/12345").status_code == 422


def test_a_key_without_the_duty_finds_nothing_to_change(world, reader):
    place, post = world.community.pk, world.grid_post.pk
    for method, address, body in (
        ("POST", f"communities/{place}/estates", {"name": "枫林苑"}),
        ("DELETE", f"estates/{world.estate.pk}", {}),
        ("GET", "organisations", {}),
        ("DELETE", f"posts/{post}", {}),
        ("GET", "accounts", {}),
        ("GET", "deliveries", {}),
        ("GET", "service-levels", {}),
        ("DELETE", f"categories/{world.category.pk}", {}),
    ):
        assert send(reader, method, address, **body).status_code == 404, address


def test_a_key_of_another_community_finds_nothing(world, cast_away):
    for address in (
        f"areas/{world.community.pk}", f"communities/{world.community.pk}/estates",
        f"buildings/{world.building.pk}/entrances", f"posts/{world.grid_post.pk}",
        f"place-codes?code={world.door.code}",
    ):  # fmt: skip
        assert cast_away.get(f"{V1}/{address}").status_code == 404, address
    assert cast_away.get(f"{V1}/categories").json() == []


@pytest.fixture
def cast_away(abroad):
    """Return a system with a key of another tenant, over all that it has."""
    from linli.cases.tests.makers import make_post, make_staff
    from linli.clients.selectors import DUTIES
    from linli.kernel import tenancy
    from linli.places.tests.makers import make_community

    with tenancy.tenant(abroad.pk):
        community = make_community("佳运社区", "510402009011")
        lead = make_staff("吴", make_post("lead", community, (*DUTIES, "clients.manage")))
        return Program(make_key(lead, community, DUTIES).text)
