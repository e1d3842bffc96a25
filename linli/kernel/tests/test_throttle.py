"""A flood from one place is held up, and nobody else."""

import threading
from datetime import timedelta

import pytest

from linli.kernel import throttle

MINUTE = timedelta(minutes=1)


@pytest.fixture
def buckets():
    return throttle.Buckets(most_keys=100)


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


def test_memory_is_bounded_and_a_flood_in_progress_is_not_forgotten(buckets):
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
