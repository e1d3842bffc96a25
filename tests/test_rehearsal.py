"""Before the doors open the product walks its loop once, keeps nothing of it, and shares what that leaves."""

import gc
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.contrib.sessions.models import Session
from django.db import connection

from config import rehearsal
from linli.cases.models import Case
from linli.cases.tests.makers import make_category
from linli.kernel import tenancy
from linli.kernel.models import EventRow, Receipt, Sequence

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture
def town(transactional_db, cast):
    """Give the named world in a database whose transactions are real."""
    make_category()
    return cast


def kept() -> list[int]:
    with tenancy.all_tenants():
        return [one.objects.count() for one in (Case, EventRow, Receipt, Sequence, Session)]


def test_a_report_is_made_seen_by_those_who_work_on_it_and_taken_back(town, caplog):
    before = kept()
    answers = rehearsal.rehearse()
    # SQLite's database of the tests is in memory and goes with its connection.
    assert connection.vendor == "sqlite" or connection.connection is None
    paths = [one.path for one in answers]
    reported = next(one for one in answers if one.status == 302)
    assert "/receipt/" in reported.location
    assert reported.location in paths
    assert any(path.startswith("/desk/cases/") and path.count("/") == 4 for path in paths)
    assert {one.status for one in answers} <= {200, 302, 422}
    assert kept() == before
    assert not [one for one in caplog.records if one.levelname == "ERROR"]


def test_an_empty_house_is_rehearsed_as_far_as_there_is_something(transactional_db):
    assert [one.path for one in rehearsal.rehearse()] == ["/health/", "/sign-in/", "/", "/sign-in/"]


def test_what_goes_wrong_keeps_no_door_shut(town, monkeypatch):
    told = []
    monkeypatch.setattr(rehearsal.logger, "exception", told.append)
    monkeypatch.setattr(rehearsal.places, "tenant_of", lambda _at: 1 / 0)
    before = kept()
    assert len(rehearsal.rehearse()) == 4
    assert told == ["The rehearsal went wrong; the doors open all the same"]
    assert kept() == before


def test_new_objects_lie_on_pages_of_their_own():
    words = (
        "from config import sharing; sharing.settle();"
        "print(all(sharing._lie_in_a_row(sharing._objects(size, 100), size) for size in (64, 96, 160)))"
    )
    said = subprocess.run(
        [sys.executable, "-c", words], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert said.stdout.strip() == "True"
    assert gc.isenabled()


@pytest.mark.skipif(sys.platform != "linux", reason="Only Linux gives pages back like this")
def test_a_process_that_let_go_of_its_libraries_goes_on(tmp_path):
    words = (
        "import hashlib, ssl, sqlite3\n"
        "def mapped():\n"
        "    rows = (line.split() for line in open('/proc/self/smaps_rollup'))\n"
        "    sizes = {row[0]: int(row[1]) for row in rows if row[-1] == 'kB'}\n"
        "    return sizes['Rss:'] - sizes['Anonymous:']\n"
        "before = mapped()\n"
        "from config import sharing\n"
        "sharing.let_go_of_libraries()\n"
        "after = mapped()\n"
        "ssl.create_default_context()\n"
        "print(after < before, hashlib.sha256(b'again').hexdigest()[:4])\n"
    )
    said = subprocess.run(
        [sys.executable, "-c", words],
        cwd=ROOT,
        env=os.environ,
        capture_output=True,
        text=True,
        check=True,
    )
    assert said.stdout.split() == ["True", "b4c9"]
