"""What people do with their own account: name, password, one-time codes, sessions."""

from datetime import datetime

import pyotp
from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction
from django.utils.translation import gettext as _

from linli.kernel import events
from linli.kernel.actor import Actor
from linli.kernel.errors import BadInput, NotFound
from linli.people import rules
from linli.people.errors import WeakPassword
from linli.people.events import PasswordChanged, SessionsEnded, TotpChanged
from linli.people.models import Account, AccountKind
from linli.people.selectors.accounts import get_own_account, login_of
from linli.people.services.accounts import write_reach
from linli.people.services.signing import SignedIn, find_step, use_step

ISSUER = "邻里"


@transaction.atomic
def change_own(
    *, name: str, phone: str = "", email: str = "", actor: Actor, now: datetime
) -> Account:
    """Change one's own name and how one is reached; a resident's phone stays, it is the key.

    Errors: BadInput.
    """
    account = _own(actor)
    if account.kind == AccountKind.RESIDENT:
        phone = account.phone
    write_reach(account, name=name, phone=phone, email=email, actor=actor, now=now)
    return account


def set_password(*, old: str, new: str, actor: Actor, now: datetime) -> SignedIn:
    """Change one's own password; every other session ends. Returns what this session keeps.

    Errors: BadInput (the old one is wrong), WeakPassword.
    """
    account = get_own_account(actor)
    _check_password(account, old, field="old")
    _check_strength(account, old, new)
    hashed = make_password(new)  # before the transaction, because it is slow
    with transaction.atomic():
        account = _own(actor)
        account.password, account.must_change_password = hashed, False
        account.session_round += 1
        account.save(update_fields=["password", "must_change_password", "session_round"])
        event = PasswordChanged(subject_id=account.id, area_path=account.area_path, is_reset=False)
        events.record(event, actor=actor, at=now)
    return _stay(account)


@transaction.atomic
def end_sessions(*, actor: Actor, now: datetime) -> SignedIn:
    """End every session of one's own account but this one. Returns what this session keeps."""
    account = _own(actor)
    account.session_round += 1
    account.save(update_fields=["session_round"])
    event = SessionsEnded(subject_id=account.id, area_path=account.area_path)
    events.record(event, actor=actor, at=now)
    return _stay(account)


def start_totp(*, secret: str, actor: Actor) -> tuple[str, str]:
    """Return a secret and the address that an authenticator app reads from a QR code.

    secret: the one shown before, so that a wrong code does not change the picture; "" makes one.
    """
    account = get_own_account(actor)
    secret = secret or pyotp.random_base32()
    uri = pyotp.TOTP(secret).provisioning_uri(name=login_of(account.id), issuer_name=ISSUER)
    return secret, uri


@transaction.atomic
def set_totp(*, secret: str, code: str, actor: Actor, now: datetime) -> SignedIn:
    """Turn on one-time codes once the app shows the right one; other sessions end.

    Errors: BadInput (the code does not fit).
    """
    account = _own(actor)
    step = find_step(secret, code, now)
    if step is None:
        raise BadInput(_("验证码对不上。看看手机时间准不准，等下一个数字出来再填。"), field="code")
    return _turn_totp(account, secret, step, actor, now)


def drop_totp(*, password: str, code: str, actor: Actor, now: datetime) -> SignedIn:
    """Turn off one-time codes with the password and one last code; other sessions end.

    Errors: BadInput.
    """
    account = get_own_account(actor)
    _check_password(account, password, field="password")
    with transaction.atomic():
        account = _own(actor)
        step = find_step(account.totp_secret, code, now)
        if step is None or not use_step(account.id, step):
            raise BadInput(_("验证码不对或已经用过，等下一个数字出来再填。"), field="code")
        return _turn_totp(account, "", step, actor, now)


def _turn_totp(account: Account, secret: str, step: int, actor: Actor, now: datetime) -> SignedIn:
    account.totp_secret, account.totp_last_step = secret, step
    account.session_round += 1
    account.save(update_fields=["totp_secret", "totp_last_step", "session_round"])
    event = TotpChanged(subject_id=account.id, area_path=account.area_path, is_on=bool(secret))
    events.record(event, actor=actor, at=now)
    return _stay(account)


def _own(actor: Actor) -> Account:
    try:
        return Account.objects.select_for_update().get(pk=actor.account_id, ended_at=None)
    except Account.DoesNotExist:
        raise NotFound(_("没有找到这个账号。")) from None


def _check_password(account: Account, password: str, *, field: str) -> None:
    if not check_password(password, account.password):
        raise BadInput(_("现在的密码不对。"), field=field)


def _check_strength(account: Account, old: str, new: str) -> None:
    if old == new:
        raise WeakPassword(_("新密码和现在的一样，换一个。"), field="new")
    words = {
        "short": _("密码至少 10 个字符，可以用一句只有自己知道的话。"),
        "common": _("这个密码太常见，别人很容易猜到，换一个。"),
        "like_login": _("密码里不要用登录名。"),
    }
    weakness = rules.weakness(new, login=login_of(account.id))
    if weakness:
        raise WeakPassword(words[weakness], field="new")


def _stay(account: Account) -> SignedIn:
    return SignedIn(
        account_id=account.id, tenant_id=account.tenant_id, session_round=account.session_round
    )
