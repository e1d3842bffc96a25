"""A city's system discovers, lists, reads: in JSON and XML the same, without a key only what is public."""

import json

import pytest
from django.test import Client

from linli.cases.models import Case
from linli.cases.tests.systems import System, key_of, reported, world
from linli.kernel import clock

__all__ = ["world"]
BOTH = pytest.mark.parametrize("ext", ["json", "xml"])


@BOTH
def test_a_system_discovers_where_to_ask_and_in_which_formats(world, ext):
    found = System(world, ext=ext).ask("discovery")
    endpoint = found["endpoints"][0]
    assert endpoint["specification"] == "http://wiki.open311.org/GeoReport_v2"
    assert endpoint["url"] == "http://testserver/open311/v2"
    assert endpoint["formats"] == ["text/xml", "application/json"]
    assert set(found) == {"changeset", "contact", "key_service", "endpoints"}


@BOTH
def test_services_are_the_categories_that_residents_may_choose(world, ext):
    found = System(world, ext=ext).ask("services")
    assert [one["service_code"] for one in found] == ["lamp", "private", "rubbish"]
    assert found[0] == {
        "service_code": "lamp",
        "service_name": "路灯照明",
        "description": "路灯不亮、常明",
        "metadata": "true",
        "type": "realtime",
        "keywords": "路灯不亮, 常明",
        "group": "三个工作日",
    }


def test_a_key_for_confidential_matters_lists_their_services_too(world):
    key = key_of(world, "cases.view", "cases.enter", "cases.confidential")
    assert "quarrel" in [one["service_code"] for one in System(world, key).ask("services")]


@BOTH
def test_a_definition_tells_the_questions_of_a_service(world, ext):
    found = System(world, ext=ext).ask("services/lamp")
    assert found["service_code"] == "lamp"
    assert [one["datatype"] for one in found["attributes"]] == [
        "string",
        "number",
        "singlevaluelist",
        "singlevaluelist",
        "multivaluelist",
    ]
    assert found["attributes"][3] == {
        "variable": "true",
        "code": "kind",
        "datatype": "singlevaluelist",
        "required": "true",
        "datatype_description": None,
        "order": "4",
        "description": "哪种灯",
        "values": [{"key": "路灯", "name": "路灯"}, {"key": "庭院灯", "name": "庭院灯"}],
    }


def test_types_are_those_of_the_standards_examples(world):
    service = json.loads(Client().get("/open311/v2/services.json?jurisdiction_id=home").content)[0]
    assert service["metadata"] is True
    path = "/open311/v2/services/lamp.json?jurisdiction_id=home"
    attribute = json.loads(Client().get(path).content)["attributes"][0]
    assert attribute["variable"] is True
    assert attribute["order"] == 1


# Reading


@BOTH
def test_without_a_key_nobody_is_told_words_names_or_the_door(world, ext):
    case = reported(world, text="楼道口的垃圾桶满了，我是王小明，电话 10012345678", spot="三楼拐角")
    Case.objects.filter(pk=case.pk).update(lat=44.1663127, lon=87.5453219)
    found = System(world, ext=ext).ask("requests")
    assert len(found) == 1
    one = found[0]
    assert one["service_request_id"] == case.number
    assert one["status"] == "open"
    assert one["description"] is None
    assert one["address"] == f"{world.estate.name}，{world.community.name}"
    assert (one["lat"], one["long"]) == ("44.166", "87.545")
    assert one["media_url"] is None
    words = json.dumps(found, ensure_ascii=False)
    assert "王小明" not in words
    assert "10012345678" not in words
    assert "三楼拐角" not in words
    assert world.building.name not in one["address"]


def test_without_a_key_confidential_and_internal_matters_are_not_there(world):
    quarrel = reported(world, category_id=_category("quarrel").pk)
    private = reported(world, category_id=_category("private").pk)
    system = System(world)
    assert system.ask("requests") == []
    for case in (quarrel, private):
        system.ask(f"requests/{case.number}")
        assert system.last.status_code == 404
    assert system.ask("requests", service_request_id=f"{quarrel.number},{private.number}") == []


@BOTH
def test_a_key_that_views_the_place_reads_what_staff_read(world, ext):
    case = reported(world, spot="三楼拐角")
    (one,) = System(world, key_of(world, "cases.view"), ext).ask("requests")
    assert one["description"] == case.text
    assert one["address"].startswith("三楼拐角，")
    assert one["requested_datetime"] == clock.local(case.reported_at).isoformat(timespec="seconds")
    assert one["expected_datetime"].endswith("+08:00")


def test_both_formats_tell_the_same(world):
    for number in range(3):
        reported(world, text=f"第 {number} 件：<b>&”’ 😀\n换行")
    key = key_of(world)
    for what in ("requests", "services", "discovery", "services/lamp", "servicerequestupdates"):
        assert System(world, key, "json").ask(what) == System(world, key, "xml").ask(what)


def test_a_key_of_one_place_does_not_find_anothers_case(world, abroad):
    from linli.kernel import tenancy
    from linli.places.tests.makers import make_community

    key = key_of(world)
    with tenancy.tenant(abroad.pk):
        elsewhere = make_community("佳运社区", "510402009011")
    system = System(world, key)
    for at in ("away", f"away-{elsewhere.code}", elsewhere.code):
        answer = system.ask("requests/DC26030001", jurisdiction_id=at)
        assert system.last.status_code == 404
        assert answer[0]["code"] == "404"


def test_a_key_of_one_community_does_not_find_the_next_ones_case(world):
    from linli.places.tests.makers import make_community

    case = reported(world)
    other = make_community("西城社区", "659004003009")
    giver_key = _key_elsewhere(world, other)
    system = System(world, giver_key)
    system.at = "home"
    system.ask(f"requests/{case.number}")
    assert system.last.status_code == 404
    assert system.ask("requests") == []
    system.send("servicerequestupdates", {
        "service_request_id": case.number, "update_id": "1", "status": "fixed", "description": "好了",
    })  # fmt: skip
    assert system.last.status_code == 404


def _key_elsewhere(world, community) -> str:
    from linli.cases.tests.makers import LEAD, make_post, make_staff
    from linli.clients.tests.makers import make_key

    duties = (*LEAD, "clients.manage")
    giver = make_staff("别处", make_post("giver", community, duties, code="elsewhere"))
    return make_key(giver, community, ("cases.view", "cases.enter", "cases.dispatch")).text


def _category(code: str):
    from linli.cases.models import Category

    return Category.objects.get(code=code)


# Who is let in


def test_what_is_for_a_key_alone_is_kept_by_no_cache(world):
    system = System(world, key_of(world))
    system.ask("requests")
    assert system.last["Cache-Control"] == "private, no-store"
    assert "Access-Control-Allow-Origin" not in system.last
    nobody = System(world)
    nobody.ask("requests")
    assert nobody.last["Access-Control-Allow-Origin"] == "*"


def test_a_place_without_a_house_is_called_once(world):
    from linli.places import selectors as places

    case = reported(world, where=places.where_of(community_id=world.community.pk))
    for key in ("", key_of(world)):
        (found,) = System(world, key).ask(f"requests/{case.number}")
        assert found["address"] == world.community.name


def test_a_cookie_opens_nothing(world):
    from linli.people.tests.makers import sign_in

    case = reported(world)
    browser = sign_in(world.desk.account_id, world.desk.tenant_id)
    found = browser.get("/open311/v2/requests.json?jurisdiction_id=home").json()
    assert found[0]["description"] is None
    answer = browser.post("/open311/v2/servicerequestupdates.json?jurisdiction_id=home", {
        "service_request_id": case.number, "update_id": "1", "status": "fixed",
    })  # fmt: skip
    assert answer.status_code == 403
