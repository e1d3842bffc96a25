"""Residents sign in with their phone and a code by message; the first time makes the account."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from linli.kernel import events, jobs, throttle
from linli.kernel.actor import Actor
from linli.kernel.errors import BadInput, TooMany
from linli.kernel.secrets import encrypt, lookup_hash
from linli.people import rules
from linli.people.errors import CodeTooSoon, WrongSignIn
from linli.people.events import AccountCreated
from linli.people.models import Account, AccountKind, OneTimeCode
from linli.people.services.contacts import phone_or_refuse
from linli.people.services.signing import SignedIn, admit

# A building may stand behind one address, a flood too: twenty codes at once, then one each three minutes.
PER_ADDRESS: Final = 20
MOST_TRIES: Final = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class SentCode:
    """A code on its way. `shown` is the code itself in the demo, which has no telephone, and "" elsewhere."""

    phone: str
    shown: str = ""


@transaction.atomic
def send_code(*, phone: str, address: str, actor: Actor, now: datetime) -> SentCode:
    """Send a code to a resident's phone, whether or not it has an account.

    address: where the request comes from; many codes from one address are slowed down.
    Errors: BadInput (no mobile number), CodeTooSoon (one a minute, ten a day), TooMany.
    """
    phone = _mobile(phone)
    hashed = lookup_hash("phone", phone, actor.tenant_id)
    _check_pace(hashed, address, now)
    code = f"{secrets.randbelow(1_000_000):06d}"
    row = OneTimeCode.objects.create(
        phone_hash=hashed,
        code_hash=_code_hash(phone, code, actor.tenant_id),
        created_at=now,
        expires_at=now + rules.CODE_LIFE,
    )
    data = {
        "phone": encrypt(phone),
        "code": encrypt(code),
        "expires_at": row.expires_at.isoformat(),
    }
    jobs.enqueue("messages.send_code", key=row.id.hex, due_at=now, data=data)
    return SentCode(phone=phone, shown=code if settings.DEMO else "")


def sign_in_by_code(*, phone: str, code: str, actor: Actor, now: datetime) -> SignedIn:
    """Let a resident in by the newest code sent to the phone; the first time makes the account.

    Errors: BadInput (no mobile number), WrongSignIn (wrong, too old, used, or tried too often).
    """
    phone = _mobile(phone)
    if not _use_code(phone, code, actor.tenant_id, now):
        raise WrongSignIn(
            _("验证码不对或已经过期。看一下最新一条短信，或者重新获取。"), field="code"
        )
    with transaction.atomic():
        return admit(_account_of(phone, actor, now), way="code", now=now)


def _mobile(phone: str) -> str:
    normal = phone_or_refuse(phone)
    if not normal.startswith("1"):
        raise BadInput(_("填能收短信的手机号，11 位数字。"), field="phone")
    return normal


def _check_pace(hashed: str, address: str, now: datetime) -> None:
    recent = OneTimeCode.objects.filter(phone_hash=hashed, created_at__gt=now - timedelta(days=1))
    wait = rules.code_wait(list(recent.values_list("created_at", flat=True)), now)
    if wait > timedelta(hours=1):
        raise CodeTooSoon(_("今天发的验证码太多了，明天再试，或者打电话给社区。"), field="phone")
    if wait > timedelta(0):
        seconds = int(wait.total_seconds()) + 1
        raise CodeTooSoon(
            ngettext(
                "刚发过一条，%(n)d 秒后可以再发。", "刚发过一条，%(n)d 秒后可以再发。", seconds
            )
            % {"n": seconds},
            field="phone",
        )
    if not throttle.allow(f"code:{address}", PER_ADDRESS, timedelta(hours=1)):
        raise TooMany(_("这个网络发出的验证码太多了，过几分钟再试。"), field="phone")


def _code_hash(phone: str, code: str, tenant_id: int) -> str:
    return lookup_hash("code", f"{phone} {code}", tenant_id)


@transaction.atomic
def _use_code(phone: str, code: str, tenant_id: int, now: datetime) -> bool:
    """Use up the newest code if it fits; a wrong one is counted, in this transaction of its own."""
    rows = OneTimeCode.objects.select_for_update().filter(
        phone_hash=lookup_hash("phone", phone, tenant_id)
    )
    row = next(iter(rows.order_by("-created_at", "-id")[:1]), None)
    if row is None or row.used_at or row.expires_at <= now or row.failed_count >= MOST_TRIES:
        return False
    given = _code_hash(phone, "".join(code.split()), tenant_id)
    if secrets.compare_digest(row.code_hash, given):
        row.used_at = now
    else:
        row.failed_count += 1
    row.save(update_fields=["used_at", "failed_count"])
    return row.used_at is not None


def _account_of(phone: str, actor: Actor, now: datetime) -> Account:
    hashed = lookup_hash("phone", phone, actor.tenant_id)
    living = Account.objects.filter(kind=AccountKind.RESIDENT, phone_hash=hashed, ended_at=None)
    account = next(iter(living), None)
    return account or _make_account(phone, hashed, actor, now)


def _make_account(phone: str, hashed: str, actor: Actor, now: datetime) -> Account:
    try:
        with transaction.atomic():
            account = Account.objects.create(
                kind=AccountKind.RESIDENT, phone=phone, phone_hash=hashed, created_at=now
            )
            event = AccountCreated(subject_id=account.id, kind=AccountKind.RESIDENT)
            events.record(event, actor=actor, at=now)
            return account
    except IntegrityError:
        # The same phone signed in for the first time twice at once.
        return Account.objects.get(kind=AccountKind.RESIDENT, phone_hash=hashed, ended_at=None)
