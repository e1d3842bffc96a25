"""docs/openapi.json says what the API is; a change of contract is seen in review."""

import json
import re
from collections import Counter

import pytest

from config import api
from tests.architecture import house

FILE = house.ROOT / "docs" / "openapi.json"


def operations():
    for address, methods in json.loads(api.described())["paths"].items():
        for method, operation in methods.items():
            yield address, method, operation


def test_the_committed_description_is_current():
    assert FILE.read_text() == api.described(), "Write it anew: .venv/bin/linli openapi"


def test_every_operation_has_a_name_words_and_its_refusals():
    names = Counter(operation["operationId"] for _address, _method, operation in operations())
    assert not [name for name, count in names.items() if count > 1]
    for address, _method, operation in operations():
        assert operation["summary"], address
        assert operation["description"], address
        assert "404" in operation["responses"]
        assert "security" in operation or address.startswith(
            ("/api/v1/reports/", "/api/v1/follows/")
        )


def test_every_address_leads_to_its_own_operation():
    """Two routers with the same address would hide one another."""
    for address, method, _operation in operations():
        some_id = "01a202ab-df67-7738-b9ab-debfe0cbe5a3"
        filled = re.sub(r"{\w+}", some_id, address.removeprefix("/api/"))
        route = api.resolver().resolve(filled).route
        shown = "/api/" + re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", route)
        assert shown == address, f"{method} {address} is hidden by {shown}"


@pytest.mark.django_db
def test_people_and_programs_can_read_it(client):
    page = client.get("/api/")
    assert page.status_code == 200
    assert "resolve_case" in page.content.decode()
    assert "<script" not in page.content.decode().replace('<script src="/static/', "")
    assert client.get("/api/openapi.json").json()["openapi"] == "3.1.0"


def test_no_two_rooms_give_different_things_one_name():
    """The description knows a schema by its bare name; of two, one would silently stand for both."""
    from ninja import Schema

    def below(one):
        for sub in one.__subclasses__():
            yield sub
            yield from below(sub)

    api.described()
    shapes = {}
    for sub in below(Schema):
        if sub.__module__.startswith(("linli.", "config.")) and "[" not in sub.__name__:
            said = sub.model_json_schema()
            shapes.setdefault(sub.__name__, {})[sub.__module__] = said.get("properties")
    different = {
        name: sorted(found) for name, found in shapes.items()
        if any(one != next(iter(found.values())) for one in found.values())
    }  # fmt: skip
    assert not different
