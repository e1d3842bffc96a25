"""Staff accounts as somebody in charge sees them: made, changed, reset, unlocked, ended."""

import re
import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from linli.kernel import events
from linli.kernel.actor import Actor
from linli.kernel.errors import BadInput
from linli.kernel.secrets import lookup_hash
from linli.people import rules
from linli.people.errors import AccountEnded, LoginTaken
from linli.people.events import (
    AccountChanged,
    AccountCreated,
    AccountLifted,
    AccountUnlocked,
    PasswordChanged,
    TotpChanged,
)
from linli.people.events import AccountEnded as AccountEndedEvent
from linli.people.models import Account, AccountKind, LoginIdentity
from linli.people.selectors.accounts import managed
from linli.people.services.contacts import phone_or_refuse

# No letters or digits that look alike on paper: the first password is handed over in writing.
_LETTERS: Final = "abcdefghjkmnpqrstuvwxyz23456789"
_LOGIN: Final = re.compile(r"[a-z][a-z0-9_.-]{2,39}")


@dataclass(frozen=True, slots=True, kw_only=True)
class NewAccount:
    """An account just made or reset; the password is shown once and kept nowhere in clear."""

    account_id: UUID
    name: str
    login: str
    password: str


def create_account(
    *,
    login: str,
    name: str,
    area_path: str,
    phone: str = "",
    email: str = "",
    password: str = "",
    password_hash: str = "",
    must_change_password: bool = True,
    actor: Actor,
    now: datetime,
) -> NewAccount:
    """Make a staff account. Without a password one is made, to be changed at the first sign-in.

    area_path: the area whose people.manage may reset or end the account.
    password_hash: made before, where one hash serves many accounts (the demo); hashing is slow on purpose.
    Errors: NotAllowed (neither people.manage nor posts.manage there), BadInput, LoginTaken.
    """
    if not actor.can("posts.manage", area_path):
        actor.require("people.manage", area_path)
    if not password:
        password, password_hash = first_password()
    account = Account(
        kind=AccountKind.STAFF,
        name=clean_name(name),
        area_path=area_path,
        **_reach(phone, email, actor.tenant_id),
        # Before the transaction: it takes longer than everything else together.
        password=password_hash or make_password(password),
        must_change_password=must_change_password,
        created_at=now,
    )
    with transaction.atomic():
        account.save(force_insert=True)
        login = _take_login(login, account, actor.tenant_id)
        event = AccountCreated(subject_id=account.id, area_path=area_path, kind=AccountKind.STAFF)
        events.record(event, actor=actor, at=now)
    return NewAccount(account_id=account.id, name=account.name, login=login, password=password)


@transaction.atomic
def change_account(
    *, account_id: UUID, name: str, phone: str = "", email: str = "", actor: Actor, now: datetime
) -> Account:
    """Change what a staff account is called and where it is reached. Errors: NotFound, BadInput."""
    account = _living(account_id, actor)
    write_reach(account, name=name, phone=phone, email=email, actor=actor, now=now)
    return account


@transaction.atomic
def lift_account(*, account_id: UUID, area_path: str, actor: Actor, now: datetime) -> None:
    """Put an account that gets a post over `area_path` out of reach of whoever manages less.

    Else the lead of a community could reset a colleague's password and act for the district.
    """
    account = Account.objects.select_for_update().get(pk=account_id)
    head = rules.common_head(account.area_path, area_path)
    if head == account.area_path:
        return
    account.area_path = head
    account.save(update_fields=["area_path"])
    events.record(AccountLifted(subject_id=account.id, area_path=head), actor=actor, at=now)


def reset_password(
    *, account_id: UUID, drops_totp: bool = False, actor: Actor, now: datetime
) -> NewAccount:
    """Give an account a new first password and end its sessions.

    drops_totp: turn off its one-time codes too, for somebody whose phone is gone; both are told to
    the owner and the security office. Errors: NotFound, AccountEnded.
    """
    actor.require("people.manage")
    password, hashed = first_password()  # before the transaction, because it is slow
    with transaction.atomic():
        account = _reset(account_id, hashed, actor, now)
        if drops_totp and account.has_totp:
            _drop_totp(account, actor, now)
        login = LoginIdentity.objects.get(account_id=account.id).login
    return NewAccount(account_id=account.id, name=account.name, login=login, password=password)


def _reset(account_id: UUID, hashed: str, actor: Actor, now: datetime) -> Account:
    account = _living(account_id, actor)
    account.password = hashed
    account.must_change_password = True
    account.failed_count, account.locked_until = 0, None
    account.session_round += 1
    account.save(
        update_fields=[
            "password", "must_change_password", "failed_count", "locked_until", "session_round",
        ]
    )  # fmt: skip
    event = PasswordChanged(subject_id=account.id, area_path=account.area_path, is_reset=True)
    events.record(event, actor=actor, at=now)
    return account


def _drop_totp(account: Account, actor: Actor, now: datetime) -> None:
    account.totp_secret, account.totp_last_step = "", 0
    account.save(update_fields=["totp_secret", "totp_last_step"])
    event = TotpChanged(
        subject_id=account.id, area_path=account.area_path, is_on=False, is_reset=True
    )
    events.record(event, actor=actor, at=now)


@transaction.atomic
def unlock_account(*, account_id: UUID, actor: Actor, now: datetime) -> Account:
    """Let a locked account try again at once. Errors: NotFound, AccountEnded."""
    account = _living(account_id, actor, duties=("people.manage", "kernel.security"))
    account.failed_count, account.locked_until = 0, None
    account.save(update_fields=["failed_count", "locked_until"])
    events.record(
        AccountUnlocked(subject_id=account.id, area_path=account.area_path), actor=actor, at=now
    )
    return account


@transaction.atomic
def end_account(*, account_id: UUID, actor: Actor, now: datetime) -> Account:
    """End an account: nobody signs in with it any more, from this moment on, in no open window either.

    Errors: NotFound, AccountEnded, BadInput (one's own).
    """
    account = _living(account_id, actor)
    if account.id == actor.account_id:
        raise BadInput(_("自己的账号不能由自己停用，要由另一位管理员来办。"))
    account.ended_at = now
    account.session_round += 1
    account.save(update_fields=["ended_at", "session_round"])
    # The login stays taken: what it did stays its own.
    event = AccountEndedEvent(subject_id=account.id, area_path=account.area_path)
    events.record(event, actor=actor, at=now)
    return account


def write_reach(
    account: Account, *, name: str, phone: str, email: str, actor: Actor, now: datetime
) -> None:
    """Change name, phone and mail address of an account and record which of them changed."""
    wanted = {"name": clean_name(name), **_reach(phone, email, actor.tenant_id)}
    changed = [key for key, value in wanted.items() if getattr(account, key) != value]
    if not changed:
        return
    for key in changed:
        setattr(account, key, wanted[key])
    account.save(update_fields=changed)
    told = ",".join(key for key in changed if key != "phone_hash")
    event = AccountChanged(subject_id=account.id, area_path=account.area_path, changed=told)
    events.record(event, actor=actor, at=now)


def first_password() -> tuple[str, str]:
    """Return a password to be handed over on paper, and its hash, which takes a while to make."""
    groups = ("".join(secrets.choice(_LETTERS) for _letter in range(4)) for _group in range(3))
    password = "-".join(groups)
    return password, make_password(password)


def clean_name(name: str) -> str:
    """Return a name without spare spaces. Errors: BadInput."""
    name = " ".join(name.split())
    if not name or len(name) > 30:
        raise BadInput(_("姓名写 1 到 30 个字。"), field="name")
    return name


def _living(
    account_id: UUID, actor: Actor, *, duties: tuple[str, ...] = ("people.manage",)
) -> Account:
    account = managed(account_id, actor, duties=duties, lock=True)
    if account.ended_at is not None:
        raise AccountEnded(_("这个账号已经停用。"))
    return account


def _reach(phone: str, email: str, tenant_id: int) -> dict[str, str]:
    phone, email = phone_or_refuse(phone), email.strip()
    if email and not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", email):
        raise BadInput(_("邮箱的写法认不出来，例如 name@example.cn。"), field="email")
    hashed = lookup_hash("phone", phone, tenant_id) if phone else ""
    return {"phone": phone, "phone_hash": hashed, "email": email}


def _take_login(login: str, account: Account, tenant_id: int) -> str:
    login = login.strip().lower()
    if not _LOGIN.fullmatch(login):
        raise BadInput(
            _("登录名用 3 到 40 个小写字母、数字、点或短横，以字母开头。"), field="login"
        )
    try:
        with transaction.atomic():
            LoginIdentity.objects.create(login=login, tenant_id=tenant_id, account_id=account.id)
    except IntegrityError:
        raise LoginTaken(_("这个登录名已经有人用了，换一个。"), field="login") from None
    return login
