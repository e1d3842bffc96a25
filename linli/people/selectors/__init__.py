"""Every question about people: contacts masked, names of accounts, who signs in."""

from linli.people.models import AccountKind, ConsentPurpose, GivenHow, Purpose, RetentionAction
from linli.people.rules import normalise_phone
from linli.people.selectors.accounts import (
    AccountLine,
    Reach,
    SignedInAccount,
    account_names,
    accounts_below,
    accounts_named,
    find_account,
    get_account,
    get_own_account,
    get_reach,
    locked_accounts,
    login_of,
    reach_accounts,
    register_names,
)
from linli.people.selectors.contacts import (
    ContactCard,
    contact_card,
    contact_cards,
    contact_cards_in_full,
    contact_ids_of_account,
    find_contacts_by_phone,
    reach_contact,
    reach_contacts,
    reveals,
)
from linli.people.selectors.demo import DemoAccount, demo_accounts
from linli.people.selectors.privacy import Owner, has_consent, register_post_names
from linli.people.selectors.register import get_person

__all__ = [
    "AccountKind",
    "AccountLine",
    "ConsentPurpose",
    "ContactCard",
    "DemoAccount",
    "GivenHow",
    "Owner",
    "Purpose",
    "Reach",
    "RetentionAction",
    "SignedInAccount",
    "account_names",
    "accounts_below",
    "accounts_named",
    "contact_card",
    "contact_cards",
    "contact_cards_in_full",
    "contact_ids_of_account",
    "demo_accounts",
    "find_account",
    "find_contacts_by_phone",
    "get_account",
    "get_own_account",
    "get_person",
    "get_reach",
    "has_consent",
    "locked_accounts",
    "login_of",
    "normalise_phone",
    "reach_accounts",
    "reach_contact",
    "reach_contacts",
    "register_names",
    "register_post_names",
    "reveals",
]
