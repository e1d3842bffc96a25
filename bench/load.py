"""Clients: eight at once, each with its own connection, measuring every answer."""

import http.client
import re
import statistics
import threading
import time
import urllib.parse
from collections.abc import Callable
from dataclasses import dataclass, field

CLIENTS = 8
_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


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
    """One browser: a kept connection and its cookies."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self.cookies: dict[str, str] = {}
        self.token = ""
        self.address = "10.0.0.1"
        self.key = ""  # of another system, instead of a session

    def get(self, path: str) -> tuple[int, str]:
        """Fetch a page; return status and text."""
        return self._send("GET", path, None)

    def post(self, path: str, fields: dict[str, str]) -> tuple[int, str]:
        """Send a form with the token of the page before; return status and text or location."""
        return self._send(
            "POST", path, urllib.parse.urlencode(fields | {"csrfmiddlewaretoken": self.token})
        )

    def _send(self, method: str, path: str, body: str | None) -> tuple[int, str]:
        headers = {
            "Cookie": "; ".join(f"{k}={v}" for k, v in self.cookies.items()),
            "X-Forwarded-For": self.address,
        }
        if self.key:
            headers["Authorization"] = f"Bearer {self.key}"
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        self.connection.request(method, path, body, headers)
        answer = self.connection.getresponse()
        text = answer.read().decode(errors="replace")
        for cookie in answer.headers.get_all("Set-Cookie") or ():
            name, _sep, value = cookie.split(";", 1)[0].partition("=")
            self.cookies[name] = value
        if found := _TOKEN.search(text):
            self.token = found[1]
        return answer.status, answer.headers.get("Location") or text


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
