"""Runs web and worker: one command that starts both, watches them and ends them together.

The supervisor loads the product once and forks its children, so that what they share is in memory once
and they are there at once. Each child dies with its parent, so that a killed supervisor leaves nobody
behind who holds the port.
"""

import contextlib
import ctypes
import gc
import logging
import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable
from functools import cache
from pathlib import Path
from types import FrameType
from typing import Any, Final, NoReturn

ROOT: Final = Path(__file__).resolve().parent.parent
IS_DEMO: Final = 10  # the exit code of `linli prepare` when the database holds the demo
GRACE_SECONDS: Final = 10.0
THREADS: Final = 4  # of all web processes together; each has its own connection to the database
# A child that lived this long has earned a restart at once.
STEADY_SECONDS: Final = 30.0
PR_SET_PDEATHSIG: Final = 1
PR_SET_NAME: Final = 15


def run(*, host: str, port: int) -> int:
    """Prepare, then serve and work until Ctrl-C or SIGTERM; a child that dies is started again."""
    if not _is_free(host, port):
        print(f"端口 {port} 已经有程序在用。换一个：PORT={port + 1} linli run", file=sys.stderr)
        return 1
    count_together()
    prepared = _prepare()
    if prepared not in (0, IS_DEMO):
        return prepared
    if prepared == IS_DEMO:
        _show_as_demo()
    return _supervise(host, port)


def serve(*, host: str, port: int) -> int:
    """Serve the pages until told to stop; a web process that dies is started again."""
    count_together()
    preload()
    from granian import Granian
    from granian.constants import Interfaces
    from granian.log import LogLevels

    # One writer at a time is SQLite's way, so a second process would only wait (ADR 0002).
    processes = 1 if is_sqlite() else 2
    server = Granian(
        "config.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=processes,
        blocking_threads=THREADS // processes,
        blocking_threads_idle_timeout=600,
        respawn_failed_workers=True,
        respawn_interval=0.2,
        workers_kill_timeout=int(GRACE_SECONDS),
        log_level=LogLevels.warning,
    )
    server.serve(target_loader=_load_application, wrap_loader=False)
    return 0


def work() -> int:
    """Work until told to stop; what is under way is finished first."""
    import django

    django.setup()
    from linli.kernel import worker

    stop = threading.Event()
    _on_stop(stop.set)
    worker.run_worker(stop)
    return 0


def is_sqlite() -> bool:
    """Tell whether the database is SQLite, without reading the settings."""
    return os.environ.get("DATABASE_URL", "sqlite:").startswith("sqlite")


def die_with_parent() -> None:
    """Ask the kernel for SIGTERM when the parent ends, however it ends (Linux)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def count_together() -> None:
    """Name the file in which the web processes count callers together (kernel.throttle).

    Before anything is loaded: the counters are there from the first import on.
    """
    data = Path(os.environ.get("LINLI_DATA", ROOT / "var"))
    os.environ.setdefault("LINLI_LIMITS", str(data / "limits"))


@cache
def preload() -> None:
    """Load the product before forking, once; what is loaded here is shared by all who are forked.

    Measured: with PostgreSQL everything takes 290 MiB and not 391 (docs/performance.md). Only Linux
    forks such a process without harm; elsewhere each child loads it for itself.
    """
    if sys.platform != "linux":
        return
    _load_models()
    _load_pages()
    from config.wsgi import application  # noqa: F401

    # What is frozen is looked at by no collection, whose marks would make copies of shared pages.
    gc.collect()
    gc.freeze()
    gc.enable()


def _load_models() -> None:
    """Load settings and every room's models, where forks share them."""
    if sys.platform != "linux":
        return
    gc.disable()  # Nothing of what is loaded is ever thrown away; until all is there.
    import django

    django.setup()


@cache
def _load_pages() -> None:
    """Load all that is behind the addresses, the worker and the server, where forks share it."""
    if sys.platform != "linux":
        return
    from django.urls import get_resolver

    from linli.kernel import worker  # noqa: F401

    _ = get_resolver().url_patterns
    import granian  # noqa: F401


class Child:
    """One of the supervisor's two processes: a function that runs in a fork."""

    def __init__(self, name: str, title: str, work: Callable[[], int]) -> None:
        self.name = name
        self._title = title  # how `ps` and `top` show it
        self._work = work
        self._deaths = 0
        self._started_at = 0.0
        self._pid = 0

    def start(self) -> None:
        """Fork it into a group of its own, so that Ctrl-C reaches the supervisor alone."""
        self._started_at = time.monotonic()
        supervisor = os.getpid()
        sys.stdout.flush()
        sys.stderr.flush()
        self._pid = os.fork()
        if not self._pid:
            _become(self._work, self._title, supervisor)

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
                with contextlib.suppress(ProcessLookupError):
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


def _become(work: Callable[[], int], title: str, supervisor: int) -> NoReturn:
    """Be the child from here on: nothing of the supervisor's own work goes on in it."""
    code = 1
    try:
        os.setsid()
        signal.signal(signal.SIGINT, signal.default_int_handler)
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        die_with_parent()
        if sys.platform == "linux":
            ctypes.CDLL(None).prctl(PR_SET_NAME, title.encode())
        if os.getppid() == supervisor:  # it may have died before we asked to be told
            code = work()
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 1
    except Exception:
        logging.getLogger(__name__).exception("Unable to go on")
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


def _prepare() -> int:
    """Make the database ready in a fork, so that its memory and connections end with it; the pages are
    loaded meanwhile. Return 0, IS_DEMO, or what went wrong.
    """
    _load_models()
    sys.stdout.flush()
    sys.stderr.flush()
    pid = os.fork()
    if not pid:
        gc.enable()
        die_with_parent()
        code = 1
        try:
            import django
            from django.conf import settings

            django.setup()
            from config import prepare

            # An empty database gets the demo, unless LINLI_DEMO=0 says that it is for real use.
            settings.DEMO = os.environ.get("LINLI_DEMO", "1") == "1"
            code = prepare.prepare()
        except KeyboardInterrupt:
            code = 130
        except Exception:
            logging.getLogger(__name__).exception("Unable to prepare")
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)
    _load_pages()
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def _show_as_demo() -> None:
    """Let the pages and the worker know that the database holds the demo, which was not known before."""
    from django.conf import settings

    os.environ.setdefault("LINLI_DEMO", "1")
    settings.DEMO = os.environ["LINLI_DEMO"] == "1"


def _supervise(host: str, port: int) -> int:
    preload()
    stop = threading.Event()
    _on_stop(stop.set)
    children = [
        Child("网页", "linli-web", lambda: serve(host=host, port=port)),
        Child("后台", "linli-worker", work),
    ]
    for child in children:
        child.start()
    _say_when_open(host, port, stop)
    while not stop.wait(0.2):
        for child in children:
            child.keep_alive()
    for child in children:
        child.ask_to_stop()
    for child in children:
        child.wait(time.monotonic() + GRACE_SECONDS)
    print("已结束。", flush=True)
    return 0


def _say_when_open(host: str, port: int, stop: threading.Event) -> None:
    """Tell the address once a page has really been answered."""
    visited = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)
    for _attempt in range(600):
        if stop.wait(0.05):
            return
        if _answers(visited, port):
            break
    shown = "localhost" if visited in ("127.0.0.1", "::1") else visited
    print(f"已经打开：http://{shown}:{port}/　按 Ctrl-C 结束。", flush=True)


def _answers(host: str, port: int) -> bool:
    # By hand: an HTTP library would cost the supervisor more memory than all the rest of it.
    with contextlib.suppress(OSError), socket.create_connection((host, port), timeout=5) as door:
        door.sendall(b"GET /health/ HTTP/1.0\r\nHost: localhost\r\n\r\n")
        return door.recv(5) == b"HTTP/"
    return False


def _load_application() -> Callable[..., Any]:
    """Load the pages in the web process, which then ends with its parent."""
    die_with_parent()
    from config.wsgi import application

    return application


def _on_stop(stop: Callable[[], None]) -> None:
    def handle(_number: int, _frame: FrameType | None) -> None:
        stop()

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, handle)


def _is_free(host: str, port: int) -> bool:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as door:
        door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            door.bind((host, port))
        except OSError:
            return False
        return True
