"""ODK and Kobo clients fetch today's forms and hand them in, over real HTTP."""

import hashlib
import re
import uuid
from xml.etree import ElementTree

import pytest

from linli.field.models import Submission, Upload
from linli.field.selectors.items import Item, ItemKind
from linli.field.tests.form_makers import (
    ITEMS,
    KIND,
    MANIFEST,
    SUBJECT,
    card,
    client_town,
    fetch,
    filled,
    form_list,
    send,
    words_of,
)
from linli.field.tests.makers import jpeg


@pytest.fixture
def town(cast, live_server, monkeypatch):
    with client_town(cast, live_server.url, monkeypatch) as found:
        yield found


def test_the_forms_of_the_day_come_with_whom_they_are_about(town):
    (form,) = form_list(town)
    assert (form["formID"], form["name"]) == (KIND, "巡查")
    xml = fetch(town, form["downloadUrl"])
    assert form["hash"] == f"md5:{hashlib.md5(xml).hexdigest()}"
    assert "消防门" in xml.decode()
    manifest = ElementTree.fromstring(fetch(town, form["manifestUrl"]))
    (file,) = ({one.tag.removeprefix(MANIFEST): one.text for one in each} for each in manifest)
    subjects = fetch(town, file["downloadUrl"])
    assert file["filename"] == "subjects.csv"
    assert file["hash"] == f"md5:{hashlib.md5(subjects).hexdigest()}"
    assert subjects.decode().splitlines() == [
        "name,label,version,facts", f"{SUBJECT},南门 · 天山花园,3,钥匙 在值班室； 三天没看",
    ]  # fmt: skip
    assert town.web.head(f"{town.url}/formList", timeout=200).status_code == 200


def test_a_form_changes_its_version_with_its_items_and_not_with_the_day(town):
    (before,) = form_list(town)
    town.cards.append(card(subject_id=str(uuid.UUID(int=8)), title="北门"))
    (same,) = form_list(town)
    assert (same["version"], same["hash"]) == (before["version"], before["hash"])
    town.cards[:] = [card(items=ITEMS[:2])]
    (after,) = form_list(town)
    assert after["version"] != before["version"]
    for link in ("downloadUrl", "manifestUrl"):
        gone = town.web.get(before[link], timeout=200)
        assert gone.status_code == 404
        assert "更新表单" in words_of(gone)
    assert fetch(town, after["downloadUrl"])
    # Filled in on the old one, it is read by the old one.
    answer = send(town, filled(before, count="4"))
    assert answer.status_code == 201
    assert town.seen[-1].answers["count"] == "4"
    unknown = send(town, filled(before | {"version": "1999"}))
    assert unknown.status_code == 404
    assert "更新表单" in words_of(unknown)


def test_a_filled_form_comes_in_once(town):
    (form,) = form_list(town)
    head = town.web.head(f"{town.url}/submission", timeout=200)
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


def test_lists_are_forms_and_what_asks_each_something_else_is_none(town):
    town.cards[:] = [
        card(key="a", list_code="elder"), card(key="b", list_code="alone", items=ITEMS[:2]),
        card(key="c", form="tests.doors", items=ITEMS[:1]),
        card(key="d", form="tests.doors", items=ITEMS[1:2]),
    ]  # fmt: skip
    assert [one["formID"] for one in form_list(town)] == [f"{KIND}-alone", f"{KIND}-elder"]
    one = fetch(town, f"{town.url}/formList?formID={KIND}-elder").decode()
    assert one.count("<xform>") == one.count(f"<formID>{KIND}-elder<") == 1


def test_a_post_full_of_text_is_refused_without_being_read_to_its_end(town):
    form_list(town)  # signed in: what is refused for its sender is not read at all
    answer = send(town, b"<data>" + b"x" * (20 * 2**20) + b"</data>")
    assert answer.status_code == 400
    assert "512 KB" in words_of(answer)
