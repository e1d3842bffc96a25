"""Every change to people: contacts kept and revealed, accounts made and ended, signing in."""

from linli.people.selectors.demo import register_demo_accounts
from linli.people.services.accounts import (
    NewAccount,
    change_account,
    create_account,
    end_account,
    first_password,
    lift_account,
    reset_password,
    unlock_account,
)
from linli.people.services.codes import SentCode, send_code, sign_in_by_code
from linli.people.services.contacts import (
    check_reveal_of_many,
    keep_contact,
    record_reveal_of_many,
    reveal_contact,
)
from linli.people.services.own import (
    change_own,
    drop_totp,
    end_sessions,
    set_password,
    set_totp,
    start_totp,
)
from linli.people.services.signing import (
    HALFWAY,
    RESIDENT_AGE,
    SESSION_KEY,
    Session,
    SignedIn,
    admit,
    confirm_totp,
    read_session,
    sign_in,
)

__all__ = [
    "HALFWAY",
    "RESIDENT_AGE",
    "SESSION_KEY",
    "NewAccount",
    "SentCode",
    "Session",
    "SignedIn",
    "admit",
    "change_account",
    "change_own",
    "check_reveal_of_many",
    "confirm_totp",
    "create_account",
    "drop_totp",
    "end_account",
    "end_sessions",
    "first_password",
    "keep_contact",
    "lift_account",
    "read_session",
    "record_reveal_of_many",
    "register_demo_accounts",
    "reset_password",
    "reveal_contact",
    "send_code",
    "set_password",
    "set_totp",
    "sign_in",
    "sign_in_by_code",
    "start_totp",
    "unlock_account",
]
