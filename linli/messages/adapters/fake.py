"""The other side of our protocols on this machine: a gateway for texts and both kinds of robots.

For tests and for trying things out (`manage.py fake_gateway`). It checks signatures, keeps keys,
and misbehaves when told to. Nothing leaves the machine.
"""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from hmac import compare_digest
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from linli.messages.adapters.robots import dingtalk_sign
from linli.messages.adapters.sms import signature

LIFE_SECONDS = 300


@dataclass
class Gateway:
    """What the other side keeps and how it behaves."""

    sms_key: str = "shared"
    dingtalk_secret: str = "SECfake"
    url: str = ""
    texts: list[dict[str, str]] = field(default_factory=list)  # each text once, as it arrived
    said: list[dict[str, str]] = field(default_factory=list)  # what robots said
    calls: int = 0
    status: int = 0  # set: answer this to everything
    retry_after: str = ""
    errcode: int = 0  # set: robots answer this
    delay_seconds: float = 0.0  # after taking it, before answering
    _known: dict[str, str] = field(default_factory=dict)

    def answer(self, path: str, headers: Any, body: bytes) -> tuple[int, dict[str, Any]]:
        """Return status and body of the answer to one call."""
        self.calls += 1
        if self.status:
            return self.status, {"error": "as told"}
        target = urlsplit(path)
        if target.path == "/sms":
            return self._take_text(headers, body)
        if target.path in ("/wecom", "/dingtalk"):
            return 200, self._say(target.path[1:], parse_qs(target.query), json.loads(body))
        return 404, {"error": "no such path"}

    def _take_text(self, headers: Any, body: bytes) -> tuple[int, dict[str, Any]]:
        key, moment = headers.get("Idempotency-Key", ""), headers.get("X-Linli-Timestamp", "0")
        expected = signature(self.sms_key, moment, key, body)
        if not compare_digest(expected, headers.get("X-Linli-Signature", "")):
            return 401, {"error": "wrong signature"}
        if not key or abs(time.time() - int(moment)) > LIFE_SECONDS:
            return 401, {"error": "too old"}
        data = json.loads(body)
        if not (data["to"].isdigit() and len(data["to"]) == 11):
            return 422, {"error": "号码不对"}
        if key not in self._known:
            self._known[key] = f"fake-{len(self._known) + 1}"
            self.texts.append({"to": data["to"], "text": data["text"], "key": key})
        time.sleep(self.delay_seconds)
        return 200, {"id": self._known[key]}

    def _say(self, kind: str, query: dict[str, list[str]], data: dict[str, Any]) -> dict[str, Any]:
        if self.errcode:
            return {"errcode": self.errcode, "errmsg": "as told"}
        if kind == "dingtalk" and not self._is_signed(query):
            return {"errcode": 310000, "errmsg": "sign not match"}
        if data.get("msgtype") != "text" or not data.get("text", {}).get("content"):
            return {"errcode": 40008, "errmsg": "invalid message type"}
        self.said.append({"kind": kind, "text": data["text"]["content"]})
        return {"errcode": 0, "errmsg": "ok"}

    def _is_signed(self, query: dict[str, list[str]]) -> bool:
        moment = int(query.get("timestamp", ["0"])[0])
        is_young = abs(time.time() * 1000 - moment) < 3_600_000
        given = query.get("sign", [""])[0]
        return is_young and compare_digest(dingtalk_sign(self.dingtalk_secret, moment), given)


@contextmanager
def serve(gateway: Gateway, port: int = 0) -> Iterator[Gateway]:
    """Run the gateway on this machine inside the block; `gateway.url` says where."""
    server = ThreadingHTTPServer(("127.0.0.1", port), _handler(gateway))
    server.daemon_threads = True
    gateway.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(
        target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True
    )
    thread.start()
    try:
        yield gateway
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _handler(gateway: Gateway) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        """Hands each POST to the gateway."""

        def do_POST(self) -> None:
            length = int(self.headers.get("Content-Length", "0"))
            status, data = gateway.answer(self.path, self.headers, self.rfile.read(length))
            raw = json.dumps(data, ensure_ascii=False).encode()
            try:
                self.send_response(status)
                if gateway.retry_after:
                    self.send_header("Retry-After", gateway.retry_after)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(raw)))
                self.end_headers()
                self.wfile.write(raw)
            except (BrokenPipeError, ConnectionResetError):
                pass  # Whoever asked did not wait.

        def log_message(self, format: str, *args: Any) -> None:
            """Stay quiet."""

    return Handler
