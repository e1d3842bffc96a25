"""A statement that was built once answers every later question of its shape, each tenant its own."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.template import Context, Template

from linli.kernel import memory, tenancy
from linli.kernel.ids import new_id
from linli.kernel.models import EventRow, Tenant
from linli.kernel.prepared import Prepared

MONDAY = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


def make_event(name: str, at: datetime = MONDAY) -> EventRow:
    return EventRow.objects.create(
        name=name, subject_id=new_id(), happened_at=at, recorded_at=at, actor_kind="system"
    )


class Asked:
    """A query that counts how often it is built."""

    def __init__(self) -> None:
        self.count = 0

    def build(self, shape: Any, name: Any = None, since: Any = None, subject: Any = None) -> Any:
        self.count += 1
        rows = EventRow.objects.order_by("name", "id")
        if name:
            rows = rows.filter(name=name)
        if since:
            rows = rows.filter(happened_at__gte=since)
        if subject:
            rows = rows.filter(subject_id=subject)
        return rows.values_list("name", "subject_id", "happened_at")[: shape or 10]


def test_other_values_use_the_same_statement(in_home):
    asked = Asked()
    find = Prepared(asked.build)
    first, second = make_event("a.b.c"), make_event("a.b.d", MONDAY + timedelta(hours=1))
    assert find(name="a.b.c", since=MONDAY) == [("a.b.c", first.subject_id, MONDAY)]
    built = asked.count

    found = find(name="a.b.d", since=second.happened_at)

    assert found == [("a.b.d", second.subject_id, second.happened_at)]
    assert find(name="a.b.c", since=second.happened_at) == []
    assert asked.count == built


def test_a_value_that_is_none_is_left_out(in_home):
    find = Prepared(Asked().build)
    event = make_event("a.b.c")
    make_event("a.b.d")
    assert len(find(name=None, since=None)) == 2
    assert [row[1] for row in find(subject=event.subject_id)] == [event.subject_id]
    assert len(find(1)) == 1


def test_each_tenant_has_its_own_statement(home: Tenant, abroad: Tenant):
    find = Prepared(Asked().build)
    with tenancy.tenant(home.pk):
        make_event("a.b.c")
        assert len(find(name="a.b.c")) == 1
    with tenancy.tenant(abroad.pk):
        assert find(name="a.b.c") == []
    with pytest.raises(tenancy.NoTenant):
        find(name="a.b.c")


def test_a_value_that_changes_the_statement_is_refused(in_home):
    def build(_shape: Any, name: str) -> Any:
        return EventRow.objects.filter(name__startswith=name).values_list("pk")

    with pytest.raises(ValueError, match="part of the shape"):
        Prepared(build)(name="a.b")


def test_what_can_find_nothing_asks_nothing(in_home, django_assert_num_queries):
    def build(_shape: Any) -> Any:
        return EventRow.objects.filter(pk__in=[]).values_list("pk")

    with django_assert_num_queries(0):
        assert Prepared(build)() == []


def test_a_kept_part_of_a_page_is_drawn_once_for_its_keys_and_tenant(home: Tenant, abroad: Tenant):
    page = Template('{% keep "list" path %}{{ path }}:{{ word }}{% endkeep %}')

    def drawn(path: str, word: str) -> str:
        return page.render(Context({"path": path, "word": word}))

    with tenancy.tenant(home.pk):
        assert drawn("a", "一") == "a:一"
        assert drawn("a", "二") == "a:一"
        assert drawn("b", "二") == "b:二"
    with tenancy.tenant(abroad.pk):
        assert drawn("a", "三") == "a:三"
    memory.forget_all()
    with tenancy.tenant(home.pk):
        assert drawn("a", "四") == "a:四"


def test_a_statement_that_is_forgotten_meanwhile_still_answers(in_home, monkeypatch):
    first = make_event("a.b.c")
    find = Prepared(Asked().build)

    class Forgetful(dict):
        def __setitem__(self, key, value):
            """Keep nothing, as if another thread had cleared it at once."""

    monkeypatch.setattr(find, "_kept", Forgetful())
    assert find(name="a.b.c") == [("a.b.c", first.subject_id, MONDAY)]


def test_what_is_derived_from_a_value_is_not_frozen_into_the_statement(in_home):
    def build(shape: Any, since: datetime) -> Any:
        return EventRow.objects.filter(recorded_at__date=since.date()).values_list("name")

    with pytest.raises(ValueError, match="since"):
        Prepared(build)(since=MONDAY)


def test_many_rows_are_the_same_as_few(in_home):
    """From some rows on columns are converted as a whole; nobody sees which way it went."""
    for number in range(45):
        make_event("a.b.c", MONDAY + timedelta(minutes=number // 2, microseconds=number % 3))
    find = Prepared(Asked().build)
    many, few = find(50), find(10)
    assert many == list(EventRow.objects.order_by("name", "id").values_list(
        "name", "subject_id", "happened_at"
    ))  # fmt: skip
    assert many[:10] == few


@pytest.mark.skipif(
    connection.vendor != "postgresql", reason="SQLite plans without looking at values"
)
def test_what_the_values_decide_is_planned_anew(in_home):
    event = make_event("a.b.c")
    for keeps_plan in (False, True):
        find = Prepared(Asked().build, keeps_plan=keeps_plan)
        assert find(9 + keeps_plan, name="a.b.c") == [("a.b.c", event.subject_id, MONDAY)]
    with connection.cursor() as cursor:
        cursor.execute("SELECT statement FROM pg_prepared_statements")
        kept = [row[0] for row in cursor.fetchall()]
    assert [one for one in kept if "kernel_eventrow" in one and "LIMIT 10" in one]
    assert not [one for one in kept if "kernel_eventrow" in one and "LIMIT 9" in one]
