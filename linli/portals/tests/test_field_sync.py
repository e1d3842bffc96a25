"""What phones call: with a token and no cookie, strictly read, refusals as problem documents."""

import hashlib
import json
from datetime import timedelta

import pytest
from django.test import Client

from linli.field.models import Device, Submission
from linli.field.services.submissions import Taken
from linli.field.tests.makers import NOTE, jpeg, taking
from linli.kernel import clock
from linli.kernel.ids import new_id
from linli.people.models import Account
from linli.people.services import end_sessions
from linli.people.tests.makers import sign_in as newly_signed_in
from linli.posts.models import Holding
from linli.posts.selectors import forget

SEND = "/field/sync/submissions/"


@pytest.fixture
def phone(cast, sign_in):
    """A phone that is known, and nobody signed in on it."""
    token = sign_in("lin").post("/field/sync/device/", headers={"user-agent": "Android Chrome"})
    assert token.status_code == 201
    assert Device.objects.get().name == "安卓手机 · Chrome"
    return Client(headers={"X-Linli-Device": token.json()["token"]}, enforce_csrf_checks=True)


def body(**facts):
    usual = {"id": str(new_id()), "kind": NOTE, "answers": {"text": "看过了。"},
             "made_at": clock.now().isoformat(), "phone_now": clock.now().isoformat()}  # fmt: skip
    return {**usual, **facts}


def send(phone, said):
    with taking(lambda sent: Taken(words="收到。", link="/field/")):
        return phone.post(SEND, json.dumps(said), content_type="application/json")


def test_first_time_201_again_202_other_content_409(phone):
    one = body()
    answers = [
        send(phone, one),
        send(phone, one),
        send(phone, {**one, "answers": {"text": "别的"}}),
    ]
    assert [each.status_code for each in answers] == [201, 202, 409]
    assert answers[0].json()["state"] == answers[1].json()["state"] == "taken"
    assert answers[2].json()["code"] == "other_content"
    assert answers[0].json()["signed_in"] is False


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"id": "x"}, "id"), ({"id": None}, "id"), ({"kind": "Nothing"}, "kind"),
        ({"made_at": "昨天"}, "made_at"),
        ({"made_at": "2026-03-02T09:00:00"}, "made_at"), ({"answers": []}, "answers"),
        ({"answers": {"a": [[[[["x"]]]]]}}, "answers"), ({"photos": [["a"]]}, "photos"),
        ({"photos": [["a b", "x"]]}, "photos"), ({"after": "x"}, "after"), ({"subject_id": 7}, "subject_id"),
        ({"base_version": "x" * 61}, "base_version"), ({"told": [["a"]]}, "told"),
    ],
)  # fmt: skip
def test_what_has_another_shape_is_told_with_its_field(phone, wrong, field):
    answer = send(phone, body(**wrong))
    assert (answer.status_code, answer.json().get("field")) == (422, field)
    assert not Submission.objects.exists()


@pytest.mark.parametrize("raw", ["", "[]", "{", '{"id": NaN}', "[" * 3000, "{}" + " " * 300_000])
def test_what_is_no_json_is_refused(phone, raw):
    answer = phone.post(SEND, raw, content_type="application/json")
    assert answer.status_code == 422


@pytest.mark.parametrize("token", ["", "home", "home.nothing", "elsewhere.x", "." * 300])
def test_an_unknown_phone_is_told_so(cast, token):
    answer = Client(headers={"X-Linli-Device": token}).post(
        SEND, json.dumps(body()), content_type="application/json"
    )
    assert (answer.status_code, answer.json()["code"]) == (401, "unknown_phone")


def test_only_staff_get_a_token_and_another_site_gets_none(cast, sign_in):
    assert sign_in("mei").post("/field/sync/device/").status_code == 404
    assert Client().post("/field/sync/device/").status_code == 302


def test_a_photo_in_pieces_goes_on_where_it_stopped(phone):
    photo, url = jpeg(side=200), f"/field/sync/photos/{new_id()}/"
    announced = {"size": len(photo), "sha256": hashlib.sha256(photo).hexdigest()}
    assert phone.head(url).status_code == 404
    assert phone.put(url, json.dumps(announced), "application/json").status_code == 201

    def piece(at, end=None):
        return phone.patch(
            url, photo[at:end], "application/octet-stream", headers={"Upload-Offset": at}
        )

    assert piece(0, 300)["Upload-Offset"] == "300"
    assert phone.head(url)["Upload-Offset"] == "300"
    twice = piece(0, 300)
    assert (twice.status_code, twice["Upload-Offset"]) == (409, "300")
    assert piece(300).status_code == 204
    sent = send(phone, body(photos=[["door", url.split("/")[-2]]]))
    assert sent.status_code == 201
    missing = send(phone, body(photos=[["door", str(new_id())]]))
    assert (missing.status_code, missing.json()["code"]) == (422, "photos_missing")


def test_a_clock_a_day_slow_is_set_right_and_told(phone):
    behind = clock.now() - timedelta(days=1)
    answer = send(phone, body(made_at=behind.isoformat(), phone_now=behind.isoformat()))
    assert "慢了 1 天" in answer.json()["clock"]
    assert abs(Submission.objects.get().made_at - clock.now()) < timedelta(minutes=1)
    assert send(phone, body()).json()["clock"] == ""


def test_whoever_signs_out_or_times_out_still_hands_in_by_the_token(phone):
    """The session is over, the post is not: the record is taken in its own right."""
    assert send(phone, body()).json()["state"] == "taken"


def test_after_the_post_or_the_account_ended_it_waits_for_the_desk(cast, phone):
    Holding.objects.filter(account_id=cast.lin.account_id).update(ends_at=clock.now())
    forget()
    assert send(phone, body()).json()["state"] == "quarantined"
    Account.objects.filter(pk=cast.lin.account_id).update(ended_at=clock.now())
    forget()
    told = send(phone, body()).json()
    assert (told["state"], "停用" in told["words"]) == ("quarantined", True)
    assert Submission.objects.filter(state="quarantined").count() == 2


def test_signing_out_everywhere_ends_a_phone_until_its_owner_signs_in(cast, sign_in, phone):
    token = phone.defaults["HTTP_X_LINLI_DEVICE"]
    end_sessions(actor=cast.lin, now=clock.now())
    refused = send(phone, body())
    assert (refused.status_code, refused.json()["code"]) == (401, "sign_in_again")
    assert not Submission.objects.exists()
    # Somebody else on this phone hands over what waits on it: the desk looks first.
    other = sign_in("desk")
    other.defaults["HTTP_X_LINLI_DEVICE"] = token
    assert send(other, body()).json()["state"] == "quarantined"
    owner = newly_signed_in(cast.lin.account_id, cast.home.pk, session_round=1)
    owner.defaults["HTTP_X_LINLI_DEVICE"] = token
    assert send(owner, body()).json()["state"] == "taken"
    assert send(phone, body()).json()["state"] == "taken"  # let in anew, by its own session


def test_the_worker_and_its_files_carry_nothing_of_anybody(cast, sign_in, client):
    worker = sign_in("lin").get("/app/field.js")
    assert worker["Service-Worker-Allowed"] == "/field/"
    assert worker.content == client.get("/app/field.js").content
    shell = sign_in("lin").get("/app/shell/").content.decode()
    assert cast.lin.name not in shell
    assert cast.community.name not in shell
    manifest = client.get("/app/field.webmanifest").json()
    assert (manifest["start_url"], manifest["scope"]) == ("/field/", "/field/")
    for one in manifest["icons"]:
        assert client.get(one["src"]).content.startswith(b"\x89PNG")
    assert client.get("/app/icons/7.png").status_code == 404


def test_signing_out_ends_the_phone_and_a_copy_of_its_token_waits_for_the_desk(phone):
    assert phone.post("/field/sync/leaving/").status_code == 204
    assert phone.post("/field/sync/leaving/").status_code == 204
    assert Device.objects.get().ended_at is not None
    assert send(phone, body()).json()["state"] == "quarantined"
