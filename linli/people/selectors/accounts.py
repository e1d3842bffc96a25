"""Questions about accounts: who signs in, what they are called, where to reach them."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _

from linli.kernel import masking
from linli.kernel.actor import Actor
from linli.kernel.errors import NotFound
from linli.kernel.prepared import Prepared
from linli.people.models import Account, AccountKind, LoginIdentity

_SIGNED_IN = ("id", "kind", "name", "session_round", "must_change_password")


NameSource = Callable[[set[UUID]], dict[UUID, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedInAccount:
    """What a request needs to know of the account behind its session."""

    id: UUID
    kind: str
    name: str
    session_round: int
    must_change_password: bool

    @property
    def is_staff(self) -> bool:
        """Tell whether it is a staff account."""
        return self.kind == AccountKind.STAFF


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """Where messages reach somebody; in clear, so never for a page."""

    name: str
    phone: str
    email: str
    account_id: UUID | None = None  # a contact's own account, if it has one


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountLine:
    """An account as the page of accounts shows it."""

    id: UUID
    login: str
    name: str
    phone: str  # masked
    area_path: str
    has_totp: bool
    must_change_password: bool
    locked_until: datetime | None
    signed_in_at: datetime | None
    created_at: datetime
    ended_at: datetime | None


def find_account(account_id: UUID) -> SignedInAccount | None:
    """Return a living account, or None when it is absent or has ended. One query, asked per request."""
    for row in _living(account_id=account_id):
        return SignedInAccount(**dict(zip(_SIGNED_IN, row, strict=True)))
    return None


@Prepared
def _living(_shape: None, *, account_id: UUID) -> Any:
    return Account.objects.filter(pk=account_id, ended_at=None).values_list(*_SIGNED_IN)


def get_account(account_id: UUID, actor: Actor) -> AccountLine:
    """Return one staff account that the actor manages. Errors: NotFound, NotAllowed."""
    return _lines([managed(account_id, actor)])[0]


def get_reach(account_id: UUID, actor: Actor) -> dict[str, str]:
    """Return name, phone and mail of an account that the actor manages, to be put right by them.

    Errors: NotFound.
    """
    account = managed(account_id, actor)
    return {"name": account.name, "phone": account.phone, "email": account.email}


def managed(
    account_id: UUID,
    actor: Actor,
    *,
    duties: tuple[str, ...] = ("people.manage",),
    lock: bool = False,
) -> Account:
    """Return a staff account that the actor may reset or end.

    duties: any of these over the account's area is enough.
    lock: take the row lock, only inside a transaction that changes the account.
    Errors: NotFound, the same whether it is absent, a resident's, or belongs to an area above.
    """
    rows = Account.objects.filter(_below(_scopes(actor, duties)), kind=AccountKind.STAFF)
    if lock:
        rows = rows.select_for_update()
    try:
        return rows.get(pk=account_id)
    except Account.DoesNotExist:
        raise NotFound(_("没有找到这个账号。")) from None


def get_own_account(actor: Actor) -> Account:
    """Return the account of whoever is signed in. Errors: NotFound."""
    try:
        return Account.objects.get(pk=actor.account_id, ended_at=None)
    except Account.DoesNotExist:
        raise NotFound(_("没有找到这个账号。")) from None


def accounts_below(
    actor: Actor,
    *,
    duties: tuple[str, ...] = ("people.manage",),
    words: str = "",
    with_ended: bool = False,
    before: UUID | None = None,
    limit: int = 50,
) -> list[AccountLine]:
    """Return staff accounts that the actor manages, newest first.

    duties: any of these over the account's area is enough.
    words: part of the name, or the whole login.
    before: the id of the last line of the page before.
    Errors: NotAllowed.
    """
    scopes = _scopes(actor, duties)
    if not scopes:
        actor.require(duties[0])
    rows = Account.objects.filter(_below(scopes), kind=AccountKind.STAFF).order_by("-id")
    if not with_ended:
        rows = rows.filter(ended_at=None)
    if words:
        rows = rows.filter(Q(name__contains=words) | Q(id__in=_ids_of_login(words)))
    if before is not None:
        rows = rows.filter(id__lt=before)
    return _lines(rows[:limit])


def accounts_named(words: str, *, limit: int = 50) -> tuple[UUID, ...]:
    """Return staff accounts of that name or login, ended ones too, for the audit trail's filter."""
    rows = Account.objects.filter(Q(name=words) | Q(id__in=_ids_of_login(words)))
    return tuple(
        rows.filter(kind=AccountKind.STAFF).order_by("id").values_list("id", flat=True)[:limit]
    )


def locked_accounts(actor: Actor, now: datetime) -> list[AccountLine]:
    """Return accounts that wait after too many wrong passwords. Errors: NotAllowed."""
    actor.require("kernel.security")
    return _lines(Account.objects.filter(locked_until__gt=now).order_by("-locked_until", "id"))


def account_names(ids: Iterable[UUID | None]) -> dict[UUID, str]:
    """Return the names of accounts by id; residents are masked, unknown ids are left out.

    Ids of programs' keys get the names that the room above knows (`register_names`).
    """
    wanted = {one for one in ids if one}
    if not wanted:
        return {}
    rows = Account.objects.filter(id__in=wanted).values_list("id", "kind", "name")
    found = {
        id_: name if kind == AccountKind.STAFF else (masking.mask_name(name) or _("居民"))
        for id_, kind, name in rows
    }
    for source in _sources:
        if unknown := wanted - found.keys():
            found |= source(unknown)
    return found


def register_names(source: NameSource) -> None:
    """Ask this, too, who stands behind an id that is no account's; a higher room knows."""
    if source not in _sources:
        _sources.append(source)


_sources: list[NameSource] = []


def reach_accounts(ids: Iterable[UUID]) -> dict[UUID, Reach]:
    """Return where messages reach living accounts, in clear, for the adapters that send them."""
    rows = Account.objects.filter(id__in=set(ids), ended_at=None)
    return {one.id: Reach(name=one.name, phone=one.phone, email=one.email) for one in rows}


def login_of(account_id: UUID) -> str:
    """Return the name an account signs in with; "" for residents, who use their phone."""
    own = LoginIdentity.objects.filter(account_id=account_id)
    return "".join(own.values_list("login", flat=True))


def _ids_of_login(words: str) -> list[UUID]:
    own = LoginIdentity.objects.filter(login=words.strip().lower())
    return list(own.values_list("account_id", flat=True))


def _scopes(actor: Actor, duties: tuple[str, ...]) -> set[str]:
    return {path for duty in duties for path in actor.scopes(duty)}


def _below(scopes: Iterable[str]) -> Q:
    # Nothing granted is nothing found: an empty Q would be everything.
    where = Q(pk=None)
    for path in scopes:
        where |= Q(area_path__startswith=path)
    return where


def _lines(rows: Iterable[Any]) -> list[AccountLine]:
    accounts = list(rows)
    identities = LoginIdentity.objects.filter(account_id__in=[one.id for one in accounts])
    logins = dict(identities.values_list("account_id", "login"))
    return [
        AccountLine(
            id=one.id,
            login=logins.get(one.id, ""),
            name=one.name,
            phone=masking.mask_phone(one.phone),
            area_path=one.area_path,
            has_totp=one.has_totp,
            must_change_password=one.must_change_password,
            locked_until=one.locked_until,
            signed_in_at=one.signed_in_at,
            created_at=one.created_at,
            ended_at=one.ended_at,
        )
        for one in accounts
    ]
