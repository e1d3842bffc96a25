"""People for tests: say what matters, the rest has a default. The tenant is set."""

from collections.abc import Iterable
from datetime import UTC, datetime
from uuid import UUID

from django.contrib.auth.hashers import make_password
from django.test import Client

from linli.kernel import clock
from linli.kernel.actor import Actor
from linli.kernel.ids import new_id
from linli.kernel.secrets import lookup_hash
from linli.kernel.tenancy import current_tenant_id
from linli.people.models import (
    Account,
    AccountKind,
    Contact,
    LoginIdentity,
    Person,
    TagKind,
)
from linli.people.rules.identity import check_digit
from linli.people.services import SESSION_KEY, SignedIn
from linli.people.services.register import Stay, register_person
from linli.people.services.saying import PersonFacts
from linli.places.selectors.homes import HomeAt, get_home
from linli.places.tests.makers import make_home as make_home_row

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
REGISTERED = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
PASSWORD = "a quiet courtyard"


def make_account(name: str = "林", *, login: str = "", phone: str = "", **facts) -> Account:
    """Make a staff account that signs in with `login` and PASSWORD."""
    account = new_account(name, phone=phone, **facts)
    save_accounts([(account, login or f"a{new_id().hex[-12:]}")])
    return account


def new_account(name: str, *, phone: str = "", **facts) -> Account:
    """Return a staff account that is not in the database yet."""
    facts.setdefault("created_at", LONG_AGO)
    return Account(
        kind=AccountKind.STAFF,
        name=name,
        phone=phone,
        phone_hash=lookup_hash("phone", phone, current_tenant_id()) if phone else "",
        password=make_password(PASSWORD),
        **facts,
    )


def save_accounts(pairs: Iterable[tuple[Account, str]]) -> None:
    """Put accounts with their logins into the database, all at once."""
    pairs, tenant_id = list(pairs), current_tenant_id()
    Account.objects.bulk_create([account for account, _login in pairs])
    LoginIdentity.objects.bulk_create(
        LoginIdentity(login=login, tenant_id=tenant_id, account_id=account.id)
        for account, login in pairs
    )


def get_account(account_id: UUID) -> Account:
    """Return an account as it stands."""
    return Account.objects.get(pk=account_id)


def make_resident(phone: str = "10000000001", *, name: str = "梅", **facts) -> Account:
    """Make a resident's account, which signs in with its phone and a code."""
    facts.setdefault("created_at", LONG_AGO)
    hashed = lookup_hash("phone", phone, current_tenant_id())
    return Account.objects.create(
        kind=AccountKind.RESIDENT, name=name, phone=phone, phone_hash=hashed, **facts
    )


def make_contact(name: str = "梅小雨", phone: str = "10000000001", **facts) -> Contact:
    """Make a contact as a report leaves it."""
    facts.setdefault("created_at", LONG_AGO)
    hashed = lookup_hash("phone", phone, current_tenant_id()) if phone else ""
    return Contact.objects.create(
        name=name, phone=phone, phone_hash=hashed, phone_tail=phone[-4:], **facts
    )


def sign_in(account_id: UUID, tenant_id: int, *, at: datetime | None = None, **facts) -> Client:
    """Return a browser in which the account is signed in, since `at` or since now."""
    client = Client()
    session = client.session
    who = SignedIn(
        account_id=account_id, tenant_id=tenant_id, session_round=facts.get("session_round", 0)
    )
    session[SESSION_KEY] = who.session(at or clock.now())
    session.save()
    return client


# The register


def make_home(entrance, number: str = "501") -> HomeAt:
    """Make a home behind an entrance."""
    return get_home(make_home_row(entrance, number).pk)


def number_of(born: str = "19500101", order: str = "001") -> str:
    """Return an identity number that nobody has, with the right check digit."""
    head = f"990000{born}{order}"
    return head + check_digit(head)


def register(home_id: UUID, name: str = "梅小雨", *, actor: Actor, **facts) -> Person:
    """Register somebody at a home as the desk does; `stay` and `now` have defaults."""
    stay = facts.pop("stay", Stay(starts_on=LONG_AGO.date()))
    now = facts.pop("now", REGISTERED)
    return register_person(
        home_id=home_id, facts=PersonFacts(name=name, **facts), stay=stay, actor=actor, now=now
    )


def make_tag(code: str = "elder_alone", name: str = "独居老人", **facts) -> TagKind:
    """Make a tag that people may be given."""
    return TagKind.objects.create(code=code, name=name, **facts)
