"""Whatever may be sent to the API: never a 5xx, and every answer is as described (schemathesis)."""

import warnings

import pytest
import schemathesis
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, transaction
from hypothesis import HealthCheck, Phase, given, seed, settings
from schemathesis import checks

from linli.cases.services.telling import token_of
from linli.kernel import memory
from tests.api.world import make_world

EXAMPLES = 3  # for each of a hundred operations
CHECKS = [
    checks.not_a_server_error, checks.status_code_conformance, checks.content_type_conformance,
    checks.response_schema_conformance,
]  # fmt: skip
QUIET = settings(
    max_examples=EXAMPLES, deadline=None, database=None, phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)  # fmt: skip


@pytest.fixture
def world(in_home):
    return make_world()


@pytest.fixture(autouse=True)
def _one_connection():
    """Keep the test's connection through requests, as the test client does."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


def things(world) -> dict:
    """Return what really stands behind the ids in addresses."""
    return {
        "case_id": world.case.pk, "secret": token_of(world.case), "area_id": world.community.pk,
        "community_id": world.community.pk, "grid_id": world.grid.pk, "estate_id": world.estate.pk,
        "building_id": world.building.pk, "code_id": world.door.pk,
        "organisation_id": world.property_company.pk, "post_id": world.grid_post.pk,
        "article_id": world.article.pk,
        "category_id": world.category.pk, "level_id": world.category.service_level_id,
    }  # fmt: skip


def test_no_operation_breaks_whatever_is_sent(world, settings):
    settings.LOGGING_CONFIG = None
    warnings.simplefilter("ignore")
    known = {name: str(value) for name, value in things(world).items()}
    headers = {"Authorization": f"Bearer {world.key}"}
    schema = schemathesis.openapi.from_wsgi("/api/openapi.json", WSGIHandler())
    tried, wrong = 0, []
    for found in schema.get_all_operations():
        operation = found.ok()
        with transaction.atomic():  # each operation finds the world as it was
            try:
                tried += hammer(operation, known, headers)
            except BaseExceptionGroup as error:
                wrong.append(f"{operation.label}: {error}"[:1500])
            transaction.set_rollback(True)
        memory.forget_all()
    assert not wrong, "\n\n".join(wrong)
    assert tried > 100 * EXAMPLES / 2


def hammer(operation, known, headers) -> int:
    count = 0

    @seed(1)
    @QUIET
    @given(case=operation.as_strategy())
    def try_it(case) -> None:
        nonlocal count
        count += 1
        if case.path_parameters:
            case.path_parameters.update({
                name: known[name] for name in case.path_parameters if name in known
            })  # fmt: skip
        with transaction.atomic():
            case.call_and_validate(headers=headers, checks=CHECKS)

    try_it()
    return count
