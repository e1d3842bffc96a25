"""The edge: plain forms, calm refusals, letters as large as somebody needs them."""

import json
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError
from django.http import HttpRequest, QueryDict
from django.test import RequestFactory
from django.urls import reverse
from django.utils.datastructures import MultiValueDict

from linli.kernel import errors, marks, web
from linli.kernel.actor import Actor, ActorKind, Grant
from linli.kernel.middleware import RefusalMiddleware, refuse


class WordsForm(web.IdempotentForm):
    words = forms.CharField(
        label="看到了什么？",
        max_length=10,
        widget=forms.Textarea,
        error_messages={"required": "请简单写一下看到了什么。"},
    )
    kind = forms.ChoiceField(
        choices=[("a", "卫生")], required=False, widget=web.TileSelect(icons={"a": "car"})
    )
    photos = web.PhotosField(label="照片", max_photos=2)


def form_of(**typed: str) -> WordsForm:
    data = QueryDict(mutable=True)
    data.update(typed)
    return WordsForm(data)


def get(url: str, **extra: Any) -> HttpRequest:
    request = RequestFactory().get(url, **extra)
    request.actor = None  # type: ignore[attr-defined]
    return request


# Forms


def test_control_characters_go_and_emoji_stay() -> None:
    form = form_of(words="坏\x00了\r\n\u202e👨‍👩‍👧\x07")
    assert form.is_valid(), form.errors
    assert form.cleaned_data["words"] == "坏了\n👨‍👩‍👧"


def test_too_many_words_are_counted_and_nothing_is_cut() -> None:
    form = form_of(words="一" * 12)
    assert not form.is_valid()
    assert form.error_summary() == [("id_words", "最多写 10 个字，现在有 12 个，删短一些再发。")]
    assert form["words"].value() == "一" * 12


def test_a_forms_own_words_win_over_the_common_ones() -> None:
    assert form_of().error_summary()[0][1] == "请简单写一下看到了什么。"


def test_a_choice_that_is_gone_is_said_so() -> None:
    assert form_of(words="坏了", kind="z").error_summary() == [
        ("id_kind_0", "这个选项现在没有了，另选一个。")
    ]


def test_the_key_survives_errors_and_is_made_when_missing() -> None:
    key = uuid4()
    assert form_of(key=str(key))["key"].value() == str(key)
    form = form_of(words="坏了")
    assert form.is_valid()
    assert form.cleaned_data["key"].version == 7


@pytest.mark.parametrize(
    ("sizes", "said"),
    [
        ([10, 10, 10], "最多 2 张照片，现在选了 3 张，去掉几张再发。"),
        ([0], "照片“0.jpg”是空的，另选一张。"),
    ],
)
def test_photos_that_cannot_be_taken_are_named(sizes: list[int], said: str) -> None:
    files = MultiValueDict(
        {"photos": [SimpleUploadedFile(f"{n}.jpg", b"x" * size) for n, size in enumerate(sizes)]}
    )
    form = WordsForm(QueryDict("words=ok"), files)
    assert form.error_summary() == [("id_photos", said)]


def test_a_photo_of_forty_megabytes_is_refused_with_its_size(settings: Any) -> None:
    settings.PHOTO_MAX_BYTES = 1024**2
    photo = SimpleUploadedFile("big.jpg", b"x" * (3 * 1024**2))
    form = WordsForm(QueryDict("words=ok"), MultiValueDict({"photos": [photo]}))
    assert "有 3 MB，最大 1 MB" in form.error_summary()[0][1]


def test_no_photo_is_no_error() -> None:
    form = form_of(words="坏了")
    assert form.is_valid()
    assert form.cleaned_data["photos"] == []


# The request


@pytest.mark.parametrize(
    ("proxies", "forwarded", "address"),
    [
        (0, "1.2.3.4", "127.0.0.1"),
        (1, "6.6.6.6, 1.2.3.4", "1.2.3.4"),
        (2, "6.6.6.6, 1.2.3.4, 10.0.0.1", "1.2.3.4"),
        (1, "", "127.0.0.1"),
        (1, "not an address", "127.0.0.1"),
    ],
)
def test_only_proxies_of_ours_are_believed(
    settings: Any, proxies: int, forwarded: str, address: str
) -> None:
    settings.TRUSTED_PROXIES = proxies
    assert web.client_address(get("/", HTTP_X_FORWARDED_FOR=forwarded)) == address


@pytest.mark.parametrize(
    ("asked", "goes"),
    [
        ("/find/?a=1", "/find/?a=1"),
        ("//evil.example/", "/"),
        ("https://evil.example/", "/"),
        ("javascript:alert(1)", "/"),
        ("/\\evil.example", "/"),
        ("", "/"),
    ],
)
def test_next_never_leaves_the_site(asked: str, goes: str) -> None:
    assert web.safe_next(get("/", data={"next": asked})) == goes


def test_full_addresses_follow_the_public_one(settings: Any) -> None:
    assert web.absolute_url(get("/"), "/c/x/") == "http://testserver/c/x/"
    settings.PUBLIC_URL = "https://linli.example.cn"
    assert web.absolute_url(get("/"), "/c/x/") == "https://linli.example.cn/c/x/"


def test_the_rail_shows_what_the_post_may_do(monkeypatch: pytest.MonkeyPatch) -> None:
    reverse("kernel:design")  # the rooms put themselves on the rails when their addresses load
    monkeypatch.setattr(web, "_rails", {})
    web.register_nav(
        "desk", web.NavItem(label="设计", url_name="kernel:design", icon="map", order=2)
    )
    web.register_nav(
        "desk",
        web.NavItem(
            label="健康", url_name="kernel:health", icon="map", duty="kernel.watch", order=1
        ),
    )
    web.register_nav("desk", web.NavItem(label="没有", url_name="kernel:nowhere", icon="map"))
    outsider = Actor(tenant_id=1, kind=ActorKind.STAFF)
    watcher = Actor(tenant_id=1, kind=ActorKind.STAFF, grants=(Grant(duty="kernel.watch"),))
    assert web.nav_for("desk", None, "/", {}) == []
    assert [one["label"] for one in web.nav_for("desk", outsider, "/", {})] == ["设计"]
    rail = web.nav_for("desk", watcher, "/design/x", {"kernel:health": 3})
    assert [(one["label"], one["count"], one["current"]) for one in rail] == [
        ("健康", 3, False),
        ("设计", 0, True),
    ]


def test_a_rail_item_may_count_for_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(web, "_rails", {})
    item = web.NavItem(label="健康", url_name="kernel:health", icon="bell", count=lambda actor: 5)
    web.register_nav("desk", item)
    staff = Actor(tenant_id=1, kind=ActorKind.STAFF)
    assert web.nav_for("desk", staff, "/", {})[0]["count"] == 5
    assert web.nav_for("desk", staff, "/", {"kernel:health": 3})[0]["count"] == 3


def test_an_entry_may_stand_under_another_as_its_tab(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(web, "_rails", {})
    for item in (
        web.NavItem(
            label="看", tab="样子", url_name="kernel:design", icon="map", duty="a", order=1
        ),
        web.NavItem(
            label="健康", url_name="kernel:health", icon="map", duty="b", under="kernel:design"
        ),
    ):
        web.register_nav("desk", item)
    both = Actor(tenant_id=1, kind=ActorKind.STAFF, grants=(Grant(duty="a"), Grant(duty="b")))
    own = reverse("kernel:health")

    (entry,) = web.nav_for("desk", both, own, {"kernel:health": 3})

    assert (entry["label"], entry["count"], entry["current"]) == ("看", 3, True)
    assert [(tab["tab"], tab["current"]) for tab in entry["tabs"]] == [
        ("样子", False),
        ("健康", True),
    ]
    drawn = marks.rail_tabs([entry], own)
    assert f'<a href="{own}" aria-current="page">健康 <small>3</small></a>' in drawn
    assert marks.rail_tabs([entry], f"{own}inside/") == ""
    # Whoever may see one of them alone is given it as it is.
    for duty, label in (("a", "看"), ("b", "健康")):
        one = Actor(tenant_id=1, kind=ActorKind.STAFF, grants=(Grant(duty=duty),))
        (entry,) = web.nav_for("desk", one, own, {})
        # On the page of a tab that they may not see all of, its head is marked and not the home.
        assert (entry["label"], entry["tabs"], entry["current"]) == (label, [], True)


# Refusals


@pytest.mark.parametrize("url", ["/", "/field/x", "/desk/x"])
def test_a_refusal_is_a_calm_page_at_every_door(url: str) -> None:
    answer = refuse(get(url), errors.NotFound("没有找到这件工单。"))
    page = answer.content.decode()
    assert answer.status_code == 404
    assert "没有找到这件工单。" in page
    assert page.count("<h1") == 1


def test_htmx_gets_a_refusal_in_the_notice() -> None:
    answer = refuse(get("/desk/x", HTTP_HX_REQUEST="true"), errors.Conflict("别人先办了。"))
    assert (answer.status_code, answer["HX-Retarget"]) == (409, "#notice")
    assert "别人先办了。" in answer.content.decode()
    assert "<html" not in answer.content.decode()


def test_programs_get_a_problem_document() -> None:
    answer = refuse(get("/api/cases/"), errors.BadInput("不对。", field="words"))
    assert answer["Content-Type"] == "application/problem+json"
    assert json.loads(answer.content) == {
        "type": "urn:linli:bad_input",
        "title": "内容不能用",
        "detail": "不对。",
        "status": 422,
        "code": "bad_input",
        "field": "words",
    }
    stranger = refuse(get("/api/"), errors.NotSignedIn("先登录。"))
    assert (stranger.status_code, stranger["WWW-Authenticate"]) == (401, 'Bearer realm="linli"')


def test_programs_hear_how_long_to_wait() -> None:
    answer = refuse(get("/api/"), errors.TooMany("慢一点。", wait=timedelta(seconds=2.2)))
    assert (answer.status_code, answer["Retry-After"]) == (429, "3")


def test_who_must_sign_in_comes_back_to_the_same_page() -> None:
    answer = refuse(get("/desk/cases/?state=new"), errors.NotSignedIn("先登录。"))
    assert (answer.status_code, answer["Location"]) == (
        302,
        "/sign-in/?next=%2Fdesk%2Fcases%2F%3Fstate%3Dnew",
    )
    quiet = refuse(get("/desk/", HTTP_HX_REQUEST="true"), errors.NotSignedIn("先登录。"))
    assert quiet["HX-Redirect"].startswith("/sign-in/")


@pytest.mark.parametrize(
    "error", [OSError(28, "No space left on device"), OperationalError("database or disk is full")]
)
def test_a_full_disk_is_told_and_not_a_broken_page(error: Exception) -> None:
    ring = RefusalMiddleware(lambda request: None)  # type: ignore[arg-type,return-value]
    answer = ring.process_exception(get("/"), error)
    assert answer is not None
    assert answer.status_code == 507
    assert "磁盘满了" in answer.content.decode()


def test_what_nobody_foresaw_flies() -> None:
    ring = RefusalMiddleware(lambda request: None)  # type: ignore[arg-type,return-value]
    assert ring.process_exception(get("/"), ValueError("?")) is None


def test_a_form_changes_its_own_fields_and_nobody_elses():
    class Words(web.Form):
        word = forms.CharField(max_length=3)
        kind = forms.ChoiceField(choices=[("a", "甲")], widget=web.TileSelect)

    one, other = Words({"word": "", "kind": "a"}), Words()
    one.fields["word"].required = False
    one.fields["word"].widget.attrs["class"] = "wide"
    one.fields["word"].error_messages["required"] = "other words"
    one.fields["word"].validators.clear()
    one.fields["kind"].choices = [("a", "甲"), ("b", "乙")]

    assert one.is_valid()
    fresh = Words({"word": "12345", "kind": "b"})
    assert not fresh.is_valid()
    assert set(fresh.errors) == {"word", "kind"}
    assert other.fields["word"].required
    assert other.fields["word"].widget.attrs == {"maxlength": "3"}
    assert Words({}).errors["word"] == ["这一项还没有填。"]
    assert Words({}).error_summary()[0][1] == f"{Words({})['word'].label}：这一项还没有填。"
