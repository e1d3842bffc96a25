"""ODK and Kobo clients fetch today's forms and hand them in: over real HTTP, with a foreign digest client."""

import base64
import hashlib
import json
import re
import threading
import uuid
import zlib
from types import SimpleNamespace
from xml.etree import ElementTree

import pytest
import requests
from django.test import Client
from django.urls import reverse
from requests.auth import HTTPDigestAuth

from linli.field.models import Device, Submission, Upload
from linli.field.selectors import day
from linli.field.selectors.items import Choice, Item, ItemKind
from linli.field.services import devices, openrosa_access
from linli.field.services.submissions import Taken
from linli.field.tests.makers import jpeg, make_device, taking
from linli.kernel import clock

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


@pytest.fixture
def town(cast, live_server, monkeypatch):
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
            cast=cast, cards=cards, seen=seen, issued=issued, root=live_server.url,
            url=f"{live_server.url}/openrosa/key/{issued.token}",
        )  # fmt: skip


def form_list(town) -> list[dict[str, str]]:
    answer = requests.get(f"{town.url}/formList", headers={"X-OpenRosa-Version": "1.0"}, timeout=20)
    assert answer.status_code == 200, answer.text
    assert answer.headers["X-OpenRosa-Version"] == "1.0"
    assert answer.headers["Content-Type"] == "text/xml; charset=utf-8"
    found = ElementTree.fromstring(answer.content)
    assert found.tag == f"{LIST}xforms"
    return [{one.tag.removeprefix(LIST): one.text or "" for one in form} for form in found]


def fetch(url: str) -> bytes:
    answer = requests.get(url, timeout=20)
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


def send(
    town, xml: bytes, *, url: str = "", auth=None, is_incomplete: bool = False, **photos: bytes
):
    files = {"xml_submission_file": ("submission.xml", xml, "text/xml")}
    files |= {
        f"{name}.jpg": (f"{name}.jpg", content, "image/jpeg") for name, content in photos.items()
    }
    data = {"*isIncomplete*": "yes"} if is_incomplete else {}
    url = f"{url or town.url}/submission"
    return requests.post(url, files=files, data=data, auth=auth, timeout=20)


def words_of(answer) -> str:
    return ElementTree.fromstring(answer.content)[0].text


def test_the_forms_of_the_day_come_with_whom_they_are_about(town):
    (form,) = form_list(town)
    assert (form["formID"], form["name"]) == (KIND, "巡查")
    xml = fetch(form["downloadUrl"])
    assert form["hash"] == f"md5:{hashlib.md5(xml).hexdigest()}"
    assert "消防门" in xml.decode()
    manifest = ElementTree.fromstring(fetch(form["manifestUrl"]))
    (file,) = ({one.tag.removeprefix(MANIFEST): one.text for one in each} for each in manifest)
    subjects = fetch(file["downloadUrl"])
    assert file["filename"] == "subjects.csv"
    assert file["hash"] == f"md5:{hashlib.md5(subjects).hexdigest()}"
    assert subjects.decode().splitlines() == [
        "name,label,version,facts", f"{SUBJECT},南门 · 天山花园,3,钥匙 在值班室； 三天没看",
    ]  # fmt: skip
    assert requests.head(f"{town.url}/formList", timeout=20).status_code == 200


def test_a_form_changes_its_version_with_its_items_and_not_with_the_day(town):
    (before,) = form_list(town)
    town.cards.append(card(subject_id=str(uuid.UUID(int=8)), title="北门"))
    (same,) = form_list(town)
    assert (same["version"], same["hash"]) == (before["version"], before["hash"])
    town.cards[:] = [card(items=ITEMS[:2])]
    (after,) = form_list(town)
    assert after["version"] != before["version"]
    # Filled in on the old one, it is read by the old one.
    answer = send(town, filled(before, count="4"))
    assert answer.status_code == 201
    assert town.seen[-1].answers["count"] == "4"
    unknown = send(town, filled(before | {"version": "1999"}))
    assert unknown.status_code == 404
    assert "更新表单" in words_of(unknown)


def test_a_filled_form_comes_in_once(town):
    (form,) = form_list(town)
    head = requests.head(f"{town.url}/submission", timeout=20)
    assert head.status_code == 204
    assert head.headers["Location"] == f"{town.url}/submission"
    assert int(head.headers["X-OpenRosa-Accept-Content-Length"]) > 2**20
    xml = filled(form, photo="p1.jpg", door="choice_1", item_4="好")
    answer = send(town, xml, p1=jpeg())
    assert answer.status_code == 201, answer.text
    assert words_of(answer) == "记下了。"
    again = send(town, xml, p1=jpeg())
    assert again.status_code == 202
    other = re.sub(rb"<blocked>no", b"<blocked>yes", xml)
    assert send(town, other, p1=jpeg()).status_code == 409
    (sent,) = town.seen
    assert sent.answers == {"door": "1 open", "blocked": "no", "说明": "好"}
    assert (sent.subject_id, sent.base_version) == (SUBJECT, "3")
    assert sent.made_at.isoformat() == "2026-03-02T01:05:00+00:00"
    ((code, picture),) = sent.photos
    assert (code, picture.width) == ("shot", 64)
    row = Submission.objects.get()
    assert row.shown == [["消防门", "开着"], ["楼道堆物", "否"], ["补充 ${说明}", "好"]]
    assert row.device == town.issued.client.device


def test_photos_in_several_posts_are_one_submission(town):
    town.cards[:] = [card(items=(*ITEMS, Item(code="two", label="另一张", kind=ItemKind.PHOTO)))]
    (form,) = form_list(town)
    xml = filled(form, photo="p1.jpg", two="p2.jpg")
    first = send(town, xml, is_incomplete=True, p1=jpeg("red"))
    assert first.status_code == 202
    assert "1 张" in words_of(first)
    assert not town.seen
    assert send(town, xml, p2=jpeg("blue")).status_code == 201
    assert [code for code, _picture in town.seen[0].photos] == ["shot", "two"]
    assert send(town, xml, p2=jpeg("blue")).status_code == 202
    assert Upload.objects.count() == 2


def test_a_lost_photo_does_not_hold_the_rest_up(town):
    (form,) = form_list(town)
    answer = send(town, filled(form, photo="gone.jpg"), stranger=jpeg())
    assert answer.status_code == 201
    assert "1 张照片没有收到" in words_of(answer)
    assert town.seen[0].photos == ()


def test_digest_signs_a_foreign_client_in(town):
    url, issued = f"{town.root}/openrosa", town.issued
    asked = requests.get(f"{url}/formList", timeout=20)
    assert asked.status_code == 401
    assert asked.headers["WWW-Authenticate"].startswith('Digest realm="Linli", qop="auth"')
    auth = HTTPDigestAuth(issued.client.username, issued.secret)
    answer = requests.get(f"{url}/formList", auth=auth, timeout=20)
    assert answer.status_code == 200
    (found,) = ElementTree.fromstring(answer.content)
    form = {one.tag.removeprefix(LIST): one.text for one in found}
    for name in ("downloadUrl", "manifestUrl"):
        assert "/key/" not in form[name]
        assert requests.get(form[name], auth=auth, timeout=20).status_code == 200
    assert send(town, filled(form), url=url, auth=auth).status_code == 201
    wrong = HTTPDigestAuth(issued.client.username, "wrong")
    assert requests.get(f"{url}/formList", auth=wrong, timeout=20).status_code == 401
    basic = requests.get(
        f"{url}/formList", auth=(issued.client.username, issued.secret), timeout=20
    )
    assert basic.status_code == 401
    # Nothing that is kept signs anybody in elsewhere.
    assert issued.secret not in issued.client.ha1


def test_an_old_challenge_is_answered_anew_unseen(town, monkeypatch):
    monkeypatch.setattr(openrosa_access, "NONCE_FOR", 0)
    auth = HTTPDigestAuth(town.issued.client.username, town.issued.secret)
    url = f"{town.root}/openrosa/formList"
    stale = requests.get(url, auth=auth, timeout=20)
    assert "stale=true" in stale.headers["WWW-Authenticate"]


def test_secrets_are_not_to_be_guessed(town):
    for _turn in range(25):
        wrong = HTTPDigestAuth(town.issued.client.username, "guess")
        answer = requests.get(f"{town.root}/openrosa/formList", auth=wrong, timeout=20)
    assert answer.status_code == 429


@pytest.mark.parametrize("key", ["home.nothing", "nowhere.token", "x"])
def test_an_unknown_key_opens_nothing(town, key):
    answer = requests.get(f"{town.root}/openrosa/key/{key}/formList", timeout=20)
    assert answer.status_code == 403
    assert ElementTree.fromstring(answer.content)[0].get("nature") == "submit_failure"


def test_the_token_of_a_phones_own_pages_reads_no_forms(town):
    _device, token = make_device(town.cast.lin)
    answer = requests.get(f"{town.root}/openrosa/key/{token}/formList", timeout=20)
    assert answer.status_code == 403


def test_a_client_that_was_ended_reads_nothing_and_what_it_brings_is_kept_apart(town):
    (form,) = form_list(town)
    devices.end_device(
        device_id=town.issued.client.device_id, actor=town.cast.lin, now=clock.now()
    )
    for path in ("formList", f"forms/{KIND}/{form['version']}/subjects.csv"):
        assert requests.get(f"{town.url}/{path}", timeout=20).status_code == 403
    answer = send(town, filled(form))
    assert answer.status_code == 201
    assert "社区核实" in words_of(answer)
    assert Submission.objects.get().state == "quarantined"
    assert not town.seen


BOMB = (
    '<!DOCTYPE lolz [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">'
    '<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">]><data id="x" version="1">&c;</data>'
)
OUTSIDE = (
    '<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]><data id="x" version="1">&x;</data>'
)


@pytest.mark.parametrize(
    ("xml", "words"),
    [
        (BOMB, "实体"), (OUTSIDE, "实体"), ("<!DOCTYPE d><data/>", "实体"), ("<data", "完整"), ("", "完整"),
        ("<data/>", "instanceID"), (f"<data>{'<a/>' * 3000}</data>", "太多"),
        (f"<data><a>{'x' * 600_000}</a></data>", "512 KB"), ("\x00\x01", "完整"),
        ("<?xml version='1.0' encoding='no-such'?><data/>", "完整"),
    ],
    ids=["billion laughs", "file", "doctype", "cut", "empty", "no id", "nodes", "large", "bytes", "encoding"],
)  # fmt: skip
def test_xml_that_is_no_form_is_refused_plainly(town, xml, words):
    answer = send(town, xml.encode())
    assert answer.status_code == 400
    assert words in words_of(answer)
    assert "/etc" not in answer.text
    assert "root:" not in answer.text
    assert not Submission.objects.exists()


def test_fifty_megabytes_are_refused_before_they_are_read(town):
    def endless():
        yield b"--x\r\n"
        raise AssertionError("A byte too many was asked for.")

    headers = {"Content-Type": "multipart/form-data; boundary=x", "Content-Length": str(50 * 2**20)}
    client = Client()
    answer = client.generic(
        "POST", f"/openrosa/key/{town.issued.token}/submission", b"--x\r\n",
        content_type=headers["Content-Type"], CONTENT_LENGTH=headers["Content-Length"],
    )  # fmt: skip
    assert answer.status_code == 413
    assert "24 MB" in answer.content.decode()
    missing = client.generic(
        "POST", f"/openrosa/key/{town.issued.token}/submission", b"",
        content_type=headers["Content-Type"], CONTENT_LENGTH="",
    )  # fmt: skip
    assert missing.status_code == 411


def test_a_post_without_a_form_or_with_an_edit_is_refused(town):
    (form,) = form_list(town)
    nothing = requests.post(f"{town.url}/submission", files={"x.jpg": jpeg()}, timeout=20)
    assert nothing.status_code == 400
    edit = filled(form).replace(
        b"</orx:meta>", b"<orx:deprecatedID>uuid:1</orx:deprecatedID></orx:meta>"
    )
    assert send(town, edit).status_code == 409
    strange = send(town, filled(form).replace(str(SUBJECT).encode(), b"somebody"))
    assert strange.status_code == 400
    no_photo = send(town, filled(form, photo="p1.jpg"), p1=b"not a photo")
    assert no_photo.status_code == 400


def test_ids_of_another_shape_and_forms_without_a_time_come_in_once_too(town):
    (form,) = form_list(town)
    xml = filled(form, instance="kobo-123-abc")
    xml = re.sub(rb"<(start|end)>[^<]*</\1>", b"", xml)
    assert send(town, xml).status_code == 201
    assert send(town, xml).status_code == 202


def test_the_same_form_sent_twice_at_once_comes_in_once(town):
    (form,) = form_list(town)
    xml, found = filled(form), []
    threads = [
        threading.Thread(target=lambda: found.append(send(town, xml).status_code)) for _ in "ab"
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(found) == [201, 202]


def test_a_worker_lets_a_client_in_and_scans_its_settings(cast, sign_in):
    browser = sign_in("lin")
    page = reverse("field:form_clients")
    assert "领一个" in browser.get(page).content.decode()
    told = browser.post(page, {"name": "三星"}).content.decode()
    device = Device.objects.get()
    client = device.form_clients.get()
    assert "三星" in device.name
    assert client.username in told
    assert "/openrosa/key/home." in told
    assert device.name in browser.get(reverse("field:sent")).content.decode()


def test_the_settings_are_as_collect_reads_them():
    from linli.field.views.form_clients import _settings

    said = json.loads(
        zlib.decompress(base64.b64decode(_settings("https://example.org/openrosa/key/a.b")))
    )
    assert said["general"]["server_url"] == "https://example.org/openrosa/key/a.b"
    assert set(said) == {"general", "admin", "project"}


def test_nobody_but_staff_lets_clients_in(cast):
    assert Client().get(reverse("field:form_clients")).status_code == 302
