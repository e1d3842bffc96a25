"""Keeps what nobody may read: encrypted columns, hashes to look them up, signed tokens for links.

Every key is derived from the installation's data keys. The first encrypts and all decrypt, so a
new key is put on top and the old ones stay. The last one is the root: hashes and links hang on it,
so it stays for as long as the data does.
"""

import base64
import hashlib
import hmac
import os
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.core.exceptions import FieldError, ImproperlyConfigured
from django.db import models
from django.utils.translation import gettext as _

from linli.kernel.errors import NotFound

_VERSION: Final = b"\x01"
_KEY_ID_BYTES: Final = 4
_NONCE_BYTES: Final = 12
_MAC_BYTES: Final = 16
_TOKEN_BYTES: Final = 16 + 2 + _MAC_BYTES


class Undecipherable(RuntimeError):
    """Something encrypted can't be read: its key is gone, or it was altered."""


def encrypt(text: str) -> str:
    """Return the text so that only this installation can read it; the empty text stays empty."""
    if not text:
        return ""
    key_id, cipher = next(iter(_ciphers(_keys()).items()))
    nonce = os.urandom(_NONCE_BYTES)
    head = _VERSION + key_id
    return _to_text(head + nonce + cipher.encrypt(nonce, text.encode(), head))


def decrypt(token: str) -> str:
    """Return the text behind what `encrypt` gave. Errors: Undecipherable."""
    if not token:
        return ""
    try:
        raw = _to_bytes(token)
        head, rest = raw[: 1 + _KEY_ID_BYTES], raw[1 + _KEY_ID_BYTES :]
        cipher = _ciphers(_keys())[head[1:]]
        return cipher.decrypt(rest[:_NONCE_BYTES], rest[_NONCE_BYTES:], head).decode()
    except (ValueError, KeyError, InvalidTag):
        raise Undecipherable("Its key is not among the data keys, or it was altered.") from None


def lookup_hash(kind: str, value: str, tenant_id: int) -> str:
    """Return a keyed hash by which an encrypted value is found again, different in every tenant.

    kind: what is looked up, for example "phone"; the caller brings `value` into one form first.
    Shape: 64 hex digits.
    """
    message = f"{kind}\x00{tenant_id}\x00{value}".encode()
    return hmac.digest(_root_key("lookup"), message, "sha256").hex()


@dataclass(frozen=True, slots=True)
class CaseToken:
    """What a case's secret link says."""

    tenant_code: str
    case_id: UUID
    version: int  # counts up when the link is revoked


def case_token(tenant_code: str, case_id: UUID, version: int, *, kind: str = "case link") -> str:
    """Return the secret part of a case's link: at most 55 characters, safe in addresses.

    kind: what the id is of; a link of one kind is no link of another.
    """
    body = case_id.bytes + version.to_bytes(2)
    return f"{tenant_code}.{_to_text(body + _link_mac(kind, tenant_code, body))}"


def read_token(token: str, *, kind: str = "case link") -> CaseToken:
    """Return what a case's link says. The caller compares the version with the case's.

    Errors: NotFound, for anything that we did not sign, to the letter.
    """
    tenant_code, _dot, secret = token.partition(".")
    try:
        raw = _to_bytes(secret)
    except ValueError:
        raw = b""
    body, mac = raw[:-_MAC_BYTES], raw[-_MAC_BYTES:]
    is_ours = hmac.compare_digest(mac, _link_mac(kind, tenant_code, body))
    # The last letter carries spare bits: only one spelling of the same bytes counts.
    if not is_ours or len(raw) != _TOKEN_BYTES or _to_text(raw) != secret:
        raise NotFound(_("没有找到这个链接。请检查是否完整，或用编号和手机尾号查询。"))
    return CaseToken(tenant_code, UUID(bytes=body[:16]), int.from_bytes(body[16:]))


class EncryptedTextField(models.TextField):
    """A text that is encrypted in the database and plain in Python. It can't be searched."""

    def get_prep_value(self, value: Any) -> Any:
        """Encrypt on the way in."""
        text = super().get_prep_value(value)
        return text if text is None else encrypt(text)

    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> str | None:
        """Decrypt on the way out."""
        return value if value is None else decrypt(value)

    def get_lookup(self, lookup_name: str) -> Any:
        """Refuse to compare: every encryption of the same text is different."""
        if lookup_name != "isnull":
            raise FieldError(
                f"{self.name} is encrypted; keep a lookup_hash beside it and compare that."
            )
        return super().get_lookup(lookup_name)


def _link_mac(kind: str, tenant_code: str, body: bytes) -> bytes:
    message = tenant_code.encode("utf-8", "replace") + b"\x00" + body
    return hmac.digest(_root_key(kind), message, "sha256")[:_MAC_BYTES]


def _keys() -> tuple[str, ...]:
    keys = tuple(settings.DATA_KEYS)
    if not keys:
        raise ImproperlyConfigured("DATA_KEYS is empty: without a key nothing can be kept secret.")
    return keys


def _root_key(purpose: str) -> bytes:
    return _derive(_keys()[-1], purpose)


@lru_cache(maxsize=64)
def _derive(key: str, purpose: str) -> bytes:
    return hmac.digest(key.encode(), b"linli 1 " + purpose.encode(), "sha256")


@lru_cache(maxsize=8)
def _ciphers(keys: tuple[str, ...]) -> dict[bytes, AESGCM]:
    """Return a cipher per key, newest first, by the first bytes of the key's own hash."""
    return {
        hashlib.sha256(_derive(key, "key id")).digest()[:_KEY_ID_BYTES]: AESGCM(
            _derive(key, "data")
        )
        for key in keys
    }


def _to_text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _to_bytes(text: str) -> bytes:
    """Return the bytes. Errors: ValueError."""
    padded = text.encode("ascii") + b"=" * (-len(text) % 4)
    return base64.b64decode(padded, altchars=b"-_", validate=True)
