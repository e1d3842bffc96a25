"""Signing in with a password, and with a one-time code where one is set up; what a session remembers.

A failed attempt is kept although it is refused: it is counted in a transaction of its own, before the
password is looked at, so that guesses sent all at once count too. Hashing takes long on purpose and so
stands outside every transaction.
"""

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any, Final
from uuid import UUID

import pyotp
from django.conf import settings
from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from linli.kernel import events, tenancy, throttle
from linli.kernel.actor import Actor, ActorKind
from linli.kernel.errors import TooMany
from linli.people import rules
from linli.people.errors import WrongSignIn
from linli.people.events import AccountLocked
from linli.people.events import SignedIn as SignedInEvent
from linli.people.models import Account, AccountKind, LoginIdentity

# Where a session keeps what `SignedIn.session` gives.
SESSION_KEY: Final = "who"
STEP_SECONDS: Final = 30
# An office of thirty behind one address signs in at half past eight; a guesser wants thousands.
PER_ADDRESS: Final = 60
# How long after the password the one-time code may follow.
HALFWAY: Final = timedelta(minutes=5)
# A session notes that it was used at most this often, so that reading pages does not write.
TOUCH: Final = timedelta(minutes=5)
RESIDENT_AGE: Final = timedelta(days=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedIn:
    """Somebody who proved who they are, or who still owes the one-time code (`needs_code`)."""

    account_id: UUID
    tenant_id: int
    session_round: int
    needs_code: bool = False
    must_change_password: bool = False

    def session(self, now: datetime) -> dict[str, Any]:
        """Return what the session keeps; `read_session` reads it."""
        return {
            "account": self.account_id.hex, "tenant": self.tenant_id, "round": self.session_round,
            "since": int(now.timestamp()), "seen": int(now.timestamp()),
        }  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """What a session said: whose it is, since when, and when it was used last."""

    account_id: UUID
    tenant_id: int
    session_round: int
    since: datetime
    seen: datetime

    def is_alive(self, *, is_staff: bool, now: datetime) -> bool:
        """Tell whether the session is young enough and was used lately enough."""
        age = timedelta(seconds=settings.SESSION_COOKIE_AGE) if is_staff else RESIDENT_AGE
        idle = timedelta(seconds=settings.STAFF_IDLE_SECONDS) if is_staff else RESIDENT_AGE
        limits = rules.SessionLimits(age=age, idle=idle)
        return rules.is_session_alive(since=self.since, seen=self.seen, limits=limits, now=now)

    def needs_touch(self, now: datetime) -> bool:
        """Tell whether the session should note that it is used."""
        return now - self.seen >= TOUCH


def read_session(kept: Any) -> Session | None:
    """Return what `SignedIn.session` kept, or None when nothing readable was."""
    try:
        return Session(
            account_id=UUID(kept["account"]),
            tenant_id=int(kept["tenant"]),
            session_round=int(kept["round"]),
            since=datetime.fromtimestamp(kept["since"], UTC),
            seen=datetime.fromtimestamp(kept["seen"], UTC),
        )
    except (KeyError, TypeError, ValueError):
        return None


def sign_in(*, login: str, password: str, address: str = "", now: datetime) -> SignedIn:
    """Check login and password of a staff account.

    After five failures in a row the account waits a quarter of an hour. An unknown login takes as
    long and is told the same, so that nobody learns which logins exist.
    address: where the request comes from; guesses at many logins from one address are slowed down.
    Errors: WrongSignIn, TooMany.
    """
    if address and not throttle.allow(f"sign-in:{address}", PER_ADDRESS, timedelta(minutes=10)):
        raise TooMany(_("这个网络登录得太频繁了，过几分钟再试。"))
    identity = _find_identity(login)
    if identity is None:
        check_password(password, _nobodys_password())
        raise WrongSignIn(_wrong())
    with tenancy.tenant(identity.tenant_id):
        account = _count_attempt(identity.account_id, now)
        kept = account.password if account else _nobodys_password()
        if not check_password(password, kept) or account is None:
            _record_lock(account, now)
            raise WrongSignIn(_wrong())
        return _after_password(account, now)


def confirm_totp(*, account_id: UUID, tenant_id: int, code: str, now: datetime) -> SignedIn:
    """Check the one-time code after the password; each code works once, one step early or late.

    Errors: WrongSignIn.
    """
    with tenancy.tenant(tenant_id):
        account = _count_attempt(account_id, now)
        step = find_step(account.totp_secret, code, now) if account else None
        if account is None or step is None or not use_step(account.id, step):
            _record_lock(account, now)
            raise WrongSignIn(_("验证码不对或已经用过，等下一个数字出来再填。"))
        return admit(account, way="totp", now=now)


@transaction.atomic
def admit(account: Account, *, way: str, now: datetime) -> SignedIn:
    """Let an account in: forget its failures, note when, record how."""
    Account.objects.filter(pk=account.id).update(
        failed_count=0, locked_until=None, signed_in_at=now
    )
    kind = ActorKind.STAFF if account.kind == AccountKind.STAFF else ActorKind.RESIDENT
    actor = Actor(tenant_id=account.tenant_id, kind=kind, account_id=account.id)
    event = SignedInEvent(subject_id=account.id, area_path=account.area_path, way=way)
    events.record(event, actor=actor, at=now)
    return _signed_in(account)


def find_step(secret: str, code: str, now: datetime) -> int | None:
    """Return the time step that a one-time code belongs to, one early or late, or None."""
    code = "".join(code.split())
    if not secret or len(code) != 6:
        return None
    totp, current = pyotp.TOTP(secret), int(now.timestamp()) // STEP_SECONDS
    steps = (current, current - 1, current + 1)
    return next(
        (one for one in steps if pyotp.utils.strings_equal(totp.at(one * STEP_SECONDS), code)), None
    )


def use_step(account_id: UUID, step: int) -> bool:
    """Mark a step and all before it as used; False when it was used before. Two at once: one wins."""
    fresh = Account.objects.filter(pk=account_id, totp_last_step__lt=step)
    return fresh.update(totp_last_step=step) == 1


@transaction.atomic
def _count_attempt(account_id: UUID, now: datetime) -> Account | None:
    """Count an attempt as failed until it succeeds; None when the account may not try now."""
    rows = Account.objects.select_for_update().filter(pk=account_id, ended_at=None)
    account = next(iter(rows.filter(kind=AccountKind.STAFF)), None)
    if account is None or account.is_locked(now):
        return None
    account.failed_count, account.locked_until = rules.failures_after(account.failed_count, now)
    account.save(update_fields=["failed_count", "locked_until"])
    return account


@transaction.atomic
def _record_lock(account: Account | None, now: datetime) -> None:
    """Record that the attempt that just failed was the last one for a while."""
    if account is not None and account.is_locked(now):
        event = AccountLocked(subject_id=account.id, area_path=account.area_path)
        events.record(event, actor=Actor(tenant_id=account.tenant_id), at=now)


def _after_password(account: Account, now: datetime) -> SignedIn:
    if account.has_totp:
        _give_back(account)
        return _signed_in(account, needs_code=True)
    return admit(account, way="password", now=now)


def _give_back(account: Account) -> None:
    """Take back the attempt that was counted before the password proved right; codes count their own."""
    as_counted = Account.objects.filter(pk=account.id, locked_until=account.locked_until)
    if account.locked_until is not None:  # by this attempt: nobody else may try while it lasts
        as_counted.update(failed_count=rules.MOST_FAILURES - 1, locked_until=None)
    else:
        as_counted.filter(failed_count__gt=0).update(failed_count=F("failed_count") - 1)


def _signed_in(account: Account, *, needs_code: bool = False) -> SignedIn:
    return SignedIn(
        account_id=account.id,
        tenant_id=account.tenant_id,
        session_round=account.session_round,
        needs_code=needs_code,
        must_change_password=account.must_change_password,
    )


def _find_identity(login: str) -> LoginIdentity | None:
    rows = LoginIdentity.objects.filter(login=login.strip().lower()[:40], tenant__is_active=True)
    return next(iter(rows), None)


@lru_cache(maxsize=1)
def _nobodys_password() -> str:
    return make_password(secrets.token_urlsafe())


def _wrong() -> str:
    return _("登录名或密码不对。连续 5 次不对会暂停 15 分钟；忘了密码，找管理员重设。")
