"""How form clients sign in: a key in the address, or a name and a secret by HTTP digest (RFC 7616)."""

import hashlib
import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from urllib.request import parse_http_list, parse_keqv_list

from django.core import signing
from django.db import transaction
from django.utils.translation import gettext as _

from linli.field.errors import UnknownPhone
from linli.field.models import FormClient
from linli.field.selectors import openrosa as selectors
from linli.field.services import devices
from linli.field.services.devices import Hand
from linli.kernel.actor import Actor

REALM: Final = "Linli"
# How long a challenge may be answered; after it the client is asked anew, unseen by its user.
NONCE_FOR: Final = timedelta(minutes=15)
_SIGNS: Final = "abcdefghjkmnpqrstuvwxyz23456789"  # none that looks like another
_SALT: Final = "field.openrosa.nonce"


@dataclass(frozen=True, slots=True)
class Issued:
    """A new form client with what is told once: the key for the address, the secret for digest."""

    client: FormClient
    token: str
    secret: str


@transaction.atomic
def issue_client(*, name: str, tenant_code: str, actor: Actor, now: datetime) -> Issued:
    """Let a form client of the actor's in; it ends like any of their phones (`devices.end_device`).

    Errors: NotFound (nobody of staff).
    """
    device, token = devices.know_device(
        name=_("表单软件 · %(name)s") % {"name": name.strip() or "ODK"},
        tenant_code=tenant_code, actor=actor, now=now,
    )  # fmt: skip
    username = f"{tenant_code}.{secrets.token_hex(4)}"
    secret = "".join(secrets.choice(_SIGNS) for _sign in range(16))
    client = FormClient.objects.create(
        device=device, username=username, ha1=ha1_of(username, secret), created_at=now
    )
    return Issued(client, token, secret)


def hand_of_token(token: str, now: datetime) -> Hand:
    """Return in whose name the key in an address acts. Errors: UnknownPhone.

    The key of a phone's own pages opens nothing here: it hands in and reads nothing.
    """
    hand = devices.hand_of(token=token, signed_in=None, skew=None, now=now)
    if selectors.find_client(device_id=hand.device.pk) is None:
        raise UnknownPhone(_("这个地址不对，或者已经停用。"))
    return hand


def hand_of_digest(answer: Mapping[str, str], method: str, uri: str, now: datetime) -> Hand:
    """Return in whose name the answer to a challenge acts. Errors: UnknownPhone, `Stale`."""
    client = selectors.find_client(username=answer.get("username", ""))
    if client is None or not _is_right(client.ha1, answer, method, uri):
        raise UnknownPhone(_("用户名或密码不对。"))
    if not _is_fresh(answer["nonce"]):
        raise Stale(_("请再登录一次。"))
    return devices.hand_of_device(device=client.device, now=now)


class Stale(UnknownPhone):
    """The answer was right, its challenge is too old: the client answers a new one by itself."""


def read_answer(header: str) -> dict[str, str]:
    """Return the parts of an Authorization header of the digest kind; {} of any other."""
    scheme, _blank, rest = header.partition(" ")
    if scheme.lower() != "digest" or len(rest) > 2000:
        return {}
    try:
        return parse_keqv_list(parse_http_list(rest))
    except (ValueError, IndexError):
        return {}


def challenge(*, is_stale: bool = False) -> str:
    """Return the WWW-Authenticate header that asks for digest."""
    nonce = signing.TimestampSigner(salt=_SALT).sign(secrets.token_urlsafe(9))
    stale = ", stale=true" if is_stale else ""
    return f'Digest realm="{REALM}", qop="auth", algorithm=MD5, nonce="{nonce}"{stale}'


def ha1_of(username: str, secret: str) -> str:
    """Return what digest compares with. The secret is ours, long and by chance, so MD5 gives nothing away."""
    return _md5(f"{username}:{REALM}:{secret}")


def _is_right(ha1: str, answer: Mapping[str, str], method: str, uri: str) -> bool:
    wanted = {"username", "nonce", "uri", "response", "qop", "nc", "cnonce"}
    if not wanted <= answer.keys() or answer["qop"] != "auth" or answer["uri"] != uri:
        return False
    if answer.get("algorithm", "MD5").upper() != "MD5" or answer.get("realm") != REALM:
        return False
    ha2 = _md5(f"{method}:{uri}")
    parts = (ha1, answer["nonce"], answer["nc"], answer["cnonce"], "auth", ha2)
    right = _md5(":".join(parts)).encode()
    return hmac.compare_digest(right, answer["response"].lower().encode())


def _is_fresh(nonce: str) -> bool:
    try:
        signing.TimestampSigner(salt=_SALT).unsign(nonce, max_age=NONCE_FOR)
    except signing.BadSignature:
        return False
    return True


def _md5(text: str) -> str:
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()
