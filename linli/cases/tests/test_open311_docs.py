"""The commands of the documents are run as they stand, against the product over a real socket."""

import re
import shlex
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import requests

from linli.cases.models import Case
from linli.cases.tests.makers import make_case
from linli.cases.tests.residents import photo
from linli.cases.tests.systems import key_of, world
from linli.cases.tests.test_open311_clients import home
from linli.kernel import clock

__all__ = ["home", "world"]
pytestmark = pytest.mark.django_db(transaction=True)
DOCS = Path(__file__).parents[3] / "docs"


def commands(name: str) -> list[str]:
    """Return the curl commands of a document, each on one line."""
    blocks = re.findall(r"```sh\n(.*?)```", (DOCS / name).read_text(), re.DOTALL)
    lines = "\n".join(blocks).replace("\\\n", " ").splitlines()
    return [line for line in lines if line.startswith("curl ")]


def curl(command: str, values: dict[str, str]) -> requests.Response:
    """Do what curl does with the few options that the documents use."""
    for name, value in sorted(values.items(), key=lambda pair: -len(pair[0])):
        command = command.replace(f"${name}", value)
    words = shlex.split(command)[1:]
    headers: dict[str, str] = {}
    form: list[tuple[str, str]] = []
    files: list[tuple[str, Any]] = []
    url = ""
    while words:
        word = words.pop(0)
        if word == "-H":
            name, _colon, value = words.pop(0).partition(": ")
            headers[name] = value
        elif word in ("-d", "--data-urlencode", "-F"):
            name, _equals, value = words.pop(0).partition("=")
            if value.startswith("@"):
                files.append((name, (value[1:], photo().read(), "image/jpeg")))
            else:
                form.append((name, value))
        else:
            assert not word.startswith("-"), f"the test does not know {word}"
            url = word
    if form or files:
        return requests.post(url, data=form, files=files or None, headers=headers, timeout=300)
    return requests.get(url, headers=headers, timeout=300)


@pytest.fixture
def values(world: SimpleNamespace, live_server: Any) -> dict[str, str]:
    """Return what the documents call by names."""
    case = make_case(world, at=clock.now())
    return {
        "LINLI": live_server.url,
        "AT": world.at,
        "KEY": key_of(world),
        "CODE": world.door.code,
        "NUMBER": case.number,
    }


@pytest.mark.parametrize("name", ["open311.md", "open311.en.md"])
def test_every_command_of_the_documents_works(values, name):
    found = commands(name)
    assert len(found) == 13
    for command in found:
        answer = curl(command, values)
        assert answer.status_code == 200, f"{command}\n{answer.text}"
        kind = "text/xml" if ".xml" in command else "application/json"
        assert answer.headers["Content-Type"].startswith(kind)
    assert Case.objects.get(number=values["NUMBER"]).state == "resolved"
    assert Case.objects.count() == 3
    lamp = Case.objects.get(category__code="lamp")
    assert len(lamp.answers) == 2
