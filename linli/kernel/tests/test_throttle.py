"""A flood from one place is held up, and nobody else."""

import os
import subprocess
import sys
import threading
import time
from datetime import timedelta

import pytest

from linli.kernel import throttle

MINUTE = timedelta(minutes=1)


@pytest.fixture(params=["own", "shared"])
def buckets(request, tmp_path):
    if request.param == "own":
        return throttle.Buckets(most_keys=100)
    return throttle.SharedBuckets(str(tmp_path / "limits"))


def test_so_many_at_once_and_then_one_by_one(buckets):
    assert [buckets.allow("a", 3, MINUTE, at=1000.0) for _ in range(5)] == [True] * 3 + [False] * 2
    assert buckets.wait("a", 3, MINUTE, at=1000.0) == timedelta(seconds=20)
    assert not buckets.allow("a", 3, MINUTE, at=1019.0)
    assert buckets.allow("a", 3, MINUTE, at=1020.0)
    assert not buckets.allow("a", 3, MINUTE, at=1021.0)
    assert [buckets.allow("a", 3, MINUTE, at=2000.0) for _ in range(4)] == [True] * 3 + [False]


def test_one_flood_is_not_anothers(buckets):
    for _drop in range(10):
        buckets.allow("a", 3, MINUTE, at=1000.0)
    assert buckets.allow("b", 3, MINUTE, at=1000.0)
    assert buckets.wait("c", 3, MINUTE, at=1000.0) == timedelta(0)


def test_memory_is_bounded_and_a_flood_in_progress_is_not_forgotten():
    buckets = throttle.Buckets(most_keys=100)
    for number in range(1000):
        buckets.allow("flood", 10_000, MINUTE, at=1000.0)
        buckets.allow(f"one {number}", 3, MINUTE, at=1000.0)
    assert len(buckets) == 100
    assert "flood" in buckets._full_at


def test_threads_together_get_no_more_than_there_is():
    throttle.forget()
    allowed = []

    def hurry() -> None:
        allowed.extend(throttle.allow("door", 50, timedelta(hours=1)) for _ in range(100))

    threads = [threading.Thread(target=hurry) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(allowed) == 50
    assert throttle.wait("door", 50, timedelta(hours=1)) > timedelta(minutes=1)
    throttle.forget()


def test_a_caller_can_be_told_what_is_left(buckets):
    assert buckets.left("door", 10, MINUTE, at=1000.0) == 10
    for _time in range(4):
        buckets.allow("door", 10, MINUTE, at=1000.0)
    assert buckets.left("door", 10, MINUTE, at=1000.0) == 6
    assert buckets.left("door", 10, MINUTE, at=1018.0) == 9
    assert buckets.left("door", 10, MINUTE, at=1100.0) == 10


def test_a_full_table_lets_the_oldest_go_and_keeps_the_flood(tmp_path):
    shared = throttle.SharedBuckets(str(tmp_path / "limits"))
    for number in range(30_000):
        shared.allow("flood", 100_000, timedelta(hours=9), at=1000.0)
        shared.allow(f"one {number}", 3, MINUTE, at=1000.0)
    assert shared.left("flood", 100_000, timedelta(hours=9), at=1000.0) == 70_000


def test_what_was_counted_before_the_machine_started_anew_locks_nobody_out(tmp_path):
    before = throttle.SharedBuckets(str(tmp_path / "limits"))
    before.allow("door", 3, MINUTE, at=9_000_000.0)

    after = throttle.SharedBuckets(str(tmp_path / "limits"))

    assert after.allow("door", 3, MINUTE, at=10.0)
    assert after.wait("door", 3, MINUTE, at=10.0) == timedelta(0)


def test_web_processes_together_get_no_more_than_there_is(tmp_path):
    """Four processes hurry at one door; one of them is killed in the middle."""
    path = str(tmp_path / "limits")
    code = (
        "from datetime import timedelta\n"
        "from linli.kernel import throttle\n"
        "hits = [throttle.allow('door', 200, timedelta(days=90)) for _ in range(400)]\n"
        "print(sum(hits))\n"
    )
    environment = {**os.environ, throttle.TABLE: path}
    ask = [sys.executable, "-c", code]
    killed = subprocess.Popen(ask, env=environment, stdout=subprocess.DEVNULL)
    others = [
        subprocess.Popen(ask, env=environment, stdout=subprocess.PIPE, text=True) for _ in range(3)
    ]
    killed.kill()
    killed.wait()
    found = [int(one.communicate(timeout=600)[0]) for one in others]
    assert 0 < sum(found) <= 200
    # In a quarter's limit nothing comes back while a slow machine still counts.
    assert not throttle.SharedBuckets(path).allow(
        "door", 200, timedelta(days=90), at=time.monotonic()
    )
