"""A tenant's rows are found, changed and joined only where that tenant is set."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.db.models import Count, Exists, OuterRef

from linli.kernel import tenancy
from linli.kernel.ids import new_id
from linli.kernel.models import EventRow, Job, Retry, Seal, Tenant

MONDAY = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


def make_event(tenant: Tenant, name: str = "cases.case.closed", **fields: Any) -> EventRow:
    given = {"happened_at": MONDAY, "recorded_at": MONDAY, "actor_kind": "system"} | fields
    with tenancy.tenant(tenant.pk):
        return EventRow.objects.create(name=name, subject_id=new_id(), **given)


def make_retry(event: EventRow, subscriber: str = "ledgers.reward", **fields: Any) -> Retry:
    with tenancy.tenant(event.tenant_id):
        return Retry.objects.create(event=event, subscriber=subscriber, due_at=MONDAY, **fields)


def test_without_a_tenant_nothing_is_read(home: Tenant) -> None:
    with pytest.raises(tenancy.NoTenant):
        list(EventRow.objects.all())


def test_without_a_tenant_nothing_is_counted_changed_or_deleted(home: Tenant) -> None:
    for act in (
        EventRow.objects.count,
        lambda: EventRow.objects.update(name="x"),
        lambda: EventRow.objects.filter(name="x").delete(),
    ):
        with pytest.raises(tenancy.NoTenant):
            act()


def test_without_a_tenant_a_row_is_refused_by_the_database(db: None) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Job.objects.create(task="t", key="k", due_at=MONDAY, created_at=MONDAY)


def test_a_queryset_made_early_asks_for_the_tenant_of_its_use(home: Tenant, abroad: Tenant) -> None:
    with tenancy.tenant(abroad.pk):
        rows = EventRow.objects.all()
    event = make_event(home)
    with tenancy.tenant(home.pk):
        assert [row.pk for row in rows.all()] == [event.pk]


def test_another_tenants_row_is_absent(home: Tenant, abroad: Tenant) -> None:
    event = make_event(home)
    with tenancy.tenant(abroad.pk), pytest.raises(EventRow.DoesNotExist):
        EventRow.objects.get(pk=event.pk)
    with tenancy.tenant(home.pk):
        assert EventRow.objects.get(pk=event.pk) == event


def test_another_tenants_row_is_neither_changed_nor_deleted(home: Tenant, abroad: Tenant) -> None:
    event = make_event(home)
    with tenancy.tenant(abroad.pk):
        assert EventRow.objects.filter(pk=event.pk).update(name="changed") == 0
        assert EventRow.objects.filter(pk=event.pk).delete()[0] == 0
    with tenancy.tenant(home.pk):
        event.refresh_from_db()
        assert event.name == "cases.case.closed"


def test_a_row_held_in_hand_is_not_saved_for_another_tenant(home: Tenant, abroad: Tenant) -> None:
    event = make_event(home)
    event.name = "changed"
    with tenancy.tenant(abroad.pk), pytest.raises(DatabaseError):
        event.save(update_fields=["name"])


def test_a_delete_takes_its_dependants_of_the_same_tenant(home: Tenant) -> None:
    retry = make_retry(make_event(home))
    with tenancy.tenant(home.pk):
        retry.event.delete()
        assert not Retry.objects.exists()


def test_joins_stay_inside_the_tenant(home: Tenant, abroad: Tenant) -> None:
    mine, theirs = make_retry(make_event(home)), make_retry(make_event(abroad))
    with tenancy.tenant(home.pk):
        assert list(Retry.objects.filter(event__name="cases.case.closed")) == [mine]
        assert list(EventRow.objects.filter(retries__subscriber=mine.subscriber)) == [mine.event]
        assert list(Retry.objects.select_related("event", "event__seal")) == [mine]
        assert not Retry.objects.filter(event=theirs.event_id).exists()


def test_counting_and_excluding_by_related_rows(home: Tenant, abroad: Tenant) -> None:
    parked = make_retry(make_event(home), parked_at=MONDAY).event
    free = make_event(home)
    make_retry(make_event(abroad), parked_at=MONDAY)
    with tenancy.tenant(home.pk):
        counted = EventRow.objects.annotate(tries=Count("retries")).order_by("id")
        assert [(row.pk, row.tries) for row in counted] == [(parked.pk, 1), (free.pk, 0)]
        assert list(EventRow.objects.exclude(retries__parked_at=MONDAY)) == [free]
        waiting = Retry.objects.filter(event=OuterRef("pk"))
        assert list(EventRow.objects.filter(Exists(waiting))) == [parked]
        assert list(EventRow.objects.filter(retries__in=Retry.objects.all())) == [parked]
        assert list(parked.retries.all()) == list(Retry.objects.all())


def test_prefetching_and_locking_stay_inside_the_tenant(home: Tenant) -> None:
    event = make_retry(make_event(home)).event
    with tenancy.tenant(home.pk), transaction.atomic():
        assert len(EventRow.objects.prefetch_related("retries").get().retries.all()) == 1
        assert EventRow.objects.select_for_update(of=("self",)).get() == event


def test_named_reads_across_tenants_see_all(home: Tenant, abroad: Tenant) -> None:
    make_event(home)
    make_event(abroad)
    with tenancy.all_tenants():
        assert EventRow.objects.count() == 2


def test_a_sealed_event_points_to_a_seal_of_its_tenant(home: Tenant) -> None:
    with tenancy.tenant(home.pk):
        seal = Seal.objects.create(number=1, hash="h", event_count=1, sealed_at=MONDAY)
    event = make_event(home, seal=seal)
    with tenancy.tenant(home.pk):
        assert EventRow.objects.filter(seal__number=1).get() == event


def test_unique_constraints_are_checked_with_the_tenant(home: Tenant, abroad: Tenant) -> None:
    fields = {"task": "t", "key": "k", "due_at": MONDAY, "created_at": MONDAY}
    for tenant in (home, abroad):
        with tenancy.tenant(tenant.pk):
            Job.objects.create(**fields)
    with tenancy.tenant(home.pk), pytest.raises(ValidationError):
        Job(**fields).validate_constraints()


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite's keys hold the id alone")
def test_a_key_to_another_tenants_row_is_refused_by_the_database(
    home: Tenant, abroad: Tenant
) -> None:
    event = make_event(home)
    with tenancy.tenant(abroad.pk):
        Retry.objects.create(event_id=event.pk, subscriber="x", due_at=MONDAY)
    with pytest.raises(IntegrityError, match="foreign key"):
        connection.check_constraints()
