"""Addresses of webhooks: never inward, left when they hang, drip or lead elsewhere."""

import socket
import threading
import time
from contextlib import suppress
from itertools import chain, repeat

import pytest

from linli.clients.adapters import posting
from linli.clients.models import Webhook, WebhookDelivery
from linli.clients.tests.test_webhooks import _bells, add, happen, receiver, send
from linli.kernel import clock
from linli.kernel.errors import BadInput

__all__ = ["_bells", "receiver"]


def test_a_receiver_that_hangs_is_left_after_its_time(cast, receiver, monkeypatch):
    import urllib3

    monkeypatch.setattr(posting, "TIMEOUT", urllib3.Timeout(connect=30, read=0.2))
    receiver.delay_seconds = 60
    now = clock.now()
    add(cast, receiver.url, now)
    happen(cast, now)
    happen(cast, now)
    send(now)
    assert len(receiver.taken) == 1  # the second was given back untried
    row = WebhookDelivery.objects.order_by("id").first()
    assert (row.state, row.status, row.error) == ("waiting", None, "没有等到回答。")
    assert 150 <= row.duration_ms < 30_000


def test_a_receiver_that_answers_by_the_drop_is_cut_off(cast, receiver, monkeypatch):
    monkeypatch.setattr(posting, "DEADLINE_SECONDS", 0.4)
    receiver.drip_seconds = 0.2  # without an end: only who cuts it off hears no more of it
    now = clock.now()
    add(cast, receiver.url, now)
    happen(cast, now)
    send(now)
    row = WebhookDelivery.objects.get()
    assert (row.status, row.error) == (None, "没有等到回答。")


def test_a_handshake_by_the_drop_is_cut_off(cast, settings, monkeypatch):
    monkeypatch.setattr(posting, "DEADLINE_SECONDS", 0.4)
    settings.ROBOT_HOSTS = frozenset({"127.0.0.1"})
    with socket.create_server(("127.0.0.1", 0)) as server:
        threading.Thread(target=_drip, args=[server], daemon=True).start()
        now = clock.now()
        add(cast, f"https://127.0.0.1:{server.getsockname()[1]}/hook", now)
        happen(cast, now)
        send(now)
    row = WebhookDelivery.objects.get()
    assert (row.state, row.status) == ("waiting", None)


def _drip(server: socket.socket) -> None:
    """Begin an endless answer to a handshake, a letter at a time."""
    other, _address = server.accept()
    with other, suppress(OSError):
        for letter in chain(b"\x16\x03\x03\x40\x00", repeat(0)):
            other.sendall(bytes([letter]))
            time.sleep(0.1)


@pytest.mark.parametrize("location", ["http://169.254.169.254/latest", "https://example.com/", "/"])
def test_a_redirect_is_followed_nowhere(cast, receiver, location):
    receiver.location = location
    now = clock.now()
    add(cast, receiver.url, now)
    happen(cast, now)
    send(now)
    row = WebhookDelivery.objects.get()
    assert (row.state, row.status) == ("waiting", 302)
    assert "转到别的地址" in row.error
    assert receiver.paths == ["/hook"]


@pytest.mark.parametrize(
    "address",
    [
        "http://example.com/hook", "https://localhost/hook", "https://127.0.0.1/hook",
        "https://10.0.0.8/", "https://169.254.169.254/latest", "https://[::1]/", "ftp://x.cn/", "x",
        "https://user:pass@example.com/", "", "https://a..b/", f"https://{'a' * 64}.com/",
        "https://１２７.0.0.1/",
    ],
)  # fmt: skip
def test_addresses_inside_are_refused(cast, address):
    with pytest.raises(BadInput) as refusal:
        add(cast, address)
    assert refusal.value.field == "address"


def test_a_host_in_chinese_is_called_as_the_network_spells_it(cast):
    add(cast, "https://热线.中国:8443/消息")
    hook = Webhook.objects.get()
    assert hook.host == "xn--lrxu80a.xn--fiqs8s"
    checked = posting.check_address(hook.address)
    assert checked.parts.netloc == "xn--lrxu80a.xn--fiqs8s:8443"


def test_a_name_that_leads_inward_later_is_refused_when_it_is_called(cast, monkeypatch):
    inward = [(2, 1, 6, "", ("10.0.0.8", 443))]
    monkeypatch.setattr("socket.getaddrinfo", lambda *_args, **_more: inward)
    now = clock.now()
    add(cast, "https://hooks.example.com/linli", now)
    happen(cast, now)
    send(now)
    row = WebhookDelivery.objects.get()
    assert (row.state, row.status) == ("waiting", None)
    assert "内部网络" in row.error
