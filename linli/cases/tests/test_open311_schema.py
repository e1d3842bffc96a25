"""The standard's own description, mended (docs/open311.yaml), tried with hundreds of odd requests."""

from pathlib import Path
from typing import Any

import pytest
import schemathesis
import yaml
from hypothesis import HealthCheck, Phase, settings
from schemathesis.specs.openapi import checks

from linli.cases.services import desk
from linli.cases.tests.makers import make_case
from linli.cases.tests.systems import key_of, world
from linli.cases.tests.test_open311_clients import home
from linli.kernel import clock, throttle

__all__ = ["home", "world"]
pytestmark = pytest.mark.django_db(transaction=True)
DESCRIPTION = Path(__file__).parents[3] / "docs" / "open311.yaml"
# By the standard an empty parameter is none at all, and what a service asks is data: neither can a
# description say. Both are tested by name beside this.
TOLD_APART = [
    checks.negative_data_rejection,
    checks.positive_data_acceptance,
]
schema: Any = schemathesis.openapi.from_dict(yaml.safe_load(DESCRIPTION.read_text()))


@pytest.fixture
def system(world, live_server, monkeypatch):
    """Give a key that may do everything, a case with some history, and no limit of requests."""
    monkeypatch.setattr(throttle, "allow", lambda *_args, **_kwargs: True)
    case = make_case(world)
    desk.accept_case(case_id=case.pk, text="看看", actor=world.desk, now=clock.now())
    world.key = key_of(world)
    world.url = f"{live_server.url}/open311/v2"
    return world


@schema.parametrize()
@settings(
    max_examples=8,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
def test_no_request_breaks_the_description(case, system):
    headers = {"Authorization": f"Bearer {system.key}"}
    case.call_and_validate(base_url=system.url, headers=headers, excluded_checks=TOLD_APART)
