"""The neighbourhood of places' tests: a community, and a member of staff who keeps its places."""

import pytest
from django.test import Client

from linli.kernel.actor import Actor
from linli.places.models import Area
from linli.places.tests.makers import make_community, make_grid, manager


@pytest.fixture
def east(in_home) -> Area:
    """东城社区, empty."""
    return make_community()


@pytest.fixture
def east_grid(east) -> Area:
    """The grid of 东城社区 that lists name."""
    return make_grid(east)


@pytest.fixture
def lin(east) -> Actor:
    """Lin, who keeps the places of 东城社区 here."""
    return manager(east)


@pytest.fixture
def lead(cast) -> Client:
    """The browser of the community's lead, who keeps its places."""
    return cast.client("lead")
