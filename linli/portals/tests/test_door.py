"""Each person comes to the door that is theirs."""

import pytest
from django.test import RequestFactory

from linli.kernel.actor import Actor, ActorKind, Grant
from linli.portals.views import door


@pytest.mark.parametrize(
    ("duty", "home"), [("cases.handle", "/field/"), ("cases.dispatch", "/desk/")]
)
def test_who_signs_in_comes_to_the_door_of_their_post(duty: str, home: str) -> None:
    request = RequestFactory().get("/home/")
    request.actor = Actor(1, kind=ActorKind.STAFF, grants=(Grant(duty=duty),))  # type: ignore[attr-defined]
    assert door.mine(request)["Location"] == home  # type: ignore[arg-type]
