"""SQLite's planner knows that a tenant alone chooses nothing."""

import pytest
from django.db import connection

from linli.kernel.db.sqlite import planning
from linli.kernel.ids import new_id
from linli.kernel.models import EventRow

pytestmark = pytest.mark.django_db


def test_a_page_of_ids_is_read_by_ids_however_many_the_tenant_has(in_home):
    plan = EventRow.objects.filter(pk__in=[new_id() for _n in range(200)]).explain()
    if connection.vendor == "sqlite":
        assert "(id=?)" in plan
        assert "tenant_id=?" not in plan


@pytest.mark.parametrize(
    ("columns", "is_unique", "is_partial", "said"),
    [
        (["tenant_id"], False, False, "1048576 1048576"),
        (["tenant_id", "state", "due_at"], False, False, "1048576 1048576 10 9"),
        (["tenant_id", "number"], True, False, "1048576 1048576 1"),
        (["tenant_id", "state"], False, True, "100000 100000 10"),
    ],
)
def test_what_is_said_of_an_index(columns, is_unique, is_partial, said):
    assert planning.statistics(columns, is_unique=is_unique, is_partial=is_partial) == said
