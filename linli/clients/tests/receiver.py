"""The other side of webhooks on this machine: takes them, checks them, and misbehaves when told to."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import chain, cycle
from typing import Any


@dataclass
class Receiver:
    """What came, and how it is answered."""

    url: str = ""
    status: int = 204
    location: str = ""  # with it, the answer is a redirect
    delay_seconds: float = 0.0
    drip_seconds: float = 0.0  # between the letters of the answer
    taken: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)


@contextmanager
def serve(receiver: Receiver) -> Iterator[Receiver]:
    """Run the receiver inside the block; `receiver.url` says where."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(receiver))
    server.daemon_threads = True
    receiver.url = f"http://127.0.0.1:{server.server_address[1]}/hook"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.daemon = True
    thread.start()
    try:
        yield receiver
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _handler(receiver: Receiver) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
            headers = {name.lower(): value for name, value in self.headers.items()}
            receiver.taken.append((headers, body))
            receiver.paths.append(self.path)
            time.sleep(receiver.delay_seconds)
            with suppress(BrokenPipeError, ConnectionResetError):  # Whoever asked did not wait.
                self._answer()

        def _answer(self) -> None:
            if receiver.drip_seconds:
                for letter in chain(b"HTTP/1.1 200 ", cycle(b"OK")):
                    self.wfile.write(bytes([letter]))
                    self.wfile.flush()
                    time.sleep(receiver.drip_seconds)
            self.send_response(302 if receiver.location else receiver.status)
            if receiver.location:
                self.send_header("Location", receiver.location)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: Any) -> None:
            pass

    return Handler
