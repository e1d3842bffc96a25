"""Foreign clients at our door, over a real socket: they know the standard, not us."""

import itertools
import sys
from types import SimpleNamespace
from typing import Any

import pytest
from georeport import GeoReport

from linli.cases.models import Case
from linli.cases.services import desk, handling
from linli.cases.tests.makers import HOUR, make_case
from linli.cases.tests.residents import photo
from linli.cases.tests.systems import key_of, world
from linli.kernel import clock

__all__ = ["world"]
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def home(transactional_db: None) -> Any:
    """Return the tenant, committed: the live server reads by a connection of its own."""
    from linli.kernel.models import Tenant

    return Tenant.objects.create(code="home", name="本区", created_at=clock.now())


@pytest.fixture
def lived(world) -> SimpleNamespace:
    """Give the neighbourhood some history: open, closed, with questions."""
    now = clock.now()
    for number in range(4):
        make_case(world, at=now - number * HOUR, text=f"第 {number} 件：<急> & “快”")
    done = make_case(world, at=now - 9 * HOUR, category_id=world.lamp.pk)
    desk.accept_case(case_id=done.pk, actor=world.desk, now=now - 8 * HOUR)
    handling.resolve_case(case_id=done.pk, text="换了灯泡", actor=world.desk, now=now - HOUR)
    world.done = done
    return world


def plain(value: Any) -> Any:
    """Return an answer with every value as XML has it: words, or nothing."""
    if isinstance(value, dict):
        return {name: plain(one) for name, one in value.items()}
    if isinstance(value, list):
        return [plain(one) for one in value]
    if isinstance(value, bool):
        return "true" if value else "false"
    return None if value in (None, "") else str(value)


# georeport, which reads


def test_georeport_reads_the_same_in_both_formats(lived, live_server):
    root = f"{live_server.url}/open311/v2"
    by_json, by_xml = (
        GeoReport(root, jurisdiction=lived.at, output_format=one) for one in ("json", "xml")
    )
    services = by_json.get_service_list()
    assert [one["service_code"] for one in services] == ["lamp", "private", "rubbish"]
    assert plain(services) == plain(by_xml.get_service_list())
    requests = by_json.get_service_requests()
    assert len(requests) == 5
    assert plain(requests) == plain(by_xml.get_service_requests())
    both = {"status": "open,closed", "start_date": (clock.now() - 5 * HOUR).isoformat()}
    assert plain(by_json.get_service_requests(**both)) == plain(by_xml.get_service_requests(**both))
    number = lived.done.number
    one = by_json.get_service_request(number)
    assert one["status"] == "closed"
    assert plain(one) == plain(by_xml.get_service_request(number))
    definition = by_json.get_service_definition("lamp")
    assert plain(definition) == plain(_unwrapped(by_xml.get_service_definition("lamp")))


def _unwrapped(definition: dict[str, Any]) -> dict[str, Any]:
    """Return a definition read from XML as the Spark convention has it: lists without their singular."""
    attributes = []
    for one in definition["attributes"]["attribute"]:
        values = (one.get("values") or {}).get("value")
        attributes.append({**one, "values": values} if values else one)
    return {**definition, "attributes": attributes}


def test_georeport_is_told_what_is_not_there(lived, live_server):
    import requests

    for one in ("json", "xml"):
        client = GeoReport(f"{live_server.url}/open311/v2", "nowhere", output_format=one)
        with pytest.raises(requests.HTTPError, match="404"):
            client.get_service_list()


# three, which files


@pytest.fixture
def three(monkeypatch) -> Any:
    """Import `three`, which was written for Python 2 and asks for one name that is gone."""
    monkeypatch.setattr(itertools, "ifilter", filter, raising=False)
    yield pytest.importorskip("three")
    for name in [one for one in sys.modules if one.partition(".")[0] == "three"]:
        del sys.modules[name]


def test_three_files_and_reads(lived, live_server, three):
    client = three.Three(
        f"{live_server.url}/open311/v2/", api_key=key_of(lived), jurisdiction=lived.at
    )
    assert client.discovery()["endpoints"][0]["url"] == f"{live_server.url}/open311/v2"
    assert {one["service_code"] for one in client.services()} == {"lamp", "private", "rubbish"}
    assert client.services("lamp")["attributes"][0]["code"] == "pole"
    before = Case.objects.count()
    (answer,) = client.post(
        "lamp", name="Mei Xiao", phone="10000000001", address="东门", description="灯不亮",
        **{"attribute[pole]": "D-17", "attribute[kind]": "路灯"}, media=photo(),
    )  # fmt: skip
    case = Case.objects.get(number=answer["service_request_id"])
    assert Case.objects.count() == before + 1
    assert (case.text, case.spot, case.photo_count) == ("灯不亮", "东门", 1)
    (shown,) = client.request(case.number)
    assert shown["service_code"] == "lamp"
    assert len(client.requests(count=3)) == 3
    assert [one["service_request_id"] for one in client.requests("lamp", status="closed")] == [
        lived.done.number
    ]
    wrong = client.post("lamp", address="东门", description="灯不亮")
    assert {one["code"] for one in wrong} == {400}
    refused = three.Three(f"{live_server.url}/open311/v2/", jurisdiction=lived.at).post("lamp")
    assert refused[0]["code"] == 403
