"""Where the field could leak, lose or act for somebody who may no longer: each was found by looking."""

import json
from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.test import Client

from linli.field.errors import BrokenUpload
from linli.field.models import FormVersion, Submission, Upload
from linli.field.selectors import day, handed
from linli.field.selectors.openrosa import forms_of
from linli.field.services import devices, submissions, taking, uploads
from linli.field.services.submissions import Taken, hand_in
from linli.field.services.uploads import _part
from linli.field.tests.form_makers import card
from linli.field.tests.makers import (
    HOUR,
    NINE,
    delivery,
    jpeg,
    make_device,
    make_photo,
)
from linli.field.tests.makers import (
    taking as taken_by,
)
from linli.kernel.actor import Actor, Grant
from linli.kernel.errors import BadInput
from linli.kernel.ids import new_id


def take_all(sent):
    return Taken(words="收到。")


def without_duties(actor):
    return Actor(actor.tenant_id, kind=actor.kind, account_id=actor.account_id, name=actor.name)


@pytest.mark.parametrize("ends", ["post", "account", "phone"])
def test_what_waited_is_not_taken_after_its_maker_may_no_longer_act(cast, monkeypatch, ends):
    device, _token = make_device(cast.lin)
    today = {"post": without_duties(cast.lin), "account": None, "phone": cast.lin}[ends]
    monkeypatch.setattr(devices, "_FINDERS", [lambda account_id, now: today])
    with taken_by(take_all):
        hand_in(delivery=delivery(after=(new_id(),)), actor=cast.lin, device=device, now=NINE)
        if ends == "phone":
            devices.end_device(device_id=device.pk, actor=cast.lin, now=NINE + HOUR)
        submissions.release_overdue(now=NINE + submissions.HELD_FOR)
    assert Submission.objects.get().state == "quarantined"


def test_what_waited_is_taken_with_the_duties_of_the_day(cast, monkeypatch):
    device, _token = make_device(cast.lin)
    seen = []
    monkeypatch.setattr(devices, "_FINDERS", [lambda account_id, now: cast.desk])

    def take(sent):
        seen.append(sent.actor)
        return Taken()

    with taken_by(take):
        hand_in(delivery=delivery(after=(new_id(),)), actor=cast.lin, device=device, now=NINE)
        submissions.release_overdue(now=NINE + submissions.HELD_FOR)
    assert seen == [cast.desk]


def test_what_was_refused_is_forgotten_in_time_with_its_photos(cast):
    def refuse(sent):
        raise BadInput("这样不行。")

    with taken_by(refuse):
        photo = make_photo(cast.lin)
        one = delivery(title="梅** · 80 岁", photos=(("door", photo),), told=(("血压", "180"),))
        assert hand_in(delivery=one, actor=cast.lin, now=NINE).submission.state == "refused"
        path = Upload.objects.get().path
        assert taking.forget_taken(now=NINE + taking.KEPT_FOR) == 0
        assert taking.forget_taken(now=NINE + taking.KEPT_FOR + timedelta(days=1)) == 1
        row = Submission.objects.get()
        assert (row.called, row.answers, row.told, row.words) == ("", "{}", "", "")
        assert not default_storage.exists(path)
        # The same again is still the same.
        assert not hand_in(delivery=one, actor=cast.lin, now=NINE + 2 * taking.KEPT_FOR).is_new


def test_photos_of_what_was_taken_stay_with_their_room(cast):
    with taken_by(take_all):
        one = delivery(photos=(("door", make_photo(cast.lin)),))
        hand_in(delivery=one, actor=cast.lin, now=NINE)
    assert taking.forget_taken(now=NINE + 2 * taking.KEPT_FOR) == 1
    assert default_storage.exists(Upload.objects.get().path)


def test_a_card_that_speaks_of_people_is_no_form_for_others(cast, monkeypatch):
    cards = [card(is_of_people=True)]
    monkeypatch.setattr(day, "_PROVIDERS", {"tests": lambda actor, now: cards})
    monkeypatch.setattr(day, "_KEEPERS", {})
    assert forms_of(cast.lin, NINE) == []
    assert not FormVersion.objects.exists()


def test_a_photo_whose_pieces_are_lost_begins_anew(cast):
    photo, content = new_id(), jpeg()
    import hashlib

    who = cast.lin.account_id
    uploads.announce(
        upload_id=photo, size=len(content), sha256=hashlib.sha256(content).hexdigest(),
        account_id=who, now=NINE,
    )  # fmt: skip
    row = Upload.objects.get()
    Upload.objects.update(received=len(content))  # the last piece came, then the disk was lost
    _part(row).unlink(missing_ok=True)
    with pytest.raises(BrokenUpload):
        uploads.how_far(upload_id=photo, account_id=who, now=NINE)
    done = uploads.add_piece(upload_id=photo, offset=0, piece=content, account_id=who, now=NINE)
    assert done.is_whole


def body(**facts):
    said = {"id": str(new_id()), "kind": "tests.note", "answers": {"text": "看过了。"},
            "made_at": "2026-03-02T09:00:00+08:00", **facts}  # fmt: skip
    return json.dumps(said)


@pytest.mark.parametrize(
    ("clock", "facts"),
    [("", {"base_version": "1\x002"}), ("2099-12-31T00:00:00Z", {})],
)
def test_strange_versions_and_clocks_are_no_failure_of_ours(cast, monkeypatch, clock, facts):
    monkeypatch.setattr(devices, "_FINDERS", [lambda account_id, now: cast.lin])
    _device, token = make_device(cast.lin)
    with taken_by(take_all):
        answer = Client(headers={"X-Linli-Device": token, "X-Linli-Phone-Now": clock}).post(
            "/field/sync/submissions/", body(**facts), content_type="application/json"
        )
    assert answer.status_code == (422 if facts else 201), answer.content
    assert abs(devices.Device.objects.get().skew_seconds) < 2**31


def test_a_digest_answer_of_strange_letters_is_wrong_and_no_failure(cast):
    from linli.field.services import openrosa_access as access

    made = access.issue_client(name="旧", tenant_code="home", actor=cast.lin, now=NINE)
    said = {"username": made.client.username, "nonce": "n", "uri": "/openrosa/formList",
            "response": "é" * 32, "qop": "auth", "nc": "1", "cnonce": "c", "realm": access.REALM}  # fmt: skip
    with pytest.raises(access.UnknownPhone):
        access.hand_of_digest(said, "GET", "/openrosa/formList", NINE)


def test_a_desk_sees_what_somebody_of_two_communities_handed_in(cast):
    district = cast.community.path.rstrip("/").rpartition("/")[0]
    paths = (f"{district}/zzz/g1/", cast.grid.path)
    grants = tuple(Grant("care.visit", path) for path in paths)
    worker = Actor(
        cast.home.pk, cast.lin.kind, account_id=cast.lin.account_id, name="林", grants=grants
    )
    device, _token = make_device(worker)
    one = delivery(title="走访")
    hand_in(delivery=one, actor=worker, device=device, why_apart="岗位已经结束。", now=NINE)
    clerk = Actor(
        cast.home.pk, cast.lin.kind, account_id=new_id(), name="何",
        grants=(Grant("field.quarantine", cast.community.path),),
    )  # fmt: skip
    assert [str(row) for row in handed.waiting(clerk, "quarantined")] == ["走访"]
