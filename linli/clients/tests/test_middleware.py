"""At the door of programs: keys in the header, limits, and what is refused before anybody reads it."""

from datetime import timedelta

import pytest
from django.test import Client, RequestFactory

from linli.clients.middleware import KeyMiddleware
from linli.clients.tests.makers import Program, make_key
from linli.kernel import clock, throttle
from linli.people.tests.makers import sign_in as open_browser

DAY = timedelta(days=1)
NOWHERE = "/api/nowhere"


def problem(answer) -> tuple[int, str]:
    assert answer["Content-Type"] == "application/problem+json"
    said = answer.json()
    assert said["status"] == answer.status_code
    assert said["detail"]
    return answer.status_code, said["code"]


def test_a_good_key_comes_through_and_hears_its_rate(cast):
    answer = Program(make_key(cast.lead, cast.community, per_minute=6).text).get(NOWHERE)
    assert problem(answer) == (404, "not_found")
    assert answer["RateLimit-Policy"] == '"key";q=6;w=60'
    assert answer["RateLimit"] == '"key";r=5;t=10'
    assert answer["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize("key", ["", "x", "lk_home_" + "a" * 40, "lk_nowhere_" + "a" * 40])
def test_a_wrong_key_is_told_so(cast, key):
    answer = Program(key).get(NOWHERE)
    assert problem(answer) == (401, "bad_key")
    assert answer["WWW-Authenticate"] == 'Bearer realm="linli", error="invalid_token"'


def test_an_expired_key_is_a_wrong_key(cast):
    made = make_key(cast.lead, cast.community, now=clock.now() - 2 * DAY, expires_at=clock.now())
    assert problem(Program(made.text).get(NOWHERE)) == (401, "bad_key")


def test_too_many_calls_wait(cast):
    program = Program(make_key(cast.lead, cast.community, per_minute=3).text)
    for _time in range(3):
        assert program.get(NOWHERE).status_code == 404
    answer = program.get(NOWHERE)
    assert problem(answer) == (429, "too_many")
    assert 1 <= int(answer["Retry-After"]) <= 20
    assert answer["RateLimit"].startswith('"key";r=0;')
    throttle.forget()


def test_whoever_tries_keys_is_slowed_and_a_good_key_from_there_is_not(cast):
    guesser = Program("lk_home_" + "a" * 40)
    found = [guesser.get(NOWHERE).status_code for _time in range(22)]
    assert found == [401] * 20 + [429] * 2
    assert Program(make_key(cast.lead, cast.community).text).get(NOWHERE).status_code == 404


def test_a_cookie_is_nobody_here(cast):
    browser = open_browser(cast.lead.account_id, cast.home.pk)
    assert browser.get("/desk/clients/").status_code == 200
    answer = browser.get(NOWHERE)
    assert problem(answer) == (404, "not_found")
    assert "RateLimit" not in answer


@pytest.mark.parametrize(
    ("kind", "size", "code"),
    [
        ("application/json", 50 * 1024 * 1024, (413, "too_large")),
        ("application/json", 2 * 1024 * 1024 + 1, (413, "too_large")),
        ("multipart/form-data; boundary=x", 51 * 1024 * 1024, (413, "too_large")),
    ],
)
def test_a_body_of_fifty_megabytes_is_refused_unread(cast, kind, size, code):
    class Unread:
        def read(self, *_args):
            raise AssertionError("Nobody should read this.")

        readline = read

    answer = Client().generic(
        "POST", NOWHERE, b"", content_type=kind,
        **{"CONTENT_LENGTH": str(size), "wsgi.input": Unread()},
    )  # fmt: skip
    assert problem(answer) == code


def test_a_body_of_unknown_length_is_refused(cast):
    request = RequestFactory().post("/api/x", headers={"Transfer-Encoding": "chunked"})
    del request.META["CONTENT_LENGTH"]
    request.__dict__.pop("headers", None)
    answer = KeyMiddleware(lambda request: None)(request)  # type: ignore[arg-type,return-value]
    assert answer.status_code == 411
