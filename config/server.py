"""Runs web and worker: one command that starts both, watches them and ends them together.

The supervisor imports no Django and stays small. Each child dies with its parent, so that a killed
supervisor leaves nobody behind who holds the port.
"""

import contextlib
import ctypes
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any, Final

ROOT: Final = Path(__file__).resolve().parent.parent
IS_DEMO: Final = 10  # the exit code of `linli prepare` when the database holds the demo
SUPERVISED: Final = "LINLI_SUPERVISED"
GRACE_SECONDS: Final = 10.0
THREADS: Final = 4
# A child that lived this long has earned a restart at once.
STEADY_SECONDS: Final = 30.0
PR_SET_PDEATHSIG: Final = 1


def run(*, host: str, port: int) -> int:
    """Prepare, then serve and work until Ctrl-C or SIGTERM; a child that dies is started again."""
    if not _is_free(host, port):
        print(f"端口 {port} 已经有程序在用。换一个：PORT={port + 1} linli run", file=sys.stderr)
        return 1
    environment = _environment()
    prepared = subprocess.run(
        _command("prepare"), env=environment | {"LINLI_DEMO": _demo_wish()}, check=False
    ).returncode
    if prepared not in (0, IS_DEMO):
        return prepared
    if prepared == IS_DEMO:
        environment.setdefault("LINLI_DEMO", "1")
    return _supervise(host, port, environment)


def serve(*, host: str, port: int) -> int:
    """Serve the pages until told to stop; a web process that dies is started again."""
    if os.environ.get(SUPERVISED):
        die_with_parent()
    from granian import Granian
    from granian.constants import Interfaces
    from granian.log import LogLevels

    server = Granian(
        "config.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        # One writer at a time is SQLite's way, so a second process would only wait (ADR 0002).
        workers=1 if is_sqlite() else 2,
        blocking_threads=THREADS,
        blocking_threads_idle_timeout=600,
        respawn_failed_workers=True,
        respawn_interval=0.2,
        workers_kill_timeout=int(GRACE_SECONDS),
        log_level=LogLevels.warning,
    )
    # The web processes count callers together, in a file that all of them map (kernel.throttle).
    data = Path(os.environ.get("LINLI_DATA", ROOT / "var"))
    os.environ.setdefault("LINLI_LIMITS", str(data / "limits"))
    server.serve(target_loader=_load_application, wrap_loader=False)
    return 0


def work() -> int:
    """Work until told to stop; what is under way is finished first."""
    if os.environ.get(SUPERVISED):
        die_with_parent()
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


class Child:
    """One of the supervisor's two processes."""

    def __init__(self, name: str, words: list[str], environment: dict[str, str]) -> None:
        self.name = name
        self._words = words
        self._environment = environment
        self._deaths = 0
        self._started_at = 0.0
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it in a group of its own, so that Ctrl-C reaches the supervisor alone."""
        self._started_at = time.monotonic()
        self._process = subprocess.Popen(
            _command(*self._words), env=self._environment, start_new_session=True
        )

    def keep_alive(self) -> None:
        """Start it again if it died, after a pause that grows while it keeps dying."""
        if self._process is None or self._process.poll() is None:
            return
        lived = time.monotonic() - self._started_at
        self._deaths = 0 if lived > STEADY_SECONDS else self._deaths + 1
        pause = min(0.2 * 2**self._deaths, 10.0)
        if lived < pause:
            return
        print(
            f"{self.name}停了（{self._process.returncode}），重新启动。",
            file=sys.stderr,
            flush=True,
        )
        self.start()

    def ask_to_stop(self) -> None:
        """Tell it to finish."""
        if self._process is not None and self._process.poll() is None:
            self._process.terminate()

    def wait(self, until: float) -> None:
        """Wait for its end, and end it when time is up."""
        if self._process is None:
            return
        try:
            self._process.wait(max(until - time.monotonic(), 0.1))
        except subprocess.TimeoutExpired:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()


def _supervise(host: str, port: int, environment: dict[str, str]) -> int:
    stop = threading.Event()
    _on_stop(stop.set)
    address = ["--host", host, "--port", str(port)]
    children = [
        Child("网页", ["serve", *address], environment),
        Child("后台", ["worker"], environment),
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


def _environment() -> dict[str, str]:
    path = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH", "")]))
    return dict(os.environ) | {SUPERVISED: "1", "PYTHONPATH": path, "PYTHONUNBUFFERED": "1"}


def _demo_wish() -> str:
    """An empty database gets the demo unless LINLI_DEMO=0 says that it is for real use."""
    return os.environ.get("LINLI_DEMO", "1")


def _command(*words: str) -> list[str]:
    return [sys.executable, "-m", "config.cli", *words]


def _is_free(host: str, port: int) -> bool:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as door:
        door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            door.bind((host, port))
        except OSError:
            return False
        return True
