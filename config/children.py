"""Forks that end with their parent: the worker, and what prepares a start."""

import ctypes
import logging
import os
import signal
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Final, NoReturn

# A child that lived this long has earned a restart at once.
STEADY_SECONDS: Final = 30.0
PR_SET_PDEATHSIG: Final = 1
PR_SET_NAME: Final = 15
INTERRUPTED: Final = 130  # the exit code after Ctrl-C


class Child:
    """A function that runs in a fork, and again when it died."""

    def __init__(self, name: str, title: str, work: Callable[[], int]) -> None:
        self.name = name
        self._title = title  # how `ps` and `top` show it
        self._work = work
        self._deaths = 0
        self._started_at = 0.0
        self._pid = 0

    def start(self) -> None:
        """Fork it into a group of its own, so that Ctrl-C reaches its parent alone."""
        self._started_at = time.monotonic()
        self._pid = forked(self._in_own_group)

    def keep_alive(self) -> None:
        """Start it again if it died, after a pause that grows while it keeps dying."""
        status = self._ended()
        if status is not None:
            lived = time.monotonic() - self._started_at
            self._deaths = 0 if lived > STEADY_SECONDS else self._deaths + 1
            print(f"{self.name}停了（{status}），重新启动。", file=sys.stderr, flush=True)
        pause = min(0.2 * 2**self._deaths, 10.0)
        if not self._pid and time.monotonic() - self._started_at >= pause:
            self.start()

    def ask_to_stop(self) -> None:
        """Tell it to finish."""
        if self._pid and self._ended() is None:
            os.kill(self._pid, signal.SIGTERM)

    def wait(self, until: float) -> None:
        """Wait for its end, and end it when time is up."""
        while self._pid and self._ended() is None:
            if time.monotonic() > until:
                with suppress(ProcessLookupError):
                    os.killpg(self._pid, signal.SIGKILL)
            time.sleep(0.02)

    def _ended(self) -> int | None:
        """Return how it ended, once; None while it runs."""
        if not self._pid:
            return None
        pid, status = os.waitpid(self._pid, os.WNOHANG)
        if not pid:
            return None
        self._pid = 0
        return os.waitstatus_to_exitcode(status)

    def _in_own_group(self) -> int:
        os.setsid()
        signal.signal(signal.SIGINT, signal.default_int_handler)
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        show_as(self._title)
        return self._work()


def die_with_parent() -> None:
    """Ask the kernel for SIGTERM when the parent ends, however it ends (Linux)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def show_as(title: str) -> None:
    """Name this process as `ps` and `top` show it (Linux)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_NAME, title.encode())


def forked(work: Callable[[], int]) -> int:
    """Do a work in a fork that ends with its parent, however that ends; return the fork's number."""
    parent = os.getpid()
    sys.stdout.flush()
    sys.stderr.flush()
    return os.fork() or _become(work, parent)


def _become(work: Callable[[], int], parent: int) -> NoReturn:
    """Be the child from here on: nothing of the parent's own work goes on in it."""
    code = 1
    try:
        die_with_parent()
        if os.getppid() == parent:  # it may have died before we asked to be told
            code = work()
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 1
    except KeyboardInterrupt:
        code = INTERRUPTED
    except Exception:
        logging.getLogger(__name__).exception("Unable to go on")
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)
