"""Lists of other systems: by status, service, time, place; page by page; what makes no sense refused."""

import json

import pytest
from django.test import Client

from linli.cases.models import Case
from linli.cases.services import desk, handling
from linli.cases.tests.makers import DAY, HOUR
from linli.cases.tests.systems import System, key_of, reported, world
from linli.kernel import clock

__all__ = ["world"]
BOTH = pytest.mark.parametrize("ext", ["json", "xml"])


def test_a_list_is_asked_by_status_service_and_time(world):
    now = clock.now()
    old = reported(world, at=now - 100 * DAY)
    fresh = reported(world, at=now - DAY)
    lamp = reported(world, at=now - 2 * DAY, category_id=world.lamp.pk)
    done = reported(world, at=now - 3 * DAY)
    desk.accept_case(case_id=done.pk, actor=world.desk, now=now - 2 * DAY)
    handling.resolve_case(case_id=done.pk, text="好了", actor=world.desk, now=now - DAY)
    system = System(world)

    def numbers(**asked):
        return [one["service_request_id"] for one in system.ask("requests", **asked)]

    assert numbers() == [fresh.number, lamp.number, done.number]
    assert numbers(status="open") == [fresh.number, lamp.number]
    assert numbers(status="closed") == [done.number]
    assert numbers(status="open,closed") == [fresh.number, lamp.number, done.number]
    assert numbers(service_code="lamp") == [lamp.number]
    assert numbers(service_code="lamp,unknown") == [lamp.number]
    assert numbers(service_code="unknown") == []
    start = (now - 101 * DAY).isoformat()
    assert numbers(start_date=start, end_date=(now - 99 * DAY).isoformat()) == [old.number]
    assert numbers(service_request_id=f"{old.number},{lamp.number}") == [lamp.number, old.number]


def test_a_suspended_case_is_open(world):
    case = reported(world)
    Case.objects.filter(pk=case.pk).update(
        state="suspended", due_at=None, suspended_at=clock.now(), suspended_until=clock.now() + DAY
    )
    other = reported(world, at=clock.now())
    found = System(world).ask("requests", status="open")
    assert [one["service_request_id"] for one in found] == [other.number, case.number]
    assert System(world).ask("requests", status="closed") == []


def test_pages_follow_each_other_without_gap_or_double(world):
    now = clock.now()
    cases = [reported(world, at=now - number * HOUR) for number in range(7)]
    system, seen = System(world), []
    system.ask("requests", page_size=3)
    while True:
        seen += [one["service_request_id"] for one in json.loads(system.last.content)]
        link = system.last.headers.get("Link")
        if link is None:
            break
        assert link.endswith('>; rel="next"')
        system.last = system.get(link[1:].partition(">")[0])
    assert seen == [case.number for case in cases]
    second = system.ask("requests", page=2, page_size=3)
    assert [one["service_request_id"] for one in second] == [case.number for case in cases[3:6]]


@pytest.mark.parametrize(
    "asked",
    [
        {"start_date": "yesterday"},
        {"start_date": "2026-01-01T00:00:00"},
        {"start_date": "0001-01-01T00:00:00Z"},
        {"start_date": "2026-01-01T00:00:00Z", "end_date": "2026-12-01T00:00:00Z"},
        {"start_date": "2026-02-01T00:00:00Z", "end_date": "2026-01-01T00:00:00Z"},
        {"status": "lost"},
        {"page": "-1"},
        {"page_size": "100000000000000000000"},
        {"cursor": "x"},
        {"cursor": f"0001-01-01T00:00:00+14:00~{'0' * 32}"},
        {"cursor": f"9999-12-31T23:59:59-14:00~{'0' * 32}"},
    ],
)
@BOTH
def test_what_makes_no_sense_is_refused_with_the_standards_error(world, asked, ext):
    system = System(world, ext=ext)
    (error,) = system.ask("requests", **asked)
    assert system.last.status_code == 400
    assert error["code"] == "400"
    assert error["description"]


def test_a_list_costs_the_same_for_one_and_for_many(world, django_assert_max_num_queries):
    key = key_of(world)
    for _number in range(5):
        reported(world)
    System(world, key).ask("requests")
    with django_assert_max_num_queries(4):
        System(world, key).ask("requests")


# Jurisdictions


@BOTH
def test_a_jurisdiction_is_named_in_the_query_or_the_path(world, ext):
    reported(world)
    for at in ("home", world.at, world.community.code):
        assert len(System(world, ext=ext).ask("requests", jurisdiction_id=at)) == 1
        path = f"/open311/at/{at}/v2/requests.{ext}"
        assert Client().get(path).status_code == 200


@BOTH
def test_an_unknown_jurisdiction_is_404(world, ext):
    for at in ("nowhere", "home-000000000000", "999999999999", "home-", "'; drop"):
        system = System(world, ext=ext)
        answer = system.ask("services", jurisdiction_id=at)
        if at != "home-":
            assert system.last.status_code == 404
            assert answer[0]["code"] == "404"


def test_the_only_jurisdiction_need_not_be_named(world):
    assert System(world).ask("services", jurisdiction_id="")
    assert Client().get("/open311/v2/services.json").status_code == 200


def test_with_two_jurisdictions_one_must_be_named_unless_the_key_names_it(world, abroad):
    from linli.kernel import tenancy
    from linli.places.tests.makers import make_community

    with tenancy.tenant(abroad.pk):
        make_community("佳运社区", "510402009011")
    answer = Client().get("/open311/v2/services.xml")
    assert answer.status_code == 400
    assert "jurisdiction_id" in answer.content.decode()
    assert System(world, key_of(world)).ask("services", jurisdiction_id="")
    by_host = Client(headers={"Host": "home.linli.example"}).get("/open311/v2/services.json")
    assert by_host.status_code == 200


@pytest.mark.parametrize("path", ["services.yaml", "services/nothing.json", "requests/X1.json"])
def test_what_is_not_there_is_404(world, path):
    answer = Client().get(f"/open311/v2/{path}?jurisdiction_id=home")
    assert answer.status_code == 404


def test_a_method_that_is_none_here_is_405(world):
    answer = Client().delete("/open311/v2/services.json?jurisdiction_id=home")
    assert answer.status_code == 405
    assert json.loads(answer.content)[0]["code"] == 405
