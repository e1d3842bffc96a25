"""Questions that take several words: told as a list, answered by forms, JSON and XML."""

import json
from urllib.parse import quote, urlencode

import pytest

from linli.cases.tests.systems import System, key_of, read, world
from linli.cases.tests.test_open311_filing import BIN, case_of

__all__ = ["world"]

MANY = {
    "form": ("attribute[what][]=不亮&attribute[what][]=常明", "application/x-www-form-urlencoded"),
    "json": (
        {"attribute": {"pole": "D-17", "kind": "路灯", "what": ["不亮", "常明"]}},
        "application/json",
    ),
    "xml": (
        "<attribute><pole>D-17</pole><kind>路灯</kind><what>不亮</what><what>常明</what></attribute>",
        "text/xml",
    ),
}


@pytest.mark.parametrize("how", MANY)
def test_a_question_that_takes_several_words_is_told_and_answered_as_a_list(world, how):
    system = System(world, key_of(world), "xml" if how == "xml" else "json")
    (asked,) = [one for one in system.ask("services/lamp")["attributes"] if one["code"] == "what"]
    assert (asked["datatype"], len(asked["values"])) == ("multivaluelist", 3)
    sent, kind = MANY[how]
    lamp = {**BIN, "service_code": "lamp"}
    if how == "form":
        body = (
            urlencode({**lamp, "attribute[pole]": "D-17", "attribute[kind]": "路灯"})
            + "&"
            + quote(sent, safe="=&")
        )
    elif how == "json":
        body = json.dumps({**lamp, **sent})
    else:
        body = "<r>" + "".join(f"<{k}>{v}</{k}>" for k, v in lamp.items()) + sent + "</r>"
    address = f"/open311/v2/requests.{system.ext}?jurisdiction_id={world.at}"
    answer = system.generic("POST", address, body.encode(), content_type=kind)
    assert answer.status_code == 200, answer.content.decode()
    answers = {one["text"]: one["answer"] for one in case_of(read(answer)).answers}
    assert answers["怎么坏的"] == "不亮、常明"
    wrong = system.send("requests", {
        **lamp, "attribute[pole]": "D", "attribute[kind]": "路灯", "attribute[what][]": ["不亮", "炸"],
    })  # fmt: skip
    assert "attribute[what]" in wrong[0]["description"]
