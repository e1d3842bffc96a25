"""Which robot addresses we call: https, on the public internet, so that no door opens inwards.

The name is resolved once, every address it has is checked, and the connection goes to the checked
address: a name that points elsewhere a moment later changes nothing.
"""

import ipaddress
import socket
import threading
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from urllib.parse import SplitResult, urlsplit

import urllib3
from django.conf import settings
from django.utils.translation import gettext as _

from linli.messages.adapters.outcome import Refused, Unreachable


@dataclass(frozen=True, slots=True)
class Checked:
    """An address that may be called."""

    parts: SplitResult
    is_trusted: bool  # named in LINLI_ROBOT_HOSTS: may be plain http, may be in our own network

    @property
    def host(self) -> str:
        """Return the host's name."""
        return self.parts.hostname or ""

    @property
    def port(self) -> int:
        """Return the port."""
        return self.parts.port or (443 if self.parts.scheme == "https" else 80)

    @property
    def target(self) -> str:
        """Return path and query."""
        return (self.parts.path or "/") + (f"?{self.parts.query}" if self.parts.query else "")


def check_address(address: str) -> Checked:
    """Return the address in parts, without asking the network. Errors: Refused, which says why."""
    try:
        parts = urlsplit(address.strip())
        host, port = (parts.hostname or "").encode("idna").decode(), parts.port
    except ValueError:
        raise Refused(_("这个地址认不出来，从群机器人的设置里完整复制一次。")) from None
    if not host or parts.scheme not in ("http", "https"):
        raise Refused(_("这个地址认不出来，从群机器人的设置里完整复制一次。"))
    is_trusted = host in settings.ROBOT_HOSTS
    if parts.scheme != "https" and not is_trusted:
        raise Refused(_("地址要以 https:// 开头。"))
    if parts.username or parts.password:
        raise Refused(_("地址里不能带用户名和密码。"))
    if not is_trusted and _is_inside(host):
        raise Refused(_("这个地址在内部网络里，不能用。需要的话请运维人员放行。"))
    if not parts.netloc.isascii():
        parts = parts._replace(netloc=f"{host}:{port}" if port else host)
    return Checked(parts, is_trusted)


def pool_for(checked: Checked) -> Any:
    """Return connections to the checked machine only. Errors: Refused, Unreachable."""
    if checked.is_trusted:
        kind = (
            urllib3.HTTPSConnectionPool
            if checked.parts.scheme == "https"
            else urllib3.HTTPConnectionPool
        )
        return kind(checked.host, checked.port)
    try:
        found = socket.getaddrinfo(checked.host, checked.port, type=socket.SOCK_STREAM)
    except (OSError, ValueError) as error:
        raise Unreachable(_("找不到这个地址。"), is_untouched=True) from error
    numbers = [str(entry[4][0]) for entry in found]
    if not numbers or any(
        not ipaddress.ip_address(number.partition("%")[0]).is_global for number in numbers
    ):
        raise Refused(_("这个地址在内部网络里，不能用。需要的话请运维人员放行。"))
    return urllib3.HTTPSConnectionPool(
        numbers[0], checked.port, server_hostname=checked.host, assert_hostname=checked.host
    )


class Watch:
    """Cuts the connections of one call when its time is over, whatever is being waited for: an
    answer that comes by the drop, or a handshake that does.
    """

    def __init__(self, seconds: float) -> None:
        self.is_over = False
        self._sockets: list[socket.socket] = []
        self._timer = threading.Timer(seconds, self._cut)
        self._timer.daemon = True

    def over(self, pool: Any) -> None:
        """Watch what a pool connects to from now on."""
        watch = self

        class Watched(pool.ConnectionCls):
            """A connection that can be cut from outside."""

            def _new_conn(self) -> socket.socket:
                found: socket.socket = super()._new_conn()
                # A handle of our own: TLS takes the socket over before anybody else sees it.
                watch._sockets.append(found.dup())
                if watch.is_over:
                    watch._cut()
                return found

        pool.ConnectionCls = Watched

    def __enter__(self) -> "Watch":
        self._timer.start()
        return self

    def __exit__(self, *_error: Any) -> None:
        self._timer.cancel()
        for one in self._sockets:
            one.close()

    def _cut(self) -> None:
        self.is_over = True
        for one in list(self._sockets):
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)


def _is_inside(host: str) -> bool:
    if host == "localhost" or ("." not in host.strip(".") and ":" not in host):
        return True
    try:
        return not ipaddress.ip_address(host).is_global
    except ValueError:
        return host.endswith((".localhost", ".local", ".internal"))
