"""A city's system at the door of the small neighbourhood: keys, calls, answers in both formats."""

import json
from types import SimpleNamespace
from typing import Any

import pytest
from defusedxml import ElementTree
from django.test import Client

from linli.cases.models import Case, Question
from linli.cases.selectors import catalogue
from linli.cases.tests.makers import (
    HOUR,
    LEAD,
    make_case,
    make_category,
    make_neighbourhood,
    make_post,
    make_staff,
)
from linli.clients.tests.makers import make_key
from linli.kernel import clock

AT = "home-659004003002"
WORKS = ("cases.view", "cases.enter", "cases.dispatch")


@pytest.fixture
def world(in_home) -> SimpleNamespace:
    found = make_neighbourhood()
    found.at = f"home-{found.community.code}"
    duties = (*LEAD, "clients.manage", "cases.confidential", "cases.handle")
    giver = make_post("giver", found.community, duties)
    found.giver = make_staff("谢红", giver)
    lamp = make_category("lamp", "路灯照明", hint="路灯不亮、常明", order=20)
    questions = (
        ("pole", "灯杆编号", "text", [], True),
        ("since", "坏了几天", "number", [], False),
        ("dark", "整条路都不亮吗", "yes_no", [], False),
        ("kind", "哪种灯", "choice", ["路灯", "庭院灯"], True),
        ("what", "怎么坏的", "choices", ["不亮", "闪", "常明"], False),
    )
    for order, (code, text, kind, choices, is_required) in enumerate(questions):
        Question.objects.create(
            category=lamp, code=code, text=text, kind=kind, choices=choices,
            is_required=is_required, order=order,
        )  # fmt: skip
    make_category("quarrel", "邻里纠纷", is_confidential=True, order=30)
    make_category("private", "只在内部", shown_on_board=False, order=40)
    catalogue.forget()
    found.lamp = lamp
    return found


def key_of(world: SimpleNamespace, *duties: str, area: Any = None, **facts: Any) -> str:
    """Return a new key for a city's system."""
    return make_key(world.giver, area or world.community, duties or WORKS, **facts).text


def reported(world: SimpleNamespace, **facts: Any) -> Case:
    """Return a case that a resident reported an hour ago, or when it is said."""
    return make_case(world, at=facts.pop("at", clock.now() - HOUR), **facts)


class System(Client):
    """A city's system. It asks in JSON or XML and gets the same either way."""

    def __init__(self, world: SimpleNamespace, key: str = "", ext: str = "json") -> None:
        super().__init__(headers={"Authorization": f"Bearer {key}"} if key else {})
        self.at, self.ext = world.at, ext

    def ask(self, what: str, **values: Any) -> Any:
        """GET and return what came, as Python, whatever the format."""
        answer = self.get(f"/open311/v2/{what}.{self.ext}", {"jurisdiction_id": self.at, **values})
        self.last = answer
        return read(answer)

    def send(self, what: str, values: dict[str, Any], **more: Any) -> Any:
        """POST a form and return what came, as Python."""
        body = {"jurisdiction_id": self.at, **values}
        answer = self.post(f"/open311/v2/{what}.{self.ext}", body, **more)
        self.last = answer
        return read(answer)


def read(answer: Any) -> Any:
    """Return an answer as Python; numbers and yes and no as words, so that both formats compare."""
    if answer["Content-Type"].startswith("application/json"):
        return _plain(json.loads(answer.content))
    assert answer["Content-Type"] == "text/xml; charset=utf-8"
    return _of_element(ElementTree.fromstring(answer.content, forbid_dtd=True))


_LISTS = {
    "services", "service_requests", "service_request_updates", "errors", "attributes", "values",
    "endpoints", "formats",
}  # fmt: skip


def _of_element(element: Any) -> Any:
    if element.tag in _LISTS:
        return [_of_element(one) for one in element]
    if len(element):
        return {one.tag: _of_element(one) for one in element}
    return element.text


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _plain(one) for name, one in value.items()}
    if isinstance(value, list):
        return [_plain(one) for one in value]
    if value is None or isinstance(value, str):
        return value
    return json.dumps(value)
