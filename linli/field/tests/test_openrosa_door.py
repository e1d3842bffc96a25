"""Who may come through ODK's door, with a foreign digest client; what is no form stays outside."""

import base64
import json
import re
import threading
import zlib
from xml.etree import ElementTree

import pytest
import requests
from django.test import Client
from django.urls import reverse
from requests.auth import HTTPDigestAuth

from linli.field.models import Device, Submission
from linli.field.services import devices, openrosa_access
from linli.field.tests.form_makers import (
    KIND,
    LIST,
    SUBJECT,
    client_town,
    filled,
    form_list,
    send,
    words_of,
)
from linli.field.tests.makers import jpeg, make_device
from linli.kernel import clock


@pytest.fixture
def town(cast, live_server, monkeypatch):
    with client_town(cast, live_server.url, monkeypatch) as found:
        yield found


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
    devices.end_device(device_id=town.issued.client.device_id, actor=town.cast.lin, now=clock.now())
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
