"""Nobody hears of a commit to SQLite before it is on the disk, and one sync is enough for several."""

import errno
import threading

import pytest
from django.db import OperationalError

from linli.kernel.db.sqlite import journal
from linli.kernel.db.sqlite.base import DatabaseWrapper

# The databases here are files of their own; the mark only lets connections open.
pytestmark = pytest.mark.django_db
NORMAL, FULL = 1, 2
_SETTINGS = {
    "ENGINE": "linli.kernel.db.sqlite", "ATOMIC_REQUESTS": False, "AUTOCOMMIT": True,
    "CONN_MAX_AGE": None, "CONN_HEALTH_CHECKS": False, "TIME_ZONE": None, "USER": "", "PASSWORD": "",
    "HOST": "", "PORT": "", "TEST": {},
}  # fmt: skip


class Disk:
    """Counts the syncs, and may be told to take its time or to refuse."""

    def __init__(self) -> None:
        self.syncs, self.error = 0, None
        self.goes_on = threading.Event()
        self.goes_on.set()
        self.begun = threading.Event()

    def sync(self, _file: int) -> None:
        self.syncs += 1
        self.begun.set()
        assert self.goes_on.wait(60)
        if self.error:
            raise OSError(self.error, "No space left on device")


@pytest.fixture
def disk(monkeypatch):
    made = Disk()
    monkeypatch.setattr(journal, "_sync", made.sync)
    return made


@pytest.fixture
def database(tmp_path):
    opened = open_database(tmp_path)
    with opened.cursor() as cursor:
        cursor.execute("CREATE TABLE words (word text)")
    yield opened
    opened.close()


def open_database(folder):
    begin = "PRAGMA journal_mode=WAL;PRAGMA synchronous=FULL;"
    options = {"transaction_mode": "IMMEDIATE", "init_command": begin}
    return DatabaseWrapper(
        _SETTINGS | {"NAME": str(folder / "some.sqlite3"), "OPTIONS": options}, "default"
    )


def write(database, word: str) -> None:
    database.set_autocommit(False, force_begin_transaction_with_broken_autocommit=True)
    try:
        with database.cursor() as cursor:
            cursor.execute("INSERT INTO words VALUES (%s)", [word])
        database.commit()
    finally:
        database.set_autocommit(True)


def level(database) -> int:
    with database.cursor() as cursor:
        cursor.execute("PRAGMA synchronous")
        return cursor.fetchone()[0]


def test_a_commit_returns_when_the_journal_is_on_the_disk(database, disk):
    disk.goes_on.clear()
    heard = threading.Event()

    def work() -> None:
        write_and_close(database.settings_dict, "甲")
        heard.set()

    writer = threading.Thread(target=work)
    writer.start()
    assert disk.begun.wait(60)
    assert not heard.wait(0.1)
    disk.goes_on.set()
    assert heard.wait(60)
    writer.join()
    assert disk.syncs == 1


def test_those_who_wait_are_made_safe_together(database, disk):
    disk.goes_on.clear()
    writers = [
        threading.Thread(target=write_and_close, args=(database.settings_dict, f"{number}"))
        for number in range(6)
    ]
    for writer in writers:
        writer.start()
    assert disk.begun.wait(60)
    while True:  # nobody waits for the disk to write, so all of them get there
        with database.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM words")
            if cursor.fetchone()[0] == len(writers):
                break
    disk.goes_on.set()
    for writer in writers:
        writer.join()
    assert disk.syncs <= 3


def write_and_close(settings, word: str) -> None:
    own = DatabaseWrapper(settings, "default")
    write(own, word)
    own.close()


def test_what_only_reads_waits_for_no_disk(database, disk):
    database.set_autocommit(False, force_begin_transaction_with_broken_autocommit=True)
    with database.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM words")
    database.commit()
    database.set_autocommit(True)
    assert disk.syncs == 0


def test_outside_a_transaction_sqlite_itself_waits_for_the_disk(database, disk):
    assert level(database) == FULL
    write(database, "甲")
    assert level(database) == FULL
    database.set_autocommit(False, force_begin_transaction_with_broken_autocommit=True)
    assert level(database) == NORMAL
    database.rollback()
    database.set_autocommit(True)
    assert level(database) == FULL


def test_a_disk_that_refuses_is_an_error_and_not_a_receipt(database, disk):
    disk.error = errno.ENOSPC
    with pytest.raises(OperationalError, match="No space left"):
        write(database, "甲")
    disk.error = None
    write(database, "乙")
