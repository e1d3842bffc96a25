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
from uuid import UUID

from django.core import signing
from django.db import transaction
from django.utils.translation import gettext as _

from linli.field.errors import UnknownPhone
from linli.field.models import FormClient, NonceUse
from linli.field.selectors import openrosa as selectors
from linli.field.services import devices
from linli.field.services.devices import Hand
from linli.kernel import idempotency
from linli.kernel.actor import Actor
from linli.kernel.errors import Conflict
from linli.kernel.rows import insert_once
from linli.kernel.secrets import lookup_hash

REALM: Final = "Linli"
# How long a challenge may be answered; after it the client is asked anew, unseen by its user.
NONCE_FOR: Final = timedelta(minutes=15)
# How long the same page sent again tells the secret again.
TOLD_FOR: Final = timedelta(minutes=10)
_SIGNS: Final = "abcdefghjkmnpqrstuvwxyz23456789"  # none that looks like another
_SALT: Final = "field.openrosa.nonce"
_COUNT: Final = re.compile("[0-9a-fA-F]{8}")


@dataclass(frozen=True, slots=True)
class Issued:
    """A new form client with what is told once: the secret beside its name."""

    client: FormClient
    secret: str


@transaction.atomic
def issue_client(
    *, name: str, tenant_code: str, actor: Actor, now: datetime, key: str = ""
) -> Issued:
    """Let a form client of the actor's in; it ends like any of their phones (`devices.end_device`).

    key: of the form; the same again lets no second one in and tells the same secret, which is made from
    it, for as long as a page may be sent twice and nobody has signed in with it.
    Errors: NotFound (nobody of staff), Conflict (told already, or other content).
    """
    chance = key or secrets.token_hex(16)
    secret = _secret_of(f"{actor.account_id}:{chance}", actor.tenant_id)

    def make() -> UUID:
        device, _token = devices.know_device(
            name=_("表单软件 · %(name)s") % {"name": name.strip() or "ODK"},
            tenant_code=tenant_code, actor=actor, now=now,
        )  # fmt: skip
        username = f"{tenant_code}.{secrets.token_hex(4)}"
        client = FormClient(device=device, username=username, created_at=now)
        client.ha1 = ha1_of(username, secret)
        client.save(force_insert=True)
        return client.pk

    mark = idempotency.fingerprint(actor.account_id, name.strip())
    client_id, is_new = idempotency.once("field.form_client", key, mark, make)
    client = FormClient.objects.select_related("device").get(pk=client_id)
    if not is_new and not _may_be_told_again(client, now):
        raise Conflict(_("这一份已经领过，密码不再显示。没有记下来就打开新的一页，重新领一个。"))
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


def _secret_of(chance: str, tenant_id: int) -> str:
    """Return a secret that only our own key makes of something said by chance."""
    number = int(lookup_hash("form client", chance, tenant_id), 16)
    return "".join(_SIGNS[number // len(_SIGNS) ** at % len(_SIGNS)] for at in range(16))


def _may_be_told_again(client: FormClient, now: datetime) -> bool:
    is_used = NonceUse.objects.filter(client=client).exists()
    is_open = client.device.ended_at is None and not is_used
    return is_open and now - client.created_at < TOLD_FOR


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
