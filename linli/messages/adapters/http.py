"""One POST of JSON: short time-outs, no redirects, no retries of its own, a small answer."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

import urllib3
from django.utils.translation import gettext as _
from urllib3 import exceptions as trouble

from linli.messages.adapters.outcome import Refused, Unreachable

TIMEOUT: Final = urllib3.Timeout(connect=4, read=10)
_JSON: Final = "application/json; charset=utf-8"
MOST_BYTES: Final = 64 * 1024
_LONGEST_WAIT: Final = 3600
# The letter itself is wrong. All else that is not 2xx is the line's trouble: a wrong key or a wrong
# address (401, 403, 404) hits every letter, and none of them may be lost for it.
_LETTER_IS_WRONG: Final = {400, 410, 413, 422}


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back with 2xx."""

    data: dict[str, Any]


def post_json(pool: Any, url: str, body: bytes, headers: Mapping[str, str]) -> Answer:
    """Post a body and return the answer. Errors: Refused, Unreachable."""
    try:
        response = pool.request(
            "POST", url, body=body, headers={"Content-Type": _JSON, **headers},
            timeout=TIMEOUT, retries=False, redirect=False, preload_content=False,
        )  # fmt: skip
        raw = response.read(MOST_BYTES, decode_content=True)
        response.close()
    except (trouble.NewConnectionError, trouble.ConnectTimeoutError, trouble.SSLError) as error:
        raise Unreachable(_("连不上。"), is_untouched=True) from error
    except trouble.HTTPError as error:  # A time-out while reading, a broken answer.
        raise Unreachable(_("没有等到回答。")) from error
    data = _read(raw)
    if 200 <= response.status < 300:
        return Answer(data)
    if response.status in _LETTER_IS_WRONG:
        words = str(data.get("error") or data.get("message") or "")[:100]
        raise Refused(words or _("对方不收（%(status)d）。") % {"status": response.status})
    raise Unreachable(
        _("对方回答 %(status)d。") % {"status": response.status}, wait=_wait(response.headers)
    )


def _read(raw: bytes) -> dict[str, Any]:
    try:
        data = json.loads(raw or b"{}")
    except ValueError:
        return {}
    return data if isinstance(data, dict) else {}


def _wait(headers: Mapping[str, str]) -> timedelta | None:
    asked = headers.get("Retry-After", "")
    return (
        timedelta(seconds=min(int(asked), _LONGEST_WAIT))
        if asked.isascii() and asked.isdigit()
        else None
    )
