"""Clients: eight at once, each with its own connection, measuring every answer."""

import re
import socket
import statistics
import threading
import time
import urllib.parse
from collections.abc import Callable
from dataclasses import dataclass, field

CLIENTS = 8
_TOKEN = re.compile(rb'name="csrfmiddlewaretoken" value="([^"]+)"')
_COOKIE = re.compile(r"(?im)^set-cookie: *([^=\r\n]+)=([^;\r\n]*)")
_LENGTH = re.compile(r"(?i)\r\ncontent-length: *(\d+)")
_LOCATION = re.compile(r"(?i)\r\nlocation: *([^\r\n]+)")


@dataclass
class Result:
    """What a run of one scenario gave; times in seconds."""

    seconds: float = 0.0
    times: list[float] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)

    @property
    def count(self) -> int:
        """Return how many answers came."""
        return len(self.times)

    def percentile(self, share: float) -> float:
        """Return the time within which that share of the answers came, in milliseconds."""
        ordered = sorted(self.times) or [0.0]
        return ordered[min(int(len(ordered) * share), len(ordered) - 1)] * 1000

    @property
    def mean(self) -> float:
        """Return the mean time in milliseconds."""
        return statistics.fmean(self.times or [0.0]) * 1000


class Client:
    """One browser: a kept connection and its cookies.

    It speaks HTTP by hand: clients share the cores with what they measure, and Python's own client is
    not small beside a report.
    """

    def __init__(self, port: int) -> None:
        self.port = port
        self.cookies: dict[str, str] = {}
        self.token = ""
        self.address = "10.0.0.1"
        self.key = ""  # of another system, instead of a session
        self._door: socket.socket | None = None

    def get(self, path: str) -> tuple[int, str]:
        """Fetch a page; return status and text."""
        return self._send("GET", path, "")

    def post(self, path: str, fields: dict[str, str]) -> tuple[int, str]:
        """Send a form with the token of the page before; return status and text or location."""
        return self._send(
            "POST", path, urllib.parse.urlencode(fields | {"csrfmiddlewaretoken": self.token})
        )

    def _send(self, method: str, path: str, body: str) -> tuple[int, str]:
        """Send one request; a connection that a server has closed meanwhile is opened anew, once."""
        asked = self._request(method, path, body)
        for attempt in (1, 2):
            try:
                if self._door is None:
                    self._door = socket.create_connection(("127.0.0.1", self.port), timeout=60)
                self._door.sendall(asked)
                head, text = _answer(self._door)
                break
            except OSError:
                self._door = None
                if attempt == 2:
                    raise
        return self._take(head, text)

    def _request(self, method: str, path: str, body: str) -> bytes:
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        key = f"Authorization: Bearer {self.key}\r\n" if self.key else ""
        content = (
            f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n"
            if method == "POST"
            else ""
        )
        return (
            f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\nCookie: {cookies}\r\n"
            f"X-Forwarded-For: {self.address}\r\n{key}{content}\r\n{body}"
        ).encode()

    def _take(self, head: str, text: bytes) -> tuple[int, str]:
        """Keep cookies and the token of a form; return status and text or location."""
        self.cookies |= dict(_COOKIE.findall(head))
        if (at := text.find(b'name="csrfmiddlewaretoken"')) >= 0:
            found = _TOKEN.search(text, at)
            self.token = found[1].decode() if found else self.token
        place = _LOCATION.search(head)
        return int(head[9:12]), place[1] if place else text.decode(errors="replace")


def _answer(door: socket.socket) -> tuple[str, bytes]:
    """Read one answer: its head, and as many bytes as it says."""
    came = b""
    while (end := came.find(b"\r\n\r\n")) < 0:
        came += _some(door)
    head, body = came[:end].decode("latin-1"), bytearray(came[end + 4 :])
    size = _LENGTH.search(head)
    while len(body) < (int(size[1]) if size else 0):
        body += _some(door)
    return head, bytes(body)


def _some(door: socket.socket) -> bytes:
    piece = door.recv(65536)
    if not piece:
        raise ConnectionResetError("The server closed the connection")
    return piece


def run(
    port: int, prepare: Callable[[Client], None], step: Callable[[Client], tuple[int, str]],
    *, seconds: float, accepted: tuple[int, ...] = (200,), per_second: float = 0,
) -> Result:  # fmt: skip
    """Let the clients repeat a step for so many seconds.

    per_second: all clients together keep to that pace; 0 is as fast as it goes.
    """
    result, lock = Result(), threading.Lock()
    clients = [Client(port) for _ in range(CLIENTS)]
    for client in clients:
        prepare(client)
    pause = CLIENTS / per_second if per_second else 0.0
    end = time.perf_counter() + seconds

    def work(client: Client, offset: float) -> None:
        due = time.perf_counter() + offset
        while (begin := time.perf_counter()) < end:
            if pause and begin < due:
                time.sleep(min(due - begin, 0.05))
                continue
            due += pause
            status, text = step(client)
            with lock:
                result.times.append(time.perf_counter() - begin)
                if status not in accepted:
                    result.failures.append(f"{status}: {text[:200]}")

    threads = [
        threading.Thread(target=work, args=(client, pause * at / CLIENTS))
        for at, client in enumerate(clients)
    ]
    started = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    result.seconds = time.perf_counter() - started
    return result
