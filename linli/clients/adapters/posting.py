"""One signed POST (Standard Webhooks): no redirects, a deadline over all of it, the answer unread.

An address is checked as those of group robots are: https on the public internet, unless the operator
named the host; the connection goes to the address that was checked.
"""

import time
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

import urllib3
from django.utils.translation import gettext as _
from urllib3 import exceptions as trouble

from linli.messages.adapters import Refused, Unreachable, check_address
from linli.messages.adapters.safety import Watch, pool_for

__all__ = ["Answer", "Message", "Refused", "check_address", "post"]
TIMEOUT: Final = urllib3.Timeout(connect=4, read=10)
# Whoever sends its answer drop by drop is cut off after this, whatever each drop takes.
DEADLINE_SECONDS: Final = 15.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """What is sent where; `id` stays the same at every attempt, so that it counts once."""

    id: str
    address: str
    secrets: tuple[str, ...]  # the new one, and for a day the one before
    body: bytes


@dataclass(frozen=True, slots=True)
class Answer:
    """How it went: the status, if there was one, and why it does not count as taken."""

    status: int | None
    duration_ms: int
    error: str = ""

    @property
    def is_taken(self) -> bool:
        """Tell whether the other side took it."""
        return not self.error


def post(message: Message) -> Answer:
    """Send a message and return how it went; never raises for what the other side does."""
    started = time.monotonic()

    def told(status: int | None, error: str = "") -> Answer:
        return Answer(status, round((time.monotonic() - started) * 1000), error)

    try:
        status = _send(message)
    except (Refused, Unreachable) as refusal:
        return told(None, refusal.reason)
    except (trouble.NewConnectionError, trouble.ConnectTimeoutError):
        return told(None, str(_("连不上。")))
    except trouble.SSLError:
        return told(None, str(_("对方的证书不对。")))
    except (trouble.HTTPError, OSError):
        return told(None, str(_("没有等到回答。")))
    if 200 <= status < 300:
        return told(status)
    if 300 <= status < 400:
        return told(status, str(_("对方要转到别的地址，没有跟过去。把地址改成最后那个。")))
    return told(status, _("对方回答 %(status)d。") % {"status": status})


def _send(message: Message) -> int:
    checked = check_address(message.address)
    pool = pool_for(checked)
    try:
        with Watch(DEADLINE_SECONDS) as watch:
            watch.over(pool)
            response = pool.request(
                "POST", checked.target, body=message.body,
                headers={"Host": checked.parts.netloc, **headers_of(message, datetime.now(UTC))},
                timeout=TIMEOUT, retries=False, redirect=False, preload_content=False,
            )  # fmt: skip
            status: int = response.status
            response.close()
            return status
    finally:
        pool.close()


def headers_of(message: Message, now: datetime) -> dict[str, str]:
    """Return the headers of the standard: id, time, a signature for each secret."""
    from standardwebhooks import Webhook  # 1 MB that only the worker needs, and only with webhooks

    text = message.body.decode()
    signatures = [Webhook(secret).sign(message.id, now, text) for secret in message.secrets]
    return {
        "Content-Type": "application/json; charset=utf-8",
        "User-Agent": "Linli-Webhook/1",
        "webhook-id": message.id,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": " ".join(signatures),
    }
