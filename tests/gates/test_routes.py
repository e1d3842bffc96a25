"""Every address as the keeper, as a stranger, as nobody: found in the URLconf, not in a list."""

import gzip
import re
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders
from django.db import connection
from django.test import Client

from tests.gates.addresses import routes
from tests.gates.html import faults_of

PAGE, SCRIPT, STAFF_SCRIPT, FIELD = 30_000, 10_000, 70_000, 60_000  # compressed, before photos
# Shown only when something else happened first; journeys walk them.
BEHIND_A_STEP = {
    "people:confirm", "people:resident_enter", "people:totp", "cases:entered", "cases:entered_slip",
    "kernel:calendar_confirm",
}  # fmt: skip

# They ask for HTTP digest, which no page of ours brings.
_CALLED = ("form_list", "form", "manifest", "subjects", "submission")
BY_DIGEST = {f"field:openrosa_{one}" for one in _CALLED}
NOT_TO_BE_SHOWN = {"people:sign_out", "kernel:display", "kernel:large"}  # they do, and lead on


def test_something_real_stands_behind_every_address(town):
    missing = {
        (route.name, part) for route in routes() for part in route.parts if part not in town.things
    }
    assert not missing, f"Say in tests/gates/town.py what stands behind {missing}."


def open_pages(client, things, *, is_public: bool | None = None):
    """Open whatever can be opened; yield route and answer."""
    for route in routes():
        if route.name in NOT_TO_BE_SHOWN or is_public not in (None, route.is_public):
            continue
        answer = client.get(route.address(things))
        if answer.streaming:
            b"".join(answer.streaming_content)  # to its end, where the file is closed
        if answer.status_code != 405:
            yield route, answer


def is_html(answer) -> bool:
    return answer.status_code == 200 and answer["Content-Type"].startswith("text/html")


def test_every_page_opens_is_sound_html_and_not_heavy(town):
    troubles, shown = [], 0
    for route, answer in open_pages(town.browser("keeper"), town.things):
        is_waiting = route.name in BEHIND_A_STEP and answer.status_code in (404, 409)
        is_waiting |= route.name in BY_DIGEST and answer.status_code == 401
        if answer.status_code not in (200, 302) and not is_waiting:
            troubles.append(f"{route.name}: {answer.status_code}")
        if is_html(answer):
            shown += 1
            page = answer.content.decode()
            # What a parser says of a page does not change with the database behind it.
            found = faults_of(page) if connection.vendor == "sqlite" else []
            if weight(page, "js") > STAFF_SCRIPT:
                found.append(f"{weight(page, 'js')} B of script")
            troubles += [f"{route.name}: {fault}" for fault in found]
    assert not troubles, "\n".join(troubles)
    assert shown > 60


def test_every_page_of_residents_is_light(town):
    heavy = []
    for route, answer in open_pages(Client(), town.things, is_public=True):
        if not is_html(answer) or route.name in (
            "kernel:design",
            "field:shell",
        ):  # the latter is staff's
            continue
        page = answer.content.decode()
        script = weight(page, "js")
        whole = len(gzip.compress(answer.content, 6)) + script + weight(page, "css")
        if script > SCRIPT or whole > PAGE:
            heavy.append(f"{route.name}: {whole} B, {script} B of it script")
        heavy += [f"{route.name}: {fault}" for fault in faults_of(page)]
    assert not heavy, "\n".join(heavy)


def test_a_stranger_who_may_do_everything_at_home_finds_nothing_here(town):
    stranger, open_doors = town.browser("stranger"), []
    for route in routes():
        if route.is_public or not any(part.endswith("_id") for part in route.parts):
            continue
        address = route.address(town.things)
        found = {stranger.get(address).status_code, stranger.post(address, {"x": "x"}).status_code}
        if not (404 in found and found <= {404, 405}):
            open_doors.append(f"{route.name} {address}: {found}")
    assert not open_doors, "\n".join(open_doors)


def test_nobody_passes_a_door_of_staff(town):
    for route in routes():
        if route.is_public:
            continue
        address = route.address(town.things)
        for answer in (Client().get(address), Client().post(address, {"x": "x"})):
            assert answer.status_code == 302, (route.name, answer.status_code)
            assert answer["Location"].startswith("/sign-in/?next="), route.name


def test_what_is_open_to_all_is_never_a_page_of_staff():
    # A phone shows its token there: its queue reaches us after its session or its post has ended too.
    by_token = {"field:sync_send", "field:sync_photo", "field:sync_leaving"}
    opened = [one.pattern for one in routes() if one.is_public and one.name not in by_token]
    assert [one for one in opened if one.startswith(("desk/", "field/", "me/"))] == []


def test_the_first_load_of_the_field_fits_a_weak_network(town):
    """Everything that the first look needs, and what the app brings along for without a network."""
    browser = town.browser("keeper")
    page = browser.get("/field/").content
    worker = browser.get("/app/field.js").content
    whole = len(gzip.compress(page, 6)) + len(gzip.compress(worker, 6))
    files = set(re.findall(rf"{settings.STATIC_URL}([\w/.-]+)", (page + worker).decode()))
    whole += sum(len(gzip.compress(Path(finders.find(one)).read_bytes(), 6)) for one in files)
    assert whole <= FIELD, f"{whole} B"


def weight(page: str, kinds: str) -> int:
    """Return the compressed size of the files that a page loads, each counted once."""
    found = re.findall(rf'(?:href|src)="{settings.STATIC_URL}([^"]+\.(?:{kinds}))"', page)
    return sum(len(gzip.compress(Path(finders.find(one)).read_bytes(), 6)) for one in set(found))
