"""A house per story, and a small community for those that need no processes."""

from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest

from linli.cases.tests.makers import make_neighbourhood
from tests.hard_times.house import House, like, new_house


@pytest.fixture(scope="session")
def _pattern(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with new_house(tmp_path_factory.mktemp("pattern") / "data") as made:
        yield made


@pytest.fixture
def house(_pattern: House, tmp_path: Path) -> Iterator[House]:
    """Give a product's folder and database with a small community; the test starts what it needs."""
    with like(_pattern, tmp_path / "data") as made:
        yield made


@pytest.fixture
def world(in_home) -> SimpleNamespace:
    """Give a small community at work, in the test's own database."""
    found = make_neighbourhood()
    found.at = f"home-{found.community.code}"
    found.report = f"/s/{found.door.code}/report/"
    return found
