"""Writers to SQLite wait in a line, and whoever dies in it keeps nobody waiting."""

import subprocess
import sys
import threading
import time

import pytest
from django.db import OperationalError, connection, transaction

from linli.kernel.db.sqlite.turn import Turn
from linli.kernel.models import Tenant
from linli.kernel.tests.test_outbox import in_threads

HOLD = """
import sys
from linli.kernel.db.sqlite.turn import Turn
Turn(sys.argv[1]).take(60)
print("mine", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def database(tmp_path):
    return str(tmp_path / "some.sqlite3")


def test_one_after_the_other(database):
    first, second = Turn(database), Turn(database)
    order = []
    first.take(60)

    def wait() -> None:
        second.take(60)
        order.append("second")
        second.close()

    waiting = threading.Thread(target=wait)
    waiting.start()
    time.sleep(0.05)
    order.append("first")
    first.give()
    waiting.join()
    first.close()
    assert order == ["first", "second"]


def test_a_thread_that_keeps_its_turn_is_not_waited_for_without_end(database):
    first, second = Turn(database), Turn(database)
    first.take(60)
    with pytest.raises(TimeoutError):
        second.take(0.01)
    first.close()
    second.take(0.01)
    second.close()


def test_giving_back_what_one_does_not_have_harms_nobody(database):
    first, second = Turn(database), Turn(database)
    first.take(60)
    second.give()
    second.close()
    with pytest.raises(TimeoutError):
        second.take(0.01)
    first.close()


def test_a_killed_process_keeps_nobody_waiting(database):
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLD, database],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert holder.stdout.readline() == b"mine\n"
    turn, taken = Turn(database), threading.Event()

    def wait() -> None:
        turn.take(60)
        taken.set()

    waiting = threading.Thread(target=wait)
    waiting.start()
    assert not taken.wait(0.1)
    holder.kill()
    holder.communicate()
    assert taken.wait(60)
    waiting.join()
    turn.close()


@pytest.mark.django_db(transaction=True)
def test_a_transaction_gives_its_turn_back_however_it_ends(home, monkeypatch):
    if connection.vendor != "sqlite":
        pytest.skip("only SQLite has one writer at a time")
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        Tenant.objects.update(name=str(1 / 0))
    with transaction.atomic():
        Tenant.objects.update(name="甲区")
    assert not in_threads(4, write, home.pk)

    monkeypatch.setitem(connection.settings_dict["OPTIONS"], "timeout", 0.05)
    with transaction.atomic():
        errors = in_threads(1, write, home.pk)
    assert [type(error) for error in errors] == [OperationalError]
    assert not in_threads(1, write, home.pk)


def write() -> None:
    for _turn in range(5):
        with transaction.atomic():
            Tenant.objects.update(name="乙区")
