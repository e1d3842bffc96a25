"""One migrated database that every process of the suite copies: to migrate takes many seconds.
And how it is emptied after a test that commits.

It is kept in `build/tests/` (SQLite) or on the server (PostgreSQL) under a name made of all that
goes into it, so a changed migration makes a new one. It comes about as a new installation's does,
by `migrate` in a process of its own (`tests.migrating`).
"""

import fcntl
import hashlib
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "build" / "tests"


@cache
def file() -> Path:
    """Return the file of a migrated SQLite."""
    path = FOLDER / f"{_fingerprint()}.sqlite3"
    with _one_at_a_time():
        if not path.exists():
            for old in FOLDER.glob("*.sqlite3*"):
                old.unlink()
            half = path.with_suffix(".sqlite3-half")
            _migrate(f"sqlite:///{half}")
            half.rename(path)
            for rest in FOLDER.glob("*-half*"):
                rest.unlink()
    return path


@cache
def database(server_url: str) -> str:
    """Return the name of a migrated database on the server; nobody stays connected to it."""
    import psycopg

    name = f"pattern_{_fingerprint()}"
    with _one_at_a_time(), psycopg.connect(server_url, autocommit=True) as link:
        is_there = link.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone()
        if not is_there:
            link.execute(f"DROP DATABASE IF EXISTS half_{name}")
            link.execute(f"CREATE DATABASE half_{name}")
            _migrate(urlsplit(server_url)._replace(path=f"/half_{name}").geturl())
            link.execute(f"ALTER DATABASE half_{name} RENAME TO {name}")
    return name


def _migrate(url: str) -> None:
    own = {"DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "config.settings_test"}
    words = [sys.executable, "-m", "tests.migrating"]
    subprocess.run(words, env=os.environ | own, cwd=ROOT, check=True)


def empty_quickly() -> None:
    """Let PostgreSQL delete the rows that are there: to truncate two hundred tables takes far longer."""
    from django.db.backends.postgresql.operations import DatabaseOperations

    from tests import sqlguard

    def sql_flush(self: Any, _style: Any, tables: list[str], **_options: Any) -> list[str]:
        names = [self.quote_name(table) for table in tables]
        asked = [f"SELECT '{name}' WHERE EXISTS (SELECT FROM {name})" for name in names]
        with sqlguard.off(), self.connection.cursor() as cursor:
            cursor.execute(" UNION ALL ".join(asked))
            full = [row[0] for row in cursor.fetchall()]
        return [
            "SET session_replication_role = replica",  # in any order, whoever points at whom
            *(f"DELETE FROM {name}" for name in full),
            "SET session_replication_role = origin",
        ]

    DatabaseOperations.sql_flush = sql_flush  # type: ignore[method-assign]


@cache
def _fingerprint() -> str:
    made_of = [*ROOT.glob("linli/*/migrations/*.py"), *ROOT.glob("linli/kernel/db/**/*.py")]
    total = hashlib.sha256((ROOT / "constraints.txt").read_bytes())
    for path in sorted(made_of):
        total.update(str(path.relative_to(ROOT)).encode() + b"\0" + path.read_bytes())
    return total.hexdigest()[:16]


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    FOLDER.mkdir(parents=True, exist_ok=True)
    with (FOLDER / "lock").open("w") as door:
        fcntl.flock(door, fcntl.LOCK_EX)
        yield
