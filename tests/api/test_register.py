"""The register for other systems: the same services and duties as the pages, masked as they are."""

import json

import pytest

from linli.clients.tests.makers import Program, make_key
from linli.kernel import tenancy
from linli.people.models import Reveal
from linli.people.tests.makers import make_home, make_tag, number_of, register
from linli.places.tests.makers import make_building, make_entrance

V1 = "/api/v1/register"
DUTIES = ("people.register", "people.reveal", "people.sensitive")


@pytest.fixture
def door(cast):
    make_tag("ill", "长期患病", is_sensitive=True)
    make_tag()
    return make_home(cast.entrance, "501")


@pytest.fixture
def program(cast):
    return Program(make_key(cast.lead, cast.community, DUTIES).text)


def post(program, address, key="", **body):
    headers = {"Idempotency-Key": key} if key else {}
    sent = json.dumps(body)
    return program.post(f"{V1}/{address}", sent, content_type="application/json", headers=headers)


def test_somebody_is_registered_found_tagged_and_read_masked(cast, program, door):
    body = {
        "name": "梅小雨",
        "phone": "10000000001",
        "id_number": number_of(),
        "kinds": ["lives", "owns"],
    }
    made = post(program, f"homes/{door.id}/persons", "one", **body)
    assert made.status_code == 201, made.content
    again = post(program, f"homes/{door.id}/persons", "one", **body)
    mei = made.json()
    assert again.json()["id"] == mei["id"]
    assert (mei["name"], mei["phone"], mei["sex"]) == ("梅**", "100****0001", "男")
    assert post(program, f"homes/{door.id}/persons", **body).status_code == 409
    wrong = post(program, f"homes/{door.id}/persons", **body | {"id_number": number_of()[:-1]})
    assert (wrong.status_code, wrong.json()["field"]) == (422, "id_number")
    one = f"persons/{mei['id']}"
    assert post(program, f"{one}/tags", code="elder_alone").json()["tags"][0]["name"] == "独居老人"
    assert program.delete(f"{V1}/{one}/tags/elder_alone").json()["tags"] == []
    tags = program.get(f"{V1}/tags", {"area_path": cast.community.path}).json()
    assert {tag["code"] for tag in tags} == {"ill", "elder_alone"}
    for words in ("mxy", number_of()):
        (line,) = post(program, "searches", words=words).json()["items"]
        assert line["id"] == mei["id"]
    version = program.get(f"{V1}/{one}").json()["version"]
    changed = program.patch(
        f"{V1}/{one}", {"version": version, "phone": "10000000002"}, content_type="application/json"
    )
    assert changed.json()["phone_tail"] == "0002"
    stale = program.patch(f"{V1}/{one}", {"version": 1}, content_type="application/json")
    assert stale.status_code == 409
    whole = program.get(f"{V1}/{one}").content.decode()
    assert not {"梅小雨", "10000000002", number_of()} & set(whole.split('"'))


def test_homes_and_people_of_an_area_come_page_by_page(cast, program, door, monkeypatch):
    far = make_home(make_entrance(make_building(cast.estate, "7号楼"), "1单元"), "101")
    near = make_home(cast.entrance, "502")
    for home in (door, far, near):
        register(home.id, actor=cast.lead)
    monkeypatch.setattr("linli.kernel.api.LIMIT", 2)
    first = program.get(f"{V1}/persons").json()
    rest = program.get(f"{V1}/persons", {"cursor": first["next"]}).json()
    assert (len(first["items"]), len(rest["items"]), rest["next"]) == (2, 1, None)
    homes = program.get(f"{V1}/homes", {"area_path": cast.grid.path}).json()["items"]
    assert {one["home_id"] for one in homes} == {str(door.id), str(near.id)}
    assert [one["people"] for one in homes] == [1, 1]
    assert program.get(f"{V1}/homes", {"area_path": "1/nowhere/"}).status_code == 404
    assert program.get(f"{V1}/persons", {"cursor": "x"}).status_code == 422


def test_somebody_moves_in_by_name_and_number_and_out_again(cast, program, door):
    mei = register(door.id, id_number=number_of(), actor=cast.lead)
    next_door = make_home(cast.entrance, "502")
    address = f"homes/{next_door.id}/arrivals"
    assert post(program, address, name="梅大雨", id_number=number_of()).status_code == 422
    sent = {
        "name": "梅小雨",
        "id_number": number_of(),
        "kinds": ["rents"],
        "starts_on": "2026-03-01",
    }
    moved = post(program, address, **sent).json()
    assert moved["home_id"] == str(next_door.id)
    home = program.get(f"{V1}/homes/{door.id}").json()
    assert (home["now"], home["before"][0]["person"]["name"]) == ([], "梅**")
    out = post(program, f"homes/{next_door.id}/departures", person_id=str(mei.pk),
               ends_on="2026-04-01", place_to="外地")  # fmt: skip
    assert out.json()["state"] == "away"
    died = post(program, f"persons/{mei.pk}/death", died_on="2026-05-01")
    assert died.json()["state"] == "died"


def test_in_full_only_for_a_purpose_that_stays_on_record(cast, program, door):
    mei = register(door.id, phone="10000000001", id_number=number_of(), actor=cast.lead)
    address = f"persons/{mei.pk}/reveals"
    assert post(program, address).status_code == 422
    assert post(program, address, purpose="fun").status_code == 422
    shown = post(program, address, purpose="visit")
    assert shown.headers["Cache-Control"] == "no-store"
    assert (shown.json()["name"], shown.json()["id_number"]) == ("梅小雨", "")
    both = post(program, address, purpose="verify", parts=["contact", "id"])
    assert both.json()["id_number"] == number_of()
    assert Reveal.objects.filter(person=mei).count() == 2
    plain = Program(make_key(cast.lead, cast.community, ("people.register",)).text)
    assert post(plain, address, purpose="visit").status_code == 404


@pytest.mark.parametrize("duties", [("cases.view",), ("people.register",)])
def test_without_the_duty_or_elsewhere_there_is_nothing(cast, door, duties):
    far = make_home(make_entrance(make_building(cast.estate, "7号楼"), "1单元"), "101")
    mei = register(far.id, actor=cast.lead)
    area = cast.grid if duties == ("people.register",) else cast.community
    program = Program(make_key(cast.lead, area, duties).text)
    one, home = f"persons/{mei.pk}", f"homes/{far.id}"
    found = [program.get(f"{V1}/{address}") for address in (one, home)]
    found.append(program.get(f"{V1}/tags", {"area_path": cast.community.path}))
    found.append(program.delete(f"{V1}/{one}/tags/elder_alone"))
    sent = {"version": 1, "name": "梅大雨"}
    found.append(program.patch(f"{V1}/{one}", sent, content_type="application/json"))
    found += [
        post(program, f"{home}/persons", name="梅大雨"),
        post(program, f"{home}/arrivals", person_id=str(mei.pk)),
        post(program, f"{home}/departures", person_id=str(mei.pk)),
        post(program, f"{one}/tags", code="elder_alone"),
        post(program, f"{one}/death", died_on="2026-03-01"),
        post(program, f"{one}/reveals", purpose="visit"),
    ]
    assert {answer.status_code for answer in found} == {404}
    if duties == ("people.register",):
        # Somebody of another grid cannot be pulled over by an id; name and number are asked.
        assert post(program, f"homes/{door.id}/arrivals", person_id=str(mei.pk)).status_code == 404
        assert program.get(f"{V1}/persons").json()["items"] == []
    else:
        assert program.get(f"{V1}/persons").status_code == 404


def test_a_key_of_another_district_finds_nobody(cast, door):
    mei = register(door.id, actor=cast.lead)
    with tenancy.tenant(cast.away.pk):
        text = make_key(cast.away_lead, cast.away_community, ("people.register",)).text
    stranger = Program(text)
    for address in (f"persons/{mei.pk}", f"homes/{door.id}"):
        assert stranger.get(f"{V1}/{address}").status_code == 404
    assert post(stranger, f"homes/{door.id}/persons", name="梅大雨").status_code == 404
    assert stranger.get(f"{V1}/persons").json()["items"] == []
