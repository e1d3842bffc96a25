"""What comes in at Open311's door can be anything: refused in the standard's shape, read whole or not."""

import json

import pytest
from django.test import Client

from linli.cases.models import Case
from linli.cases.tests.systems import key_of, read, world

__all__ = ["world"]
BOTH = pytest.mark.parametrize("ext", ["json", "xml"])
ENTITIES = """<?xml version="1.0"?>
<!DOCTYPE request [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">
<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">]>
<request><service_code>rubbish</service_code><description>&c;</description></request>"""
OUTSIDE = """<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]>
<request><service_code>rubbish</service_code><description>&x;</description></request>"""
GOOD = """<?xml version="1.0" encoding="utf-8"?>
<service_requests><request>
  <service_code>lamp</service_code><description>灯不亮 &amp; 很黑</description>
  <lat>44.17</lat><long>87.54</long>
  <attributes>
    <attribute><code>pole</code><value>D-17</value></attribute>
    <attribute><code>kind</code><value>路灯</value></attribute>
  </attributes>
</request></service_requests>"""


def post(world, ext: str, body, kind: str, **headers):
    client = Client(headers={"Authorization": f"Bearer {key_of(world)}"})
    return client.post(f"/open311/v2/requests.{ext}", body, content_type=kind, **headers)


def refused(answer, status: int = 400) -> None:
    assert answer.status_code == status, answer.content
    errors = read(answer)
    assert errors[0]["code"] == str(status)
    assert errors[0]["description"]
    assert not Case.objects.exists()


@BOTH
@pytest.mark.parametrize(
    "body",
    [
        ENTITIES,
        OUTSIDE,
        "<a>" * 100_00 + "</a>" * 100_00,
        "<request><x><y><z><q><r><s><t>1</t></s></r></q></z></y></x></request>",
        "<request>",
        "",
        "not xml",
        "<request><description>\x00</description></request>",
        '<?xml version="1.0" encoding="no-such"?><request/>',
        "<request/>",
        "<request>words</request>",
    ],
)
def test_bombs_and_rubble_in_xml_are_refused(world, ext, body):
    refused(post(world, ext, body, "text/xml"))


@BOTH
@pytest.mark.parametrize(
    "body",
    [
        "[" * 100_000,
        '{"description":' * 10_000,
        '{"description":' + "[" * 600 + "]" * 600 + "}",
        "{",
        "[]",
        "[1,2]",
        '"words"',
        "null",
        '{"description": {"deep": {"er": 1}}}',
        '{"lat": 1e999, "long": 1, "service_code": "rubbish", "description": "x"}',
        '{"attribute": "x", "service_code": "lamp"}',
        "9" * 5000,
        b"\xff\xfe\x00",
    ],
)
def test_bombs_and_rubble_in_json_are_refused(world, ext, body):
    refused(post(world, ext, body, "application/json"))


@BOTH
@pytest.mark.parametrize(
    "kind", ["text/plain", "application/octet-stream", "text/html", "image/png"]
)
def test_other_types_of_content_are_refused(world, ext, kind):
    refused(post(world, ext, b"service_code=rubbish", kind))


@BOTH
def test_a_form_with_broken_seams_is_refused(world, ext):
    refused(post(world, ext, b"no seams here", "multipart/form-data; boundary=x"))
    refused(post(world, ext, b"x", "multipart/form-data"))


@BOTH
def test_a_form_with_a_thousand_names_is_refused(world, ext):
    body = "&".join(f"attribute[a{number}]=1" for number in range(1100))
    refused(post(world, ext, body, "application/x-www-form-urlencoded"))
    few = "&".join(f"attribute[a{number}]=1" for number in range(600))
    refused(post(world, ext, few, "application/x-www-form-urlencoded"))


class Untouched:
    """A body that must not be read."""

    def read(self, *_args):
        raise AssertionError("The body was read.")

    readline = read


@BOTH
@pytest.mark.parametrize(
    "kind",
    [
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "text/xml",
        "application/json",
    ],
)
def test_fifty_megabytes_are_refused_unread(world, ext, kind):
    client = Client(headers={"Authorization": f"Bearer {key_of(world)}"})
    answer = client.generic(
        "POST", f"/open311/v2/requests.{ext}", b"", content_type=kind,
        CONTENT_LENGTH="50000000", **{"wsgi.input": Untouched()},
    )  # fmt: skip
    refused(answer, 413)


def test_a_report_as_xml_is_taken_like_a_form(world):
    answer = post(world, "xml", GOOD.encode(), "text/xml; charset=utf-8")
    assert answer.status_code == 200
    case = Case.objects.get()
    assert case.text == "灯不亮 & 很黑"
    assert [one["answer"] for one in case.answers] == ["D-17", "路灯"]


@pytest.mark.parametrize(
    "attribute",
    [
        {"pole": "D-17", "kind": ["路灯"]},
        [{"code": "pole", "value": "D-17"}, {"code": "kind", "value": "路灯"}],
    ],
)
def test_a_report_as_json_is_taken_like_a_form(world, attribute):
    body = {
        "service_code": "lamp", "description": "灯不亮", "lat": 44.17, "long": 87.54, "attribute": attribute,
    }  # fmt: skip
    answer = post(world, "json", json.dumps(body), "application/json")
    assert answer.status_code == 200, answer.content
    assert len(Case.objects.get().answers) == 2


def test_control_characters_and_html_do_no_harm(world):
    words = "<script>alert(1)</script>\x00\x07\u202e😀]]>"
    client = Client(headers={"Authorization": f"Bearer {key_of(world)}"})
    body = {"service_code": "rubbish", "description": words, "lat": "44.1", "long": "87.5"}
    assert client.post("/open311/v2/requests.xml", body).status_code == 200
    for ext in ("xml", "json"):
        (found,) = read(client.get(f"/open311/v2/requests.{ext}"))
        assert found["description"] == "<script>alert(1)</script>😀]]>"
