"""Text messages over an HTTP gateway: a small protocol that any provider's bridge can speak.

    POST LINLI_SMS_URL
    Content-Type: application/json; charset=utf-8
    Idempotency-Key: linli-<32 hex digits>       the same at every attempt: send once
    X-Linli-Timestamp: <seconds since 1970>      refuse what is older than five minutes
    X-Linli-Signature: v1=<hex HMAC-SHA256 under LINLI_SMS_KEY of the timestamp, a
    newline, the key, a newline and the body>

    {"to": "<phone>", "text": "<UTF-8 text>", "sign": "<LINLI_SMS_SIGN>"}

2xx with {"id": "<gateway's number>"} means taken; 400, 410, 413 and 422 with {"error": "<why>"}
mean never; 429 and 503 may carry Retry-After; everything else is tried again later.
"""

import hashlib
import hmac
import json
import time
from functools import cache
from typing import Any

import urllib3
from django.conf import settings

from linli.messages.adapters.http import post_json
from linli.messages.adapters.outcome import RECORDED, Letter, Receipt


def send(letter: Letter) -> Receipt:
    """Hand a text to the gateway; without one it is recorded only. Errors: Refused, Unreachable."""
    if not settings.SMS_URL:
        return RECORDED
    body = json.dumps(
        {"to": letter.address, "text": letter.text, "sign": settings.SMS_SIGN}, ensure_ascii=False
    ).encode()
    timestamp = str(int(time.time()))
    headers = {
        "Idempotency-Key": letter.key,
        "X-Linli-Timestamp": timestamp,
        "X-Linli-Signature": signature(settings.SMS_KEY, timestamp, letter.key, body),
    }
    answer = post_json(_pool(), settings.SMS_URL, body, headers)
    return Receipt(is_sent=True, reference=str(answer.data.get("id", "")))


def signature(secret: str, timestamp: str, key: str, body: bytes) -> str:
    """Return the value of X-Linli-Signature."""
    message = f"{timestamp}\n{key}\n".encode() + body
    return f"v1={hmac.new(secret.encode(), message, hashlib.sha256).hexdigest()}"


@cache
def _pool() -> Any:
    return urllib3.PoolManager(num_pools=2, maxsize=2)
