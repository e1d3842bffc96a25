"""The register for other systems: the same services and duties as the pages, masked as they are."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from linli.clients.tests.makers import Program, make_key
from linli.kernel import clock, runs, tenancy
from linli.kernel.models import Run
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
        post(program, f"{one}/relatives", kind="child", name="梅小满"),
        post(
            program,
            "merges",
            kept_id=str(mei.pk),
            gone_id=str(door.id),
            kept_version=1,
            gone_version=1,
        ),
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


def test_family_and_neighbours_of_somebody(cast, program, door):
    mei = register(door.id, actor=cast.lead)
    son = register(door.id, "梅大山", actor=cast.lead)
    address = f"persons/{mei.pk}/relatives"
    sent = {"kind": "neighbour", "name": "许阿姨", "phone": "10000000008", "is_contact": True}
    assert post(program, address, "n", **sent).status_code == 201
    post(program, address, "n", **sent)
    both = post(program, address, kind="child", person_id=str(son.pk)).json()["relatives"]
    assert [(one["kind"], one["name"]) for one in both] == [("邻居", "许**"), ("子女", "梅**")]
    assert post(program, address, kind="child").json()["field"] == "name"
    assert post(program, address, kind="child", person_id=str(mei.pk)).status_code == 404
    left = program.delete(f"{V1}/relatives/{both[0]['id']}").json()["relatives"]
    assert [one["person_id"] for one in left] == [str(son.pk)]


def test_two_records_are_one_person_once_somebody_has_looked_at_both(cast, program, door):
    mei = register(door.id, phone="10000000001", actor=cast.lead)
    far = make_home(make_entrance(make_building(cast.estate, "7号楼"), "1单元"), "101")
    twin = register(far.id, phone="10000000001", actor=cast.lead)
    (pair,) = program.get(f"{V1}/duplicates").json()["items"]
    seen = program.get(f"{V1}/duplicates/{pair['id']}").json()
    assert {row["label"] for row in seen["rows"] if row["is_same"]} >= {"姓名", "手机"}
    sent = {"kept_id": str(mei.pk), "gone_id": str(twin.pk), "kept_version": 7, "gone_version": 7}
    assert post(program, "merges", **sent).status_code == 409
    versions = {one["id"]: one["version"] for one in (seen["first"], seen["second"])}
    sent |= {"kept_version": versions[str(mei.pk)], "gone_version": versions[str(twin.pk)]}
    made = post(program, "merges", "m", **sent)
    assert made.status_code == 201, made.content
    assert post(program, "merges", "m", **sent).json()["id"] == made.json()["id"]
    assert program.get(f"{V1}/duplicates").json()["items"] == []
    assert program.get(f"{V1}/persons/{twin.pk}").json()["merged_into_id"] == str(mei.pk)
    (line,) = program.get(f"{V1}/merges").json()["items"]
    parted = post(program, f"merges/{line['id']}/parting").json()
    assert (parted["id"], parted["state"]) == (str(twin.pk), "here")
    assert program.get(f"{V1}/merges").json()["items"] == []


def test_a_list_of_people_is_checked_row_by_row_and_confirmed(cast, program, door):
    at = f"/api/v1/communities/{cast.community.pk}/person-imports"
    rows = ["姓名,身份证号,楼栋,单元,房号", "梅小雨,,3号楼,1单元,501",
            "林大山,320707195003041230,3号楼,1单元,501"]  # fmt: skip
    text = "\n".join(rows)
    made = program.post(at, {"file": SimpleUploadedFile("名单.csv", text.encode())})
    assert made.status_code == 201, made.content
    one = f"imports/{made.json()['id']}"
    assert post(program, f"{one}/confirmation").status_code == 409
    run = post(program, f"{one}/check", columns=made.json()["columns"]).json()
    runs.carry_here(Run.objects.get(pk=run["id"]), clock.now(), lambda: None)
    (wrong,) = program.get(f"/api/v1/runs/{run['id']}/errors").json()
    assert (wrong["row"], "校验位" in wrong["text"]) == (3, True)
    seen = program.get(f"{V1}/{one}").json()
    assert (seen["state"], seen["new"], seen["wrong"]) == ("checked", 1, 1)
    confirmed = post(program, f"{one}/confirmation")
    assert confirmed.status_code == 202, confirmed.content
    assert post(program, f"{one}/confirmation").json()["id"] == confirmed.json()["id"]
    runs.carry_here(Run.objects.get(pk=confirmed.json()["id"]), clock.now(), lambda: None)
    assert len(program.get(f"{V1}/persons").json()["items"]) == 1
    listed = program.get(f"{V1}/imports").json()["items"]
    assert [one["state"] for one in listed] == ["started"]
    assert program.delete(f"{V1}/{one}").status_code == 409
