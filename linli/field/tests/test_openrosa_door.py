"""Who may come through ODK's door, with a foreign digest client; what is no form stays outside."""

import base64
import json
import re
import threading
import zlib
from uuid import uuid4
from xml.etree import ElementTree

import pytest
import requests
from django.test import Client
from django.urls import reverse
from requests.auth import HTTPDigestAuth

from linli.field.models import Device, NonceUse, Submission
from linli.field.services import devices, openrosa_access
from linli.field.tests.form_makers import (
    KIND,
    SUBJECT,
    client_town,
    filled,
    form_list,
    send,
    words_of,
)
from linli.field.tests.makers import jpeg
from linli.field.views import openrosa
from linli.kernel import clock
from linli.kernel.errors import Conflict


@pytest.fixture
def town(cast, live_server, monkeypatch):
    with client_town(cast, live_server.url, monkeypatch) as found:
        yield found


def test_digest_signs_a_foreign_client_in(town):
    url, issued = f"{town.root}/openrosa", town.issued
    asked = requests.get(f"{url}/formList", timeout=200)
    assert asked.status_code == 401
    assert asked.headers["WWW-Authenticate"].startswith('Digest realm="Linli", qop="auth"')
    (form,) = form_list(town)
    for name in ("downloadUrl", "manifestUrl"):
        assert issued.client.username not in form[name]  # no address says who asks
        assert town.web.get(form[name], timeout=200).status_code == 200
    assert send(town, filled(form)).status_code == 201
    wrong = HTTPDigestAuth(issued.client.username, "wrong")
    assert requests.get(f"{url}/formList", auth=wrong, timeout=200).status_code == 401
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
    stale = requests.get(url, auth=auth, timeout=200)
    assert "stale=true" in stale.headers["WWW-Authenticate"]


def test_secrets_are_not_to_be_guessed(town):
    for _turn in range(25):
        wrong = HTTPDigestAuth(town.issued.client.username, "guess")
        answer = requests.get(f"{town.root}/openrosa/formList", auth=wrong, timeout=200)
    assert answer.status_code == 429


@pytest.mark.parametrize("name", ["home.nothing", "nowhere.token", "x"])
def test_an_unknown_name_opens_nothing(town, name):
    answer = requests.get(f"{town.url}/formList", auth=HTTPDigestAuth(name, "x"), timeout=200)
    assert answer.status_code == 401
    assert ElementTree.fromstring(answer.content)[0].get("nature") == "submit_failure"


def test_an_answer_that_was_overheard_is_no_answer_again(town):
    (form,) = form_list(town)
    heard = town.web.get(form["downloadUrl"], timeout=200).request
    again = requests.get(
        heard.url, headers={"Authorization": heard.headers["Authorization"]}, timeout=20
    )
    assert again.status_code == 401
    assert "stale=true" in again.headers["WWW-Authenticate"]
    # Whoever knows the secret goes on with the next count, or answers anew.
    assert town.web.get(form["downloadUrl"], timeout=200).status_code == 200
    assert NonceUse.objects.count() >= 3
    assert openrosa_access.forget_uses(now=clock.now()) == 0
    later = clock.now() + 3 * openrosa_access.NONCE_FOR
    assert openrosa_access.forget_uses(now=later) >= 3


def test_a_new_password_ends_form_clients_at_once(town, monkeypatch):
    rounds = [0]
    monkeypatch.setattr(devices, "_ROUNDS", [lambda account_id: rounds[0]])
    (form,) = form_list(town)
    rounds[0] = 1
    answer = town.web.get(f"{town.url}/formList", timeout=200)
    assert answer.status_code == 403
    assert "密码改过" in words_of(answer)
    assert "社区核实" in words_of(send(town, filled(form)))
    assert Submission.objects.get().state == "quarantined"


def test_a_client_that_was_ended_reads_nothing_and_what_it_brings_is_kept_apart(town):
    (form,) = form_list(town)
    devices.end_device(device_id=town.issued.client.device_id, actor=town.cast.lin, now=clock.now())
    for path in ("formList", f"forms/{KIND}/{form['version']}/subjects.csv"):
        assert town.web.get(f"{town.url}/{path}", timeout=200).status_code == 403
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


def test_fifty_megabytes_are_refused_before_they_are_read(town, monkeypatch):
    def endless():
        yield b"--x\r\n"
        raise AssertionError("A byte too many was asked for.")

    headers = {"Content-Type": "multipart/form-data; boundary=x", "Content-Length": str(50 * 2**20)}
    hand = devices.hand_of_device(device=town.issued.client.device, now=clock.now())
    monkeypatch.setattr(openrosa, "_hand", lambda request, answer: hand)
    signed = {"HTTP_AUTHORIZATION": f'Digest username="{town.issued.client.username}"'}
    client = Client()
    answer = client.generic(
        "POST", "/openrosa/submission", b"--x\r\n", content_type=headers["Content-Type"],
        CONTENT_LENGTH=headers["Content-Length"], **signed,
    )  # fmt: skip
    assert answer.status_code == 413
    assert "24 MB" in answer.content.decode()
    missing = client.generic(
        "POST", "/openrosa/submission", b"", content_type=headers["Content-Type"],
        CONTENT_LENGTH="", **signed,
    )  # fmt: skip
    assert missing.status_code == 411


def test_a_post_without_a_form_or_with_an_edit_is_refused(town):
    (form,) = form_list(town)
    nothing = town.web.post(f"{town.url}/submission", files={"x.jpg": jpeg()}, timeout=200)
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


def _without_token(page):
    return re.sub('name="csrfmiddlewaretoken" value="[^"]*"', "", page)


def test_a_worker_lets_a_client_in_and_scans_its_settings(cast, sign_in):
    browser = sign_in("lin")
    page = reverse("field:form_clients")
    assert "领一个" in browser.get(page).content.decode()
    sent = {"name": "三星", "key": str(uuid4())}
    told = browser.post(page, sent).content.decode()
    # Pressed twice, the second answer is the one that stays on the phone: it tells the same.
    assert _without_token(browser.post(page, sent).content.decode()) == _without_token(told)
    assert browser.post(page, sent | {"name": "华为"}).status_code == 422
    device = Device.objects.get()
    client = device.form_clients.get()
    assert "三星" in device.name
    assert client.username in told
    assert "/openrosa</dd>" in told
    assert "/key/" not in told
    assert device.name in browser.get(reverse("field:sent")).content.decode()


def test_a_secret_is_not_told_again_once_somebody_signed_in_with_it_or_after_a_while(cast):
    def issue(now):
        return openrosa_access.issue_client(
            name="旧手机", tenant_code="home", key="k1", actor=cast.lin, now=now
        )

    now = clock.now()
    first = issue(now)
    assert issue(now) == first
    with pytest.raises(Conflict):
        issue(now + openrosa_access.TOLD_FOR)
    NonceUse.objects.create(client=first.client, nonce="n", count="00000001", at=now)
    with pytest.raises(Conflict):
        issue(now)
    assert Device.objects.count() == 1


def test_the_settings_are_as_collect_reads_them():
    from linli.field.views.form_clients import _settings

    said = json.loads(
        zlib.decompress(base64.b64decode(_settings("https://example.org/openrosa", "a.b", "c")))
    )
    signs_in = [said["general"][name] for name in ("server_url", "username", "password")]
    assert signs_in == ["https://example.org/openrosa", "a.b", "c"]
    assert set(said) == {"general", "admin", "project"}


def test_nobody_but_staff_lets_clients_in(cast):
    assert Client().get(reverse("field:form_clients")).status_code == 302
