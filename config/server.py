"""Runs web and worker: one command that starts both, watches them and ends them together.

One process loads the product and rehearses it, then forks the worker and the web processes, so that what
they share is in memory once and they are there at once. It watches the worker itself and lets granian
watch the web processes. Each child dies with its parent, so that nobody is left behind who holds the port.
"""

import contextlib
import errno
import gc
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
from typing import Any, Final

from config import sharing
from config.children import Child, die_with_parent, forked, show_as

ROOT: Final = Path(__file__).resolve().parent.parent
_opened: Final = threading.Event()
IS_DEMO: Final = 10  # the exit code of `linli prepare` when the database holds the demo
GRACE_SECONDS: Final = 10.0
PAUSE_SECONDS: Final = 5.0
THREADS: Final = 4  # of all web processes together; each has its own connection to the database


def run(*, host: str, port: int) -> int:
    """Prepare, then serve and work until Ctrl-C or SIGTERM; a child that dies is started again."""
    wrong = _why_closed(host, port)
    if wrong:
        print(f"✗ {wrong}", file=sys.stderr)
        return 1
    count_together()
    prepared = _prepare()
    if prepared not in (0, IS_DEMO):
        return prepared
    if prepared == IS_DEMO:
        _show_as_demo()
    _open(host, port, Child("后台", "linli-worker", work))
    print("已结束。", flush=True)
    return 0


def serve(*, host: str, port: int) -> int:
    """Serve the pages until told to stop; a web process that dies is started again."""
    count_together()
    _open(host, port)
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


def count_together() -> None:
    """Name the file in which the web processes count callers together (kernel.throttle).

    Before anything is loaded: the counters are there from the first import on.
    """
    data = Path(os.environ.get("LINLI_DATA", ROOT / "var"))
    os.environ.setdefault("LINLI_LIMITS", str(data / "limits"))


@cache
def preload() -> None:
    """Load the product and rehearse it before forking, once: whoever is forked shares what that leaves.

    Measured: everything takes half of the memory that it takes otherwise. Only Linux forks such
    a process without harm; elsewhere each child loads it for itself.
    """
    if sys.platform != "linux":
        return
    _load_models()
    _load_pages()
    from config import rehearsal

    rehearsal.rehearse()
    sharing.settle()


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


def _prepare() -> int:
    """Make the database ready in a fork, so that its memory and connections end with it; the pages are
    loaded meanwhile. Return 0, IS_DEMO, or what went wrong.
    """
    _load_models()
    pid = forked(_prepare_here)
    _load_pages()
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def _prepare_here() -> int:
    gc.enable()
    import django
    from django.conf import settings

    django.setup()
    from config import prepare, trouble

    # An empty database gets the demo, unless LINLI_DEMO=0 says that it is for real use.
    settings.DEMO = os.environ.get("LINLI_DEMO", "1") == "1"
    try:
        with trouble.in_words():
            return prepare.prepare()
    except trouble.Unreachable as refusal:
        print(f"✗ {refusal.message}", file=sys.stderr)
        return 1


def _show_as_demo() -> None:
    """Let the pages and the worker know that the database holds the demo, which was not known before."""
    from django.conf import settings

    os.environ.setdefault("LINLI_DEMO", "1")
    settings.DEMO = os.environ["LINLI_DEMO"] == "1"


def _open(host: str, port: int, worker: Child | None = None) -> None:
    """Fork worker and web processes and watch over them until told to stop."""
    preload()
    stop = threading.Event()
    if worker:
        worker.start()
    watch = threading.Thread(target=_watch, args=(host, port, worker, stop), name="watch")
    watch.start()
    try:
        _serve_pages(host, port, stop)
    finally:
        stop.set()
        watch.join()
        if worker:
            worker.ask_to_stop()
            worker.wait(time.monotonic() + GRACE_SECONDS)


def _serve_pages(host: str, port: int, stop: threading.Event) -> None:
    """Let granian keep the web processes; when it gives up on them, begin anew after a pause."""
    from granian import Granian
    from granian.constants import Interfaces
    from granian.log import LogLevels

    # One writer at a time is SQLite's way, so a second process would only wait (ADR 0002).
    processes = 1 if is_sqlite() else 2
    while True:
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
        try:
            server.serve(target_loader=_load_application, wrap_loader=False)
        except SystemExit:
            if not server.interrupt_signal:
                print("网页一再停下，歇一会儿再启动。", file=sys.stderr, flush=True)
        if server.interrupt_signal or stop.wait(PAUSE_SECONDS):
            return


def _watch(host: str, port: int, worker: Child | None, stop: threading.Event) -> None:
    _say_when_open(host, port, stop)
    sharing.let_go_of_libraries()
    _opened.set()
    while not stop.wait(0.2):
        if worker:
            worker.keep_alive()


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
    # By hand: an HTTP library would cost more memory than all the rest of watching.
    with contextlib.suppress(OSError), socket.create_connection((host, port), timeout=5) as door:
        door.sendall(b"GET /health/ HTTP/1.0\r\nHost: localhost\r\n\r\n")
        return door.recv(5) == b"HTTP/"
    return False


def _load_application() -> Callable[..., Any]:
    """Load the pages in the web process, which then ends with its parent."""
    die_with_parent()
    show_as("linli-web")
    if _opened.is_set():  # in the parent, when this process was forked
        print("网页停了，已重新启动。", file=sys.stderr, flush=True)
    from config.wsgi import application

    return application


def _on_stop(stop: Callable[[], None]) -> None:
    def handle(_number: int, _frame: FrameType | None) -> None:
        stop()

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, handle)


def _why_closed(host: str, port: int) -> str:
    """Return what is wrong with an address to listen on; "" when it is free."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as door:
        door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            door.bind((host, port))
        except OSError as error:
            if isinstance(error, socket.gaierror) or error.errno == errno.EADDRNOTAVAIL:
                return f"{host} 不是这台机器的地址。本机用 HOST=127.0.0.1，对外用 HOST=0.0.0.0。"
            if error.errno == errno.EACCES:
                return f"端口 {port} 要管理员才能用。换一个：PORT=8000 linli run"
            return f"端口 {port} 已经有程序在用。换一个：PORT={port + 1} linli run"
    return ""
