"""Fetches a photo that another system names by its address: https, public machines only, small.

Every step of a redirect is checked like the first address, so that nothing leads inwards.
"""

import io
from typing import Final
from urllib.parse import urljoin

import urllib3
from django.conf import settings
from urllib3 import exceptions as trouble

from linli.messages.adapters import safety
from linli.messages.adapters.outcome import Refused, Unreachable

TIMEOUT: Final = urllib3.Timeout(connect=4, read=10)
# Whoever sends a photo drop by drop is cut off after this, whatever each drop takes.
DEADLINE_SECONDS: Final = 40.0
MOST_STEPS: Final = 4
_CHUNK: Final = 64 * 1024
_LEADS_ON: Final = (301, 302, 303, 307, 308)
_COMES_LATER: Final = (408, 425, 429, 500, 502, 503, 504)

__all__ = ["Refused", "Unreachable", "check", "fetch"]


def check(address: str) -> None:
    """Refuse an address that will never be asked, without asking the network. Errors: Refused."""
    safety.check_address(address)


def fetch(address: str) -> io.BytesIO:
    """Return what lies at an address. Errors: Refused (never), Unreachable (perhaps later)."""
    with safety.Watch(DEADLINE_SECONDS) as watch:
        for _step in range(MOST_STEPS):
            checked = safety.check_address(address)
            with safety.pool_for(checked) as pool:
                watch.over(pool)
                found = _get(pool, checked)
            if watch.is_over:
                raise Unreachable("too slow")
            if isinstance(found, io.BytesIO):
                return found
            address = urljoin(address, found)
    raise Refused("too many redirects")


def _get(pool: urllib3.HTTPConnectionPool, checked: safety.Checked) -> io.BytesIO | str:
    """Return the content, or where the address leads on to."""
    try:
        response = pool.request(
            "GET", checked.target, timeout=TIMEOUT, retries=False, redirect=False,
            preload_content=False, headers={"Host": checked.parts.netloc, "Accept": "image/*"},
        )  # fmt: skip
        try:
            if response.status in _LEADS_ON and response.headers.get("Location"):
                return str(response.headers["Location"])
            _check_status(response.status)
            return _content(response)
        finally:
            response.close()
    except trouble.HTTPError as error:
        raise Unreachable("no answer") from error


def _check_status(status: int) -> None:
    if status in _COMES_LATER:
        raise Unreachable(f"answered {status}")
    if status != 200:
        raise Refused(f"answered {status}")


def _content(response: urllib3.BaseHTTPResponse) -> io.BytesIO:
    found = io.BytesIO()
    for chunk in response.stream(_CHUNK, decode_content=False):
        found.write(chunk)
        if found.tell() > settings.PHOTO_MAX_BYTES:
            raise Refused("too large")
    found.seek(0)
    return found
