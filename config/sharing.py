"""What the forks of one process share stays shared: a page that nobody writes on is in memory once."""

import ctypes
import gc
import re
import sys
from array import array
from contextlib import suppress
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

# Python keeps small objects in pools, one for each size in steps of sixteen bytes.
_POOL: Final = 16 * 1024
_STEP, _LARGEST = 16, 512
_EMPTY: Final = sys.getsizeof(b"")
_ROUNDS: Final = 60  # twice of what loading was seen to leave
_DONT_NEED: Final = 4  # MADV_DONTNEED
# Code alone: what is only to be read may have been written when the library was loaded.
_CODE: Final = re.compile(r"^([0-9a-f]+)-([0-9a-f]+) r-xp \S+ \S+ \d+ +/", re.MULTILINE)

_fillers: list[list[Any]] = []


def settle() -> None:
    """Make memory ready to be shared by forks, once everything is loaded.

    What is frozen is looked at by no collection, whose marks would make copies of shared pages. What
    loading threw away is frozen too: to find that 3 in a hundred would take a fifth of a second.
    """
    _fill_gaps()
    gc.freeze()
    gc.enable()


def let_go_of_libraries() -> None:
    """Let the kernel have the pages of libraries that this process has read and will hardly read again.

    For a process that only watches others: what it does need comes back from the file. Linux only.
    """
    with suppress(OSError, AttributeError):
        advise = ctypes.CDLL(None).madvise
        for found in _CODE.finditer(Path("/proc/self/maps").read_text()):
            begin, end = (int(number, 16) for number in found.groups())
            advise(ctypes.c_void_p(begin), ctypes.c_size_t(end - begin), _DONT_NEED)


def _fill_gaps() -> None:
    """Fill the gaps between objects that stay, so that what comes later lies on pages of its own.

    Left open, each fork would put its first objects there and so copy page after page: 4 of 30 MiB.
    """
    for size in range(_STEP, _LARGEST + 1, _STEP):
        count = 2 * _POOL // size
        for _round in range(_ROUNDS):
            row = _objects(size, count)
            if _lie_in_a_row(row, size):
                break
            _fillers.append(row)


def _objects(size: int, count: int) -> list[Any]:
    """Return new objects that take `size` bytes each."""
    if size == 16:
        return [object() for _one in range(count)]
    if size == 32:
        return array("d", bytes(8 * count)).tolist()
    return [bytes(size - _EMPTY) for _one in range(count)]


def _lie_in_a_row(objects: list[Any], size: int) -> bool:
    """Tell whether they filled pools that were empty: but for the steps from pool to pool, in a row."""
    places = [id(one) for one in objects]
    steps = sum(abs(after - before) != size for before, after in pairwise(places))
    return steps <= 5
