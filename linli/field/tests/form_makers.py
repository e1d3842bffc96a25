"""What tests of ODK's door share: items of every kind, a grid worker with a client, Collect's posts."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from types import SimpleNamespace
from typing import Any
from xml.etree import ElementTree

import requests
from requests.auth import HTTPDigestAuth

from linli.field.selectors import day
from linli.field.selectors import openrosa as selectors
from linli.field.selectors.items import Choice, Item, ItemKind
from linli.field.services import devices, openrosa_access, openrosa_forms
from linli.field.services.submissions import Taken
from linli.field.tests.makers import taking
from linli.kernel import clock
from linli.kernel.actor import Actor
from linli.kernel.models import Tenant

KIND = "tests.walk"
SUBJECT = uuid.UUID(int=7)
LIST = "{http://openrosa.org/xforms/xformsList}"
MANIFEST = "{http://openrosa.org/xforms/xformsManifest}"
ITEMS = (
    Item(
        code="door", label="消防门", kind=ItemKind.CHOICE, is_required=True, hint="推一推",
        choices=(Choice(code="shut", label="关着"), Choice(code="1 open", label="开着", is_bad=True)),
    ),
    Item(code="blocked", label="楼道堆物", kind=ItemKind.YES_NO, bad_if="yes"),
    Item(code="count", label="几件", kind=ItemKind.NUMBER, least=0, most=20),
    Item(code="说明", label="补充 ${说明}", kind=ItemKind.TEXT),
    Item(code="shot", label="照片", kind=ItemKind.PHOTO),
    Item(code="subject", label="与表单自己的名字相同", kind=ItemKind.TEXT),
)  # fmt: skip


def card(items=ITEMS, **facts) -> day.Card:
    usual = {
        "key": f"{KIND}:{SUBJECT}", "kind": "point", "title": "南门", "why": "三天没看", "place": "天山花园",
        "link": "/field/", "version": "3", "form": KIND, "subject_id": str(SUBJECT), "items": items,
        "facts": (("钥匙", "在值班室"),),
    }  # fmt: skip
    return day.Card(**usual | facts)


@contextmanager
def client_town(cast: Any, url: str, monkeypatch: Any) -> Iterator[SimpleNamespace]:
    """A grid worker with one point to look at, and a form client of theirs."""
    cards = [card()]
    monkeypatch.setattr(day, "_PROVIDERS", {"tests": lambda actor, now: cards})
    monkeypatch.setattr(day, "_KEEPERS", {})
    monkeypatch.setattr(devices, "_FINDERS", [lambda account_id, now: cast.lin])
    seen: list = []

    def take(sent):
        seen.append(sent)
        return Taken(link="/field/", words="记下了。", subject_id=sent.subject_id)

    issued = openrosa_access.issue_client(
        name="旧手机", tenant_code="home", actor=cast.lin, now=clock.now()
    )
    with taking(take, KIND):
        yield SimpleNamespace(
            cast=cast, cards=cards, seen=seen, issued=issued, root=url, url=f"{url}/openrosa",
            web=signed_in(issued),
        )  # fmt: skip


def signed_in(issued: openrosa_access.Issued) -> requests.Session:
    """Return a foreign client that answers challenges, as Collect does."""
    client = requests.Session()
    client.auth = HTTPDigestAuth(issued.client.username, issued.secret)
    return client


def form_list(town) -> list[dict[str, str]]:
    answer = town.web.get(
        f"{town.url}/formList", headers={"X-OpenRosa-Version": "1.0"}, timeout=200
    )
    assert answer.status_code == 200, answer.text
    assert answer.headers["X-OpenRosa-Version"] == "1.0"
    assert answer.headers["Content-Type"] == "text/xml; charset=utf-8"
    found = ElementTree.fromstring(answer.content)
    assert found.tag == f"{LIST}xforms"
    return [{one.tag.removeprefix(LIST): one.text or "" for one in form} for form in found]


def fetch(town, url: str) -> bytes:
    answer = town.web.get(url, timeout=200)
    assert answer.status_code == 200, answer.text
    return answer.content


def filled(form: dict[str, str], *, instance: str = "", photo: str = "", **said: str) -> bytes:
    """Return what Collect writes: the answers by node, its own id, when it was done."""
    items = {"door": "shut", "blocked": "no", **said}
    if photo:
        items["shot"] = photo
    inside = "".join(f"<{name}>{text}</{name}>" for name, text in items.items())
    return f"""<?xml version='1.0' ?><data id="{form["formID"]}" version="{form["version"]}"
        xmlns:h="http://www.w3.org/1999/xhtml" xmlns:orx="http://openrosa.org/xforms">
        <start>2026-03-02T09:00:00.000+08:00</start><end>2026-03-02T09:05:00.000+08:00</end>
        <subject>{SUBJECT}</subject><title>南门 · 天山花园</title><base_version>3</base_version>
        <items>{inside}</items>
        <orx:meta><orx:instanceID>{instance or f"uuid:{uuid.uuid4()}"}</orx:instanceID></orx:meta>
        </data>""".encode()


def send(town, xml: bytes, *, is_incomplete: bool = False, **photos: bytes):
    files = {"xml_submission_file": ("submission.xml", xml, "text/xml")}
    files |= {
        f"{name}.jpg": (f"{name}.jpg", content, "image/jpeg") for name, content in photos.items()
    }
    data = {"*isIncomplete*": "yes"} if is_incomplete else {}
    return town.web.post(f"{town.url}/submission", files=files, data=data, timeout=200)


def words_of(answer) -> str:
    return ElementTree.fromstring(answer.content)[0].text


def form_things(keeper: Actor, now: datetime) -> dict[str, Any]:
    """Return what stands behind the addresses that form clients call."""
    code = Tenant.objects.get(pk=keeper.tenant_id).code
    openrosa_access.issue_client(name="ODK", tenant_code=code, actor=keeper, now=now)
    made = openrosa_forms.version_of(selectors.forms_of(keeper, now)[0], now)
    return {"form_id": made.form_id, "version": made.version}
