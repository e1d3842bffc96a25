"""Through the API: lists of places looked at before they count, facilities, homes."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from linli.clients.tests.makers import Program, make_key
from linli.kernel import clock, runs
from linli.kernel.models import Run
from linli.places.models import Building, FacilityKind
from linli.places.tests.makers import make_entrance
from tests.api.world import make_world

API = "/api/v1"


@pytest.fixture
def world(in_home):
    return make_world()


@pytest.fixture
def program(world):
    return Program(world.key)


def test_a_list_is_looked_at_row_by_row_and_confirmed_or_thrown_away(world, program):
    at = f"{API}/communities/{world.community.pk}/place-imports"

    def upload(text: str):
        file = SimpleUploadedFile("楼栋.csv", text.encode())
        return program.post(at, {"kind": "buildings", "file": file})

    made = upload("小区,小区类型,楼栋,单元\n新苑,有物业小区,9 号楼,1 单元\n新苑,有物业小区,,\n")
    assert made.status_code == 201, made.content
    one = f"{API}/place-imports/{made.json()['id']}"
    seen = program.get(one, {"status": "wrong"}).json()
    assert (seen["wrong"], seen["can_be_applied"]) == (1, False)
    assert seen["rows"][0]["notes"]
    assert program.delete(one).status_code == 204
    good = upload("小区,小区类型,楼栋,单元\n新苑,有物业小区,9 号楼,1 单元\n").json()
    run = program.post(
        f"{API}/place-imports/{good['id']}/confirmation", content_type="application/json"
    )
    assert run.status_code == 202, run.content
    runs.carry_here(Run.objects.get(pk=run.json()["id"]), clock.now(), lambda: None)
    assert Building.objects.filter(name__in=("9 号楼", "9号楼")).exists()
    assert program.get(at).json()[0]["applied_at"] is not None
    reader = Program(make_key(world.lead, world.community, ("cases.view",)).text)
    assert reader.get(at).status_code == 404
    assert reader.get(one).status_code == 404


def test_facilities_and_homes_are_kept_by_programs_too(world, program):
    kind = FacilityKind.objects.create(code="lamp", name="路灯")
    at = f"{API}/communities/{world.community.pk}/facilities"
    facts = {"kind_id": str(kind.pk), "name": "3 号路灯"}
    made = program.post(at, facts, content_type="application/json")
    assert made.status_code == 201, made.content
    one = f"{API}/facilities/{made.json()['id']}"
    changed = program.put(one, {**facts, "status": "faulty"}, content_type="application/json")
    assert changed.json()["status"] == "faulty"
    assert program.post(f"{one}/code", content_type="application/json").json()["code"]
    assert len(program.get(at).json()["items"]) == 1
    assert program.delete(one).status_code == 204
    assert program.get(at).json()["items"] == []
    assert program.get(f"{API}/facility-kinds").json()[0]["code"] == "lamp"
    door = f"{API}/entrances/{make_entrance(world.building).pk}/homes"
    body = {"numbers": ["901"]}
    assert program.post(door, body, content_type="application/json").status_code == 201
    assert program.post(door, body, content_type="application/json").json() == []
    assert "901" in [home["number"] for home in program.get(door).json()]
