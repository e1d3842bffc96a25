"""A resident's home: the two doors, and what came in and was done lately."""

import pytest
from django.test import Client

from linli.kernel import clock, memory, outbox
from linli.publishing.tests.makers import HOUR, make_board, make_resolved

pytestmark = pytest.mark.django_db


def test_the_home_says_what_came_in_and_was_done_lately(in_home):
    world = make_board()
    home = f"/at/{world.at}/"
    assert "近 30 天" not in Client().get(home).content.decode()
    make_resolved(world, at=clock.now() - 4 * HOUR)
    while outbox.deliver_events(clock.now()):
        pass
    memory.forget_all()
    assert "近 30 天收到 1 件，办结 1 件" in Client().get(home).content.decode()
