"""A resident's phone at the door of the small neighbourhood, for the tests of residents' pages."""

import io
import re
from types import SimpleNamespace
from urllib.parse import urlsplit

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from linli.cases.models import Case
from linli.cases.services import desk, handling, telling
from linli.cases.tests.makers import HOUR, make_case, make_neighbourhood
from linli.kernel import clock
from linli.kernel.ids import new_id

WORDS = "楼道口的垃圾桶满了两天，味道很大。"


@pytest.fixture
def world(in_home) -> SimpleNamespace:
    found = make_neighbourhood()
    found.at = f"home-{found.community.code}"
    found.report = f"/s/{found.door.code}/report/"
    return found


@pytest.fixture
def phone(world) -> Client:
    """Return a phone that opened the page behind the door's code."""
    client = Client()
    client.get(world.report)
    return client


def form_of(client: Client, url: str) -> dict[str, str]:
    """Return the hidden inputs of a page, as a browser would send them."""
    page = client.get(url).content.decode()
    found = re.findall(r'<input type="hidden" name="([^"]+)"(?: value="([^"]*)")?', page)
    return {name: value for name, value in found if name != "csrfmiddlewaretoken"}


def send(client: Client, world: SimpleNamespace, **typed):
    usual = {"category": "rubbish", "text": WORDS, "phone": "10012345678", "key": str(new_id())}
    return client.post(typed.pop("url", world.report), usual | typed)


def token_in(answer) -> str:
    assert answer.status_code == 302, answer.content.decode()
    return urlsplit(answer["Location"]).path.split("/")[2]


def photo(name: str = "bin.jpg", size: tuple[int, int] = (640, 480), **save) -> SimpleUploadedFile:
    buffer = io.BytesIO()
    Image.new("RGB", size, "green").save(buffer, "JPEG", **save)
    return SimpleUploadedFile(name, buffer.getvalue(), content_type="image/jpeg")


def resolved(world) -> Case:
    now = clock.now()
    case = make_case(world, at=now - 6 * HOUR)
    desk.assign_case(
        case_id=case.pk, post_id=world.grid_post.pk, actor=world.desk, now=now - 5 * HOUR
    )
    handling.take_case(case_id=case.pk, actor=world.lin, now=now - 4 * HOUR)
    return handling.resolve_case(
        case_id=case.pk, text="已清运，并加了一个桶。", actor=world.lin, now=now - HOUR
    )


def page_of(case: Case, client: Client) -> str:
    return client.get(f"/c/{telling.token_of(case)}/").content.decode()
