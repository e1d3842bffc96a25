"""How form clients sign in: a name and a secret by HTTP digest (RFC 7616), each answer used once."""

import hashlib
import hmac
import re
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
from linli.field.models import FormClient, NonceUse
from linli.field.selectors import openrosa as selectors
from linli.field.services import devices
from linli.field.services.devices import Hand
from linli.kernel.actor import Actor
from linli.kernel.rows import insert_once

REALM: Final = "Linli"
# How long a challenge may be answered; after it the client is asked anew, unseen by its user.
NONCE_FOR: Final = timedelta(minutes=15)
_SIGNS: Final = "abcdefghjkmnpqrstuvwxyz23456789"  # none that looks like another
_SALT: Final = "field.openrosa.nonce"
_COUNT: Final = re.compile("[0-9a-fA-F]{8}")


@dataclass(frozen=True, slots=True)
class Issued:
    """A new form client with what is told once: the secret beside its name."""

    client: FormClient
    secret: str


@transaction.atomic
def issue_client(*, name: str, tenant_code: str, actor: Actor, now: datetime) -> Issued:
    """Let a form client of the actor's in; it ends like any of their phones (`devices.end_device`).

    Errors: NotFound (nobody of staff).
    """
    device, _token = devices.know_device(
        name=_("表单软件 · %(name)s") % {"name": name.strip() or "ODK"},
        tenant_code=tenant_code, actor=actor, now=now,
    )  # fmt: skip
    username = f"{tenant_code}.{secrets.token_hex(4)}"
    secret = "".join(secrets.choice(_SIGNS) for _sign in range(16))
    client = FormClient.objects.create(
        device=device, username=username, ha1=ha1_of(username, secret), created_at=now
    )
    return Issued(client, secret)


def hand_of_digest(answer: Mapping[str, str], method: str, uri: str, now: datetime) -> Hand:
    """Return in whose name the answer to a challenge acts.

    An answer that somebody overheard and says again is stale: whoever knows the secret answers a new
    challenge by itself. Errors: UnknownPhone, `Stale`.
    """
    client = selectors.find_client(answer.get("username", ""))
    if client is None or not _is_right(client.ha1, answer, method, uri):
        raise UnknownPhone(_("用户名或密码不对。"))
    if not _is_fresh(answer["nonce"]) or not _use(client, answer, now):
        raise Stale(_("请再登录一次。"))
    return devices.hand_of_device(device=client.device, now=now)


class Stale(UnknownPhone):
    """The answer was right, but too old or used: the client answers a new challenge by itself."""


def forget_uses(*, now: datetime) -> int:
    """Forget answers to challenges that are too old to be answered again; return how many."""
    return NonceUse.objects.filter(at__lt=now - 2 * NONCE_FOR).delete()[0]


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
    if not _COUNT.fullmatch(answer["nc"]):
        return False
    if answer.get("algorithm", "MD5").upper() != "MD5" or answer.get("realm") != REALM:
        return False
    ha2 = _md5(f"{method}:{uri}")
    parts = (ha1, answer["nonce"], answer["nc"], answer["cnonce"], "auth", ha2)
    right = _md5(":".join(parts)).encode()
    return hmac.compare_digest(right, answer["response"].lower().encode())


def _use(client: FormClient, answer: Mapping[str, str], now: datetime) -> bool:
    """Count an answer; False when it was said before. A row is the same for every web process."""
    nonce = hashlib.sha256(answer["nonce"].encode()).hexdigest()
    return insert_once(NonceUse(client=client, nonce=nonce, count=answer["nc"].lower(), at=now))


def _is_fresh(nonce: str) -> bool:
    try:
        signing.TimestampSigner(salt=_SALT).unsign(nonce, max_age=NONCE_FOR)
    except signing.BadSignature:
        return False
    return True


def _md5(text: str) -> str:
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()
