"""Every route of the room as an outsider: what is not granted looks absent."""

import pytest
from django.test import Client
from django.urls import reverse

from linli.kernel.ids import new_id
from linli.people.urls import urlpatterns

# Routes that need no sign-in, and those that are about whoever is signed in: nobody else's data.
PUBLIC = {"sign_in", "confirm", "resident_sign_in", "resident_enter"}
OWN = {"sign_out", "me", "password", "totp", "sessions", "privacy", "own_data", "own_copy"}
# What is about a person of the register, or a kind of data.
PRIVATE = {
    "person_privacy": "get", "person_consent": "post", "person_copy": "post", "person_link": "post",
}  # fmt: skip
GUARDED = {
    "accounts": ("get", False),
    "new_account": ("get", False),
    "account": ("get", True),
    "account_password": ("post", True),
    "unlocking": ("post", True),
    "ending": ("post", True),
    "security": ("get", False),
    "retention": ("get", False),
    "security_unlocking": ("post", True),
}


# The register, which has the same pages at the desk and on a phone.
REGISTER = [one for one in urlpatterns if one.name.startswith(("desk_", "field_"))]


def test_every_route_is_listed():
    names = {route.name for route in urlpatterns} - {one.name for one in REGISTER}
    own = PUBLIC | OWN | set(GUARDED) | set(PRIVATE)
    assert names == own | {"consent", "retention_rule"}


@pytest.mark.parametrize("who", ["mei", "officer", "auditor", "away_lead"])
def test_the_register_shows_nothing_to_who_does_not_keep_it_here(cast, sign_in, who):
    client = sign_in(who)
    for route in REGISTER:
        kinds = route.pattern.converters
        parts = {
            part: new_id() if "UUID" in type(kind).__name__ else "x" for part, kind in kinds.items()
        }
        if who == "away_lead" and not parts:
            continue  # their own register, which is another tenant's
        answer = client.get(reverse(f"people:{route.name}", kwargs=parts))
        assert answer.status_code in (404, 405), route.name


@pytest.mark.parametrize("who", ["lin", "mei", "zhou", "away_lead", "desk"])
def test_what_is_about_a_person_is_for_who_keeps_the_register_there(cast, sign_in, who):
    client, someone = sign_in(who), new_id()
    for name, method in PRIVATE.items():
        path = reverse(f"people:{name}", args=[someone])
        assert getattr(client, method)(path).status_code == 404, name
    if who not in ("away_lead",):
        path = reverse("people:retention_rule", args=["people.codes"])
        assert client.post(path, {"months": 1, "action": "delete"}).status_code == 404


def address(cast, name: str) -> str:
    return reverse(f"people:{name}", args=[cast.desk.account_id] if GUARDED[name][1] else [])


@pytest.mark.parametrize("who", ["lin", "mei", "officer", "property", "auditor", "operator"])
def test_without_the_duty_there_is_nothing(cast, sign_in, who):
    client = sign_in(who)
    for name, (method, _has_id) in GUARDED.items():
        assert getattr(client, method)(address(cast, name)).status_code == 404, name


@pytest.mark.parametrize("who", ["zhou", "away_lead"])
def test_an_outsider_finds_nothing(cast, sign_in, who):
    client = sign_in(who)
    for name, (method, has_id) in GUARDED.items():
        if has_id:
            assert getattr(client, method)(address(cast, name)).status_code == 404, name


def test_nobody_is_asked_to_sign_in(cast):
    for name in set(GUARDED) | OWN:
        method = GUARDED[name][0] if name in GUARDED else "post"
        path = address(cast, name) if name in GUARDED else reverse(f"people:{name}")
        answer = getattr(Client(), method)(path)
        assert answer.status_code == 302, name
        assert answer.headers["Location"].startswith("/sign-in/?next="), name


def test_the_lists_of_another_tenants_lead_show_only_their_own(cast, sign_in):
    page = sign_in("away_lead").get(reverse("people:accounts")).content.decode()
    assert "周" in page
    assert "何" not in page
