"""What happened can't be changed or taken away without `linli verify` saying so."""

from datetime import timedelta

import pytest
from django.db import connection

from linli.kernel import outbox, seals, tenancy
from linli.kernel.models import EventRow, Seal
from linli.kernel.tests.makers import MONDAY, ring, subscribed
from linli.kernel.tests.test_outbox import in_threads


@pytest.fixture
def three_seals(in_home):
    """Give three seals, over two events each."""
    for minute in range(3):
        now = MONDAY + timedelta(minutes=minute)
        ring(now, times=minute)
        ring(now, times=10 + minute)
        seals.seal(now)
    return in_home


def by_hand(sql: str, *params: object) -> None:
    """Do what somebody with the database's password could do."""
    with connection.cursor() as cursor:
        cursor.execute(sql, params)


def findings() -> list[tuple[str, int]]:
    return [(finding.kind, finding.number) for finding in seals.verify()]


def test_untouched_events_verify(three_seals):
    assert findings() == []
    assert [(one.number, one.event_count) for one in Seal.objects.order_by("number")] == [
        (1, 2),
        (2, 2),
        (3, 2),
    ]
    assert seals.newest().number == 3


def test_a_minute_without_events_has_no_seal(in_home):
    assert seals.seal(MONDAY) is None
    assert not Seal.objects.exists()


def test_delivering_changes_nothing_that_was_sealed(in_home):
    with subscribed(lambda row: None):
        ring()
        seals.seal(MONDAY)
        outbox.deliver_events(MONDAY + timedelta(minutes=1))
    assert findings() == []


@pytest.mark.parametrize(
    "change",
    [
        "data = '{\"times\": 99}'",
        "name = 'kernel.bell.silent'",
        "area_path = '320707'",
        "actor_kind = 'staff'",
        "happened_at = '2020-01-01 00:00:00+00:00'",
        "recorded_at = '2020-01-01 00:00:00+00:00'",
    ],
)
def test_a_changed_row_is_found(three_seals, change):
    by_hand(
        f"UPDATE kernel_eventrow SET {change} WHERE tenant_id = %s AND seal_id ="
        " (SELECT id FROM kernel_seal WHERE tenant_id = %s AND number = 2)",
        three_seals.pk,
        three_seals.pk,
    )
    assert findings() == [("changed", 2)]


def test_a_missing_row_is_found(three_seals):
    row = EventRow.objects.filter(seal__number=2).first()
    by_hand(
        "DELETE FROM kernel_eventrow WHERE tenant_id = %s AND id = %s",
        three_seals.pk,
        adapted(row.pk),
    )
    assert findings() == [("missing", 2)]


def test_a_seal_without_any_of_its_rows_is_found(three_seals):
    EventRow.objects.filter(seal__number=2).delete()
    assert findings() == [("missing", 2)]


def test_a_row_put_under_an_old_seal_is_found(three_seals):
    row = ring()
    EventRow.objects.filter(pk=row.pk).update(seal=Seal.objects.get(number=1))
    assert findings() == [("added", 1)]


def test_a_missing_seal_is_found(three_seals):
    EventRow.objects.filter(seal__number=2).delete()
    Seal.objects.filter(number=2).delete()
    assert findings() == [("gone", 2)]


def test_a_missing_end_is_found(three_seals):
    EventRow.objects.filter(seal__number=3).delete()
    Seal.objects.filter(number=3).delete()
    assert findings() == [("gone", 3)]


def test_a_seal_made_to_fit_a_changed_row_breaks_the_chain(three_seals):
    second = Seal.objects.get(number=2)
    EventRow.objects.filter(seal=second).update(actor_kind="staff")
    rows = EventRow.objects.filter(seal=second).order_by("id").values_list(*seals._COLUMNS)
    Seal.objects.filter(number=2).update(hash=seals._hash(second, rows))
    assert findings() == [("chain", 3)]


def test_what_is_sealed_late_gets_several_seals(in_home, monkeypatch):
    monkeypatch.setattr(seals, "MOST", 3)
    for _bell in range(7):
        ring()
    while seals.seal(MONDAY):
        pass
    assert [one.event_count for one in Seal.objects.order_by("number")] == [3, 3, 1]
    assert findings() == []


@pytest.mark.django_db(transaction=True)
def test_two_workers_make_one_chain(in_home):
    for _bell in range(30):
        ring()
    assert not in_threads(2, lambda: seals.seal(MONDAY), in_home.pk)
    assert Seal.objects.count() == 1
    assert findings() == []


def test_each_tenant_has_its_own_chain(three_seals, abroad):
    with tenancy.tenant(abroad.pk):
        ring()
        seals.seal(MONDAY)
        assert seals.newest().number == 1
        assert findings() == []


def adapted(value):
    return EventRow._meta.pk.get_db_prep_value(value, connection)
