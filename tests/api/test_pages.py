"""docs/api-pages.md says of every page what a program does instead; nothing is missing, nothing made up."""

import re
from collections import Counter

from config import api
from tests.api.test_description import operations
from tests.architecture import house
from tests.gates.addresses import routes

TABLE = house.ROOT / "docs" / "api-pages.md"
ROOMS = {
    "cases", "indicators", "publishing", "clients", "places", "posts", "messages", "kernel", "people",
    "care",
}  # fmt: skip


def rows():
    for line in TABLE.read_text().splitlines():
        if line.startswith("| ") and ":" in line:
            _empty, pages, there, _end = line.split("|")
            yield [page.strip() for page in pages.split(",")], there.strip()


def test_every_page_of_the_rooms_stands_in_the_table_once():
    listed = Counter(page for pages, _there in rows() for page in pages)
    assert not [page for page, count in listed.items() if count > 1]
    are = {route.name for route in routes() if route.name.split(":")[0] in ROOMS}
    assert set(listed) == are, "docs/api-pages.md: say what programs do instead of these pages"


def test_what_the_table_names_is_there_and_every_operation_of_a_page_is_named():
    known = {operation["operationId"] for _address, _method, operation in operations()}
    named = {
        one for _pages, there in rows() for one in re.findall(r"`([a-z]+(?:_[a-z0-9]+)*)`", there)
    }
    made_up = {one for one in named - known if "_" in one}
    assert not made_up
    assert not set(_operations_of_the_rooms()) - named
    assert all(there for _pages, there in rows())


def _operations_of_the_rooms():
    for _prefix, router in api.ROUTERS:
        for view in router.path_operations.values():
            for operation in view.operations:
                if operation.view_func.__module__.split(".")[1] in ROOMS:
                    yield operation.operation_id
