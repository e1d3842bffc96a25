"""Photos named by an address: fetched by the worker, from public machines only, cleaned, once."""

import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from linli.cases.adapters import media
from linli.cases.models import Case, Entry
from linli.cases.tests.residents import photo
from linli.cases.tests.systems import System, key_of, world
from linli.kernel import clock, jobs
from linli.kernel.models import Job

__all__ = ["world"]
BIN = {
    "service_code": "rubbish",
    "description": "垃圾桶满了两天。",
    "lat": "44.17",
    "long": "87.54",
}


class Album(BaseHTTPRequestHandler):
    """A city's photo server, with good and bad addresses."""

    def do_GET(self):
        name = self.path.strip("/")
        if name.startswith("to/"):
            self.send_response(302)
            self.send_header("Location", self.server.leads_to)  # type: ignore[attr-defined]
            self.end_headers()
            return
        body = {
            "bin.jpg": photo().read(),
            "page.jpg": b"<html>",
            "huge.jpg": b"\xff\xd8\xff" * 9999,
        }
        if name == "drop.jpg":
            with suppress(OSError):
                self._drip()
            return
        self.send_response(503 if name == "later.jpg" else 200 if name in body else 404)
        self.end_headers()
        self.wfile.write(body.get(name, b""))

    def _drip(self):
        self.send_response(200)
        self.end_headers()
        for letter in photo().read()[:600]:
            self.wfile.write(bytes([letter]))
            self.wfile.flush()
            time.sleep(0.1)

    def log_message(self, *_args):
        """Say nothing."""


@pytest.fixture
def album(settings) -> Iterator[str]:
    settings.ROBOT_HOSTS = frozenset({"127.0.0.1"})
    server = ThreadingHTTPServer(("127.0.0.1", 0), Album)
    server.leads_to = "https://10.0.0.1/secret.jpg"  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def file_with(world, *addresses: str) -> Case:
    system = System(world, key_of(world))
    answer = system.send("requests", {**BIN, "media_url": list(addresses)})
    assert system.last.status_code == 200, system.last.content
    return Case.objects.get(number=answer[0]["service_request_id"])


def work() -> None:
    jobs.run_jobs(clock.now(), is_external=True)


def test_a_photo_comes_with_the_worker_and_only_once(world, album):
    case = file_with(world, f"{album}/bin.jpg")
    assert case.photo_count == 0
    work()
    Job.objects.update(done_at=None)  # a worker that died before it could note the end
    work()
    case.refresh_from_db()
    assert (case.photo_count, case.photos.get().stage) == (1, "report")
    (shown,) = System(world, key_of(world)).ask(f"requests/{case.number}")
    assert shown["media_url"]


@pytest.mark.parametrize("name", ["page.jpg", "nothing.jpg", "to/inside"])
def test_what_can_never_be_had_is_noted_for_staff_and_the_case_stays(world, album, name):
    case = file_with(world, f"{album}/{name}")
    work()
    assert "照片没有取到" in Entry.objects.get(case=case).text
    assert Job.objects.get(task="cases.media").done_at is not None


def test_what_is_too_large_is_left(world, album, settings):
    settings.PHOTO_MAX_BYTES = 1000
    case = file_with(world, f"{album}/huge.jpg")
    work()
    assert Entry.objects.filter(case=case).count() == 1


def test_what_may_come_later_is_tried_again(world, album):
    file_with(world, f"{album}/later.jpg")
    work()
    job = Job.objects.get(task="cases.media")
    assert job.done_at is None
    assert job.due_at > clock.now()


def test_a_photo_by_the_drop_is_left_for_later(world, album, monkeypatch):
    monkeypatch.setattr(media, "DEADLINE_SECONDS", 0.4)
    file_with(world, f"{album}/drop.jpg")
    started = time.monotonic()
    work()
    assert time.monotonic() - started < 30  # all of it would take a minute
    assert Job.objects.get(task="cases.media").done_at is None


@pytest.mark.parametrize(
    "address",
    [
        "http://example.org/a.jpg",
        "https://127.0.0.1/a.jpg",
        "https://localhost/a.jpg",
        "https://10.1.2.3/a.jpg",
        "https://[::1]/a.jpg",
        "https://169.254.169.254/latest/meta-data",
        "https://user:pass@example.org/a.jpg",
        "https://printer.local/a.jpg",
        "ftp://example.org/a.jpg",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "https://example.org/" + "a" * 1000,
    ],
)
@pytest.mark.parametrize("ext", ["json", "xml"])
def test_an_address_inside_or_without_https_is_refused_at_once(world, address, ext):
    system = System(world, key_of(world), ext)
    system.send("requests", {**BIN, "media_url": address})
    assert system.last.status_code == 400
    assert not Case.objects.exists()


def test_a_name_that_leads_inside_is_never_asked(monkeypatch):
    inside = [(2, 1, 6, "", ("10.0.0.7", 443))]
    monkeypatch.setattr("socket.getaddrinfo", lambda *_args, **_kwargs: inside)
    with pytest.raises(media.Refused):
        media.fetch("https://photos.example.org/a.jpg")


def test_a_photo_of_an_update_hangs_on_its_words(world, album):
    case = file_with(world)
    system = System(world, key_of(world))
    system.send("servicerequestupdates", {
        "service_request_id": case.number, "update_id": "1", "status": "fixed",
        "description": "清完了", "media_url": f"{album}/bin.jpg",
    })  # fmt: skip
    work()
    shot = case.photos.get()
    assert (shot.stage, shot.entry.text) == ("after", "清完了")
    assert system.ask("servicerequestupdates")[-1]["media_url"]


def test_too_many_addresses_are_refused(world):
    system = System(world, key_of(world))
    many = [f"https://example.org/{number}.jpg" for number in range(5)]
    system.send("requests", {**BIN, "media_url": many})
    assert system.last.status_code == 400
