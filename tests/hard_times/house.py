"""A running product for one test: a database and a folder of its own, real processes, a real port."""

import contextlib
import http.client
import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.conf import settings

from tests import pattern

ROOT = Path(__file__).resolve().parents[2]
START_SECONDS = 600


class House:
    """One installation: its folder, its database, its processes."""

    def __init__(self, folder: Path, database_url: str = "") -> None:
        self.folder = folder
        self.folder.mkdir(parents=True, exist_ok=True)
        self.database_url = database_url
        self.port = free_port()
        self.facts: dict[str, Any] = {}
        self._processes: list[subprocess.Popen[bytes]] = []

    @property
    def environment(self) -> dict[str, str]:
        """The environment of the product's processes: nothing of the test's own settings."""
        strange = ("DJANGO_SETTINGS_MODULE", "DATABASE_URL")
        kept = {
            name: value
            for name, value in os.environ.items()
            if name not in strange and not name.startswith("LINLI_")
        }
        own = {
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "LINLI_DATA": str(self.folder),
            "LINLI_DEMO": "0",
            "LINLI_TRUSTED_PROXIES": "1",
            "PYTHONPATH": str(ROOT),
        }
        return kept | own | ({"DATABASE_URL": self.database_url} if self.database_url else {})

    def ask(self, wish: str) -> dict[str, Any]:
        """Have something done inside, in a process of its own, and return what it says."""
        words = [sys.executable, "-m", "tests.hard_times.inside", wish]
        done = subprocess.run(
            words, env=self.environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        answer: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
        return answer

    def linli(self, *words: str) -> int:
        """Run a `linli` command to its end; return its exit code."""
        return subprocess.run(
            self._command(*words), env=self.environment, capture_output=True, check=False
        ).returncode

    def start(self, *words: str) -> "subprocess.Popen[bytes]":
        """Start a `linli` command: run, serve or worker."""
        with (self.folder / "log").open("ab") as log:
            process = subprocess.Popen(
                self._command(*words),
                env=self.environment | {"PORT": str(self.port)},
                stdout=subprocess.DEVNULL,
                stderr=log,
                start_new_session=True,
            )
        self._processes.append(process)
        return process

    def wait_until_open(self) -> None:
        """Wait until pages are answered."""
        for _attempt in range(START_SECONDS * 10):
            with contextlib.suppress(OSError, http.client.HTTPException):
                if Phone(self).get("/health/").status == 200:
                    return
            time.sleep(0.1)
        raise AssertionError(f"It does not open:\n{self.log()}")

    def log(self) -> str:
        """Return what the processes complained about."""
        return (self.folder / "log").read_text() if (self.folder / "log").exists() else ""

    def kill(self, *, with_supervisor: bool = True) -> None:
        """End everything at once with SIGKILL; without the supervisor, all that it looks after."""
        for process in self._processes:
            victims = descendants(process.pid)
            for pid in [process.pid, *victims] if with_supervisor else victims:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            if with_supervisor:
                process.wait()
        if with_supervisor:
            self._processes = []

    def _command(self, *words: str) -> list[str]:
        return [sys.executable, "-m", "config.cli", *words]


class Answer:
    """What came back: status, body, and where it leads."""

    def __init__(self, response: http.client.HTTPResponse) -> None:
        self.status = response.status
        self.body = response.read().decode()
        self.leads_to = response.getheader("Location") or ""
        self.cookies = SimpleCookie()
        for line in response.headers.get_all("Set-Cookie") or ():
            self.cookies.load(line)

    @property
    def token(self) -> str:
        """The secret link's token, when this leads to a receipt."""
        parts = urlsplit(self.leads_to).path.split("/")
        return parts[2] if self.status == 302 and parts[1:2] == ["c"] else ""


class Phone:
    """Somebody's phone: keeps cookies, stands behind an address, shares nothing else."""

    def __init__(self, house: House, address: str = "10.0.0.1") -> None:
        self._port = house.port
        self._address = address
        self._cookies: dict[str, str] = {}

    def get(self, path: str) -> Answer:
        """Open a page."""
        return self._send("GET", path)

    def post(self, path: str, **typed: str) -> Answer:
        """Send a form."""
        return self._send("POST", path, self._body(typed))

    def post_and_hang_up(self, path: str, **typed: str) -> None:
        """Send a form and be gone before the answer comes."""
        body = self._body(typed)
        lines = [f"POST {path} HTTP/1.1", "Host: localhost", f"Content-Length: {len(body)}"]
        lines += [f"{name}: {value}" for name, value in self._headers().items()]
        door = socket.create_connection(("127.0.0.1", self._port), timeout=200)
        door.sendall("\r\n".join([*lines, "", ""]).encode() + body)
        door.close()

    def _body(self, typed: dict[str, str]) -> bytes:
        return urlencode(typed | {"csrfmiddlewaretoken": self._cookies["csrftoken"]}).encode()

    def _headers(self) -> dict[str, str]:
        cookies = "; ".join(f"{name}={value}" for name, value in self._cookies.items())
        return {
            "Content-Type": "application/x-www-form-urlencoded",
            "X-Forwarded-For": self._address,
            **({"Cookie": cookies} if cookies else {}),
        }

    def _send(self, method: str, path: str, body: bytes | None = None) -> Answer:
        line = http.client.HTTPConnection("127.0.0.1", self._port, timeout=200)
        try:
            line.request(method, path, body, self._headers())
            answer = Answer(line.getresponse())
        finally:
            line.close()
        self._cookies.update({name: morsel.value for name, morsel in answer.cookies.items()})
        return answer


@contextlib.contextmanager
def new_house(folder: Path) -> Iterator[House]:
    """Give an installation with a small community in it; afterwards nothing of it is left."""
    with _new_database() as database_url:
        house = House(folder, database_url)
        if not database_url:
            shutil.copyfile(pattern.file(), folder / "linli.sqlite3")
        house.facts = house.ask("seed")
        try:
            yield house
        finally:
            house.kill()
            shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def like(pattern: House, folder: Path) -> Iterator[House]:
    """Give a copy of an installation in which nothing runs."""
    shutil.copytree(pattern.folder, folder)
    with _new_database(pattern.database_url) as database_url:
        house = House(folder, database_url)
        house.facts = pattern.facts
        try:
            yield house
        finally:
            house.kill()
            shutil.rmtree(folder, ignore_errors=True)


def descendants(pid: int) -> list[int]:
    """Return the processes below one, nearest first (Linux)."""
    try:
        threads = list(Path(f"/proc/{pid}/task").iterdir())
        found = [int(child) for one in threads for child in (one / "children").read_text().split()]
    except (FileNotFoundError, ProcessLookupError):
        return []
    return found + [below for child in found for below in descendants(child)]


def free_port() -> int:
    """Return a port that nobody uses."""
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        return int(door.getsockname()[1])


@contextlib.contextmanager
def _new_database(pattern_url: str = "") -> Iterator[str]:
    """Give the address of a new database on the tests' PostgreSQL, or "" for the folder's SQLite."""
    if "postgresql" not in settings.DATABASES["default"]["ENGINE"]:
        yield ""
        return
    import psycopg

    name = f"hard_{secrets.token_hex(4)}"
    server = urlsplit(os.environ["DATABASE_URL"])
    template = urlsplit(pattern_url).path[1:] or pattern.database(server.geturl())
    with psycopg.connect(server.geturl(), autocommit=True) as link:
        link.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
        try:
            yield server._replace(path=f"/{name}").geturl()
        finally:
            link.execute(f"DROP DATABASE {name} WITH (FORCE)")
